"""The workbook as a spreadsheet program opens it."""

import csv
import io
import zipfile
from itertools import islice

import openpyxl

from tests.transfer.samples import NO_FACTS, product, variant
from transfer.formats import csv_writer, xlsx_writer
from transfer.formats.csv_writer import plain
from transfer.formats.xlsx_reader import read_sheets
from transfer.formats.xlsx_writer import MAX_TEXT, SheetOf, write
from transfer.rows.layout import Layout, layout
from transfer.types import BY_NAME
from transfer.types.base import Block, Column, Sheet
from transfer.types.forms import INTEGER, MONEY

REDIRECT = {"id": "gid://shopify/UrlRedirect/7", "path": "=1+1", "target": "http://a.example"}


def book(*items: dict):
    return opened(
        SheetOf("Products", layout(BY_NAME["products"].sheets[0], NO_FACTS), items),
        SheetOf("Redirects", redirects(), [REDIRECT]),
    )


def opened(*sheets: SheetOf):
    return openpyxl.load_workbook(io.BytesIO(b"".join(write(sheets))))


def redirects():
    return layout(BY_NAME["redirects"].sheets[0], NO_FACTS)


def cells(sheet) -> list[dict]:
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_a_sheet_for_each_type():
    opened = book(product())
    assert opened.sheetnames == ["Products", "Redirects"]
    [redirect] = cells(opened["Redirects"])
    assert redirect == {
        "ID": "7", "Path": "=1+1", "Command": "MERGE", "Target": "http://a.example"
    }  # fmt: skip
    assert opened["Redirects"]["B2"].data_type == "s"


def test_ids_and_dates_are_text_numbers_and_booleans_are_native():
    [first, second] = cells(book(product(variants=[variant(501), variant(502)]))["Products"])
    assert first["ID"] == "9001" and first["Variant ID"] == "501"
    assert first["Created At"] == "2025-10-16 22:48:46 +0000"
    assert first["Variant SKU"] == "0071"
    assert first["Row #"] == 1 and second["Row #"] == 2
    assert first["Top Row"] is True and second["Top Row"] is None
    assert first["Variant Taxable"] is True and first["Gift Card"] is False
    assert first["Variant Price"] == 19 and first["Variant Weight"] == 0.33
    assert first["Variant Compare At Price"] is None


def test_the_header_is_bold_and_stays_in_sight():
    sheet = book(product())["Products"]
    assert sheet.freeze_panes == "C2"
    assert sheet["A1"].font.bold and not sheet["A2"].font.bold


def test_a_column_is_as_wide_as_what_stands_in_it_within_bounds():
    items = [REDIRECT | {"path": "/a-path-of-some-length", "target": "x" * 500}]
    page = opened(SheetOf("Redirects", redirects(), items))["Redirects"]
    widths = [round(page.column_dimensions[letter].width) for letter in "ABCD"]
    assert widths == [8 + 1, 22 + 3, 7 + 3, 40 + 1]


def test_a_text_beyond_excels_limit_is_cut_there_and_counted():
    long = {**REDIRECT, "target": "x" * (MAX_TEXT + 5)}
    sheet = SheetOf("Redirects", redirects(), [REDIRECT, long, long])
    rows = cells(opened(sheet)["Redirects"])
    assert [len(row["Target"]) for row in rows] == [16, MAX_TEXT, MAX_TEXT]
    assert sheet.cut == {"Target": 2}


def test_excel_counts_an_emoji_as_two_characters():
    texts = ["😀" * (MAX_TEXT // 2) + "x", "😀" * (MAX_TEXT // 2) + "xy", "x" + "😀" * MAX_TEXT]
    sheet = SheetOf("Redirects", redirects(), [{**REDIRECT, "target": text} for text in texts])
    written = [row["Target"] for row in cells(opened(sheet)["Redirects"])]
    assert written == [texts[0], texts[1][:-1], texts[2][: 1 + MAX_TEXT // 2]]
    assert sheet.cut == {"Target": 2}


def test_rows_beyond_excels_last_go_on_in_a_second_sheet(monkeypatch):
    monkeypatch.setattr(xlsx_writer, "MAX_ROWS", 3)
    book = opened(SheetOf("Redirects", redirects(), [REDIRECT] * 5))
    assert book.sheetnames == ["Redirects", "Redirects (2)", "Redirects (3)"]
    assert [len(cells(book[name])) for name in book.sheetnames] == [2, 2, 1]
    assert book["Redirects (2)"].freeze_panes == "C2"


def test_a_sheet_that_is_too_large_to_unpack_goes_on_in_a_second_one(monkeypatch):
    monkeypatch.setattr(xlsx_writer, "CHUNK", 1)
    monkeypatch.setattr(xlsx_writer, "MAX_BYTES", 500)
    book = opened(SheetOf("Redirects", redirects(), [REDIRECT] * 5))
    counts = [len(cells(sheet)) for sheet in book.worksheets]
    assert sum(counts) == 5 and len(counts) > 1 and 0 not in counts


def test_the_first_rows_are_on_their_way_before_the_last_are_made():
    made = []

    def items():
        for number in range(20_000):
            made.append(number)
            yield REDIRECT | {"target": f"/{number}"}

    chunks = write([SheetOf("Redirects", redirects(), items())])
    assert list(islice(chunks, 3)) and len(made) < 10_000


def test_a_program_that_reads_row_by_row_finds_them_all():
    made = io.BytesIO(b"".join(write([SheetOf("Redirects", redirects(), [REDIRECT] * 5)])))
    book = openpyxl.load_workbook(made, read_only=True)
    assert len(cells(book["Redirects"])) == 5
    book.close()


def test_columns_beyond_excels_last_are_left_out_and_the_others_stay(monkeypatch):
    monkeypatch.setattr(xlsx_writer, "MAX_COLUMNS", 2)
    made = io.BytesIO(b"".join(write([SheetOf("Redirects", redirects(), [REDIRECT])])))
    rows = openpyxl.load_workbook(made)["Redirects"].iter_rows(min_row=2, values_only=True)
    assert [row[:3] for row in rows] == [("7", "=1+1", None)]


def test_a_long_name_of_a_second_sheet_is_one_that_excel_takes(monkeypatch):
    monkeypatch.setattr(xlsx_writer, "MAX_ROWS", 2)
    book = opened(SheetOf("A sheet with a name of 31 chars", redirects(), [REDIRECT] * 2))
    assert book.sheetnames[1] == "A sheet with a name of 31 c (2)"


def test_the_same_sheets_are_the_same_bytes():
    def made() -> bytes:
        return b"".join(write([SheetOf("Redirects", redirects(), [REDIRECT])]))

    assert made() == made()


def test_a_header_that_looks_like_a_formula_is_text():
    sheet = Layout(("=1+1", "B"), ("text", "text"), lambda item, number: [])
    page = opened(SheetOf("Odd", sheet, []))["Odd"]
    assert (page["A1"].value, page["A1"].data_type) == ("=1+1", "s")


RISKY = [
    "=1+1",
    "+45 12",
    "-",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "'=1",
    "a\r\nb",
    "_x0041_",
    "\x02",
    "007",
]


def test_texts_that_would_run_come_back_through_the_import_as_they_were(tmp_path):
    path = tmp_path / "redirects.xlsx"
    items = [REDIRECT | {"target": text} for text in RISKY]
    path.write_bytes(b"".join(write([SheetOf("Redirects", redirects(), items)])))
    [(header, *rows)] = [list(rows) for _, rows in read_sheets(path, ["Redirects"])]
    assert [row[header.index("Target")] for row in rows] == RISKY
    assert b"<f>" not in zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")


def test_csv_and_workbook_have_the_same_cells():
    items = [product(variants=[variant(501), variant(502)]), product(9002, title="é ✓ 😀\n=x")]
    sheet = layout(BY_NAME["products"].sheets[0], NO_FACTS)
    text = b"".join(csv_writer.write(sheet, items)).decode("utf-8-sig")
    in_csv = [[plain(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]
    page = opened(SheetOf("Products", sheet, items))["Products"]
    in_book = [list(map(written, row)) for row in page.iter_rows(values_only=True)]
    numbers = [place for place, kind in enumerate(sheet.cell_types) if kind in ("number", "money")]
    for row in in_csv[1:]:
        for place in numbers:
            row[place] = row[place] and written(float(row[place]))
    assert in_book == in_csv


def written(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def test_prices_show_two_decimals_and_other_numbers_none():
    price = Block((Column("Price", "price", MONEY), Column("Count", "count", INTEGER)))
    plain = Block((Column("Name", "name"), Column("Price", "price", MONEY)))
    items = [{"name": "a", "price": "24.0", "count": 24}]
    sheets = [
        SheetOf(f"{number}", layout(Sheet(f"{number}", (block,)), NO_FACTS), items)
        for number, block in enumerate((price, plain, price))
    ]
    book = opened(*sheets)
    for name, cell in (("0", "A2"), ("1", "B2"), ("2", "A2")):
        assert (book[name][cell].value, book[name][cell].number_format) == (24, "0.00")
    assert (book["0"]["B2"].value, book["0"]["B2"].number_format) == (24, "General")
    assert book["1"]["A1"].font.bold and book["0"]["A1"].font.bold
