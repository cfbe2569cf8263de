"""Files whose rows are all about one object: the time grows with their number, not its square."""

import time

import pytest

from transfer.types import company_writing, menu_writing
from transfer.types.writing import Json, MemberValues, Parts

ROWS, SECONDS = 10_000, 3.0


def new(values: dict[str, Json]) -> MemberValues:
    return MemberValues(None, "create", values, values)


def items_of_a_menu() -> object:
    rows = [
        new({"title": f"Item {n}", "url": "/a", **({"=parent": "Item 0"} if n else {})})
        for n in range(ROWS)
    ]
    return menu_writing.complete({"title": "Main"}, Parts("", {}, {"rows": tuple(rows)}))


def credit_of_locations() -> object:
    names = [f"Place {n}" for n in range(ROWS)]
    money: Json = {"amount": "5", "currencyCode": "USD"}
    members = {
        "location": tuple(new({"name": name}) for name in names),
        "account": tuple(new({"=at_name": name, "=adjust": money}) for name in names),
    }
    makes = company_writing.WRITING.step("credit").makes
    assert makes
    return [*makes(Parts("", {}, members))]


@pytest.mark.parametrize("write", [items_of_a_menu, credit_of_locations])
def test_it_takes_no_longer_for_each_row_the_more_there_are(write):
    start = time.process_time()
    assert write()
    assert time.process_time() - start < SECONDS
