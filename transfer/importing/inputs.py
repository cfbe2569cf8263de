"""Changes to the mutations that make them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from transfer.importing.columns import FileColumns
from transfer.importing.plan import Change
from transfer.types.base import Item
from transfer.types.writing import Input, Mutation, Reference, input_of, with_ids

NEW_OBJECT = "gid://altera/ImportObject/"
"""Before the number of an object that this import creates: stands for its id until it has one."""


@dataclass(frozen=True)
class Call:
    """A mutation to be sent, by the name of its field."""

    mutation: str
    variables: Input

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def calls(
    columns: FileColumns, change: Change, item: Item | None, resolved: Mapping[Reference, str]
) -> list[Call]:
    """The mutations that make a change, in the order in which they are sent. ``item`` is the object
    as the store has it, ``resolved`` the ids of what its cells refer to."""
    mutation: Mutation | None = getattr(columns.writing, change.action, None)
    if mutation is None:
        return []
    known = change.known
    target = (known.ref or f"{NEW_OBJECT}{known.creator}") if known else None
    made = input_of(
        {
            columns.columns[header].column.write: with_ids(columns.value(header, cell), resolved)
            for header, cell in change.after.items()
        }
    )
    return [Call(mutation.field, mutation.variables(target, made or None))]


def filled_in(variables: Input, creator: int | None, ref: str | None) -> Input:
    """The variables with the id, now that it is known, of the object that was created."""
    if creator is None or ref is None:
        return variables
    text = orjson.dumps(variables).decode()
    filled: Input = orjson.loads(text.replace(f'"{NEW_OBJECT}{creator}"', f'"{ref}"'))
    return filled
