"""Every document of the engine against the whole Admin schema and the rules of bulk queries."""

import pytest
from graphql import parse, validate

from shopify import bulk
from standin.bulk_rules import check_query
from standin.schema import admin
from tests.transfer.samples import FACTS
from transfer import counting, documents, facts, references
from transfer.metafields import FRAGMENTS
from transfer.types import ALL

EXPORTED = [kind for kind in ALL if kind.sheets]
PASSES = [(kind, step) for kind in EXPORTED for step in kind.passes]
TYPES = {"products": "Product", "inventoryItems": "InventoryItem", "priceLists": "PriceList"}
MANY = FACTS | {
    "metafields:PRODUCT": [
        FACTS["metafields:PRODUCT"][0] | {"alias": f"m{n}", "key": f"k{n}"} for n in range(250)
    ]
}


def named(pairs):
    return pytest.mark.parametrize(
        ("kind", "step"), pairs, ids=[f"{kind.name}-{step.root}" for kind, step in pairs]
    )


def sound(document: str) -> bool:
    return not validate(admin().schema, parse(document))


@named(PASSES)
def test_a_pass_keeps_the_rules_of_bulk_queries(kind, step):
    check_query(f"# exp_1 {kind.name} 0 1\n{documents.bulk(step, FACTS, '')}")
    search = "vendor:'a \"b\" \\\\ c' é" if documents.searchable(step) else ""
    check_query(documents.bulk(step, MANY, search))


@named(PASSES)
def test_a_pass_is_sound_page_by_page(kind, step):
    for known in (FACTS, MANY):
        assert sound(documents.root_page(step, known))
        for connection in step.connections:
            assert sound(documents.child_page(connection, TYPES[step.root], known))


@named([(kind, step) for kind, step in PASSES if step.attach])
def test_a_further_pass_names_its_owner(kind, step):
    assert "owner: " in step.connections[0].fields


@pytest.mark.parametrize("kind", EXPORTED, ids=lambda kind: kind.name)
def test_the_counts_are_sound(kind):
    assert sound(f"query {{ count: {kind.count}(limit: null) {{ count }} }}")
    children = [c.count for c in kind.passes[0].connections if c.count]
    fields = " ".join(["id", *(f"{name} {{ count }}" for name in children)])
    assert sound(counting.COUNTED.format(root=kind.passes[0].root, fields=fields))


@pytest.mark.parametrize("kind", [k for k in ALL if k.writing], ids=lambda kind: kind.name)
def test_the_mutations_are_sound(kind):
    writing = kind.writing
    for document in (
        writing.read,
        writing.search,
        writing.create,
        writing.update,
        writing.delete,
    ):
        assert sound(document)


@pytest.mark.parametrize(
    "document",
    [
        facts.ZONE,
        facts.LOCATIONS,
        facts.CATALOGS,
        facts.PUBLICATIONS,
        facts.DEFINITIONS,
        references.NODES.format(fragments=" ".join(FRAGMENTS.values())),
        bulk.RUN,
        bulk.LOOK,
        bulk.FIND,
        bulk.CANCEL,
    ],
)
def test_the_other_documents_are_sound(document):
    assert sound(document)
