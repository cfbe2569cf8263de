"""The files of all 19 types in LibreOffice, openpyxl, pandas and csv: everywhere the same cells."""

import csv
import io
import zipfile

import openpyxl
import pandas
import pytest
from openpyxl.utils.escape import unescape

from scripts import office
from tests.transfer.readers import seed_of_all
from transfer.formats.csv_writer import plain
from transfer.types import ALL

TYPES = [kind.name for kind in ALL]
SHEETS = [sheet.name for kind in ALL for sheet in kind.sheets]
RISKY = {"=1+1": "/@x", "/+45 1": "=HYPERLINK(1)", "/ü 😀": "/'quoted\"", "/-": "-"}
Table = list[list[str]]


@pytest.fixture
def files(store, tmp_path):
    """A folder with the workbook of everything and its CSV files, made of the same store."""
    store.tell("seed", **seed_of_all())
    for path, target in RISKY.items():
        store.add_redirect(path, target)
    (tmp_path / "store.xlsx").write_bytes(store.file(store.export(*TYPES, format="xlsx")))
    with zipfile.ZipFile(io.BytesIO(store.file(store.export(*TYPES)))) as archive:
        archive.extractall(tmp_path)
    return tmp_path


def test_every_program_opens_the_same_cells(files):
    book = openpyxl.load_workbook(files / "store.xlsx")
    assert book.sheetnames == [*SHEETS, "Export Summary"]
    shown = {
        page.title: [list(map(unescaped, row)) for row in page.iter_rows(values_only=True)]
        for page in book.worksheets
    }
    whole = {"header": None, "dtype": object, "keep_default_na": False, "sheet_name": None}
    frames = pandas.read_excel(files / "store.xlsx", engine="calamine", **whole)
    (office_folder := files / "office").mkdir()
    in_office = office.sheets([files / "store.xlsx"], office_folder)
    assert set(frames) == set(in_office) == set(shown)
    for name, cells in shown.items():
        expected = [[text(value) for value in row] for row in cells]
        assert [[text(value) for value in row] for row in frames[name].values.tolist()] == expected
        assert like(cells, records(in_office[name])) == expected
    of_csv = office.sheets([files / f"{name}.csv" for name in SHEETS], office_folder)
    for name in SHEETS:
        cells, file = shown[name], files / f"{name}.csv"
        expected = [[text(value) for value in row] for row in cells]
        frame = pandas.read_csv(file, header=None, dtype=str, keep_default_na=False)
        read = records(file.read_bytes().decode("utf-8-sig"))
        assert (
            read == [list(map(text, row)) for row in frame.values.tolist()] == records(of_csv[name])
        )
        assert like(cells, [list(map(plain, row)) for row in read]) == expected


def unescaped(value: object) -> object:
    """openpyxl gives a carriage return as the file writes it."""
    return unescape(value) if isinstance(value, str) else value


def records(data: str) -> Table:
    """LibreOffice ends a line within a cell one way only."""
    return list(csv.reader(io.StringIO(data.replace("\r\n", "\n"), newline="")))


def text(value: object) -> str:
    """What a program has in a cell, as a text that is the same in all."""
    if value is None or isinstance(value, str):
        return (value or "").replace("\r\n", "\n")
    assert isinstance(value, int | float)
    return str(value).lower() if isinstance(value, bool) else repr(float(value))


def like(cells: list[list], texts: Table) -> Table:
    """Texts whose numbers and booleans are written as ``text`` writes those of these cells."""

    def one(value: object, written: str) -> str:
        if isinstance(value, bool):
            return written.lower()
        return repr(float(written)) if isinstance(value, int | float) else written

    return [list(map(one, *rows)) for rows in zip(cells, texts, strict=True)]
