"""A whole workbook of one shop imported into another, empty one: the same store comes into being.

The shop is smaller than the demo shop, and has each kind of thing that is in it.
"""

import csv
import io
import re
from pathlib import Path

import pytest

from models import db
from models.import_object import ImportObject
from models.job import COMPLETED, HELD, Job
from tests.transfer.importing.files import (
    Rows,
    exported,
    imported,
    results_of,
    text_of,
    zipped,
)
from tests.transfer.store import sheets
from transfer.importing.changes import changes
from transfer.importing.undo import undo_of
from transfer.permissions import IMPORTS
from transfer.types.forms import file_name

DOCS = Path(__file__).parents[3] / "docs" / "data-types.md"
TYPES = (
    "metaobject_definitions",
    "metafield_definitions",
    "files",
    "metaobjects",
    "products",
    "collections",
    "catalogs",
    "shop",
    "redirects",
)
SEED = {
    "metafield_definitions": 21,
    "metaobject_definitions": 4,
    "files": 9,
    "metaobjects": 12,
    "products": 10,
    "collections": 12,
    "catalogs": 2,
    "redirects": 4,
}
ADDRESSES = ("Image Src", "Variant Image", "Link")
DELETE_CATALOG = """mutation ($id: ID!) {
  catalogDelete(id: $id, deleteDependentResources: true) { userErrors { message } }
}"""
MARKET_CATALOGS = "query { catalogs(first: 50, type: MARKET) { nodes { id } } }"


def set_by_shopify() -> dict[str, list[str]]:
    """By sheet the columns that the documents say a second store does not share; those of every
    sheet under an empty name."""
    section = DOCS.read_text().partition("## A store from the file of another")[2]
    section = section.partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+`|every sheet) \| (`.+) \|", section, flags=re.M)
    found: dict[str, list[str]] = {"": []}
    for names, columns in rows:
        for name in re.findall(r"`(.+?)`", names) or [""]:
            found[name] = re.findall(r"`(.+?)`", columns)
    return found


NOT_SHARED = set_by_shopify()


def run(store, folder, data: bytes) -> Job:
    job = store.run_import(store.keep(folder, data, name="store.xlsx"))
    return applied(store, job)


def applied(store, job: Job) -> Job:
    if job.status == HELD:
        limits = job.plan["limits"].items()
        job.apply({name: limit["count"] for name, limit in limits if limit["over"]})
        store.run_import(job)
    assert (job.status, job.error) == (COMPLETED, None)
    return job


def workbook(store) -> bytes:
    return store.file(store.export(*TYPES, format="xlsx"))


def of_store(store) -> dict[str, bytes]:
    return sheets(store.file(store.export(*TYPES)))


def shared(name: str, data: bytes) -> list[dict[str, str]]:
    """The rows of a sheet by what two stores have in common."""
    sheet = name.removesuffix(".csv")
    left_out = [*NOT_SHARED[""], *NOT_SHARED.get(sheet, [])]
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    found = []
    for row in rows:
        if sheet == "Catalogs" and row["Type"] == "App":
            continue
        cells = {
            header: file_name(cell) if header in ADDRESSES else cell
            for header, cell in row.items()
            if not any(re.fullmatch(one.replace("…", ".+"), header) for one in left_out)
        }
        if sheet == "Shop":
            cells = {h: cell for h, cell in cells.items() if h.startswith("Metafield: ")}
        found.append(cells)
    # an export has objects in the order of their ids, which files of different types mix up
    return sorted(found, key=lambda row: row["Link"]) if sheet == "Files" else found


def failures(job: Job) -> dict[str, set[str]]:
    """By data type the sentences of what failed."""
    query = db.select(ImportObject).filter_by(job_id=job.id, result="failed")
    found: dict[str, set[str]] = {}
    for one in db.session.scalars(query):
        found.setdefault(job.sheet_of(one.number).type, set()).add(one.comment)
    return found


def warnings(job: Job) -> list[str]:
    """What is told of the objects that were created."""
    query = db.select(ImportObject).filter_by(job_id=job.id, result="created")
    return [told for one in db.session.scalars(query) for told in one.notes.get("warnings", ())]


@pytest.fixture
def second(other_store):
    """Another shop with the same markets, locations and channels, and nothing else."""
    other_store.tell("reset", ids_after=9_000_000)
    other_store.tell("seed", catalogs=2)
    for node in other_store.graphql(MARKET_CATALOGS)["catalogs"]["nodes"]:
        other_store.graphql(DELETE_CATALOG, id=node["id"])
    other_store.key.permissions = list(IMPORTS)
    return other_store


@pytest.fixture
def first(store):
    store.tell("seed", **SEED)
    store.key.permissions = list(IMPORTS)
    return store


def without_domain(store) -> Rows:
    return [
        {header: cell for header, cell in row.items() if header.startswith("Metafield: ")}
        for row in exported(store, "shop")
    ]


def test_the_store_of_a_workbook_comes_into_being_in_another_shop(first, second, tmp_path):
    job = run(second, tmp_path, workbook(first))
    assert failures(job) == {
        "catalogs": {"The catalog of an app cannot be changed, only the app can."},
        "shop": {f"Shopify Domain: “{first.domain}” is another store."},
    }
    assert warnings(job) == []
    imported(second, tmp_path, "shop", *without_domain(first))
    wanted, made = of_store(first), of_store(second)
    assert wanted.keys() == made.keys() and len(made) == len(TYPES) + 1
    for name, data in wanted.items():
        assert shared(name, data) == shared(name, made[name]), name
        assert any(any(row.values()) for row in shared(name, data)), name


def test_one_changed_cell_is_a_plan_of_one_line_and_is_undone(first, second, tmp_path):
    run(second, tmp_path, workbook(first))
    before = of_store(second)
    again = run(second, tmp_path, workbook(first))
    assert set(again.counts) == {"unchanged", "failed"}
    rows = exported(second, "redirects")
    rows[0]["Target"] = "/elsewhere"
    files = {name: data.decode("utf-8-sig") for name, data in before.items()}
    files["Redirects.csv"] = text_of(rows)
    planned = second.keep(tmp_path, zipped(files), name="store.zip", dry_run=True)
    second.run_import(planned)
    changed = db.select(ImportObject).where(
        ImportObject.job_id == planned.id, ImportObject.action != "unchanged"
    )
    [line] = db.session.scalars(changed)
    assert [(one.column, one.after) for one in changes(line)] == [("Target", "/elsewhere")]
    second.changes_sent()
    job = applied(second, second.run_import(second.keep(tmp_path, zipped(files), name="s.zip")))
    assert job.counts["updated"] == 1 and failures(job) == {}
    assert [one["field"] for one in second.changes_sent()] == ["urlRedirectUpdate"]
    assert of_store(second) != before
    undo = undo_of(job, key_id=second.key.id, dry_run=False, force=False)
    db.session.add(undo)
    db.session.commit()
    applied(second, second.run_import(undo))
    assert undo.counts == {"updated": 1}
    assert of_store(second) == before


def test_stock_on_hand_that_is_the_sum_of_its_row_says_nothing_itself(first, tmp_path):
    rows = [row for row in exported(first, "products") if row["Variant ID"]]
    place = next(h.partition(": ")[2] for h in rows[0] if h.startswith("Inventory On Hand: "))
    states = ("Available", "Committed", "Reserved", "Damaged", "Safety Stock", "Quality Control")
    parts = {f"Inventory {state}: {place}": "0" for state in states}
    own = {h: rows[0][h] for h in ("Handle", "Variant ID", f"Inventory Available: {place}")}
    total = int(own[f"Inventory Available: {place}"]) + 40
    elsewhere = {**parts, **own, f"Inventory Committed: {place}": "40"}
    elsewhere |= {f"Inventory On Hand: {place}": str(total)}
    assert results_of(first, tmp_path, "products", elsewhere) == ["unchanged"]
    counted = elsewhere | {f"Inventory On Hand: {place}": str(total + 1)}
    assert results_of(first, tmp_path, "products", counted) == ["updated"]
    changed = next(r for r in exported(first, "products") if r["Variant ID"] == own["Variant ID"])
    assert changed[f"Inventory On Hand: {place}"] == str(total + 1)
