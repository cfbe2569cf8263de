"""What several tests of imports are arranged with."""

import pytest

from transfer.importing import apply, bulk, completion, lookup, planning, steps, store


@pytest.fixture
def small_batches(monkeypatch):
    """A tenth of the objects goes into each batch, and is worth a bulk operation: so a tenth of the
    rows shows what happens where one batch ends and the next begins."""
    for module, names in {
        apply: ["IDS_AT_ONCE"],
        bulk: ["AT_ONCE", "BUSY_FOR", "FEWEST", "WATCHED_AT_ONCE"],
        completion: ["WATCHED_AT_ONCE"],
        lookup: ["KEYS_AT_ONCE"],
        planning: ["LOOKED_UP_AT_ONCE", "ROWS_AT_ONCE"],
        steps: ["WRITTEN_AT_ONCE"],
        store: ["FEW", "FEW_IN_STORE"],
    }.items():
        for name in names:
            monkeypatch.setattr(module, name, getattr(module, name) // 10)
