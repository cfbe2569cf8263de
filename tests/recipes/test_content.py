"""Discount codes, as the recipe has people import them."""

import csv
import io

from models.job import COMPLETED
from tests.recipes.conftest import RECIPES
from tests.transfer.importing.files import Rows, exported
from tests.transfer.importing.test_endless_codes import set_part

HEADER = ["Title", "Code", "Type", "Method", "Value Type", "Value", "Limit Total Times"]


def codes(rows: Rows) -> list[str]:
    return [row["Code"] for row in rows if row["Code"]]


def test_hundreds_of_codes_of_one_discount(store, altera, tmp_path, monkeypatch):
    with (RECIPES / "discount-codes.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == [*HEADER, "Starts At"]
    altera("import", "create", "discount-codes.csv", "--dry-run")
    assert exported(store, "discounts") == []
    altera("import", "create", "discount-codes.csv")
    made = exported(store, "discounts")
    top = made[0]
    assert (top["Title"], top["Type"], top["Method"]) == ("Spring 2026", *rows[0][2:4])
    assert (top["Value"], top["Limit Total Times"], top["Status"]) == ("10.00", "500", "Active")
    assert codes(made) == [row[1] for row in rows]
    more = [[rows[0][0], f"SPRING-{n:04}", *rows[0][2:]] for n in range(500)]
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows, *more])
    store.tell("sent")
    set_part(monkeypatch, 500)
    job = store.run_import(store.keep(tmp_path, text.getvalue(), type="discounts"))
    assert (job.status, job.error) == (COMPLETED, None)
    sent = [one["field"] for one in store.changes_sent()]
    # The first 500 rows add 497 codes, 250 at a time, and the last three rows are a part again.
    assert sent == ["discountRedeemCodeBulkAdd"] * 3
    assert len(codes(exported(store, "discounts"))) == 503
    again = store.run_import(store.keep(tmp_path, text.getvalue(), type="discounts"))
    assert again.counts == {"unchanged": 503}


def test_a_row_without_a_method_is_told_what_to_add(store, altera, tmp_path):
    path = tmp_path / "discounts.csv"
    path.write_text("Title,Code,Type,Value Type,Value\nA,A1,Amount off Order,Percentage,10\n")
    told = tmp_path / "results.csv"
    altera("import", "create", str(path), "--results", str(told), code=5)
    assert "Method: it is empty, so nothing can be made. Write Code or Automatic." in (
        told.read_text()
    )
    assert exported(store, "discounts") == []
