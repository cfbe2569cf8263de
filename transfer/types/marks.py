"""A tag that marks a new object until it is done, where nothing else tells that it was made: a
worker that goes on after a kill finds it by that tag, and takes it off at the end."""

from collections.abc import Iterator
from typing import Any

from transfer.types.writing import MARK, Input, Mutation

UNMARK = Mutation(
    "tagsRemove",
    ("id: ID!", "tags: [String!]!"),
    target="id",
    dispensable="The tag by which this import knows it stays on it",
)


def marked(made: Input) -> Input:
    """The input of a new object, with the mark among its tags."""
    tags: Any = made.get("tags") or []
    return made | {"tags": [*tags, MARK]}


def taken_off(target: str) -> Iterator[tuple[Mutation, Input]]:
    """The call that takes the mark off an object."""
    yield UNMARK, UNMARK.variables(target, {"tags": [MARK]})
