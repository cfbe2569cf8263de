"""Objects are put together of lines of one pass and of several."""

import orjson

from transfer.reading.external_sort import linked_lines, owner_number, parent_number, sorted_lines
from transfer.reading.objects import attach_parts, ids_within, parsed, together, without
from transfer.types import BY_NAME
from transfer.types.base import Attach, Item

PRODUCT, VARIANT = "gid://shopify/Product/", "gid://shopify/ProductVariant/"
ITEM, LEVEL = "gid://shopify/InventoryItem/", "gid://shopify/InventoryLevel/"


def objects(*passes: list[dict]) -> list[dict]:
    kind = BY_NAME["products"]
    first, *further = ([orjson.dumps(line) for line in lines] for lines in passes)
    with sorted_lines(first, parent_number) as main:
        found = {0: main}
        if not further:
            return list(together(kind, found))
        with sorted_lines(further[0], owner_number) as levels:
            return list(together(kind, found | {1: levels}))


def level(item: int, location: int, product: int) -> dict:
    return {
        "id": f"{LEVEL}{item}?inventory_item_id={item}",
        "location": {"id": f"gid://shopify/Location/{location}"},
        "item": {"id": f"{ITEM}{item}", "variant": {"owner": {"id": f"{PRODUCT}{product}"}}},
        "quantities": [{"name": "available", "quantity": item}],
        "__parentId": f"{ITEM}{item}",
    }


def test_the_ids_of_members_are_found_wherever_a_line_has_them():
    member = {"id": "gid://shopify/Refund/5"}
    groups = [
        (1, orjson.dumps({"id": "1", "refunds": []})),
        (2, orjson.dumps({"id": "2", "refunds": [member]}) + b',{"id":"3","__parentId":"2"}'),
        (4, b'{"id": "4", "refunds": [ ]}'),
        (5, b'{"id":"5","note":"\\"refunds\\":[]","refunds":[{"id":"gid://shopify/Refund/6"}]}'),
    ]
    assert list(ids_within(groups, "refunds")) == [member["id"], "gid://shopify/Refund/6"]


def test_children_go_to_their_connection():
    [item] = objects(
        [
            {"id": f"{PRODUCT}1", "title": "Kettle"},
            {"id": "gid://shopify/Video/9", "__parentId": f"{PRODUCT}1"},
            {"id": f"{VARIANT}3", "__parentId": f"{PRODUCT}1"},
            {"id": "gid://shopify/Collection/4", "__parentId": f"{PRODUCT}1"},
            {"id": "gid://shopify/MediaImage/8", "__parentId": f"{PRODUCT}1"},
            {"id": f"{VARIANT}2", "__parentId": f"{PRODUCT}1"},
        ]
    )
    assert [v["id"] for v in item["variants"]] == [f"{VARIANT}3", f"{VARIANT}2"]
    assert [m["id"][-1] for m in item["media"]] == ["9", "8"]
    assert len(item["collections"]) == 1


def test_children_of_an_object_that_is_gone_are_left_out():
    assert objects([{"id": f"{VARIANT}2", "__parentId": f"{PRODUCT}1"}]) == []


def test_a_further_pass_finds_its_child():
    main: list[Item] = [{"id": f"{PRODUCT}{number}"} for number in (1, 3)]
    for number, parent in ((11, 1), (12, 1), (31, 3)):
        item = {"inventoryItem": {"id": f"{ITEM}{number}"}}
        main.append({"id": f"{VARIANT}{number}", **item, "__parentId": f"{PRODUCT}{parent}"})
    levels = [
        level(31, 1, 3),
        {"id": f"{ITEM}12", "variant": None},
        level(12, 2, 1),
        level(12, 1, 1),
        level(99, 1, 1),
        level(21, 1, 2),
    ]
    first, third = objects(main, levels)
    assert "levels" not in first["variants"][0]
    assert list(first["variants"][1]["levels"]) == [
        "gid://shopify/Location/2",
        "gid://shopify/Location/1",
    ]
    assert third["variants"][0]["levels"]["gid://shopify/Location/1"]["quantities"]


def test_what_a_further_pass_asks_again_does_not_hide_what_was_known():
    item: Item = {
        "id": "1",
        "discount": {"title": "Spring", "customerGets": {"value": 5, "items": {}}},
    }
    again = {"id": "1", "discount": {"customerGets": {"items": {}}}, "products": [{"id": "2"}]}
    attach_parts(item, [again], Attach())
    assert item["discount"] == {"title": "Spring", "customerGets": {"value": 5, "items": {}}}
    assert item["products"] == [{"id": "2"}]


def test_what_no_spreadsheet_can_hold_is_left_out():
    nul, soh = "\x00", "\x01"
    line = orjson.dumps({"a": f"x{nul}y", "b": [f"{soh}z"], "c": {"d": "\\u0000", "e": 1}})
    assert parsed(line) == [{"a": "xy", "b": ["z"], "c": {"d": "\\u0000", "e": 1}}]


def test_children_of_children_find_their_object_by_the_one_between():
    company, place = "gid://shopify/Company/", "gid://shopify/CompanyLocation/"
    assigned = "gid://shopify/CompanyContactRoleAssignment/"
    main = [
        {"id": f"{company}1"},
        {"id": f"{place}9", "__parentId": f"{company}1"},
        {"id": f"{company}2"},
        {"id": f"{place}8", "__parentId": f"{company}2"},
        {"id": f"{place}7", "__parentId": f"{company}1"},
    ]
    further = [
        {"id": f"{assigned}30", "__parentId": f"{place}9"},
        {"id": f"{place}8", "owner": {"id": f"{company}2"}},
        {"id": f"{assigned}31", "__parentId": f"{place}8"},
        {"id": f"{place}7", "owner": {"id": f"{company}1"}},
        {"id": f"{place}9", "owner": {"id": f"{company}1"}},
        {"id": f"{assigned}32", "__parentId": f"{place}9"},
    ]
    kind = BY_NAME["companies"]
    with (
        sorted_lines(map(orjson.dumps, main), parent_number) as first,
        linked_lines(map(orjson.dumps, further)) as second,
    ):
        items = list(together(kind, {0: first, 1: second}))
    found = {
        location["id"][-1]: [part["id"][-2:] for part in location["roleAssignments"]]
        for item in items
        for location in item["locations"]
    }
    assert found == {"9": ["30", "32"], "7": [], "8": ["31"]}
    assert not any("owner" in location for item in items for location in item["locations"])


def test_objects_of_two_types_may_have_the_same_number():
    kind = BY_NAME["redirects"]
    lines = [{"id": "gid://shopify/Video/5"}, {"id": "gid://shopify/MediaImage/5"}]
    with sorted_lines(map(orjson.dumps, lines), parent_number) as found:
        items = list(together(kind, {0: found}))
    assert [item["id"] for item in items] == [
        "gid://shopify/MediaImage/5",
        "gid://shopify/Video/5",
    ]


def test_what_is_redacted_is_not_in_the_object():
    item = {"email": None, "id": 1, "addresses": [{"zip": None, "city": "Oslo"}], "customer": None}
    [found] = without([item], ["email", "addresses.zip", "customer.email"])
    assert found == {"id": 1, "addresses": [{"city": "Oslo"}], "customer": None}
