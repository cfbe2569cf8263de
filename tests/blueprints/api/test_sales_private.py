"""Imports of people, sales and content: nobody but their key sees or applies them, and what they
say of a customer goes when the customer asks."""

import logging
from typing import Any

import orjson
import pytest

from models import db
from models.import_object import ImportObject
from models.import_row import ImportRow
from models.job import PLANNED, Job
from shops.customer_data import Customer, erase
from tests.blueprints.api.test_imports import start
from tests.cast import Script, make_key, problem
from tests.transfer.importing.files import Rows, text_of, zipped
from tests.transfer.store import sheets
from transfer.permissions import IMPORTS

ANN, BOB = "ann@x.example", "bob@x.example"
SECRET = "Secret of Ann"
LINE = {"Line: Type": "Line Item", "Line: Title": "Cup", "Line: Quantity": "1", "Line: Price": "5"}
CODE = {"Type": "Amount off Order", "Method": "Code", "Value Type": "Percentage", "Value": "5"}
CODE |= {"Eligibility: Customer Type": "Customers"}
ITEM = {"Menu Item: Type": "HTTP", "Menu Item: URL": "https://x.example"}
CLUB = {"Name": "Club", "Location: Name": "Oslo", "Customer: Location Role": "Ordering only"}
POST = {"Handle": "p", "Title": "P", "Blog: Handle": "news"}
MENU = {"Handle": "m", "Menu Item: Title": "I"}
SHEETS: dict[str, tuple[str, dict[str, str], str, str]] = {
    "Customers": ("customers", {}, "Email", "Note"),
    "Companies": ("companies", CLUB, "Customer: Email", "Notes"),
    "Orders": ("orders", {"Name": "W-", "Command": "NEW", **LINE}, "Email", "Note"),
    "Draft Orders": ("draft_orders", {"Number": "", **LINE}, "Email", "Note"),
    "Discounts": ("discounts", {"Code": "C", **CODE}, "Eligibility: Customer Values", "Title"),
    "Blog Posts": ("articles", POST, "Author", "Body HTML"),
    "Pages": ("pages", {"Handle": "p"}, "Title", "Body HTML"),
    "Menus": ("menus", MENU | ITEM, "Title", "Menu Item: Collection Tags"),
}
"""By sheet the type, what a row needs, and the columns of an address and of more about a person."""
NAMES = {"Name", "Number", "Code", "Handle"}


def rows(sheet: str) -> Rows:
    """A row about each person, and one of the first that fails."""
    _, cells, address, note = SHEETS[sheet]
    found = []
    for n, (who, said) in enumerate(((ANN, SECRET), (BOB, "Note of Bob"))):
        own = {h: cell + str(n) if h in NAMES else cell for h, cell in cells.items()}
        found.append(own | {address: who, note: said})
    wrong = {**found[0], "Command": "Nonsense"}
    wrong |= {header: wrong[header] + "9" for header in NAMES & wrong.keys()}
    return [*found, wrong]


@pytest.fixture
def planned(program, store) -> Job:
    store.key.permissions = list(IMPORTS)
    db.session.commit()
    data = zipped({f"{sheet}.csv": text_of(rows(sheet)) for sheet in SHEETS})
    job = start(program, data, type="", name="all.zip", dry_run="true")
    store.run_import(job)
    assert (job.status, job.error) == (PLANNED, None)
    return job


def ways(job: Job) -> list[str]:
    address = f"/imports/{job.id}"
    return [
        *(f"{address}/plan", f"{address}/plan?format=xlsx", f"{address}/results"),
        f"{address}/results?only=failed",
    ]


def test_other_keys_and_shops_see_and_do_nothing(app, bobs_program, store, planned):
    other = Script(app, make_key(store.shop, *IMPORTS, name="Other")[1])
    store.tell("sent")
    for stranger in (bobs_program, other):
        for way in (f"/imports/{planned.id}", *ways(planned)):
            assert problem(stranger.get(way), 404, "not_found")
        for act in ("apply", "undo"):
            answer = stranger.post(f"/imports/{planned.id}/{act}", json={})
            assert answer.status_code in (403, 404), act
    assert store.changes_sent() == []


def test_a_key_that_loses_one_of_the_permissions_reads_and_applies_nothing(program, store, planned):
    store.tell("sent")
    for name, *_ in SHEETS.values():
        store.key.permissions = [one for one in IMPORTS if one != f"{name}:import"]
        db.session.commit()
        for way in ways(planned):
            problem(program.get(way), 403, "permission_missing")
        answer = program.post(f"/imports/{planned.id}/apply", json={"accept": {}})
        assert problem(answer, 403, "permission_missing")["needs"] == f"{name}:import"
    assert store.changes_sent() == []


def kept(program, job: Job) -> str:
    """All that is kept of an import, opened, and all that its key can read."""
    found: list[Any] = []
    for way in (one for one in ways(job) if "xlsx" not in one):
        data = program.get(way).data
        parts = sheets(data).values() if data.startswith(b"PK") else [data]
        found += [part.decode("utf-8-sig") for part in parts]
    for one in db.session.scalars(db.select(ImportObject).filter_by(job_id=job.id)):
        found += [one.before, one.after, one.input, one.notes, one.comment, one.key, one.ref]
    found += db.session.scalars(db.select(ImportRow.cells).filter_by(job_id=job.id))
    return orjson.dumps(found).decode()


def test_a_customer_who_asks_is_forgotten_in_all_types(program, store, planned, caplog):
    caplog.set_level(logging.DEBUG)
    assert all(kept(program, planned).count(word) >= 8 for word in (ANN, SECRET, BOB))
    erase(store.shop.id, Customer.of({"customer": {"id": 77, "email": ANN}}))
    db.session.commit()
    left = kept(program, planned)
    assert (left.count(ANN), left.count(SECRET)) == (0, 0)
    assert left.count("Note of Bob") >= 8
    store.tell("sent")
    planned.apply({})
    store.run_import(planned)
    said = orjson.dumps(store.changes_sent()).decode()
    assert BOB in said and ANN not in said and SECRET not in said
    assert not any(word in caplog.text for word in (ANN, BOB, SECRET))
