"""productSet: a whole product in one call. Every list that is sent replaces the one that was there.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/productSet
"""

from functools import partial

from standin.context import Context, now
from standin.mutations import files, metafields, products, stock, variants, work
from standin.mutations.tags import normal
from standin.mutations.user_errors import refused, user_error

MAX_OPTIONS = 3
MAX_QUANTITIES = 50_000
PAYLOAD = ("product", "productSetOperation")
PLAIN = (
    *("descriptionHtml", "vendor", "productType", "status", "templateSuffix", "seo"),
    *("requiresSellingPlan", "giftCardTemplateSuffix"),
)


def run(context: Context, args: dict) -> dict:
    """At once, or as an operation that is polled and then tells product or userErrors."""
    if args.get("synchronous") is not False:
        return _set(context, args)
    operation = work.begin(context, "ProductSetOperation", partial(_operate, args))
    return {"product": None, "productSetOperation": operation, "userErrors": []}


def _operate(args: dict, context: Context) -> dict:
    payload = _set(context, args)
    product = payload["product"] and payload["product"]["id"]
    return {"product": product, "userErrors": payload["userErrors"]}


def _set(context: Context, args: dict) -> dict:
    given = args["input"]
    product, errors = _target(context, args.get("identifier") or {}, given)
    if errors:
        return refused(errors, *PAYLOAD)
    new = "id" not in product
    old = [] if new else variants.variants_of(context, product)
    product = {**product, "id": product.get("id") or context.shop.new_id("Product")}
    errors = _write(context, product, given, new)
    media, problems = _files(context, product, given)
    errors += problems
    made, problems = _variants(context, product, old, given, new)
    errors += problems
    if errors:
        return refused(errors, *PAYLOAD)
    kept = {variant["id"] for variant, _, _ in made}
    if "variants" in given:
        variants.drop(context, [variant for variant in old if variant["id"] not in kept])
    context.shop.put_many(
        [*media, *(record for variant, item, levels in made for record in (variant, item, *levels))]
    )
    context.forget()
    rows = [variant for variant, _, _ in made] if "variants" in given or new else old
    product = variants.settle(context, product, rows)
    _join(context, product, given)
    return {"product": context.record(product["id"]), "userErrors": []}


def _target(context: Context, identifier: dict, given: dict) -> tuple[dict, list[dict]]:
    """The product to change, an empty one for a new product, or the userErrors."""
    if "productOptions" in given and "variants" not in given:
        text = "Variants input is required when updating product options"
        return {}, [_error(["input", "variants"], text, "VARIANTS_INPUT_MISSING")]
    if given.get("id") and identifier:
        text = "The id field is not allowed if identifier is provided."
        return {}, [_error(["input", "id"], text, "ID_NOT_ALLOWED")]
    gid = identifier.get("id") or given.get("id")
    if gid:
        found = variants.own_product(context, gid)
        if not found:
            text = "Product does not exist"
            return {}, [_error(["identifier", "id"], text, "PRODUCT_DOES_NOT_EXIST")]
    else:
        handles = [identifier["handle"]] if identifier.get("handle") else []
        found = next(iter(context.shop.find("Product", "handle", handles)), None)
        if identifier.get("handle") and given.get("handle") not in (None, identifier["handle"]):
            text = "The identifier value does not match the value of the corresponding field."
            return {}, [_error(["input"], text, "INPUT_MISMATCH")]
    named = [option.get("name") for option in given.get("productOptions") or ()]
    known = [option["name"] for option in (found or {}).get("options") or ()]
    if "variants" in given and "productOptions" not in given and known != ["Title"]:
        text = "Product options input is required when updating variants"
        code = "PRODUCT_OPTIONS_INPUT_MISSING"
        return {}, [_error(["input", "productOptions"], text, code)]
    if len(named) > MAX_OPTIONS:
        text = f"Options over limit: {MAX_OPTIONS}"
        return {}, [_error(["input", "productOptions"], text, "OPTIONS_OVER_LIMIT")]
    if len(set(named)) < len(named):
        text = "Duplicated option name"
        return {}, [_error(["input", "productOptions"], text, "DUPLICATED_OPTION_NAME")]
    return dict(found or {}), []


def _write(context: Context, product: dict, given: dict, new: bool) -> list[dict]:
    """The product's own fields, options and metafields."""
    if new:
        product |= {
            "__typename": "Product",
            "status": "ACTIVE",
            "tags": [],
            "vendor": context.shop.domain.removesuffix(".myshopify.com"),
            "productType": "",
            "descriptionHtml": "",
            "isGiftCard": bool(given.get("giftCard")),
            "templateSuffix": None,
            "seo": {"title": None, "description": None},
            "category": None,
            "media": [],
            "collections": [],
            "metafields": [],
            "resourcePublicationsV2": [],
            "publishedAt": None,
            "onlineStoreUrl": None,
            "createdAt": now(),
        }
        names = given.get("productOptions") or [{"name": "Title"}]
        product["options"] = []
    else:
        names = given.get("productOptions") or []
        if "giftCard" in given and given["giftCard"] != product["isGiftCard"]:
            text = "The gift card attribute cannot be changed."
            code = "GIFT_CARD_ATTRIBUTE_CANNOT_BE_CHANGED"
            return [_error(["input", "giftCard"], text, code)]
    errors = []
    product.update({name: given[name] for name in PLAIN if name in given})
    if "tags" in given:
        product["tags"] = normal(given["tags"] or [])
    if "category" in given:
        product["category"] = products.category(given["category"])
    if "title" in given or new:
        product["title"] = given.get("title") or ""
        if not product["title"].strip():
            errors.append(_error(["input", "title"], "Title can't be blank", "INVALID_PRODUCT"))
    errors += _handle(context, product, given)
    if names:
        product["options"] = _options(context, product, names)
    if "metafields" in given:
        errors += metafields.write_into(
            context, product, given["metafields"] or [], ["input"], whole=True
        )
    product["updatedAt"] = now()
    return errors


def _handle(context: Context, product: dict, given: dict) -> list[dict]:
    wanted = given.get("handle")
    if not wanted and product.get("handle"):
        return []
    product["handle"] = products.slug(wanted or product["title"])
    found = context.shop.find("Product", "handle", [product["handle"]])
    taken = [one for one in found if one["id"] != product["id"]]
    if taken and wanted:
        text = f"Handle '{product['handle']}' already in use. Please provide a new handle."
        return [_error(["input", "handle"], text, "HANDLE_NOT_UNIQUE")]
    number = 0
    base = product["handle"]
    while context.shop.find("Product", "handle", [product["handle"]]):
        number += 1
        product["handle"] = f"{base}-{number}"
    return []


def _options(context: Context, product: dict, given: list[dict]) -> list[dict]:
    old = {option["name"]: option for option in product["options"]}
    ids = {option["id"]: option for option in product["options"]}
    made = []
    for position, option in enumerate(given, start=1):
        known = ids.get(option.get("id")) or old.get(option.get("name")) or {}
        names = [value["name"] for value in option.get("values") or () if value.get("name")]
        values = list(known.get("optionValues") or [])
        values += [
            {
                "__typename": "ProductOptionValue",
                "id": context.shop.new_id("ProductOptionValue"),
                "name": name,
                "hasVariants": True,
            }
            for name in names
            if name not in [value["name"] for value in values]
        ]
        values.sort(
            key=lambda value: names.index(value["name"]) if value["name"] in names else len(names)
        )
        made.append(
            {
                "__typename": "ProductOption",
                "id": known.get("id") or context.shop.new_id("ProductOption"),
                "name": option.get("name") or known.get("name"),
                "position": position,
                "optionValues": values,
                "values": [value["name"] for value in values],
            }
        )
    return made


def _files(context: Context, product: dict, given: dict) -> tuple[list[dict], list[dict]]:
    """The files to store, and userErrors; the product's media are the files that were sent."""
    if "files" not in given:
        return [], []
    made, errors, media = [], [], []
    for index, file in enumerate(given["files"] or ()):
        place = ["input", "files", str(index)]
        if gid := file.get("id"):
            if not context.record(gid):
                errors.append(_error([*place, "id"], "File does not exist", "INVALID_INPUT"))
            else:
                changed = context.existing(gid)
                if "alt" in file:
                    changed, problems = files.with_alt(changed, file["alt"], place)
                    errors += [problem | {"code": "INVALID_INPUT"} for problem in problems]
                made.append(changed)
            media.append(gid)
            continue
        record, problem = files.from_input(context, file, place)
        if problem:
            errors.append(problem | {"code": "INVALID_INPUT"})
        else:
            made.append(record)
            media.append(record["id"])
    product["media"] = media
    return made, errors


def _variants(
    context: Context, product: dict, old: list[dict], given: dict, new: bool
) -> tuple[list[tuple], list[dict]]:
    """(variant, item, levels) of each variant that is sent, and the userErrors."""
    if "variants" not in given and not new:
        return [], []
    known = {variant["id"]: variant for variant in old}
    asked = given.get("variants")
    if asked is None:
        first = [{"optionName": "Title", "name": "Default Title"}]
        options = given.get("productOptions")
        if options:
            first = [
                {"optionName": option["name"], "name": option["values"][0]["name"]}
                for option in options
            ]
        asked = [{"optionValues": first}]
    made: list[tuple[dict, dict, list[dict]]] = []
    errors: list[dict] = []
    quantities = 0
    sources = {
        file["originalSource"]: gid
        for file, gid in zip(given.get("files") or (), product["media"], strict=False)
        if file.get("originalSource")
    }
    for index, one in enumerate(asked):
        place = ["input", "variants", str(index)]
        if one.get("id") and one["id"] not in known:
            text = "Product variant does not exist"
            errors.append(_error([*place, "id"], text, "PRODUCT_VARIANT_DOES_NOT_EXIST"))
            continue
        same = known.get(one.get("id")) or _same_options(one, old, product)
        if same:
            variant, item = dict(same), dict(context.existing(same["inventoryItem"]))
        else:
            variant, item = variants.blank(context, product)
        errors += variants.write(context, product, product["options"], variant, item, one, place)
        if any(variant["selectedOptions"] == other["selectedOptions"] for other, _, _ in made):
            text = f"The variant '{variant['title']}' already exists."
            errors.append(_error(place, text, "INVALID_VARIANT"))
        if "metafields" in one:
            metafields.write_into(context, variant, one["metafields"] or [], place, whole=True)
        levels: list[dict] = []
        for level in one.get("inventoryQuantities") or ():
            quantities += 1
            errors += _stock(context, item, level, levels, place, bool(same))
            item = stock.stocked(item, levels[-1]) if levels and not same else item
        if one.get("file"):
            picture = one["file"].get("id") or sources.get(one["file"].get("originalSource"))
            if picture not in product["media"]:
                text = "The file of a variant must be one of the product's files."
                errors.append(_error([*place, "file"], text, "INVALID_INPUT"))
            variant |= {"media": [picture], "image": None}
        made.append((variant, item, levels))
    if len(made) > variants.MAX_VARIANTS:
        text = f"Can't have more than {variants.MAX_VARIANTS} variants."
        errors.append(_error(["input", "variants"], text, "VARIANTS_OVER_LIMIT"))
    if quantities > MAX_QUANTITIES:
        text = f"Can't have more than {MAX_QUANTITIES} inventory quantities."
        code = "INVENTORY_QUANTITIES_LIMIT_EXCEEDED"
        errors.append(_error(["input", "variants"], text, code))
    if not made and not errors:
        text = "At least one variant is required."
        errors.append(_error(["input", "variants"], text, "INVALID_INPUT"))
    return made, errors


def _same_options(given: dict, old: list[dict], product: dict) -> dict | None:
    """The stored variant with the same option values."""
    chosen = {one.get("optionName"): one.get("name") for one in given["optionValues"]}
    for variant in old:
        if {one["name"]: one["value"] for one in variant["selectedOptions"]} == chosen:
            return variant
    return None


def _stock(
    context: Context, item: dict, given: dict, levels: list[dict], place: list[str], stored: bool
) -> list[dict]:
    """First stock of a new variant; of a stored one only where it is stocked already."""
    location = context.record(given["locationId"])
    if not location or location["__typename"] != "Location":
        text = "Location does not exist"
        return [_error([*place, "inventoryQuantities"], text, "INVALID_INPUT")]
    if not stored:
        levels.append(stock.new_level(context, item, location["id"], given["quantity"]))
        return []
    if not stock.level_at(context, item, location["id"]):
        text = "The variant is not stocked at the location."
        return [_error([*place, "inventoryQuantities"], text, "INVALID_INPUT")]
    return []


def _join(context: Context, product: dict, given: dict) -> None:
    """Let the manual collections that were sent be the product's."""
    if "collections" not in given:
        return
    wanted = given["collections"] or []
    for collection in list(context.shop.iterate("Collection")):
        joins = collection["id"] in wanted
        source = products.chosen_by_hand(context, collection)
        if source and joins != (product["id"] in (collection.get("products") or ())):
            changed = products.with_selection(collection, source, product["id"], joins)
            context.shop.put(changed)
    context.shop.put({**product, "collections": wanted})
    context.forget()


def _error(place: list[str], text: str, code: str) -> dict:
    return user_error(place, text, code)


MUTATIONS = {"productSet": run}
