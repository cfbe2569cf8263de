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
from tests.transfer.importing.contract import WRITTEN
from tests.transfer.importing.files import (
    Rows,
    exported,
    imported,
    results_of,
    text_of,
    zipped,
)
from tests.transfer.store import Store, sheets
from transfer.importing.changes import changes
from transfer.importing.order import ORDER
from transfer.importing.undo import undo_of
from transfer.permissions import IMPORTS
from transfer.types.forms import file_name

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[3] / "docs" / "data-types.md"
SEED = {
    "metafield_definitions": 21,
    "metaobject_definitions": 4,
    "files": 9,
    "metaobjects": 12,
    "products": 10,
    "collections": 12,
    "catalogs": 2,
    "redirects": 4,
    "customers": 12,
    "companies": 3,
    "orders": 9,
    "draft_orders": 4,
    "discounts": 12,
    "articles": 8,
    "pages": 5,
    "menus": 5,
}
ASKED = ("subscribed", "unsubscribed", "pending")
"""States of consent that Shopify was told; of others it makes up the rest."""
SMS = {"SMS Marketing: Level", "SMS Marketing: Updated At"}
AGAIN = {
    ("catalogs", "failed"),
    ("discounts", "failed"),
    ("shop", "failed"),
    ("orders", "failed"),  # the seed's are sent and cancelled, which no order of a store is
    ("draft_orders", "create"),  # nothing tells a draft of another store from a new one
    ("draft_orders", "skipped"),
}
"""What the same file does a second time."""
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
    return store.file(store.export(*WRITTEN, format="xlsx"))


def of_store(store) -> dict[str, bytes]:
    return sheets(store.file(store.export(*WRITTEN)))


def is_taken_over(sheet: str, row: dict[str, str]) -> bool:
    """Whether the documents say that an import makes what the row shows."""
    if sheet == "Catalogs":
        return row["Type"] != "App"
    if sheet == "Customers":  # rows of store credit alone
        return bool(row["Top Row"] or row["Address ID"])
    if sheet == "Orders":  # the seed's orders of points of sale do not add up
        return row["Source"] != "pos" and row["Line: Type"] != "Risk"
    if sheet == "Blog Posts":  # rows of comments alone
        return bool(row["Top Row"])
    if sheet == "Discounts":  # no sheet makes the segments
        return row["Eligibility: Customer Type"] != "Segments" and row["Type"] != "App"
    if sheet == "Draft Orders":
        return row["Status"] != "completed"
    return True


def shared(name: str, data: bytes) -> list[dict[str, str]]:
    """The rows of a sheet by what two stores have in common."""
    sheet = name.removesuffix(".csv")
    left_out = [*NOT_SHARED[""], *NOT_SHARED.get(sheet, [])]
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    found = []
    for row in rows:
        if not is_taken_over(sheet, row):
            continue
        if row.get("Line: Type") == "Refund Line":  # the seed's have no discount and no tax
            row |= {"Line: Total": "", "Line: Tax Total": ""}
        if sheet == "Discounts":  # the rows behind those of an app count from one on
            row |= {"Row #": ""}
        if row.get("SMS Marketing: Status") not in ASKED:
            row |= dict.fromkeys(SMS & row.keys(), "")
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


def empty(store: Store) -> None:
    """Leave a shop its markets, locations and channels, and nothing else."""
    store.tell("reset", ids_after=9_000_000)
    store.tell("seed", catalogs=2)
    for node in store.graphql(MARKET_CATALOGS)["catalogs"]["nodes"]:
        store.graphql(DELETE_CATALOG, id=node["id"])
    store.key.permissions = list(IMPORTS)
    db.session.commit()


@pytest.fixture
def second(other_store):
    """Another shop with the same markets, locations and channels, and nothing else."""
    empty(other_store)
    other_store.shop.scopes = f"{other_store.shop.scopes},read_all_orders"
    other_store.tell("customer-mail")
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


@pytest.mark.everything
def test_a_workbook_makes_the_store_of_one_shop_in_another(first, second, tmp_path):
    """All types by one import, in the order of references; then one changed cell is a plan of one
    line, and is undone."""
    file = workbook(first)
    job = run(second, tmp_path, file)
    assert set(job.types) == set(WRITTEN) and job.types == sorted(job.types, key=ORDER.index)
    assert "“Export Summary”" in job.warnings[0]
    assert failures(job) == {
        "catalogs": {"The catalog of an app cannot be changed, only the app can."},
        "discounts": {
            "Type: the discount is of an app, which alone can make and change it.",
            "Row 19: Eligibility: Customer Values: The store has no segment “Bought twice”.",
        },
        "shop": {f"Shopify Domain: “{first.domain}” is another store."},
    }
    assert warnings(job) == []
    imported(second, tmp_path, "shop", *without_domain(first))
    wanted, made = of_store(first), of_store(second)
    assert wanted.keys() == made.keys() and len(made) == len(WRITTEN) + 1
    check_sheets(wanted, made)
    check_mails(second, wanted["Customers.csv"])
    check_one_cell(second, tmp_path, file, made)


def check_sheets(wanted: dict[str, bytes], made: dict[str, bytes]) -> None:
    """What two stores share is the same, and there is some of each type."""
    different = []
    for name, data in wanted.items():
        rows, found = shared(name, data), shared(name, made[name])
        assert len(rows) == len(found) and any(any(row.values()) for row in rows), name
        different += [
            (name, header, cell, other.get(header, ""))
            for row, other in zip(rows, found, strict=True)
            for header, cell in row.items()
            if other.get(header, "") != cell
        ]
    assert different == []


def check_mails(store, customers: bytes) -> None:
    """Only those were written to whom the file asks to be asked, which was accepted."""
    rows = csv.DictReader(io.StringIO(customers.decode("utf-8-sig"), newline=""))
    asked = {row["Email"] for row in rows if row["Email Marketing: Status"] == "pending"}
    mails = store.tell("customer-mail")["mails"]
    assert {(one["kind"], one["to"]) for one in mails} == {("confirm marketing", a) for a in asked}
    assert len(mails) == len(asked)


def check_one_cell(store, tmp_path, file: bytes, before: dict[str, bytes]) -> None:
    """The same file again changes nothing, another cell only itself."""
    store.changes_sent()
    again = store.run_import(store.keep(tmp_path, file, name="store.xlsx", dry_run=True))
    query = db.select(ImportObject).filter_by(job_id=again.id)
    planned = {(again.sheet_of(n.number).type, n.action) for n in db.session.scalars(query)}
    assert {one for one in planned if one[1] != "unchanged"} == AGAIN
    sent = {one["field"] for one in store.changes_sent()}
    assert sent == {"draftOrderCalculate"}  # what new drafts would come to, which makes nothing
    rows = exported(store, "redirects")
    rows[0]["Target"] = "/elsewhere"
    files = {name: data.decode("utf-8-sig") for name, data in before.items()}
    files["Redirects.csv"] = text_of(rows)
    job = store.keep(tmp_path, zipped(files), name="store.zip", dry_run=True)
    store.run_import(job)
    changed = db.select(ImportObject).where(
        ImportObject.job_id == job.id, ImportObject.action != "unchanged"
    )
    [line] = db.session.scalars(changed)
    assert [(one.column, one.after) for one in changes(line)] == [("Target", "/elsewhere")]
    job.dry_run = False
    job.apply({})
    applied(store, store.run_import(job))
    assert job.counts["updated"] == 1 and failures(job) == {}
    assert [one["field"] for one in store.changes_sent()] == ["urlRedirectUpdate"]
    assert exported(store, "redirects")[0]["Target"] == "/elsewhere"
    undo = undo_of(job, key_id=store.key.id, dry_run=False, force=False)
    db.session.add(undo)
    db.session.commit()
    applied(store, store.run_import(undo))
    assert undo.counts == {"updated": 1}
    assert of_store(store) == before


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
