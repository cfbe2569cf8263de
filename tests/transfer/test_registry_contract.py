"""What every data type that can be exported must hold; a new one without all of it fails."""

import csv
import io
import re
import zipfile
from functools import cache
from importlib import import_module
from unicodedata import category

import pytest
from graphql import (
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_composite_type,
    parse,
    visit,
)

from models.job import COMPLETED
from standin.schema import admin, is_connection, node_type
from tests.transfer.reading.test_queries import KNOWN, PASSES, runs
from tests.transfer.samples import named as one_of_each
from transfer.reading import queries
from transfer.rows.columns import all_columns, bound_columns
from transfer.rows.layout import layout
from transfer.types import ALL
from transfer.types.shop_facts import ShopFacts

LARGE = 2**63 - 2**33
"""IDs up to the largest that 64 bits hold."""
HARD = {
    "beyond ASCII": lambda text: not text.isascii(),
    "an emoji": lambda text: any(category(letter) == "So" for letter in text),
    "a quote": lambda text: '"' in text,
    "two lines": lambda text: "\n" in text,
}
"""What is hard to keep in a cell, and must be somewhere in the sheets of each type."""
PLACES = {"locations": "<location>", "catalogs": "<catalog>", "channels": "<channel>"}
each_type = pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)


def part(folder, kind):
    return import_module(f"tests.transfer.{folder}.{kind.name}")


@each_type
def test_a_type_is_whole(kind):
    assert kind.passes and kind.sheets
    reader, headers = part("readers", kind), part("headers", kind).HEADERS
    assert reader.SEED and reader.QUERY and reader.rows
    assert list(headers) == [sheet.name for sheet in kind.sheets]
    assert all(len(set(names)) == len(names) for names in headers.values())


@each_type
def test_the_headers_are_those_of_real_files(kind):
    facts = one_of_each(PLACES)
    found = {sheet.name: list(layout(sheet, facts).headers) for sheet in kind.sheets}
    assert found == part("headers", kind).HEADERS


class Asked(Visitor):
    """What a document reads, as the schema's table of access names it."""

    def __init__(self, types):
        super().__init__()
        self.types, self.names = types, set()

    def enter_field(self, node, *_):
        field, parent = self.types.get_field_def(), self.types.get_parent_type()
        if field is None:
            return
        inner = get_named_type(field.type)
        self.names.add(f"{parent.name}.{node.name.value}")
        if is_composite_type(inner):
            self.names.add(node_type(inner).name if is_connection(inner) else inner.name)


@cache
def needed(document):
    """For each thing that is guarded the scopes of which one is enough."""
    types = TypeInfo(admin().schema)
    asked = Asked(types)
    visit(parse(document), TypeInfoVisitor(types, asked))
    return {name: set(admin().access[name][0]) for name in asked.names & admin().access.keys()}


@pytest.mark.parametrize(
    ("kind", "step"), PASSES, ids=[f"{kind.name}-{step.root}" for kind, step in PASSES]
)
def test_every_operation_declares_its_scopes(kind, step):
    declared = {*kind.read_scopes, *step.scopes}
    for fact in runs(step):
        missing = {
            name: enough
            for name, enough in needed(queries.root_page(step, KNOWN, fact)).items()
            if not enough & declared
        }
        assert missing == {}


def sheets(store, kind):
    job = store.export(kind.name)
    assert (job.status, job.error, job.warnings) == (COMPLETED, None, [])
    data = store.file(job)
    names = [sheet.name for sheet in kind.sheets]
    texts = {names[0]: data}
    if len(names) > 1:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            texts = {name: archive.read(f"{name}.csv") for name in names}
    return job, {
        name: [
            {header: harmed(cell) for header, cell in row.items()}
            for row in csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline=""))
        ]
        for name, text in texts.items()
    }


def harmed(cell):
    """A cell without the apostrophe that keeps a spreadsheet from running it."""
    return cell[1:] if re.match(r"'+[=+\-@\t\r]", cell) else cell


def nodes_of(store, query):
    """The nodes of all pages of the first connection, or the one object that is asked for."""
    nodes, after = [], None
    while True:
        page = page_of(store.graphql(query, **({"after": after} if "$after" in query else {})))
        nodes += page["nodes"]
        if not page.get("pageInfo", {}).get("hasNextPage"):
            return nodes
        after = page["pageInfo"]["endCursor"]


def page_of(answer):
    for value in answer.values():
        if isinstance(value, dict):
            if "nodes" in value:
                return value
            return {"nodes": [value]} if "id" in value else page_of(value)
    return {"nodes": []}


def for_imports(sheet):
    """Headers that only an import fills, or whose value Shopify does not tell."""
    exported = (bound for bound in bound_columns(sheet) if not bound.column.imports)
    return {bound.header for bound in exported if is_for_imports(bound.column)}


def is_for_imports(column):
    """Whether a column asks for something to be done, or shows nothing whatever there is."""
    asks = column.acts and column.form.cell_type != "number"
    return asks or column.form.constant == "" or column.path in ("asked", "sent")


def unfilled(found):
    """Headers without a cell in any row."""
    filled = {header for row in found for header, cell in row.items() if cell}
    return set(found[0]) - filled


def check_row(row, cells, number, before):
    """``before`` is the row above. A cell that the reader does not name is an empty one."""
    counted = {"Row #": str(number), "Top Row": "" if before == row.get("ID") else "true"}
    expected = {header: counted.get(header, cells.get(header, "")) for header in row}
    wrong = {h: (cell, expected[h]) for h, cell in row.items() if cell != expected[h]}
    assert wrong == {}, f"row {number}: (file, store)"


def check_facts(job, kind):
    """Whatever columns are repeated for were there to repeat them."""
    facts = ShopFacts.from_json(job.operations[kind.name]["facts"])
    exported = (bound for bound in all_columns(kind) if not bound.column.imports)
    repeated = {bound.repeated_for for bound in exported} - {""}
    assert all(map(facts.named, repeated))


@each_type
def test_every_cell_is_what_the_store_has_however_it_is_read(store, kind):
    reader = part("readers", kind)
    store.tell("reset", ids_after=LARGE)
    store.tell("seed", **reader.SEED)
    job, found = sheets(store, kind)
    check_facts(job, kind)
    more = getattr(reader, "MORE", [])
    queries = [reader.QUERY, *([more] if isinstance(more, str) else more)]
    expected = reader.rows(*(nodes_of(store, query) for query in queries))
    assert set(found) == set(expected) == {sheet.name for sheet in kind.sheets}
    for sheet in kind.sheets:
        rows, wanted = found[sheet.name], expected[sheet.name]
        named = set().union(*wanted) | {"Row #", "Top Row"} | for_imports(sheet)
        assert set(rows[0]) - named == set(), "columns that the reader does not read"
        before = None
        for number, (row, cells) in enumerate(zip(rows, wanted, strict=True), 1):
            assert set(cells) <= set(row)
            check_row(row, cells, number, before)
            before = row.get("ID")
        assert unfilled(rows) - for_imports(sheet) == set(reader.NOT_FILLED)
        assert for_imports(sheet) <= unfilled(rows)
    assert job.rows == sum(map(len, found.values()))
    whole = "".join(cell for rows in found.values() for row in rows for cell in row.values())
    assert {name for name, has in HARD.items() if not has(whole)} == set(reader.NOT_SAID)

    job.format = "jsonl"
    first = store.file(job)
    store.misbehave(refuse_bulk=True)
    assert store.file(store.export(kind.name, format="jsonl")) == first, "page by page"
