"""Imports of several sheets: which of them are taken, by their names, and what comes of each."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping

import pytest

from models.job import COMPLETED
from tests.transfer.importing.test_upload import LIMITS, workbook
from transfer.formats.bad_file import BadFile
from transfer.importing.order import ORDER
from transfer.importing.planning import TOO_MANY_CELLS
from transfer.importing.rows import results_file, results_jsonl, results_name
from transfer.importing.sheet_choice import NoType, choose_one, choose_sheets, types_of
from transfer.importing.sheet_names import sheet_in, type_in
from transfer.importing.upload import choose
from transfer.types import ALL, BY_NAME

HEADER = ["Path", "Command", "Target"]
FIRST = [HEADER, ["/a", "NEW", "/1"], ["/b", "ERASE", "/2"]]
SECOND = [HEADER, ["/a", "UPDATE", "/3"], ["/c", "NEW", ""], ["/d", "NEW", "/4"]]
BOOK = workbook(("Redirects", FIRST), ("Export Summary", [["Sheet"]]), ("Redirects (2)", SECOND))


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def as_csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def files_of(data: bytes) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    return {name: list(csv.DictReader(io.StringIO(text))) for name, text in texts.items()}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((kind.name, kind.name) for kind in ALL),
        *((sheet.name, kind.name) for kind in ALL for sheet in kind.sheets),
        *((alias, kind.name) for kind in ALL for sheet in kind.sheets for alias in sheet.aliases),
        ("my-redirects", "redirects"),
        ("PRODUCTS (1)", "products"),
        ("products_2026-10-01", "products"),
        ("shop-products", "products"),
        ("shop files", None),
        ("draft orders of May", "draft_orders"),
        ("orders-and-products", None),
        ("myproducts", None),
        ("Export Summary", None),
        ("", None),
    ],
)
def test_a_name_says_a_type(name, kind):
    found = type_in(name)
    assert (found and found.name) == kind


def test_a_name_may_say_the_sheet_of_a_type():
    collections = BY_NAME["collections"]
    named = {name: sheet_in(name, collections) for name in ("Smart collections", "Manual", "x")}
    smart, both = named["Smart collections"], sheet_in("collections", collections)
    assert smart and smart.name == "Smart Collections"
    assert named["Manual"] is None and named["x"] is None
    assert both and both.name == "Collections"


def test_every_type_has_a_place_in_the_order():
    assert sorted(ORDER) == sorted(BY_NAME)
    first = ("metaobject_definitions", "files", "products", "customers", "companies", "catalogs")
    places = [ORDER.index(name) for name in (*first, "menus", "draft_orders", "orders")]
    assert places == sorted(places)


def test_what_is_no_type_or_cannot_be_imported_is_left_out_and_named():
    names = {name: name for name in ("Redirects", "Export Summary", "Notes", "Payouts")}
    chosen = choose_sheets(names, "store", None, others=["read me.pdf"])
    assert types_of(chosen.sheets) == ["redirects"]
    assert chosen.warnings == [
        "Left out: “Export Summary”, “Notes”, “read me.pdf”.",
        "Left out: “Payouts”. Payouts can only be exported: Shopify lets nobody write them.",
    ]


def test_what_can_only_be_exported_is_refused_when_nothing_else_is_there():
    with pytest.raises(NoType, match="Payouts can only be exported"):
        choose_sheets({"Payouts": "Payouts"}, "store", None)


def test_a_sheet_called_by_its_type_alone_goes_before_one_that_speaks_of_it():
    names = {name: name for name in ("Notes on redirects", "redirect", "Redirects (2)")}
    chosen = choose_sheets(names, "store", None)
    assert [sheet.name for sheet in chosen.sheets] == ["redirect", "Redirects (2)"]
    assert chosen.warnings == ["Left out: “Notes on redirects”."]


def test_a_workbook_with_one_sheet_goes_by_the_name_of_its_file():
    names = {"Sheet1": "Sheet1", "Export Summary": "Export Summary"}
    [sheet] = choose_sheets(names, "my-redirects", None).sheets
    assert (sheet.name, sheet.type) == ("Sheet1", "redirects")


def test_a_file_whose_name_says_nothing_is_told_the_types():
    with pytest.raises(NoType, match=r"does not say which data type.*redirects"):
        choose_one("data", None)
    with pytest.raises(NoType, match=r"The names are “A”, “B”\..*The data types are .*redirects"):
        choose_sheets({"A": "A", "B": "B"}, "data", None, hidden=["Redirects"])


@pytest.mark.parametrize(
    "file",
    [
        BOOK,
        zipped({"x/redirects.csv": as_csv(FIRST), "x/y/redirect.csv": as_csv(SECOND)}),
        zipped(
            {
                "__MACOSX/._redirects.csv": b"\x00",
                ".DS_Store": b"\x00",
                "redirects.csv": "\ufeff" + as_csv(FIRST).replace(",", ";"),
                "more/redirects.csv": as_csv(SECOND),
            }
        ),
    ],
    ids=["workbook", "zip", "zip of a Mac"],
)
def test_rows_go_on_from_sheet_to_sheet(store, tmp_path, file):
    job = store.run_import(store.keep(tmp_path, file, name="store"))
    assert job.status == COMPLETED and job.types == ["redirects"]
    assert [(sheet.offset, sheet.rows) for sheet in job.sheets] == [(0, 2), (3, 3)]
    assert store.redirects() == {"/a": "/3", "/d": "/4"}
    assert job.counts == {"created": 2, "updated": 1, "failed": 2}
    assert (job.rows, job.done) == (5, 5)


def test_results_of_several_sheets_are_a_zip_that_can_be_imported_again(store, tmp_path):
    job = store.run_import(store.keep(tmp_path, BOOK, name="store"))
    assert results_name(job) == "import-results.zip"
    found = files_of(b"".join(results_file(job)))
    assert {name: [r["Import Result"] for r in rows] for name, rows in found.items()} == {
        "Redirects.csv": ["created", "failed"],
        "Redirects (2).csv": ["updated", "failed", "created"],
    }
    failed = b"".join(results_file(job, "failed"))
    assert [len(rows) for rows in files_of(failed).values()] == [1, 1]
    again = store.run_import(store.keep(tmp_path, failed, name="import-results.zip"))
    assert again.counts == {"failed": 2}
    assert [sheet.headers for sheet in again.sheets] == [
        [*HEADER, "ID", "Import Result", "Import Comment"]
    ] * 2
    lines = b"".join(results_jsonl(job, "failed")).splitlines()
    assert lines[1].startswith(b'{"Import Sheet":"Redirects (2)","Import Row":3,"Path":"/c"')


def test_a_row_with_more_cells_than_the_header_fails_alone(store, tmp_path):
    file = b"Path,Target\n/a,/1\n/b,/2,,/x\n/c,/3\n"
    job = store.run_import(store.keep(tmp_path, file))
    assert store.redirects() == {"/a": "/1", "/c": "/3"} and job.counts["failed"] == 1
    failed = b"".join(results_file(job, "failed"))
    [row] = csv.reader(io.StringIO(failed.decode("utf-8-sig").partition("\n")[2]))
    assert row == ["/b", "/2", "", "failed", TOO_MANY_CELLS, "", "/x"]
    again = store.run_import(store.keep(tmp_path, failed))
    assert again.counts == {"failed": 1} and "/b" not in store.redirects()


def test_a_sheet_without_rows_is_passed_over(store, tmp_path):
    file = workbook(("Redirects", [HEADER]), ("Redirects (2)", SECOND), ("Redirects (3)", []))
    job = store.keep(tmp_path, file, name="store.xlsx")
    assert [sheet.name for sheet in job.sheets] == ["Redirects (2)"]
    assert store.run_import(job).rows == 3


def test_a_sentence_names_the_sheet_that_it_is_about(store, tmp_path):
    wrong = zipped({"redirects.csv": as_csv(FIRST), "redirects (2).csv": "Target\n/a\n"})
    with pytest.raises(
        BadFile, match=r"^“redirects \(2\).csv”: The first row must name the columns"
    ):
        store.keep(tmp_path, wrong, name="x.zip")
    cut = zipped({"redirects.csv": as_csv(FIRST), "redirects (2).csv": 'Path,Target\n/a,"x\n'})
    with pytest.raises(BadFile, match=r"^“redirects \(2\).csv”: Line 2 cannot be read as CSV"):
        store.keep(tmp_path, cut, name="x.zip")
    strange = zipped({"redirects.csv": as_csv(FIRST), "redirects (2).csv": "Path,Zeit\n/a,b\n"})
    job = store.keep(tmp_path, strange, name="x.zip")
    assert job.warnings[0].startswith("“redirects (2).csv”: ALYS005")


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", None),
        ("cp1252", "Windows-1252"),
        ("cp1250", "Windows-1250"),
        ("cp932", "Windows-932"),
    ],
)
def test_an_encoding_is_told_or_assumed_with_a_warning(store, tmp_path, encoding, said):
    words = {
        "cp1250": [
            "zboží-příslušenství",
            "dárkové-poukazy-děti",
            "žluťoučký-kůň",
            "šťastné-vánoce",
        ],
        "cp932": ["商品一覧のページ", "新しい靴と帽子", "お問い合わせ先", "季節の贈り物"],
    }.get(encoding, ["größe-für-männer", "café-à-la-crème", "señor-niño", "naïve-façade"])
    text = "Path,Target\r\n" + "".join(f"/{word},/seite-{word}\r\n" for word in words)
    job = store.run_import(store.keep(tmp_path, text.encode(encoding)))
    assert store.redirects() == {f"/{word}": f"/seite-{word}" for word in words}
    assert (f"read as {said}" in job.warnings[0]) if said else job.warnings == []


@pytest.mark.parametrize("delimiter", ",;\t|:")
def test_five_delimiters_are_told_apart(store, tmp_path, delimiter):
    text = "".join(f"{a}{delimiter}{b}\n" for a, b in (("Path", "Target"), ("/a", "/b")))
    store.run_import(store.keep(tmp_path, text))
    assert store.redirects() == {"/a": "/b"}


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (zipped({"a.pdf": "x"}), "ALYS002"),
        (zipped({"redirects.csv": b"0" * (2 * 1024 * 1024)}), "more than 1 MB"),
        (zipped({f"redirects {n}.csv": "Path\n/a\n" for n in range(101)}), "more than 100 files"),
        (zipped({"redirects.csv": as_csv(FIRST)})[:-40], "ALYS001"),
    ],
    ids=["no table", "bomb", "many files", "cut off"],
)
def test_a_zip_that_cannot_be_read_is_refused(tmp_path, file, words):
    path = tmp_path / "upload"
    path.write_bytes(file)
    with pytest.raises(BadFile, match=words):
        choose(path, LIMITS)


@pytest.mark.parametrize("files", [("redirects.jsonl",), ("redirects.jsonl", "redirects.csv")])
def test_objects_of_an_export_come_back_as_rows(store, tmp_path, files):
    for path in ("/a", "/b"):
        store.add_redirect(path, "/1")
    exported = store.file(store.export("redirects", format="jsonl"))
    changed = exported.replace(b'"target":"/1"', b'"target":"/2"', 1)
    if len(files) == 1:
        job = store.keep(tmp_path, changed, name=files[0])
    else:
        file = zipped(dict(zip(files, (changed, "Path,Target\n/c,/d\n"), strict=True)))
        job = store.keep(tmp_path, file, name="export.zip")
    job = store.run_import(job)
    assert job.status == COMPLETED and job.warnings == []
    assert (job.counts["updated"], job.counts["unchanged"]) == (1, 1)
    assert sorted(store.redirects().values())[:2] == ["/1", "/2"]


def test_a_line_that_is_no_object_is_told_by_its_number(store, tmp_path):
    with pytest.raises(BadFile, match="^Line 2 is not an object as an export writes it"):
        store.keep(tmp_path, b'{"id": "gid://shopify/UrlRedirect/1"}\n[]\n', name="redirects")


def test_the_row_that_another_builds_on_is_named_as_people_see_it(store, tmp_path):
    first = [HEADER, ["/x", "NEW", "/1"]]
    second = [HEADER, ["/y", "NEW", "/2"], ["/x", "UPDATE", "/3"]]
    book = workbook(("Redirects", first), ("Redirects (2)", second))
    job = store.keep(tmp_path, book, name="book.xlsx")
    store.misbehave(userErrors=1)
    store.run_import(job)
    rows = [json.loads(line) for line in results_jsonl(job)]
    assert [row["Import Result"] for row in rows] == ["failed", "created", "failed"]
    words = "Row 2 of “Redirects”, on which this row builds, was not imported."
    assert rows[2]["Import Comment"] == words


def test_objects_of_two_types_may_have_one_name(store, tmp_path):
    store.key.permissions = sorted({*store.key.permissions, "collections:import"})
    tee, gifts = [["Handle", "Title"], ["tee", "Tee"]], [["Handle", "Title"], ["tee", "Tees"]]
    file = zipped({"Products.csv": as_csv(tee), "Custom Collections.csv": as_csv(gifts)})
    job = store.run_import(store.keep(tmp_path, file, name="store.zip"))
    assert (job.status, job.error, job.counts) == (COMPLETED, None, {"created": 2})
