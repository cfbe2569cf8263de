"""Rows of children that are made, stacked or numbered the other way round."""

from dataclasses import replace

from transfer.rows.counting import count
from transfer.rows.layout import CELL, layout, layouts, redacted
from transfer.types import BY_NAME
from transfer.types.base import (
    NUMBERING,
    NUMBERING_TOP_FIRST,
    Block,
    Children,
    Column,
    Sheet,
)
from transfer.types.forms import MERGE
from transfer.types.shop_facts import ShopFacts

FACTS = ShopFacts()


def stacked(order: dict) -> list[dict]:
    return [
        *({"type": "Line Item", "line": line} for line in order["lines"]),
        *({"type": "Transaction", "paid": paid} for paid in order["paid"]),
    ]


ORDER = Sheet(
    "Orders",
    children=(Children("rows", stacked),),
    blocks=(
        Block((Column("ID", "id"), Column("Note", "note", top_only=True))),
        NUMBERING,
        Block((Column("Line: Type", "type"),), of="rows"),
        Block((Column("Line: SKU", "sku"), Column("Line: Command", "id", MERGE)), "rows", "line"),
        Block((Column("Transaction: Amount", "amount"),), of="rows", part="paid", at="paid"),
    ),
)
ITEM = {
    "id": "7",
    "note": "Ring.",
    "lines": [{"sku": "a"}, {"sku": "b"}],
    "paid": [{"amount": "5"}],
}


def rows(sheet: Sheet, item: dict, number: int = 1, facts: ShopFacts = FACTS) -> list[str]:
    return [row.replace(CELL, "|") for row in layout(sheet, facts).rows(item, number)]


def test_a_stacked_child_fills_its_own_columns_alone():
    assert rows(ORDER, ITEM, 4) == [
        "7|Ring.|4|true|Line Item|a|MERGE|",
        "7||5||Line Item|b|MERGE|",
        "7||6||Transaction|||5",
    ]


def test_an_object_without_children_has_one_row():
    assert rows(ORDER, ITEM | {"lines": [], "paid": []}) == ["7|Ring.|1|true||||"]


def test_the_count_is_that_of_the_rows():
    kind = BY_NAME["orders"]
    kind = replace(kind, sheets=(ORDER, ORDER))
    assert count(layouts(kind, FACTS), [ITEM, ITEM | {"lines": [], "paid": []}]) == (2, 8)


def test_objects_stand_on_the_sheet_they_belong_to():
    kind = BY_NAME["orders"]
    sheets = (Sheet("A", ORDER.blocks[:1], only=lambda item: item["id"] == "7"),)
    kind = replace(kind, sheets=sheets)
    assert count(layouts(kind, FACTS), [ITEM, ITEM | {"id": "8"}]) == (2, 1)


def test_top_row_may_stand_before_its_number():
    sheet = Sheet("Menus", (NUMBERING_TOP_FIRST, Block((Column("Title", "title"),), of="items")))
    assert layout(sheet, FACTS).headers == ("Top Row", "Row #", "Title")
    assert layout(sheet, FACTS).cell_types == ("boolean", "number", "text")
    items = {"items": [{"title": "Home"}, {"title": "About"}]}
    assert rows(sheet, items, 9) == ["true|9|Home", "|10|About"]


def test_redacted_columns_leave_the_sheet():
    facts = ShopFacts(redacted=("note", "paid.amount"))
    found = layout(ORDER, facts)
    assert found.headers == ("ID", "Row #", "Top Row", "Line: Type", "Line: SKU", "Line: Command")
    assert redacted(ORDER, facts) == ["Note", "Transaction: Amount"]
    assert rows(ORDER, ITEM, facts=facts)[2] == "7|3||Transaction||"
