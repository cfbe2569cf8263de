"""What a plan changes, as it is stored and cell by cell."""

import pytest

from models.import_object import ImportObject, sealed
from transfer.importing.changes import FieldChange, changes, stored_after, stored_before
from transfer.importing.placeholders import filled_in
from transfer.importing.plan import Change, Member
from transfer.importing.snapshot import Known
from transfer.types.writing import Json

KNOWN = Known("gid://shopify/Product/1", None, {"Title": "A"})
RED = Member("gid://shopify/ProductVariant/1", 2, "Red", "update", {"P": "1"}, {"P": "2"})
BLUE = Member(None, 3, "Blue", "create", after={"P": "3"})
OLD = Member("gid://shopify/ProductVariant/2", 0, "Old", "delete", before={"P": "4"})
KEPT = Member("gid://shopify/ProductVariant/3", 0, "Kept", cells={"P": "5"})
CHANGE = Change(
    "update", KNOWN, {"Title": "A"}, {"Title": "B"}, {"variants": (RED, BLUE, KEPT, OLD)}
)


def stored(change: Change) -> ImportObject:
    """The object as the database keeps it."""
    before = sealed("imp_1", 2, stored_before(change))
    after = sealed("imp_1", 2, stored_after(change))
    return ImportObject(job_id="imp_1", number=2, before_box=before, after_box=after)


def test_each_cell_that_differs_is_told_with_its_member(app):
    assert changes(stored(CHANGE)) == [
        FieldChange("Title", "", "A", "B"),
        FieldChange("P", "Red", "1", "2"),
        FieldChange("P", "Blue", "", "3"),
        FieldChange("P", "Old", "4", ""),
    ]


def test_members_are_stored_with_what_it_takes_to_find_them_again(app):
    planned = stored(CHANGE)
    assert (planned.before["cells"], planned.after["cells"]) == ({"Title": "A"}, {"Title": "B"})
    assert planned.before["members"][0] == {
        "set": "variants",
        "row": 2,
        "ref": "gid://shopify/ProductVariant/1",
        "name": "Red",
        "action": "update",
        "cells": {"P": "1"},
    }
    assert [one["action"] for one in planned.after["members"]] == ["update", "create", "delete"]


@pytest.mark.parametrize("action", ["unchanged", "skipped"])
def test_where_nothing_differs_nothing_is_sealed(app, action):
    planned = stored(Change(action, KNOWN))
    assert planned.before_box is planned.after_box is None
    assert changes(planned) == [] and planned.input == {"calls": []}


def test_the_id_of_what_was_created_takes_the_place_of_its_number():
    variables: dict[str, Json] = {
        "id": "gid://altera/ImportObject/2",
        "of": ["gid://altera/ImportObject/21"],
    }
    assert filled_in(variables, {"gid://altera/ImportObject/2": "gid://shopify/Page/7"}) == {
        "id": "gid://shopify/Page/7",
        "of": ["gid://altera/ImportObject/21"],
    }
    assert filled_in(variables, {}) == variables
