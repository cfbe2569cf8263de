"""What one call of the Admin API carries along: its shop, its rights and what it looked up."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from standin.config import Config
from standin.store import ShopStore


@dataclass
class Context:
    config: Config
    shop: ShopStore
    denied: dict[str, str]  # as scopes.denied() gives it
    run_bulk: Callable[[str], None]  # starts the bulk operation with this id
    refuse: Callable[[], bool] = lambda: False  # whether the next mutation is to be refused
    redact: bool = False  # protected customer data comes back null, with an error but in bulk
    in_bulk: bool = False
    idempotency_key: str | None = None  # of the mutation that runs
    file_names: set[str] = field(default_factory=set)  # once they were looked at
    search_warnings: list[dict] = field(default_factory=list)
    _known: dict[str, dict | None] = field(default_factory=dict)

    def record(self, reference) -> dict | None:
        """The record that a gid names; a dict is its own record."""
        if not isinstance(reference, str):
            return reference
        if reference not in self._known:
            self._known[reference] = self.shop.get(reference)
        return self._known[reference]

    def existing(self, reference) -> dict:
        """The record that a gid names and that another record counts on; KeyError without it."""
        record = self.record(reference)
        if record is None:
            raise KeyError(reference)
        return record

    def fetch(self, references: Iterable) -> None:
        """Look up many gids at once, for record() to find."""
        missing = {r for r in references if isinstance(r, str) and r not in self._known}
        found = self.shop.get_many(missing)
        self._known.update((gid, found.get(gid)) for gid in missing)

    def looked_up(self) -> int:
        """How many records are remembered."""
        return len(self._known)

    def forget(self) -> None:
        """Drop what was looked up: the store has changed, or memory is to stay small."""
        self._known.clear()


def now() -> str:
    """This moment, as the Admin API writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
