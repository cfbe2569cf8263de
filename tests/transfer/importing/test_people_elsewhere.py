"""Customers and companies of one shop imported into another one: the same people and companies."""

import re

import pytest

from tests.transfer.importing.files import Rows, exported, imported
from tests.transfer.importing.test_second_shop import NOT_SHARED
from transfer.permissions import IMPORTS

SHEETS = {"customers": "Customers", "companies": "Companies"}
ASKED = ("subscribed", "unsubscribed", "pending")


@pytest.fixture
def first(store):
    store.tell("seed", metafield_definitions=21, customers=12, companies=3)
    store.key.permissions = list(IMPORTS)
    return store


@pytest.fixture
def second(other_store):
    other_store.tell("reset", ids_after=9_000_000)
    other_store.tell("seed", metafield_definitions=21)
    other_store.tell("customer-mail")
    other_store.key.permissions = list(IMPORTS)
    return other_store


def shared(rows: Rows, name: str) -> Rows:
    """The rows by what two stores have in common; those of credit alone are left out."""
    left_out = [*NOT_SHARED[""], *NOT_SHARED[SHEETS[name]], "Row #"]
    found = []
    for row in rows:
        if name == "customers" and not (row["Top Row"] or row["Address ID"]):
            continue
        if row.get("SMS Marketing: Status") not in ASKED:
            row |= {"SMS Marketing: Level": "", "SMS Marketing: Updated At": ""}
        found.append(
            {
                header: cell
                for header, cell in row.items()
                if not any(re.fullmatch(one.replace("…", ".+"), header) for one in left_out)
            }
        )
    return found


def test_people_come_into_being_in_another_shop(first, second, tmp_path):
    """The catalogs of locations are left out: catalogs name their locations by ID."""
    for name in SHEETS:
        rows = exported(first, name)
        if name == "companies":
            rows = [row | {"Location: Catalogs": ""} for row in rows]
        results = imported(second, tmp_path, name, *rows)
        told = [r["Import Comment"] for r in results if r["Import Result"] != "created"]
        assert told == []
        made = exported(second, name)
        wanted = shared(rows, name)
        assert wanted and wanted == shared(made, name)
        second.tell("sent")
        again = imported(second, tmp_path, name, *rows)
        assert {row["Import Result"] for row in again} == {"unchanged"}
        assert second.changes_sent() == []
    kinds = {one["kind"] for one in second.tell("customer-mail")["mails"]}
    assert kinds == {"confirm marketing"}  # which was accepted
