"""Parse, validate and execute a GraphQL text on the whole schema."""

from functools import lru_cache

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    OperationDefinitionNode,
    execute_sync,
    parse,
)
from graphql.execution.values import VariableValues, get_variable_values

from standin.context import Context
from standin.resolve import resolve_field, resolve_type
from standin.schema import admin
from standin.validation import problems


@lru_cache(maxsize=1024)
def prepare(text: str) -> tuple[DocumentNode | None, list[GraphQLError]]:
    """The valid document, or what is wrong with it."""
    try:
        document = parse(text)
    except GraphQLError as problem:
        return None, [problem]
    found = problems(document)
    return (None, found) if found else (document, [])


def operation_of(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The operation to run; raises GraphQLError when that is not clear."""
    found = [
        part
        for part in document.definitions
        if isinstance(part, OperationDefinitionNode)
        and (name is None or (part.name and part.name.value == name))
    ]
    if not found:
        raise GraphQLError(f'No operation named "{name}"' if name else "No operation was found.")
    if len(found) > 1:
        raise GraphQLError("An operation name is required")
    return found[0]


def variables(operation: OperationDefinitionNode, given: dict) -> VariableValues:
    """The variable values as the schema coerces them; raises GraphQLError."""
    coerced = get_variable_values(
        admin().schema, operation.variable_definitions or (), given, max_errors=5
    )
    if isinstance(coerced, list):
        raise coerced[0]
    return coerced


def run(document: DocumentNode, context: Context, given: dict, name: str | None) -> ExecutionResult:
    return execute_sync(
        admin().schema,
        document,
        context_value=context,
        variable_values=given,
        operation_name=name,
        field_resolver=resolve_field,
        type_resolver=resolve_type,
    )
