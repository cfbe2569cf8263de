"""Marks: texts that stand nowhere else, in chosen fields of all of a shop's records.

Whoever finds one in a file knows which field it comes from.
"""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, abort

from standin import control
from standin.shops import shop_of

BLOCK = 500
bp = Blueprint("marking", __name__)


@bp.post("/_standin/<shop>/mark")
def mark(shop):
    """Fill the ``fields`` that have a text, by the endings of their dotted paths; an address of
    mail stays one, a number of digits too. Answers with each mark and where it is."""
    fields = control.body().get("fields")
    if not isinstance(fields, list) or not all(isinstance(name, str) for name in fields):
        abort(422, "fields is a list of endings of dotted paths: Customer.email, note.")
    records = shop_of(shop)
    marks: dict[str, str] = {}
    for typename in records.typenames():
        changed = []
        for record in records.iterate(typename):
            before = len(marks)
            for holder, name, path in _texts(record, typename):
                if any(f".{path}".endswith(f".{ending}") for ending in fields):
                    holder[name] = _mark(holder[name], len(marks))
                    marks[holder[name]] = path
            if len(marks) > before:
                changed.append(record)
        for start in range(0, len(changed), BLOCK):
            records.put_many(changed[start : start + BLOCK])
    return marks


def _texts(value: Any, path: str) -> Iterator[tuple[Any, str | int, str]]:
    """Where texts stand in a record: what holds them, under which name, and the dotted path."""
    if isinstance(value, dict):
        named: list[tuple[str | int, str]] = [(name, f"{path}.{name}") for name in value]
    elif isinstance(value, list):
        named = [(place, path) for place in range(len(value))]
    else:
        return
    for name, below in named:
        if isinstance(value[name], str):
            if value[name]:
                yield value, name, below
        else:
            yield from _texts(value[name], below)


def _mark(text: str, number: int) -> str:
    if "@" in text:
        return f"mark{number:06}@marked.example"
    if text.removeprefix("+").replace(" ", "").replace("-", "").isdigit():
        return f"+1808{number:07}"
    return f"Mark{number:06}"
