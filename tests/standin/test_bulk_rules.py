"""What Shopify refuses to run in bulk is refused here, in the same words."""

import pytest

from standin.bulk_rules import NotInBulk, check_mutation, check_query


@pytest.mark.parametrize(
    ("query", "messages"),
    [
        (
            "{ products { nodes { id } } }",
            [
                "All connection fields in a bulk query must select their contents using 'edges' >"
                " 'node', e.g: 'products { edges { node {'. Selecting via 'nodes' is not"
                " supported. Invalid connection fields: 'products'."
            ],
        ),
        (
            '{ node(id: "gid://shopify/Product/0") { id } }',
            [
                "Bulk queries cannot contain a top level `node` field.",
                "Bulk queries must contain at least one connection.",
            ],
        ),
        ("{ shop { name } }", ["Bulk queries must contain at least one connection."]),
        (
            "{ collections { edges { node { id products { edges { node { id variants { edges {"
            " node { id metafields { edges { node { id } } } } } } } } } } } } }",
            ["Bulk queries cannot contain connections with a nesting depth greater than 2."],
        ),
        (
            "{ products { edges { node { id variants { edges { node { id } } } metafields { edges"
            " { node { id } } } collections { edges { node { id } } } media { edges { node { id }"
            " } } sellingPlanGroups { edges { node { id } } } } } } }",
            ["Bulk queries cannot contain more than 5 connections."],
        ),
        (
            "{ products { edges { node { title variants { edges { node { id } } } } } } }",
            [
                "The parent 'node' field for a nested connection must select the 'id' field"
                " without an alias and must be of 'ID' return type. Connection fields without"
                " 'id': products."
            ],
        ),
        (
            "{ products { edges { node { id: title variants { edges { node { id } } } } } } }",
            [
                "The parent 'node' field for a nested connection must select the 'id' field"
                " without an alias and must be of 'ID' return type. Connection fields without"
                " 'id': products."
            ],
        ),
        (
            "{ orders { edges { node { id fulfillments { events { edges { node { id } } } } } } }"
            " }",
            [
                "Queries that contain a connection field within a list field are not currently"
                " supported."
            ],
        ),
        (
            "{ products { edges { node { id } } } urlRedirects { edges { node { id } } } }",
            ["Bulk queries must contain exactly one top-level field."],
        ),
        (
            "mutation { urlRedirectDelete(id: 1) { deletedUrlRedirectId } }",
            ["Invalid operation type. Only `query` operations are supported."],
        ),
        ("", ["Invalid bulk query: syntax error, unexpected end of file"]),
        (
            "{ products { edges { node { id colour } } } }",
            ["Invalid bulk query: Field 'colour' doesn't exist on type 'Product'"],
        ),
        (
            "query ($q: String) { products(query: $q) { edges { node { id } } } }",
            ["Invalid bulk query: variables can't be used. Write the values out."],
        ),
    ],
)
def test_what_shopify_refuses_in_bulk(query, messages):
    with pytest.raises(NotInBulk) as refused:
        check_query(query)
    assert refused.value.args[0] == messages


@pytest.mark.parametrize(
    "query",
    [
        "{ urlRedirects { edges { node { path } } } }",
        "{ products(first: 5) { edges { cursor node { ...P } } pageInfo { hasNextPage } } }"
        " fragment P on Product { id variants { edges { node { id metafields { edges { node { key"
        " } } } } } } }",
        "{ products { edges { node { id variants { edges { node { id inventoryItem {"
        " inventoryLevels { edges { node { id } } } } } } } } } } }",
        "{ files { edges { node { id ... on MediaImage { image { url } } } } } }",
        "{ shopifyPaymentsAccount { payouts { edges { node { id } } } } }",
        "{ codeDiscountNodes { edges { node { id codeDiscount { ... on DiscountCodeBasic {"
        " codes { edges { node { code } } } } } } } } }",
    ],
)
def test_what_may_run_in_bulk(query):
    check_query(query)


ONE = "mutation ($id: ID!) { urlRedirectDelete(id: $id) { deletedUrlRedirectId } }"


@pytest.mark.parametrize(
    ("mutation", "message"),
    [
        ("{ shop { id } }", "Invalid operation type. Only `mutation` operations are supported."),
        ("mutation {", "Failed to parse the mutation - "),
        (
            "mutation ($id: ID!) { a: urlRedirectDelete(id: $id) { deletedUrlRedirectId }"
            " b: urlRedirectDelete(id: $id) { deletedUrlRedirectId } }",
            "You must specify a single top level mutation.",
        ),
        (
            "mutation ($q: String!) { bulkOperationRunQuery(query: $q) { bulkOperation { id } } }",
            "You must use an allowed mutation name.",
        ),
        (
            "mutation ($p: ProductUpdateInput!) { productUpdate(product: $p) { product {"
            " variants(first: 1) { nodes { id } } media(first: 1) { nodes { id } } } } }",
            "The mutation can contain at most one connection field.",
        ),
        ("mutation { nope }", "Invalid mutation - Field 'nope' doesn't exist on type 'Mutation'"),
    ],
)
def test_which_mutations_are_refused_in_bulk(mutation, message):
    with pytest.raises(NotInBulk) as refused:
        check_mutation(mutation)
    assert refused.value.args[0][0].startswith(message)


def test_any_other_mutation_may_run_in_bulk():
    assert check_mutation(ONE)[1] == "urlRedirectDelete"
