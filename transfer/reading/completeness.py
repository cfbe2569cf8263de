"""Whether the objects that were read have all of their children, as far as Shopify counts them."""

from collections.abc import Iterable, Iterator

from shopify.bulk import ResultIncomplete
from transfer.reading.objects import path_getter
from transfer.types.base import DataType, Item
from transfer.types.forms import number_of

COUNTED_FOR_US = "expected"
"""How the alias of a count begins that no file is to show."""


def complete(items: Iterable[Item], data_type: DataType) -> Iterator[Item]:
    """The same objects without the counts that were asked for this check alone, or raise
    ResultIncomplete: a bulk operation may end well with the first hundred of many children."""
    counted = [
        (connection.name, path_getter(connection.count), connection.count.split(".")[:-1])
        for step in data_type.passes
        for connection in step.connections
        if connection.count
    ]
    for item in items:
        for name, count_of, holder in counted:
            expected, found = count_of(item), len(item.get(name) or ())
            if isinstance(expected, int) and found < expected and name in item:
                raise ResultIncomplete(
                    f"{data_type.label}: Shopify gave {found:,} of {expected:,} {name} of "
                    f"{number_of(item['id'])} and said that it was done. "
                    "Start a new export."
                )
            if holder[-1].startswith(COUNTED_FOR_US):
                _drop(item, holder)
        yield item


def _drop(item: Item, path: list[str]) -> None:
    for name in path[:-1]:
        item = item.get(name) or {}
    item.pop(path[-1], None)
