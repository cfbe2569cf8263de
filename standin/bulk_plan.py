"""What a bulk query asks of the objects at one place, worked out once for all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLEnumType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLScalarType,
    OperationDefinitionNode,
    OperationType,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)
from graphql.execution.values import get_argument_values

from standin import selection
from standin.context import Context
from standin.defaults import default
from standin.resolve import Field, field
from standin.schema import is_connection, node_type, nullable_of, root, with_fields
from standin.selection import ById

LEAF = GraphQLScalarType | GraphQLEnumType
EXACT = {"String": str, "ID": str, "Int": int, "Boolean": bool, "Float": float}


@dataclass(frozen=True)
class Step:
    """One response key of an object."""

    key: str
    field: Field | None  # None for __typename, whose value is `blank`
    args: dict
    plain: bool  # a stored scalar, so that the field's own reading can be passed over
    blank: object  # a plain value when the record has none
    exact: type | None  # the Python type that needs no serialising
    leaf: Callable[[object], object] | None  # serialises a scalar
    in_list: bool
    refers: bool  # the record holds gids of other records here
    connection: bool
    below: "Plan | None"  # of the object, or of a connection's nodes


@dataclass(frozen=True)
class Closed:
    """What the app may not see: the scopes.denied() keys, and whether protected data are hidden."""

    denied: frozenset[str]
    redact: bool


def plan_of(document: DocumentNode, context: Context) -> "Plan":
    """The plan for the query's root, made once for all operations with the same document."""
    return _plan_of(ById(document), Closed(frozenset(context.denied), context.redact))


@lru_cache(maxsize=256)
def _plan_of(document: ById, closed: Closed) -> "Plan":
    [operation] = [d for d in document.node.definitions if isinstance(d, OperationDefinitionNode)]
    known = selection.fragments(document.node)
    return Plan(closed, known, root(OperationType.QUERY), [operation.selection_set])


class Plan:
    """The steps for the objects of a type, or of each type that an abstract type may be."""

    def __init__(
        self,
        closed: Closed,
        known: selection.Fragments,
        kind: GraphQLNamedType,
        selections: list,
    ):
        self.closed, self.known, self.selections = closed, known, selections
        self._by_type: dict[str, list[Step]] = {}
        self._only = None if is_abstract_type(kind) else self._steps(kind.name)

    def steps(self, record: dict) -> list[Step]:
        if self._only is not None:
            return self._only
        typename = record["__typename"]
        if typename not in self._by_type:
            self._by_type[typename] = self._steps(typename)
        return self._by_type[typename]

    def _steps(self, typename: str) -> list[Step]:
        kind = with_fields(typename)
        asked = selection.fields(self.selections, kind, self.known)
        return [self._step(kind, key, nodes) for key, nodes in asked.items()]

    def _step(self, kind, key: str, nodes: list[FieldNode]) -> Step:
        name = nodes[0].name.value
        if name == "__typename":
            return Step(key, None, {}, False, kind.name, None, None, False, False, False, None)
        this = field(kind.name, name)
        args = get_argument_values(kind.fields[name], nodes[0])
        inner, below = get_named_type(this.type), selection.inside(nodes)
        if is_connection(inner):
            plan = self._nodes(inner, below)
            return Step(key, this, args, False, None, None, None, False, False, True, plan)
        required, nullable = isinstance(this.type, GraphQLNonNull), nullable_of(this.type)
        composite, in_list = is_composite_type(inner), isinstance(nullable, GraphQLList)
        denied = any(guard in self.closed.denied for guard in this.guarded)
        hidden = this.protected and self.closed.redact
        return Step(
            key=key,
            field=this,
            args=args,
            plain=not (composite or in_list or this.compute or denied or hidden),
            blank=default(nullable) if required else None,
            exact=EXACT.get(inner.name),
            leaf=inner.coerce_output_value if isinstance(inner, LEAF) else None,
            in_list=in_list,
            refers=composite and not this.compute,
            connection=False,
            below=Plan(self.closed, self.known, inner, below) if composite else None,
        )

    def _nodes(self, connection, selections: list) -> "Plan":
        """The plan for the nodes of a connection: `edges` and `node` are passed through."""
        edge = get_named_type(connection.fields["edges"].type)
        for kind, wanted in ((connection, "edges"), (edge, "node")):
            asked = selection.fields(selections, kind, self.known)
            chosen = [nodes for nodes in asked.values() if nodes[0].name.value == wanted]
            selections = [part for nodes in chosen for part in selection.inside(nodes)]
        return Plan(self.closed, self.known, node_type(connection), selections)
