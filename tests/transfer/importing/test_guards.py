"""What of a plan is risky, and how much of it is allowed without anybody's decision."""

import csv
import io
import re
from decimal import Decimal

import pytest

from blueprints.pages import import_plan
from models.import_limits import DEFAULTS, parse, written
from tests.cast import make_key
from tests.terminal import ROOT
from transfer.importing.changes import FieldChange
from transfer.importing.guards import (
    LIMITS,
    MAIL,
    MEASURED,
    allowed,
    goes_to_zero,
    hides,
    price_fall,
)


def change(column: str, before: str, after: str) -> FieldChange:
    return FieldChange(column, "", before, after)


@pytest.mark.parametrize(
    ("column", "before", "after", "fall"),
    [
        ("Variant Price", "20.00", "9.99", 0.5005),
        ("Variant Price", "20.00", "10.00", None),
        ("Variant Price", "0.01", "0.00", 1),
        ("Variant Price", "20.00", "30.00", None),
        ("Variant Price", "", "1.00", None),
        ("Variant Price", "20.00", "", None),
        ("Variant Price", "0.00", "0.00", None),
        ("Price / Europe", "20", "1", 0.95),
        ("Variant: Price", "20", "1", 0.95),
        ("Variant Compare At Price", "20.00", "1.00", None),
        ("Title", "20.00", "1.00", None),
        ("Variant Price", "NaN", "1", None),
    ],
)
def test_a_price_falls_by_more_than_half_or_to_nothing(column, before, after, fall):
    assert price_fall(change(column, before, after), Decimal("0.5")) == (
        fall and pytest.approx(fall)
    )


@pytest.mark.parametrize(
    ("column", "before", "after", "zero"),
    [
        ("Inventory Available: Berlin", "5", "0", True),
        ("Inventory On Hand: Berlin", "5", "-1", True),
        ("Inventory Available: Berlin", "5", "1", False),
        ("Inventory Available: Berlin", "0", "0", False),
        ("Inventory Available: Berlin", "5", "", False),
        ("Inventory Committed: Berlin", "5", "0", False),
    ],
)
def test_stock_goes_to_zero(column, before, after, zero):
    assert goes_to_zero(change(column, before, after)) is zero


@pytest.mark.parametrize(
    ("column", "before", "after", "hidden"),
    [
        ("Status", "Active", "Draft", True),
        ("Status", "Active", "Archived", True),
        ("Status", "Draft", "Archived", False),
        ("Status", "Draft", "Active", False),
        ("Published", "true", "false", True),
        ("Published: Online Store", "true", "", True),
        ("Tags", "true", "false", False),
    ],
)
def test_what_customers_see_is_hidden(column, before, after, hidden):
    assert hides(change(column, before, after)) is hidden


@pytest.mark.parametrize(
    ("limit", "base", "most"),
    [
        ("deletes", 30, 10),
        ("deletes", 1000, 50),
        ("prices", 1000, 0),
        ("stock", 19, 19),
        ("stock", 20, 4),
        ("unpublished", 100, 20),
        ("blanks", 19, 19),
        ("blanks", 101, 20),
        ("replaced", 1000, 0),
    ],
)
def test_so_much_is_allowed(limit, base, most):
    assert allowed(limit, base) == most


@pytest.mark.parametrize(
    ("limit", "base", "most", "own"),
    [
        ("deletes", 30, 2, {"deletes": 2, "deletes_percent": 0}),
        ("deletes", 30, 15, {"deletes": 2, "deletes_percent": 50}),
        ("stock", 100, 50, {"stock_percent": 50}),
        ("stock", 100, 0, {"stock_percent": 0}),
        ("replaced", 1000, 3, {"replaced": 3}),
    ],
)
def test_a_key_has_numbers_of_its_own(limit, base, most, own):
    assert allowed(limit, base, DEFAULTS | own) == most
    assert parse(written(DEFAULTS | own)) == DEFAULTS | own


@pytest.mark.parametrize(("most", "fall"), [("0.2", 0.3), ("0.3", None), ("1", None)])
def test_a_key_says_how_far_a_price_may_fall(most, fall):
    cheaper = change("Variant Price", "10", "7")
    assert price_fall(cheaper, Decimal(most)) == (fall and pytest.approx(fall))
    assert price_fall(change("Variant Price", "10", "0"), Decimal(most)) == 1


_rows: list[dict[str, str]] = []


@pytest.fixture
def rows(store) -> list[dict[str, str]]:
    """What an export writes of a few products."""
    store.key, _ = make_key(store.shop, "products:export", "products:import", name="All")
    store.tell("seed", products=25)
    if not _rows:  # the same seed gives the same store
        text = store.read("products").decode("utf-8-sig")
        _rows.extend(csv.DictReader(io.StringIO(text)))
    return [dict(row) for row in _rows]


def over(store, folder, rows: list[dict[str, str]], **options: object) -> dict[str, int]:
    """The limits that the plan of these rows is over."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    job = store.keep(folder, text.getvalue(), type="products", dry_run=True, **options)
    job = store.run_import(job)
    assert job.status == "planned", job.error
    return {name: limit["count"] for name, limit in job.plan["limits"].items() if limit["over"]}


def first_rows(rows: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    """The first row of each product."""
    return {row["ID"]: row for row in reversed(rows)}


def test_the_limits_look_at_products(store, tmp_path, rows):
    assert over(store, tmp_path, rows) == {}
    firsts = first_rows(rows)
    cheap = [
        {"Variant ID": row["Variant ID"], "ID": row["ID"], "Variant Price": "0.01"}
        for row in rows
        if row["Variant ID"]
    ]
    assert over(store, tmp_path, cheap[:3]) == {"prices": 3}
    draft = [{"ID": product, "Status": "Draft"} for product in firsts]
    active = [product for product, row in firsts.items() if row["Status"] == "Active"]
    assert over(store, tmp_path, draft) == {"unpublished": len(active)}
    assert over(store, tmp_path, draft[:3]) == {}


def test_blank_cells_are_limited_only_where_they_clear(store, tmp_path, rows):
    firsts = first_rows(rows)
    blank = [{"ID": product, "Vendor": "", "Tags": ""} for product in firsts]
    assert over(store, tmp_path, blank) == {}
    found = over(store, tmp_path, blank, blank="clear")
    tagged = sum(bool(row["Tags"]) for row in firsts.values())
    assert found["blanks"] >= tagged > 5


def test_replace_that_takes_something_away_is_never_allowed_unasked(store, tmp_path, rows):
    tagged = next(row for row in first_rows(rows).values() if row["Tags"])
    replaced = {"ID": tagged["ID"], "Command": "REPLACE", "Tags": ""}
    assert over(store, tmp_path, [replaced]) == {"replaced": 1}
    all_of_it = [{**row, "Command": "REPLACE"} for row in rows if row["ID"] == tagged["ID"]]
    assert over(store, tmp_path, all_of_it) == {}


def test_each_limit_and_all_that_is_final_has_words_on_the_page_and_in_the_cli():
    final = {one.final for of_type in MEASURED.values() for one in of_type.values() if one.final}
    assert ({*import_plan.LIMITS}, {*import_plan.FINAL}) == ({*LIMITS}, final)
    source = (ROOT / "cli" / "src" / "plan.js").read_text()
    words = [
        set(re.findall(r"^  (\w+): \(number\)", found, re.M))
        for found in re.findall(r"const (?:LIMITS|FINAL) = {\n(.+?)\n};", source, re.S)
    ]
    assert words == [{*LIMITS}, final | {MAIL}]
