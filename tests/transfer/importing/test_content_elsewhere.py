"""Discounts, articles, pages, menus and metaobjects of one shop imported into another one, in one
file: the same content with its blogs."""

import re

import pytest

from models.job import COMPLETED
from tests.transfer.importing.files import Rows, exported, text_of, zipped
from tests.transfer.importing.test_second_shop import NOT_SHARED, failures
from transfer.permissions import IMPORTS
from transfer.types import BY_NAME
from transfer.types.forms import file_name

TYPES = ("menus", "pages", "articles", "discounts", "metaobjects")
THERE = {
    "metafield_definitions": 21,
    "metaobject_definitions": 4,
    "files": 9,
    "products": 10,
    "collections": 6,
    "customers": 6,
}
CONTENT = {"metaobjects": 12, "articles": 8, "pages": 5, "menus": 5, "discounts": 12}


@pytest.fixture
def first(store):
    store.tell("seed", **THERE, **CONTENT)
    store.key.permissions = list(IMPORTS)
    return store


@pytest.fixture
def second(other_store):
    other_store.tell("reset", ids_after=9_000_000)
    other_store.tell("seed", **THERE)
    other_store.key.permissions = list(IMPORTS)
    return other_store


def name_of(of: str) -> str:
    return BY_NAME[of].sheets[0].name


def shared(rows: Rows, of: str) -> Rows:
    """The rows by what two stores have in common."""
    left_out = ["Row #", *NOT_SHARED[""], *NOT_SHARED.get(name_of(of), [])]
    kept = [row for row in rows if row.get("Type") != "App" and "Segments" not in row.values()]
    patterns = [one.replace("…", ".+") for one in left_out]
    return [
        {
            header: file_name(cell) if header == "Image Src" else cell
            for header, cell in row.items()
            if not any(re.fullmatch(one, header) for one in patterns)
        }
        for row in kept
        if not (row.get("Comment: ID") and not row["Top Row"])
    ]


def test_content_comes_into_being_in_another_shop(first, second, tmp_path):
    before = {of: exported(first, of) for of in TYPES}
    file = zipped({f"{name_of(of)}.csv": text_of(rows) for of, rows in before.items()})
    job = second.run_import(second.keep(tmp_path, file, name="content.zip"))
    assert (job.status, job.error) == (COMPLETED, None)
    assert failures(job) == {
        "discounts": {
            "Type: the discount is of an app, which alone can make and change it.",
            "Row 19: Eligibility: Customer Values: The store has no segment “Bought twice”.",
        }
    }
    for of in TYPES:
        wanted, made = shared(before[of], of), shared(exported(second, of), of)
        assert wanted and made == wanted, of
    second.changes_sent()
    again = second.run_import(second.keep(tmp_path, file, name="content.zip"))
    assert set(again.counts) == {"unchanged", "failed"} and second.changes_sent() == []
