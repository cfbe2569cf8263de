"""What every data type that can be imported must do: one contract over the registry.

A type is under it as soon as its writing is declared. What it does to the store is in
``test_contract_applied.py``.
"""

import csv
import io

import pytest

from models.job import COMPLETED
from tests.transfer.importing.contract import (
    Ground,
    changeable,
    each_kind,
    each_type,
    imported,
    in_capitals,
    not_of,
    otherwise,
    results,
    seeded,
)
from transfer.types import BY_NAME

pytestmark = pytest.mark.slow


@each_type
def test_an_export_is_imported_unchanged_and_nothing_is_sent(store, name):
    for ground in seeded(store, name).values():
        assert len(ground.rows) > 1
        came = ground.outcome
        assert (came.status, came.error, came.told) == (COMPLETED, None, [])
        assert came.counts == {"unchanged": len(ground.rows) - 1}
        assert came.warnings == []
        assert came.sent == []


@each_type
def test_one_changed_cell_is_the_only_difference(store, name):
    """Of every column that can be written a cell can be changed alone."""
    for ground in seeded(store, name).values():
        headers = changeable(ground.columns)
        assert headers
        found = {edit.header for edit in ground.edits(headers, taken=False)}
        assert [header for header in headers if header not in found] == []


@each_type
def test_the_same_values_written_otherwise_are_unchanged(store, name):
    for ground in seeded(store, name).values():
        changes = [ground.rewritten(number) for number in ground.objects]
        assert [one for one in changes if (one.action, one.comment) != ("unchanged", "")] == []


@each_kind
def test_a_file_that_another_program_wrote_is_unchanged(store, tmp_path, name):
    for sheet, ground in seeded(store, name).items():
        header, *rows = ground.rows
        order = sorted(range(len(header)), key=lambda place: header[place][::-1])
        again = [[in_capitals(ground.columns, header[place]) for place in order]]
        for row in rows:
            cells = [otherwise(ground.columns, *pair) for pair in zip(header, row, strict=True)]
            again.append([cells[place] for place in order])
        assert again[1:] != rows
        data = io.StringIO()
        csv.writer(data, delimiter=";", quoting=csv.QUOTE_ALL).writerows(again)
        found = {} if len(BY_NAME[name].sheets) == 1 else {"name": sheet}
        job = store.run_import(store.keep(tmp_path, data.getvalue(), type=name, **found))
        assert (job.error, not_of(job, "unchanged")[:5]) == (None, [])
        assert job.counts == {"unchanged": len(rows)}
        assert job.warnings == [] and store.changes_sent() == []


WRONG = (
    *("#REF!", "nonsense!", "12,345.67", "31/12/2025 99:99", "1.5E+17", "-", "\x00", "é🎈"),
    *("gid://shopify/Nothing/1", "x" * 66_000, "a, " * 300),
)


def told_well(ground: Ground, words: str) -> bool:
    """Whether it is a sentence that names a column."""
    named = any(header.partition(" / ")[0] in words for header in ground.columns.columns)
    return named and len(words) < 600 and words.endswith((".", "”", "…"))


@each_type
def test_wrong_cells_are_told_by_column_and_row(store, name):
    for ground in seeded(store, name).values():
        headers = ["ID", "Command", *changeable(ground.columns)]
        objects = sorted(ground.objects.items(), key=lambda one: len(one[1]))
        for header in filter(ground.columns.places.__contains__, headers):
            at = ground.columns.places[header]
            number, place = next(
                (n, place)
                for n, cells in objects
                for place, row in enumerate(cells)
                if row[at] or header not in ("ID", "Command")
            )
            for wrong in WRONG:
                change = ground.plan(number, place, header, wrong)
                assert change.action in ("failed", "update", "unchanged", "skipped", "create")
                words = change.comment[:300]
                if change.action == "failed" and not told_well(ground, change.comment):
                    pytest.fail(f"{header} with {wrong[:30]!r}: {words}")


@each_kind
def test_one_wrong_cell_does_not_stop_the_others(store, tmp_path, name):
    for sheet, ground in seeded(store, name).items():
        header, *rows = [list(row) for row in ground.rows]
        place = header.index("Command") if "Command" in header else 0
        rows[0][place] = "#REF!"
        job = imported(store, tmp_path, name, sheet, [header, *rows])
        outcomes = [row["Import Result"] for row in results(job)]
        assert outcomes[0] == "failed" and set(outcomes[1:]) <= {"failed", "unchanged"}
        same = outcomes.count("unchanged")
        assert same == sum(r[:2] != rows[0][:2] for r in rows) or same == len(rows) - 1
