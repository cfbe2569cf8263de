"""Every document of the engine against the whole Admin schema and the rules of bulk queries."""

from dataclasses import replace

import pytest
from graphql import (
    FieldNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    validate,
    visit,
)

from shopify import bulk
from standin.bulk_rules import check_query
from standin.schema import admin, typenames
from tests.transfer.samples import FACTS
from tests.transfer.samples import named as one_of_each
from transfer.reading import queries, references, shop_facts
from transfer.types import ALL

EXPORTED = [kind for kind in ALL if kind.sheets]
PASSES = [(kind, step) for kind in EXPORTED for step in kind.passes]


def named(pairs):
    return pytest.mark.parametrize(
        ("kind", "step"), pairs, ids=[f"{kind.name}-{step.root}" for kind, step in pairs]
    )


def sound(document: str) -> bool:
    return not validate(admin().schema, parse(document))


def runs(step):
    """The facts that a pass is run for."""
    return KNOWN.named(step.each)[:1] if step.each else [None]


KNOWN = one_of_each({"locations": "L", "catalogs": "C", "channels": "S"}, "x.y [color]")
WASH = FACTS.metafields["PRODUCT"][0]
MANY = KNOWN.having(
    "metafields:PRODUCT", (replace(WASH, alias=f"m{n}", key=f"k{n}") for n in range(250))
)


@named([(kind, step) for kind, step in PASSES if not step.plain])
def test_a_pass_keeps_the_rules_of_bulk_queries(kind, step):
    for fact in runs(step):
        check_query(f"# exp_1 {kind.name} 0 1\n{queries.bulk(step, KNOWN, '', fact)}")
        search = "vendor:'a \"b\" \\\\ c' é" if queries.searchable(step) else ""
        check_query(queries.bulk(step, MANY, search, fact))


@named(PASSES)
def test_a_pass_is_sound_page_by_page(kind, step):
    for known in (KNOWN, MANY):
        for fact in runs(step):
            document = queries.root_page(step, known, fact)
            assert sound(document)
            for connection, typename, top in below(document, step.connections):
                page = queries.child_page(connection, typename, known, top=top)
                assert sound(page), page


def below(document, connections):
    """The connections of a pass with the type that each stands in; whether that is the top's."""
    types = TypeInfo(admin().schema)
    names = {c.name: c for c in flat(connections)}
    tops = {c.name for c in connections}
    found, around = [], list[str]()

    class Look(Visitor):
        def enter_field(self, node, *_):
            connection = names.get(node.name.value)
            if connection and any(f.name.value == "nodes" for f in node.selection_set.selections):
                top = len(around) == 1 and connection.name in tops
                inside = str(types.get_parent_type()) if around[-1] == "Node" else around[-1]
                found.append((connection, inside, top))
            if node.name.value == "nodes" or "id" in selected(node):
                around.append(str(get_named_type(types.get_type())))

        def leave_field(self, node, *_):
            if node.name.value == "nodes" or "id" in selected(node):
                around.pop()

    visit(parse(document), TypeInfoVisitor(types, Look()))
    for connection, typename, top in found:
        for concrete in typenames(typename):
            yield connection, concrete, top


def selected(node):
    """The names of the fields right below a field."""
    fields = node.selection_set.selections if node.selection_set else ()
    return {field.name.value for field in fields if isinstance(field, FieldNode)}


def flat(connections):
    for connection in connections:
        yield connection
        yield from flat(connection.connections)


@named([(kind, step) for kind, step in PASSES if step.attach])
def test_a_further_pass_names_its_owner(kind, step):
    parts = " ".join([step.fields, *(c.fields for c in step.connections)])
    assert step.root == kind.passes[0].root or "owner: " in parts


@pytest.mark.parametrize("kind", [k for k in EXPORTED if k.count], ids=lambda kind: kind.name)
def test_the_counts_are_sound(kind):
    assert sound(queries.counting(kind))


@pytest.mark.parametrize("kind", [k for k in ALL if k.writing], ids=lambda kind: kind.name)
def test_objects_can_be_asked_for_by_their_ids(kind):
    assert sound(queries.nodes_page(kind.passes[0], kind.writing.typename, KNOWN))


@pytest.mark.parametrize(
    "document",
    [
        shop_facts.SHOP,
        shop_facts.together({name: f"{name}:PRODUCT" for name in shop_facts.LISTS}),
        shop_facts.LOCATIONS,
        shop_facts.CATALOGS,
        shop_facts.PUBLICATIONS,
        shop_facts.DEFINITIONS,
        references.NODES,
        bulk.RUN,
        bulk.POLL,
        bulk.FIND,
        bulk.CANCEL,
    ],
)
def test_the_other_documents_are_sound(document):
    assert sound(document)
