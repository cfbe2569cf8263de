"""Lists of references in metafields: what their ids stand for, asked for many at a time.

A bulk query cannot bring them (their connection sits a level too deep), so they are looked up as
the objects stream by. What was looked up is remembered, up to a bound.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

import orjson

from shopify.admin import Admin
from transfer.metafields import TARGET, is_list, reference_cell
from transfer.types.base import DataType

AT_ONCE = 100
IDS_AT_ONCE = 200
REMEMBERED = 50_000
NODES = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ {TARGET} }} }}"


def resolved(items: Iterable[dict], kind: DataType, facts: dict, admin: Admin) -> Iterable[dict]:
    """The objects, with a ``cell`` in each metafield that lists references."""
    first = kind.passes[0]
    own = _aliases(first.repeated, facts)
    of_children = {c.name: a for c in first.connections if (a := _aliases(c.repeated, facts))}
    if not own and not of_children:
        return items
    return _resolved(items, own, of_children, admin)


def _aliases(repeated: Iterable, facts: dict) -> list[str]:
    return [
        fact["alias"]
        for part in repeated
        if part.facts.startswith("metafields:")
        for fact in facts[part.facts]
        if is_list(fact)
    ]


def _resolved(
    items: Iterable[dict], own: list[str], of_children: dict[str, list[str]], admin: Admin
) -> Iterator[dict]:
    cells: dict[str, str] = {}
    items = iter(items)
    while batch := list(islice(items, AT_ONCE)):
        metafields = [(m, orjson.loads(m["value"])) for m in _lists(batch, own, of_children)]
        _look_up({gid for _, ids in metafields for gid in ids}, cells, admin)
        for metafield, ids in metafields:
            metafield["cell"] = ", ".join(filter(None, (cells[gid] for gid in ids)))
        yield from batch
        if len(cells) > REMEMBERED:
            cells.clear()


def _lists(batch: list[dict], own: list[str], of_children: dict[str, list[str]]) -> Iterator[dict]:
    for item in batch:
        yield from filter(None, (item.get(alias) for alias in own))
        for name, aliases in of_children.items():
            for child in item[name]:
                yield from filter(None, (child.get(alias) for alias in aliases))


def _look_up(wanted: set[str], cells: dict[str, str], admin: Admin) -> None:
    unknown = sorted(wanted - cells.keys())
    for start in range(0, len(unknown), IDS_AT_ONCE):
        ids = unknown[start : start + IDS_AT_ONCE]
        nodes = admin.query(NODES, {"ids": ids})["nodes"]
        cells |= {
            gid: reference_cell(node) if node else "" for gid, node in zip(ids, nodes, strict=True)
        }
