"""publishablePublish and publishableUnpublish: products and collections on sales channels."""

from standin.context import Context, now
from standin.mutations.user_errors import refused, user_error

PUBLISHABLE = {"Product", "Collection"}
ONLINE_STORE = "Online Store"


def publish(context: Context, args: dict) -> dict:
    return _change(context, args, on=True)


def unpublish(context: Context, args: dict) -> dict:
    return _change(context, args, on=False)


def _change(context: Context, args: dict, on: bool) -> dict:
    record = context.record(args["id"])
    if not record or record["__typename"] not in PUBLISHABLE:
        return refused([user_error(["id"], "Resource does not exist")], "publishable")
    kept = {
        _id(entry["publication"]): entry for entry in record.get("resourcePublicationsV2") or []
    }
    errors = []
    for index, given in enumerate(args["input"]):
        place = ["input", str(index)]
        publication = context.record(given.get("publicationId") or "")
        if not publication or publication["__typename"] != "Publication":
            text = "Publication does not exist or is not publishable"
            errors.append(user_error([*place, "publicationId"], text))
        elif not on:
            kept.pop(publication["id"], None)
        else:
            at = given.get("publishDate") or now()
            if at > now() and publication.get("name") != ONLINE_STORE:
                text = "Publication does not support future publishing"
                errors.append(user_error([*place, "publishDate"], text))
            kept[publication["id"]] = {
                "publication": publication["id"],
                "publishable": record["id"],
                "isPublished": at <= now(),
                "publishDate": at,
            }
    if errors:
        return refused(errors, "publishable")
    online = next(
        (
            entry["publishDate"]
            for gid, entry in kept.items()
            if (context.record(gid) or {}).get("name") == ONLINE_STORE and entry["isPublished"]
        ),
        None,
    )
    changed = {
        **record,
        "resourcePublicationsV2": list(kept.values()),
        "publishedAt": online,
        "updatedAt": now(),
    }
    if record["__typename"] == "Product":
        address = f"https://{context.shop.domain}/products/{record['handle']}"
        changed["onlineStoreUrl"] = address if online else None
    return {"publishable": context.shop.put(changed), "userErrors": []}


def _id(reference) -> str:
    return reference if isinstance(reference, str) else reference["id"]


MUTATIONS = {"publishablePublish": publish, "publishableUnpublish": unpublish}
