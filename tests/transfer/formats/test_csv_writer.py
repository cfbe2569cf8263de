"""CSV byte for byte, and cells that come back as they were."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from tests.transfer.samples import NO_FACTS, product, variant
from transfer.formats.csv_writer import plain, table, write
from transfer.rows.layout import layout
from transfer.types import BY_NAME

HEADERS = ["A", "B"]
CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\x01"))
RISKY = st.text("=+-@＝＋－＠'\t\r\n\",0123456789.eE x", max_size=8)


def records(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_bytes_of_a_file():
    data = b"".join(table(HEADERS, [["1", 'a "b"\nc'], ["", "é, ✓"]]))
    expected = b'"A","B"\n"1","a ""b""\nc"\n"","\xc3\xa9, \xe2\x9c\x93"\n'
    assert data == b"\xef\xbb\xbf" + expected


def test_a_file_of_objects_counts_its_rows():
    sheet = layout(BY_NAME["products"].sheets[0], NO_FACTS)
    items = [product(n, variants=[variant(n), variant(n + 1)]) for n in range(100)]
    header, *rows = records(b"".join(write(sheet, items)))
    assert [row[header.index("Row #")] for row in rows] == [str(n) for n in range(1, 201)]
    assert {len(row) for row in rows} == {len(header)}


def test_a_file_of_nothing_is_its_header():
    sheet = layout(BY_NAME["redirects"].sheets[0], NO_FACTS)
    assert b"".join(write(sheet, [])) == b'\xef\xbb\xbf"ID","Path","Command","Target"\n'


def test_what_a_spreadsheet_would_run_is_made_harmless():
    cells = ["=1+1", "+45 12 34", "-", "@SUM(A1)", "\t=1", "\r=1", "'=1", "- a list", "--5"]
    cells += ["＝1+1", "＋1", "－1+1", "＠SUM(A1)", "'＝1"]
    [_, *rows] = records(b"".join(table(HEADERS, [[cell, "x"] for cell in cells])))
    assert [row[0] for row in rows] == [f"'{cell}" for cell in cells]


def test_numbers_and_ordinary_texts_are_left_alone():
    cells = ["-3", "+4512345678", "-0.5", "1e5", "-1.5E+3", ".5", "it's", "'quoted'", "a=b", ""]
    [_, *rows] = records(b"".join(table(HEADERS, [[cell, cell] for cell in cells])))
    assert rows == [[cell, cell] for cell in cells]


@given(st.lists(st.tuples(CELL | RISKY, CELL | RISKY), max_size=5))
def test_every_cell_comes_back_as_it_was(rows):
    data = b"".join(table(HEADERS, [list(row) for row in rows]))
    [_, *found] = records(data)
    assert [tuple(plain(cell) for cell in row) for row in found] == rows


@given(CELL | RISKY)
def test_no_cell_of_a_file_can_run(cell):
    [_, [written, _]] = records(b"".join(table(HEADERS, [[cell, ""]])))
    if written.startswith(tuple("=+-@＝＋－＠\t\r")):
        float(written)
