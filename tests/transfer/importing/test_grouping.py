"""Which rows of a file are about one object."""

import tracemalloc

import pytest

from tests.transfer.importing.boxes import BOXES, columns_of, planned
from transfer.importing.columns import compiled, file_columns
from transfer.importing.grouping import object_numbers
from transfer.importing.plan import plan
from transfer.importing.snapshot import Snapshot
from transfer.types import BY_NAME
from transfer.types.shop_facts import ShopFacts


def grouped(text: str) -> list[int]:
    """The number of each row's object."""
    header, *lines = [[cell.strip() for cell in line.split("|")] for line in text.split("\n")]
    columns = compiled(BOXES, header, ShopFacts())
    return [number for _, number, _ in object_numbers(lines, columns)]


@pytest.mark.parametrize(
    ("text", "objects"),
    [
        ("Handle\na\na\nb\na", [2, 2, 4, 2]),
        ("Handle\na\n a \nb", [2, 2, 4]),
        ("ID\n7\ngid://shopify/Product/7\n8", [2, 2, 4]),
        ("ID | Handle\n7 | a\n | a\n8 | b\n7 | ", [2, 2, 4, 2]),
        ("ID | Handle\n | a\n7 | a\n8 | a\n7 | a", [2, 2, 4, 2]),
        ("ID | Handle\n7 | a\n8 | a\n | a", [2, 3, 2]),
        ("Handle | Title\na | T\nb | T\na | \nb | ", [2, 3, 2, 3]),
        ("Title | SKU\nT | 1\n | 2\nU | 3\nT | 4", [2, 2, 4, 2]),
        ("Handle | SKU\n | 1\n | 2\na | 3\n | 4", [2, 2, 4, 4]),
        ("Handle | Top Row | SKU\na | true | 1\n | | 2\n | TRUE | 3\n | | 4", [2, 2, 4, 4]),
        ("ID | Handle\nx | a\nx | b", [2, 2]),
        ("Handle | ID\na", [2]),
    ],
)
def test_rows_are_together_that_name_one_object_wherever_they_stand(text, objects):
    assert grouped(text) == objects


def test_where_a_row_is_an_object_each_is_a_change_of_its_own():
    columns = file_columns(BY_NAME["redirects"], ["Path", "Target"], {})
    rows = [["/a", "/b"], ["/a", "/c"]]
    assert list(object_numbers(rows, columns, 5)) == [(5, 5, rows[0]), (6, 6, rows[1])]


def test_rows_that_are_apart_are_told():
    assert planned("Handle | Title\na | T\na | T").warnings == ()
    columns, rows = columns_of("Handle | Title\na | T\nb | U\na | T")
    change = plan(columns, [rows[0], rows[2]], Snapshot(columns))
    assert change.warnings == ("Its rows are apart in the file; they are taken together.",)


def test_many_keys_take_no_more_memory_than_a_few():
    """In memory Python's own: SQLite has a page cache of a fixed size."""

    def peak(count: int) -> int:
        columns = compiled(BOXES, ["Handle", "Title"], ShopFacts())
        rows = ([f"h{number}", f"t{number}"] for number in range(count))
        tracemalloc.start()
        for _ in object_numbers(rows, columns):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)  # what is made once and kept
    assert peak(3_000) < peak(500) + 50_000
