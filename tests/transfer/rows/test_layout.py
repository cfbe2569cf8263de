"""The sheets of products and redirects, cell by cell as in real files."""

import pytest

from tests.transfer.samples import FACTS, NO_FACTS, image, product, variant
from transfer.rows.layout import CELL, layout
from transfer.types import BY_NAME
from transfer.types.shop_facts import Location, ShopFacts

BASE = """ID, Handle, Command, Title, Body HTML, Vendor, Type, Tags, Tags Command, Created At,
Updated At, Status, Published, Published At, Published Scope, Template Suffix, Gift Card, URL,
Total Inventory Qty, Row #, Top Row"""
CATEGORY = "Category: ID, Category: Name, Category"
COLLECTIONS = "Custom Collections, Smart Collections"
IMAGES = """Image Type, Image Src, Image Command, Image Position, Image Width, Image Height,
Image Alt Text"""
VARIANTS = """Variant Inventory Item ID, Variant ID, Variant Command, Option1 Name, Option1 Value,
Option2 Name, Option2 Value, Option3 Name, Option3 Value, Variant Position, Variant SKU,
Variant Barcode, Variant Image, Variant Weight, Variant Weight Unit, Variant Price,
Variant Compare At Price, Variant Taxable, Variant Tax Code, Variant Inventory Tracker,
Variant Inventory Policy, Variant Fulfillment Service, Variant Requires Shipping,
Variant Shipping Profile, Variant Inventory Qty, Variant Inventory Adjust, Variant Cost,
Variant HS Code, Variant Country of Origin, Variant Province of Origin"""
STOCK = """Inventory Available: L, Inventory Available Adjust: L, Inventory On Hand: L,
Inventory On Hand Adjust: L, Inventory Committed: L, Inventory Reserved: L, Inventory Damaged: L,
Inventory Damaged Adjust: L, Inventory Safety Stock: L, Inventory Safety Stock Adjust: L,
Inventory Quality Control: L, Inventory Quality Control Adjust: L, Inventory Incoming: L"""
PRICES = "Included / M, Price / M, Compare At Price / M"
SEO = "Metafield: title_tag [string], Metafield: description_tag [string]"
METAFIELDS = "Metafield: care.wash [single_line_text_field]"
VARIANT_METAFIELDS = "Variant Metafield: fit.match [product_reference]"


def names(*groups: str) -> list[str]:
    return [name.strip() for group in groups for name in group.replace("\n", " ").split(",")]


def rows(
    item: dict, facts: ShopFacts = FACTS, number: int = 1, kind: str = "products"
) -> list[dict]:
    sheet = layout(BY_NAME[kind].sheets[0], facts)
    return [
        dict(zip(sheet.headers, row.split(CELL), strict=True)) for row in sheet.rows(item, number)
    ]


def only(item: dict, facts: ShopFacts = FACTS) -> dict:
    [row] = rows(item, facts)
    return row


def test_the_columns_of_products_stand_in_the_order_of_real_files():
    sheet = layout(BY_NAME["products"].sheets[0], FACTS)
    expected = names(
        BASE,
        CATEGORY,
        COLLECTIONS,
        IMAGES,
        VARIANTS,
        STOCK.replace(": L", ": North Depot"),
        PRICES.replace("/ M", "/ Nordics"),
        "Published: Point of Sale",
        SEO,
        METAFIELDS,
        VARIANT_METAFIELDS,
    )
    assert list(sheet.headers) == expected


def test_what_the_shop_does_not_have_makes_no_columns():
    sheet = layout(BY_NAME["products"].sheets[0], NO_FACTS)
    assert list(sheet.headers) == names(BASE, CATEGORY, COLLECTIONS, IMAGES, VARIANTS, SEO)


def test_columns_are_repeated_for_each_location():
    two = ShopFacts(locations=(Location("1", "North"), Location("2", "+1 (555) 0")))
    headers = layout(BY_NAME["products"].sheets[0], two).headers
    assert headers.index("Inventory Incoming: North") + 1 == headers.index(
        "Inventory Available: +1 (555) 0"
    )


def test_a_redirect_is_one_row_of_four_columns():
    item = {"id": "gid://shopify/UrlRedirect/7", "path": "/old", "target": "https://new.example"}
    assert rows(item, kind="redirects") == [
        {"ID": "7", "Path": "/old", "Command": "MERGE", "Target": "https://new.example"}
    ]


def test_the_cells_of_a_product():
    row = only(product())
    expected = {
        "ID": "9001",
        "Command": "MERGE",
        "Body HTML": "<p>Boils.</p>",
        "Tags": "camp, tin",
        "Tags Command": "REPLACE",
        "Created At": "2025-10-16 18:48:46 -0400",
        "Updated At": "2026-01-01 22:04:05 -0500",
        "Status": "Active",
        "Published": "true",
        "Published At": "2026-01-01 00:00:00 -0500",
        "Published Scope": "web",
        "Template Suffix": "",
        "Gift Card": "false",
        "Total Inventory Qty": "4",
        "Row #": "1",
        "Top Row": "true",
        "Category: ID": "hg-11-6",
        "Category: Name": "Kettles",
        "Category": "Home & Garden > Kitchen > Kettles",
        "Metafield: title_tag [string]": "Tin Kettle | Moss",
        "Metafield: description_tag [string]": "",
    }
    assert {header: row[header] for header in expected} == expected


def test_the_cells_of_a_variant():
    row = only(product())
    expected = {
        "Variant Inventory Item ID": "9501",
        "Variant ID": "501",
        "Variant Command": "MERGE",
        "Option1 Name": "Title",
        "Option1 Value": "Default Title",
        "Option2 Name": "",
        "Option2 Value": "",
        "Variant Position": "1",
        "Variant SKU": "0071",
        "Variant Barcode": "0001234567",
        "Variant Image": "",
        "Variant Weight": "0.33",
        "Variant Weight Unit": "kg",
        "Variant Price": "19.00",
        "Variant Compare At Price": "",
        "Variant Taxable": "true",
        "Variant Inventory Tracker": "shopify",
        "Variant Inventory Policy": "deny",
        "Variant Fulfillment Service": "manual",
        "Variant Requires Shipping": "true",
        "Variant Shipping Profile": "General Profile",
        "Variant Inventory Qty": "4",
        "Variant Inventory Adjust": "0",
        "Variant Cost": "7.50",
        "Variant HS Code": "732393",
        "Variant Country of Origin": "DK",
        "Variant Province of Origin": "",
    }
    assert {header: row[header] for header in expected} == expected


def test_an_unpublished_product_says_false_and_no_date():
    row = only(product(publishedAt=None, status="DRAFT"))
    assert (row["Published"], row["Published At"], row["Status"]) == ("false", "", "Draft")


def test_the_scope_is_global_at_the_point_of_sale():
    assert only(product(pos=True))["Published Scope"] == "global"
    assert only(product(pos=False))["Published Scope"] == "web"


def test_the_stock_of_an_untracked_variant_is_empty_and_the_total_never_is():
    untracked = variant(inventoryQuantity=0)
    untracked["inventoryItem"]["tracked"] = False
    row = only(product(tracksInventory=False, totalInventory=0, variants=[untracked]))
    assert (row["Total Inventory Qty"], row["Variant Inventory Qty"]) == ("0", "")
    assert row["Variant Inventory Tracker"] == ""
    row = only(product(totalInventory=0, variants=[variant(inventoryQuantity=-3)]))
    assert (row["Total Inventory Qty"], row["Variant Inventory Qty"]) == ("0", "-3")


def test_a_gift_card_has_its_own_fulfillment_service():
    row = only(product(isGiftCard=True, variants=[variant(product={"isGiftCard": True})]))
    assert (row["Gift Card"], row["Variant Fulfillment Service"]) == ("true", "gift_card")


def test_collections_are_handles_by_kind():
    smart, custom = (
        {"__typename": "CollectionConditionsSource", "inclusion": {"conditions": conditions}}
        for conditions in ([{"__typename": "CollectionSourceInclusionConditionProductTag"}], [])
    )
    collections = [
        {"handle": "under-20", "sources": [smart]},
        {"handle": "camp", "sources": []},
        {"handle": "tin", "sources": [custom, smart]},
        {"handle": "gifts", "sources": [custom]},
    ]
    row = only(product(collections=collections))
    assert row["Smart Collections"] == "under-20, tin"
    assert row["Custom Collections"] == "camp, gifts"


def test_variants_and_images_stand_side_by_side():
    item = product(variants=[variant(501), variant(502)], media=[image(1), image(2), image(3)])
    first, second, third = rows(item)
    pairs = [(row["Variant ID"], row["Image Src"][-9:]) for row in (first, second, third)]
    assert pairs == [
        ("501", "k1.jpg?v=1"[-9:]),
        ("502", "k2.jpg?v=1"[-9:]),
        ("", "k3.jpg?v=1"[-9:]),
    ]
    assert [row["Image Position"] for row in (first, second, third)] == ["1", "2", "3"]
    empty = {header for header, cell in third.items() if not cell}
    assert set(names(VARIANTS, STOCK.replace(": L", ": North Depot"), VARIANT_METAFIELDS)) <= empty


def test_more_variants_than_images_leave_the_image_cells_empty():
    _, second = rows(product(variants=[variant(501), variant(502)], media=[image(1)]))
    assert {second[name] for name in names(IMAGES)} == {""}
    assert second["Variant Command"] == "MERGE"


def test_a_product_of_nothing_is_one_row():
    row = only(product(variants=[], media=[], category=None, seo={"title": None}))
    assert (row["ID"], row["Variant ID"], row["Variant Command"]) == ("9001", "", "")
    assert (row["Image Src"], row["Category"], row["Row #"]) == ("", "", "1")


def test_child_rows_repeat_the_product_but_for_few_columns():
    item = product(variants=[variant(501), variant(502)], m0={"value": "30 degrees"}, c0=True)
    first, second = rows(item, number=7)
    assert (first["Row #"], first["Top Row"]) == ("7", "true")
    assert (second["Row #"], second["Top Row"]) == ("8", "")
    once = {"Body HTML", "Top Row", "Included / Nordics", *names(SEO, METAFIELDS)}
    repeated = set(names(BASE, CATEGORY, COLLECTIONS)) - once - {"Row #"}
    assert {header for header in once if second[header]} == set()
    assert all(second[header] == first[header] for header in repeated)
    assert first["Included / Nordics"] == "true"


@pytest.mark.parametrize(
    ("medium", "kind", "address", "width"),
    [
        (image(1), "IMAGE", "https://cdn.example/k1.jpg?v=1", "800"),
        (
            {"id": "gid://shopify/ExternalVideo/2", "mediaContentType": "EXTERNAL_VIDEO",
             "alt": None, "originUrl": "https://youtu.be/x"},
            "EXTERNAL_VIDEO", "https://youtu.be/x", "",
        ),
        (
            {"id": "gid://shopify/Video/3", "mediaContentType": "VIDEO", "alt": "",
             "video": {"url": "https://cdn.example/v.mp4", "width": 640, "height": 360}},
            "VIDEO", "https://cdn.example/v.mp4", "640",
        ),
        (
            {"id": "gid://shopify/MediaImage/4", "mediaContentType": "IMAGE", "alt": None,
             "image": None},
            "IMAGE", "", "",
        ),
    ],
)  # fmt: skip
def test_every_kind_of_medium_has_its_address(medium, kind, address, width):
    row = only(product(media=[medium]))
    assert (row["Image Type"], row["Image Src"], row["Image Width"]) == (kind, address, width)


def test_stock_stands_under_its_location():
    quantities = [
        {"name": name, "quantity": place}
        for place, name in enumerate(
            ["available", "on_hand", "committed", "reserved", "damaged", "safety_stock",
             "quality_control", "incoming"]
        )
    ]  # fmt: skip
    stocked = variant(levels={"gid://shopify/Location/1": {"quantities": quantities}})
    row = only(product(variants=[stocked]))
    block = names(STOCK.replace(": L", ": North Depot"))
    assert [row[name] for name in block] == [
        "0", "0", "1", "0", "2", "3", "4", "0", "5", "0", "6", "0", "7"
    ]  # fmt: skip
    assert {only(product())[name] for name in block} == {""}


def test_a_fixed_price_stands_under_its_catalog():
    prices = {"gid://shopify/PriceList/7": {"price": {"amount": "18.5"}, "compareAtPrice": None}}
    row = only(product(variants=[variant(prices=prices)], c0=False))
    assert (row["Price / Nordics"], row["Compare At Price / Nordics"]) == ("18.5", "")
    assert row["Included / Nordics"] == "false"
    assert only(product())["Price / Nordics"] == ""


@pytest.mark.parametrize(
    ("reference", "cell"),
    [
        ({"__typename": "Product", "handle": "tin-mug"}, "tin-mug"),
        ({"__typename": "Metaobject", "type": "fabric", "handle": "wool"}, "fabric.wool"),
        (
            {"__typename": "ProductVariant", "title": "Red", "product": {"handle": "mug"}},
            "mug.Red",
        ),
        (
            {"__typename": "MediaImage", "image": {"url": "https://cdn.example/a/pic.webp?v=1"}},
            "pic.webp",
        ),
        ({"__typename": "GenericFile", "url": "https://cdn.example/a/manual.pdf"}, "manual.pdf"),
        ({"__typename": "Video", "filename": "clip.mp4"}, "clip.mp4"),
    ],
)
def test_references_are_named_as_people_know_them(reference, cell):
    metafield = {"value": "gid://shopify/Any/1", "reference": reference}
    row = only(product(variants=[variant(m0=metafield)]))
    assert row["Variant Metafield: fit.match [product_reference]"] == cell


def test_a_reference_to_what_is_gone_keeps_its_id():
    metafield = {"value": "gid://shopify/Product/1", "reference": None}
    row = only(product(variants=[variant(m0=metafield)]))
    assert row["Variant Metafield: fit.match [product_reference]"] == "gid://shopify/Product/1"


def test_an_unpublished_product_has_the_address_that_it_will_have():
    item = product(onlineStoreUrl=None, publishedAt=None)
    sheet = BY_NAME["products"].sheets[0]
    known = ShopFacts(online_store="https://alice.example")
    [row] = layout(sheet, known).rows(item, 1)
    assert dict(zip(layout(sheet, known).headers, row.split(CELL), strict=True))["URL"] == (
        "https://alice.example/products/tin-kettle"
    )


def test_an_archived_product_is_not_published():
    row = only(product(status="ARCHIVED", publishedAt="2026-01-01T05:00:00Z"))
    assert (row["Status"], row["Published"], row["Published At"]) == ("Archived", "false", "")
