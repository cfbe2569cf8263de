"""Cells read back: what comes of a cell looks as it did, however people write it."""

import string
from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from standin.schema import admin
from tests.chance import examples
from tests.transfer.samples import values_of
from transfer.rows.columns import all_columns
from transfer.types import ALL, forms
from transfer.types.article_writing import BLOG
from transfer.types.article_writing import STATUS as COMMENT_STATUS
from transfer.types.articles import COMMENTABLE
from transfer.types.catalog_writing import INCLUDED, TYPES
from transfer.types.catalog_writing import TYPE as CATALOG_TYPE
from transfer.types.catalogs import VALUES as CONTEXTS
from transfer.types.codes import COUNTRY, TAX_EXEMPTIONS
from transfer.types.collection_writing import (
    COLUMN,
    LOWERED,
    MUST_MATCH,
    PRODUCT,
    RELATION,
    RELATIONS,
)
from transfer.types.collection_writing import (
    KINDS as RULES,
)
from transfer.types.collections import PUBLISHED as COLLECTION_PUBLISHED
from transfer.types.collections import PUBLISHED_AT as COLLECTION_PUBLISHED_AT
from transfer.types.collections import SCOPE as COLLECTION_SCOPE
from transfer.types.collections import SORT_ORDER
from transfer.types.companies import PAY_NOW, TAX_SETTING
from transfer.types.company_writing import CATALOGS, CUSTOMER_EMAIL, DEPOSIT, ROLE, ROLES, TERMS
from transfer.types.customer_writing import (
    ACCEPTED,
    ASSIGNED,
    COMMAND,
    CONSENT,
    EMAIL,
    LEVEL,
    PHONE,
    TRIGGER,
)
from transfer.types.customer_writing import COUNTRY as COUNTRY_NAME
from transfer.types.discount_forms import (
    COUNTRIES,
    CUSTOMER_TYPE,
    CYCLES,
    METHOD,
    MINIMUM,
    MINIMUM_VALUE,
    PURCHASE,
    VALUE_TYPE,
)
from transfer.types.discount_forms import ITEM_TYPE as DISCOUNTED_TYPE
from transfer.types.discount_forms import STATUS as DISCOUNT_STATUS
from transfer.types.discount_forms import TYPE as DISCOUNT_TYPE
from transfer.types.discount_forms import VALUE as DISCOUNT_VALUE
from transfer.types.discount_queries import (
    APP,
    AUTOMATIC,
    BASIC,
    BXGY,
    CODE,
    SHIPPING,
)
from transfer.types.discount_values import ELIGIBLE, EVERYTHING, LISTS
from transfer.types.discount_writing import CODE_TEXT
from transfer.types.draft_orders import ADDRESSES
from transfer.types.draft_orders import WORDS as WORDS_OF_DRAFTS
from transfer.types.files import KIND, KINDS, LINK, NAME
from transfer.types.forms import BadCell, Form, id_of
from transfer.types.menu_writing import IGNORED, ITEM_TYPE
from transfer.types.menu_writing import TYPES as ITEM_TYPES
from transfer.types.menus import TRUE
from transfer.types.metafield_definitions import OWNER, PINNED, TYPE
from transfer.types.metaobject_definitions import PUBLIC
from transfer.types.metaobjects import HANDLE, STATUS, VALUE
from transfer.types.order_columns import (
    BEHAVIOUR,
    COMPANY_OF,
    FULFILLMENT_LINE,
    GRAMS_OF,
    LOCATION,
    NO,
    PER_ITEM,
    REASON,
    REFUND,
    SERVICE,
    TRACKED,
    TRANSACTION,
)
from transfer.types.order_columns import NAME as ORDER_NAME
from transfer.types.payment_terms import NAME as TERMS_OF_DRAFT
from transfer.types.product_columns import (
    ADJUSTED,
    CATEGORY_PATH,
    CUSTOM,
    GRAMS,
    IMAGE,
    PUBLISHED,
    PUBLISHED_AT,
    QUANTITY,
    SCOPE,
    SHIPPING_PROFILE,
    TRACKER,
)
from transfer.types.redirects import PATH
from transfer.types.sale_columns import EMAIL as EMAIL_OF_CUSTOMER
from transfer.types.sale_columns import MINUS, PROPERTIES
from transfer.types.shop import DOMAIN
from transfer.types.shop_facts import OWNERS, DeliveryProfile, ShopFacts
from transfer.types.store_credit import ADJUST
from transfer.types.store_credit import AMOUNT as STORE_CREDIT
from transfer.types.validations import LINES
from transfer.types.validations import VALUE as VALIDATION

PROFILES = (DeliveryProfile("g", "General profile", True), DeliveryProfile("gid://h", "Heavy"))
OSLO = ShopFacts(zone="Europe/Oslo", domains=("shop.example",), delivery_profiles=PROFILES)
COLUMNS = [(t, bound.column) for t in ALL for bound in all_columns(t)]
IN_USE = {column.form for _, column in COLUMNS}
FULFILLMENT = FULFILLMENT_LINE.columns[0].form
REFUND_ID, TRANSACTION_ID = REFUND.columns[0].form, TRANSACTION.columns[0].form
BACK = sorted((form for form in IN_USE if not form.read_only), key=id)

codes = st.from_regex(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", fullmatch=True)
words_without_commas = st.text(
    st.characters(exclude_characters=",", exclude_categories=("C", "Z")), min_size=1
)
decimals = st.decimals(-(10**12), 10**12, allow_nan=False, places=2).map(str) | st.from_regex(
    r"-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,4})?", fullmatch=True
)
printable = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1)


moments = st.datetimes(min_value=datetime(1970, 1, 2)).map(
    lambda moment: f"{moment.isoformat(timespec='seconds')}Z"
)
handles = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True)
names = st.from_regex(r"[\w -]*[\w]\.png", fullmatch=True)


def pairs(name: str):
    keys = st.text(st.sampled_from(string.ascii_letters + "_ "), min_size=1).map(str.strip)
    values = st.none() | st.text(st.characters(exclude_categories=("C", "Z")))
    return st.lists(st.fixed_dictionaries({name: keys.filter(bool), "value": values}))


def tracked(name: str):
    """How a fulfillment is followed."""
    texts = st.lists(words_without_commas, min_size=1)
    return texts.map(lambda found: [{name: text} for text in found])


amounts = st.from_regex(r"(0|[1-9][0-9]{0,9})(\.[0-9]{1,3})?", fullmatch=True)
quantities = st.integers(1, 2**64 - 1).map(str)


def typed(name: str, **fields):
    """An object of a GraphQL type."""
    return st.fixed_dictionaries({"__typename": st.just(name), **fields})


def discounts():
    """Discounts of each method and kind, with what their columns are read from."""
    money = st.fixed_dictionaries({"amount": amounts})
    bought = {"appliesOnOneTimePurchase": st.booleans(), "appliesOnSubscription": st.booleans()}
    effect = typed("DiscountPercentage", percentage=st.just(0.0) | st.floats(1e-6, 1)) | typed(
        "DiscountAmount", amount=money, appliesOnEachItem=st.booleans()
    )
    quantity = st.fixed_dictionaries({"quantity": quantities})
    some = typed("DiscountOnQuantity", quantity=quantity, effect=effect)
    minimum = {
        "minimumRequirement": st.none()
        | typed("DiscountMinimumSubtotal", greaterThanOrEqualToSubtotal=money)
        | typed("DiscountMinimumQuantity", greaterThanOrEqualToQuantity=quantities)
    }
    buys = st.fixed_dictionaries(
        {
            "isOneTimePurchase": st.booleans(),
            "isSubscription": st.booleans(),
            "value": typed("DiscountQuantity", quantity=quantities)
            | typed("DiscountPurchaseAmount", amount=amounts),
        }
    )

    def of(method: str, cycles: dict[str, st.SearchStrategy[int | None]]):
        gets = st.fixed_dictionaries({**bought, "value": effect})
        gets_some = st.fixed_dictionaries({**bought, "value": some})
        kinds = {
            BASIC: {**minimum, **cycles, "customerGets": gets},
            BXGY: {"customerBuys": buys, "customerGets": gets_some},
            SHIPPING: {**minimum, **bought, **cycles},
            APP: {**bought, **cycles},
        }
        classes = {
            BASIC: ["ORDER", "PRODUCT"],
            BXGY: ["PRODUCT"],
            SHIPPING: ["SHIPPING"],
            APP: [*values_of("DiscountClass")],
        }
        return st.one_of(
            *(
                typed(
                    f"{method}{kind}",
                    discountClasses=st.lists(
                        st.sampled_from(classes[kind]), min_size=1, unique=True
                    ),
                    **fields,
                )
                for kind, fields in kinds.items()
            )
        )

    return of(CODE, {"recurringCycleLimit": st.none() | st.integers(0, 10**6)}) | of(
        AUTOMATIC, {"automaticCycleLimit": st.integers(0, 10**6)}
    )


DISCOUNTS = discounts()
countries = st.sampled_from([*values_of("CountryCode")])
emails = st.from_regex(r"[a-z0-9]{1,9}@[a-z]{1,9}\.example", fullmatch=True)
VALUES = {
    forms.TEXT: st.text().filter(lambda text: text.strip() or not text),  # a blank cell is empty
    forms.INTEGER: st.integers(-(2**63), 2**64),
    forms.NUMBER: st.integers(0, 2**53) | st.just(0.0) | st.floats(1e-6, 10**9),
    forms.MONEY: decimals,
    forms.AMOUNT: decimals,
    forms.SHORTEST: decimals,
    forms.BOOLEAN: st.booleans(),
    forms.MOMENT: moments,
    forms.TAGS: st.lists(words_without_commas),
    forms.LIST: st.lists(words_without_commas),
    forms.LOWER: codes,
    forms.CAPITALISED: codes,
    forms.WEIGHT_UNIT: st.sampled_from([*forms.WEIGHT_UNITS]),
    GRAMS: st.fixed_dictionaries(
        {
            "value": st.integers(0, 10**6).map(lambda thousandths: thousandths / 1000),
            "unit": st.sampled_from([*forms.WEIGHT_UNITS]),
        }
    ),
    COMMENTABLE: st.sampled_from(["CLOSED", "MODERATED", "AUTO_PUBLISHED"]),
    SORT_ORDER: st.sampled_from([*values_of("CollectionSortOrder")]),
    TAX_SETTING: st.booleans(),
    TRUE: st.booleans(),
    PUBLIC: st.sampled_from([*values_of("MetaobjectStorefrontAccess")]),
    LINES: pairs("name"),
    TAX_EXEMPTIONS: st.lists(st.sampled_from(TAX_EXEMPTIONS.codes)),
    VALIDATION: printable,
    NAME: printable.map(
        lambda name: f"https://cdn.example/{name.replace('/', '').replace(chr(92), '')}a.png?v=1"
    ),
    LINK: printable.map(lambda name: f"https://cdn.example/{name}"),
    CATALOG_TYPE: st.sampled_from([*TYPES]),
    CONTEXTS: st.lists(handles).map(",".join),
    INCLUDED: st.just(True),
    COLUMN: st.sampled_from([*RULES]),
    RELATION: st.sampled_from([*RELATIONS]),
    MUST_MATCH: st.sampled_from(["ALL", "ANY"]),
    LOWERED: handles,
    PRODUCT: handles,
    COLLECTION_PUBLISHED: st.booleans(),
    COLLECTION_PUBLISHED_AT: moments,
    COLLECTION_SCOPE: st.booleans(),
    DOMAIN: st.from_regex(r"[a-z]{2,9}\.myshopify\.com", fullmatch=True),
    KIND: st.sampled_from([*KINDS, "GenericFile"]).map("gid://shopify/{}/1".format),
    OWNER: st.sampled_from(OWNERS),
    PINNED: st.integers(1, 20),
    TYPE: st.from_regex(r"(list\.)?[a-z]+(_[a-z]+)*", fullmatch=True),
    HANDLE: st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True),
    STATUS: st.sampled_from(["ACTIVE", "DRAFT"]).map(
        lambda code: {"type": "maker", "capabilities": {"publishable": {"status": code}}}
    ),
    VALUE: st.text().map(lambda text: text.strip()).map(lambda text: {"cell": text}),
    PROPERTIES: pairs("key"),
    forms.HANDLE: st.from_regex(r"[a-z0-9é]+(-[a-z0-9_]+)*", fullmatch=True),
    IMAGE: st.text().filter(lambda text: text.strip() == text),
    ADJUSTED: st.integers(-(10**9), 10**9),
    PUBLISHED: st.booleans(),
    PUBLISHED_AT: st.datetimes(min_value=datetime(1970, 1, 2)).map(
        lambda moment: f"{moment.isoformat(timespec='seconds')}Z"
    ),
    QUANTITY: st.integers(-(10**9), 10**9),
    CUSTOM: st.lists(st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True)).map(
        lambda handles: [{"handle": handle, "sources": []} for handle in handles]
    ),
    SCOPE: st.booleans(),
    CATEGORY_PATH: st.lists(printable.filter(lambda part: ">" not in part), min_size=1).map(
        " > ".join
    ),
    SHIPPING_PROFILE: st.sampled_from([one.name for one in PROFILES]),
    TRACKER: st.booleans(),
    PATH: st.text(st.characters(exclude_categories=("C", "Z")), max_size=1000).map("/{}".format),
    forms.STRIPPED: printable,
    EMAIL: emails,
    PHONE: st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True),
    CONSENT: st.sampled_from([*ACCEPTED, *ASSIGNED]),
    LEVEL: st.sampled_from(["SINGLE_OPT_IN", "CONFIRMED_OPT_IN", "UNKNOWN"]),
    COUNTRY_NAME: st.sampled_from(["Norway", "Germany", "São Tomé & Príncipe"]),
    TRIGGER: st.booleans(),
    COMMAND: st.sampled_from(["CREDIT", "DEBIT", "SET"]),
    forms.SHORT_CODE: st.from_regex(r"[A-Z0-9]{1,3}", fullmatch=True),
    STORE_CREDIT: decimals.map(lambda amount: {"amount": amount, "currencyCode": "NOK"}),
    ADJUST: st.integers(1, 10**9).map(lambda n: {"amount": str(n), "currencyCode": "NOK"}),
    BLOG: handles,
    COMMENT_STATUS: st.sampled_from(["PUBLISHED", "UNAPPROVED", "SPAM", "PENDING", "REMOVED"]),
    CUSTOMER_EMAIL: emails,
    TERMS: st.sampled_from(["Net 30", "Due on receipt"]),
    DEPOSIT: st.integers(1, 99).map(float),
    PAY_NOW: st.booleans(),
    CATALOGS: st.lists(handles).map(lambda titles: [{"title": title} for title in titles]),
    ROLE: st.sampled_from(ROLES),
    ITEM_TYPE: st.sampled_from([*ITEM_TYPES]),
    IGNORED: printable,
    forms.FLAG: st.booleans(),
    NO: st.booleans(),
    WORDS_OF_DRAFTS: printable,
    ADDRESSES: st.lists(words_without_commas, min_size=1),
    PER_ITEM: st.decimals(-(10**6), 0, allow_nan=False, places=2).map(str),
    SERVICE: st.booleans(),
    BEHAVIOUR: st.sampled_from([*values_of("OrderCreateInputsInventoryBehavior")]),
    GRAMS_OF: st.integers(1, 10**5),
    MINUS: st.decimals(-(10**6), 0, allow_nan=False, places=2).map(str),
    forms.WHENEVER: moments,
    REASON: st.sampled_from([*values_of("OrderCancelReason")]),
    ORDER_NAME: printable,
    LOCATION: printable,
    COMPANY_OF: tracked("company"),
    TRACKED["number"]: tracked("number"),
    TRACKED["url"]: tracked("url"),
    FULFILLMENT: st.integers(1, 2**64 - 1).map("gid://shopify/Fulfillment/{}".format),
    REFUND_ID: st.integers(1, 2**64 - 1).map("gid://shopify/Refund/{}".format),
    TRANSACTION_ID: st.integers(1, 2**64 - 1).map("gid://shopify/OrderTransaction/{}".format),
    EMAIL_OF_CUSTOMER: printable,
    TERMS_OF_DRAFT: st.sampled_from(["Net 30", "Due on receipt"]),
    CODE_TEXT: printable,
    DISCOUNT_TYPE: DISCOUNTS,
    METHOD: DISCOUNTS.map(lambda discount: discount["__typename"]),
    VALUE_TYPE: DISCOUNTS,
    DISCOUNT_VALUE: DISCOUNTS,
    MINIMUM: DISCOUNTS,
    MINIMUM_VALUE: DISCOUNTS,
    PURCHASE: DISCOUNTS,
    DISCOUNT_STATUS: st.sampled_from(["ACTIVE", "EXPIRED", "SCHEDULED"]),
    CYCLES: DISCOUNTS,
    COUNTRIES: typed("DiscountCountryAll")
    | typed(
        "DiscountCountries",
        countries=st.lists(countries, unique=True),
        includeRestOfWorld=st.booleans(),
    ),
    DISCOUNTED_TYPE: st.sampled_from([EVERYTHING["type"], *LISTS.values()]),
    CUSTOMER_TYPE: st.sampled_from([*ELIGIBLE.values()]),
}
"""What Shopify may give to each form that can be read back, IDs aside."""


CODED = [form for form in BACK if form.codes and form not in VALUES]
IDS = [form for form in BACK if form.typenames and form not in CODED]


def alike() -> list[list[Form]]:
    """The other forms, those together that are given the same: to make examples takes longer than
    to try them. A new form without an entry in VALUES fails here."""
    found: dict[int, list[Form]] = {}
    for form in BACK:
        if form not in IDS and form not in CODED:
            found.setdefault(id(VALUES[form]), []).append(form)
    return list(found.values())


ALIKE = alike()


def looks_the_same(form: Form, value: object) -> None:
    """What is read back of the value's cell has the same cell."""
    cell = form.render(OSLO)(value)
    back = form.value(cell, OSLO)
    assert (form.empty if back is None else form.render(OSLO)(back)) == cell, form
    assert form.normal(form.normal(cell, OSLO), OSLO) == form.normal(cell, OSLO), form


@settings(max_examples=examples(50), deadline=None)
@given(st.data())
@pytest.mark.parametrize("alike", ALIKE, ids=range(len(ALIKE)))
def test_what_comes_back_from_a_cell_looks_the_same(alike, data):
    value = data.draw(VALUES[alike[0]])
    for form in alike:
        looks_the_same(form, value)


@settings(max_examples=examples(50), deadline=None)
@given(
    st.integers(1, 2**64 - 1),
    st.from_regex(r"[a-z]{2}(-[0-9]{1,3}){0,6}", fullmatch=True),
    st.sampled_from(["", "?model_name=CustomerAddress"]),
)
def test_an_id_that_comes_back_from_a_cell_looks_the_same(number, category, query):
    for form in IDS:
        for name in form.typenames:
            code = category if name == "TaxonomyCategory" else number
            looks_the_same(form, f"gid://shopify/{name}/{code}{query}")


def test_a_code_that_comes_back_from_a_cell_looks_the_same():
    for form in CODED:
        for code in form.codes:
            looks_the_same(form, code)


@pytest.mark.parametrize(
    "address",
    ["/ 0", "/%20a.png", "/%2520.png", "/a%2Fb.png", f"/a{2 * ('_' + str(UUID(int=9)))}.png"],
)
def test_the_name_by_which_images_are_compared_is_its_own_name(address):
    assert IMAGE.normal(IMAGE.normal(address, OSLO), OSLO) == IMAGE.normal(address, OSLO)


def test_every_form_with_values_is_in_use_and_no_form_is_there_twice():
    assert VALUES.keys() <= IN_USE
    assert {f for f in BACK if not (f.typenames or f.codes)} <= VALUES.keys() <= {*BACK}


def test_a_column_that_is_written_can_be_read_back():
    assert [c.header for _, c in COLUMNS if c.write and c.form.read_only] == []


def test_the_types_of_ids_are_shopifys():
    named = {name for form in BACK for name in form.typenames}
    assert len(named) > 30 and named <= admin().schema.type_map.keys()


@pytest.mark.parametrize(
    ("form", "cell", "value"),
    [
        (forms.INTEGER, " 19.00 ", 19),
        (forms.INTEGER, "-3", -3),
        (forms.INTEGER, "1.9E+1", 19),
        (forms.NUMBER, "0.33", 0.33),
        (forms.NUMBER, "5", 5),
        (forms.MONEY, "19", "19"),
        (forms.MONEY, "1.9e1", "19"),
        (forms.MONEY, ".5", "0.5"),
        (forms.MONEY, "1250,5", "1250.5"),
        (forms.NUMBER, "0,333", 0.333),
        *((forms.BOOLEAN, cell, True) for cell in ("TRUE", "true", "1", "yes", "YES", " Yes ")),
        *((forms.BOOLEAN, cell, False) for cell in ("FALSE", "0", "no", "NO")),
        (forms.TAGS, "b, a,,  c ", ["b", "a", "c"]),
        (forms.LOWER, "Not subscribed", "NOT_SUBSCRIBED"),
        (forms.LOWER, "price-asc", "PRICE_ASC"),
        (forms.CAPITALISED, "active", "ACTIVE"),
        (forms.WEIGHT_UNIT, "KG", "KILOGRAMS"),
        (forms.WEIGHT_UNIT, "lbs", "POUNDS"),
        (forms.WEIGHT_UNIT, "GRAMS", "GRAMS"),
        (SORT_ORDER, "alpha-asc", "ALPHA_ASC"),
        (SORT_ORDER, "Best Selling", "BEST_SELLING"),
        (SORT_ORDER, "CREATED_DESC", "CREATED_DESC"),
        (SCOPE, "Global", True),
        (TRACKER, "shopify", True),
        (PROPERTIES, "Gift: yes\nNote: a: b", [{"key": "Gift", "value": "yes"},
                                              {"key": "Note", "value": "a: b"}]),
        (PROPERTIES, "Gift: For Jo,\n\nall the best\nEmpty: ", [
            {"key": "Gift", "value": "For Jo,\n\nall the best"}, {"key": "Empty", "value": ""}]),
        (id_of("Product"), "42", "gid://shopify/Product/42"),
        (id_of("Product"), " gid://shopify/Product/42 ", "gid://shopify/Product/42"),
        (id_of("TaxonomyCategory"), "hg-11-6", "gid://shopify/TaxonomyCategory/hg-11-6"),
        (id_of("MediaImage", "Video"), "42", "42"),
        (PATH, "old-page", "/old-page"),
        (PATH, "https://shop.example/a?b=1", "/a?b=1"),
        (forms.STRIPPED, " /new ", "/new"),
        (id_of("MediaImage", "Video"), "gid://shopify/Video/42", "gid://shopify/Video/42"),
    ],
)  # fmt: skip
def test_cells_as_people_and_programs_write_them(form, cell, value):
    assert form.value(cell, OSLO) == value


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2025-07-01 18:48:46 -0400", "2025-07-01T22:48:46Z"),
        ("2025-07-01T22:48:46Z", "2025-07-01T22:48:46Z"),
        ("2025-07-01T22:48:46.123+02:00", "2025-07-01T20:48:46Z"),
        ("2025-07-01 18:48", "2025-07-01T16:48:00Z"),
        ("2025-07-01 18:48:46 UTC", "2025-07-01T18:48:46Z"),
        ("2025-07-01", "2025-06-30T22:00:00Z"),
        ("31/12/2025 23:30", "2025-12-31T22:30:00Z"),
        ("12/31/2025", "2025-12-30T23:00:00Z"),
        ("31.12.2025", "2025-12-30T23:00:00Z"),
        ("05/05/2025", "2025-05-04T22:00:00Z"),
        ("1 Jul 2025", "2025-06-30T22:00:00Z"),
        ("July 1, 2025", "2025-06-30T22:00:00Z"),
        ("46024.5", "2026-01-02T11:00:00Z"),
        ("46024", "2026-01-01T23:00:00Z"),
    ],
)
def test_dates_in_the_shops_zone(cell, moment):
    assert forms.MOMENT.value(cell, OSLO) == moment


@pytest.mark.parametrize(
    ("form", "cell", "words"),
    [
        (PATH, "https://other.example/a", "address of another site"),
        (PATH, "a" * 1025, "longer than 1,024"),
        (forms.MOMENT, "03/04/2025", "day and the month could be swapped"),
        (forms.MOMENT, "3.4.2025 10:00", "day and the month could be swapped"),
        (forms.MOMENT, "2025", "not a date"),
        (forms.MOMENT, "31/31/2025", "not a date"),
        (forms.MOMENT, "2025-02-30", "not a date"),
        (forms.MOMENT, "soon", "not a date"),
        (forms.MOMENT, "0001-01-01 00:00 +1400", "too far"),
        (forms.INTEGER, "1.5", "not a whole number"),
        (forms.INTEGER, "1,234", "not a number"),
        (forms.MONEY, "1,234.50", "not a number"),
        (forms.MONEY, "1.234,50", "not a number"),
        (forms.MONEY, "12 kr", "not a number"),
        (forms.NUMBER, "nan", "not a number"),
        (forms.NUMBER, "१", "not a number"),
        (forms.BOOLEAN, "maybe", "neither true nor false"),
        (forms.WEIGHT_UNIT, "stones", "is none of kg, g, lb, oz"),
        (SORT_ORDER, "sideways", "is none of Alphabet"),
        (KIND, "MOVIE", "“MOVIE” is none of EXTERNAL_VIDEO, FILE"),
        (COUNTRY, "Norway", "“Norway” is none of Shopify’s codes"),
        (forms.LOWER, "<b>", "none of the words"),
        (SCOPE, "planet", "neither “global” nor “web”"),
        (id_of("Product"), "gid://shopify/Collection/42", "ALYS008"),
        (id_of("Product"), "7.5", "ALYS008"),
        (id_of("Product"), "７", "ALYS008"),
        (id_of("Product"), "7" * 21, "ALYS008"),
        (id_of("MediaImage", "Video"), "gid://shopify/Model3d/42", "Video"),
    ],
)
def test_a_bad_cell_is_told_in_one_sentence(form, cell, words):
    with pytest.raises(BadCell, match=words) as told:
        form.value(cell, OSLO)
    assert "\n" not in str(told.value)


@settings(max_examples=examples(100), deadline=None)
@given(st.text())
@example("0E" + "9" * 99)
@example("9" * 400)
def test_any_text_is_a_value_or_a_bad_cell(cell):
    for form in BACK:
        try:
            form.normal(cell, OSLO)
        except BadCell as error:
            assert len(str(error)) < 400, form


@pytest.mark.parametrize(
    ("form", "one", "other"),
    [
        (forms.MONEY, "19", "19.00"),
        (forms.MONEY, "19.000", "19.0"),
        (forms.INTEGER, "19.0", "19"),
        (forms.NUMBER, "0.50", "0.5"),
        (forms.BOOLEAN, "TRUE", "true"),
        (forms.TAGS, "b,a", "a, b"),
        (forms.MOMENT, "2025-07-01T22:48:46Z", "2025-07-01 18:48:46 -0400"),
        (forms.CAPITALISED, "ACTIVE", "Active"),
        (id_of("Product"), "gid://shopify/Product/42", "42"),
        (TRACKER, "", " "),
    ],
)
def test_cells_that_mean_the_same_have_one_normal_form(form, one, other):
    assert form.normal(one, OSLO) == form.normal(other, OSLO)


def test_a_form_that_cannot_be_read_back_says_so():
    assert forms.MERGE.read_only and forms.UNREADABLE.read_only
    with pytest.raises(BadCell, match="cannot be imported"):
        forms.MERGE.value("MERGE", OSLO)
    assert forms.MERGE.normal("x", OSLO) == "x"


def test_a_list_of_names_that_is_nested_deeply_is_none():
    with pytest.raises(forms.BadCell, match="nor a list of JSON"):
        forms.parse_names("[" * 100_000)
