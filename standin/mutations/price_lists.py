"""Price lists of catalogs, and the fixed prices in them.

https://shopify.dev/docs/api/admin-graphql/latest/objects/PriceList
"""

from collections.abc import Collection

from standin import misbehave
from standin.context import Context
from standin.mutations.catalogs import catalog_of, of_type
from standin.mutations.user_errors import refused, user_error

LIMITS = {"PERCENTAGE_DECREASE": 100, "PERCENTAGE_INCREASE": 1000}
FOREIGN = "The specified currency does not match the price list's currency."


def create(context: Context, args: dict) -> dict:
    given = args["input"]
    record: dict = {
        "__typename": "PriceList",
        "catalog": None,
        "prices": [],
        "quantityRules": [],
        "fixedPricesCount": 0,
    }
    errors = _write(context, record, given)
    catalog = None
    if given.get("catalogId"):
        catalog, missing = catalog_of(context, given["catalogId"])
        if missing:
            text = "Catalog does not exist."
            errors.append(user_error(["input", "catalogId"], text, "CATALOG_DOES_NOT_EXIST"))
    if errors:
        return refused(errors, "priceList")
    record["id"] = context.shop.new_id("PriceList")
    if catalog:  # whose price list until now is left without a catalog
        if catalog["priceList"]:
            context.shop.change(catalog["priceList"], {"catalog": None})
        record["catalog"] = catalog["id"]
        context.shop.put({**catalog, "priceList": record["id"]})
    return {"priceList": context.shop.put(record), "userErrors": []}


def update(context: Context, args: dict) -> dict:
    record = of_type(context, args["id"], "PriceList")
    if not record:
        return refused([_not_found("id")], "priceList")
    currency = record["currency"]
    if misbehave.take(context.shop, "locks"):
        text = "The price list is locked."
        return refused([user_error(["id"], text, "PRICE_LIST_LOCKED")], "priceList")
    if errors := _write(context, record, args["input"]):
        return refused(errors, "priceList")
    if record["currency"] != currency:  # fixed prices go with the old currency
        record |= {"prices": [], "fixedPricesCount": 0}
    return {"priceList": context.shop.put(record), "userErrors": []}


def add_fixed_prices(context: Context, args: dict) -> dict:
    """Each price replaces the variant's fixed price as a whole, its compare-at price included."""
    record = of_type(context, args["priceListId"], "PriceList")
    if not record:
        return refused([_not_found("priceListId")], "prices")
    made, errors = _prices(context, record, args["prices"], "prices")
    if errors:
        return refused(errors, "prices")
    _keep_prices(context, record, made, ())
    return {"prices": made, "userErrors": []}


def delete_fixed_prices(context: Context, args: dict) -> dict:
    record = of_type(context, args["priceListId"], "PriceList")
    deleted = "deletedFixedPriceVariantIds"
    if not record:
        return refused([_not_found("priceListId")], deleted)
    errors = _not_fixed(record, args["variantIds"], "variantIds")
    if errors:
        return refused(errors, deleted)
    _keep_prices(context, record, [], args["variantIds"])
    return {deleted: args["variantIds"], "userErrors": []}


def update_fixed_prices(context: Context, args: dict) -> dict:
    record = of_type(context, args["priceListId"], "PriceList")
    empty = ("priceList", "pricesAdded", "deletedFixedPriceVariantIds")
    if not record:
        return refused([_not_found("priceListId")], *empty)
    made, errors = _prices(context, record, args["pricesToAdd"], "pricesToAdd")
    errors += _not_fixed(record, args["variantIdsToDelete"], "variantIdsToDelete")
    if errors:
        return refused(errors, *empty)
    stored = _keep_prices(context, record, made, args["variantIdsToDelete"])
    return {
        "priceList": stored,
        "pricesAdded": made,
        "deletedFixedPriceVariantIds": args["variantIdsToDelete"],
        "userErrors": [],
    }


def update_by_product(context: Context, args: dict) -> dict:
    """One fixed price for all variants of a product, or none for any of them."""
    empty = ("priceList", "pricesToAddProducts", "pricesToDeleteProducts")
    to_add, to_delete = args.get("pricesToAdd") or [], args.get("pricesToDeleteByProductIds") or []
    record = of_type(context, args["priceListId"], "PriceList")
    if not record:
        text, code = "Price list does not exist.", "PRICE_LIST_DOES_NOT_EXIST"
        return refused([user_error(["priceListId"], text, code)], *empty)
    if not to_add and not to_delete:
        text, code = "No update operations specified.", "NO_UPDATE_OPERATIONS_SPECIFIED"
        return refused([user_error(None, text, code)], *empty)
    added = [one["productId"] for one in to_add]
    products = {gid: of_type(context, gid, "Product") for gid in (*added, *to_delete)}
    errors = []
    for name, gids in (("pricesToAdd", added), ("pricesToDeleteByProductIds", to_delete)):
        if len(set(gids)) < len(gids):
            text = "Each product can be named once."
            errors.append(user_error([name], text, "DUPLICATE_ID_IN_INPUT"))
        for index, gid in enumerate(gids):
            if not products[gid]:
                text = "Product does not exist."
                errors.append(user_error([name, str(index)], text, "PRODUCT_DOES_NOT_EXIST"))
    if set(added) & set(to_delete):
        text = "A product cannot be added and deleted at once."
        errors.append(user_error(None, text, "ID_MUST_BE_MUTUALLY_EXCLUSIVE"))
    for index, one in enumerate(to_add):
        if _is_foreign(record, one):
            place = ["pricesToAdd", str(index), "price"]
            errors.append(user_error(place, FOREIGN, "PRICES_TO_ADD_CURRENCY_MISMATCH"))
    if errors:
        return refused(errors, *empty)
    variants = {gid: (product or {}).get("variants") or [] for gid, product in products.items()}
    made = [_price(gid, one) for one in to_add for gid in variants[one["productId"]]]
    gone = [gid for product in to_delete for gid in variants[product]]
    return {
        "priceList": _keep_prices(context, record, made, gone),
        "pricesToAddProducts": added,
        "pricesToDeleteProducts": to_delete,
        "userErrors": [],
    }


def leave(context: Context, variants: Collection[str]) -> None:
    """Take variants that are deleted out of all price lists, with their prices and rules."""
    by_variant = {"prices": "variant", "quantityRules": "productVariant"}
    for record in list(context.shop.iterate("PriceList")):
        left = {
            name: [one for one in record.get(name) or () if one[place] not in variants]
            for name, place in by_variant.items()
            if name in record
        }
        if any(record[name] != value for name, value in left.items()):
            count = {"fixedPricesCount": len(left["prices"])} if "prices" in left else {}
            context.shop.put({**record, **left, **count})


def _not_found(field: str) -> dict:
    return user_error([field], "Price list not found.", "PRICE_LIST_NOT_FOUND")


def _is_foreign(record: dict, given: dict) -> bool:
    """Whether a price is not in the list's currency."""
    amounts = [given["price"], given.get("compareAtPrice") or given["price"]]
    return any(amount["currencyCode"] != record["currency"] for amount in amounts)


def _price(variant: str, given: dict) -> dict:
    return {
        "__typename": "PriceListPrice",
        "variant": variant,
        "originType": "FIXED",
        "price": given["price"],
        "compareAtPrice": given.get("compareAtPrice"),
    }


def _write(context: Context, record: dict, given: dict) -> list[dict]:
    errors = []
    for name in ("name", "currency"):
        if name in given:
            record[name] = given[name]
    if not (record.get("name") or "").strip():
        errors.append(user_error(["input", "name"], "Name can't be blank", "BLANK"))
    taken = (
        one["name"] == record["name"] and one["id"] != record.get("id")
        for one in context.shop.iterate("PriceList")
    )
    if any(taken):
        errors.append(user_error(["input", "name"], "Name has already been taken", "TAKEN"))
    if parent := given.get("parent"):
        adjustment = parent["adjustment"]
        place = ["input", "parent", "adjustment", "value"]
        if adjustment["value"] < 0:
            text = "The adjustment value must be positive."
            errors.append(user_error(place, text, "INVALID_ADJUSTMENT_MIN_VALUE"))
        if adjustment["value"] > LIMITS[adjustment["type"]]:
            text = f"The adjustment value must be at most {LIMITS[adjustment['type']]}."
            errors.append(user_error(place, text, "INVALID_ADJUSTMENT_MAX_VALUE"))
        settings = parent.get("settings") or {"compareAtMode": "ADJUSTED"}
        record["parent"] = {"adjustment": adjustment, "settings": settings}
    return errors


def _prices(context: Context, record: dict, given: list[dict], name: str) -> tuple[list, list]:
    made, errors = [], []
    for index, one in enumerate(given):
        place = [name, str(index)]
        if not of_type(context, one["variantId"], "ProductVariant"):
            text = "The specified product variant does not exist."
            errors.append(user_error([*place, "variantId"], text, "VARIANT_NOT_FOUND"))
        if _is_foreign(record, one):
            place = [*place, "price"]
            errors.append(user_error(place, FOREIGN, "PRICE_LIST_CURRENCY_MISMATCH"))
        made.append(_price(one["variantId"], one))
    return made, errors


def _not_fixed(record: dict, variants: list[str], name: str) -> list[dict]:
    fixed = {price["variant"] for price in record["prices"]}
    text = "Only fixed prices can be deleted."
    return [
        user_error([name, str(index)], text, "PRICE_NOT_FIXED")
        for index, gid in enumerate(variants)
        if gid not in fixed
    ]


def _keep_prices(context: Context, record: dict, made: list[dict], gone) -> dict:
    replaced = {price["variant"] for price in made} | set(gone)
    prices = [price for price in record["prices"] if price["variant"] not in replaced] + made
    return context.shop.put({**record, "prices": prices, "fixedPricesCount": len(prices)})


MUTATIONS = {
    "priceListCreate": create,
    "priceListUpdate": update,
    "priceListFixedPricesAdd": add_fixed_prices,
    "priceListFixedPricesDelete": delete_fixed_prices,
    "priceListFixedPricesUpdate": update_fixed_prices,
    "priceListFixedPricesByProductUpdate": update_by_product,
}
