"""Whether a record matches a search: what the fields of Shopify's search syntax stand for."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from standin.schema import admin, camel, typenames, with_fields
from standin.search import And, Not, Or, Term
from standin.search_fields import SEARCH_FIELDS
from standin.store import ShopStore, number

USUAL = ["title", "name", "handle", "vendor", "productType", "tags", "sku", "email", "path"]
USUAL += ["target", "firstName", "lastName", "displayName"]
ALIASES = {
    "tag": "tags",
    "inventory_total": "totalInventory",
    "inventory_quantity": "inventoryQuantity",
    "financial_status": "displayFinancialStatus",
    "fulfillment_status": "displayFulfillmentStatus",
    "operation_type": "type",
    "customer_id": "customer",
    "product_id": "product",
    "subject_type": "subjectType",
}
Ordered = TypeVar("Ordered", datetime, float, str)
OPPOSITES = {"tag_not": "tag"}


def unknown_fields(found: Iterable[Term], typename: str, searched: str = "") -> list[str]:
    """The fields of these terms that a search of the type does not know; Shopify ignores them.

    ``searched`` is the connection, "QueryRoot.products": it knows what Shopify documents of it.
    """
    return sorted(
        {t.field for t in found if t.field and not _is_indexed(t.field, typename, searched)}
    )


def matcher(tree, shop: ShopStore, typename: str, searched: str = "") -> Callable[[dict], bool]:
    """A function that says whether a record of the type (or abstract type) matches the tree."""
    if isinstance(tree, Not):
        inside = matcher(tree.part, shop, typename, searched)
        return lambda record: not inside(record)
    if isinstance(tree, And | Or):
        parts = [matcher(part, shop, typename, searched) for part in tree.parts]
        together = all if isinstance(tree, And) else any
        return lambda record: together(part(record) for part in parts)
    if tree.field and not _is_indexed(tree.field, typename, searched):
        return lambda record: True
    if tree.field in OPPOSITES:
        return matcher(Not(replace(tree, field=OPPOSITES[tree.field])), shop, typename)
    judge = _judge(tree)
    return lambda record: any(judge(value) for value in _values(shop, record, tree.field))


def _is_indexed(field: str, typename: str, searched: str) -> bool:
    documented = admin().search.get(searched)
    if documented is not None and _template(field) not in documented:
        return False
    if field == "id" or field.startswith("metafields."):
        return True
    if any(field in SEARCH_FIELDS.get(name, ()) for name in typenames(typename)):
        return True
    field = OPPOSITES.get(field, field)
    key = ALIASES.get(field) or camel(field)
    return any(key in with_fields(name).fields for name in typenames(typename))


def _template(field: str) -> str:
    """Metafields and fields of metaobjects are documented by a pattern."""
    start, dot, _ = field.partition(".")
    return {"metafields": "metafields.{namespace}.{key}", "fields": "fields.{key}"}.get(
        start if dot else "", field
    )


def _values(shop: ShopStore, record: dict, field: str | None) -> Iterable:
    if field is None:
        keys = USUAL
    elif field == "id":
        return [number(record["id"])]
    elif field.startswith("metafields."):
        return _metafield(shop, record, *(field.split(".") + [""])[1:3])
    elif meaning := SEARCH_FIELDS.get(record["__typename"], {}).get(field):
        return meaning(shop, record)
    else:
        keys = [ALIASES.get(field) or camel(field)]
    found: list = []
    for key in keys:
        value = record.get(key)
        found += value if isinstance(value, list) else [value]
    return found


def _metafield(shop: ShopStore, record: dict, namespace: str, key: str) -> list:
    return [
        field["value"]
        for field in _records(shop, record.get("metafields") or [])
        if (field["namespace"], field["key"]) == (namespace, key)
    ]


def _records(shop: ShopStore, references: list) -> list[dict]:
    found = shop.get_many(r for r in references if isinstance(r, str))
    records = (found.get(r) if isinstance(r, str) else r for r in references)
    return [record for record in records if record]


def _judge(term: Term) -> Callable[[object], bool]:
    """A function that says whether one value of a record satisfies the term."""
    wanted = term.value.lower()
    if term.compare != ":":
        return lambda value: value is not None and _compare(value, term.compare, term.value)
    if wanted == "*" and not term.quoted:
        return lambda value: value not in (None, "")
    if wanted.endswith("*") and not term.quoted:
        start = wanted[:-1]
        return lambda value: any(word.startswith(start) for word in _words(value))
    if term.field is None and not term.quoted:
        return lambda value: any(word.startswith(wanted) for word in _words(value))
    listed = [wanted] if term.quoted else [wanted, *wanted.split(",")]  # status:active,draft
    return lambda value: value is not None and any(_equal(value, one) for one in listed)


def _words(value) -> list[str]:
    text = "" if value is None else str(value).lower()
    return [text, *text.split()]


def _equal(value, wanted: str) -> bool:
    if isinstance(value, bool):
        return wanted == str(value).lower()
    if isinstance(value, int | float):
        return _compare(value, ">=", wanted) and _compare(value, "<=", wanted)
    text = str(value).lower()
    if text == wanted or f" {wanted} " in f" {' '.join(text.split())} ":
        return True
    if text.startswith("gid://"):
        return str(number(text)) == wanted
    return len(wanted) == 10 and _time(value) is not None and text[:10] == wanted


def _compare(value, compare: str, wanted: str) -> bool:
    """Compare as moments, then as numbers, then as text; an id by its number."""
    if isinstance(value, str) and value.startswith("gid://"):
        value = number(value)
    left, right = _time(value), _time(wanted)
    if left is not None and right is not None:
        return _ordered(left, compare, right)
    try:
        return _ordered(float(value), compare, float(wanted))
    except (TypeError, ValueError):
        return _ordered(str(value).lower(), compare, wanted.lower())


def _ordered(left: Ordered, compare: str, right: Ordered) -> bool:
    if compare.endswith("=") and left == right:
        return True
    return left > right if compare.startswith(">") else left < right


def _time(value) -> datetime | None:
    if not isinstance(value, str) or len(value) < 10 or value[4] != "-":
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
