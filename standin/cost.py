"""What a query or mutation costs, by what is known of Shopify's rules.

An object is 1 point, a scalar nothing, an abstract type as much as its dearest. A connection is 2
and its node's cost times ``multiplier(first)``, which grows with the logarithm of the page size: a
fit to what Shopify answers. Mutations cost 10; those of products also by what they carry.

Requested cost takes pages as full as they were asked for, actual cost as they came back. A list has
as many objects as `first` or `ids` ask for; one whose size nobody asks for is one object, its
dearest, both times. So no query costs more than it asked for.
https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLNamedType,
    GraphQLObjectType,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)
from graphql.execution.values import VariableValues, get_argument_values

from standin import selection
from standin.schema import WithFields, is_connection, root, typenames, with_fields
from standin.selection import ById

MUTATION = 10
CONNECTION = 2
VARIANT, FILE, METAFIELD, VARIANT_FILE = 0.2, 1.9, 0.4, 0.6
"""Points for each of them that a mutation of products carries.

https://shopify.dev/changelog/dynamic-complexity-cost-for-product-mutations
"""


def multiplier(size: int) -> int:
    """How many nodes' cost a connection's page of this size costs: 1, 1, 2 ... 11 for 250."""
    return max(1, math.floor(2 * math.log(size))) if size > 0 else 0


def _product_set(given: dict[str, Any]) -> float:
    product = given.get("input") or {}
    return _carried(product.get("variants"), product.get("metafields"), product.get("files"))


def _variants(given: dict[str, Any]) -> float:
    return _carried(given.get("variants"), None, given.get("media"))


def _product(given: dict[str, Any]) -> float:
    product = given.get("product") or given.get("input") or {}
    return _carried(None, product.get("metafields"), given.get("media"))


def _carried(variants: list | None, metafields: list | None, files: list | None) -> float:
    """Points for variants with their files and metafields, a product's metafields and files."""
    points = METAFIELD * len(metafields or ()) + FILE * len(files or ())
    for variant in variants or ():
        media = variant.get("mediaId") or variant.get("mediaSrc") or variant.get("file")
        points += VARIANT + METAFIELD * len(variant.get("metafields") or ())
        points += VARIANT_FILE * (len(media) if isinstance(media, list) else bool(media))
    return points


CARRYING = {
    "productSet": _product_set,
    "productCreate": _product,
    "productUpdate": _product,
    "productVariantsBulkCreate": _variants,
    "productVariantsBulkUpdate": _variants,
}
"""The mutations whose price depends on their arguments."""


@dataclass(frozen=True)
class _Part:
    """A field that asks for objects, with what its arguments say of their number."""

    key: str
    name: str
    kind: GraphQLNamedType
    below: tuple[SelectionSetNode, ...]
    counted: Literal["one", "list", "connection"]
    size: int | None = None


Data = Any
"""What was returned for a field; None where it is not known, or null."""


def _identity(part: _Part) -> tuple[str | int | None, ...]:
    """What tells a part from another; nodes of a document are compared by their place."""
    return (part.key, part.kind.name, part.size, *map(id, part.below))


Sizes = tuple[tuple[str, bool | int | None], ...]
"""All that a plan depends on in the variables: switches, numbers and the lengths of lists."""


@dataclass
class _Known:
    """What was worked out before for the same document, operation and sizes."""

    plans: dict[tuple[str, tuple[int, ...]], list[list[_Part]]] = field(default_factory=dict)
    requested: int | None = None  # of a query, which has no other price for other values


@lru_cache(maxsize=1024)
def _known(document: ById, operation: ById, sizes: Sizes) -> _Known:
    return _Known()


def _sizes(values: VariableValues) -> Sizes:
    found = values.coerced.items()
    listed = [(name, len(one) if isinstance(one, list) else one) for name, one in found]
    return tuple((name, one if isinstance(one, int) else None) for name, one in listed)


class Pricing:
    """The price of one operation. What its selections ask for is worked out once, not for each
    object that comes back, and not for each call with the same text."""

    def __init__(
        self, document: DocumentNode, operation: OperationDefinitionNode, values: VariableValues
    ):
        self._operation, self._values = operation, values
        self._fragments = selection.fragments(document)
        self._known = _known(ById(document), ById(operation), _sizes(values))

    def requested(self) -> int:
        if self._operation.operation is OperationType.MUTATION:
            return self._total(None)
        if self._known.requested is None:
            self._known.requested = self._total(None)
        return self._known.requested

    def actual(self, data: dict[str, Any] | None) -> int:
        return self._total(data or {})

    def _total(self, data: dict[str, Any] | None) -> int:
        """With data, what was really returned is counted."""
        kind = root(self._operation.operation)
        if self._operation.operation is OperationType.MUTATION:
            top = self._selected_fields(kind, [self._operation.selection_set])
            return sum(self._mutation(kind, nodes[0]) for nodes in top.values())
        return self._object(kind, [self._operation.selection_set], data)

    def _mutation(self, kind: GraphQLObjectType, node: FieldNode) -> int:
        name = node.name.value
        if name.startswith("__"):
            return 0
        carried = CARRYING.get(name)
        given = get_argument_values(kind.fields[name], node, self._values) if carried else {}
        return MUTATION + (math.floor(round(carried(given), 6)) if carried else 0)

    def _object(
        self, kind: GraphQLNamedType, selections: Sequence[SelectionSetNode], data: Data
    ) -> int:
        """What is asked of one object; of an abstract type, what is asked of its dearest."""
        plans = self._plan(kind, selections)
        if data is None:
            return max(sum(self._part(part, None) for part in plan) for plan in plans)
        return max(
            sum(self._part(part, got) for part in plan if (got := data.get(part.key)) is not None)
            for plan in plans
        )

    def _part(self, part: _Part, data: Data) -> int:
        if part.counted == "connection":
            return self._connection(part, data)
        if part.counted == "one":
            return 1 + self._object(part.kind, part.below, data)
        if data is None:
            size = 1 if part.size is None else part.size
            return size * (1 + self._object(part.kind, part.below, None))
        costs = [1 + self._object(part.kind, part.below, item) for item in data if item]
        return max(costs, default=0) if part.size is None else sum(costs)

    def _connection(self, part: _Part, data: Data) -> int:
        """A connection's nodes, whether asked for directly or in its edges; its other fields are
        free."""
        [plan] = self._plan(part.kind, part.below)
        total = CONNECTION
        for nodes in plan:
            if nodes.name == "edges":
                [edge] = self._plan(nodes.kind, nodes.below)
                edges = None if data is None else [one for one in data.get(nodes.key) or [] if one]
                for node in edge:
                    items = None if edges is None else [one.get(node.key) for one in edges]
                    total += self._items(node, part.size, items) if node.name == "node" else 0
            elif nodes.name == "nodes":
                items = None if data is None else data.get(nodes.key) or []
                total += self._items(nodes, part.size, items)
        return total

    def _items(self, node: _Part, size: int | None, items: list[Data] | None) -> int:
        if items is None:
            return multiplier(size or 0) * (1 + self._object(node.kind, node.below, None))
        costs = [1 + self._object(node.kind, node.below, item) for item in items if item]
        return multiplier(len(costs)) * max(costs, default=0)

    def _plan(
        self, kind: GraphQLNamedType, selections: Sequence[SelectionSetNode]
    ) -> list[list[_Part]]:
        """The parts that are asked of an object of this type; of an abstract type, all that its
        types are asked for differently."""
        key = (kind.name, tuple(map(id, selections)))
        if key not in self._known.plans:
            plans = (self._parts(with_fields(name), selections) for name in typenames(kind.name))
            different = {tuple(map(_identity, plan)): plan for plan in plans}
            self._known.plans[key] = list(different.values())
        return self._known.plans[key]

    def _parts(self, kind: WithFields, selections: Sequence[SelectionSetNode]) -> list[_Part]:
        found = []
        for key, nodes in self._selected_fields(kind, selections).items():
            if (name := nodes[0].name.value).startswith("__"):
                continue
            field = kind.fields[name]
            inner = get_named_type(field.type)
            if not is_composite_type(inner):
                continue
            below = tuple(selection.inside(nodes))
            if is_connection(inner):
                args = get_argument_values(field, nodes[0], self._values)
                size = args.get("last") if args.get("first") is None else args["first"]
                found.append(_Part(key, name, inner, below, "connection", size))
            elif is_list_type(get_nullable_type(field.type)):
                args = get_argument_values(field, nodes[0], self._values)
                size = len(args["ids"]) if "ids" in args else args.get("first")
                found.append(_Part(key, name, inner, below, "list", size))
            else:
                found.append(_Part(key, name, inner, below, "one"))
        return found

    def _selected_fields(
        self, kind: GraphQLNamedType, selections: Sequence[SelectionSetNode]
    ) -> dict[str, list[FieldNode]]:
        return selection.fields(selections, kind, self._fragments, self._values)
