"""Files that are made to hurt: each gets a sentence, in memory that is bounded.

With ``--everything`` they are ten times as large, in the same memory.
"""

import io
import struct
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain, repeat
from string import ascii_lowercase
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from models import db, import_row
from models.import_object import ImportObject
from models.import_row import MOST_CHARACTERS, ImportRow
from tests.transfer.importing.files import zipped
from tests.transfer.importing.measured import measured
from transfer.importing import planning, steps

CSV, READER = "Path,Target\n", 400
"""MB that the process which reads a workbook may hold; it is ended at 1,024."""
NAMES = (
    '<workbook xmlns="m" xmlns:r="r"><sheets><sheet name="Redirects" r:id="a"/></sheets></workbook>'
)
QUOTE, KEY_END = '"', '":1,'
PARTS = (
    '<Relationships xmlns="m"><Relationship Id="a" Type="x/worksheet" Target="s.xml"/>'
    '<Relationship Id="b" Type="x/sharedStrings" Target="t.xml"/></Relationships>'
)


class Hurting(NamedTuple):
    """A file of a type, so many times as large, what is told of it, and the most MB for it."""

    type: str
    file: Callable[[int], str | bytes]
    told: str
    most: int


def of_any_case(count: int, start: str = "", end: str = "\n") -> str:
    """Texts that differ in case alone."""
    letters = [(one, one.upper()) for one in ascii_lowercase]
    words = ("".join(pair[n >> at & 1] for at, pair in enumerate(letters)) for n in range(count))
    return "".join(f"{start}{word}{end}" for word in words)


def columns(count: int) -> str:
    return ",".join(["Path", *(f"c{number}" for number in range(count - 1))])


def workbook(rows: Iterable[str], strings: Iterable[str] = (), names: str = NAMES) -> bytes:
    """A workbook of this XML: rows of redirects, and shared strings."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", names)
        archive.writestr("xl/_rels/workbook.xml.rels", PARTS)
        header = '<row><c t="str"><v>Path</v></c><c t="str"><v>Target</v></c></row>'
        for name, parts in (
            ("s", ['<worksheet xmlns="m"><sheetData>', header, *rows, "</sheetData></worksheet>"]),
            ("t", ['<sst xmlns="m">', *(f"<si><t>{one}</t></si>" for one in strings), "</sst>"]),
        ):
            with archive.open(f"xl/{name}.xml", "w") as file:
                for part in parts:
                    file.write(part.encode())
    return out.getvalue()


def row(cell: str, count: int = 1) -> str:
    return f"<row>{cell * count}</row>"


def many_entities() -> bytes:
    """Ten entities, each ten times the one before: 10 GB of a list of sheets."""
    named = [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)]
    doctype = f'<!DOCTYPE x [<!ENTITY e0 "{"x" * 10}">{"".join(named)}]>'
    return workbook([], names=f"{doctype}{NAMES.replace('Redirects', '&e9;')}")


def directory(count: int) -> bytes:
    """A zip of so many empty files, of which it says at its end that it is one."""
    entry = b"PK\1\2" + struct.pack("<6H3I5H2I", 20, 20, *[0] * 7, 1, *[0] * 6) + b"a"
    data = b"PK\3\4" + bytes(26) + entry * count
    size, end = len(entry) * count, len(data)
    data += b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 20, 20, 0, 0, count, count, size, 30)
    data += b"PK\6\7" + struct.pack("<IQI", 0, end, 1)
    return data + b"PK\5\6" + struct.pack("<4H2IH", 0, 0, 1, 1, 47, 30, 0)


FILES = {
    "csv: a row of 4 MB": Hurting(
        "redirects", lambda n: f"{CSV}{'a' * 4_194_000},/b\n", "longer than 1,024 characters", 60
    ),
    "csv: a quote that does not end": Hurting(
        "redirects", lambda n: f'{CSV}/a,"' + "b,\n" * 2_000_000 * n, "a row of more than 4 MB", 40
    ),
    "csv: 16,384 columns": Hurting(
        "redirects", lambda n: f"{columns(16_384)}\n" + "/a\n" * 10 * n, "ALYS005", 60
    ),
    "csv: 16,385 columns": Hurting(
        "redirects", lambda n: f"{columns(16_385)}\n/a\n", "16,384 at most are read", 20
    ),
    "csv: keys that differ in case": Hurting(
        "redirects", lambda n: CSV + of_any_case(2_000 * n, "/", ",/x\n"), "Path: ", 60
    ),
    "csv: rows of one handle in any case": Hurting(
        "products",
        lambda n: "Handle,Title,Option1 Value\n" + of_any_case(1_000 * n, end=",T,1\n"),
        "“1” is there twice; the first is taken. More rows have warnings than are told here.",
        100,
    ),
    "csv: deep nesting in cells": Hurting(
        "products",
        lambda n: f"Handle,Title,Metafield: c.x [json]\na,T,{'[' * 100_000}\n",
        "Metafield: c.x [json]: “[[[[",
        40,
    ),
    "xlsx: a row without an end": Hurting(
        "redirects",
        lambda n: workbook(chain(["<row>"], repeat("<c><v>1</v></c>" * 10_000, 120 * n))),
        "longer than 16 MB",
        20,
    ),
    "xlsx: one text in each cell of a row": Hurting(
        "redirects",
        lambda n: workbook([row('<c t="s"><v>0</v></c>', 250)], ["x" * 100_000 * min(n, 3)]),
        "longer than 16 MB",
        20,
    ),
    "xlsx: rows of a megabyte": Hurting(
        "redirects",
        lambda n: workbook(repeat(row(f'<c t="str"><v>{"x" * 1_000_000}</v></c>'), 12 * n)),
        "longer than 1,024 characters",
        250,
    ),
    "xlsx: 16,385 columns": Hurting(
        "redirects", lambda n: workbook([row("<c><v>1</v></c>", 16_385)]), "cannot be opened", 20
    ),
    "xlsx: deep nesting": Hurting(
        "redirects",
        lambda n: workbook([row(f"<c><is>{'<r>' * 100_000 * n}{'</r>' * 100_000 * n}</is></c>")]),
        "no rows",
        20,
    ),
    "xlsx: entities of entities": Hurting("redirects", lambda n: many_entities(), "opened", 20),
    "jsonl: deep nesting": Hurting(
        "redirects", lambda n: '{"path":' + "[" * 1_000_000 * n, "Line 1 is not an object", 60
    ),
    "jsonl: millions of values": Hurting(
        "redirects", lambda n: f'{{"x":[{"[]," * 2_000_000}1]}}', "more than 1,000,000 values", 80
    ),
    "jsonl: keys that differ in case": Hurting(
        "redirects",
        lambda n: f'{{"path":"/a","target":"/b",{of_any_case(20_000 * n, QUOTE, KEY_END)}"z":1}}',
        "Path: ",
        120,
    ),
    "jsonl: names of metafields": Hurting(
        "products",
        lambda n: "".join(metafields(place) for place in range(n)),
        "more than 250,000 characters together",
        60,
    ),
    "zip: a large file of nothing": Hurting(
        "", lambda n: zipped({"redirects.csv": CSV + "\n" * 2_000_000 * n}), "rows", 60
    ),
    "zip: a zip in a zip": Hurting("", lambda n: zipped({"a.zip": "x"}), "ALYS002", 20),
    "zip: a list of millions of files": Hurting(
        "", lambda n: directory(100_000 * n), "tens of thousands of files", 20
    ),
}


def metafields(place: int) -> str:
    names = ",".join(f'"c.k{place}_{number} [x]":1' for number in range(20_000))
    return f'{{"id":"gid://shopify/Product/1","handle":"b","metafields":{{{names}}}}}\n'


@pytest.mark.parametrize("name", FILES)
def test_it_gets_a_sentence_in_bounded_memory(store, environment, tmp_path, pytestconfig, name):
    of_type, make, told, most = FILES[name]
    file = tmp_path / "upload"
    data = make(10 if pytestconfig.option.everything else 1)
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    shop = (store.shop.id, store.key.id)
    outcome = measured(environment, tmp_path, file, "" if of_type else "a.zip", of_type, *shop)
    assert told in outcome.told
    assert outcome.own < most and outcome.reader < READER


def test_long_rows_are_planned_a_few_at_once(store, tmp_path):
    job = store.keep(tmp_path, f"{CSV}/a,/b\n")
    cells = ["/a", "x" * 3_000_000]
    db.session.add_all(ImportRow(job_id=job.id, number=n, object=n, cells=cells) for n in range(5))
    rows, more = ImportRow.of_objects(job.id, -1, 100, 4)
    assert more and sum(len(cell) for row in rows for cell in row.cells) <= MOST_CHARACTERS
    assert [row.number for row in rows] == [0, 1]


PERCENT = "Title,Type,Method,Value Type,Value,Code,Code Command\n"
PERCENT += (
    "b,Amount off Order,Code,Percentage,10,B,\na,Amount off Order,Code,Percentage,10,A,REPLACE\n"
)


@pytest.mark.parametrize(
    ("type", "text", "told"),
    [
        ("products", "Handle,Title\nb,U\na,T\n", ". Send them in several files."),
        ("discounts", PERCENT, ", and a command for all of its members. Write neither REPLACE nor"),
    ],
)
def test_an_object_of_too_many_rows_fails_alone(
    store, tmp_path, pytestconfig, monkeypatch, type, text, told
):
    """The other rows come from the database itself, so that the test is quick; in the short run a
    tenth of them are too many."""
    most = import_row.MOST_OF_ONE
    if not pytestconfig.option.everything:
        most //= 10
        for module in (import_row, planning):
            monkeypatch.setattr(module, "MOST_OF_ONE", most)
    job = store.keep(tmp_path, text, type=type, dry_run=True)
    assert steps.begin(job.id) and steps.unpack(job.id)
    db.session.execute(
        db.text(
            "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < :more) "
            "INSERT INTO import_rows (job_id, number, object, cells) "
            "SELECT job_id, number + n, object, cells FROM import_rows, n WHERE number = 3"
        ),
        {"more": most},
    )
    job.sheets = [replace(job.sheets[0], rows=most + 2)]
    db.session.commit()
    while planning.make_plan(job.id):
        """All of it is planned."""
    db.session.refresh(job)
    found = db.session.scalars(db.select(ImportObject).order_by(ImportObject.number)).all()
    assert [one.action for one in found] == ["create", "failed"]
    assert found[1].comment.startswith(f"It has more than 100,000 rows{told}")
    assert job.counts == {"failed": most + 1}


def test_large_objects_are_written_a_few_at_once(store, tmp_path):
    job = store.keep(tmp_path, f"{CSV}/a,/b\n")
    box = bytes(4_000_000)
    db.session.add_all(
        ImportObject(job_id=job.id, number=n, action="create", input_box=box) for n in range(10)
    )
    objects = ImportObject.to_write(job.id, -1, 100)
    assert 1 < len(objects) < 10
    assert len(ImportObject.to_write(job.id, objects[-1].number, 100)) == 10 - len(objects)
