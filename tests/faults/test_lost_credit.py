"""Store credit whose giving was cut off is looked for before it is given again."""

import pytest

from models import db
from models.import_object import ImportObject
from tests.transfer.importing.files import exported, imported, text_of
from transfer.importing.work import SEEN
from transfer.permissions import known_permissions

OF = "Store Credit Transaction: "
CREDIT = """mutation ($id: ID!, $amount: Decimal!) {
  storeCreditAccountCredit(id: $id, creditInput: {
    creditAmount: {amount: $amount, currencyCode: USD}, notify: false
  }) { userErrors { message } }
}"""


def email(n: int) -> str:
    return f"person{n}@x.example"


def allow(store) -> None:
    names = ("customers:import", "companies:import")
    store.key.permissions = known_permissions({*store.key.permissions, *names})
    db.session.commit()


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
