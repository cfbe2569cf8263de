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
ENABLE = f"""mutation ($owner: MetafieldOwnerType!, $id: ID, $namespace: String, $key: String,
        $access: StandardMetafieldDefinitionAccessInput, $pin: Boolean) {{
    standardMetafieldDefinitionEnable(ownerType: $owner, id: $id, namespace: $namespace, key: $key,
        access: $access, pin: $pin) {{
        createdDefinition {{ name type {{ name }} validations {{ name value }} pinnedPosition
            standardTemplate {{ id }} }} {ERRORS} }} }}"""
SUBTITLE = {"namespace": "descriptors", "key": "subtitle"}
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
        ({"key": "subtitle", "namespace": "descriptors"}, "RESERVED_NAMESPACE_KEY"),
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


def test_a_standard_definition_is_enabled_once_for_an_owner(alice, bob):
    made = run(alice, ENABLE, owner="PRODUCT", pin=True, **SUBTITLE)
    assert made["userErrors"] == []
    assert made["createdDefinition"] == {
        "name": "Product subtitle",
        "type": {"name": "single_line_text_field"},
        "validations": [{"name": "max", "value": "70"}],
        "pinnedPosition": 1,
        "standardTemplate": {"id": "gid://shopify/StandardMetafieldDefinitionTemplate/1"},
    }
    again = {"id": made["createdDefinition"]["standardTemplate"]["id"]}
    assert codes(run(alice, ENABLE, owner="PRODUCT", **again)) == ["TAKEN"]
    assert codes(run(alice, ENABLE, owner="PRODUCTVARIANT", **again)) == []
    assert codes(run(bob, ENABLE, owner="PRODUCT", **again)) == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({**SUBTITLE, "key": "made_up"}, "TEMPLATE_NOT_FOUND"),
        ({**SUBTITLE, "owner": "CUSTOMER"}, "TEMPLATE_NOT_FOUND"),
        ({"id": "gid://shopify/StandardMetafieldDefinitionTemplate/0"}, "TEMPLATE_NOT_FOUND"),
        ({**SUBTITLE, "id": "gid://shopify/x/1"}, "INVALID_INPUT_COMBINATION"),
        ({**SUBTITLE, "access": {"admin": "MERCHANT_READ"}}, "ADMIN_ACCESS_INPUT_NOT_ALLOWED"),
    ],
)
def test_a_standard_definition_that_may_not_be_is_refused(alice, given, code):
    assert codes(run(alice, ENABLE, **{"owner": "PRODUCT"} | given)) == [code]
    assert alice.store.all("MetafieldDefinition") == []


def test_no_more_than_twenty_definitions_are_pinned_with_a_standard_one(alice):
    for n in range(20):
        run(alice, CREATE, definition=CARE | {"key": f"care_{n}", "pin": True})
    assert codes(run(alice, ENABLE, owner="PRODUCT", pin=True, **SUBTITLE)) == ["LIMIT_EXCEEDED"]
