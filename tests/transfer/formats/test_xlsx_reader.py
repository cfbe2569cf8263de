"""Workbooks of several programs, read as calamine reads them; and XML as no program writes it."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font
from python_calamine import CalamineWorkbook

from scripts import office
from tests.chance import examples
from transfer.formats import xlsx_reader, xlsx_reader_process
from transfer.formats.bad_file import BadFile
from transfer.formats.xlsx_reader import read_sheets, sheet_names
from transfer.formats.xlsx_reader_process import NO_VALUE, SharedStrings

MAX = 250 * 1024 * 1024
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
VALUES: list[list[Any]] = [
    ["text", " spaces ", "é ✓ 😀", 'a "quote" & <tag>', "two\nlines", "_x000D_", "'=1+1"],
    [1, 0, -7, 1234567890123, 999_999_999_999_999, True, False],
    [1.5, 0.1, 1e-7, 19.99, 123456.789, -0.25, 1e21],
    [None, None, "far", None, None, 7, None],
    [],
    [datetime(2026, 1, 31, 18, 30), date(2025, 12, 31), datetime(1999, 1, 1, 0, 0, 1)],
]
EXPECTED = [
    ["text", " spaces ", "é ✓ 😀", 'a "quote" & <tag>', "two\nlines", "_x000D_", "=1+1"],
    ["1", "0", "-7", "1234567890123", "999999999999999", "true", "false"],
    ["1.5", "0.1", "1e-07", "19.99", "123456.789", "-0.25", "1.00000000000000E+21"],
    ["", "", "far", "", "", "7"],
    [],
    ["2026-01-31 18:30:00", "2025-12-31", "1999-01-01 00:00:01"],
]


def cells(path: Path, sheet: str = "Products") -> list[list[str]]:
    """The rows of a sheet without the empty cells at their end."""
    [rows] = [list(rows) for _, rows in read_sheets(path, [sheet])]
    for row in rows:
        while row and not row[-1]:
            row.pop()
    return rows


def by_openpyxl(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Products", 0)
    sheet.title = "Products"
    for row in VALUES:
        sheet.append(row)
    sheet["A1"].font = Font(bold=True)
    book.save(path)


def by_xlsxwriter(path: Path, **options: bool) -> None:
    with xlsxwriter.Workbook(path, options) as book:
        formats = {date: "yyyy-mm-dd", datetime: 'dd/mm/yy "at" h:mm:ss'}
        made = {kind: book.add_format({"num_format": code}) for kind, code in formats.items()}
        sheet = book.add_worksheet("Products")
        for number, row in enumerate(VALUES):
            for column, value in enumerate(row):
                if type(value) in made:
                    sheet.write_datetime(number, column, value, made[type(value)])
                elif isinstance(value, str):
                    sheet.write_string(number, column, value)
                else:
                    sheet.write(number, column, value)


PROGRAMS = {
    "openpyxl": by_openpyxl,
    "shared strings": by_xlsxwriter,
    "inline strings": lambda path: by_xlsxwriter(path, constant_memory=True),
    "dates from 1904": lambda path: by_xlsxwriter(path, date_1904=True),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_cells_are_read_as_people_see_them(tmp_path, program):
    path = tmp_path / "store.xlsx"
    PROGRAMS[program](path)
    expected = [list(row) for row in EXPECTED]
    if program == "openpyxl":
        expected[0][5] = "\r"  # it writes the escape as it stands
    assert cells(path) == expected


def test_what_an_office_program_saves_is_read_the_same(tmp_path):
    path, saved = tmp_path / "store.xlsx", tmp_path / "saved.xlsx"
    by_xlsxwriter(path)
    saved.write_bytes(office.converted(path, "xlsx", tmp_path))
    expected = [list(row) for row in EXPECTED]
    expected[0][5] = "_x000D_"
    assert cells(saved)[:2] + cells(saved)[3:] == expected[:2] + expected[3:]
    assert [float(cell) for cell in cells(saved)[2]] == [float(cell) for cell in expected[2]]


def as_text(cell: object) -> str:
    """What calamine gives, as we write it."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return str(cell).removesuffix(" 00:00:00")
    if isinstance(cell, time):
        return cell.strftime("%H:%M:%S")
    return str(cell)


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
NUMBERS = st.integers(-(10**14), 10**14) | st.floats(-1e12, 1e12, allow_subnormal=False).filter(
    lambda number: abs(number) > 1e-6 or number == 0
)
ROWS = st.lists(
    st.lists(st.none() | st.booleans() | TEXTS | NUMBERS, max_size=8), min_size=1, max_size=12
)


@settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=ROWS, shared=st.booleans())
def test_any_workbook_is_read_as_calamine_reads_it(tmp_path, rows, shared):
    path = tmp_path / "store.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": not shared}) as book:
        sheet = book.add_worksheet("Products")
        sheet.write_string(0, 0, "header")
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                write = sheet.write_string if isinstance(value, str) else sheet.write
                write(number, column, value)
    known = CalamineWorkbook.from_path(path).get_sheet_by_name("Products").to_python()
    ours = cells(path)
    ours += [[]] * (len(known) - len(ours))
    assert len(ours) == len(known)
    for row, other in zip(ours, known, strict=True):
        wanted = [as_text(cell).removeprefix("'") for cell in other]
        row = [cell.removeprefix("'") for cell in row] + [""] * (len(wanted) - len(row))
        assert row == wanted


def made(path: Path, rows: str, strings: str = "", *, prefix: str = "", head: str = "") -> Path:
    """A workbook of these parts."""
    p = f"{prefix}:" if prefix else ""
    xmlns = f'xmlns{":" + prefix if prefix else ""}="{MAIN}" xmlns:r="{LINKS}"'
    sheet = f"{head}<{p}worksheet {xmlns}><{p}sheetData>{rows}</{p}sheetData></{p}worksheet>"
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{LINKS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(
            (("worksheet", "/xl/worksheets/one.xml"), ("sharedStrings", "strings.xml")), 1
        )
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>'
            '<sheet name="Products" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>',
        )
        archive.writestr("xl/worksheets/one.xml", sheet)
        archive.writestr("xl/strings.xml", f"<{p}sst {xmlns}>{strings}</{p}sst>")
    return path


RICH = "<si><r><rPr><b/></rPr><t>Blue</t></r><r><t xml:space='preserve'> tee</t></r>"
RICH += "<rPh sb='0' eb='1'><t>ブルー</t></rPh></si>"


@pytest.mark.parametrize(
    ("rows", "strings", "expected"),
    [
        ("<row><c><v>1</v></c><c t='b'><v>1</v></c></row>", "", [["1", "true"]]),
        ('<row r="1"><c t="s" r="B1"><v>0</v></c></row>', "<si><t>x</t></si>", [["", "x"]]),
        ('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', RICH, [["Blue tee"]]),
        ('<row r="1"><c r="A1" t="s"><v>1</v></c></row>', "<si/><si><t>x</t></si>", [["x"]]),
        (
            '<row r="1"><c r="A1" t="s"><v>1</v></c></row>',
            "<si><t/></si><si><t>x</t></si>",
            [["x"]],
        ),
        (
            '\n <row r="1" spans="1:2">\n  <c r="A1" s="0">\n   <v>5</v>\n  </c>\n </row>\n'
            '<row r="2"/><row r="4" ht="3"><!-- x --><c r="C4"><v>6</v></c></row>\n',
            "",
            [["5"], [], [], ["", "", "6"]],
        ),
        (
            '<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t>b &amp; c</t></r></is></c>'
            '<c r="B1" t="inlineStr"><is><t>d &lt; e&#10;f</t></is></c></row>',
            "",
            [["ab & c", "d < e\nf"]],
        ),
        (
            '<row r="1"><c r="A1"><f>B1&gt;1</f></c><c r="B1"><f t="shared" si="0"/><v>2</v></c>'
            '<c r="C1" t="str"><f>D1</f><v></v></c><c r="D1" t="e"><v>#N/A</v></c>'
            '<c r="E1" t="e"/><c r="F1"/><c r="G1" t="d"><v>2026-01-31T08:00:00</v></c></row>',
            "",
            [[NO_VALUE, "2", "", "#N/A", NO_VALUE, "", "2026-01-31 08:00:00"]],
        ),
        (
            '<row r="1"><c r="A1" t="str"><v>a_x000A_b_x005F_x0041_</v></c></row>',
            "",
            [["a\nb_x0041_"]],
        ),
        ('<row r="1"><c r="A1"><v><![CDATA[7]]></v></c></row>', "", [["7"]]),
        (
            '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="C1"><v>1</v></c></row>'
            '<row r="2"><c r="A2" t="inlineStr"><is><t>a_x000A_b\r\nc</t></is></c></row>'
            '<row r="3"><c r="A3" t="inlineStr"><is><t>d</t></is></c><c r="C3"><f>C1</f></c></row>'
            '<row r="4"><c r="A4" t="inlineStr"><is><t>e &amp; f</t></is></c><c r="C4"/></row>'
            '<row r="5"><c r="B5" t="s"><v>0</v></c><c r="C5"><f>C1</f><v>1</v></c></row>',
            "<si><t>x</t></si>",
            [["a", "", "1"], ["a\nb\nc"], ["d", "", NO_VALUE], ["e & f"], ["", "x", "1"]],
        ),
    ],
)
def test_xml_that_no_program_writes_is_read_as_well(tmp_path, rows, strings, expected):
    assert cells(made(tmp_path / "a.xlsx", rows, strings)) == expected


def test_elements_may_have_a_prefix(tmp_path):
    rows = '<x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c r="B1"><x:v>2</x:v></x:c></x:row>'
    rows += '<x:row r="2"><x:c r="A2" t="inlineStr"><x:is><x:t>y</x:t></x:is></x:c></x:row>'
    path = made(tmp_path / "a.xlsx", rows, "<x:si><x:t>z</x:t></x:si>", prefix="x")
    assert cells(path) == [["z", "2"], ["y"]]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ('<row r="2"><c r="A2"><v>1</v></c></row><row r="1"/>', "ALYS001"),
        ('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>', "ALYS001"),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "ALYS001"),
        ('<row r="1048577"><c r="A1"><v>1</v></c></row>', "ALYS001"),
        ('<row r="1"><c r="A1" t="s"><v>5</v></c></row>', "ALYS001"),
        ('<row r="1"><c r="A1"><v>one</v></c></row>', "ALYS001"),
        (f'<row r="1">{"<c><v>1</v></c>" * 16_385}</row>', "ALYS001"),
        ('<row r="1"><c r="A1"><v>1</v></row>', "ALYS001"),
        ('<row r="1"><c r="A1" t="str"><v>' + "x" * 18_000_000, "longer than 16 MB"),
    ],
    ids=[
        "rows turned round", "cells turned round", "column", "row", "no such string", "no number",
        "wide", "not closed", "long",
    ],
)  # fmt: skip
def test_a_broken_sheet_is_refused(tmp_path, rows, words):
    with pytest.raises(BadFile, match=words):
        cells(made(tmp_path / "a.xlsx", rows))


def test_entities_that_grow_are_refused(tmp_path):
    grows = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a0 "lol">{grows}]>'
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row>'
    with pytest.raises(BadFile, match="ALYS001"):
        cells(made(tmp_path / "a.xlsx", row, head=head))


def test_of_many_shared_strings_some_are_kept_and_all_are_found(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx_reader_process, "IN_MEMORY", 1_000_000)
    count = 100_000
    strings = "".join(f"<si><t>number {n} é</t></si>" for n in range(count))
    path = made(tmp_path / "a.xlsx", "", strings)
    tracemalloc.start()
    with zipfile.ZipFile(path) as archive:
        texts = SharedStrings(archive, "xl/strings.xml").texts
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6_000_000, "as texts they take 9 MB"
    for number in (0, count - 1, count // 2, 7):
        assert texts[number] == f"number {number} é"


@pytest.mark.everything
def test_many_shared_strings_do_not_stay_in_memory(tmp_path):
    """Three times as many as are kept as texts, each asked for out of order."""
    count = 3_000_000
    path = tmp_path / "a.xlsx"
    strings = "".join(f"<si><t>number {n} é</t></si>" for n in range(count))
    wanted = (0, count - 1, 1_500_000, 7)
    row = "".join(f'<c t="s"><v>{n}</v></c>' for n in wanted)
    made(path, f"<row>{row}</row>", strings)
    assert cells(path) == [[f"number {n} é" for n in wanted]]


def test_long_texts_that_stand_in_their_cells_do_not_stay_in_memory(tmp_path, monkeypatch):
    """Each is another one, and they are more than the reader may have."""
    monkeypatch.setattr(xlsx_reader, "MEMORY", 96)
    count, more = 4_000, "x" * 20_000
    rows = "".join(f'<row><c t="str"><v>{n} {more}</v></c></row>' for n in range(count))
    path = made(tmp_path / "a.xlsx", rows)
    [found] = [list(map(len, map("".join, rows))) for _, rows in read_sheets(path, ["Products"])]
    assert found == [len(f"{n} {more}") for n in range(count)]


def test_sheets_are_read_in_the_order_that_is_asked_for(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("A", "Empty", "Charts", "B", "Hidden"):
            sheet = book.add_worksheet(name) if name != "Charts" else book.add_chartsheet(name)
            if name in ("A", "B", "Hidden"):
                sheet.write_row(2, 0, [name, 1])
                sheet.write_row(3, 0, [name, 2])
            if name == "Charts":
                chart = book.add_chart({"type": "line"})
                chart.add_series({"values": "=A!$B$3:$B$4"})
                sheet.set_chart(chart)
        book.get_worksheet_by_name("Hidden").hide()
    assert sheet_names(path, MAX) == (["A", "Empty", "B"], ["Hidden"])
    read = [(name, list(rows)) for name, rows in read_sheets(path, ["B", "Empty", "A"], 1)]
    assert read == [("B", [["B", "1"]]), ("Empty", []), ("A", [["A", "1"]])]


def test_times_and_spans_are_dates_only_where_they_are_shown_as_such(tmp_path):
    path = tmp_path / "a.xlsx"
    codes = ["h:mm", "[h]:mm", "mm:ss.0", "0.00", '0 "days"', "#,##0 [$€-407]", "General", "[Red]0"]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Products")
        for column, code in enumerate(codes):
            sheet.write_number(0, column, 0.75, book.add_format({"num_format": code}))
    assert cells(path) == [["18:00:00", "18:00:00", "18:00:00", *["0.75"] * 5]]


def test_another_file_is_no_workbook(tmp_path):
    path = tmp_path / "a.xlsx"
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x")
    path.write_bytes(data.getvalue())
    with pytest.raises(BadFile, match="ALYS001"):
        sheet_names(path, MAX)
