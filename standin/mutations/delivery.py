"""deliveryProfileCreate and deliveryProfileUpdate: which product variants ship by which profile.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/deliveryProfileUpdate
"""

from standin.context import Context
from standin.errors import error
from standin.mutations.user_errors import refused

WRITTEN = {"name", "variantsToAssociate", "variantsToDissociate"}


def create(context: Context, args: dict) -> dict:
    """A new profile, without zones and rates."""
    name = args["profile"].get("name") or ""
    if not name.strip():
        return refused([_error(["profile", "name"], "Name can't be blank")], "profile")
    general = next(one for one in context.shop.iterate("DeliveryProfile") if one["default"])
    gid = context.shop.new_id("DeliveryProfile")
    context.shop.put({**general, "id": gid, "name": name, "default": False, "version": 1})
    return update(context, {"id": gid, "profile": args["profile"]})


def update(context: Context, args: dict) -> dict:
    """Associate variants, each of which leaves its old profile, and give others back to the
    general one."""
    profile, given = context.record(args["id"]), args["profile"]
    if not profile or profile["__typename"] != "DeliveryProfile":
        return refused([_error(["id"], "Profile does not exist")], "profile")
    if unknown := sorted(set(given) - WRITTEN):
        raise error(f"The stand-in does not write {', '.join(unknown)}.", "NOT_IMPLEMENTED")
    to_add, to_remove = (
        given.get(f"variantsTo{name}") or [] for name in ("Associate", "Dissociate")
    )
    errors = []
    if profile["default"] and to_add:
        text = "Variants return to the general profile when they leave theirs"
        errors.append(_error(["profile", "variantsToAssociate"], text))
    if not (given.get("name") or "x").strip():
        errors.append(_error(["profile", "name"], "Name can't be blank"))
    for name, gids in (("Associate", to_add), ("Dissociate", to_remove)):
        for index, gid in enumerate(gids):
            found = context.record(gid)
            if not found or found["__typename"] != "ProductVariant":
                place = ["profile", f"variantsTo{name}", str(index)]
                errors.append(_error(place, "Product variant does not exist"))
    if errors:
        return refused(errors, "profile")
    general = next(one for one in context.shop.iterate("DeliveryProfile") if one["default"])
    of_variant = dict.fromkeys(to_add, profile["id"])
    for gid in to_remove:
        if context.existing(gid)["deliveryProfile"] == profile["id"]:
            of_variant[gid] = general["id"]
    context.shop.put_many(
        {**context.existing(gid), "deliveryProfile": owner} for gid, owner in of_variant.items()
    )
    profile = {**profile, "version": profile["version"] + 1}
    if given.get("name"):
        profile["name"] = given["name"]
    return {"profile": context.shop.put(profile), "userErrors": []}


def _error(place: list[str], message: str) -> dict:
    """A UserError, which has no code."""
    return {"field": place, "message": message}


MUTATIONS = {"deliveryProfileCreate": create, "deliveryProfileUpdate": update}
