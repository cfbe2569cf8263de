"""What every data type that can be imported does where it is not to be: Shopify refuses it, or
somebody else was first. One contract over the registry."""

import pytest

from models.job import COMPLETED, PLANNED
from tests.transfer.importing.contract import (
    Edit,
    Ground,
    applied,
    each_kind,
    imported,
    not_of,
    results,
    seeded,
)
from tests.transfer.importing.examples import is_assigned

pytestmark = pytest.mark.slow

REFUSED = 9_999


@each_kind
def test_what_shopify_refuses_is_told_and_leaves_the_store_as_it_was(store, tmp_path, name):
    for sheet, ground in seeded(store, name).items():
        job = imported(store, tmp_path, name, sheet, ground.edited(ground.few_edits), dry_run=True)
        changes = len(not_of(job, "unchanged"))
        assert (job.status, bool(changes)) == (PLANNED, True)
        store.misbehave(userErrors=REFUSED)
        applied(store, job)
        store.misbehave()
        assert (job.status, job.error) == (COMPLETED, None)
        failed = not_of(job, "unchanged", "skipped")
        assert {result for result, _ in failed} == {"failed"} and len(failed) == changes
        assert [words for _, words in failed if not words or "variable" in words.lower()] == []
        assert ground.now(store) == ground.rows


@each_kind
def test_what_somebody_else_has_changed_is_a_conflict_and_the_others_are_done(
    store, tmp_path, name
):
    for sheet, ground in seeded(store, name).items():
        edits = ground.few_edits
        theirs = next(edit for edit in edits if is_kept(ground, edit))
        job = imported(store, tmp_path, name, sheet, ground.edited(edits), dry_run=True)
        rows = ground.edited([theirs])
        rows = [rows[0], *(rows[line] for line in ground.lines[theirs.object])]
        other = imported(store, tmp_path, name, sheet, rows, confirm={"changes": True})
        assert (other.status, not_of(other, "updated", "unchanged")) == (COMPLETED, [])
        applied(store, job)
        found = results(job)
        of_theirs = [found[line - 1] for line in ground.lines[theirs.object]]
        assert {row["Import Result"] for row in of_theirs} == {"conflict"}
        assert theirs.header in of_theirs[0]["Import Comment"]
        assert not_of(job, "updated", "unchanged", "conflict") == []


def is_kept(ground: Ground, edit: Edit) -> bool:
    """Whether the store shows what the edit asks for."""
    acts = ground.columns.columns[edit.header].column.acts
    return not (acts or is_assigned(ground.type, edit.header))
