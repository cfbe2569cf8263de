"""Cells of metafields read back, by the type of the metafield."""

import re

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standin.mutations.metafields import KNOWN_TYPES, fits
from tests.chance import examples
from transfer.types.forms import BadCell
from transfer.types.metafield_forms import CASE_COUNTS, PARTS, REFERRED, metafield_form
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import JsonText, Reference, references_in, with_ids

OSLO = ShopFacts(zone="Europe/Oslo")
LISTED = KNOWN_TYPES - {"rich_text_field", "json", "boolean", "money", "id", "mixed_reference"}
TYPES = sorted({*KNOWN_TYPES, *(f"list.{kind}" for kind in LISTED)})

texts = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1)
numbers = st.integers(-(10**13), 10**13)
decimals = st.decimals(-(10**12), 10**12, allow_nan=False, places=2).map(str)
handles = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+){0,3}", fullmatch=True)
ids = st.integers(1, 10**12).map("gid://shopify/Customer/{}".format)
as_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=8,
)
VALUES = {
    "boolean": st.booleans(),
    "color": st.from_regex(r"#[0-9A-F]{6}", fullmatch=True),
    "date": st.dates().map(str),
    "date_time": st.datetimes(timezones=st.none()).map(lambda at: at.isoformat(timespec="seconds"))
    | st.datetimes().map(lambda at: f"{at.isoformat(timespec='seconds')}+00:00"),
    "json": as_json.map(orjson.dumps).map(bytes.decode),
    "number_integer": numbers,
    "number_decimal": decimals,
    "rich_text_field": st.lists(texts).map(lambda found: {"type": "root", "children": found}),
    "url": texts.map("https://example.com/{}".format),
    "multi_line_text_field": st.lists(texts, min_size=1).map("\n".join),
    **{
        name: st.fixed_dictionaries(dict.fromkeys(parts, texts | decimals))
        for name, parts in PARTS.items()
    },
    "rating": st.fixed_dictionaries(dict.fromkeys(PARTS["rating"], decimals)),
}


def value_of(kind: str):
    """What Shopify keeps, or what an export shows of a reference."""
    if kind in REFERRED:
        return handles
    if kind.endswith("_reference"):
        return ids
    return VALUES.get(kind, texts)


def text_of(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def shown(kind: str):
    inner = kind.removeprefix("list.")
    if inner == kind:
        return value_of(kind).map(text_of)
    if inner in REFERRED:
        return st.lists(handles, min_size=1).map(", ".join)
    return st.lists(value_of(inner), min_size=1).map(text_of)


def alike() -> list[list[str]]:
    """The types, those together whose cells are the same: to make examples takes longer than to try
    them."""
    found: dict[tuple[bool, bool, int], list[str]] = {}
    for kind in TYPES:
        inner = kind.removeprefix("list.")
        same = (inner != kind, inner in REFERRED, id(value_of(inner)))
        found.setdefault(same, []).append(kind)
    return list(found.values())


@settings(max_examples=examples(25), deadline=None)
@given(st.data())
@pytest.mark.parametrize("kinds", alike(), ids=lambda kinds: kinds[0])
def test_what_comes_back_from_a_cell_looks_the_same_and_shopify_takes_it(kinds, data):
    cell = data.draw(shown(kinds[0]))
    for kind in kinds:
        form = metafield_form(kind)
        value, normal = form.value(cell, OSLO), form.normal(cell, OSLO)
        back = form.render(OSLO)(value)
        assert normal == form.normal(back, OSLO) == form.normal(normal, OSLO), kind
        if not kind.startswith("list."):
            assert back == cell, kind
        found = references_in(value)
        sent = with_ids(value, {one: f"gid://shopify/{one.to}/1" for one in found})
        assert isinstance(sent, str) and fits(kind, sent), kind


@settings(max_examples=examples(50), deadline=None)
@given(st.text())
def test_any_text_is_a_value_or_a_bad_cell(cell):
    for kind in TYPES:
        try:
            metafield_form(kind).normal(cell, OSLO)
        except BadCell as error:
            assert len(str(error)) < 400, kind


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("boolean", "TRUE", "true"),
        ("boolean", "0", "false"),
        ("number_integer", "5.0", "5"),
        ("number_decimal", "1.9E+1", "19"),
        ("single_line_text_field", "Wool\n", "Wool"),
        ("multi_line_text_field", "a\r\nb", "a\r\nb"),
        ("date", "31/12/2025", "2025-12-31"),
        ("date", "46024", "2026-01-02"),
        ("date_time", "2026-01-31T18:30:00", "2026-01-31T18:30:00"),
        ("date_time", "2026-01-31 18:30", "2026-01-31T17:30:00Z"),
        ("rich_text_field", "One\nTwo", '{"type":"root","children":[{"type":"paragraph","children":'
         '[{"type":"text","value":"One"}]},{"type":"paragraph","children":[{"type":"text",'
         '"value":"Two"}]}]}'),
        ("list.single_line_text_field", "S, M, L", '["S","M","L"]'),
        ("list.single_line_text_field", "S;M, L", '["S","M, L"]'),
        ("list.single_line_text_field", "S\nM;L\n", '["S","M;L"]'),
        ("list.single_line_text_field", '["S","M"]', '["S","M"]'),
        ("list.single_line_text_field", "[]", None),
        ("list.number_integer", "1, 2.0", "[1,2]"),
        ("list.number_integer", "[1, 2]", "[1,2]"),
        ("list.date", "2026-01-31; 2026-02-01", '["2026-01-31","2026-02-01"]'),
        ("list.weight", '[{"value": 1.5, "unit": "kg"}]', '[{"value":1.5,"unit":"kg"}]'),
        ("customer_reference", "42", "gid://shopify/Customer/42"),
        ("product_reference", " tin-kettle ", Reference("Product", "tin-kettle")),
        ("product_reference", "gid://shopify/Product/4",
         Reference("Product", "gid://shopify/Product/4")),
        ("metaobject_reference", "maker.ann", Reference("Metaobject", "maker.ann")),
        ("variant_reference", "tee.Red / M", Reference("ProductVariant", "tee.Red / M")),
        ("file_reference", "https://cdn.example/files/a.webp?v=1", Reference("File", "a.webp")),
        ("list.product_reference", "a, b",
         JsonText([Reference("Product", "a"), Reference("Product", "b")])),
        ("list.metaobject_reference", '["maker.ann"]',
         JsonText([Reference("Metaobject", "maker.ann")])),
        ("string", "any text", "any text"),
        ("a type of next year", "any text", "any text"),
    ],
)  # fmt: skip
def test_cells_as_people_and_programs_write_them(kind, cell, value):
    assert metafield_form(kind).value(cell, OSLO) == value


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("number_decimal", "1.50", "1.5"),
        ("color", "#FFAA00", "#ffaa00"),
        ("json", '{"a": 1, "b": [2]}', '{"b":[2],"a":1}'),
        ("rating", '{"scale_min":"1.0","scale_max":"5.0","value":"4.5"}',
         '{"value": 4.5, "scale_max": 5, "scale_min": 1}'),
        ("date_time", "2026-01-31T18:30:00", "2026-01-31T18:30:00+00:00"),
        ("rich_text_field", "Hello", '{"type": "root", "children": [{"type": "paragraph", '
         '"children": [{"type": "text", "value": "Hello"}]}]}'),
        ("product_reference", "Tin-Kettle", "tin-kettle"),
        ("list.product_reference", "a,b", '["a", "B"]'),
        ("list.single_line_text_field", "S, M", '["S", "M"]'),
    ],
)  # fmt: skip
def test_cells_that_mean_the_same_have_one_normal_form(kind, one, other):
    form = metafield_form(kind)
    assert form.normal(one, OSLO) == form.normal(other, OSLO)


@pytest.mark.parametrize("kind", ["file_reference", "variant_reference"])
def test_the_case_of_files_and_variants_counts(kind):
    form = metafield_form(kind)
    assert REFERRED[kind] in CASE_COUNTS
    assert form.normal("tee.RED", OSLO) != form.normal("tee.Red", OSLO)


@pytest.mark.parametrize(
    ("kind", "cell", "words"),
    [
        ("list.single_line_text_field", '["S",', "not valid JSON"),
        ("list.number_integer", "1, two", "“two” is not a number"),
        ("list.weight", "1 kg, 2 kg", "not valid JSON"),
        ("single_line_text_field", "a\nb", "a single line"),
        ("number_integer", "1.5", "not a whole number"),
        ("boolean", "maybe", "neither true nor false"),
        ("color", "red", "Write it like #0a7f3f"),
        ("date", "03/04/2025", "not a date"),
        ("date_time", "2026-13-01T00:00:00", "not a date and time"),
        ("url", "example.com", "not an address"),
        ("json", "{", "not valid JSON"),
        ("json", "[" * 300 + "]" * 300, "too deep"),
        ("rating", '{"value": 4}', '"scale_min": …'),
        ("money", "12", '"amount": …, "currency_code": …'),
        ("rich_text_field", '{"type":"list"}', "not rich text"),
        ("customer_reference", "ann@x.example", "neither a number nor gid://shopify/Customer/"),
    ],
)
def test_a_bad_cell_is_told_in_one_sentence(kind, cell, words):
    with pytest.raises(BadCell, match=re.escape(words)):
        metafield_form(kind).value(cell, OSLO)
