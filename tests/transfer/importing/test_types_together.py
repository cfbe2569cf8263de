"""One file of several types whose objects depend on each other: in which order they are written,
removed and brought back."""

import pytest

from models import db
from models.import_object import ImportObject
from models.job import COMPLETED, IMPORT, Job
from tests.transfer.importing.files import Rows, exported, text_of, variants_of, zipped
from tests.transfer.importing.test_second_shop import applied, empty
from tests.transfer.store import Store
from transfer.importing.undo import undo_of

MAKER = {"Type": "maker", "Name": "Maker"}
TEXT = {"Field: Type": "single_line_text_field"}
FIELDS = [{**MAKER, **TEXT, "Field: Key": key} for key in ("name", "town")]
ANN = {"Definition: Handle": "maker", "Handle": "ann"}
ENTRY = [{**ANN, "Field": key, "Value": value} for key, value in (("name", "A"), ("town", "Oslo"))]
DELETE = {"Command": "DELETE"}
PRODUCT = {"Handle": "tee", "Title": "Tee", "Variant SKU": "old", "Variant Price": "5"}
CATALOG = {
    **{"Title": "Of nordics", "Type": "Market", "Type Values": "nordics"},
    **{"Price List: Name": "Prices", "Price List: Currency": "EUR"},
}


@pytest.fixture
def filled(store):
    store.given("markets alone", lambda: empty(store))
    return store


def run(store: Store, folder, **sheets: Rows) -> list[tuple[str, str]]:
    """What came of each object of a file of these sheets."""
    return run_with(store, folder, sheets)


def run_with(
    store: Store, folder, sheets: dict[str, Rows], blank: str = "keep"
) -> list[tuple[str, str]]:
    files = {f"{name.replace('_', ' ')}.csv": text_of(rows) for name, rows in sheets.items()}
    confirm = {"changes": True}
    job = store.keep(folder, zipped(files), name="store.zip", confirm=confirm, blank=blank)
    return came(applied(store, store.run_import(job)))


def undone(store: Store) -> list[str]:
    """What came of each object of an undo of the newest import."""
    newest = db.select(Job).filter_by(shop_id=store.shop.id, kind=IMPORT)
    job = db.session.scalars(newest.order_by(Job.created_at.desc())).first()
    assert job is not None
    undo = undo_of(job, key_id=job.key_id, dry_run=False, force=False)
    db.session.add(undo)
    db.session.commit()
    return [result for result, _ in came(applied(store, store.run_import(undo)))]


def came(job: Job) -> list[tuple[str, str]]:
    assert (job.status, job.error) == (COMPLETED, None)
    query = db.select(ImportObject).filter_by(job_id=job.id).order_by(ImportObject.number)
    return [(str(one.result), one.comment) for one in db.session.scalars(query)]


def entries(store: Store) -> dict[str, dict[str, str]]:
    """The values of each entry's fields by its handle."""
    found: dict[str, dict[str, str]] = {}
    for row in exported(store, "metaobjects"):
        found.setdefault(row["Handle"], {})[row["Field"]] = row["Value"]
    return found


def test_definitions_and_fields_go_after_what_entries_have_and_come_back_before(filled, tmp_path):
    """Of two definitions one goes with its only entry, and of the other one a field, of which its
    entry has a value."""
    town = {"Type": "town", "Name": "Town"}
    oslo = {"Definition: Handle": "town", "Handle": "oslo"}
    fields = [{**town, **TEXT, "Field: Key": key} for key in ("name", "country")]
    values = [{**oslo, "Field": key, "Value": value} for key, value in
              (("name", "Oslo"), ("country", "Norway"))]  # fmt: skip
    run(filled, tmp_path, Metaobject_Definitions=FIELDS + fields, Metaobjects=ENTRY + values)
    before = entries(filled)
    less = {
        "Metaobject_Definitions": [MAKER | DELETE, fields[1] | {"Field: Command": "DELETE"}],
        "Metaobjects": [ANN | DELETE, values[0] | {"Value": "Christiania", "Command": "REPLACE"}],
    }
    came = run(filled, tmp_path, **less)
    assert [result for result, _ in came] == ["deleted", "updated", "deleted", "updated"], came
    assert entries(filled) == {"oslo": {"name": "Christiania"}}
    assert sorted(undone(filled)) == ["created", "created", "updated", "updated"]
    assert entries(filled) == before
    assert before == {
        "ann": {"name": "A", "town": "Oslo"},
        "oslo": {"name": "Oslo", "country": "Norway"},
    }


def test_an_import_that_makes_both_is_undone(filled, tmp_path):
    run(filled, tmp_path, Metaobject_Definitions=FIELDS, Metaobjects=ENTRY)
    assert undone(filled) == ["deleted"] * 2
    assert exported(filled, "metaobject_definitions") == []


def test_what_another_sheet_of_the_file_has_written_is_no_conflict(filled, tmp_path):
    image = {"Image Src": "https://pictures.example/tee.png"}
    run(filled, tmp_path, Products=[PRODUCT | image])
    [file] = exported(filled, "files")
    [row] = exported(filled, "products")
    both = {
        "Files": [{"ID": file["ID"], "Alt Text": "Seen"}],
        "Products": [row | {"Image Alt Text": "Seen", "Title": "Better"}],
    }
    assert [result for result, _ in run(filled, tmp_path, **both)] == ["updated"] * 2
    [row] = exported(filled, "products")
    assert (row["Title"], row["Image Alt Text"]) == ("Better", "Seen")


def test_a_catalog_has_a_price_for_the_sku_that_the_file_gives_a_variant(filled, tmp_path):
    run(filled, tmp_path, Products=[PRODUCT])
    line = {"Product: Handle": "tee", "Variant: SKU": "new", "Variant: Price": "4.00"}
    both = {"Products": [{"Handle": "tee", "Variant SKU": "new"}], "Catalogs": [CATALOG | line]}
    assert [result for result, _ in run(filled, tmp_path, **both)] == ["updated", "created"]
    [found] = [row for row in exported(filled, "catalogs") if row["Title"] == CATALOG["Title"]]
    assert (found["Variant: SKU"], found["Variant: Price"]) == ("new", "4.00")


def test_new_catalogs_have_the_publications_that_the_file_tells(filled, tmp_path):
    told = {"nordics": "true", "canada": "false"}
    rows = [
        {**CATALOG, "Title": market, "Type Values": market, "Price List: Name": market}
        | {"Publication: Autopublish": automatic}
        for market, automatic in told.items()
    ]
    assert [result for result, _ in run(filled, tmp_path, Catalogs=rows)] == ["created"] * 2
    found = {row["Title"]: row["Publication: Autopublish"] for row in exported(filled, "catalogs")}
    assert {market: found[market] for market in told} == told
    assert undone(filled) == ["deleted"] * 2


def images(store: Store) -> dict[str, list[str]]:
    """The addresses of each product's images."""
    found: dict[str, list[str]] = {}
    for row in exported(store, "products"):
        found.setdefault(row["Handle"], []).append(row["Image Src"])
    return found


def test_an_image_comes_back_at_its_place(filled, tmp_path):
    """The first one, one in the middle and the last one, each of another product."""
    rows = [
        {"Handle": handle, "Image Src": f"https://pictures.example/{handle}-{place}.png"}
        for handle in ("first", "second", "third")
        for place in (1, 2, 3)
    ]
    for first in rows[::3]:
        first |= PRODUCT | {"Handle": first["Handle"], "Variant SKU": first["Handle"]}
    run(filled, tmp_path, Products=rows)
    before = images(filled)
    gone = [
        {"Handle": handle, "Image Src": addresses[place], "Image Command": "DELETE"}
        for place, (handle, addresses) in enumerate(before.items())
    ]
    came = run(filled, tmp_path, Products=gone)
    assert [result for result, _ in came] == ["updated"] * 3, came
    assert {handle: len(addresses) for handle, addresses in images(filled).items()} == {
        "first": 2,
        "second": 2,
        "third": 2,
    }
    assert undone(filled) == ["updated"] * 3
    assert images(filled) == before


def test_a_product_comes_back_with_the_catalog_that_its_cells_are_of(filled, tmp_path):
    line = {"Product: Handle": "tee", "Variant: SKU": "old", "Variant: Price": "4.00"}
    run(filled, tmp_path, Products=[PRODUCT], Catalogs=[CATALOG | line])
    before = exported(filled, "products")
    assert before[0]["Price / Of nordics"] == "4.0"
    gone = {"Products": [before[0] | DELETE], "Catalogs": [{"Title": CATALOG["Title"]} | DELETE]}
    assert [result for result, _ in run(filled, tmp_path, **gone)] == ["deleted"] * 2
    assert undone(filled) == ["created"] * 2
    [row] = exported(filled, "products")
    headers = ("Title", "Variant Price", "Included / Of nordics", "Price / Of nordics")
    assert [row[header] for header in headers] == [before[0][header] for header in headers]


def test_variants_come_and_go_with_an_option(filled, tmp_path):
    """The variant that goes has what the first of the new ones has, but for the new option."""
    colour = {"Option1 Name": "Colour", "Option1 Value": "Red"}
    run(filled, tmp_path, Products=[PRODUCT | colour])
    size = {"Handle": "tee", "Title": "Tee", "Option1 Name": "Size", "Option1 Value": "M"}
    wanted = [
        size | {"Option2 Name": "Colour", "Option2 Value": value, "Command": "REPLACE"}
        for value in ("Red", "Blue")
    ]
    assert run(filled, tmp_path, Products=wanted)[0][0] == "updated"
    headers = ("Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value")
    found = [[row[header] for header in headers] for row in variants_of(filled)]
    assert found == [[row[header] for header in headers] for row in wanted]
    assert undone(filled) == ["updated"]
    [row] = variants_of(filled)
    assert [row[header] for header in headers] == ["Colour", "Red", "", ""]


def test_of_fields_with_the_same_value_the_one_that_was_changed_is_put_back(filled, tmp_path):
    named = [ENTRY[0] | {"Value": "Rome"}, ENTRY[1]]
    run(filled, tmp_path, Metaobject_Definitions=FIELDS, Metaobjects=named)
    run(filled, tmp_path, Metaobjects=[ENTRY[1] | {"Value": "Rome"}])
    assert entries(filled) == {"ann": {"name": "Rome", "town": "Rome"}}
    assert undone(filled) == ["updated"]
    assert entries(filled) == {"ann": {"name": "Rome", "town": "Oslo"}}


COMPANY = {"Name": "Acme", "External ID": "A-1", "Location: Name": "Berlin"}


@pytest.mark.parametrize("named", [{"Name": "Acme"}, {"External ID": "A-1"}])
def test_a_catalog_is_for_the_location_that_the_file_gives_a_company(filled, tmp_path, named):
    run(filled, tmp_path, Companies=[COMPANY])
    place = {"Type": "Company Location", "Type Values": "Acme / Oslo"}
    sheets = {
        "Companies": [{**named, "Location: Name": "Oslo"}],
        "Catalogs": [CATALOG | place],
    }
    assert [result for result, _ in run(filled, tmp_path, **sheets)] == ["updated", "created"]
    [found] = [row for row in exported(filled, "catalogs") if row["Title"] == CATALOG["Title"]]
    assert found["Type Values"] == "Acme / Oslo"


SIZED = PRODUCT | {"Option1 Name": "Size", "Option2 Name": "Colour", "Option2 Value": "Red"}
TURNED = {"Handle": "tee", "Option1 Name": "Colour", "Option1 Value": "Red", "Option2 Name": "Size"}


def test_options_in_another_order_name_the_same_variants(filled, tmp_path):
    """Neither their ids nor their SKUs tell which they are; the new one comes first."""
    sizes = [SIZED | {"Option1 Value": size, "Variant SKU": size} for size in ("S", "M")]
    run(filled, tmp_path, Products=sizes)
    ids = {row["Option1 Value"]: row["Variant ID"] for row in variants_of(filled)}
    wanted = {"L": "S", "M": "new", "S": "M"}
    turned = [
        TURNED | {"Option2 Value": size, "Variant SKU": sku, "Variant Position": str(place)}
        for place, (size, sku) in enumerate(wanted.items(), 1)
    ]
    assert run(filled, tmp_path, Products=turned)[0][0] == "updated"
    rows = variants_of(filled)
    assert {row["Option2 Value"]: row["Variant SKU"] for row in rows} == wanted
    assert [row["Option2 Value"] for row in rows] == [*wanted]
    assert [row["Variant ID"] for row in rows[1:]] == [ids["M"], ids["S"]]
    assert undone(filled) == ["updated"]
    rows = variants_of(filled)
    found = [(r["Option1 Value"], r["Variant SKU"], r["Variant ID"]) for r in rows]
    assert found == [(size, size, ids[size]) for size in ("S", "M")]


def test_metafields_come_back_with_the_product_and_the_definition_that_had_them(filled, tmp_path):
    own = {"Owner Type": "PRODUCT", "Namespace": "own", "Key": "care"}
    type_ = {"Name": "Care", "Type: Name": "single_line_text_field"}
    header = "Metafield: own.care [single_line_text_field]"
    run(filled, tmp_path, Metafield_Definitions=[own | type_])
    run(filled, tmp_path, Products=[PRODUCT | {header: "Cold"}])
    gone = {"Metafield_Definitions": [own | DELETE], "Products": [{"Handle": "tee"} | DELETE]}
    assert [result for result, _ in run(filled, tmp_path, **gone)] == ["deleted"] * 2
    assert undone(filled) == ["created"] * 2
    assert [row[header] for row in exported(filled, "products")] == ["Cold"]


def test_what_went_with_what_the_same_file_deletes_is_not_taken_away_again(filled, tmp_path):
    """Of a catalog the products and their prices, of a product its collections."""
    products = [
        PRODUCT | {"Handle": handle, "Variant SKU": handle, "Custom Collections": "gifts"}
        for handle in ("tee", "mug")
    ]
    lines = [
        CATALOG | {"Product: Handle": sku, "Variant: SKU": sku, "Variant: Price": "4"}
        for sku in ("tee", "mug")
    ]
    gifts = {"Handle": "gifts", "Title": "Gifts"}
    run(filled, tmp_path, Custom_Collections=[gifts], Products=products, Catalogs=lines)
    deleted = {
        "Products": [products[0] | {"Custom Collections": "", "Command": "REPLACE"},
                     {"Handle": "mug"} | DELETE],
        "Custom_Collections": [{"Handle": "gifts"} | DELETE],
        "Catalogs": [lines[0] | {"Command": "REPLACE"}],
    }  # fmt: skip
    found = run(filled, tmp_path, **deleted)
    assert {result for result, _ in found} == {"updated", "deleted"}, found
    assert "mug" not in {row["Product: Handle"] for row in exported(filled, "catalogs")}
