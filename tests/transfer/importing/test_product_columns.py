"""Each column of products that an import can write: one cell of it is changed, and the next export
differs in that and in what follows from it."""

import csv
import io
import re
from collections.abc import Iterator

import pytest

from shops.access import admin_for
from tests.transfer.importing.test_products import imported, outcomes
from tests.transfer.readers.products import SEED
from transfer.importing.columns import FileColumns
from transfer.importing.store import columns_of

Row = dict[str, str]
OTHER = {
    "Handle": "another-handle",
    "Title": "Another title",
    "Body HTML": "<p>Another</p>",
    "Vendor": "Somebody",
    "Type": "Something",
    "Tags": "other, tags",
    "Status": "Draft",
    "Published At": "2026-01-02 05:00:00 -0500",
    "Published Scope": "web",
    "Template Suffix": "wide",
    "Category: ID": "aa-1-1",
    "Category": "Apparel & Accessories > Shoes > Slippers",
    "Custom Collections": "editor-s-picks",
    "Metafield: title_tag [string]": "Found",
    "Metafield: description_tag [string]": "Described",
    "Image Alt Text": "Seen otherwise",
    "Option1 Name": "Shade",
    "Option1 Value": "Another value",
    "Option2 Name": "Cut",
    "Option2 Value": "Another cut",
    "Variant SKU": "ANOTHER-1",
    "Variant Barcode": "4006381333931",
    "Variant Weight": "2.5",
    "Variant Weight Unit": "lb",
    "Variant Price": "177.70",
    "Variant Compare At Price": "199.90",
    "Variant Tax Code": "P001",
    "Variant Inventory Policy": "continue",
    "Variant Cost": "3.30",
    "Variant HS Code": "61091000",
    "Variant Country of Origin": "NO",
    "Variant Province of Origin": "ON",
    "Price / Nordics": "155.5",
    "Compare At Price / Nordics": "166.5",
}
METAFIELDS = {
    "single_line_text_field": "Another",
    "multi_line_text_field": "One\nTwo",
    "list.single_line_text_field": '["One","Two"]',
    "number_integer": "77",
    "dimension": '{"value":7.5,"unit":"CENTIMETERS"}',
    "date": "2026-01-31",
    "rating": '{"value":"2.0","scale_min":"1.0","scale_max":"5.0"}',
    "color": "#123456",
}
FOLLOW = (
    ("Status|Published.*", "Status|Published.*|URL"),
    ("Inventory .*", "Inventory .*|Variant Inventory Qty|Total Inventory Qty"),
    ("Category.*", "Category.*"),
)
"""Columns with those that Shopify changes with them."""
PLACE = "Main Street Shop"


def other(header: str, cell: str) -> str | None:
    """What the cell is to be; None where this cell is not changed."""
    if cell in ("true", "false"):
        return "false" if cell == "true" else "true"
    kind = re.fullmatch(r"(?:Variant )?Metafield: .* \[(.*)\]", header)
    if kind and header not in OTHER:
        return METAFIELDS.get(kind[1]) if cell else None
    if re.fullmatch(f"Inventory .*: {PLACE}", header):
        return str(int(cell) + 4) if cell else None
    wanted = OTHER.get(header)
    if header == "Published At" and cell:
        return None
    if header == "Published Scope" and cell == "web":
        return None
    needs_one = ("Option", "Custom", "Price /", "Compare At Price /")
    if cell == wanted or (header.startswith(needs_one) and not cell):
        return None
    return wanted


def rows_of(store) -> list[Row]:
    text = store.file(store.export("products")).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def columns(store, folder, rows: list[Row]) -> FileColumns:
    job = store.keep(folder, text([rows[0]]), type="products")
    admin = admin_for(store.shop.id)
    return columns_of(job, job.sheets[0], admin)


def text(rows: list[Row]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def candidates(rows: list[Row], found: FileColumns, header: str) -> Iterator[int]:
    """The rows in which a cell of the column can be changed."""
    for number, row in enumerate(rows):
        if header.startswith("Published") and row["Status"] != "Active":
            continue  # an archived product is published nowhere
        own = header in found.own
        image = header.startswith("Image ")
        there = row["Top Row"] if own else row["Image Src"] if image else row["Variant ID"]
        first = row["Top Row"] == "true" or header not in ("Option1 Name", "Option2 Name")
        if there and first and other(header, row[header]) not in (None, row[header]):
            yield number


@pytest.mark.everything
def test_each_column_is_written_and_what_follows_alone_differs(store, tmp_path):
    store.tell("seed", **SEED)
    rows = rows_of(store)
    found = columns(store, tmp_path, rows)
    headers = [*found.changeable, *(h for of in found.sets.values() for h in of.changeable)]
    headers = [h for h in headers if h in rows[0]]  # others are for imports alone
    left = [h for h in headers if not h.startswith("Inventory") or h.endswith(PLACE)]
    tried: set[str] = set()
    while left:
        changed: dict[str, tuple[str, int]] = {}
        for header in list(left):
            places = candidates(rows, found, header)
            number = next((n for n in places if rows[n]["ID"] not in changed), None)
            if number is not None:
                changed[rows[number]["ID"]] = (header, number)
                left.remove(header)
        if not changed:
            break
        tried |= {header for header, _ in changed.values()}
        rows = round_of(store, tmp_path, rows, changed)
    references = [h for h in left if "reference" in h or "rich_text" in h]
    assert sorted(set(left) - set(references)) == sorted(NOT_CHANGED)
    assert len(tried) > 40


NOT_CHANGED = {
    "Option3 Name",
    "Option3 Value",
    "Variant Image",
    "Variant Inventory Tracker",
    "Variant Shipping Profile",
}
"""No seed has a third option; the others are tried in tests of their own."""


def round_of(store, folder, rows: list[Row], changed: dict[str, tuple[str, int]]) -> list[Row]:
    """Change one cell of each of these products; the rows of the store afterwards."""
    wanted = [dict(row) for row in rows]
    for header, number in changed.values():
        value = other(header, rows[number][header])
        own = [n for n, row in enumerate(rows) if row["ID"] == rows[number]["ID"]]
        is_own = header in ("Option1 Name", "Option2 Name") or not re.match(
            "Variant|Image|Option|Inventory|Price|Compare", header
        )
        for n in own if is_own else [number]:
            if rows[n][header] == rows[number][header] or n == number:
                wanted[n][header] = value or ""
    job = imported(store, folder, text(wanted))
    results = {words for result, words in outcomes(job) if result not in ("updated", "unchanged")}
    assert (job.error, results) == (None, set())
    after = rows_of(store)
    by_id: dict[str, list[Row]] = {}
    for row in after:
        by_id.setdefault(row["ID"], []).append(row)
    before: dict[str, list[Row]] = {}
    for row in rows:
        before.setdefault(row["ID"], []).append(row)
    for gid, others in before.items():
        header, number = changed.get(gid, ("", -1))
        differing = {
            name
            for one, now in zip(others, by_id[gid], strict=True)
            for name in one
            if one[name] != now[name]
        } - {"Updated At"}
        strange = {name for name in differing if name != header and not follows(name, header)}
        assert strange == set(), (header, rows[number][header], other(header, rows[number][header]))
        if header and not header.partition(":")[0].endswith("Adjust"):
            assert header in differing, (header, rows[number][header], outcomes(job)[number])
    return after


def follows(header: str, changed: str) -> bool:
    return any(re.fullmatch(one, changed) and re.fullmatch(two, header) for one, two in FOLLOW)
