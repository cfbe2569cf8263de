"""Lists of references in metafields: what their ids stand for, asked for many at a time.

A bulk query cannot bring them (their connection sits a level too deep), so they are looked up as
the objects stream by. What was looked up is remembered, up to a bound.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import orjson

from shopify.admin import Admin
from transfer.types.base import DataType, Item, Repeated
from transfer.types.metafields import ANY, listed, reference_cell
from transfer.types.shop_facts import METAFIELDS, MetafieldDefinition, ShopFacts

AT_ONCE = 100
IDS_AT_ONCE = 200
REMEMBERED = 50_000
NODES = f"""query ($ids: [ID!]!) {{
  nodes(ids: $ids) {{ {ANY} }}
}}"""


def resolved(
    items: Iterable[Item], data_type: DataType, facts: ShopFacts, admin: Admin
) -> Iterable[Item]:
    """The objects, with a ``cell`` in each metafield that lists references."""
    lists_of = _finder(data_type, facts)
    return items if lists_of is None else _resolved(items, lists_of, admin)


def looks_up(data_type: DataType, facts: ShopFacts) -> bool:
    """Whether the store is asked while the objects stream by."""
    return _finder(data_type, facts) is not None


def _finder(data_type: DataType, facts: ShopFacts) -> Callable[[Item], list[Item]] | None:
    """A function from an object to what lists references in it; None where nothing can."""
    aliases = [
        ("", [definition.alias for definition in _lists(step.repeated, facts)])
        for step in data_type.passes
    ] + [
        (c.name, [definition.alias for definition in _lists(c.repeated, facts)])
        for step in data_type.passes
        for c in step.connections
    ]
    aliases = [(name, found) for name, found in aliases if found]
    if not aliases and data_type.references is None:
        return None

    def lists_of(item: Item) -> list[Item]:
        found = [
            metafield
            for name, wanted in aliases
            for owner in (item.get(name, ()) if name else (item,))
            for alias in wanted
            if (metafield := owner.get(alias))
        ]
        if data_type.references is not None:
            found += [f for f in data_type.references(item) if f["value"] and listed(f["type"])]
        return found

    return lists_of


def _lists(repeated: Iterable[Repeated], facts: ShopFacts) -> Iterator[MetafieldDefinition]:
    """The definitions of metafields that list references."""
    for part in repeated:
        if part.facts.startswith(f"{METAFIELDS}:"):
            yield from (known for known in facts.named(part.facts) if listed(known.type))


def _resolved(
    items: Iterable[Item], lists_of: Callable[[Item], list[Item]], admin: Admin
) -> Iterator[Item]:
    cells: dict[str, str] = {}
    items = iter(items)
    while batch := list(islice(items, AT_ONCE)):
        metafields = [(m, orjson.loads(m["value"])) for item in batch for m in lists_of(item)]
        _look_up({gid for _, ids in metafields for gid in ids}, cells, admin)
        for metafield, ids in metafields:
            metafield["cell"] = ", ".join(filter(None, (cells[gid] for gid in ids)))
        yield from batch
        if len(cells) > REMEMBERED:
            cells.clear()


def _look_up(wanted: set[str], cells: dict[str, str], admin: Admin) -> None:
    unknown = sorted(wanted - cells.keys())
    for start in range(0, len(unknown), IDS_AT_ONCE):
        ids = unknown[start : start + IDS_AT_ONCE]
        nodes = admin.query(NODES, {"ids": ids})["nodes"]
        cells |= {
            gid: reference_cell(node) if node else "" for gid, node in zip(ids, nodes, strict=True)
        }
