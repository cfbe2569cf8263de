"""``kill -9`` of the worker while customers and companies are imported: nothing is given twice."""

import pytest

from models import db
from models.import_object import ImportObject
from tests.transfer.importing.files import exported, imported, text_of
from tests.transfer.importing.test_rows import results
from transfer.importing.apply import SEEN
from transfer.permissions import known

pytestmark = pytest.mark.both_databases

PEOPLE = 8
OF = "Store Credit Transaction: "
CREDIT = """mutation ($id: ID!, $amount: Decimal!) {
  storeCreditAccountCredit(id: $id, creditInput: {
    creditAmount: {amount: $amount, currencyCode: USD}, notify: false
  }) { userErrors { message } }
}"""


def email(n: int) -> str:
    return f"person{n}@x.example"


def changes() -> list[dict[str, str]]:
    """Customers who are there and new ones: two addresses each, consent, and credit in two calls of
    the same amount."""
    rows = []
    for n in range(2 * PEOPLE):
        rows += [
            {
                "Email": email(n),
                "Note": "seen",
                "Email Marketing: Status": "subscribed",
                "Address Line 1": f"{n} Mill Rd",
                "Address Country Code": "US",
                "Store Credit: Adjust": "10",
                f"{OF}Command": "CREDIT",
                f"{OF}Amount": "10",
            },
            {
                "Email": email(n),
                "Address Line 1": f"{n} Lake Rd",
                "Address Country Code": "US",
                "Address Is Default": "true",
                f"{OF}Command": "DEBIT",
                f"{OF}Amount": "4",
            },
        ]
    return rows


def allow(store) -> None:
    names = ("customers:import", "companies:import")
    store.key.permissions = known({*store.key.permissions, *names})
    db.session.commit()


def test_customers_are_imported_once_and_get_their_credit_once(
    store, complete_despite_kills, tmp_path
):
    allow(store)
    imported(store, tmp_path, "customers", *({"Email": email(n)} for n in range(PEOPLE)))
    job = store.keep(tmp_path, text_of(changes()), type="customers")
    complete_despite_kills(job)
    assert {row["Import Result"] for row in results(job)} == {"created", "updated"}
    rows = exported(store, "customers")
    for n in range(2 * PEOPLE):
        own = [row for row in rows if row["Email"] == email(n)]
        assert [row["Address Line 1"] for row in own][:2] == [f"{n} Mill Rd", f"{n} Lake Rd"]
        assert [row[f"{OF}Amount"] for row in own] == ["10.00", "10.00", "-4.00"]
        first = own[0]
        assert (first["Store Credit: Amount"], first["Note"]) == ("16.00", "seen")
        assert first["Email Marketing: Status"] == "subscribed"


def test_companies_are_imported_once(store, complete_despite_kills, tmp_path):
    allow(store)
    imported(store, tmp_path, "customers", *({"Email": email(n)} for n in range(PEOPLE)))
    rows = [
        {
            "Name": f"Club {n}",
            "Location: Name": place,
            "Customer: Email": person,
            "Customer: Location Role": "Ordering only",
            "Store Credit: Adjust": "5" if place == "Oslo" else "",
        }
        for n in range(PEOPLE)
        for place, person in (
            ("Oslo", email(n)),
            ("Bergen", email(n)),
            ("Bergen", f"new{n}@x.example"),
        )
    ]
    job = store.keep(tmp_path, text_of(rows), type="companies")
    complete_despite_kills(job)
    assert {row["Import Result"] for row in results(job)} == {"created"}
    names = ("Name", "Location: Name", "Customer: Email", "Customer: Location Role")
    found = exported(store, "companies")
    assert [[row[name] for name in names] for row in found] == [
        [row[name] for name in names] for row in rows
    ]
    credit = [row["Store Credit: Amount"] for row in found if row["Store Credit: Amount"]]
    assert credit == ["5.00"] * PEOPLE


@pytest.mark.parametrize(("given", "sent"), [(["10"], 1), ([], 2), (["10", "10"], 0), (["7"], 2)])
def test_credit_that_was_cut_off_is_looked_up_first(store, tmp_path, given, sent):
    """A worker died with the answer to its first credit, or before that was sent; somebody else
    may have given something else meanwhile."""
    allow(store)
    imported(store, tmp_path, "customers", {"Email": email(1), "Store Credit: Adjust": "10"})
    row = {"Email": email(1), "Store Credit: Adjust": "10"}
    row |= {f"{OF}Command": "CREDIT", f"{OF}Amount": "10"}
    job = store.keep(tmp_path, text_of([row]), type="customers", confirm={"changes": True})
    job.dry_run = True
    db.session.commit()
    store.run_import(job)
    [planned] = db.session.scalars(db.select(ImportObject).filter_by(job_id=job.id))
    before = exported(store, "customers")[0][f"{OF}ID"]
    seen = [f"gid://shopify/StoreCreditAccountCreditTransaction/{before}"]
    planned.tried, planned.sending = True, "cut off"
    planned.notes = {**planned.notes, SEEN: {"storeCreditAccountCredit": seen}}
    if len(given) > 1:
        planned.sent = 1
    db.session.commit()
    for amount in given:
        store.graphql(CREDIT, id=planned.ref, amount=amount)
    store.tell("sent")
    job.dry_run = False
    job.apply({})
    store.run_import(job)
    fields = [one["field"] for one in store.changes_sent()]
    assert fields == ["storeCreditAccountCredit"] * sent


@pytest.mark.parametrize("arrived", [True, False])
def test_credit_of_one_location_is_not_taken_for_that_of_another(store, tmp_path, arrived):
    """A worker died over the credit of the second location, which had arrived or had not."""
    allow(store)
    clubs = [{"Name": "Club", "Location: Name": name} for name in ("Oslo", "Bergen")]
    imported(store, tmp_path, "companies", *clubs)
    rows = [club | {"Store Credit: Adjust": "5"} for club in clubs]
    job = store.keep(tmp_path, text_of(rows), type="companies", confirm={"changes": True})
    job.dry_run = True
    db.session.commit()
    store.run_import(job)
    [planned] = db.session.scalars(db.select(ImportObject).filter_by(job_id=job.id))
    for call in planned.input["calls"][: 1 + arrived]:
        store.graphql(CREDIT, id=call["variables"]["id"], amount="5")
    planned.tried, planned.sending, planned.sent = True, "cut off", 1
    planned.notes = {**planned.notes, SEEN: {"storeCreditAccountCredit": []}}
    db.session.commit()
    job.dry_run = False
    job.apply({})
    store.run_import(job)
    assert [row["Store Credit: Amount"] for row in exported(store, "companies")] == ["5.00", "5.00"]


def test_credit_that_is_only_adjusted_is_looked_up_too(store, tmp_path):
    allow(store)
    imported(store, tmp_path, "customers", {"Email": email(1), "Store Credit: Adjust": "7"})
    row = {"Email": email(1), "Store Credit: Adjust": "10"}
    job = store.keep(tmp_path, text_of([row]), type="customers", confirm={"changes": True})
    job.dry_run = True
    db.session.commit()
    store.run_import(job)
    [planned] = db.session.scalars(db.select(ImportObject).filter_by(job_id=job.id))
    store.graphql(CREDIT, id=planned.ref, amount="10")
    planned.tried, planned.sending = True, "cut off"
    planned.notes = {**planned.notes, SEEN: {"storeCreditAccountCredit": []}}
    db.session.commit()
    job.dry_run = False
    job.apply({})
    store.run_import(job)
    assert exported(store, "customers")[0]["Store Credit: Amount"] == "17.00"
