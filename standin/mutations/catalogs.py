"""Catalogs with their contexts: markets or company locations.

https://shopify.dev/docs/apps/build/markets/catalogs-different-markets
"""

from standin.context import Context
from standin.mutations.user_errors import refused, user_error

KINDS = {"marketIds": "MarketCatalog", "companyLocationIds": "CompanyLocationCatalog"}
OWNERS = {"MarketCatalog": "markets", "CompanyLocationCatalog": "companyLocations"}
CATALOGS = {*OWNERS, "AppCatalog"}


def create(context: Context, args: dict) -> dict:
    given = args["input"]
    used = {name: ids for name, ids in given["context"].items() if ids}
    if len(used) != 1:
        text = "Must provide exactly one context type."
        code = "MUST_PROVIDE_EXACTLY_ONE_CONTEXT_TYPE"
        return refused([user_error(["input", "context"], text, code)], "catalog")
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
    catalog, errors = catalog_of(context, args["id"])
    errors = errors or _write(context, catalog, args["input"])
    if errors:
        return refused(errors, "catalog")
    return {"catalog": context.shop.put(catalog), "userErrors": []}


def update_context(context: Context, args: dict) -> dict:
    catalog, errors = catalog_of(context, args["catalogId"])
    if errors:
        return refused(errors, "catalog")
    to_add = {name: ids for name, ids in (args.get("contextsToAdd") or {}).items() if ids}
    to_remove = {name: ids for name, ids in (args.get("contextsToRemove") or {}).items() if ids}
    if not to_add and not to_remove:
        text = "Must provide contexts to add or remove."
        code = "REQUIRES_CONTEXTS_TO_ADD_OR_REMOVE"
        return refused([user_error(None, text, code)], "catalog")
    if any(KINDS[name] != catalog["__typename"] for name in {*to_add, *to_remove}):
        text = "The context does not fit the type of the catalog."
        return refused([user_error(["contextsToAdd"], text, "CONTEXT_DRIVER_MISMATCH")], "catalog")
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
    catalog, errors = catalog_of(context, args["id"])
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


def catalog_of(context: Context, gid: str) -> tuple[dict, list[dict]]:
    """A copy of the catalog, or the userErrors that it cannot be written."""
    record = context.record(gid)
    if not record or record["__typename"] not in CATALOGS:
        return {}, [user_error(["id"], "Catalog not found.", "CATALOG_NOT_FOUND")]
    if record["__typename"] == "AppCatalog":
        text = "The catalog of an app cannot be changed."
        return {}, [user_error(["id"], text, "CANNOT_MODIFY_APP_CATALOG")]
    return dict(record), []


def of_type(context: Context, gid: str, typename: str) -> dict | None:
    record = context.record(gid)
    return dict(record) if record and record["__typename"] == typename else None


def _write(context: Context, catalog: dict, given: dict) -> list[dict]:
    errors = []
    if "title" in given:
        catalog["title"] = given["title"] or ""
        if not catalog["title"].strip():
            errors.append(user_error(["input", "title"], "Title can't be blank", "BLANK"))
    if given.get("status"):
        catalog["status"] = given["status"]
        if catalog["__typename"] == "MarketCatalog" and given["status"] != "ACTIVE":
            text = "The catalog of a market must be active."
            errors.append(user_error(["input", "status"], text, "MARKET_CATALOG_STATUS"))
    for name, kind in (("priceListId", "PriceList"), ("publicationId", "Publication")):
        if gid := given.get(name):
            if not of_type(context, gid, kind):
                code = f"{'PRICE_LIST' if kind == 'PriceList' else 'PUBLICATION'}_NOT_FOUND"
                errors.append(user_error(["input", name], f"{kind} not found.", code))
            catalog[name.removesuffix("Id")] = gid
    return errors


def _contexts(context: Context, catalog: dict, to_add, to_remove, place: list[str]) -> list[dict]:
    """Add and remove markets or company locations."""
    market = catalog["__typename"] == "MarketCatalog"
    owner = OWNERS[catalog["__typename"]]
    errors = []
    for gid in to_add:
        found = of_type(context, gid, "Market" if market else "CompanyLocation")
        if not found:
            code = "MARKET_NOT_FOUND" if market else "COMPANY_LOCATION_NOT_FOUND"
            errors.append(user_error(place, "The context could not be found.", code))
        elif gid in catalog[owner]:
            text = "The context is already assigned to the catalog."
            errors.append(user_error(place, text, "CONTEXT_ALREADY_ASSIGNED_TO_CATALOG"))
        elif market and any(one != catalog.get("id") for one in found.get("catalogs") or ()):
            text = "The market belongs to another catalog."
            errors.append(user_error(place, text, "MARKET_TAKEN"))
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


MUTATIONS = {
    "catalogCreate": create,
    "catalogUpdate": update,
    "catalogContextUpdate": update_context,
    "catalogDelete": delete,
}
