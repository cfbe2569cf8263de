"""Parse, validate and execute a GraphQL text on the whole schema."""

from functools import cache, lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLLeafType,
    GraphQLObjectType,
    OperationDefinitionNode,
    execute_sync,
    is_leaf_type,
    parse,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import GroupedFieldSet
from graphql.execution.values import VariableValues, get_variable_values
from graphql.pyutils import Path

from standin.context import Context
from standin.resolve import field, resolve_field, resolve_type
from standin.schema import admin, nullable_of, with_fields
from standin.validation import problems


class StoredLeaves(Executor[Any]):
    """Takes scalars and enum values that are read as they are stored straight from the record:
    most fields are such, and by resolver and arguments each takes ten times as long. All others,
    and what is missing or wrong, go that general way."""

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: GroupedFieldSet,
        position_context: Any,
    ) -> dict[str, Any]:
        results: dict[str, Any] = {}
        for key, details in grouped_field_set.items():
            name = details[0].node.name.value
            value = None
            if leaf := _stored_leaf(parent_type.name, name):
                value = _coerced(leaf, source_value.get(name))
            if value is None:
                at = Path(path, key, parent_type.name)
                value = self.execute_field(parent_type, source_value, details, at, position_context)
            results[key] = value
        return results


@cache
def _stored_leaf(parent: str, name: str) -> GraphQLLeafType | None:
    """The type of a scalar or enum value that everybody may read and that is answered as it is
    stored; None for all other fields."""
    declared = with_fields(parent).fields.get(name)
    kind = declared and nullable_of(declared.type)
    if not is_leaf_type(kind):
        return None
    this = field(parent, name)
    return None if this.compute or this.guarded or this.protected else kind


def _coerced(kind: GraphQLLeafType, stored: Any) -> Any:
    """What is answered for a stored value; None when it is missing or none of this type."""
    try:
        return None if stored is None else kind.coerce_output_value(stored)
    except GraphQLError:
        return None


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
        executor_class=StoredLeaves,
    )
