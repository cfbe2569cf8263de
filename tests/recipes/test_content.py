"""Discount codes, as the recipe has people import them.

That each file is understood is shown in ``test_plans.py``, in the short run too.
"""

import csv

import pytest

from tests.recipes.conftest import RECIPES
from tests.transfer.importing.files import exported

pytestmark = pytest.mark.everything

HEADER = ["Title", "Code", "Type", "Method", "Value Type", "Value", "Limit Total Times"]


def codes(store) -> list[str]:
    return [row["Code"] for row in exported(store, "discounts") if row["Code"]]


def test_thousands_of_codes_of_one_discount(store, altera, tmp_path):
    with (RECIPES / "discount-codes.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == [*HEADER, "Starts At"]
    altera("import", "create", "discount-codes.csv", "--dry-run")
    assert exported(store, "discounts") == []
    altera("import", "create", "discount-codes.csv")
    [top, *_] = exported(store, "discounts")
    assert (top["Title"], top["Type"], top["Method"]) == ("Spring 2026", *rows[0][2:4])
    assert (top["Value"], top["Limit Total Times"], top["Status"]) == ("10.00", "500", "Active")
    assert codes(store) == [row[1] for row in rows]
    more = [[rows[0][0], f"SPRING-{n:04}", *rows[0][2:]] for n in range(2000)]
    path = tmp_path / "discounts.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows, *more])
    store.tell("sent")
    altera("import", "create", str(path))
    sent = [one["field"] for one in store.changes_sent()]
    # The first 2,000 rows add 1,997 codes, 250 at a time, and the last three rows are a part again.
    assert sent == ["discountRedeemCodeBulkAdd"] * 9
    assert len(codes(store)) == 2003
    assert "2,003 unchanged" in altera("import", "create", str(path)).stderr


def test_a_row_without_a_method_is_told_what_to_add(store, altera, tmp_path):
    path = tmp_path / "discounts.csv"
    path.write_text("Title,Code,Type,Value Type,Value\nA,A1,Amount off Order,Percentage,10\n")
    told = tmp_path / "results.csv"
    altera("import", "create", str(path), "--results", str(told), code=5)
    assert "Method: it is empty, so nothing can be made. Write Code or Automatic." in (
        told.read_text()
    )
    assert exported(store, "discounts") == []
