"""What stands in the variables of mutations for ids that Shopify has yet to give."""

import re
from collections.abc import Mapping

import orjson

from transfer.types.writing import OURS, Input

NEW_OBJECT = f"{OURS}ImportObject/"
"""Before the number of an object that this import creates: stands for its id until it has one."""
THIS_OBJECT = f"{OURS}This"
"""Stands for the id of the object itself, until it is created."""
PLACEHOLDER = re.compile(rf'(?<="){re.escape(OURS)}[^"\\]+(?=\\*")')
"""Also within the text of a list's JSON, where quotes have a backslash."""


def placeholders(variables: Input) -> set[str]:
    """The ids in the variables that are still to be had."""
    return set(PLACEHOLDER.findall(orjson.dumps(variables).decode()))


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
