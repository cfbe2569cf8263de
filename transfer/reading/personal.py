"""Objects without personal data: with stand-ins in its place, or with none."""

from collections.abc import Iterable, Iterator
from typing import Any

from transfer.reading.stand_ins import PERSON, StandIns
from transfer.types.base import DataType, Item
from transfer.types.personal import PUBLIC, TEXT, Kind, declared
from transfer.types.shop_facts import ShopFacts

HIDDEN = "gid://shopify/Customer/0"
"""What stands for a customer where there are neither stand-ins nor anybody to see."""


class Hiding:
    """Hides what is personal in the objects of a data type. Each path is looked up once.

    With ``stand_ins`` these stand in its place, without it is empty; with ``drop`` its fields are
    left out.
    """

    def __init__(
        self,
        data_type: DataType,
        facts: ShopFacts,
        stand_ins: StandIns | None = None,
        *,
        drop: bool = False,
    ):
        self._data_type, self._stand_ins, self._drop = data_type, stand_ins, drop
        repeats = [
            repeated
            for step in data_type.passes
            for found in (step.repeated, *(c.repeated for c in step.connections))
            for repeated in found
        ]
        self._named = {
            fact.alias: repeated.name
            for repeated in repeats
            for fact in facts.named(repeated.facts)
        }
        self._known: dict[str, dict[str, tuple[str, Kind | None]]] = {}

    def among(self, items: Iterable[Item]) -> Iterator[Item]:
        """The same objects, changed in place."""
        for item in items:
            yield self.hide(item)

    def hide(self, item: Item) -> Item:
        """The object itself, changed."""
        self._object(item, self._data_type.name)
        return item

    def _object(self, item: Item, path: str) -> None:
        known = self._known.setdefault(path, {})
        first, last = item.get("firstName"), item.get("lastName")
        for name in list(item):
            if name not in known:
                known[name] = self._declared(path, name)
            below, kind = known[name]
            value = item[name]
            if kind is None or (kind == PUBLIC and isinstance(value, dict | list)):
                item[name] = self._within(value, below)
            elif kind == PUBLIC or (kind == "own" and self._stand_ins is None):
                item[name] = value if kind == "own" else self._public(value)
            elif self._drop:
                del item[name]
            else:
                item[name] = self._hidden(kind, value, first, last)

    def _declared(self, path: str, name: str) -> tuple[str, Kind | None]:
        """The path of a field, and its kind; None where only what is below it is declared."""
        if name.startswith("gid://"):
            return path, None
        below = f"{path}.{self._named.get(name, name)}"
        return below, declared(below, self._data_type.personal)

    def _within(self, value: Any, path: str) -> Any:
        """What is below a path. A value of which nobody has declared what it is is personal."""
        if isinstance(value, dict):
            self._object(value, path)
            return value
        if isinstance(value, list):
            return [self._member(one, path) for one in value]
        return self._hidden(TEXT, value, None, None)

    def _member(self, value: Any, path: str) -> Any:
        """A member of a list: of texts their list is declared."""
        if isinstance(value, dict | list):
            return self._within(value, path)
        is_public = declared(path, self._data_type.personal) == PUBLIC
        return self._public(value) if is_public else self._hidden(TEXT, value, None, None)

    def _public(self, value: Any) -> Any:
        """A value that may name customers by their IDs."""
        if not isinstance(value, str) or "gid://shopify/Customer/" not in value:
            return value
        if self._stand_ins is None:
            return PERSON.sub(HIDDEN, value)
        return self._stand_ins.without_people(value)

    def _hidden(self, kind: Kind, value: Any, first: str | None, last: str | None) -> Any:
        """What stands in the place of a personal value."""
        if not isinstance(value, str):
            return [] if isinstance(value, list) else None
        if self._stand_ins is None:
            return ""
        if kind not in ("first", "last"):
            return self._stand_ins.of(kind, value)
        name = self._stand_ins.name(first, last)
        word, _, token = name.partition(" ")
        if kind == "last":
            return token if value.strip() else value
        return (word if (last or "").strip() else name) if value.strip() else value
