"""JSON Lines read back: the rows that a CSV of the same export has."""

import csv
import io
import zipfile

import pytest

from models.job import COMPLETED
from tests.transfer.readers import seed_of_all
from transfer.formats.bad_file import BadFile
from transfer.formats.jsonl_reader import is_jsonl, read_jsonl
from transfer.importing.header_check import check
from transfer.rows.layout import layouts
from transfer.types import ALL, BY_NAME
from transfer.types.shop_facts import ShopFacts


@pytest.fixture
def seeded(store):
    store.tell("seed", **seed_of_all())
    return store


def csv_files(store, job) -> dict[str, str]:
    """The CSV of each sheet of an export of one type."""
    data = store.file(job)
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name for name in archive.namelist() if name != "Export Summary.csv"]
            return {n.removesuffix(".csv"): archive.read(n).decode("utf-8-sig") for n in names}
    [kind] = [BY_NAME[name] for name in job.types]
    return {kind.sheets[0].name: data.decode("utf-8-sig")}


def objects(store, job) -> bytes:
    """The lines of an export of one type, those of all its sheets."""
    data = store.file(job)
    if data[:2] != b"PK":
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(archive.read(n) for n in archive.namelist() if n.endswith(".jsonl"))


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
def test_objects_are_the_rows_of_their_csv_and_their_columns_are_known(seeded, tmp_path, kind):
    job = seeded.export(kind.name)
    assert job.status == COMPLETED
    files = csv_files(seeded, job)
    job.format = "jsonl"
    path = tmp_path / "objects.jsonl"
    path.write_bytes(objects(seeded, job))
    assert is_jsonl(path)
    facts = ShopFacts.from_json(job.operations[kind.name]["facts"])
    for sheet, text in files.items():
        expected = list(csv.reader(io.StringIO(text, newline="")))
        [rows] = [list(rows) for of, rows in read_jsonl(path, kind, facts) if of == sheet]
        assert len(rows) > 1 or kind.name == "events"
        assert_same(rows, expected)
    for name in kind.facts:
        assert facts.named(name) or name == "order_status_url", f"no {name} in the stand-in's store"
    for layout in layouts(kind, facts):
        assert check(list(layout.headers), kind) == []


def assert_same(rows: list[list[str]], expected: list[list[str]]) -> None:
    """The same cells under the same headers. Metafields without a definition have no order."""
    assert sorted(rows[0]) == sorted(expected[0])
    for row, other in zip(rows[1:], expected[1:], strict=True):
        found, wanted = (
            dict(zip(rows[0], row, strict=True)),
            dict(zip(expected[0], (cell.removeprefix("'") for cell in other), strict=True)),
        )
        assert found == wanted


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"id":"gid://shopify/Product/1","variants":7}\n', "^Line 1 is not an object"),
        (
            b'{"id":"gid://shopify/Product/1","levels":[1]}\n{"variants":[',
            "^Line 2 is not an object",
        ),
        (b'{"title":"' + b"x" * 17_000_000 + b'"}\n', "^Line 1 is longer than 16 MB"),
        (b'{"title":' + b"[" * 100_000, "^Line 1 is not an object"),
    ],
    ids=["another kind", "cut off", "long", "deep"],
)
def test_what_is_no_object_of_an_export_is_refused(tmp_path, data, words):
    path = tmp_path / "objects.jsonl"
    path.write_bytes(data)
    with pytest.raises(BadFile, match=words):
        for _, rows in read_jsonl(path, BY_NAME["products"], ShopFacts()):
            list(rows)


def test_an_object_is_not_taken_for_a_file_of_another_kind(tmp_path):
    path = tmp_path / "objects"
    for data, told in ((b'\xef\xbb\xbf {"id":1}', True), (b"Path,Target\n", False), (b"", False)):
        path.write_bytes(data)
        assert is_jsonl(path) is told
