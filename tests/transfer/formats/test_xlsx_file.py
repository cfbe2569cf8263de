"""The workbook as a spreadsheet program opens it."""

import io

import openpyxl

from tests.transfer.samples import NO_FACTS, product, variant
from transfer.formats.xlsx_file import MAX_TEXT, write
from transfer.rows import layout
from transfer.types import BY_NAME

REDIRECT = {"id": "gid://shopify/UrlRedirect/7", "path": "=1+1", "target": "http://a.example"}


def book(*items: dict):
    sheets = [
        ("Products", layout(BY_NAME["products"].sheets[0], NO_FACTS), items),
        ("Redirects", layout(BY_NAME["redirects"].sheets[0], {}), [REDIRECT]),
    ]
    return openpyxl.load_workbook(io.BytesIO(b"".join(write(sheets))))


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


def test_a_text_beyond_excels_limit_is_cut_there():
    [row] = cells(book(product(descriptionHtml="x" * (MAX_TEXT + 5)))["Products"])
    assert row["Body HTML"] == "x" * MAX_TEXT
