"""The fields of QueryRoot: most of them follow from their return type and arguments."""

from collections.abc import Callable
from functools import partial

from graphql import GraphQLList, GraphQLOutputType
from graphql import get_named_type as named

from standin import installation, matching, media, misbehave, redeem_codes, search, search_lag
from standin.context import Context
from standin.errors import error
from standin.listings import ListListing, OwnedListing, RecordListing
from standin.payment_terms import TEMPLATES
from standin.schema import (
    camel,
    is_connection,
    node_type,
    nullable_of,
    typenames,
    with_fields,
)
from standin.store import GID, INDEXED, number

PAGING = {"first", "last", "after", "before", "reverse", "sortKey", "query", "savedSearchId"}
COUNT_LIMIT = 10_000
MOST_DIGITS = 18  # of an id that SQLite compares as a number
DISTINCT = {
    "productTags": ("Product", "tags"),
    "productTypes": ("Product", "productType"),
    "productVendors": ("Product", "vendor"),
    "discountTags": ("DiscountNode", "tags"),
}
SORTED_AS = {"INVENTORY_TOTAL": "totalInventory", "ID": None, "RELEVANCE": None}


def resolver(name: str, kind: GraphQLOutputType):
    """(context, source, arguments) -> stored form, for one field of QueryRoot."""
    if name in SPECIAL:
        return SPECIAL[name]
    leaf = named(kind)
    if name in DISTINCT:
        return partial(distinct, *DISTINCT[name])
    if is_connection(leaf):
        return partial(records, name, node_type(leaf).name)
    if leaf.name == "Count":
        return partial(count, name)
    if isinstance(nullable_of(kind), GraphQLList):
        return partial(every, leaf.name)
    return partial(one, leaf.name)


def records(name: str, typename: str, context: Context, source, args: dict) -> RecordListing:
    """The records of a type that pass the query and the other arguments, in the order asked."""
    newest_first = name == "bulkOperations"
    sort = args.get("sortKey")
    listing = RecordListing(
        context.shop,
        typenames(typename),
        sort=SORTED_AS.get(sort, camel(sort)) if sort else None,
        reverse=bool(args.get("reverse")) != newest_first,
    )
    tests: list[Callable[[dict], bool]] = [
        partial(_passes, key, value) for key, value in args.items() if key not in PAGING
    ]
    if name == "locations" and not args.get("includeInactive"):
        tests.append(lambda record: bool(record.get("isActive", True)))
    tree = search.parse(args.get("query") or "")
    if name == "files" and "status:" in (args.get("query") or ""):
        media.settle_due(context)
    if tree != search.And(()):
        searched = f"QueryRoot.{name}"
        warn(context, searched, typename, args["query"], tree)
        fast = _lookup(context, listing.types, tree)
        if fast is None and not matching.unknown_fields(search.terms(tree), typename, searched):
            fast = _with_ids(context, listing.types, tree)
        if fast is None:
            fast = _unready(context, tree) if name == "files" else None
            tests.append(matching.matcher(tree, context.shop, typename, searched))
        listing.candidates = fast
        if lag := misbehave.number(context.shop, "search_lag_ms"):
            tests.append(lambda record: not search_lag.hides(record["id"], lag))
    if tests:
        listing.matches = lambda record: all(test(record) for test in tests)
    return listing


def _node_name(connection: GraphQLOutputType) -> str:
    kind = named(connection)
    return node_type(kind).name if is_connection(kind) else ""


def distinct(typename: str, key: str, context: Context, source, args: dict) -> ListListing:
    found = set()
    for record in context.shop.iterate(typename):
        value = record.get(key) or []
        found.update(value if isinstance(value, list) else [value])
    return ListListing(sorted(found), bool(args.get("reverse")))


def count(name: str, context: Context, source, args: dict) -> dict:
    """productsCount counts what `products` lists, up to `limit`."""
    root = with_fields("QueryRoot").fields
    listed = name.removesuffix("Count")
    if listed not in root:
        return {"count": 0, "precision": "EXACT"}
    asked = {key: value for key, value in args.items() if key != "limit"}
    total = records(listed, _node_name(root[listed].type), context, source, asked).count()
    limit = args.get("limit", COUNT_LIMIT)
    if limit is not None and total > limit:
        return {"count": limit, "precision": "AT_LEAST"}
    return {"count": total, "precision": "EXACT"}


def every(typename: str, context: Context, source, args: dict) -> list[dict]:
    return [record for name in typenames(typename) for record in context.shop.all(name)]


def one(typename: str, context: Context, source, args: dict) -> dict | None:
    """The record with this id, handle, type or identifier; the only one when nothing is asked."""
    asked = {key: value for key, value in args.items() if value is not None}
    asked.update(asked.pop("identifier", None) or {})
    if "id" in asked:
        return _by_id(context, asked["id"], typenames(typename))
    if custom := asked.pop("customId", None):
        asked[f"metafields.{custom['namespace']}.{custom['key']}"] = custom["value"]
    tree = search.And(tuple(search.Term(k, ":", str(v), quoted=True) for k, v in asked.items()))
    passes = matching.matcher(tree, context.shop, typename)
    for name in typenames(typename):
        handles = [asked["handle"]] if "handle" in asked else None
        found = (
            context.shop.find(name, "handle", handles) if handles else context.shop.iterate(name)
        )
        for record in found:
            if passes(record):
                return record
    return None


def node(context: Context, source, args: dict) -> dict | None:
    return _by_id(context, args["id"], typenames("Node"))


def nodes(context: Context, source, args: dict) -> list[dict | None]:
    context.fetch(args["ids"])
    return [_by_id(context, gid, typenames("Node")) for gid in args["ids"]]


def metaobject_by_handle(context: Context, source, args: dict) -> dict | None:
    handle = args["handle"]
    found = context.shop.find("Metaobject", "handle", [handle["handle"]])
    return next((record for record in found if record["type"] == handle["type"]), None)


def location(context: Context, source, args: dict) -> dict | None:
    """The location asked for, or the shop's first."""
    return one("Location", context, source, args)


def current_bulk(context: Context, source, args: dict) -> dict | None:
    found = context.shop.all("BulkOperation")
    wanted = args.get("type") or "QUERY"
    return next((o for o in reversed(found) if o["type"] == wanted), None)


def code_discount(context: Context, source, args: dict) -> dict | None:
    found = redeem_codes.with_text(context.shop, [args["code"]])
    owner = next((one["redeems"] for one in found.values()), None)
    return context.record(f"gid://shopify/DiscountCodeNode/{number(owner)}") if owner else None


def customer(context: Context, source, args: dict) -> dict | None:
    """The customer that an identifier names, whatever it calls the fields."""
    called = {"emailAddress": "email", "phoneNumber": "phone"}
    asked = {called.get(key, key): value for key, value in args["identifier"].items()}
    return one("Customer", context, source, {"identifier": asked})


def payment_terms_templates(context: Context, source, args: dict) -> list[dict]:
    kind = args.get("paymentTermsType")
    return [one for one in TEMPLATES if kind in (None, one["paymentTermsType"])]


def api_versions(context: Context, source, args: dict) -> list[dict]:
    return [{"handle": "2026-10", "displayName": "2026-10 (Latest)", "supported": True}]


SPECIAL = {
    "appInstallation": lambda context, source, args: installation.installation(context),
    "codeDiscountNodeByCode": code_discount,
    "customerByIdentifier": customer,
    "currentAppInstallation": lambda context, source, args: installation.installation(context),
    "currentBulkOperation": current_bulk,
    "location": location,
    "metaobjectByHandle": metaobject_by_handle,
    "node": node,
    "nodes": nodes,
    "paymentTermsTemplates": payment_terms_templates,
    "publicApiVersions": api_versions,
    "shop": lambda context, source, args: installation.shop(context),
    "taxonomy": lambda context, source, args: {"__typename": "Taxonomy"},
}


def _by_id(context: Context, gid: str, allowed: tuple[str, ...]) -> dict | None:
    if not GID.match(gid):
        raise error(f"Invalid global id '{gid}'", "argumentLiteralsIncompatible")
    record = context.record(gid)
    return record if record and record["__typename"] in allowed else None


def _lookup(context: Context, types: tuple[str, ...], tree) -> list[dict] | None:
    """The records by index, when the query only names paths or handles."""
    for key in INDEXED:
        if (values := search.exact_values(tree, key)) is not None:
            return [record for name in types for record in context.shop.find(name, key, values)]
    return None


def _with_ids(context: Context, types: tuple[str, ...], tree) -> list[dict] | None:
    """The records by their numbers, when the query only names ids."""
    ids = search.exact_values(tree, "id")
    if not ids or not all(one.isdecimal() and len(one) <= MOST_DIGITS for one in ids):
        return None
    numbers = [int(one) for one in ids]
    return [record for name in types for record in context.shop.numbered(name, numbers)]


def _unready(context: Context, tree) -> list[dict] | None:
    """The files that are not ready, when the query asks for such states."""
    for part in tree.parts if isinstance(tree, search.And) else (tree,):
        states = search.exact_values(part, "status")
        if states and {*map(str.upper, states)} <= media.UNREADY:
            return media.unready(context.shop)
    return None


def _passes(key: str, value, record: dict) -> bool:
    """Whether a record passes an argument such as ownerType: or type:."""
    if key == "type" and record["__typename"].endswith("Catalog"):
        return value is None or record["__typename"] == camel(f"x_{value}_catalog")[1:]
    if value is None or key not in record:
        return True
    return record[key] in value if isinstance(value, list) else record[key] == value


def searched_list(
    context: Context, searched: str, typename: str, items: list | OwnedListing, query: str
) -> list | OwnedListing:
    """Those of a record's list of ids, or of what it owns, that match a query."""
    tree = search.parse(query)
    warn(context, searched, typename, query, tree)
    if isinstance(items, OwnedListing):
        if isinstance(tree, search.Term) and (tree.field, tree.compare) == ("id", ">"):
            return OwnedListing(context.shop, items.owner, int(tree.value))
        items = list(items.iterate())
    matches = matching.matcher(tree, context.shop, typename, searched)
    context.fetch(items)
    return [item for item in items if matches(context.existing(item))]


def warn(context: Context, searched: str, typename: str, query: str, tree) -> None:
    unknown = matching.unknown_fields(search.terms(tree), typename, searched)
    if unknown:
        context.search_warnings.append(
            {
                "path": [searched.partition(".")[2]],
                "query": query,
                "warnings": [
                    {
                        "field": one_field,
                        "message": "Invalid search field for this query.",
                        "code": "invalid_field",
                    }
                    for one_field in unknown
                ],
            }
        )
