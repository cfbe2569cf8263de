"""From a column to the function that reads its cell: compiled once, so each cell costs little."""

from collections.abc import Callable
from functools import partial
from typing import Any

from transfer.reading.objects import path_getter
from transfer.types.base import Column, Item
from transfer.types.forms import Render
from transfer.types.shop_facts import ShopFacts

Get = Callable[[Any], str]


def getter(column: Column, facts: ShopFacts) -> Get:
    """The text of this column's cell for what it is read from; blank where it has no value."""
    read, empty = column.form.render(facts), column.form.empty
    if column.form.constant is not None:
        return partial(_constant, column.form.constant)
    if column.path == ".":
        return read
    names = column.path.split(".")
    if "|" not in column.path and len(names) <= 2:
        if len(names) == 1:
            return _direct(names[0], read, empty)
        return _inner(names[0], names[1], read, empty)
    value_of = _value_of(column.path)

    def get(item: Item) -> str:
        value = value_of(item)
        return empty if value is None else read(value)

    return get


def through(find: Callable[[Item], Any], get: Get) -> Get:
    """The text for what is found in the item; blank where nothing is."""

    def of_start(item: Item) -> str:
        start = find(item)
        return "" if start is None else get(start)

    return of_start


def _constant(text: str, item: object) -> str:
    return text


def _direct(name: str, read: Render, empty: str) -> Get:
    """A field of the object. Texts as they stand are the commonest cells, so they cost least."""

    def text(item: Item) -> str:
        value = item.get(name)
        if value.__class__ is str:
            return value
        return empty if value is None else str(value)

    def get(item: Item) -> str:
        value = item.get(name)
        return empty if value is None else read(value)

    return text if read is str else get


def _inner(outer: str, name: str, read: Render, empty: str) -> Get:
    """A field of an object within the object."""

    def get(item: Item) -> str:
        inner = item.get(outer)
        value = None if inner is None else inner.get(name)
        return empty if value is None else read(value)

    return get


def _value_of(path: str) -> Callable[[Item], Any]:
    if "|" not in path:
        return path_getter(path)
    choices = [path_getter(choice) for choice in path.split("|")]

    def first(item: Item) -> object:
        return next((v for choice in choices if (v := choice(item)) is not None), None)

    return first
