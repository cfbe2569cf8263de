"""What a query costs: 1 point an object, 2 a connection and its page size times the cost of a node,
10 a mutation, nothing a scalar; an abstract type costs as much as its dearest.

Requested cost takes pages as full as they were asked for, actual cost as they came back. A list
has as many objects as `first` or `ids` ask for; of one whose size nobody asks for the rules say
nothing, so it is one object, its dearest, both times. So no query costs more than it asked for.
https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits
"""

from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    OperationDefinitionNode,
    OperationType,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_list_type,
)
from graphql.execution.values import VariableValues, get_argument_values

from standin import selection
from standin.schema import admin, is_connection, typenames

MUTATION = 10
CONNECTION = 2


@dataclass
class Pricing:
    document: DocumentNode
    operation: OperationDefinitionNode
    values: VariableValues

    def __post_init__(self):
        self.known = selection.fragments(self.document)

    def requested(self) -> int:
        return self._total(None)

    def actual(self, data: dict | None) -> int:
        return self._total(data or {})

    def _total(self, data: dict | None) -> int:
        """With data, what was really returned is counted."""
        kind = admin().schema.get_root_type(self.operation.operation)
        if self.operation.operation is OperationType.MUTATION:
            top = selection.fields([self.operation.selection_set], kind, self.known, self.values)
            return MUTATION * len([key for key in top if key != "__typename"])
        return self._object(kind, [self.operation.selection_set], data)

    def _object(self, kind, selections, data) -> int:
        if not is_abstract_type(kind):
            return self._fields(kind, selections, data)
        possible = [admin().schema.type_map[name] for name in typenames(kind.name)]
        return max(self._fields(one, selections, data) for one in possible)

    def _fields(self, kind, selections, data) -> int:
        asked = selection.fields(selections, kind, self.known, self.values)
        return sum(
            self._field(kind, nodes, data.get(key) if data is not None else None, data is not None)
            for key, nodes in asked.items()
            if not nodes[0].name.value.startswith("__")
        )

    def _field(self, kind, nodes: list[FieldNode], data, known: bool) -> int:
        field = kind.fields[nodes[0].name.value]
        inner = get_named_type(field.type)
        if not is_composite_type(inner) or (known and data is None):
            return 0
        below = selection.inside(nodes)
        if is_connection(inner):
            return self._connection(inner, field, nodes[0], below, data)
        if is_list_type(get_nullable_type(field.type)):
            return self._list(inner, field, nodes[0], below, data)
        return 1 + self._object(inner, below, data)

    def _list(self, inner, field, node: FieldNode, selections, data) -> int:
        args = get_argument_values(field, node, self.values)
        size = len(args["ids"]) if "ids" in args else args.get("first")
        if data is None:
            return (1 if size is None else size) * (1 + self._object(inner, selections, None))
        costs = [1 + self._object(inner, selections, item) for item in data if item]
        return max(costs, default=0) if size is None else sum(costs)

    def _connection(self, kind, field, node: FieldNode, selections, data) -> int:
        args = get_argument_values(field, node, self.values)
        size = args.get("first")
        size = args.get("last") if size is None else size
        total = CONNECTION
        for key, nodes in selection.fields(selections, kind, self.known, self.values).items():
            name, below = nodes[0].name.value, selection.inside(nodes)
            if name == "nodes":
                items = None if data is None else data.get(key) or []
                total += self._items(kind.fields["nodes"], below, size, items)
            elif name == "edges":
                edge = get_named_type(kind.fields["edges"].type)
                inside = selection.fields(below, edge, self.known, self.values)
                for inner_key, inner in inside.items():
                    if inner[0].name.value == "node":
                        edges = None if data is None else data.get(key) or []
                        items = None if edges is None else [e.get(inner_key) for e in edges if e]
                        below_node = selection.inside(inner)
                        total += self._items(edge.fields["node"], below_node, size, items)
        return total

    def _items(self, field, selections, size: int | None, items: list | None) -> int:
        kind = get_named_type(field.type)
        if not is_composite_type(kind):
            return 0
        if items is None:
            return max(0, size or 0) * (1 + self._object(kind, selections, None))
        return sum(1 + self._object(kind, selections, item) for item in items if item)
