"""Price lists of catalogs, and the fixed prices in them.

https://shopify.dev/docs/api/admin-graphql/latest/objects/PriceList
"""

from standin import misbehave
from standin.context import Context
from standin.mutations.catalogs import catalog_of, of_type
from standin.mutations.user_errors import refused, user_error

LIMITS = {"PERCENTAGE_DECREASE": 100, "PERCENTAGE_INCREASE": 1000}


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
        text = "Price list not found."
        return refused([user_error(["id"], text, "PRICE_LIST_NOT_FOUND")], "priceList")
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
        text = "Price list not found."
        return refused([user_error(["priceListId"], text, "PRICE_LIST_NOT_FOUND")], "prices")
    made, errors = _prices(context, record, args["prices"], "prices")
    if errors:
        return refused(errors, "prices")
    _keep_prices(context, record, made, ())
    return {"prices": made, "userErrors": []}


def delete_fixed_prices(context: Context, args: dict) -> dict:
    record = of_type(context, args["priceListId"], "PriceList")
    deleted = "deletedFixedPriceVariantIds"
    if not record:
        text = "Price list not found."
        return refused([user_error(["priceListId"], text, "PRICE_LIST_NOT_FOUND")], deleted)
    errors = _not_fixed(record, args["variantIds"], "variantIds")
    if errors:
        return refused(errors, deleted)
    _keep_prices(context, record, [], args["variantIds"])
    return {deleted: args["variantIds"], "userErrors": []}


def update_fixed_prices(context: Context, args: dict) -> dict:
    record = of_type(context, args["priceListId"], "PriceList")
    empty = ("priceList", "pricesAdded", "deletedFixedPriceVariantIds")
    if not record:
        text = "Price list not found."
        return refused([user_error(["priceListId"], text, "PRICE_LIST_NOT_FOUND")], *empty)
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
        amounts = [one["price"], one.get("compareAtPrice") or one["price"]]
        if any(amount["currencyCode"] != record["currency"] for amount in amounts):
            text = "The specified currency does not match the price list's currency."
            errors.append(user_error([*place, "price"], text, "PRICE_LIST_CURRENCY_MISMATCH"))
        made.append(
            {
                "__typename": "PriceListPrice",
                "variant": one["variantId"],
                "originType": "FIXED",
                "price": one["price"],
                "compareAtPrice": one.get("compareAtPrice"),
            }
        )
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
}
