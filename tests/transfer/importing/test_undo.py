"""An undo of objects with members: the store is as it was."""

import csv
import io

import pytest

from models import db
from models.job import Job
from tests.cast import make_key
from tests.transfer.importing.files import Rows, variants_of
from transfer.importing.undo import undo_of


@pytest.fixture
def products(store):
    """A few products, and a key that may import them."""
    store.key, store.key_text = make_key(
        store.shop, "products:export", "products:import", name="All"
    )
    store.tell("seed", products=4)
    return store


def exported(store) -> str:
    return store.read("products").decode("utf-8-sig")


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def but_for_the_date(text: str) -> list[dict[str, str]]:
    """The rows without the moment of the last change, which an undo is too."""
    return [row | {"Updated At": ""} for row in rows_of(text)]


def sheet(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def applied(store, folder, rows: list[dict[str, str]]) -> Job:
    confirm = {"changes": True}
    return store.run_import(store.keep(folder, sheet(rows), type="products", confirm=confirm))


def undone(store, job: Job) -> Job:
    undoing = undo_of(job, key_id=job.key_id, dry_run=False, force=False)
    undoing.options = undoing.options | {"confirm": {"changes": True}}
    db.session.add(undoing)
    db.session.commit()
    return store.run_import(undoing)


@pytest.mark.parametrize(
    "database_url",
    ["postgresql", pytest.param("sqlite", marks=pytest.mark.everything)],
    indirect=True,
)
def test_changed_variants_are_as_they_were(products, tmp_path):
    before = exported(products)
    rows = [
        {"ID": row["ID"], "Variant ID": row["Variant ID"], "Variant Price": "1234.00", "Title": "N"}
        for row in rows_of(before)
        if row["Variant ID"]
    ]
    job = applied(products, tmp_path, [{**row, "Title": f"New {row['ID']}"} for row in rows])
    assert (job.status, set(job.counts)) == ("completed", {"updated"}), job.error
    changed = rows_of(exported(products))
    assert {row["Variant Price"] for row in changed if row["Variant ID"]} == {"1234.00"}
    undoing = undone(products, job)
    assert (undoing.status, set(undoing.counts)) == ("completed", {"updated"}), undoing.error
    now = but_for_the_date(exported(products))
    then = but_for_the_date(before)
    differences = [
        (one["ID"], header, one[header], other[header])
        for one, other in zip(now, then, strict=True)
        for header in one
        if one[header] != other[header]
    ]
    assert differences == []


PRODUCTS = "query { products(first: 9) { nodes { id handle variantsCount { count } } } }"


def test_a_variant_that_was_added_goes_and_one_that_was_deleted_comes_back(products, tmp_path):
    nodes = products.graphql(PRODUCTS)["products"]["nodes"]
    product = next(one for one in nodes if one["variantsCount"]["count"] > 2)

    def variants() -> Rows:
        return variants_of(products, product["handle"])

    def without_ids() -> list[list[str]]:
        return sorted([cell for h, cell in row.items() if h != "Variant ID"] for row in variants())

    before, [several, *_] = without_ids(), variants()
    gid = product["id"].rpartition("/")[2]
    options = {h: several[h] for h in several if h.startswith("Option") and h.endswith("Value")}
    added = {"ID": gid, **options, "Option1 Value": "Quite new", "Variant Price": "5.00"}
    job = applied(
        products,
        tmp_path,
        [
            {"Variant ID": "", "Variant Command": "", **added},
            {**dict.fromkeys(added, ""), "ID": gid, "Variant ID": several["Variant ID"]}
            | {"Variant Command": "DELETE"},
        ],
    )
    assert (job.status, job.counts) == ("completed", {"updated": 2}), job.error
    after = variants()
    assert "Quite new" in {row["Option1 Value"] for row in after}
    assert several["Variant ID"] not in {row["Variant ID"] for row in after}
    undoing = undone(products, job)
    assert (undoing.status, undoing.counts) == ("completed", {"updated": 1}), undoing.error
    assert without_ids() == before
