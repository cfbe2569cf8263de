"""Catalogs with their price list and publication, fixed prices and quantity rules.

https://shopify.dev/docs/apps/build/markets/catalogs-different-markets
"""

from standin import misbehave
from standin.context import Context
from standin.mutations.user_errors import refused, user_error

MAX_PUBLISHABLES = 50
LIMITS = {"PERCENTAGE_DECREASE": 100, "PERCENTAGE_INCREASE": 1000}
KINDS = {"marketIds": "MarketCatalog", "companyLocationIds": "CompanyLocationCatalog"}
OWNERS = {"MarketCatalog": "markets", "CompanyLocationCatalog": "companyLocations"}
CATALOGS = {*OWNERS, "AppCatalog"}


def create(context: Context, args: dict) -> dict:
    given = args["input"]
    used = {name: ids for name, ids in given["context"].items() if ids}
    if len(used) != 1:
        text = "Must provide exactly one context type."
        code = "MUST_PROVIDE_EXACTLY_ONE_CONTEXT_TYPE"
        return refused([_error(["input", "context"], text, code)], "catalog")
    [(name, ids)] = used.items()
    catalog = {
        "__typename": KINDS[name],
        "title": "",
        "status": given["status"],
        "priceList": None,
        "publication": None,
        "operations": [],
        OWNERS[KINDS[name]]: [],
    }
    errors = _write(context, catalog, given)
    errors += _contexts(context, catalog, ids, (), ["input", "context"])
    if errors:
        return refused(errors, "catalog")
    catalog["id"] = context.shop.new_id(catalog["__typename"])
    _link(context, catalog, (), catalog[OWNERS[catalog["__typename"]]])
    return {"catalog": context.shop.put(catalog), "userErrors": []}


def update(context: Context, args: dict) -> dict:
    catalog, errors = _catalog(context, args["id"])
    errors = errors or _write(context, catalog, args["input"])
    if errors:
        return refused(errors, "catalog")
    return {"catalog": context.shop.put(catalog), "userErrors": []}


def update_context(context: Context, args: dict) -> dict:
    catalog, errors = _catalog(context, args["catalogId"])
    if errors:
        return refused(errors, "catalog")
    to_add = {name: ids for name, ids in (args.get("contextsToAdd") or {}).items() if ids}
    to_remove = {name: ids for name, ids in (args.get("contextsToRemove") or {}).items() if ids}
    if not to_add and not to_remove:
        text = "Must provide contexts to add or remove."
        code = "REQUIRES_CONTEXTS_TO_ADD_OR_REMOVE"
        return refused([_error(None, text, code)], "catalog")
    if any(KINDS[name] != catalog["__typename"] for name in {*to_add, *to_remove}):
        text = "The context does not fit the type of the catalog."
        return refused([_error(["contextsToAdd"], text, "CONTEXT_DRIVER_MISMATCH")], "catalog")
    owner = OWNERS[catalog["__typename"]]
    before = list(catalog[owner])
    errors = _contexts(
        context,
        catalog,
        next(iter(to_add.values()), ()),
        next(iter(to_remove.values()), ()),
        ["contextsToAdd"],
    )
    if errors:
        return refused(errors, "catalog")
    _link(context, catalog, before, catalog[owner])
    return {"catalog": context.shop.put(catalog), "userErrors": []}


def delete(context: Context, args: dict) -> dict:
    catalog, errors = _catalog(context, args["id"])
    if errors:
        return refused(errors, "deletedId")
    _link(context, catalog, catalog[OWNERS[catalog["__typename"]]], ())
    for part in ("priceList", "publication"):
        if catalog[part] and args.get("deleteDependentResources"):
            context.shop.delete(catalog[part])
        elif catalog[part]:
            context.shop.change(catalog[part], {"catalog": None})
    context.shop.delete(catalog["id"])
    return {"deletedId": catalog["id"], "userErrors": []}


def create_price_list(context: Context, args: dict) -> dict:
    given = args["input"]
    record: dict = {
        "__typename": "PriceList",
        "catalog": None,
        "prices": [],
        "quantityRules": [],
        "fixedPricesCount": 0,
    }
    errors = _write_price_list(context, record, given)
    catalog = None
    if given.get("catalogId"):
        catalog, missing = _catalog(context, given["catalogId"])
        if missing:
            text = "Catalog does not exist."
            errors.append(_error(["input", "catalogId"], text, "CATALOG_DOES_NOT_EXIST"))
    if errors:
        return refused(errors, "priceList")
    record["id"] = context.shop.new_id("PriceList")
    if catalog:  # whose price list until now is left without a catalog
        if catalog["priceList"]:
            context.shop.change(catalog["priceList"], {"catalog": None})
        record["catalog"] = catalog["id"]
        context.shop.put({**catalog, "priceList": record["id"]})
    return {"priceList": context.shop.put(record), "userErrors": []}


def update_price_list(context: Context, args: dict) -> dict:
    record = _of_type(context, args["id"], "PriceList")
    if not record:
        text = "Price list not found."
        return refused([_error(["id"], text, "PRICE_LIST_NOT_FOUND")], "priceList")
    currency = record["currency"]
    if misbehave.take(context.shop, "locks"):
        text = "The price list is locked."
        return refused([_error(["id"], text, "PRICE_LIST_LOCKED")], "priceList")
    if errors := _write_price_list(context, record, args["input"]):
        return refused(errors, "priceList")
    if record["currency"] != currency:  # fixed prices go with the old currency
        record |= {"prices": [], "fixedPricesCount": 0}
    return {"priceList": context.shop.put(record), "userErrors": []}


def add_fixed_prices(context: Context, args: dict) -> dict:
    """Each price replaces the variant's fixed price as a whole, its compare-at price included."""
    record = _of_type(context, args["priceListId"], "PriceList")
    if not record:
        text = "Price list not found."
        return refused([_error(["priceListId"], text, "PRICE_LIST_NOT_FOUND")], "prices")
    made, errors = _prices(context, record, args["prices"], "prices")
    if errors:
        return refused(errors, "prices")
    _keep_prices(context, record, made, ())
    return {"prices": made, "userErrors": []}


def delete_fixed_prices(context: Context, args: dict) -> dict:
    record = _of_type(context, args["priceListId"], "PriceList")
    deleted = "deletedFixedPriceVariantIds"
    if not record:
        text = "Price list not found."
        return refused([_error(["priceListId"], text, "PRICE_LIST_NOT_FOUND")], deleted)
    errors = _not_fixed(record, args["variantIds"], "variantIds")
    if errors:
        return refused(errors, deleted)
    _keep_prices(context, record, [], args["variantIds"])
    return {deleted: args["variantIds"], "userErrors": []}


def update_fixed_prices(context: Context, args: dict) -> dict:
    record = _of_type(context, args["priceListId"], "PriceList")
    empty = ("priceList", "pricesAdded", "deletedFixedPriceVariantIds")
    if not record:
        text = "Price list not found."
        return refused([_error(["priceListId"], text, "PRICE_LIST_NOT_FOUND")], *empty)
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


def create_publication(context: Context, args: dict) -> dict:
    given = args["input"]
    catalog: dict = {}
    errors: list[dict] = []
    if given.get("catalogId"):
        catalog, errors = _catalog(context, given["catalogId"])
    if errors:
        text = "Catalog not found."
        error = _error(["input", "catalogId"], text, "CATALOG_NOT_FOUND")
        return refused([error], "publication")
    if catalog.get("publication"):
        text = "Catalog already has a publication."
        return refused([_error(["input", "catalogId"], text, "TAKEN")], "publication")
    products = []
    if given.get("defaultState") == "ALL_PRODUCTS":
        products = [product["id"] for product in context.shop.iterate("Product")]
    record = {
        "__typename": "Publication",
        "id": context.shop.new_id("Publication"),
        "name": catalog.get("title") or "",
        "catalog": catalog.get("id"),
        "autoPublish": given.get("autoPublish", False),
        "supportsFuturePublishing": False,
        "products": [],
        "includedProducts": [],
    }
    if catalog:
        context.shop.put({**catalog, "publication": record["id"]})
    return {"publication": _publish(context, record, products, ()), "userErrors": []}


def update_publication(context: Context, args: dict) -> dict:
    record = _of_type(context, args["id"], "Publication")
    given = args["input"]
    if not record:
        text = "Publication not found."
        return refused([_error(["id"], text, "PUBLICATION_NOT_FOUND")], "publication")
    if (context.record(record["catalog"]) or {}).get("__typename") == "AppCatalog":
        text, code = "Cannot modify an app catalog.", "CANNOT_MODIFY_APP_CATALOG_PUBLICATION"
        return refused([_error(["id"], text, code)], "publication")
    to_add, to_remove = (
        given.get(name) or [] for name in ("publishablesToAdd", "publishablesToRemove")
    )
    errors = []
    if misbehave.take(context.shop, "locks"):
        text = "The publication is locked."
        errors.append(_error(["id"], text, "PUBLICATION_LOCKED"))
    if len(to_add) + len(to_remove) > MAX_PUBLISHABLES:
        text = f"The limit for simultaneous publication updates is {MAX_PUBLISHABLES}."
        errors.append(_error(["input"], text, "PUBLICATION_UPDATE_LIMIT_EXCEEDED"))
    kinds = {(context.record(gid) or {}).get("__typename") for gid in (*to_add, *to_remove)}
    if None in kinds:
        text = "Publishable ID not found."
        errors.append(_error(["input"], text, "INVALID_PUBLISHABLE_ID"))
    elif kinds == {"Product", "ProductVariant"}:
        text = "Products and variants cannot be combined."
        errors.append(_error(["input"], text, "CANNOT_COMBINE_PRODUCTS_AND_VARIANTS"))
    elif kinds - {"Product"}:
        text = "This type cannot be published to a catalog."
        errors.append(_error(["input"], text, "UNSUPPORTED_PUBLISHABLE_TYPE"))
    if errors:
        return refused(errors, "publication")
    if "autoPublish" in given:
        record["autoPublish"] = given["autoPublish"]
    return {"publication": _publish(context, record, to_add, to_remove), "userErrors": []}


def add_quantity_rules(context: Context, args: dict) -> dict:
    record = _of_type(context, args["priceListId"], "PriceList")
    if not record:
        text = "Price list does not exist."
        error = _error(["priceListId"], text, "PRICE_LIST_DOES_NOT_EXIST")
        return refused([error], "quantityRules")
    errors, made = [], []
    for index, given in enumerate(args["quantityRules"]):
        place = ["quantityRules", str(index)]
        if problem := _rule_problem(context, given):
            errors.append(_error(place, *problem))
        made.append(
            {
                "__typename": "QuantityRule",
                "productVariant": given["variantId"],
                "originType": "FIXED",
                "isDefault": False,
                "minimum": given["minimum"],
                "maximum": given.get("maximum"),
                "increment": given["increment"],
            }
        )
    if errors:
        return refused(errors, "quantityRules")
    new = {rule["productVariant"] for rule in made}
    kept = [rule for rule in record["quantityRules"] if rule["productVariant"] not in new]
    context.shop.put({**record, "quantityRules": [*kept, *made]})
    return {"quantityRules": made, "userErrors": []}


def delete_quantity_rules(context: Context, args: dict) -> dict:
    record = _of_type(context, args["priceListId"], "PriceList")
    deleted = "deletedQuantityRulesVariantIds"
    if not record:
        text = "Price list does not exist."
        return refused([_error(["priceListId"], text, "PRICE_LIST_DOES_NOT_EXIST")], deleted)
    known = {rule["productVariant"] for rule in record["quantityRules"]}
    if missing := [gid for gid in args["variantIds"] if gid not in known]:
        text = f"Quantity rule for variant {missing[0]} does not exist."
        error = _error(["variantIds"], text, "VARIANT_QUANTITY_RULE_DOES_NOT_EXIST")
        return refused([error], deleted)
    gone = set(args["variantIds"])
    kept = [rule for rule in record["quantityRules"] if rule["productVariant"] not in gone]
    context.shop.put({**record, "quantityRules": kept})
    return {deleted: args["variantIds"], "userErrors": []}


def _write(context: Context, catalog: dict, given: dict) -> list[dict]:
    errors = []
    if "title" in given:
        catalog["title"] = given["title"] or ""
        if not catalog["title"].strip():
            errors.append(_error(["input", "title"], "Title can't be blank", "BLANK"))
    if given.get("status"):
        catalog["status"] = given["status"]
        if catalog["__typename"] == "MarketCatalog" and given["status"] != "ACTIVE":
            text = "The catalog of a market must be active."
            errors.append(_error(["input", "status"], text, "MARKET_CATALOG_STATUS"))
    for name, kind in (("priceListId", "PriceList"), ("publicationId", "Publication")):
        if gid := given.get(name):
            if not _of_type(context, gid, kind):
                code = f"{'PRICE_LIST' if kind == 'PriceList' else 'PUBLICATION'}_NOT_FOUND"
                errors.append(_error(["input", name], f"{kind} not found.", code))
            catalog[name.removesuffix("Id")] = gid
    return errors


def _contexts(context: Context, catalog: dict, to_add, to_remove, place: list[str]) -> list[dict]:
    """Add and remove markets or company locations."""
    market = catalog["__typename"] == "MarketCatalog"
    owner = OWNERS[catalog["__typename"]]
    errors = []
    for gid in to_add:
        found = _of_type(context, gid, "Market" if market else "CompanyLocation")
        if not found:
            code = "MARKET_NOT_FOUND" if market else "COMPANY_LOCATION_NOT_FOUND"
            errors.append(_error(place, "The context could not be found.", code))
        elif market and any(one != catalog.get("id") for one in found.get("catalogs") or ()):
            text = "The market belongs to another catalog."
            errors.append(_error(place, text, "MARKET_TAKEN"))
    left = [gid for gid in catalog[owner] if gid not in to_remove]
    catalog[owner] = [*left, *(gid for gid in to_add if gid not in left)]
    return errors


def _link(context: Context, catalog: dict, before, after) -> None:
    """Let the markets or company locations know their catalog."""
    for gid in {*before, *after}:
        record = context.existing(gid)
        left = [one for one in record.get("catalogs") or () if one != catalog["id"]]
        context.shop.put({**record, "catalogs": [*left, catalog["id"]] if gid in after else left})
    context.forget()


def _write_price_list(context: Context, record: dict, given: dict) -> list[dict]:
    errors = []
    for name in ("name", "currency"):
        if name in given:
            record[name] = given[name]
    if not (record.get("name") or "").strip():
        errors.append(_error(["input", "name"], "Name can't be blank", "BLANK"))
    taken = (
        one["name"] == record["name"] and one["id"] != record.get("id")
        for one in context.shop.iterate("PriceList")
    )
    if any(taken):
        errors.append(_error(["input", "name"], "Name has already been taken", "TAKEN"))
    if parent := given.get("parent"):
        adjustment = parent["adjustment"]
        place = ["input", "parent", "adjustment", "value"]
        if adjustment["value"] < 0:
            text = "The adjustment value must be positive."
            errors.append(_error(place, text, "INVALID_ADJUSTMENT_MIN_VALUE"))
        if adjustment["value"] > LIMITS[adjustment["type"]]:
            text = f"The adjustment value must be at most {LIMITS[adjustment['type']]}."
            errors.append(_error(place, text, "INVALID_ADJUSTMENT_MAX_VALUE"))
        settings = parent.get("settings") or {"compareAtMode": "ADJUSTED"}
        record["parent"] = {"adjustment": adjustment, "settings": settings}
    return errors


def _prices(context: Context, record: dict, given: list[dict], name: str) -> tuple[list, list]:
    made, errors = [], []
    for index, one in enumerate(given):
        place = [name, str(index)]
        if not _of_type(context, one["variantId"], "ProductVariant"):
            text = "The specified product variant does not exist."
            errors.append(_error([*place, "variantId"], text, "VARIANT_NOT_FOUND"))
        amounts = [one["price"], one.get("compareAtPrice") or one["price"]]
        if any(amount["currencyCode"] != record["currency"] for amount in amounts):
            text = "The specified currency does not match the price list's currency."
            errors.append(_error([*place, "price"], text, "PRICE_LIST_CURRENCY_MISMATCH"))
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
        _error([name, str(index)], text, "PRICE_NOT_FIXED")
        for index, gid in enumerate(variants)
        if gid not in fixed
    ]


def _keep_prices(context: Context, record: dict, made: list[dict], gone) -> dict:
    replaced = {price["variant"] for price in made} | set(gone)
    prices = [price for price in record["prices"] if price["variant"] not in replaced] + made
    return context.shop.put({**record, "prices": prices, "fixedPricesCount": len(prices)})


def _publish(context: Context, record: dict, to_add: list[str], to_remove) -> dict:
    """Store the publication with its products, and their side of it."""
    kept = [gid for gid in record["includedProducts"] if gid not in to_remove]
    products = [*kept, *(gid for gid in to_add if gid not in kept)]
    for gid in {*to_add, *to_remove}:
        product = context.existing(gid)
        left = [
            entry
            for entry in product.get("resourcePublicationsV2") or ()
            if entry["publication"] != record["id"]
        ]
        if gid in products:
            entry = {"publication": record["id"], "publishable": gid, "isPublished": True}
            left.append(entry | {"publishDate": product["createdAt"]})
        context.shop.put({**product, "resourcePublicationsV2": left})
    context.forget()
    return context.shop.put({**record, "products": products, "includedProducts": products})


def _rule_problem(context: Context, given: dict) -> tuple[str, str] | None:
    low, high, step = given["minimum"], given.get("maximum"), given["increment"]
    if not _of_type(context, given["variantId"], "ProductVariant"):
        return "Product variant does not exist.", "PRODUCT_VARIANT_DOES_NOT_EXIST"
    if low < 1 or step < 1:
        return "Value must be greater than or equal to 1.", "GREATER_THAN_OR_EQUAL_TO"
    if step > low:
        return "Increment must be at most the minimum.", "INCREMENT_IS_GREATER_THAN_MINIMUM"
    if low % step:
        return "Minimum must be a multiple of the increment.", "MINIMUM_NOT_MULTIPLE_OF_INCREMENT"
    if high is not None and high % step:
        return "Maximum must be a multiple of the increment.", "MAXIMUM_NOT_MULTIPLE_OF_INCREMENT"
    if high is not None and low > high:
        return "Minimum must be at most the maximum.", "MINIMUM_IS_GREATER_THAN_MAXIMUM"
    return None


def _catalog(context: Context, gid: str) -> tuple[dict, list[dict]]:
    """A copy of the catalog, or the userErrors that it cannot be written."""
    record = context.record(gid)
    if not record or record["__typename"] not in CATALOGS:
        return {}, [_error(["id"], "Catalog not found.", "CATALOG_NOT_FOUND")]
    if record["__typename"] == "AppCatalog":
        text = "The catalog of an app cannot be changed."
        return {}, [_error(["id"], text, "CANNOT_MODIFY_APP_CATALOG")]
    return dict(record), []


def _of_type(context: Context, gid: str, typename: str) -> dict | None:
    record = context.record(gid)
    return dict(record) if record and record["__typename"] == typename else None


def _error(place: list[str] | None, text: str, code: str) -> dict:
    return user_error(place, text, code)


MUTATIONS = {
    "catalogCreate": create,
    "catalogUpdate": update,
    "catalogContextUpdate": update_context,
    "catalogDelete": delete,
    "priceListCreate": create_price_list,
    "priceListUpdate": update_price_list,
    "priceListFixedPricesAdd": add_fixed_prices,
    "priceListFixedPricesDelete": delete_fixed_prices,
    "priceListFixedPricesUpdate": update_fixed_prices,
    "publicationCreate": create_publication,
    "publicationUpdate": update_publication,
    "quantityRulesAdd": add_quantity_rules,
    "quantityRulesDelete": delete_quantity_rules,
}
