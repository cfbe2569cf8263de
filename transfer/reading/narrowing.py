"""A pass without what is not needed of its objects: what costs points, and how it is left out.

Only objects within objects and connections cost anything, so the other fields always stay.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from transfer.types.base import Connection, Pass

Needed = Mapping[str, set[str] | None]
"""By the name of a connection, or "" for the object itself, the names of what is read of a node;
None is all of it. Connections that are not among them are left out, but for metafields without a
definition: the facts of the shop name those that are needed."""
TOKEN = re.compile(r"\.\.\.\s*on\s+\w+|\w+(?:\s*:\s*\w+)?(?:\s*\([^()]*\))?|[{}]")


def narrowed(step: Pass, needed: Needed) -> Pass:
    """The pass with only what is needed of its objects and of their children."""
    own = needed.get("", set())
    kept = tuple(
        replace(one, fields=without_others(one.fields, needed.get(one.name)))
        for one in step.connections
        if own is None or one.undefined or one.name in needed or one.name in own
    )
    counts = {one.count.partition(".")[0] for one in kept}
    fields = without_others(step.fields, None if own is None else own | counts)
    return replace(step, fields=fields, connections=kept)


def without_others(fields: str, names: set[str] | None) -> str:
    """The fields without the objects of other names; all when None is given. What is asked of
    certain types alone stays."""
    if names is None:
        return fields
    kept: list[str] = []
    depth = 0
    last, leaving = "", False
    for token in TOKEN.findall(fields):
        if token == "{":
            if depth == 0:
                name = last.partition(":")[0].partition("(")[0].strip()
                leaving = not last.startswith("...") and name not in names
                if leaving:
                    kept.pop()
            depth += 1
        if not leaving:
            kept.append(token)
        if token == "}":
            depth -= 1
            leaving = leaving and depth > 0
        last = token
    return " ".join(kept)


def objects_in(fields: str) -> set[str]:
    """The names of the objects among the fields of an object."""
    found, depth, last = set(), 0, ""
    for token in TOKEN.findall(fields):
        if token == "{" and depth == 0:
            found.add(last.partition(":")[0].partition("(")[0].strip())
        depth += {"{": 1, "}": -1}.get(token, 0)
        last = token
    return found


def part_of(step: Pass, name: str) -> Pass | Connection | None:
    """The pass itself for "", or the connection of this name."""
    return step if not name else next((c for c in step.connections if c.name == name), None)
