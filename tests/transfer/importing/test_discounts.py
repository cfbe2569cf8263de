"""Imports of discounts of every kind, and of their codes."""

from typing import Any

import pytest

from tests.transfer.importing.files import (
    came_of,
    check_told,
    exported,
    results_of,
    unchanged,
    undone,
)

TYPE = "discounts"
ITEM_TYPE, ITEM = "Applies To: Type", "Applies To: Values"
BUY_TYPE, BUY = "Buy X Get Y: Customer Buys Type", "Buy X Get Y: Customer Buys Values"
FOR, WHO = "Eligibility: Customer Type", "Eligibility: Customer Values"
KITCHEN = {"Title": "Kitchen", "Type": "Amount off Order", "Method": "Code"}
TEN = {"Value Type": "Percentage", "Value": "10"}
OWN = """title status startsAt endsAt context {
  ... on DiscountCustomerSegments { segments { name } }
  ... on DiscountCustomers { customers { email } } }"""
GETS = "customerGets { value { ... on DiscountPercentage { percentage } } }"
CODES = "codes(first: 250) { nodes { code } }"
DISCOUNTS = f"""query {{ discountNodes(first: 50) {{ nodes {{ id discount {{
  ... on DiscountCodeBasic {{ {OWN} {GETS} {CODES} }}
  ... on DiscountCodeBxgy {{ {OWN} {CODES} }}
  ... on DiscountCodeFreeShipping {{ {OWN} {CODES} recurringCycleLimit }}
  ... on DiscountAutomaticBasic {{ {OWN} {GETS} }} }} }} }} }}"""


@pytest.fixture
def filled(store):
    store.tell("seed", products=10, collections=3, customers=3)
    return store


@pytest.fixture
def seeded(filled):
    filled.tell("seed", discounts=12)
    return filled


def rows(store, title: str) -> list[dict[str, str]]:
    return [row for row in exported(store, TYPE) if row["Title"] == title]


def all_there(store) -> list[dict[str, Any]]:
    nodes = store.graphql(DISCOUNTS)["discountNodes"]["nodes"]
    return [{"id": node["id"], **node["discount"]} for node in nodes]


def there(store, title: str = "Kitchen") -> dict[str, Any]:
    [found] = [one for one in all_there(store) if one.get("title") == title]
    return found


def codes(store, title: str = "Kitchen") -> list[str]:
    return [one["code"] for one in there(store, title)["codes"]["nodes"]]


def percentage(found: dict[str, Any]) -> float:
    return float(found["customerGets"]["value"]["percentage"])


def names(store, of: str, field: str = "handle") -> list[str]:
    query = f"query {{ {of}(first: 9) {{ nodes {{ {field} }} }} }}"
    return [node[field] for node in store.graphql(query)[of]["nodes"]]


def coded(*named: str, **more: str) -> list[dict[str, str]]:
    return [{**KITCHEN, **TEN, "Code": code, **more} for code in named]


def numbered(n: int) -> dict[str, str]:
    """A discount of its own title and code."""
    return coded(f"A{n}", Title=f"Kitchen {n}")[0]


def without_dates(found: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row | {"Updated At": ""} for row in found]


def kinds(store) -> list[list[dict[str, str]]]:
    """Discounts of every method and kind, each with its rows."""
    first, second, *_ = names(store, "products")
    collection = names(store, "collections")[0]
    dates = {"Starts At": "2026-01-01 00:00:00 +0000", "Ends At": "2099-01-01 00:00:00 +0000"}
    combined = {"Combines with Order Discounts": "true", "Combines with Product Discounts": "no"}
    order = {
        "Type": "Amount off Order",
        "Value Type": "Fixed Amount",
        "Value": "12.5",
        "Minimum Requirement": "Amount",
        "Minimum Value": "50",
        **dates,
        **combined,
    }
    products = {
        "Type": "Amount off Products",
        "Value Type": "Amount Off Each",
        "Value": "2",
        "Minimum Requirement": "Quantity",
        "Minimum Value": "3",
        ITEM_TYPE: "Products",
        ITEM: first,
    }
    buy = {
        "Type": "Buy X Get Y",
        "Value Type": "Percentage",
        "Value": "50",
        "Minimum Requirement": "Quantity",
        "Minimum Value": "2",
        BUY_TYPE: "Products",
        BUY: first,
        ITEM_TYPE: "Collections",
        ITEM: collection,
        "Buy X Get Y: Customer Gets Quantity": "1",
        "Limit Uses Per Order": "4",
    }
    shipping = {
        "Type": "Free Shipping",
        "Free Shipping: Country Codes": "CA, US, Rest of World",
        "Free Shipping: Over Amount": "30",
    }
    limits = {"Limit Total Times": "100", "Limit One Use Per Customer": "yes"}
    made = []
    for method in ("Code", "Automatic"):
        for number, own in enumerate((order, products, buy, shipping)):
            title = f"{own['Type']} {method}"
            top = {"Title": title, "Method": method, **own}
            if method == "Code":
                top |= {"Code": f"CODE{number}", **limits}
            found = [top]
            if own is products:
                found.append({"Title": title, ITEM_TYPE: "Products", ITEM: second})
            made.append(found)
    return made


def test_discounts_of_every_kind_are_created(filled, tmp_path):
    discounts = kinds(filled)
    file = [row for found in discounts for row in found]
    filled.changes_sent()
    assert set(results_of(filled, tmp_path, TYPE, *file)) == {"created"}
    assert set(results_of(filled, tmp_path, TYPE, *file)) == {"unchanged"}
    sent = [one["field"] for one in filled.changes_sent()]
    assert sorted(set(sent)) == sorted(
        f"discount{method}{kind}Create"
        for method in ("Code", "Automatic")
        for kind in ("Basic", "Bxgy", "FreeShipping")
    )
    whole = exported(filled, TYPE)
    for found in discounts:
        shown = [row for row in whole if row["Title"] == found[0]["Title"]]
        assert [row[ITEM] for row in shown] == [row.get(ITEM, "") for row in found]
        top = shown[0]
        for header, cell in found[0].items():
            if header in ("Starts At", "Ends At", "Free Shipping: Country Codes"):
                continue
            said = {"yes": "true", "no": "false"}.get(cell, cell)
            there = top[header]
            same = there == said or (there.endswith(".00") and float(there) == float(said))
            assert same or float(there) == float(said), (header, there, said)
    [shipping, *_] = [row for row in whole if row["Title"] == "Free Shipping Code"]
    assert shipping["Free Shipping: Country Codes"] == "CA, US, Rest of World"
    assert set(results_of(filled, tmp_path, TYPE, *whole)) == {"unchanged"}


@pytest.mark.everything
def test_every_cell_is_as_it_was_after_an_undo(filled, tmp_path):
    discounts = kinds(filled)
    results_of(filled, tmp_path, TYPE, *(row for found in discounts for row in found))
    before = exported(filled, TYPE)
    third, collection = names(filled, "products")[2], names(filled, "collections")[1]
    changes = {
        "Amount off Order": {"Value Type": "Percentage", "Value": "7", "Minimum Value": "60",
                             "Ends At": "2098-01-01 00:00:00 +0000",
                             "Combines with Shipping Discounts": "true"},
        "Amount off Products": {"Value": "3", ITEM_TYPE: "Products", ITEM: third},
        "Buy X Get Y": {"Value Type": "Free", ITEM_TYPE: "Collections", ITEM: collection,
                        "Minimum Value": "5", BUY_TYPE: "Products", BUY: third},
        "Free Shipping": {"Free Shipping: Country Codes": "DE",
                          "Free Shipping: Over Amount": "20"},
    }  # fmt: skip
    file = [{"ID": row["ID"], **changes[row["Type"]]} for row in before if row["Top Row"] == "true"]
    assert results_of(filled, tmp_path, TYPE, *file) == ["updated"] * 8
    changed = exported(filled, TYPE)
    tops = {row["Title"]: row for row in changed if row["Top Row"] == "true"}
    assert tops["Amount off Order Code"]["Value"] == "7.00"
    assert tops["Amount off Products Automatic"][ITEM] == third
    assert tops["Buy X Get Y Code"]["Value Type"] == "Free"
    assert tops["Free Shipping Automatic"]["Free Shipping: Country Codes"] == "DE"
    assert undone(filled) == ["updated"] * 8
    for was, now in zip(without_dates(before), without_dates(exported(filled, TYPE)), strict=True):
        assert {h: c for h, c in now.items() if was[h] != c} == {}


def test_a_status_ends_a_discount_or_lets_it_go_on(filled, tmp_path):
    """Where no date of the file says it: an old export has both, and changes nothing."""
    ends = {"Ends At": "2099-01-01 00:00:00 +0000"}
    starts = {"Starts At": "2026-01-01 00:00:00 +0000"}  # not the second in which it ends
    more = {"Status": "Expired", **starts, **ends}
    file = [*coded("A", **more), *coded("B", Title="Office", **more)]
    assert results_of(filled, tmp_path, TYPE, *file) == ["created"] * 2
    before = there(filled)
    assert before["status"] == "ACTIVE"
    expired = {"Title": "Kitchen", "Status": "expired"}
    assert results_of(filled, tmp_path, TYPE, {**expired, **ends}) == ["unchanged"]
    scheduled = {"Title": "Office", "Status": "Scheduled"}
    assert came_of(filled, tmp_path, TYPE, scheduled, expired) == [
        ("unchanged", "Status: Shopify makes it of Starts At and Ends At. Change these."),
        ("updated", 'Status: "Active" → "Expired"'),
    ]
    assert (there(filled)["status"], there(filled, "Office")["status"]) == ("EXPIRED", "ACTIVE")
    assert undone(filled) == ["updated"]
    assert there(filled) == before
    assert results_of(filled, tmp_path, TYPE, expired) == ["updated"]
    assert results_of(filled, tmp_path, TYPE, expired) == ["unchanged"]
    [past] = rows(filled, "Kitchen")
    assert results_of(filled, tmp_path, TYPE, {**past, "Status": "Active"}) == ["unchanged"]
    assert results_of(filled, tmp_path, TYPE, {**expired, "Status": "Active"}) == ["updated"]
    now = there(filled)
    assert (now["status"], now["endsAt"]) == ("ACTIVE", None)
    assert now["startsAt"] == before["startsAt"]


def test_many_codes_of_one_discount_are_added_250_at_a_time(filled, tmp_path):
    named = [f"SPRING-{n:04}" for n in range(301)]
    file = coded(*named)
    filled.changes_sent()
    assert set(results_of(filled, tmp_path, TYPE, *file)) == {"created"}
    sent = [one["field"] for one in filled.changes_sent()]
    assert sent == ["discountCodeBasicCreate"] + ["discountRedeemCodeBulkAdd"] * 2
    shown = [row["Code"] for row in rows(filled, "Kitchen")]
    assert sorted(shown) == named
    assert set(results_of(filled, tmp_path, TYPE, *file)) == {"unchanged"}
    assert filled.changes_sent() == []


def test_codes_are_waited_for_where_shopify_makes_them_later(filled, tmp_path):
    filled.misbehave(slow_jobs_ms=700)
    assert set(results_of(filled, tmp_path, TYPE, *coded("A", "B", "C"))) == {"created"}
    assert codes(filled) == ["A", "B", "C"]


def test_codes_join_and_leave_and_a_plan_counts_them(filled, tmp_path):
    office = coded("K", "L", "M", Title="Office")
    made = came_of(filled, tmp_path, TYPE, *coded("A", "B", "C"), *office)
    assert all(why.endswith(", 3 codes added") for _, why in made), made
    assert came_of(filled, tmp_path, TYPE, *coded("D")) == [("updated", "1 code added")]
    assert codes(filled) == ["A", "B", "C", "D"]
    file = [*coded("N", Title="Office")]
    file += coded("k", "L", Title="Office", **{"Code Command": "DELETE"})
    file += coded("E", "A", **{"Code Command": "REPLACE"})
    found = came_of(filled, tmp_path, TYPE, *file)
    assert [result for result, _ in found] == ["updated"] * 5
    assert found[0][1] == "1 code added, 2 codes removed"
    assert codes(filled, "Office") == ["M", "N"]
    assert sorted(codes(filled)) == ["A", "E"]
    assert undone(filled) == ["updated"] * 2
    assert sorted(codes(filled, "Office")) == ["K", "L", "M"]
    assert sorted(codes(filled)) == ["A", "B", "C", "D"]


def test_a_code_of_another_discount_is_told_and_the_others_are_made(filled, tmp_path):
    results_of(filled, tmp_path, TYPE, *coded("A", Title="First"))
    [(result, why), *_] = came_of(filled, tmp_path, TYPE, *coded("B", "a", "C"))
    assert result == "failed" and "“a”: Code must be unique." in why
    assert codes(filled) == ["B", "C"]


WRONG = [
    ({"Method": ""}, "Method: it is empty, so nothing can be made. Write Code or Automatic."),
    ({"Type": ""}, "Type: it is empty. Write Amount off Products, "),
    ({"Code": ""}, "Code: it is empty. A discount by code needs one."),
    ({"Method": "Automatic"}, "Code: a discount that is automatic has none."),
    ({"Type": "App"}, "Type: the discount is of an app"),
    ({"Value": "120"}, "Value: “120” is not between 0 and 100 percent."),
    ({"Value": ""}, "Value: it is empty."),
    ({"Value Type": ""}, "Value Type: it is empty."),
    ({"Limit Uses Per Order": "2"}, "Limit Uses Per Order: it does not go with"),
    ({ITEM_TYPE: "Products", ITEM: "no-such"}, "The store has no product “no-such”."),
    ({FOR: "Segments", WHO: "Nobody"}, "The store has no segment “Nobody”."),
    ({FOR: "Markets"}, "a file does not say which markets"),
]


def test_what_is_missing_or_wrong_is_told(filled, tmp_path):
    rows = [numbered(n) | cells for n, (cells, _) in enumerate(WRONG)]
    check_told(came_of(filled, tmp_path, TYPE, *rows), WRONG)
    assert all_there(filled) == []


def test_another_method_or_type_needs_replace_and_says_what_is_lost(seeded, tmp_path):
    title = "Winter 10 %"
    row = {"Title": title, "Method": "Automatic"}
    [(result, why)] = came_of(seeded, tmp_path, TYPE, row)
    assert result == "failed" and why.startswith("Method: it cannot be changed")
    assert "Write the Command REPLACE" in why
    before = rows(seeded, title)
    new = row | {"Command": "REPLACE", "Type": "Amount off Order"}
    new |= {"Value Type": "Percentage", "Value": "15"}
    seeded.changes_sent()
    [(result, why)] = came_of(seeded, tmp_path, TYPE, new)
    assert result == "updated" and "How often it was used is lost." in why
    assert [one["field"] for one in seeded.changes_sent()] == [
        "discountCodeDelete",
        "discountAutomaticBasicCreate",
    ]
    found = there(seeded, title)
    assert (percentage(found), "codes" in found) == (0.15, False)
    assert found["id"].rpartition("/")[2] != before[0]["ID"]
    assert undone(seeded) == ["updated"]
    lost = ("ID", "Row #", "Created At", "Updated At", "Code Used Count", "Total Used Count")
    again = [{h: cell for h, cell in one.items() if h not in lost} for one in rows(seeded, title)]
    assert again == [{h: cell for h, cell in one.items() if h not in lost} for one in before]


def test_a_discount_that_cannot_be_made_again_is_told_to_be_gone(seeded, tmp_path):
    row = {"Title": "Winter 10 %", "Command": "REPLACE", "Type": "Free Shipping"}
    row |= {"Method": "Code"}
    others = [one for one in all_there(seeded) if one.get("title") != row["Title"]]
    taken = next(codes["nodes"][0]["code"] for one in others if (codes := one.get("codes")))
    [(result, why)] = came_of(seeded, tmp_path, TYPE, row | {"Code": taken})
    assert result == "failed" and why.endswith("It was deleted, and is not there any more.")
    assert all_there(seeded) == others


def test_customers_and_segments_may_use_it(filled, tmp_path):
    filled.tell("seed", discounts=1)  # with two segments
    emails = [email for email in names(filled, "customers", "email") if email]
    segment = names(filled, "segments", "name")[0]
    file = coded("A", **{FOR: "Customers", WHO: emails[0]})
    file += [{"Title": "Kitchen", FOR: "Customers", WHO: emails[1]}]
    assert results_of(filled, tmp_path, TYPE, *file) == ["created"] * 2
    those = {"customers": [{"email": email} for email in emails[:2]]}
    assert there(filled)["context"] == those
    change = {"Title": "Kitchen", FOR: "Segments", WHO: segment}
    assert results_of(filled, tmp_path, TYPE, change) == ["updated"]
    assert there(filled)["context"] == {"segments": [{"name": segment}]}
    assert undone(filled) == ["updated"]
    assert there(filled)["context"] == those
    unchanged(filled, tmp_path, TYPE)


def test_a_discount_is_deleted_and_made_again(filled, tmp_path):
    results_of(filled, tmp_path, TYPE, *coded("A", "B"))
    before = there(filled)
    row = {"ID": before["id"].rpartition("/")[2], "Command": "DELETE"}
    [(result, why)] = came_of(filled, tmp_path, TYPE, row)
    assert result == "deleted"
    assert why.startswith("Its 2 codes are deleted too. How often it was used is lost")
    assert all_there(filled) == []
    assert undone(filled) == ["created"]
    after = there(filled)
    assert codes(filled) == ["A", "B"] and after["id"] != before["id"]
    assert (percentage(after), after["startsAt"][:19]) == (0.1, before["startsAt"][:19])


def test_what_is_created_is_deleted_by_an_undo(filled, tmp_path):
    results_of(filled, tmp_path, TYPE, *coded("A", "B"))
    assert undone(filled) == ["deleted"]
    assert all_there(filled) == []


def test_files_without_titles_find_discounts_by_their_codes(filled, tmp_path):
    results_of(filled, tmp_path, TYPE, *coded(*(f"C{n:03}" for n in range(30))))
    file = [
        {"Code": "c025", "Value": "20"},
        {"Code": "NEW1", **KITCHEN, **TEN, "Title": ""},
        {"Code": "NEW2", **KITCHEN, **TEN, "Title": ""},
    ]
    for row in file:
        row.pop("Title", None)
    assert results_of(filled, tmp_path, TYPE, *file) == ["updated", "created", "created"]
    assert {one["title"]: percentage(one) for one in all_there(filled)} == {
        "Kitchen": 0.2,
        "NEW1": 0.1,
        "NEW2": 0.1,
    }
    assert results_of(filled, tmp_path, TYPE, *file) == ["unchanged"] * 3
    [(result, why)] = came_of(filled, tmp_path, TYPE, {"Code": "NONE", "Value": "20"})
    assert result == "failed" and why.startswith("Method: it is empty")


def test_of_discounts_with_one_title_a_code_tells_which(filled, tmp_path):
    file = [*coded("A", Title="Twice"), *coded("B", Title="Other")]
    assert results_of(filled, tmp_path, TYPE, *file) == ["created"] * 2
    other = {"ID": there(filled, "Other")["id"], "Title": "Twice"}
    assert results_of(filled, tmp_path, TYPE, other) == ["updated"]
    change = {"Title": "Twice", "Code": "b", "Value": "30"}
    assert results_of(filled, tmp_path, TYPE, change) == ["updated"]
    values = {one["codes"]["nodes"][0]["code"]: percentage(one) for one in all_there(filled)}
    assert values == {"A": 0.1, "B": 0.3}
    [(result, why)] = came_of(filled, tmp_path, TYPE, {"Title": "Twice", "Value": "30"})
    assert result == "failed" and "name the one you mean by its ID" in why


UNFIT = [
    ({"Free Shipping: Country Codes": "DE"}, "Free Shipping: Country Codes: it does not go"),
    ({"Buy X Get Y: Customer Gets Quantity": "2"}, "Customer Gets Quantity: it does not go"),
    ({BUY_TYPE: "Products", BUY: "x"}, "Customer Buys Values: The store has no product “x”."),
    ({"Purchase Type: Recurring Subscription Limit": "3"}, "it is for subscriptions only."),
    ({"Ends At": "2020-01-01"}, "Ends At: it is not after Starts At."),
    ({"Code": "X" * 256}, "has more than 255 characters"),
]


def test_cells_that_do_not_go_with_a_discount_are_told_and_not_dropped(filled, tmp_path):
    rows = [numbered(n) | {"Starts At": "2026-01-01"} for n in range(len(UNFIT))]
    assert results_of(filled, tmp_path, TYPE, *rows) == ["created"] * len(UNFIT)
    changed = [row | cells for row, (cells, _) in zip(rows, UNFIT, strict=True)]
    check_told(came_of(filled, tmp_path, TYPE, *changed), UNFIT)


WIDER = [
    ({ITEM_TYPE: "Products"}, "Applies To: Values: it is empty"),
    ({ITEM_TYPE: "Products", ITEM: ""}, "Applies To: Values: it is empty"),
    ({FOR: "Customers"}, "Eligibility: Customer Values: it is empty"),
    ({FOR: "Segments", WHO: ""}, "Eligibility: Customer Values: it is empty"),
]


def test_a_type_without_values_makes_no_discount_wider(seeded, tmp_path):
    """Neither one that is there nor a new one; the column of the values may be left out."""
    title = 'Friends & family "2026" 🎉'
    before = rows(seeded, title)
    [row] = [row for row in before if row["Top Row"] == "true"]
    for cells, why in WIDER:
        found = came_of(seeded, tmp_path, TYPE, {"ID": row["ID"], **cells})
        check_told(found, [(cells, why)])
    assert rows(seeded, title) == before
    new = [coded(f"NEW-{n}", Title=f"New {n}")[0] | cells for n, (cells, _) in enumerate(WIDER)]
    check_told(came_of(seeded, tmp_path, TYPE, *new), WIDER)


def test_lists_and_words_of_older_files_are_understood(filled, tmp_path):
    first, second, *_ = names(filled, "products")
    row = coded("A")[0] | {"Type": "Amount off Products", "Minimum Requirement": "Purchase amount"}
    row |= {"Minimum Value": "30", ITEM_TYPE: "product", ITEM: f"{first} | {second}"}
    assert results_of(filled, tmp_path, TYPE, row) == ["created"]
    found = rows(filled, "Kitchen")
    assert [one[ITEM] for one in found] == [first, second]
    assert found[0]["Minimum Requirement"] == "Amount"


def test_a_limit_of_payments_alone_changes_a_discount_for_subscriptions(seeded, tmp_path):
    limit = "Purchase Type: Recurring Subscription Limit"
    found = there(seeded, "Subscribers ship free")
    assert results_of(seeded, tmp_path, TYPE, {"ID": found["id"], limit: "5"}) == ["updated"]
    assert there(seeded, "Subscribers ship free") == found | {"recurringCycleLimit": 5}
