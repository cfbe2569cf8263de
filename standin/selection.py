"""What a selection set asks of one object type, fragments and literal @skip/@include applied."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLNamedType,
    GraphQLSkipDirective,
    SelectionSetNode,
)
from graphql.execution.values import VariableValues, get_directive_values

from standin.schema import admin, typenames

Fragments = dict[str, FragmentDefinitionNode]


class ById:
    """A node as a key: nodes compare by all that is in them."""

    def __init__(self, node: Any):
        self.node = node

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ById) and self.node is other.node

    def __hash__(self) -> int:
        return id(self.node)


def fragments(document) -> Fragments:
    return {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }


def fields(
    selections: Iterable[SelectionSetNode],
    kind: GraphQLNamedType,
    known: Fragments,
    values: VariableValues | None = None,
) -> dict[str, list[FieldNode]]:
    """Response key to the nodes that ask for it, for objects of this type.

    On an abstract type, fields asked of some of its types only are left out.
    """
    found: dict[str, list[FieldNode]] = {}
    for selection in selections:
        _collect(selection, kind, known, values, found)
    return found


def inside(nodes: list[FieldNode]) -> list[SelectionSetNode]:
    """The selection sets of the nodes of one response key."""
    return [node.selection_set for node in nodes if node.selection_set]


def _collect(selection, kind, known, values, found) -> None:
    for node in selection.selections:
        if not _wanted(node, values):
            continue
        if isinstance(node, FieldNode):
            key = node.alias.value if node.alias else node.name.value
            found.setdefault(key, []).append(node)
            continue
        fragment = known[node.name.value] if isinstance(node, FragmentSpreadNode) else node
        condition = fragment.type_condition
        if condition is None or _is_a(kind.name, condition.name.value):
            _collect(fragment.selection_set, kind, known, values, found)


@cache
def _is_a(kind: str, name: str) -> bool:
    """Whether every object of one type is of the other too."""
    if kind == name:
        return True
    other = admin().schema.type_map[name]
    if not hasattr(other, "fields") and not hasattr(other, "types"):
        return False
    return set(typenames(kind)) <= set(typenames(name))


def _wanted(node, values: VariableValues | None) -> bool:
    if not node.directives:
        return True
    skip = get_directive_values(GraphQLSkipDirective, node, values)
    include = get_directive_values(GraphQLIncludeDirective, node, values)
    return not (skip and skip["if"]) and not (include and not include["if"])
