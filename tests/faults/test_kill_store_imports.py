"""``kill -9`` of the worker while one file of all types of a store is imported: nothing is lost,
nothing is done twice, and the store is as it is after an import that nobody disturbed."""

import pytest

from models import db
from models.import_object import ImportObject
from models.job import Job
from tests.transfer.importing.files import Rows, text_of, zipped
from tests.transfer.importing.test_second_shop import empty, shared
from tests.transfer.store import Store, sheets

pytestmark = [pytest.mark.both_databases, pytest.mark.slow]

TYPES = (
    *("metaobject_definitions", "metafield_definitions", "files", "metaobjects", "products"),
    *("collections", "catalogs", "shop", "redirects"),
)
PICTURES = "https://pictures.example"
PLACE = "Main Street Shop"
MARKETS = ("nordics", "canada")
TRACKED = {"Variant Inventory Tracker": "shopify"}
AUTOMATIC, CHOSEN = ({"Publication: Autopublish": on} for on in ("true", "false"))
ADJUST = f"Inventory Available Adjust: {PLACE}"
MOTTO = "Metafield: own.motto [single_line_text_field]"
CARE = "Metafield: own.care0 [single_line_text_field]"


def definition(key: str, **cells: str) -> dict[str, str]:
    type = {"Type: Name": "single_line_text_field"}
    return {"Owner Type": "PRODUCT", "Namespace": "own", "Key": key, **type, **cells}


def maker(kind: str, key: str, **cells: str) -> dict[str, str]:
    type = {"Field: Type": "single_line_text_field", "Field: Name": key}
    return {"Type": kind, "Name": kind.title(), "Field: Key": key, **type, **cells}


def entry(handle: str, **fields: str) -> Rows:
    own = {"Definition: Handle": "maker0", "Handle": handle}
    return [{**own, "Field": key, "Value": value} for key, value in fields.items()]


def file(name: str, **cells: str) -> dict[str, str]:
    return {"File Name": f"{name}.png", "Link": f"{PICTURES}/{name}.png", **cells}


def product(n: int, size: str, price: str, **cells: str) -> dict[str, str]:
    sku = {
        "Variant SKU": f"{n}-{size}",
        "Variant Price": price,
        "Variant Inventory Tracker": "shopify",
    }
    return {"Handle": f"tee{n}", "Option1 Name": "Size", "Option1 Value": size, **sku, **cells}


def before(each: range) -> dict[str, Rows]:
    return {
        "Metaobject Definitions": [
            *(maker(f"maker{n}", key) for n in each for key in ("name", "town")),
            *(maker(f"gone{n}", "name") for n in each),
        ],
        "Metafield Definitions": [
            definition(f"{name}{n}", Name=name) for n in each for name in ("care", "gone")
        ],
        "Files": [file(f"{name}{n}") for n in each for name in ("kept", "gone")],
        "Metaobjects": [
            row for n in each for name in ("ann", "gone") for row in entry(f"{name}{n}", name="A")
        ],
        "Products": [
            row
            for n in each
            for row in (
                product(
                    n,
                    "S",
                    "10",
                    Title=f"Tee {n}",
                    Vendor="Acme",
                    **{"Image Src": f"{PICTURES}/{n}-1.png"},
                ),
                product(n, "M", "10"),
                {"Handle": f"gone{n}", "Title": "Gone", "Vendor": "Acme"},
            )
        ],
        "Smart Collections": [smart(f"{name}{n}") for n in each for name in ("cheap", "gone")],
        "Custom Collections": [
            custom(f"{name}{n}", f"tee{n}", Title="First")
            for n in each
            for name in ("gifts", "old")
        ],
        "Catalogs": [catalog(MARKETS[0], f"Of {MARKETS[0]}", **CHOSEN)],
        "Shop": [{MOTTO: "Warm"}],
        "Redirects": [
            {"Path": f"/{name}{n}", "Target": "/x"} for n in each for name in ("kept", "gone")
        ],
    }


def smart(handle: str, **cells: str) -> dict[str, str]:
    rule = {"Rule: Product Column": "Tag", "Rule: Relation": "Equals", "Rule: Condition": "a"}
    return {"Handle": handle, "Title": handle.title(), **rule, **cells}


def custom(handle: str, product: str, **cells: str) -> dict[str, str]:
    return {"Handle": handle, "Title": "Better", "Product: Handle": product, **cells}


def catalog(market: str, title: str, **cells: str) -> dict[str, str]:
    prices = {"Price List: Name": title, "Price List: Currency": "EUR"}
    return {"Title": title, "Type": "Market", "Type Values": market, **prices, **cells}


def changes(each: range) -> dict[str, Rows]:
    """Of every type some are made, changed and deleted; products get a variant, an image, stock and
    a channel, and lose a variant."""
    delete = {"Command": "DELETE"}
    line = {"Product: Handle": "tee0", "Variant: SKU": "0-S", "Variant: Price": "8.00"}
    return {
        "Metaobject Definitions": [
            *(maker(f"maker{n}", "since", Description="Who makes it") for n in each),
            *(maker(f"new{n}", "name") for n in each),
            *({"Type": f"gone{n}"} | delete for n in each),
        ],
        "Metafield Definitions": [
            *(definition(f"care{n}", Name="Better", **{"Pinned: Is Pinned": "true"}) for n in each),
            *(definition(f"new{n}", Name="New") for n in each),
            *(definition(f"gone{n}") | delete for n in each),
        ],
        "Files": [
            *(file(f"kept{n}", **{"Alt Text": "Seen"}) for n in each),
            *(file(f"new{n}") for n in each),
            *({"File Name": f"gone{n}.png"} | delete for n in each),
        ],
        "Metaobjects": [
            *(row for n in each for row in entry(f"ann{n}", name="B", town="Oslo", since="1986")),
            *(row for n in each for row in entry(f"new{n}", name="N")),
            *(row | delete for n in each for row in entry(f"gone{n}", name="A")),
        ],
        "Products": [
            row
            for n in each
            for row in (
                product(
                    n, "S", "11", Title=f"Better {n}", Published="true", Tags="a",
                    **{CARE: "Cold", "Image Src": f"{PICTURES}/{n}-1.png", ADJUST: "3"},
                ),
                product(n, "L", "12", **{"Image Src": f"{PICTURES}/{n}-2.png", ADJUST: "2"}),
                product(n, "M", "10", **{"Variant Command": "DELETE"}),
                {"Handle": f"new{n}", "Title": f"New {n}", "Vendor": "Acme",
                 "Image Src": f"{PICTURES}/{n}-3.png", "Published": "true",
                 "Variant SKU": f"{n}-N", "Variant Price": "7", **TRACKED, ADJUST: "4"},
                {"Handle": f"gone{n}"} | delete,
            )
        ],
        "Smart Collections": [
            *(smart(f"cheap{n}", **{"Body HTML": "<p>Cheap</p>"}) for n in each),
            *(smart(f"new{n}") for n in each),
            *({"Handle": f"gone{n}"} | delete for n in each),
        ],
        "Custom Collections": [
            *(custom(f"gifts{n}", f"new{n}") for n in each),
            *(custom(f"staff{n}", f"tee{n}") for n in each),
            *({"Handle": f"old{n}"} | delete for n in each),
        ],
        "Catalogs": [
            catalog(MARKETS[0], f"Of {MARKETS[0]}", **AUTOMATIC, **line),
            catalog(MARKETS[1], f"Of {MARKETS[1]}", **line),
        ],
        "Shop": [{MOTTO: "Warm and dry"}],
        "Redirects": [
            *({"Path": f"/kept{n}", "Target": "/y"} for n in each),
            *({"Path": f"/new{n}", "Target": "/x"} for n in each),
            *({"Path": f"/gone{n}"} | delete for n in each),
        ],
    }  # fmt: skip


def kept(store: Store, folder, state: dict[str, Rows]) -> Job:
    """An import of these sheets that waits to be run, and asks nobody."""
    files = {f"{name}.csv": text_of(rows) for name, rows in state.items()}
    deletes = sum(row.get("Command") == "DELETE" for rows in state.values() for row in rows)
    confirm = {"changes": True, "deletes": deletes}
    return store.keep(folder, zipped(files), name="store.zip", confirm=confirm)


def not_done(job: Job) -> list[tuple[int, str, str]]:
    """The objects of which something else came than was asked for."""
    done = ("created", "updated", "deleted")
    objects = db.session.scalars(db.select(ImportObject).filter_by(job_id=job.id))
    return [(o.number, o.key, o.comment) for o in objects if o.result not in done]


def without_time(name: str, data: bytes) -> Rows:
    """The rows of a sheet, without when they were published."""
    return [
        {header: cell for header, cell in row.items() if header != "Published At"}
        for row in shared(name, data)
    ]


def test_a_worker_that_is_killed_imports_a_store_once(
    store, complete_despite_kills, tmp_path, pytestconfig
):
    """Of each type one or two are made, changed and deleted. Of one each, a call takes twice as
    long, so that the kills meet as much of the import."""
    many = 2 if pytestconfig.option.everything else 1
    each = range(many)
    empty(store)
    job = store.run_import(kept(store, tmp_path, before(each)))
    assert (job.status, not_done(job)) == ("completed", [])
    store.tell("keep")
    undisturbed = store.run_import(kept(store, tmp_path, changes(each)))
    assert not_done(undisturbed) == []
    wanted = sheets(store.file(store.export(*TYPES)))
    store.tell("restore")
    job = kept(store, tmp_path, changes(each))
    complete_despite_kills(job, slow_ms=120 // many)
    assert not_done(job) == []
    made = sheets(store.file(store.export(*TYPES)))
    assert len(made) == len(TYPES) + 1
    for name, data in wanted.items():
        assert without_time(name, made[name]) == without_time(name, data), name
