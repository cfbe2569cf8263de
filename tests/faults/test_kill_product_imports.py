"""``kill -9`` of the worker while products are imported: nothing is lost, nothing is done twice."""

import pytest

from tests.transfer.importing.test_products import imported, outcomes, product

pytestmark = pytest.mark.both_databases

PRODUCTS = 8
HEAD = (
    "Handle,Title,Command,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Command,"
    "Image Src,Published"
)
PICTURES = "https://pictures.example"


def before() -> str:
    rows = [HEAD]
    for n in range(PRODUCTS):
        rows += [
            f"tee{n},Tee {n},,Size,S,{n}-S,10,,{PICTURES}/{n}-1.png,",
            f"tee{n},,,Size,M,{n}-M,10,,,",
            f"old{n},Old {n},,,,{n}-O,5,,,",
        ]
    return "\n".join(rows) + "\n"


def changes(place: str) -> str:
    """Each product gets a title, a price, a variant, an image, stock and a channel, and loses a
    variant; others are made and deleted."""
    rows = [f"{HEAD},Inventory Available Adjust: {place}"]
    for n in range(PRODUCTS):
        rows += [
            f"tee{n},Better {n},,Size,S,{n}-S,11,,{PICTURES}/{n}-1.png,true,3",
            f"tee{n},,,Size,L,{n}-L,12,,{PICTURES}/{n}-2.png,,2",
            f"tee{n},,,Size,M,{n}-M,,DELETE,,,",
            f"new{n},New {n},,,,{n}-N,7,,{PICTURES}/{n}-3.png,true,4",
            f"old{n},,DELETE,,,,,,,,",
        ]
    return "\n".join(rows) + "\n"


def state(store) -> list[tuple | None]:
    """What there is, ids aside."""
    found: list[tuple | None] = []
    for n in range(PRODUCTS):
        for handle in (f"tee{n}", f"new{n}", f"old{n}"):
            one = product(store, handle)
            if one is None:
                found.append(None)
                continue
            variants = [(v["title"], v["price"], v["inventoryQuantity"]) for v in nodes(one)]
            media = len(one["media"]["nodes"])
            found.append((one["title"], bool(one["publishedAt"]), variants, media))
    return found


def nodes(one: dict) -> list[dict]:
    return one["variants"]["nodes"]


def as_planned() -> list[tuple | None]:
    found: list[tuple | None] = []
    for n in range(PRODUCTS):
        variants = [("S", "11.00", 3), ("L", "12.00", 2)]
        found += [
            (f"Better {n}", True, variants, 2),
            (f"New {n}", True, [("Default Title", "7.00", 4)], 1),
            None,
        ]
    return found


def test_a_worker_that_is_killed_imports_products_once(store, complete_despite_kills, tmp_path):
    store.tell("seed", products=1)  # which brings a location and the sales channels
    imported(store, tmp_path, before())
    query = "{ locations(first: 1) { nodes { name } } }"
    [place] = store.graphql(query)["locations"]["nodes"]
    job = store.keep(tmp_path, changes(place["name"]), type="products")
    job.options = {
        **job.options,
        "confirm": {"changes": True, "deletes": PRODUCTS},
    }
    complete_despite_kills(job)
    done = ("created", "updated", "deleted")
    assert [outcome for outcome in outcomes(job) if outcome[0] not in done] == []
    assert state(store) == as_planned()
