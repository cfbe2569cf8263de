"""Metafield definitions, as an app writes them."""

import pytest

ERRORS = "userErrors { field message code }"
DEFINITION = """{ id namespace key name pinnedPosition type { name } validations { name value }
    capabilities { uniqueValues { enabled } } access { storefront } }"""
CREATE = f"""mutation ($definition: MetafieldDefinitionInput!) {{
    metafieldDefinitionCreate(definition: $definition) {{
        createdDefinition {DEFINITION} {ERRORS} }} }}"""
UPDATE = f"""mutation ($definition: MetafieldDefinitionUpdateInput!) {{
    metafieldDefinitionUpdate(definition: $definition) {{
        updatedDefinition {DEFINITION} {ERRORS} }} }}"""
DELETE = f"""mutation ($which: MetafieldDefinitionIdentifierInput!, $all: Boolean) {{
    metafieldDefinitionDelete(identifier: $which, deleteAllAssociatedMetafields: $all) {{
        deletedDefinitionId {ERRORS} }} }}"""
PIN = f"""mutation ($which: MetafieldDefinitionIdentifierInput!) {{
    metafieldDefinitionPin(identifier: $which) {{ pinnedDefinition {DEFINITION} {ERRORS} }} }}"""
SET = """mutation ($fields: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $fields) {
    metafields { id namespace } userErrors { code } } }"""
PLACE = {"ownerType": "PRODUCT", "namespace": "custom", "key": "care"}
CARE = {**PLACE, "name": "Care", "type": "single_line_text_field"}


def run(shop, query, **variables):
    [payload] = shop.ask(query, **variables).values()
    return payload


def codes(payload):
    return [error["code"] for error in payload["userErrors"]]


@pytest.fixture
def care(alice):
    return run(alice, CREATE, definition=CARE)["createdDefinition"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "TAKEN"),
        ({"key": "a"}, "INVALID_CHARACTER"),
        ({"key": "co lour"}, "INVALID_CHARACTER"),
        ({"key": "size", "namespace": "shopify"}, "RESERVED_NAMESPACE_KEY"),
        ({"key": "size", "type": "made_up"}, "INCLUSION"),
        ({"key": "size", "name": " "}, "BLANK"),
        ({"key": "size", "access": {"admin": "MERCHANT_READ"}}, "ADMIN_ACCESS_INPUT_NOT_ALLOWED"),
        (
            {"key": "size", "capabilities": {"cartToOrderCopyable": {"enabled": True}}},
            "INVALID_CAPABILITY",
        ),
        (
            {
                "key": "size",
                "type": "metaobject_reference",
                "validations": [
                    {
                        "name": "metaobject_definition_id",
                        "value": "gid://shopify/MetaobjectDefinition/1",
                    }
                ],
            },
            "INVALID_OPTION",
        ),
    ],
)
def test_a_definition_that_may_not_be_is_refused(alice, care, given, code):
    payload = run(alice, CREATE, definition=CARE | given)
    assert (payload["createdDefinition"], codes(payload)) == (None, [code])


def test_a_namespace_left_out_is_the_apps_own(alice):
    without = {key: value for key, value in CARE.items() if key != "namespace"}
    made = run(alice, CREATE, definition=without)["createdDefinition"]
    assert made["namespace"].startswith("app--")
    product = alice.ask('mutation { productCreate(product: {title: "Hat"}) { product { id } } }')[
        "productCreate"
    ]["product"]["id"]
    field = {"ownerId": product, "key": "care", "value": "Dry"}
    assert run(alice, SET, fields=[field])["metafields"][0]["namespace"] == made["namespace"]


def test_existing_values_must_fit_the_type_of_a_new_definition(alice):
    product = alice.ask('mutation { productCreate(product: {title: "Hat"}) { product { id } } }')[
        "productCreate"
    ]["product"]["id"]
    field = {"ownerId": product, "namespace": "custom", "key": "care", "value": "Dry"}
    run(alice, SET, fields=[field | {"type": "single_line_text_field"}])
    assert codes(run(alice, CREATE, definition=CARE | {"type": "number_integer"})) == [
        "UNSTRUCTURED_ALREADY_EXISTS"
    ]
    assert codes(run(alice, CREATE, definition=CARE)) == []


def test_an_update_finds_it_by_its_place_and_changes_what_is_given(alice, care):
    limits = [{"name": "max", "value": "80"}]
    given = {**PLACE, "name": "How to wash", "validations": limits}
    changed = run(alice, UPDATE, definition=given)["updatedDefinition"]
    assert (changed["name"], changed["validations"]) == ("How to wash", limits)
    kept = run(alice, UPDATE, definition={**PLACE, "name": "Care"})["updatedDefinition"]
    assert kept["validations"] == limits
    assert codes(run(alice, UPDATE, definition={**PLACE, "key": "none"})) == ["NOT_FOUND"]


def test_twenty_can_be_pinned_for_an_owner(alice):
    for number in range(20):
        given = CARE | {"key": f"field_{number}", "pin": True}
        assert run(alice, CREATE, definition=given)["createdDefinition"]["pinnedPosition"]
    assert codes(run(alice, CREATE, definition=CARE | {"pin": True})) == ["PINNED_LIMIT_REACHED"]
    pinned = {**PLACE, "key": "field_3"}
    assert codes(run(alice, PIN, which=pinned)) == ["ALREADY_PINNED"]


def test_a_definition_of_references_is_deleted_with_its_values_only(alice):
    reference = CARE | {"type": "product_reference"}
    made = run(alice, CREATE, definition=reference)["createdDefinition"]
    assert codes(run(alice, DELETE, which=PLACE)) == ["REFERENCE_TYPE_DELETION_ERROR"]
    deleted = run(alice, DELETE, which=PLACE, all=True)
    assert deleted["deletedDefinitionId"] == made["id"]


def test_another_shop_has_definitions_of_its_own(alice, bob, care):
    assert codes(run(bob, UPDATE, definition={**PLACE, "name": "Mine"})) == ["NOT_FOUND"]
    assert codes(run(bob, CREATE, definition=CARE)) == []
