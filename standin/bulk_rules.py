"""What Shopify refuses to run in bulk, in its words."""

import re
from functools import lru_cache

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLList,
    OperationDefinitionNode,
    OperationType,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    parse,
)

from standin import selection
from standin.errors import as_json
from standin.schema import (
    WithFields,
    is_connection,
    node_type,
    nullable_of,
    root,
    typenames,
    with_fields,
)
from standin.validation import problems

MAX_CONNECTIONS = 5
MAX_NESTING = 2  # connections within the connection at the top
COMMENT = re.compile(r"\A(?:#[^\n]*\n)+")
NOT_IN_BULK = {"bulkOperationRunQuery", "bulkOperationRunMutation"}


class NotInBulk(Exception):
    """args[0] is the list of Shopify's sentences."""


def check_query(text: str) -> tuple[DocumentNode, FieldNode]:
    """The document and its one top-level field; raises NotInBulk."""
    return _checked_query(COMMENT.sub("", text))


@lru_cache(maxsize=256)
def _checked_query(text: str) -> tuple[DocumentNode, FieldNode]:
    document, operation = _operation(text, "Invalid bulk query: ")
    if operation.operation is not OperationType.QUERY:
        raise NotInBulk(["Invalid operation type. Only `query` operations are supported."])
    _validate(document, "Invalid bulk query: ")
    if operation.variable_definitions:
        raise NotInBulk(["Invalid bulk query: variables can't be used. Write the values out."])
    known = selection.fragments(document)
    query_type = root(OperationType.QUERY)
    asked = selection.fields([operation.selection_set], query_type, known)
    top = [nodes[0] for nodes in asked.values()]
    shape = _QueryShape(known)
    for nodes in asked.values():
        shape.visit(query_type, nodes, depth=0, in_list=False, parent=None)
    found = shape.problems({node.name.value for node in top})
    if not found and len(top) != 1:
        found = ["Bulk queries must contain exactly one top-level field."]
    if found:
        raise NotInBulk(found)
    return document, top[0]


@lru_cache(maxsize=256)
def check_mutation(text: str) -> tuple[DocumentNode, str]:
    """The document and the name of its one mutation; raises NotInBulk."""
    document, operation = _operation(text, "Failed to parse the mutation - ")
    if operation.operation is not OperationType.MUTATION:
        raise NotInBulk(["Invalid operation type. Only `mutation` operations are supported."])
    _validate(document, "Invalid mutation - ")
    known, kind = selection.fragments(document), root(OperationType.MUTATION)
    asked = selection.fields([operation.selection_set], kind, known)
    if len(asked) != 1:
        raise NotInBulk(["You must specify a single top level mutation."])
    [nodes] = asked.values()
    if nodes[0].name.value in NOT_IN_BULK:
        raise NotInBulk(["You must use an allowed mutation name."])
    shape = _QueryShape(known)
    shape.visit(kind, nodes, depth=0, in_list=False, parent=None)
    if shape.connections > 1:
        raise NotInBulk(["The mutation can contain at most one connection field."])
    return document, nodes[0].name.value


def _operation(text: str, prefix: str) -> tuple[DocumentNode, OperationDefinitionNode]:
    try:
        document = parse(text)
    except GraphQLError as error:
        message = "syntax error, unexpected end of file" if not text.strip() else error.message
        raise NotInBulk([f"{prefix}{message}"]) from error
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if len(operations) != 1:
        raise NotInBulk([f"{prefix}expected one operation, found {len(operations)}"])
    return document, operations[0]


def _validate(document: DocumentNode, prefix: str) -> None:
    if found := problems(document):
        raise NotInBulk([f"{prefix}{as_json(error)['message']}" for error in found])


class _QueryShape:
    """What the rules want to know of the selections."""

    def __init__(self, known: selection.Fragments):
        self.known = known
        self.connections = self.deepest = 0
        self.in_list = False
        self.by_nodes: list[str] = []
        self.without_id: list[str] = []

    def visit(
        self, kind: WithFields, nodes: list[FieldNode], depth: int, in_list: bool, parent
    ) -> None:
        """Walk one response key; parent is (connection name, whether its node selects id)."""
        name = nodes[0].name.value
        if name.startswith("__"):
            return
        field = kind.fields[name]
        inner = get_named_type(field.type)
        if not is_composite_type(inner):
            return
        below = selection.inside(nodes)
        if not is_connection(inner):
            in_list = in_list or isinstance(nullable_of(field.type), GraphQLList)
            self._visit_inside(inner, below, depth, in_list, parent)
            return
        self.connections += 1
        self.deepest = max(self.deepest, depth)
        self.in_list = self.in_list or in_list
        if parent and not parent[1]:
            _add(self.without_id, parent[0])
        selected = self._fields(inner, below)
        if "nodes" in _names(selected):
            _add(self.by_nodes, name)
        edges = self._at(inner, selected, "edges")
        edge_type = get_named_type(inner.fields["edges"].type)
        node = self._at(edge_type, self._fields(edge_type, edges), "node")
        target = node_type(inner)
        plain = self._fields(target, node) if is_composite_type(target) else {}
        has_id = "id" in plain and plain["id"][0].name.value == "id"
        self._visit_inside(target, node, depth + 1, False, (name, has_id))

    def problems(self, top: set[str]) -> list[str]:
        found = []
        if self.by_nodes:
            names = "', '".join(self.by_nodes)
            found.append(
                "All connection fields in a bulk query must select their contents using"
                " 'edges' > 'node', e.g: 'products { edges { node {'. Selecting via 'nodes' is not"
                f" supported. Invalid connection fields: '{names}'."
            )
        found += [
            f"Bulk queries cannot contain a top level `{name}` field."
            for name in ("node", "nodes")
            if name in top
        ]
        if self.deepest > MAX_NESTING:
            found.append(
                "Bulk queries cannot contain connections with a nesting depth greater than"
                f" {MAX_NESTING}."
            )
        if self.connections > MAX_CONNECTIONS:
            found.append(f"Bulk queries cannot contain more than {MAX_CONNECTIONS} connections.")
        if self.without_id:
            found.append(
                "The parent 'node' field for a nested connection must select the 'id' field"
                " without an alias and must be of 'ID' return type. Connection fields without"
                f" 'id': {', '.join(self.without_id)}."
            )
        if self.in_list:
            found.append(
                "Queries that contain a connection field within a list field are not currently"
                " supported."
            )
        if not self.connections:
            found.append("Bulk queries must contain at least one connection.")
        return found

    def _fields(self, kind, selections) -> dict[str, list[FieldNode]]:
        return selection.fields(selections, kind, self.known)

    def _at(self, kind, selected: dict, name: str) -> list:
        """The selection sets of a field, whatever its alias."""
        found = (nodes for nodes in selected.values() if nodes[0].name.value == name)
        return [part for nodes in found for part in selection.inside(nodes)]

    def _visit_inside(self, kind, selections, depth, in_list, parent) -> None:
        """Each response key once, also of the types that an abstract type may be."""
        kinds = [kind]
        if is_abstract_type(kind):
            kinds = [with_fields(name) for name in typenames(kind.name)]
        seen = set()
        for one in kinds:
            for nodes in self._fields(one, selections).values():
                first = nodes[0]
                if id(first) not in seen:
                    seen.add(id(first))
                    self.visit(one, nodes, depth, in_list, parent)


def _names(selected: dict[str, list[FieldNode]]) -> set[str]:
    return {nodes[0].name.value for nodes in selected.values()}


def _add(names: list[str], name: str) -> None:
    if name not in names:
        names.append(name)
