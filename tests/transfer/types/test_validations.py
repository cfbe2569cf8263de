"""Validations that name a metaobject definition: by its type, which is the same in each store."""

import csv
import io

import pytest

from transfer.types.forms import BadCell
from transfer.types.shop_facts import MetaobjectType, ShopFacts
from transfer.types.validations import LINES, value_form
from transfer.types.writing import JsonText, Reference

GID = "gid://shopify/MetaobjectDefinition/7"
FACTS = ShopFacts(metaobject_types=(MetaobjectType("t0", "maker", GID),))
MAKER = Reference("MetaobjectDefinition", "maker")
CREATE = """mutation ($definition: MetafieldDefinitionInput!) {
  metafieldDefinitionCreate(definition: $definition) { userErrors { message } } }"""
TYPES = "query { metaobjectDefinitions(first: 2) { nodes { id type } } }"


def of(name: str):
    return value_form({"Validation: Name": name}, FACTS)


@pytest.mark.parametrize(
    ("name", "cell", "value", "shown"),
    [
        ("metaobject_definition_id", "maker", MAKER, "maker"),
        ("metaobject_definition_id", GID, MAKER, "maker"),
        ("metaobject_definition_id", f"{GID}1", Reference(MAKER.to, f"{GID}1"), f"{GID}1"),
        ("metaobject_definition_ids", f'["{GID}", "guide"]',
         JsonText([MAKER, Reference(MAKER.to, "guide")]), '["maker","guide"]'),
        ("max", " 80 ", "80", "80"),
        ("choices", '["S","M"]', '["S","M"]', '["S","M"]'),
    ],
)  # fmt: skip
def test_a_definition_is_read_by_its_type_or_its_id(name, cell, value, shown):
    assert of(name).value(cell, FACTS) == value
    assert of(name).render(FACTS)(value) == shown


def test_a_fields_validations_stand_on_lines():
    stored = [
        {"name": "max", "value": "80"},
        {"name": "metaobject_definition_id", "value": GID},
    ]
    cell = LINES.render(FACTS)(stored)
    assert cell == "max: 80\nmetaobject_definition_id: maker"
    assert LINES.value(cell, FACTS) == [
        {"name": "max", "value": "80"},
        {"name": "metaobject_definition_id", "value": MAKER},
    ]


@pytest.mark.parametrize("cell", ["[", "[1]"])
def test_a_list_that_is_none_is_told(cell):
    with pytest.raises(BadCell, match="is not a list of types"):
        of("metaobject_definition_ids").value(cell, FACTS)


def test_an_export_shows_the_type(store):
    store.tell("seed", metaobject_definitions=2)
    known = store.graphql(TYPES)["metaobjectDefinitions"]["nodes"][1]
    store.graphql(
        CREATE,
        definition={
            "name": "Maker",
            "namespace": "custom",
            "key": "maker",
            "type": "metaobject_reference",
            "ownerType": "PRODUCT",
            "validations": [{"name": "metaobject_definition_id", "value": known["id"]}],
        },
    )
    text = store.file(store.export("metafield_definitions")).decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    assert [row["Validation: Value"] for row in rows if row["Key"] == "maker"] == [known["type"]]
