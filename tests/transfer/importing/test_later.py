"""References to what later rows of the same import create."""

import time

import pytest

from jobs.workflows import import_file
from models import db
from models.import_object import ImportObject
from models.job import COMPLETED, Job
from tests.transfer.importing.files import exported, text_of, zipped
from tests.transfer.importing.test_metaobjects import entry, rows
from transfer.importing import steps
from transfer.importing.later import NOT_YET
from transfer.importing.undo import undo_of
from transfer.permissions import IMPORTS

pytestmark = pytest.mark.slow

TYPE = "metaobjects"
CIRCLE = [
    *rows("ann", "maker", {"name": "Ann", "friends": "maker.bob, maker.ann"}),
    *rows("bob", "maker", {"name": "Bob", "friends": "maker.ann"}),
]

GIFTS = {"Handle": "gifts", "Title": "Gifts", "Sort Order": "Manual"}


@pytest.fixture
def filled(store):
    store.tell("seed", metaobject_definitions=3, metafield_definitions=21)
    store.key.permissions = list(IMPORTS)
    return store


def keep(store, folder, **sheets: list[dict[str, str]]) -> Job:
    files = {f"{name}.csv": text_of(of_sheet) for name, of_sheet in sheets.items()}
    return store.keep(folder, zipped(files), name="all.zip")


def run(store, folder, **sheets: list[dict[str, str]]) -> Job:
    return store.run_import(keep(store, folder, **sheets))


def came_of(job: Job) -> list[tuple[str, str]]:
    """What came of each object, with its comment."""
    query = db.select(ImportObject).filter_by(job_id=job.id).order_by(ImportObject.number)
    return [(str(one.result), one.comment) for one in db.session.scalars(query)]


def test_entries_may_refer_to_each_other_and_to_themselves(filled, tmp_path):
    job = run(filled, tmp_path, metaobjects=CIRCLE)
    assert (job.status, job.counts) == (COMPLETED, {"created": 4})
    assert not any(NOT_YET in comment for _, comment in came_of(job))
    assert entry(filled, "ann")["friends"] == "maker.bob, maker.ann"
    assert entry(filled, "bob")["friends"] == "maker.ann"
    again = run(filled, tmp_path, metaobjects=CIRCLE)
    assert again.counts == {"unchanged": 4}
    undo = undo_of(job, key_id=filled.key.id, dry_run=False, force=False)
    db.session.add(undo)
    db.session.commit()
    filled.run_import(undo)
    assert set(undo.counts) == {"deleted"} and entry(filled, "ann") == {}


def test_earlier_sheets_may_refer_to_later_ones(filled, tmp_path):
    job = run(
        filled,
        tmp_path,
        metaobjects=rows("wash", "care_guide", {"title": "Wash"}),
        products=[
            {"Handle": "tee", "Title": "Tee", "Custom Collections": "gifts"},
            {"Handle": "cup", "Title": "Cup"},
        ],
        **{"Custom Collections": [GIFTS | {"Product: Handle": "cup"}]},
    )
    assert (job.status, set(job.counts)) == (COMPLETED, {"created"})
    found = {row["Handle"]: row["Custom Collections"] for row in exported(filled, "products")}
    assert found == {"tee": "gifts", "cup": "gifts"}


def test_what_no_row_creates_fails_in_the_plan(filled, tmp_path):
    lonely = rows("cid", "maker", {"name": "Cid", "friends": "maker.nobody"})
    products = [{"Handle": "tee", "Title": "Tee", "Custom Collections": "no-such"}]
    collections = [{"Handle": "gifts", "Title": "Gifts"}]
    filled.changes_sent()
    job = keep(filled, tmp_path, metaobjects=lonely, products=products, collections=collections)
    job.dry_run = True
    db.session.commit()
    filled.run_import(job)
    found = came_of(job)
    assert ("failed", "The store has no collection “no-such”.") in found
    assert any("The store has no metaobject “maker.nobody”" in words for _, words in found)
    assert filled.changes_sent() == []
    applied = run(filled, tmp_path, products=products, collections=collections)
    assert applied.counts == {"failed": 1, "created": 1}
    assert exported(filled, "products") == []


def test_what_shopify_refuses_later_is_told_of_what_refers_to_it(filled, tmp_path):
    bad = rows("bob", "maker", {"name": ""})
    job = run(filled, tmp_path, metaobjects=[*CIRCLE[:2], *bad])
    (first, words), (last, _) = came_of(job)
    assert (first, last) == ("failed", "failed")
    assert "Not done: Value (friends). The rest is." in words
    assert entry(filled, "ann")["name"] == "Ann"


def test_a_worker_that_ends_in_between_is_followed_by_one_that_goes_on(filled, tmp_path):
    job = keep(filled, tmp_path, metaobjects=CIRCLE)
    filled.changes_sent()

    def killed(step, *arguments):
        result = step(*arguments)
        if step is steps.write:
            raise KeyboardInterrupt
        return result

    with pytest.raises(KeyboardInterrupt):
        import_file(killed, time.sleep, job.id)
    waiting = db.session.scalars(db.select(ImportObject).filter_by(job_id=job.id, waits=True)).all()
    assert [one.result for one in waiting] == ["created"]
    assert waiting[0].comment.endswith(NOT_YET)
    filled.run_import(job)
    assert (job.status, job.counts) == (COMPLETED, {"created": 4})
    assert entry(filled, "ann")["friends"] == "maker.bob, maker.ann"
    fields = [one["field"] for one in filled.changes_sent()]
    assert fields.count("metaobjectUpsert") == 2 and fields.count("metaobjectUpdate") == 1


def test_an_import_that_is_canceled_in_between_says_what_is_not_set(filled, tmp_path):
    job = keep(filled, tmp_path, metaobjects=CIRCLE)

    def canceled(step, *arguments):
        result = step(*arguments)
        if step is steps.write:
            Job.fresh(job.id).cancel()
        return result

    import_file(canceled, time.sleep, job.id)
    db.session.refresh(job)
    (ann, words), (bob, other) = came_of(job)
    assert (ann, bob) == ("created", "created")
    assert words.endswith(NOT_YET) and NOT_YET not in other
    assert entry(filled, "ann")["friends"] == ""


def test_definitions_may_refer_to_each_other(store, tmp_path):
    store.key.permissions = list(IMPORTS)
    of = {"Field: Key": "other", "Field: Type": "metaobject_reference"}
    named = {"Field: Key": "name", "Field: Type": "single_line_text_field"}
    definitions = [
        row
        for one, other in (("knife", "fork"), ("fork", "knife"))
        for row in (
            {"Type": one, "Name": one, **named},
            {"Type": one, **of, "Field: Validations": f"metaobject_definition_id: {other}"},
        )
    ]
    job = run(store, tmp_path, metaobject_definitions=definitions)
    assert (job.status, job.counts) == (COMPLETED, {"created": 4})
    found = {row["Type"]: row["Field: Validations"] for row in exported(store, job.types[0])}
    assert found == {row["Type"]: row["Field: Validations"] for row in definitions[1::2]}


def test_prices_of_catalogs_may_be_of_variants_that_the_same_import_creates(filled, tmp_path):
    filled.tell("seed", catalogs=1)
    line = {"Product: Command": "MERGE", "Product: Handle": "tee", "Variant: SKU": "T-2"}
    job = run(
        filled,
        tmp_path,
        products=[
            {"Handle": "tee", "Title": "Tee", "Option1 Name": "Size", "Option1 Value": size}
            | {"Variant SKU": f"T-{place}"}
            for place, size in enumerate("SML", 1)
        ],
        catalogs=[
            {"Title": "Nordics", **line, "Variant: Price": "12.50"},
            {"Title": "Nordics", **line, "Variant: SKU": "T-9", "Variant: Price": "9"},
        ],
    )
    assert (job.status, job.error) == (COMPLETED, None)
    assert any("has no variant “tee.sku:T-9”" in words for _, words in came_of(job))
    prices = {row["Variant: SKU"]: row["Variant: Price"] for row in exported(filled, "catalogs")}
    assert (prices.get("T-2"), "T-9" in prices) == ("12.50", False)


def test_many_that_are_created_in_bulk_are_set_afterwards(filled, small_batches, tmp_path):
    """The last ten have a friend each, who but for one comes after them."""
    friends = {n: {"friends": f"maker.m{(n + 1) % 40}"} for n in range(30, 40)}
    ring = [
        row
        for n in range(40)
        for row in rows(f"m{n}", "maker", {"name": f"M{n}", **friends.get(n, {})})
    ]
    filled.changes_sent()
    job = run(filled, tmp_path, metaobjects=ring)
    assert (job.status, job.counts) == (COMPLETED, {"created": 50})
    fields = [one["field"] for one in filled.changes_sent()]
    assert "bulkOperationRunMutation" in fields and fields.count("metaobjectUpdate") == 9
    assert run(filled, tmp_path, metaobjects=ring).counts == {"unchanged": 50}


PAIR = "Variant Metafield: custom.pair [product_reference]"
LIKE = "Variant Metafield: custom.like [list.product_reference]"


def test_new_variants_may_refer_to_what_is_created_later(filled, tmp_path):
    size = {"Option1 Name": "Size"}
    tee = [
        {"Handle": "tee", "Title": "Tee", **size, "Option1 Value": "S", PAIR: "cup"},
        {"Handle": "tee", **size, "Option1 Value": "M", LIKE: "cup, mug"},
    ]
    products = [*tee, {"Handle": "cup", "Title": "Cup", PAIR: "mug"}]
    products += [{"Handle": "mug", "Title": "Mug", "Variant Price": "3"}]
    job = run(filled, tmp_path, products=products)
    assert (job.status, job.counts) == (COMPLETED, {"created": 4}), came_of(job)
    assert not any(NOT_YET in words or "left out" in words for _, words in came_of(job))
    found = [
        (row["Handle"], row[PAIR], row[LIKE]) for row in exported(filled, "products", whole=True)
    ]
    assert sorted(found) == [
        ("cup", "mug", ""),
        ("mug", "", ""),
        ("tee", "", "cup, mug"),
        ("tee", "cup", ""),
    ]
    assert run(filled, tmp_path, products=products).counts == {"unchanged": 4}
    more = {"Handle": "tee", **size, "Option1 Value": "L", PAIR: "pot"}
    job = run(filled, tmp_path, products=[more, {"Handle": "pot", "Title": "Pot"}])
    assert job.counts == {"updated": 1, "created": 1}
    pairs = {row["Option1 Value"]: row[PAIR] for row in exported(filled, "products", whole=True)}
    assert pairs["L"] == "pot"


def test_catalogs_are_for_company_locations_that_the_same_import_creates(filled, tmp_path):
    """And the companies name the catalogs."""
    companies = [
        {"Name": "Acme, Inc.", "Location: Name": "Berlin", "Location: Catalogs": "Trade"},
        {"Name": "Acme, Inc.", "Location: Name": "Rome"},
        {"Name": "Zeta", "External ID": "Z-1", "Location: Name": "Oslo"},
    ]
    places = '["Acme, Inc. / Berlin", "Zeta / Oslo"]'
    trade = {"Title": "Trade", "Type": "Company Location", "Type Values": places}
    job = run(filled, tmp_path, catalogs=[trade], companies=companies)
    assert (job.status, job.counts) == (COMPLETED, {"created": 4}), came_of(job)
    [row] = [row for row in exported(filled, "catalogs") if row["Title"] == "Trade"]
    assert row["Type Values"] == places
    found = {row["Location: Name"]: row for row in exported(filled, "companies")}
    assert {name: row["Location: Catalogs"] for name, row in found.items()} == {
        "Berlin": "Trade",
        "Rome": "",
        "Oslo": "Trade",
    }
    again = [trade | {"Type Values": '["zeta / oslo", "Acme, Inc. / Berlin"]'}]
    assert run(filled, tmp_path, catalogs=again).counts == {"unchanged": 1}
    ids = ",".join(found[name]["Location: ID"] for name in ("Oslo", "Berlin"))
    assert run(filled, tmp_path, catalogs=[trade | {"Type Values": ids}]).counts == {"unchanged": 1}
    rome = trade | {"Type Values": '["Acme, Inc. / Rome"]'}
    assert run(filled, tmp_path, catalogs=[rome]).counts == {"updated": 1}
    nowhere = trade | {"Title": "Other", "Type Values": "Zeta / Paris"}
    job = run(filled, tmp_path, catalogs=[nowhere], companies=companies[2:])
    assert ("failed", "Type Values: The store has no company location “Zeta / Paris”.") in came_of(
        job
    )
