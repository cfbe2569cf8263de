"""Files that people send: what is read, and what is refused in one sentence."""

import io
import zipfile
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter

from scripts import office
from tests.transfer.importing.test_made_to_hurt import workbook as of_xml
from transfer.formats.bad_file import BadFile
from transfer.formats.csv_writer import BOM, table
from transfer.importing.limits import Limits
from transfer.importing.upload import Upload, choose, preview
from transfer.importing.upload import read as read_file
from transfer.types import BY_NAME
from transfer.types.shop_facts import ShopFacts

REDIRECTS = BY_NAME["redirects"]
DATA = Path(__file__).parents[2] / "data"
MEGABYTE = 1024 * 1024
LIMITS = Limits(file_bytes=MEGABYTE, rows=6_000, shop_bytes=MEGABYTE)
ROWS = [["/a", "/b"], ["/c", "/d"]]


@pytest.fixture
def read(tmp_path):
    """A function from a file's bytes to (headers, rows, warnings)."""

    def read(data: bytes):
        path = tmp_path / "upload"
        path.write_bytes(data)
        for upload in uploads(path):
            return upload.sheet.headers, list(upload.rows), upload.warnings
        raise AssertionError("no sheet")

    return read


def uploads(path: Path) -> Iterator[Upload]:
    """The sheets of redirects that a file has."""
    chosen = choose(path, LIMITS, data_type=REDIRECTS)
    return read_file(path, chosen.sheets, LIMITS, lambda name: ShopFacts())


def previewed(path: Path):
    return preview(path, choose(path, LIMITS, data_type=REDIRECTS), LIMITS).sheets[0]


def workbook(*sheets: tuple[str, list[list]]) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return data.getvalue()


CELLS = '<row><c t="str"><v>/a</v></c><c t="str"><v>/b</v></c></row>'


@pytest.mark.parametrize(
    "data",
    [
        b"Path,Target\n/a,/b\n/c,/d\n",
        b"\xef\xbb\xbfPath,Target\r\n/a,/b\r\n/c,/d",
        b'"Path";"Target"\n"/a";"/b"\n"/c";"/d"\n',
        b"Path\tTarget\n/a\t/b\n/c\t/d\n",
        b"Path|Target\n/a|/b\n/c|/d\n\n\n",
        workbook(("Redirects", [["Path", "Target"], *ROWS])),
        workbook(("Anything", [["Path", "Target"], *ROWS])),
        workbook(("Products", [["ID"]]), ("url redirects", [["Path", "Target"], *ROWS])),
        workbook(("x", [["Path", "Target"], *ROWS]), ("Export Summary", [["a"]])),
    ],
)
def test_the_same_rows_from_every_kind_of_file(read, data):
    assert read(data) == (["Path", "Target"], ROWS, [])


def test_headers_are_kept_as_written_and_known_in_any_case(read):
    headers, _, warnings = read(b" PATH ,target\n/a,/b\n")
    assert headers == [" PATH ", "target"] and warnings == []


def test_unknown_columns_are_a_warning(read):
    _, rows, warnings = read(b"Path,Ziel,Target,\n/a,x,/b,\n")
    assert rows == [["/a", "x", "/b"]]
    [warning] = warnings
    assert warning.startswith("ALYS005") and "“Ziel”" in warning


def test_a_cell_keeps_its_line_breaks_and_loses_the_guard_against_formulas(read):
    _, rows, _ = read(b'Path,Target\n"/a\r\nb","\'=1+1"\n')
    assert rows == [["/a\r\nb", "=1+1"]]


def test_empty_rows_count_but_not_at_the_end(read):
    _, rows, _ = read(b"Path,Target\n,\n/a,/b\n\n,\n")
    assert rows == [[], ["/a", "/b"]]


def test_cells_of_a_workbook_are_text_as_people_read_them(read):
    header = ["Path", "Target", "A", "B", "C"]
    _, rows, _ = read(workbook(("Redirects", [header, [7, 7.5, True, "", "x"]])))
    assert rows == [["7", "7.5", "true", "", "x"]]


def test_errors_of_a_workbook_are_read_as_they_are_shown(read):
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        book.add_worksheet("Other").write_formula(0, 0, "=1/0", None, "#DIV/0!")
        sheet = book.add_worksheet("Redirects")
        sheet.write_row(0, 0, ["Path", "Target", "Note"])
        sheet.write_formula(1, 0, "=NA()", None, "#N/A")
        sheet.write_formula(1, 1, '="/"&"b"', None, "/b")
        sheet.write_formula(3, 1, "=A9", None, "#REF!")
        sheet.write_formula(4, 2, "=A1", None, "")
    rows = read(data.getvalue())[1]
    assert rows == [["#N/A", "/b"], [], ["", "#REF!"], ["", "", "#NO VALUE"]]


def test_a_guard_in_the_text_of_a_workbook_is_taken_off_once(read):
    """Which a spreadsheet program keeps that opens a CSV file and saves it as a workbook."""
    rows = [["Path", "Target"], ["/a", "'=1+1"], ["/b", "''=x"]]
    assert read(workbook(("Redirects", rows)))[1] == [["/a", "=1+1"], ["/b", "'=x"]]


@pytest.mark.everything
def test_a_guard_that_a_spreadsheet_program_kept_is_taken_off_once(read, tmp_path):
    path = tmp_path / "redirects.csv"
    written = b"".join(table(["Path", "Target"], [["/a", "=1+1"], ["/b", "'=x"]]))
    path.write_bytes(written.removeprefix(BOM))
    assert b"'=1+1" in path.read_bytes()
    assert read(office.converted(path, "xlsx", tmp_path))[1] == [["/a", "=1+1"], ["/b", "'=x"]]


NATIVE = b"Handle,Title,Body (HTML),Vendor,Variant Grams,Cost per item\nx,X,,,,\n"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "ALYS001: the file is empty"),
        (b"\n", "The first row must name the columns"),
        (b"\xff\xfeP\x00\n\x00\x00\xd8", "Line 2 is not in UTF-16, as the file says"),
        (b"Path,Target\n/ok,/b\n/\x81\xff\xa0,/x\n", "Line 3 is not in UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "ALYS003"),
        (b"Path,Target\n" + b"/a,/b\n" * 2000 + b"/a\x00,/b\n", "Line 2002 is not text"),
        (b'Path,Target\n/a,"/b\n', "Line 2 cannot be read as CSV"),
        (b"Path,Target,PATH\n", "ALYS007: the column “Path” is there twice"),
        (b"Target,Command\n/a,NEW\n", "one of them must be ID or Path"),
        (NATIVE, "ALYS006"),
        (b"Handle,Title,Condition: Field,Condition: Value\n", "Smart Collections and Custom Coll"),
        (workbook(("Redirects", [["Path", "Target"], *ROWS]))[:-200], "ALYS001"),
        (workbook(("A", [["Path"]]), ("B", [["Path"]])), "ALYS004"),
        (workbook(("Redirects", [])), "ALYS001: the file has no rows"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(read, data, words):
    with pytest.raises(BadFile, match=words):
        read(data)


def test_a_zip_without_a_table_is_refused(read):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("redirects.doc", "Path,Target\n")
    with pytest.raises(BadFile, match="ALYS002: the zip holds no CSV"):
        read(data.getvalue())


def test_a_zip_of_tables_that_unpack_to_more_than_a_shop_may_store_is_refused(read):
    rows = "Path,Target\n".ljust(MEGABYTE * 2 // 3)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("redirects.csv", rows)
    read(data.getvalue())
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("more/redirects.csv", rows)
    assert len(data.getvalue()) < 10_000
    with pytest.raises(BadFile, match="The files in the zip are more than 1 MB"):
        read(data.getvalue())


def test_a_workbook_that_unpacks_to_far_more_is_refused(read):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "x")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (21 * MEGABYTE))
    with pytest.raises(BadFile, match="too large when unpacked"):
        read(data.getvalue())


def test_a_small_workbook_that_asks_for_many_cells_is_refused(read):
    header = ["Path", "Target"]
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        sheet = book.add_worksheet("Redirects")
        sheet.write_row(0, 0, header)
        sheet.write(1_048_575, 16_383, "far away")
    assert len(data.getvalue()) < 10_000
    with pytest.raises(BadFile, match="more than 6,000 rows"):
        read(data.getvalue())


def test_a_sheet_may_begin_anywhere(read):
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        book.add_worksheet("Redirects").write_column(0, 1, ["Path", "/a"])
    assert read(data.getvalue())[:2] == (["", "Path"], [["", "/a"]])


def test_a_workbook_is_left_in_the_middle(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(workbook(("Redirects", [["Path"], *[["/a" * 50]] * 5_000])))
    sheets = uploads(path)
    assert isinstance(sheets, Generator)
    assert next(next(sheets).rows) == ["/a" * 50]
    sheets.close()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"Path,Target" + b",c" * 20_000 + b"\n/a,/b\n", "20,002 columns"),
        (b"Path,Target," + b"c" * 1_000_000 + b"\n/a,/b\n", "more than 250,000 characters"),
        (b"Path" + b"," * 10_000 + b"\n" + b"/a\n" * 1_000, "too many empty cells"),
        (b"Path,Target\n/a" + b",/b" * 1_500_000, "Line 2 belongs to a row of more than 4 MB"),
        (b'Path,Target\n/a,"' + b"/b\n" * 1_500_000, "belongs to a row of more than 4 MB"),
    ],
    ids=["wide", "long header", "short rows", "long line", "missing quote"],
)
def test_a_file_that_would_fill_the_memory_is_refused(read, data, words):
    with pytest.raises(BadFile, match=words):
        read(data)


def hidden_sheet(visible: str, hidden: str) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        for name in (visible, hidden):
            book.add_worksheet(name).write_column(0, 0, ["Path", f"/in-{name}"])
        book.get_worksheet_by_name(hidden).hide()
    return data.getvalue()


def test_a_sheet_that_is_not_there_is_told_with_those_that_are(read):
    sheets = [(name, [["Path"]]) for name in ("Sheet1", "Old things")]
    with pytest.raises(BadFile, match=r"ALYS004.*The names are “Sheet1”, “Old things”\.$"):
        read(workbook(*sheets))
    with pytest.raises(BadFile, match=r"“S19” and 5 more\.$"):
        read(workbook(*((f"S{n}", []) for n in range(25))))


def test_a_hidden_sheet_is_not_taken(read):
    assert read(hidden_sheet("Sheet1", "Redirects"))[1] == [["/in-Sheet1"]]
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        for name in ("A", "B", "Redirects"):
            book.add_worksheet(name).write_column(0, 0, ["Path", "/a"])
        book.get_worksheet_by_name("Redirects").hide()
    with pytest.raises(BadFile, match="Hidden sheets are not read: “Redirects”. Unhide the one"):
        read(data.getvalue())


@pytest.mark.parametrize("line", [b"sep=;\r\n", b'"sep=;"\n', b"SEP=;\n", b"\xef\xbb\xbfsep=;\n"])
def test_a_sep_line_names_the_delimiter_and_is_no_row(read, line):
    assert read(line + b"Path;Target\n/a,x;/b\n") == (["Path", "Target"], [["/a,x", "/b"]], [])
    with pytest.raises(BadFile, match="Line 3 cannot be read as CSV"):
        read(line + b'Path;Target\n/a;"/b\n')


def test_signs_that_nobody_sees_in_a_header_do_not_matter(read):
    header = "\u200bPath\u200d,\u00a0Tar\u00adget\u2060,Remark\u200b\n"
    _, rows, warnings = read(header.encode() + b"/a,/b,x\n")
    assert rows == [["/a", "/b", "x"]]
    assert warnings == ["ALYS005: these columns are not known and are ignored: “Remark”."]


def test_curly_quotes_around_cells_are_shown_as_they_were_read(read):
    with pytest.raises(BadFile, match="curly quotes: “Path”,“Target” CSV needs straight quotes"):
        read("“Path”,“Target”\n“/a”,“/b”\n".encode())
    assert read("Path,Target\n/a,/“b”\n".encode())[1] == [["/a", "/“b”"]]


@pytest.mark.parametrize(
    ("ending", "name"),
    [
        ("xls", r"an old Excel workbook \(\.xls\)"),
        ("ods", r"an OpenDocument spreadsheet \(\.ods\)"),
    ],
)
def test_a_file_of_another_format_is_named_as_what_it_is(read, ending, name):
    """Both are as LibreOffice saves them."""
    with pytest.raises(BadFile, match=f"ALYS003: the file is {name}. Save it as an Excel workbook"):
        read((DATA / f"redirects.{ending}").read_bytes())


def test_a_workbook_with_a_password_is_named_as_one(read):
    with pytest.raises(BadFile, match="The workbook has a password. Remove it"):
        read((DATA / "password.xlsx").read_bytes())


def test_a_file_of_more_rows_than_allowed_is_refused(read):
    with pytest.raises(BadFile, match="more than 6,000 rows. Send it in parts"):
        read(b"Path\n" + b"a\n" * 6_001)
    assert len(read(b"Path\n" + b"a\n" * 6_000 + b"\n" * 100_000)[1]) == 6_000
    with pytest.raises(BadFile, match="more than 6,000 rows"):
        read(b"Path\n" + b"\n" * 1_100_000)


def test_empty_cells_at_the_end_of_a_row_are_not_stored(read):
    assert read(b"Path,Target,A,B,C\n/a,,,,\n,,x,,\n")[1] == [["/a"], ["", "", "x"]]


@pytest.mark.parametrize(
    ("data", "row_count"),
    [
        (b"Path,Target\n/a,/b\n", 1),
        (b"Path,Target\n" + b"/a,/b\n" * 4999, 4999),
        (b"Path,Target\n" + b"/a,/b\n" * 5000 + b"/a,/b,/c\n", None),
        (workbook(("Redirects", [["Path", "Target"], *ROWS])), 2),
    ],
    ids=["small", "nearly", "long", "workbook"],
)
def test_a_sender_waits_for_the_beginning_of_a_file(tmp_path, data, row_count):
    path = tmp_path / "upload"
    path.write_bytes(data)
    seen = previewed(path)
    assert (seen.headers, seen.rows) == (["Path", "Target"], row_count)


def test_a_workbook_that_unpacks_to_much_is_left_to_the_worker(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(of_xml([CELLS] * (21 * MEGABYTE // len(CELLS))))
    large = replace(LIMITS, file_bytes=10 * MEGABYTE)
    [sheet] = preview(path, choose(path, large, data_type=REDIRECTS), large).sheets
    assert (sheet.headers, sheet.rows) == ([], None)
    with pytest.raises(BadFile, match="too large when unpacked"):
        choose(path, LIMITS, data_type=REDIRECTS)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("Path,Target\n" + "/a,/b\n" * 200_000 + "/é,/x\n", None),
        (("Path,Target\n" + "/é,/b\n" * 200_000).encode() + b"/\xe9,/x\n", "Line 200002 is not in"),
        (("Path,Target\n" + "/é,/b\n" * 200_000).encode() + b"/\xc3", "Line 200002 is not in"),
        (b"Path,Target\n" + b"/a,/b\n" * 200_000 + b"/\x00,/x\n", "Line 200002 is not text"),
    ],
)
def test_a_long_file_is_checked_to_its_end(tmp_path, data, words):
    path = tmp_path / "upload"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    if words is None:
        assert previewed(path).rows is None
    else:
        with pytest.raises(BadFile, match=words):
            previewed(path)
