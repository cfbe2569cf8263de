"""What stands in the variables of mutations for ids that Shopify has yet to give."""

import re
from collections.abc import Iterator, Mapping, Set

import orjson

from transfer.types.writing import OURS, Input, Json

GID = "gid://shopify/"
NEW_OBJECT = f"{OURS}ImportObject/"
"""Before the number of an object that this import creates: stands for its id until it has one."""
THIS_OBJECT = f"{OURS}This"
"""Stands for the id of the object itself, until it is created."""
PLACEHOLDER = re.compile(rf'(?<="){re.escape(OURS)}[^"\\]+(?=\\*")')
"""Also within the text of a list's JSON, where quotes have a backslash."""


def placeholders(variables: Input) -> set[str]:
    """The ids in the variables that are still to be had."""
    text = orjson.dumps(variables).decode()
    return set(PLACEHOLDER.findall(text)) if OURS in text else set()  # most have none


def placeholder_of(number: int) -> str:
    """What stands for the id of the object with this number, which the import creates."""
    return f"{NEW_OBJECT}{number}"


def numbers_in(variables: Input) -> set[int]:
    """The numbers of the objects whose ids are still to be had."""
    found = (one for one in placeholders(variables) if one.startswith(NEW_OBJECT))
    return {int(one.removeprefix(NEW_OBJECT)) for one in found}


def filled_in(variables: Input, ids: Mapping[str, str]) -> Input:
    """The variables with ids in the place of placeholders."""
    if not ids:
        return variables
    text = orjson.dumps(variables).decode()
    filled: Input = orjson.loads(PLACEHOLDER.sub(lambda found: ids.get(found[0], found[0]), text))
    return filled


def ids_listed(value: Json) -> Iterator[str]:
    """The ids that stand in lists, of which a call may do without one."""
    if isinstance(value, dict):
        for one in value.values():
            yield from ids_listed(one)
    elif isinstance(value, list):
        for one in value:
            if isinstance(one, str) and one.startswith(GID):
                yield one
            yield from ids_listed(one)


def without_listed(variables: Input, gone: Set[str]) -> Input | None:
    """The variables without these ids in their lists; None where nothing is left to be said."""
    if gone.isdisjoint(ids_listed(variables)):
        return variables
    left = _without(variables, gone)
    return left if isinstance(left, dict) and _says_something(left) else None


def _without(value: Json, gone: Set[str]) -> Json:
    if isinstance(value, dict):
        found = {name: (one, _without(one, gone)) for name, one in value.items()}
        return {name: now for name, (was, now) in found.items() if now or not was}
    if isinstance(value, list):
        return [_without(one, gone) for one in value if not (isinstance(one, str) and one in gone)]
    return value


def _says_something(value: Json) -> bool:
    """Whether there is more in it than the id of what it is about."""
    if isinstance(value, dict):
        return any(map(_says_something, value.values()))
    if isinstance(value, list):
        return bool(value)
    return not (isinstance(value, str) and value.startswith(GID))
