"""Metafields without a definition: nobody can name them before the objects are read.

A connection brings all metafields of the objects. Those with a definition are dropped line by line,
for they have a column already; what the others are called is found when an export is counted. From
then on they are facts of the shop, and each is put under an alias like any other metafield.
"""

from collections.abc import Iterable, Iterator

import orjson

from transfer.reading.shop_facts import SEO, WITH_SEO, column_name
from transfer.types.base import Connection, DataType, Item, Pass
from transfer.types.metafields import FRAGMENTS, undefined
from transfer.types.shop_facts import MetafieldDefinition, ShopFacts

MOST = 1_000
"""Columns for each type of owner: a workbook holds 16,384 in all."""
LINE = b'{"id":"gid://shopify/Metafield/'

Name = tuple[str, str, str]
"""Namespace, key and type: without a definition one key may have several types."""


def without_defined(lines: Iterable[bytes], step: Pass, facts: ShopFacts) -> Iterable[bytes]:
    """The result lines of a pass but for metafields that have a definition."""
    if not (owner := _owner(step)):
        return lines
    known = {(d.namespace, d.key) for d in facts.named(f"metafields:{owner}")}
    if owner in WITH_SEO:
        known |= {("global", key) for key in SEO}
    return (line for line in lines if not (line.startswith(LINE) and _name(line)[:2] in known))


def is_named(part: Pass | Connection, facts: ShopFacts) -> bool:
    """Whether the facts name any of what a pass or connection brings: always, unless that is only
    metafields without a definition."""
    if part.undefined:
        return bool(facts.named(undefined(part.undefined)))
    return not part.connections or any(is_named(one, facts) for one in part.connections)


class Found:
    """The names of metafields without a definition among the objects that were read."""

    def __init__(self, data_type: DataType):
        self._data_type = data_type
        self._owners = {owner: dict[Name, None]() for owner in _owners(data_type)}
        self._full: set[str] = set()

    def among(self, items: Iterable[Item]) -> Iterator[Item]:
        """The same objects; what they have is noted."""
        for item in items:
            for owner, list_name in _places(self._data_type):
                for holder in item.get(list_name, ()) if list_name else (item,):
                    for metafield in holder.get("metafields", ()):
                        self._record(owner, name_of(metafield))
            yield item

    def _record(self, owner: str, name: Name) -> None:
        names = self._owners[owner]
        if name not in names and len(names) == MOST:
            self._full.add(owner)
        elif name not in names:
            names[name] = None

    def added_to(self, facts: ShopFacts) -> ShopFacts:
        """The facts with one for each column, in the order of their names."""
        for owner, names in self._owners.items():
            there = [
                MetafieldDefinition(f"u{number}", column_name(*name), *name)
                for number, name in enumerate(sorted(names))
            ]
            facts = facts.having(undefined(owner), there)
        return facts

    def warnings(self) -> list[str]:
        return [
            f"{self._data_type.label}: only {MOST:,} metafields without a definition have a "
            f"column, the others of {owner} are left out."
            for owner in sorted(self._full)
        ]


def named(items: Iterable[Item], data_type: DataType, facts: ShopFacts) -> Iterator[Item]:
    """The objects with each metafield without a definition under its alias."""
    places = [
        (
            list_name,
            {(d.namespace, d.key, d.type): d.alias for d in facts.named(undefined(owner))},
        )
        for owner, list_name in _places(data_type)
    ]
    for item in items:
        for list_name, aliases in places:
            for holder in item.get(list_name, ()) if list_name else (item,):
                for metafield in holder.pop("metafields", ()):
                    if alias := aliases.get(name_of(metafield)):
                        holder[alias] = _as_asked_by_name(metafield)
        yield item


def name_of(metafield: Item) -> Name:
    return metafield["namespace"], metafield["key"], metafield["type"]


def _as_asked_by_name(metafield: Item) -> Item:
    value = {"value": metafield["value"]}
    if metafield["type"] in FRAGMENTS:
        value["reference"] = metafield["reference"]
    return value


def _name(line: bytes) -> Name:
    return name_of(orjson.loads(line))


def _owner(part: Pass | Connection) -> str:
    return part.undefined or next((c.undefined for c in part.connections if c.undefined), "")


def _owners(data_type: DataType) -> list[str]:
    return [owner for step in data_type.passes if (owner := _owner(step))]


def _places(data_type: DataType) -> list[tuple[str, str]]:
    """Each type of owner, with the object's list that has them; '' for the object itself."""
    return [
        (owner, step.attach.to if step.attach else "")
        for step in data_type.passes
        if (owner := _owner(step))
    ]
