"""Filters become Shopify's search text and nothing more."""

import csv
import io

import pytest

from models.job import COMPLETED
from tests.transfer.samples import values_of
from tests.transfer.store import sheets
from transfer.reading.filters import BadFilter, in_words, narrowed, quoted, search
from transfer.types import BY_NAME
from transfer.types.shop_facts import MetaobjectType, ShopFacts

PRODUCTS = BY_NAME["products"]
METAOBJECTS = BY_NAME["metaobjects"]


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ({}, ""),
        ({"vendor": "Moss & Co"}, "vendor:'Moss & Co'"),
        ({"tag": ["camp", "tin"]}, "(tag:'camp' OR tag:'tin')"),
        ({"vendor": "A", "gift_card": True}, "vendor:'A' gift_card:true"),
        ({"gift_card": "No"}, "gift_card:false"),
        ({"price": [">=10", "<20.5"]}, "price:>=10 price:<20.5"),
        ({"updated_at": ">= 2026-01-31"}, "updated_at:>='2026-01-31'"),
        ({"created_at": "<2026-01-31T10:00:00Z"}, "created_at:<'2026-01-31T10:00:00Z'"),
        ({"updated_since": "2026-01-31 08:00"}, "updated_at:>='2026-01-31T08:00'"),
        ({"id": 42}, "id:42"),
        ({"inventory_total": "-3"}, "inventory_total:'-3'"),
    ],
)
def test_filters_are_search_text(wanted, text):
    assert search(PRODUCTS, wanted) == text


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"colour": "red"}, "have no filter “colour”"),
        ({"vendor": ""}, "needs a value"),
        ({"vendor": []}, "needs a value"),
        ({"vendor": None}, "value is text"),
        ({"vendor": {"a": 1}}, "value is text"),
        ({"gift_card": "maybe"}, "is true or false"),
        ({"price": "cheap OR id:1"}, "takes a number or a date"),
        ({"price": ">"}, "takes a number or a date"),
        ({"updated_since": "2026-01-31'08:00"}, "is a date or a moment"),
    ],
)
def test_a_bad_filter_is_told_in_one_sentence(wanted, words):
    with pytest.raises(BadFilter, match=words):
        search(PRODUCTS, wanted)


def test_a_value_cannot_leave_its_quotes():
    assert quoted("a' OR id:>0 '") == r"'a\' OR id:>0 \''"
    assert quoted("a\\") == r"'a\\'"


def test_a_filter_by_name_chooses_what_is_read_and_is_no_search_text():
    maker = MetaobjectType("t0", "maker")
    facts = ShopFacts(metaobject_types=(maker, MetaobjectType("t1", "material")))
    wanted = {"definition": ["maker", "makr"], "handle": "ann"}
    assert search(METAOBJECTS, wanted) == "handle:'ann'"
    assert narrowed(METAOBJECTS, wanted, facts) == (
        ShopFacts(metaobject_types=(maker,)),
        ["Metaobjects: the store has no “makr” (definition)."],
    )
    assert narrowed(METAOBJECTS, {"handle": "ann"}, facts) == (facts, [])
    with pytest.raises(BadFilter, match="needs a value"):
        search(METAOBJECTS, {"definition": ""})


FILTERED = (
    ("products", {"tag_not": "organic"}, "Tags", lambda tags: "organic" not in tags),
    ("products", {"publishable_status": "unpublished"}, "Published", lambda p: p == "false"),
    ("products", {"is_price_reduced": True, "gift_card": False}, "Gift Card", "false".__eq__),
    ("orders", {"status": "cancelled"}, "Cancelled At", bool),
    (
        "orders",
        {"financial_status": ["paid", "voided"]},
        "Payment: Status",
        {"paid", "voided"}.__contains__,
    ),
    ("customers", {"orders_count": ">=2"}, "Total Orders", lambda count: int(count) >= 2),
    ("collections", {"publishable_status": "published"}, "Published", "true".__eq__),
    ("files", {"media_type": "video"}, "Type", "VIDEO".__eq__),
    ("events", {"subject_type": "collection"}, "Subject Type", "COLLECTION".__eq__),
)


def test_an_export_has_what_its_filters_let_through_and_no_more(store):
    store.tell(
        "seed", products=12, collections=7, pages=2, customers=8, orders=12, files=5, events=6
    )
    for kind, filters, header, holds in FILTERED:
        every, some = (tops(store, kind, wanted) for wanted in ({}, filters))
        assert some and all(holds(row[header]) for row in some), (kind, filters)
        if len(filters) == 1:
            assert len(some) == sum(1 for row in every if holds(row[header])) < len(every)


def tops(store, kind, filters):
    """The first row of each object, of all sheets."""
    job = store.export(kind, filters={kind: filters})
    texts = sheets(store.file(job)).values() if len(BY_NAME[kind].sheets) > 1 else [store.file(job)]
    found = [
        r for t in texts for r in csv.DictReader(io.StringIO(t.decode("utf-8-sig"), newline=""))
    ]
    return [row for row in found if row.get("Top Row", "true") and row.get("ID")]


def test_metaobjects_of_one_definition_and_definitions_of_one_owner(store):
    store.tell("seed", metafield_definitions=16, metaobject_definitions=3, metaobjects=9)

    def found(kind, header, **filters):
        job = store.export(kind, filters={kind: filters})
        text = store.file(job).decode("utf-8-sig")
        assert job.status == COMPLETED
        return {row[header] for row in csv.DictReader(io.StringIO(text, newline=""))}, job.warnings

    every, _ = found("metaobjects", "Definition: Handle")
    assert len(every) == 3
    assert found("metaobjects", "Definition: Handle", definition="maker") == ({"maker"}, [])
    nothing: tuple[set[str], list[str]] = (
        set(),
        ["Metaobjects: the store has no “makr” (definition)."],
    )
    assert found("metaobjects", "Definition: Handle", definition="makr") == nothing
    owners = found("metafield_definitions", "Owner Type", owner_type=["ORDER", "CUSTOMER"])
    assert owners == ({"ORDER", "CUSTOMER"}, [])


@pytest.mark.parametrize(
    ("name", "wanted", "sentence"),
    [
        (
            "products",
            {"status": "activ"},
            "The filter “status” is active, archived, draft or unlisted, not “activ”.",
        ),
        (
            "discounts",
            {"method": ["code", "Automatik"]},
            "The filter “method” is automatic or code, not “Automatik”.",
        ),
        (
            "files",
            {"media_type": "imag"},
            "The filter “media_type” is external_video, generic_file, image, model_3d or video, "
            "not “imag”.",
        ),
        (
            "collections",
            {"collection_type": "smrt"},
            "The filter “collection_type” is custom or smart, not “smrt”.",
        ),
        (
            "products",
            {"published_status": "-hidden"},
            "The filter “published_status” is online_store_channel, published, visible, "
            "unpublished, unavailable, <channel>-published, <channel>-visible, "
            "<channel>-intended or <channel>-hidden, not “-hidden”.",
        ),
    ],
)
def test_a_value_that_no_object_can_have_is_refused(name, wanted, sentence):
    with pytest.raises(BadFilter) as caught:
        search(BY_NAME[name], wanted)
    assert str(caught.value) == sentence


def test_known_values_are_taken_in_any_letter_case():
    assert search(BY_NAME["products"], {"status": " Active "}) == "status:'Active'"
    assert search(BY_NAME["events"], {"subject_type": "PRODUCT"}) == "subject_type:'PRODUCT'"


def test_a_status_of_a_channel_is_taken_with_any_channel():
    for status in ("published", "580111-published", "pos-hidden"):
        wanted = {"published_status": status}
        assert search(BY_NAME["products"], wanted) == f"published_status:'{status}'"


def test_the_subjects_of_events_are_those_of_the_schema():
    values = next(f.values for f in BY_NAME["events"].filters if f.name == "subject_type")
    subjects = values_of("EventSubjectType")
    assert list(values) == [name.lower() for name in subjects]


def test_filters_are_told_as_people_read_them():
    wanted = {"vendor": ["Acme", "Moss & Co"], "price": [">=10", "<20"], "gift_card": True}
    assert in_words(wanted) == "vendor: Acme, Moss & Co; price: >=10, <20; gift_card: true"
