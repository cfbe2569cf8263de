"""productVariantsBulkCreate, Update, Delete and Reorder: the variants of one product.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/productVariantsBulkUpdate
"""

from standin.context import Context, now
from standin.mutations import files, metafields, price_lists, stock
from standin.mutations.user_errors import refused, user_error
from standin.seeds import product_fields

MAX_VARIANTS, MAX_PLACES = 2048, 10
MAX_VALUE = 255
PLAIN = ("barcode", "taxCode", "taxable", "inventoryPolicy", "showUnitPrice", "requiresComponents")
PAYLOAD = ("product", "productVariants")
CODES = dict.fromkeys(
    ("OPTION_DOES_NOT_EXIST", "OPTION_VALUE_DOES_NOT_EXIST", "OPTION_VALUE_NAME_TOO_LONG"),
    "INVALID_INPUT",
)
"""The codes of a creation for errors that only an update has one of its own for."""


def create(context: Context, args: dict) -> dict:
    product = own_product(context, args["productId"])
    if not product:
        return refused([_no_product()], *PAYLOAD)
    variants = variants_of(context, product)
    errors: list[dict] = []
    made: list[tuple[dict, dict, list[dict]]] = []
    pictures, problems = _new_media(context, product, args)
    errors += problems
    lone = _is_standalone(product, variants)
    if lone and args.get("strategy") != "PRESERVE_STANDALONE_VARIANT":
        variants = []
    options = [dict(option) for option in product["options"]]
    for index, given in enumerate(args["variants"]):
        place = ["variants", str(index)]
        variant, item = blank(context, product)
        levels = []
        found = write(context, product, options, variant, item, given, place)
        errors += [one | {"code": CODES.get(one["code"], one["code"])} for one in found]
        errors += _picture(variant, given, pictures, place)
        if len(given.get("inventoryQuantities") or ()) > MAX_PLACES:
            text = f"Inventory locations cannot exceed the allowed resource limit or {MAX_PLACES}."
            place = [*place, "inventoryQuantities"]
            errors.append(user_error(place, text, "TOO_MANY_INVENTORY_LOCATIONS"))
        for level in given.get("inventoryQuantities") or ():
            made_level = stock.new_level(
                context, item, level["locationId"], level["availableQuantity"]
            )
            item = stock.stocked(item, made_level)
            levels.append(made_level)
        if _twin(variant, [*variants, *(one for one, _, _ in made)]):
            text = f"The variant '{variant['title']}' already exists. Please change at least one"
            code = "VARIANT_ALREADY_EXISTS"
            errors.append(user_error(place, f"{text} option value.", code))
        made.append((variant, item, levels))
    if len(variants) + len(made) > MAX_VARIANTS:
        text = f"Can't have more than {MAX_VARIANTS} variants."
        errors.append(user_error(["variants"], text, "INVALID_INPUT"))
    if errors:
        return refused(errors, *PAYLOAD)
    if lone and not variants:
        drop(context, variants_of(context, product))
    new = [variant for variant, _, _ in made]
    records = [record for variant, item, levels in made for record in (variant, item, *levels)]
    context.shop.put_many([*records, *pictures.values()])
    product = {**product, "options": options}
    return {
        "product": settle(context, product, [*variants, *new]),
        "productVariants": new,
        "userErrors": [],
    }


def update(context: Context, args: dict) -> dict:
    """All or nothing, unless ``allowPartialUpdates``: then those without an error are changed."""
    product = own_product(context, args["productId"])
    if not product:
        return refused([_no_product()], *PAYLOAD)
    variants = {variant["id"]: variant for variant in variants_of(context, product)}
    options = [dict(option) for option in product["options"]]
    pictures, errors = _new_media(context, product, args)
    changed, records = dict(variants), []
    for index, given in enumerate(args["variants"]):
        place = ["variants", str(index)]
        if "id" not in given:
            text = "Product variant ID is missing."
            errors.append(user_error([*place, "id"], text, "PRODUCT_VARIANT_ID_MISSING"))
            continue
        if given["id"] not in variants:
            text = "Product variant does not exist"
            errors.append(user_error([*place, "id"], text, "PRODUCT_VARIANT_DOES_NOT_EXIST"))
            continue
        if given.get("inventoryQuantities"):
            text = "Inventory quantities can only be provided during create."
            code = "NO_INVENTORY_QUANTITIES_ON_VARIANTS_UPDATE"
            errors.append(user_error([*place, "inventoryQuantities"], text, code))
            continue
        variant = dict(changed[given["id"]])
        item = dict(context.existing(variant["inventoryItem"]))
        found = write(context, product, options, variant, item, given, place)
        found += _picture(variant, given, pictures, place)
        others = [one for gid, one in changed.items() if gid != variant["id"]]
        if not found and _twin(variant, others):
            text = f"The variant '{variant['title']}' already exists. Please change at least one"
            found = [user_error(place, f"{text} option value.", "VARIANT_ALREADY_EXISTS")]
        if found:
            errors += found
            continue
        changed[variant["id"]] = variant
        records += [variant, item]
    if errors and not args.get("allowPartialUpdates"):
        return refused(errors, *PAYLOAD)
    context.shop.put_many([*records, *pictures.values()])
    product = {**product, "options": options}
    settled = settle(context, product, list(changed.values()))
    wanted = [given["id"] for given in args["variants"] if given.get("id") in changed]
    return {
        "product": settled,
        "productVariants": [changed[gid] for gid in wanted],
        "userErrors": errors,
    }


def delete(context: Context, args: dict) -> dict:
    product = own_product(context, args["productId"])
    if not product:
        return refused([_no_product()], "product")
    if not set(args["variantsIds"]) <= set(product["variants"]):
        text = "At least one variant does not belong to the product"
        code = "AT_LEAST_ONE_VARIANT_DOES_NOT_BELONG_TO_THE_PRODUCT"
        return refused([user_error(["variantsIds"], text, code)], "product")
    left = [one for one in variants_of(context, product) if one["id"] not in args["variantsIds"]]
    if not left:
        text = "Cannot delete default variant"
        error = user_error(["variantsIds"], text, "CANNOT_DELETE_LAST_VARIANT")
        return refused([error], "product")
    drop(context, [context.existing(gid) for gid in args["variantsIds"]])
    return {"product": settle(context, product, left), "userErrors": []}


def reorder(context: Context, args: dict) -> dict:
    product = own_product(context, args["productId"])
    if not product:
        return refused([_no_product()], "product")
    order = variants_of(context, product)
    for index, wanted in enumerate(args["positions"]):
        place = ["positions", str(index)]
        variant = next((one for one in order if one["id"] == wanted["id"]), None)
        if variant is None:
            error = user_error([*place, "id"], "Variant does not exist", "MISSING_VARIANT")
            return refused([error], "product")
        if wanted["position"] < 1:
            error = user_error([*place, "position"], "Invalid position", "INVALID_POSITION")
            return refused([error], "product")
        order.remove(variant)
        order.insert(wanted["position"] - 1, variant)
    return {"product": settle(context, product, order), "userErrors": []}


def detach_media(context: Context, args: dict) -> dict:
    product = own_product(context, args["productId"])
    if not product:
        return refused([_no_product()], *PAYLOAD)
    variants = {variant["id"]: variant for variant in variants_of(context, product)}
    changed, errors = [], []
    for index, given in enumerate(args["variantMedia"]):
        place = ["variantMedia", str(index)]
        variant = variants.get(given["variantId"])
        if variant is None:
            text = "Variant does not exist on the specified product."
            code = "PRODUCT_VARIANT_DOES_NOT_EXIST_ON_PRODUCT"
            errors.append(user_error([*place, "variantId"], text, code))
        elif not set(given["mediaIds"]) <= set(_media_of(context, product, variant)):
            text = "The specified media is not attached to the specified variant."
            code = "MEDIA_IS_NOT_ATTACHED_TO_VARIANT"
            errors.append(user_error([*place, "mediaIds"], text, code))
        else:
            changed.append({**variant, "media": [], "image": None, "updatedAt": now()})
    if errors:
        return refused(errors, *PAYLOAD)
    context.shop.put_many(changed)
    context.forget()
    return {"product": product, "productVariants": changed, "userErrors": []}


def _media_of(context: Context, product: dict, variant: dict) -> list[str]:
    """The variant's media; of a seeded one those of the product that show its image."""
    if variant.get("media"):
        return variant["media"]
    url = (variant.get("image") or {}).get("url")
    records = [context.existing(gid) for gid in product.get("media") or ()]
    return [one["id"] for one in records if url and (one.get("image") or {}).get("url") == url]


def _new_media(context: Context, product: dict, args: dict) -> tuple[dict[str, dict], list[dict]]:
    """The media that come with the variants, by their source, and put to the product."""
    made, errors = {}, []
    for index, given in enumerate(args.get("media") or ()):
        record, problem = files.from_input(context, given, ["media", str(index)])
        if problem:
            errors.append(problem | {"code": "INVALID_INPUT"})
        else:
            made[given["originalSource"]] = record
    product["media"] = [*(product.get("media") or ()), *(one["id"] for one in made.values())]
    return made, errors


def _picture(variant: dict, given: dict, pictures: dict[str, dict], place: list[str]) -> list[dict]:
    """Give the variant the media whose source it names."""
    sources = given.get("mediaSrc") or []
    if len(sources) > 1:
        text = "A variant can only have one media."
        return [user_error([*place, "mediaSrc"], text, "INVALID_INPUT")]
    for source in sources:
        if source not in pictures:
            text = "The media does not belong to the product."
            return [user_error([*place, "mediaSrc"], text, "MUST_BE_FOR_THIS_PRODUCT")]
        variant |= {"media": [pictures[source]["id"]], "image": None}
    return []


def own_product(context: Context, gid: str | None) -> dict | None:
    record = context.record(gid) if gid else None
    return dict(record) if record and record["__typename"] == "Product" else None


def variants_of(context: Context, product: dict) -> list[dict]:
    context.fetch(product["variants"])
    return [dict(context.existing(gid)) for gid in product["variants"]]


def blank(context: Context, product: dict) -> tuple[dict, dict]:
    """A variant and its inventory item with Shopify's defaults, not stored yet."""
    item: dict = {
        "__typename": "InventoryItem",
        "id": context.shop.new_id("InventoryItem"),
        "sku": None,
        "tracked": False,
        "trackedEditable": {"locked": False},
        "requiresShipping": not product.get("isGiftCard"),
        "unitCost": None,
        "harmonizedSystemCode": None,
        "countryCodeOfOrigin": None,
        "provinceCodeOfOrigin": None,
        "inventoryLevels": [],
        "locationsCount": 0,
        "duplicateSkuCount": 0,
        "createdAt": now(),
        "updatedAt": now(),
    }
    variant = {
        "__typename": "ProductVariant",
        "id": context.shop.new_id("ProductVariant"),
        "product": product["id"],
        "title": "Default Title",
        "sku": None,
        "barcode": None,
        "price": "0.00",
        "compareAtPrice": None,
        "position": 1,
        "taxable": not product.get("isGiftCard"),
        "taxCode": None,
        "inventoryPolicy": "DENY",
        "inventoryQuantity": 0,
        "inventoryItem": item["id"],
        "selectedOptions": [],
        "deliveryProfile": next(
            (profile["id"] for profile in context.shop.iterate("DeliveryProfile")), None
        ),
        "requiresComponents": False,
        "showUnitPrice": False,
        "media": [],
        "image": None,
        "metafields": [],
        "createdAt": now(),
        "updatedAt": now(),
    }
    item |= {"variant": variant["id"], "variants": [variant["id"]]}
    return variant, item


def write(
    context: Context,
    product: dict,
    options: list[dict],
    variant: dict,
    item: dict,
    given: dict,
    place: list[str],
) -> list[dict]:
    """Put the input into the variant, its item and the product's options; its userErrors."""
    errors = []
    variant.update({name: given[name] for name in PLAIN if name in given})
    for name in ("price", "compareAtPrice"):
        if name in given:
            amount = given[name]
            if amount is not None and float(amount) < 0:
                text = "Price must be greater than or equal to 0"
                errors.append(user_error([*place, name], text, "GREATER_THAN_OR_EQUAL_TO"))
            missing = "0.00" if name == "price" else None
            variant[name] = f"{float(amount):.2f}" if amount is not None else missing
    errors += _write_options(context, options, variant, given, place)
    inside = given.get("inventoryItem") or {}
    if "sku" in given:  # ProductVariantSetInput has one of its own
        inside = {"sku": given["sku"]} | inside
    if inside:
        errors += stock.write_item(item, inside, [*place, "inventoryItem"])
        variant["sku"] = item["sku"]
    if gid := given.get("mediaId"):
        if gid not in (product.get("media") or ()):
            text = "The media does not belong to the product."
            errors.append(user_error([*place, "mediaId"], text, "INVALID_INPUT"))
        else:
            picture = context.existing(gid)
            variant |= {"media": [gid], "image": picture.get("image")}
    if given.get("metafields"):
        errors += metafields.write_into(context, variant, given["metafields"], place)
    variant["updatedAt"] = now()
    variant["displayName"] = f"{product['title']} - {variant['title']}"
    return errors


def _write_options(
    context: Context, options: list[dict], variant: dict, given: dict, place: list[str]
) -> list[dict]:
    """Choose the variant's option values; a value that no option has is added to its option."""
    if "optionValues" not in given:
        if variant["selectedOptions"]:
            return []
        if [option["name"] for option in options] != ["Title"]:
            text = "You need to add option values for all options."
            return [user_error(place, text, "NEED_TO_ADD_OPTION_VALUES")]
        given = {"optionValues": [{"optionName": "Title", "name": "Default Title"}]}
    errors = []
    chosen = {one["name"]: one["value"] for one in variant["selectedOptions"]}
    for index, wanted in enumerate(given["optionValues"]):
        where = [*place, "optionValues", str(index)]
        name, gid = wanted.get("optionName"), wanted.get("optionId")
        option = next((o for o in options if name == o["name"] or gid == o["id"]), None)
        if option is None:
            text = "Option does not exist"
            errors.append(user_error(where, text, "OPTION_DOES_NOT_EXIST"))
            continue
        known = option.get("optionValues") or []
        value = next((one["name"] for one in known if one["id"] == wanted.get("id")), None)
        value = value or wanted.get("name")
        if not value:
            text = "Option value does not exist"
            errors.append(user_error(where, text, "OPTION_VALUE_DOES_NOT_EXIST"))
        elif len(value) > MAX_VALUE:
            text = "Option value name is too long."
            errors.append(user_error(where, text, "OPTION_VALUE_NAME_TOO_LONG"))
        else:
            chosen[option["name"]] = value
            if value not in [one["name"] for one in known]:
                added = {
                    "__typename": "ProductOptionValue",
                    "id": context.shop.new_id("ProductOptionValue"),
                    "name": value,
                    "hasVariants": True,
                }
                option["optionValues"] = [*known, added]
    missing = [option["name"] for option in options if option["name"] not in chosen]
    if missing and not errors:
        text = f"You need to add option values for {', '.join(missing)}"
        errors.append(user_error(place, text, "NEED_TO_ADD_OPTION_VALUES"))
    if not errors:
        variant["selectedOptions"] = [
            {
                "name": option["name"],
                "value": chosen[option["name"]],
                "optionValue": next(
                    one for one in option["optionValues"] if one["name"] == chosen[option["name"]]
                ),
            }
            for option in options
        ]
        variant["title"] = " / ".join(one["value"] for one in variant["selectedOptions"])
    return errors


def settle(context: Context, product: dict, variants: list[dict]) -> dict:
    """Store the product with these variants in this order, and what follows from them."""
    context.forget()
    records = []
    for position, variant in enumerate(variants, start=1):
        item = context.existing(variant["inventoryItem"])
        quantity = stock.available_of(context, item)
        variant |= {
            "position": position,
            "inventoryQuantity": quantity,
            "sellableOnlineQuantity": max(0, quantity),
            "availableForSale": quantity > 0
            or variant["inventoryPolicy"] == "CONTINUE"
            or not item["tracked"],
        }
        records.append(variant)
    used = {
        (one["name"], one["value"]) for variant in variants for one in variant["selectedOptions"]
    }
    options = []
    for option in product["options"]:
        values = [
            value
            for value in option.get("optionValues") or ()
            if (option["name"], value["name"]) in used
        ]
        options.append({**option, "optionValues": values, "values": [v["name"] for v in values]})
    tracked = [context.existing(variant["inventoryItem"])["tracked"] for variant in variants]
    product = {
        **product,
        "options": options,
        "variants": [variant["id"] for variant in variants],
        "variantsCount": len(variants),
        "hasOnlyDefaultVariant": _is_standalone(product, variants),
        "hasOutOfStockVariants": any(variant["inventoryQuantity"] <= 0 for variant in variants),
        "totalInventory": sum(variant["inventoryQuantity"] for variant in variants),
        "tracksInventory": any(tracked),
        **product_fields.price_ranges(variants),
        "updatedAt": now(),
    }
    context.shop.put_many([product, *records])
    context.forget()
    return product


def drop(context: Context, variants: list[dict]) -> None:
    """Delete variants, each with its item, levels, fixed prices and rules."""
    for variant in variants:
        item = context.record(variant["inventoryItem"])
        for gid in (*((item or {}).get("inventoryLevels") or ()), variant["inventoryItem"]):
            context.shop.delete(gid)
        context.shop.delete(variant["id"])
    price_lists.leave(context, {variant["id"] for variant in variants})


def _is_standalone(product: dict, variants: list[dict]) -> bool:
    """Whether the product has no options: one variant that is called Default Title."""
    titles = [variant["title"] for variant in variants]
    return titles == ["Default Title"] and [o["name"] for o in product["options"]] == ["Title"]


def _twin(variant: dict, others: list[dict]) -> bool:
    chosen = [(one["name"], one["value"]) for one in variant["selectedOptions"]]
    return any(
        chosen == [(one["name"], one["value"]) for one in other["selectedOptions"]]
        for other in others
    )


def _no_product() -> dict:
    return user_error(["productId"], "Product does not exist", "PRODUCT_DOES_NOT_EXIST")


MUTATIONS = {
    "productVariantsBulkCreate": create,
    "productVariantsBulkUpdate": update,
    "productVariantsBulkDelete": delete,
    "productVariantsBulkReorder": reorder,
    "productVariantDetachMedia": detach_media,
}
