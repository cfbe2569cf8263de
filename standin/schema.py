"""Shopify's Admin schema, with what its introspection adds: access scopes, protected data and the
terms of each search."""

import gzip
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeGuard

import orjson
from graphql import (
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationType,
    build_client_schema,
)
from graphql import get_named_type as named

VERSION = "2026-10"
FILE = Path(__file__).parent / "data" / f"admin_{VERSION}.json.gz"


@dataclass(frozen=True)
class Admin:
    schema: GraphQLSchema
    access: dict[str, list]  # "Type" or "Type.field": [scopes of which one is enough, sentence]
    protected: frozenset[str]  # "Type.field" of customer data that needs Shopify's approval
    search: dict[str, list[str]]  # "Type.field" of a connection: the terms that its search knows


@cache
def admin() -> Admin:
    """The whole schema, loaded once."""
    data = orjson.loads(gzip.decompress(FILE.read_bytes()))
    # Shopify's schema breaks a rule or two of graphql-core's; it is taken as it is.
    schema = build_client_schema(data["data"], assume_valid=True)
    return Admin(schema, data["access"], frozenset(data["protected"]), data["search"])


WithFields = GraphQLObjectType | GraphQLInterfaceType


def with_fields(name: str) -> WithFields:
    """The object or interface type of this name."""
    kind = admin().schema.type_map[name]
    if not isinstance(kind, WithFields):
        raise TypeError(f"{name} has no fields.")
    return kind


def root(operation: OperationType) -> GraphQLObjectType:
    """QueryRoot or Mutation."""
    kind = admin().schema.get_root_type(operation)
    if kind is None:
        raise TypeError(f"The schema has no {operation.value}.")
    return kind


def is_connection(kind: object) -> TypeGuard[GraphQLObjectType]:
    return (
        isinstance(kind, GraphQLObjectType)
        and kind.name.endswith("Connection")
        and "pageInfo" in kind.fields
    )


def nullable_of(kind: GraphQLOutputType) -> GraphQLOutputType:
    """The type without its exclamation mark."""
    return kind.of_type if isinstance(kind, GraphQLNonNull) else kind


def node_type(connection: GraphQLObjectType) -> GraphQLNamedType:
    """The type of what a connection connects to."""
    return named(named(connection.fields["edges"].type).fields["node"].type)


@cache
def typenames(name: str) -> tuple[str, ...]:
    """The object types that a type of this name may be: itself, or those of an abstract type."""
    kind = admin().schema.type_map[name]
    if isinstance(kind, GraphQLObjectType):
        return (name,)
    if not isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
        raise TypeError(f"{name} is no type of objects.")
    return tuple(possible.name for possible in admin().schema.get_possible_types(kind))


def camel(snake: str) -> str:
    """created_at or CREATED_AT to createdAt."""
    first, *rest = snake.lower().split("_")
    return first + "".join(word.capitalize() for word in rest)
