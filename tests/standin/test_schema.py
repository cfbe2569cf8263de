"""The schema that the stand-in carries, and the script that makes it from Shopify's package."""

import gzip
import json

import orjson

from scripts.make_admin_schema import make
from standin.schema import FILE, admin, camel, is_connection, node_type, typenames
from standin.scopes import denied, existing


def test_the_licence_stands_beside_the_data():
    assert "Shopify" in (FILE.parent / "LICENSE").read_text()


def test_descriptions_are_left_out_and_scopes_and_protection_kept():
    text = gzip.decompress(FILE.read_bytes())
    assert b'"description":' not in text.replace(b'"name":"description"', b"")
    data = orjson.loads(text)
    assert data["access"]["UrlRedirect"][0] == ["read_online_store_navigation"]
    assert "Customer.email" in data["protected"]


def test_types_are_known_by_what_they_are():
    query = admin().schema.query_type
    assert query
    products = query.fields["products"].type.of_type
    assert is_connection(products) and node_type(products).name == "Product"
    assert not is_connection(admin().schema.type_map["Product"])
    assert typenames("Product") == ("Product",)
    assert set(typenames("Event")) == {"BasicEvent", "CommentEvent"}
    assert camel("CREATED_AT") == "createdAt"


def test_a_write_scope_reads_too():
    closed = denied(frozenset({"write_products"}))
    assert "Product" not in closed and "Mutation.productCreate" not in closed
    assert "Order" in closed and "Mutation.urlRedirectCreate" in closed
    assert denied(frozenset()) == {} and denied(frozenset(existing())) == {}


def test_the_script_keeps_what_is_needed():
    terms = ("| name | type |", "| ---- | ---- |", "| default | string |", "| tag_not | string |")
    argument = {
        "name": "query", "description": "\n".join(terms), "type": None, "defaultValue": None,
    }  # fmt: skip
    field = {
        "name": "email", "description": "long", "args": [argument], "isDeprecated": False,
        "deprecationReason": None, "type": {"kind": "SCALAR", "name": "String", "ofType": None},
        "isProtected": True, "requiredAccess": None,
    }  # fmt: skip
    kind = {
        "kind": "OBJECT", "name": "Customer", "description": "longer", "fields": [field],
        "inputFields": None, "interfaces": [], "enumValues": None, "possibleTypes": None,
    }  # fmt: skip
    schema = {"queryType": {"name": "Customer"}, "types": [kind], "directives": []}
    items = [
        {"typeName": "Customer", "offlineScopes": ["read_customers"], "requiredAccess": "`x`."},
        {"typeName": "Customer", "fieldName": "email", "offlineScopes": [], "requiredAccess": ""},
    ]
    package = {"data": {"__schema": schema}, "offline_scopes": {"items": items}}

    made = make(lambda path: gzip.compress(json.dumps(package).encode()))

    [slim] = made["data"]["__schema"]["types"]
    asked = [{"name": "query"}]
    assert slim["fields"] == [{"name": "email", "args": asked, "type": field["type"]}]
    assert made["search"] == {"Customer.email": ["tag_not"]}
    assert "description" not in slim
    assert made["access"] == {"Customer": [["read_customers"], "`x`."]}
    assert made["protected"] == ["Customer.email"]
