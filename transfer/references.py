"""Lists of references in metafields: what their ids stand for, asked for many at a time.

A bulk query cannot bring them (their connection sits a level too deep), so they are looked up as
the objects stream by. What was looked up is remembered, up to a bound.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

import orjson

from shopify.admin import Admin
from transfer.metafields import listed, reference_cell
from transfer.types.base import DataType, Repeated

AT_ONCE = 100
IDS_AT_ONCE = 200
REMEMBERED = 50_000
NODES = "query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ __typename {fragments} }} }}"


def resolved(items: Iterable[dict], kind: DataType, facts: dict, admin: Admin) -> Iterable[dict]:
    """The objects, with a ``cell`` in each metafield that lists references."""
    first = kind.passes[0]
    own = _lists_of(first.repeated, facts)
    of_children = {c.name: _lists_of(c.repeated, facts) for c in first.connections}
    found = [fact for part in (own, *of_children.values()) for fact in part]
    if not found:
        return items
    fragments = " ".join(sorted({listed(fact) for fact in found}))
    return _resolved(items, own, of_children, NODES.format(fragments=fragments), admin)


def _lists_of(repeated: Iterable[Repeated], facts: dict) -> list[dict]:
    return [
        fact
        for part in repeated
        if part.facts.startswith("metafields:")
        for fact in facts[part.facts]
        if listed(fact)
    ]


def _resolved(
    items: Iterable[dict], own: list[dict], of_children: dict, document: str, admin: Admin
) -> Iterator[dict]:
    cells: dict[str, str] = {}
    items = iter(items)
    while batch := list(islice(items, AT_ONCE)):
        metafields = [(m, orjson.loads(m["value"])) for m in _lists(batch, own, of_children)]
        _look_up({gid for _, ids in metafields for gid in ids}, cells, document, admin)
        for metafield, ids in metafields:
            metafield["cell"] = ", ".join(filter(None, (cells[gid] for gid in ids)))
        yield from batch
        if len(cells) > REMEMBERED:
            cells.clear()


def _lists(batch: list[dict], own: list[dict], of_children: dict) -> Iterator[dict]:
    """The metafields of these objects and their children that list references."""
    for item in batch:
        yield from filter(None, (item.get(fact["alias"]) for fact in own))
        for name, facts in of_children.items():
            for child in item[name]:
                yield from filter(None, (child.get(fact["alias"]) for fact in facts))


def _look_up(wanted: set[str], cells: dict[str, str], document: str, admin: Admin) -> None:
    unknown = sorted(wanted - cells.keys())
    for start in range(0, len(unknown), IDS_AT_ONCE):
        ids = unknown[start : start + IDS_AT_ONCE]
        nodes = admin.query(document, {"ids": ids})["nodes"]
        cells |= {
            gid: reference_cell(node) if node else "" for gid, node in zip(ids, nodes, strict=True)
        }
