"""Declarations of writing, held against Shopify's real schema."""

from contextlib import suppress
from dataclasses import replace

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    parse,
    type_from_ast,
    validate,
)
from graphql.language import parse_type

from standin.schema import admin
from transfer.rows.columns import BoundColumn, all_columns
from transfer.rows.headers import columns
from transfer.types import ALL
from transfer.types.forms import BadCell, Form
from transfer.types.menu_writing import WRITING as MENUS
from transfer.types.product_stock import OTHER, SET_STOCK
from transfer.types.product_writing import DELETE, SET, UPDATE
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import Members, Mutation, Writing, input_of

COMPLETED = {
    *(f"{name}:quantity" for name in OTHER),
    "on_hand_adjust:delta",
}
"""Paths that a step's ``finish`` makes another of."""
COMPLETED_ANYWAY = {
    *(("catalogs", "Status"), ("metaobjects", "Value"), ("menus", "Handle")),
    *(("menus", "Menu Item: Title"), ("menus", "Menu Item: Resource Type")),
    ("companies", "Location: Checkout Payment Deposit"),
}
"""What is demanded, and made up, refused or left out with its holder by what completes an input."""
WRITTEN = [data_type for data_type in ALL if data_type.writing]


def faults(mutation: Mutation) -> list[str]:
    """What Shopify would say of the mutation's document, and of its paths to target and input."""
    found = [error.message for error in validate(admin().schema, parse(mutation.document))]
    paths = filter(None, (mutation.input, mutation.target))
    return found + [path for path in paths if not leads(mutation, path)]


def leads(mutation: Mutation, *paths: str) -> bool:
    """Whether the paths, one in the other, lead from the mutation's variables to an input."""
    return end_of(mutation, *paths) is not None


def end_of(mutation: Mutation, *paths: str):
    """The type of the input to which they lead."""
    variables = dict(argument.split(": ", 1) for argument in mutation.arguments)
    name, *rest = ".".join(filter(None, paths)).split(".")
    declared = variables.get(name, "Missing").partition(" =")[0]
    kind = type_from_ast(admin().schema, parse_type(declared))
    for step in rest:
        kind = below(kind, step)
    return kind


def below(kind, name: str):
    """The type of an input's field, or of a list's members; a list may be taken as its members."""
    while isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    if isinstance(kind, GraphQLList) and name.isdigit():
        return kind.of_type
    named = get_named_type(kind)
    if isinstance(named, GraphQLInputObjectType) and name in named.fields:
        return named.fields[name].type
    return None


@pytest.mark.parametrize("data_type", WRITTEN, ids=lambda data_type: data_type.name)
def test_what_is_declared_fits_shopifys_schema(data_type):
    writing = data_type.writing
    assert [fault for mutation in writing.mutations for fault in faults(mutation)] == []
    names = [mutation.name for mutation in writing.mutations]
    assert len(names) == len(set(names)), "calls name a mutation by its name"
    written = [bound for bound in all_columns(data_type) if bound.column.write]
    assert written and [bound.header for bound in written if not is_taken(writing, bound)] == []


def is_taken(writing: Writing, bound: BoundColumn) -> bool:
    """Whether a mutation takes what the column writes, in one of the ways in which it may be sent;
    or the declaration makes something else of it."""
    step, colon, path = bound.column.write.rpartition(":")
    if path.startswith("="):
        return bool(writing.complete or any(step.makes for step in writing.after))
    if colon and (not path or writing.step(step).makes or f"{step}:{path}" in COMPLETED):
        return True
    return any(leads(mutation, mutation.input, path) for mutation, path in ways(writing, bound))


def ways(writing: Writing, bound: BoundColumn) -> list[tuple[Mutation, str]]:
    """The mutations that may take what the column writes, with the path in their input."""
    step, colon, path = bound.column.write.rpartition(":")
    if colon:
        return [(writing.step(step).send, path)]
    found = [(writing.create, path), (writing.update, path)]
    found += [(one, path) for kind in writing.kinds for one in (kind.create, kind.update)]
    for members in writing.members:
        if (members.of, members.side or bound.block.part) == (bound.block.of, bound.block.part):
            path = (members.paths or {}).get(bound.header, path)
            within = members.within.get(path, path)
            found = [(writing.create, f"{members.into}.{within}"), (members.create, path)]
            found += [(members.update, path), (writing.update, f"{members.into}.{path}")]
            made = [step for step in writing.after if step.makes]
            found += [(mutation, path) for one in made for mutation in (one.send, *one.others)]
    return [(mutation, path) for mutation, path in found if mutation]


@pytest.mark.parametrize("data_type", WRITTEN, ids=lambda data_type: data_type.name)
def test_words_that_an_enum_does_not_have_are_refused(data_type):
    """A plan tells of them, not Shopify when half of the file is written."""
    found = {}
    for bound in all_columns(data_type):
        if not bound.column.write or "=" in bound.column.write:
            continue
        for mutation, path in ways(data_type.writing, bound):
            kind = get_named_type(end_of(mutation, mutation.input, path))
            if isinstance(kind, GraphQLEnumType) and understands_other_words(bound.form, kind):
                found[bound.header] = kind.name
    assert found == {}


@pytest.mark.parametrize("data_type", WRITTEN, ids=lambda data_type: data_type.name)
def test_what_shopify_demands_of_something_new_is_required(data_type):
    """A plan tells of a cell that is missing, not Shopify when half of the file is written."""
    parts = {"": data_type.writing} | {one.of: one for one in data_type.writing.members}
    missing = [
        bound.header
        for bound in all_columns(data_type)
        if (part := parts.get(bound.block.of))
        and bound.header not in part.required
        and (data_type.name, bound.header) not in COMPLETED_ANYWAY
        and is_demanded(data_type.writing, part, bound)
    ]
    assert missing == []


def is_demanded(writing: Writing, part: Writing | Members, bound: BoundColumn) -> bool:
    """Whether the mutation that makes something new does not go without the column."""
    path = bound.column.write
    mutation, into = part.create, ""
    if isinstance(part, Members):
        path = (part.paths or {}).get(bound.header, path)
        if not part.create:
            mutation, into, path = writing.create, part.into, part.within.get(path, path)
    if not (mutation and path) or {".", ":", "="} & {*path}:
        return False
    return isinstance(end_of(mutation, mutation.input, into, path), GraphQLNonNull)


@pytest.mark.parametrize("data_type", WRITTEN, ids=lambda data_type: data_type.name)
def test_a_cell_that_is_emptied_sends_nothing_that_shopify_does_not_take(data_type):
    writing = data_type.writing
    headers = [*writing.required, *writing.fixed, *writing.unlike]
    headers += [h for one in writing.members for h in (*one.required, *one.fixed)]
    columns = (bound.column for bound in all_columns(data_type))
    refused = [
        bound.header
        for bound, column in zip(all_columns(data_type), columns, strict=True)
        if column.write and column.clears and not column.acts and column.cleared is None
        if bound.header not in headers and "=" not in column.write
        if (data_type.name, bound.header) not in COMPLETED_ANYWAY
        if bound.form.cell_type != "boolean" and not is_cleared_apart(writing, column.write)
        for mutation, path in ways(writing, bound)
        if isinstance(end_of(mutation, mutation.input, path), GraphQLNonNull)
    ]
    assert refused == []


def is_cleared_apart(writing: Writing, write: str) -> bool:
    """Whether a step clears it by a mutation of its own."""
    step, colon, _ = write.partition(":")
    return bool(colon and writing.step(step).clear)


def understands_other_words(form: Form, kind: GraphQLEnumType) -> bool:
    """Whether the form takes a word that is no code, or knows other codes than the enum."""
    with suppress(BadCell):
        return bool(form.value("NONSENSE", ShopFacts()))
    return bool(form.codes) and {*form.codes} != {*kind.values}


@pytest.mark.parametrize("data_type", WRITTEN, ids=lambda data_type: data_type.name)
def test_keys_and_required_cells_are_columns_of_the_type(data_type):
    writing = data_type.writing
    headers = {column.header for column in columns(data_type)}
    named = {header for key in writing.keys for header in key.headers}
    assert {*named, *writing.required, *writing.unlike} <= headers


def test_a_wrong_name_anywhere_is_found():
    assert faults(Mutation("urlRedirectMake", ("urlRedirect: UrlRedirectInput!",)))
    assert faults(Mutation("urlRedirectCreate", ("urlRedirect: UrlRedirect!",)))
    assert faults(Mutation("urlRedirectDelete", ("id: ID!",), target="ids")) == ["ids"]
    customers = next(data_type for data_type in WRITTEN if data_type.name == "customers")
    columns = {bound.header: bound for bound in all_columns(customers)}
    assert customers.writing
    for header, wrong in (
        ("First Name", "firstname"),
        ("Tags", "tags.name"),
        ("Address Line 1", "street"),
    ):
        bound = columns[header]
        assert is_taken(customers.writing, bound)
        misnamed = replace(bound, column=replace(bound.column, write=wrong))
        assert not is_taken(customers.writing, misnamed)


def test_a_document_names_arguments_defaults_and_what_is_saved():
    assert SET.document == (
        "mutation ($input: ProductSetInput!, $synchronous: Boolean = true) "
        "{ result: productSet(input: $input, synchronous: $synchronous) "
        "{ object: product { id } "
        "userErrors { field message code } } }"
    )


def test_a_mutation_that_demands_it_takes_its_idempotency_key():
    assert "($input: InventorySetQuantitiesInput!, $idempotencyKey: String!)" in SET_STOCK.document
    assert ") @idempotent(key: $idempotencyKey) {" in SET_STOCK.document


def test_the_id_and_the_input_go_where_the_mutation_has_them():
    gid = "gid://shopify/Product/1"
    assert UPDATE.variables(gid, {"title": "A"}) == {"product": {"title": "A", "id": gid}}
    assert DELETE.variables(gid) == {"input": {"id": gid}}
    assert MENUS.update
    assert MENUS.update.variables(gid, {"title": "A"}) == {"title": "A", "id": gid}
    assert SET.variables(value={"title": "A"}) == {"input": {"title": "A"}}
    assert SET_STOCK.variables(value=[{"quantity": 1}]) == {
        "input": {"quantities": [{"quantity": 1}]}
    }


def test_dotted_paths_become_a_nested_input():
    values = {"title": "A", "seo.title": "B", "seo.description": "C"}
    options = {"optionValues.1.name": "L", "optionValues.0.name": "Red", "optionValues.0.id": "7"}
    assert input_of(values | options) == {
        "title": "A",
        "seo": {"title": "B", "description": "C"},
        "optionValues": [{"name": "Red", "id": "7"}, {"name": "L"}],
    }
