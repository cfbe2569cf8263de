"""How far an import is: what its steps keep in the job's row between them."""

from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import JSON, Dialect
from sqlalchemy.types import TypeDecorator


@dataclass(frozen=True)
class BulkRun:
    """A bulk mutation for the objects to be created from ``first`` to ``last``. ``operation`` is
    Shopify's id of it, empty until that is known. ``whole`` says that no object has calls behind
    its first, which the mutation makes."""

    first: int
    last: int
    operation: str = ""
    whole: bool = False


@dataclass(frozen=True)
class ImportState:
    """``planned`` and ``applied`` are the numbers of the last objects that were, ``waited`` that of
    the last whose calls had waited for other objects. Up to
    ``one_by_one_to`` objects are written in a call each, without looking for a bulk run.
    ``facts`` are those of the shop that the columns of each data type go by, by its name, once they
    are asked, and ``passes`` how what an export reads of the type can be read. ``blanks`` counts,
    by column, the blank cells that are kept as the store has them, ``read_only`` those of the
    sheet that is being planned which differ and cannot be written, ``left_out``, by sentence, the
    cells without which rows are imported. ``parents`` has what the rows
    so far say of what objects are in: by type and name, ``Blog/news``, a cell for each column.
    ``parts`` are the numbers of what is only a further part of an object, as text, each with the
    object's number; 0 in an undo, where the object is in the store.
    """

    planned: int = 0
    applied: int = 0
    waited: int = 0
    one_by_one_to: int = 0
    bulk: BulkRun | None = None
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    passes: dict[str, dict[str, str | None]] = field(default_factory=dict)
    blanks: dict[str, int] = field(default_factory=dict)
    read_only: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    parents: dict[str, dict[str, str]] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)

    def is_in_parts(self, number: int) -> bool:
        """Whether an object has further parts, or is one."""
        return str(number) in self.parts or number in self._whole

    @cached_property
    def _whole(self) -> frozenset[int]:
        return frozenset(self.parts.values())


class ImportStateJson(TypeDecorator[ImportState]):
    """An ImportState, kept as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(
        self, value: ImportState | None, dialect: Dialect
    ) -> dict[str, Any] | None:
        return None if value is None else asdict(value)

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> ImportState:
        known = value or {}
        run = known.get("bulk")
        return ImportState(**known | {"bulk": run and BulkRun(**run)})
