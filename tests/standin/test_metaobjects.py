"""Metaobjects, their definitions and metafield definitions, as an app writes them."""

import pytest

ERRORS = "userErrors { field message code elementKey elementIndex }"
DEFINE = f"""mutation ($definition: MetaobjectDefinitionCreateInput!) {{
    metaobjectDefinitionCreate(definition: $definition) {{
        metaobjectDefinition {{ id type name displayNameKey fieldDefinitions {{ key required
            type {{ name }} validations {{ name value }} }} }} {ERRORS} }} }}"""
REDEFINE = f"""mutation ($id: ID!, $definition: MetaobjectDefinitionUpdateInput!) {{
    metaobjectDefinitionUpdate(id: $id, definition: $definition) {{
        metaobjectDefinition {{ name fieldDefinitions {{ key name }} }} {ERRORS} }} }}"""
ENABLE = f"""mutation ($type: String!) {{
    standardMetaobjectDefinitionEnable(type: $type) {{
        metaobjectDefinition {{ id displayNameKey }} {ERRORS} }} }}"""
UNDEFINE = f"""mutation ($id: ID!) {{
    metaobjectDefinitionDelete(id: $id) {{ deletedId {ERRORS} }} }}"""
ENTRY = """metaobject { id handle displayName fields { key value }
    capabilities { publishable { status } } }"""
CREATE = f"""mutation ($metaobject: MetaobjectCreateInput!) {{
    metaobjectCreate(metaobject: $metaobject) {{ {ENTRY} {ERRORS} }} }}"""
UPDATE = f"""mutation ($id: ID!, $metaobject: MetaobjectUpdateInput!) {{
    metaobjectUpdate(id: $id, metaobject: $metaobject) {{ {ENTRY} {ERRORS} }} }}"""
UPSERT = f"""mutation ($handle: MetaobjectHandleInput!, $metaobject: MetaobjectUpsertInput,
    $values: JSON) {{ metaobjectUpsert(handle: $handle, metaobject: $metaobject, values: $values) {{
        {ENTRY} {ERRORS} }} }}"""
DELETE = f"""mutation ($id: ID!) {{ metaobjectDelete(id: $id) {{ deletedId {ERRORS} }} }}"""
FIELDS = [
    {"key": "name", "type": "single_line_text_field", "required": True},
    {"key": "town", "type": "single_line_text_field"},
    {
        "key": "age",
        "type": "number_integer",
        "validations": [{"name": "max", "value": "120"}],
    },
]


def run(shop, query, **variables):
    """The payload of the one mutation."""
    [payload] = shop.ask(query, **variables).values()
    return payload


def codes(payload):
    return [error["code"] for error in payload["userErrors"]]


def values(payload):
    return {field["key"]: field["value"] for field in payload["metaobject"]["fields"]}


@pytest.fixture
def maker(alice):
    definition = {
        "type": "maker",
        "name": "Maker",
        "displayNameKey": "name",
        "fieldDefinitions": FIELDS,
        "capabilities": {"publishable": {"enabled": True}},
    }
    return run(alice, DEFINE, definition=definition)["metaobjectDefinition"]


def entry(shop, **fields):
    given = [{"key": key, "value": value} for key, value in fields.items()]
    return run(shop, CREATE, metaobject={"type": "maker", "fields": given})


def test_a_definition_is_made_with_its_fields(maker):
    assert (maker["type"], maker["displayNameKey"]) == ("maker", "name")
    assert [field["key"] for field in maker["fieldDefinitions"]] == ["name", "town", "age"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"type": "maker"}, "TAKEN"),
        ({"type": "ab"}, "TOO_SHORT"),
        ({"type": "with space"}, "INVALID"),
        ({"type": "shopify--color"}, "RESERVED_NAME"),
        ({"type": "other", "displayNameKey": "none"}, "UNDEFINED_OBJECT_FIELD"),
        ({"type": "other", "fieldDefinitions": [FIELDS[0], FIELDS[0]]}, "OBJECT_FIELD_TAKEN"),
        (
            {"type": "other", "fieldDefinitions": [{"key": "aa", "type": "made_up"}]},
            "INVALID_TYPE",
        ),
        (
            {"type": "other", "access": {"admin": "MERCHANT_READ"}},
            "ADMIN_ACCESS_INPUT_NOT_ALLOWED",
        ),
        (
            {"type": "other", "capabilities": {"onlineStore": {"enabled": True}}},
            "URL_HANDLE_BLANK",
        ),
    ],
)
def test_a_definition_that_may_not_be_is_refused(alice, maker, given, code):
    payload = run(alice, DEFINE, definition=given)
    assert (payload["metaobjectDefinition"], codes(payload)) == (None, [code])


def test_a_standard_definition_is_enabled_once_and_stays_as_it_is(alice):
    own = run(alice, ENABLE, type="shopify--color-pattern")
    assert codes(own) == [] and own["metaobjectDefinition"]["displayNameKey"] == "label"
    assert codes(run(alice, ENABLE, type="shopify--color-pattern")) == ["TAKEN"]
    assert codes(run(alice, ENABLE, type="shopify--bag")) == ["RECORD_NOT_FOUND"]
    gid = own["metaobjectDefinition"]["id"]
    assert codes(run(alice, REDEFINE, id=gid, definition={"name": "Mine"})) == ["IMMUTABLE"]


def test_entries_follow_what_their_definition_says_of_all(alice, maker):
    made = entry(alice, name="Ann", town="Bergen")["metaobject"]
    ask = """query ($id: ID!) { metaobject(id: $id) { displayName
      capabilities { publishable { status } } } }"""
    own = alice.ask(ask, id=made["id"])["metaobject"]
    assert own == {"displayName": "Ann", "capabilities": {"publishable": {"status": "DRAFT"}}}
    plain = {"displayNameKey": "town", "capabilities": {"publishable": {"enabled": False}}}
    run(alice, REDEFINE, id=maker["id"], definition=plain)
    own = alice.ask(ask, id=made["id"])["metaobject"]
    assert own == {"displayName": "Bergen", "capabilities": {"publishable": None}}


def test_an_update_of_a_definition_changes_only_the_listed_fields(alice, maker):
    made = entry(alice, name="Ann", town="Bergen")["metaobject"]
    operations = [
        {"create": {"key": "craft", "type": "single_line_text_field"}},
        {"update": {"key": "age", "name": "Years"}},
        {"delete": {"key": "town"}},
    ]
    changed = run(alice, REDEFINE, id=maker["id"], definition={"fieldDefinitions": operations})
    fields = changed["metaobjectDefinition"]["fieldDefinitions"]
    assert [(field["key"], field["name"]) for field in fields] == [
        ("name", "Name"),
        ("age", "Years"),
        ("craft", "Craft"),
    ]
    assert [f["key"] for f in alice.store.get(made["id"])["fields"]] == ["name", "age", "craft"]
    both = {"create": FIELDS[1], "delete": {"key": "age"}}
    wrong = run(alice, REDEFINE, id=maker["id"], definition={"fieldDefinitions": [both]})
    assert codes(wrong) == ["INVALID"]


def test_a_deleted_definition_takes_its_entries_along(alice, maker):
    made = entry(alice, name="Ann")["metaobject"]
    assert run(alice, UNDEFINE, id=maker["id"])["deletedId"] == maker["id"]
    assert alice.store.get(made["id"]) is None


def test_an_entry_gets_a_handle_and_a_name(alice, maker):
    first, second = entry(alice, name="Ann Smith"), entry(alice, name="Ann Smith")
    assert first["metaobject"]["displayName"] == "Ann Smith"
    assert first["metaobject"]["handle"] == "ann-smith"
    assert second["metaobject"]["handle"] == "ann-smith-1"
    assert first["metaobject"]["capabilities"] == {"publishable": {"status": "DRAFT"}}


@pytest.mark.parametrize(
    ("fields", "code", "key"),
    [
        ({"town": "Bergen"}, "OBJECT_FIELD_REQUIRED", "name"),
        ({"name": "Ann", "none": "1"}, "UNDEFINED_OBJECT_FIELD", "none"),
        ({"name": "Ann", "age": "old"}, "INVALID_VALUE", "age"),
        ({"name": "Ann", "age": "121"}, "INVALID_VALUE", "age"),
        ({"name": "Ann" * 30_000}, "INVALID_VALUE", "name"),
    ],
)
def test_an_entry_that_may_not_be_is_refused(alice, maker, fields, code, key):
    payload = entry(alice, **fields)
    assert payload["metaobject"] is None
    assert (code, key) in [(e["code"], e["elementKey"]) for e in payload["userErrors"]]


def test_an_entry_of_no_definition_is_refused(alice):
    payload = run(alice, CREATE, metaobject={"type": "none", "fields": []})
    assert codes(payload) == ["UNDEFINED_OBJECT_TYPE"]


def test_an_upsert_changes_the_given_fields_but_values_are_the_whole_entry(alice, maker):
    handle = {"type": "maker", "handle": "ann"}
    both = [{"key": "name", "value": "Ann"}, {"key": "town", "value": "Bergen"}]
    assert values(run(alice, UPSERT, handle=handle, metaobject={"fields": both})) == {
        "name": "Ann",
        "town": "Bergen",
        "age": None,
    }
    age = {"fields": [{"key": "age", "value": "30"}]}
    assert values(run(alice, UPSERT, handle=handle, metaobject=age))["town"] == "Bergen"
    assert values(run(alice, UPSERT, handle=handle, values={"name": "Ann"})) == {
        "name": "Ann",
        "town": None,
        "age": None,
    }
    neither = run(alice, UPSERT, handle=handle, metaobject=age, values={"name": "Ann"})
    assert codes(neither) == ["INVALID"]


def test_an_empty_value_clears_a_field_and_a_taken_handle_is_refused(alice, maker):
    ann = entry(alice, name="Ann", town="Bergen")["metaobject"]
    entry(alice, name="Bob")
    cleared = {"fields": [{"key": "town", "value": ""}]}
    assert values(run(alice, UPDATE, id=ann["id"], metaobject=cleared))["town"] is None
    assert codes(run(alice, UPDATE, id=ann["id"], metaobject={"handle": "bob"})) == ["TAKEN"]


def test_an_entry_is_deleted_once(alice, maker):
    ann = entry(alice, name="Ann")["metaobject"]["id"]
    assert run(alice, DELETE, id=ann)["deletedId"] == ann
    assert codes(run(alice, DELETE, id=ann)) == ["RECORD_NOT_FOUND"]


def test_another_shop_finds_nothing_of_it(alice, bob, maker):
    ann = entry(alice, name="Ann")["metaobject"]["id"]
    assert codes(run(bob, DELETE, id=ann)) == ["RECORD_NOT_FOUND"]
    assert codes(run(bob, CREATE, metaobject={"type": "maker"})) == ["UNDEFINED_OBJECT_TYPE"]
