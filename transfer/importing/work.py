"""An object that is being written: its calls, how far they are, and what is noted meanwhile."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from models.import_object import ImportObject
from transfer.importing.snapshot import Known

NAMESPACE = uuid.UUID("5a3ad7a4-7a8c-5d0f-9a41-6b5f1f0f6f0e")
"""That of our idempotency keys and marks."""
SEEN = "seen"
"""The note of an object that is being written: by the name of a mutation with a Trace, the ids of
what such calls had left in it before the first of its own."""
LEFT = "left"
"""The note of an object that was written: the ids of what calls with a Trace have left in it, by
which an undo finds that."""
REMAKES = "remakes"
"""In the input of an object that is deleted first, and then created again."""
FOLLOWED = "followed"
"""The note of an object that is being written: the name of a mutation whose work goes on after its
answer, and the id of that work."""
REFUSED = "refused"
"""The note of an object that is being written: what Shopify said of calls that it refused."""
REFUSED_CALLS = "refused_calls"
"""The note of an object that is being written: the places of those among its calls."""


def mark_of(job_id: str, number: int) -> str:
    """The tag of an object that is being created, where nothing else tells that it was made."""
    return f"altera-{uuid.uuid5(NAMESPACE, f'{job_id} {number}').hex[:16]}"


@dataclass
class Work:
    """An object that is being written: its calls, and the ids that stand for placeholders."""

    planned: ImportObject
    calls: list[dict[str, Any]]
    before: dict[str, Any]
    after: dict[str, Any]
    known: Known | None = None
    ids: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    cut_off: bool = False
    """Whether the next call was sent once and nobody saw the answer."""
    adds: set[str] = field(default_factory=set)
    staged: dict[str, str] = field(default_factory=dict)
    """The addresses of its files in Shopify's storage, by those where we fetched them."""
    until: int = 0
    """How many of the calls are sent now; the others wait for other objects."""

    @property
    def next(self) -> dict[str, Any] | None:
        sent = self.planned.sent
        return self.calls[sent] if sent < self.until else None

    def leaves(self, gid: str) -> None:
        """Note what a call with a Trace has left; committed with its answer."""
        left = self.planned.notes.get(LEFT, [])
        self.planned.notes = {**self.planned.notes, LEFT: [*left, gid]}

    @property
    def waits(self) -> bool:
        """Whether calls are left for later."""
        return not self.errors and self.planned.sent < len(self.calls)
