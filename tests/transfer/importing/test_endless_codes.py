"""Discounts with codes without end: planned and written in parts, so that memory stays flat."""

import tracemalloc

import pytest

from models import db
from models.import_object import ImportObject
from models.job import COMPLETED, Job
from tests.transfer.importing.files import exported, imported, text_of, undone_rows
from tests.transfer.importing.test_store import points_spent
from transfer.importing import grouping, planning

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TYPE, PART = "discounts", 10
OWN = {
    "Title": "Many",
    "Type": "Amount off Order",
    "Method": "Code",
    "Value Type": "Percentage",
    "Value": "10",
}


def set_part(monkeypatch, rows: int) -> None:
    """Let a part, and what is looked at in one step, be so many rows and not 2,000."""
    monkeypatch.setattr(grouping, "PART", rows)
    monkeypatch.setattr(planning, "ROWS_AT_ONCE", rows)
    monkeypatch.setattr("transfer.importing.store_index.PART", rows)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    set_part(monkeypatch, PART)


def rows(first: int, last: int, **more: str) -> list[dict[str, str]]:
    return [{**OWN, "Code": f"CODE-{number:06}", **more} for number in range(first, last)]


CODES = """query ($after: String) { discountNodes(first: 1, query: "title:Many") { nodes {
  discount { ... on DiscountCodeBasic { codes(first: 250, after: $after) {
    nodes { code } pageInfo { hasNextPage endCursor } } } } } } }"""


def codes(store) -> list[str]:
    """Those of the discount with many, page by page."""
    found: list[str] = []
    page = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        nodes = store.graphql(CODES, after=page["endCursor"])["discountNodes"]["nodes"]
        of_it = nodes[0]["discount"]["codes"]
        found += [one["code"] for one in of_it["nodes"]]
        page = of_it["pageInfo"]
    return sorted(found)


def named(first: int, last: int) -> list[str]:
    return [row["Code"] for row in rows(first, last)]


def planned(store) -> list[ImportObject]:
    job_id = db.session.scalars(db.select(Job.id).order_by(Job.created_at.desc())).first()
    query = db.select(ImportObject).filter_by(job_id=job_id).order_by(ImportObject.number)
    return list(db.session.scalars(query))


def test_codes_come_in_parts_and_go_with_an_undo(store, tmp_path):
    store.tell("seed", products=0)
    other = {**OWN, "Title": "Other", "Code": "OTHER"}
    file = [*rows(0, 24), other]
    store.changes_sent()
    found = imported(store, tmp_path, TYPE, *file)
    assert [row["Import Result"] for row in found] == [
        *["created"] * PART, *["updated"] * 14, "created",
    ]  # fmt: skip
    assert {row["ID"] for row in found[:24]} == {found[0]["ID"]} and found[0]["ID"]
    assert [len(one.after["members"]) for one in planned(store)] == [10, 10, 4, 1]
    assert [one["field"] for one in store.changes_sent()] == [
        "discountCodeBasicCreate",
        *["discountRedeemCodeBulkAdd"] * 3,
        "discountCodeBasicCreate",
    ]
    shown = [row["Code"] for row in exported(store, TYPE) if row["Title"] == "Many"]
    assert sorted(shown) == codes(store) == named(0, 24)
    undoing = undone_rows(store)
    assert {row["Import Result"] for row in undoing} == {"deleted"}
    told = "It has 24 codes, of which an undo brings back 10."
    assert [told in row["Import Comment"] for row in undoing] == [False, True]
    assert "Its 24 codes are deleted too." in undoing[1]["Import Comment"]
    assert [one["field"] for one in store.changes_sent()] == ["discountCodeDelete"] * 2
    assert exported(store, TYPE) == []
    assert {row["Import Result"] for row in undone_rows(store)} == {"created"}
    assert codes(store) == named(0, 10)


def test_codes_of_a_discount_that_is_there_join_it_once(store, tmp_path):
    store.tell("seed", products=0)
    imported(store, tmp_path, TYPE, *rows(0, 8), {**OWN, "Title": "Other", "Code": "OTHER"})
    store.changes_sent()
    file = rows(2, 34)
    found = imported(store, tmp_path, TYPE, *file)
    assert [row["Import Result"] for row in found] == ["updated"] * 32
    sent = store.changes_sent()
    assert [len(one["arguments"]["codes"]) for one in sent] == [4, 10, 10, 2]
    assert codes(store) == named(0, 34)
    again = imported(store, tmp_path, TYPE, *file)
    assert {row["Import Result"] for row in again} == {"unchanged"}
    assert store.changes_sent() == []
    gone = imported(store, tmp_path, TYPE, *rows(4, 30, **{"Code Command": "DELETE"}))
    assert {row["Import Result"] for row in gone} == {"updated"}
    assert codes(store) == [*named(0, 4), *named(30, 34)]
    undone_rows(store)
    assert codes(store) == named(0, 34)
    whole = imported(store, tmp_path, TYPE, *rows(0, 24, **{"Code Command": "REPLACE"}))
    assert {row["Import Result"] for row in whole} == {"updated"}
    assert codes(store) == named(0, 24)


def test_a_change_of_a_discount_alone_reads_none_of_its_codes(store, tmp_path, caplog):
    """Of one or of many in a file; a deletion reads them, so that an undo can bring them back."""
    store.tell("seed", products=0, discounts=12)
    imported(store, tmp_path, TYPE, *rows(0, 30))
    caplog.set_level("INFO", "shopify.admin")
    others = [{"ID": row["ID"], "Title": row["Title"]} for row in exported(store, TYPE)]
    unlike = {row["ID"]: row for row in others if row["Title"] != "Many"}

    def spent(*others: dict[str, str], value: str, **more: str) -> int:
        change = {"Title": "Many", "Value": value, **more}
        points_spent(caplog)
        assert imported(store, tmp_path, TYPE, change, *others)[0]["Import Result"] == "updated"
        return points_spent(caplog)

    for few, more in (("20", []), ("40", [*unlike.values()])):
        without = spent(*more, value=few)
        assert without < spent(*more, value="30", Code=""), without
    gone = imported(store, tmp_path, TYPE, {"Title": "Many", "Command": "DELETE"})
    assert gone[0]["Import Result"] == "deleted"
    undone_rows(store)
    assert codes(store) == named(0, 30)


def test_an_undo_takes_only_the_codes_that_its_import_added(store, tmp_path):
    store.tell("seed", products=0)
    imported(store, tmp_path, TYPE, *rows(0, 8))
    imported(store, tmp_path, TYPE, *rows(2, 34))
    undone_rows(store)
    assert codes(store) == named(0, 8)


def test_parts_share_what_becomes_of_their_discount(store, tmp_path):
    """A discount that cannot be made has no codes; rows that say more than a code are of its first
    part, so that nothing is lost."""
    store.tell("seed", products=0)
    bad = imported(store, tmp_path, TYPE, *rows(0, 24, Value="110"))
    assert {row["Import Result"] for row in bad} == {"failed"}
    assert {row["Import Comment"] for row in bad[PART:]} == {
        "Row 2, on which this row builds, is not imported."
    }
    refused = imported(store, tmp_path, TYPE, *rows(0, 18), {**OWN, "Code": "A", "Value": "20"})
    assert {row["Import Result"] for row in refused} == {"created", "updated"}
    assert "Row 20: Value contradicts the object's first row" in refused[-1]["Import Comment"]
    assert codes(store) == ["A", *named(0, 18)]
    late = imported(
        store, tmp_path, TYPE, *rows(0, 14), {**rows(14, 15)[0], "Code Command": "REPLACE"}
    )
    assert {row["Import Result"] for row in late} == {"failed"}
    assert late[0]["Import Comment"].startswith("Row 16: A command for all members")
    assert codes(store) == ["A", *named(0, 18)]


@pytest.mark.everything
def test_memory_is_the_same_for_many_codes_as_for_a_few(store, tmp_path, monkeypatch):
    """Planned and written: the most that Python holds, at two sizes that differ four times, each in
    a store without codes."""
    set_part(monkeypatch, 50)
    store.tell("seed", products=0)

    def peak(first: int, last: int) -> int:
        file = rows(first, last, Title=f"Many {first}")
        job = store.keep(tmp_path, text_of(file), type=TYPE)
        tracemalloc.start()
        try:
            store.run_import(job)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert (job.status, sum(job.counts.values())) == (COMPLETED, last - first), job.error
        assert not job.counts.keys() & {"failed", "conflict", "skipped"}
        return most

    peak(0, 60)  # what is loaded once
    undone_rows(store)
    few = peak(1_000, 1_200)
    undone_rows(store)
    many = peak(2_000, 2_800)
    assert many < 1.5 * few, (few, many)


@pytest.mark.parametrize("there", [0, 2], ids=["new", "there"])
def test_codes_whose_answer_was_lost_are_looked_up_and_not_added_twice(store, tmp_path, there):
    store.tell("seed", products=0)
    if there:
        imported(store, tmp_path, TYPE, *rows(0, there))
    store.changes_sent()
    store.misbehave(lose_answer=3)
    found = imported(store, tmp_path, TYPE, *rows(0, 26), tries=8)
    assert {row["Import Result"] for row in found} <= {"created", "updated"}
    added = [one for one in store.changes_sent() if one["field"] == "discountRedeemCodeBulkAdd"]
    sent = [code["code"] for one in added for code in one["arguments"]["codes"]]
    assert sorted(sent) == named(max(1, there), 26)
    assert codes(store) == named(0, 26)
