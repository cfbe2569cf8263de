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
from dataclasses import dataclass
from typing import Any

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
from standin.schema import is_connection, root, typenames, with_fields

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
        kind = root(self.operation.operation)
        if self.operation.operation is OperationType.MUTATION:
            top = selection.fields([self.operation.selection_set], kind, self.known, self.values)
            return sum(self._mutation(kind, nodes[0]) for nodes in top.values())
        return self._object(kind, [self.operation.selection_set], data)

    def _mutation(self, kind, node: FieldNode) -> int:
        name = node.name.value
        if name.startswith("__"):
            return 0
        carried = CARRYING.get(name)
        given = get_argument_values(kind.fields[name], node, self.values) if carried else {}
        return MUTATION + (math.floor(round(carried(given), 6)) if carried else 0)

    def _object(self, kind, selections, data) -> int:
        if not is_abstract_type(kind):
            return self._fields(kind, selections, data)
        possible = [with_fields(name) for name in typenames(kind.name)]
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
            return multiplier(size or 0) * (1 + self._object(kind, selections, None))
        costs = [1 + self._object(kind, selections, item) for item in items if item]
        return multiplier(len(costs)) * max(costs, default=0)
