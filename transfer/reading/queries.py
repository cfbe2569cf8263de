"""Queries made of a pass: one text for a bulk operation, and pages of the same fields.

In both, a node's own fields come first and ``id`` leads, so that a result line is known by its
beginning. ``fact`` is the one that a pass with ``each`` is run for.
"""

import math
import re
from bisect import bisect_right
from collections.abc import Iterable

from shopify.admin import PAGE_INFO
from transfer.types.base import Connection, DataType, Pass, Repeated, literal
from transfer.types.shop_facts import Fact, ShopFacts

LARGEST_PAGE = 250
MOST_POINTS = 900
"""What a page may cost: Shopify refuses a query of more than 1,000 points."""
FIRST_CHILDREN = (12, 7, 4)
"""How many children may come with their object: the largest numbers of each price."""
GOOD_PAGE = 100
"""A page of so many objects is worth a request more for those with many children."""
CONNECTION = 2
SAMPLE = 2
"""Objects of a sample, and children of each: the largest number that costs no more than one."""
SEARCHED_BY_ID = {"customers", "inventoryItems", "orders", "products", "productVariants"}
"""Roots that take a search in passes that are not searched otherwise."""
NOT_BY_ID = {"orders"}
"""Roots that come in another order than that of their ids unless told so."""
OWNER = re.compile(r"\bowner\b\s*[:{]")


def bulk(step: Pass, facts: ShopFacts, search: str, fact: Fact | None = None) -> str:
    """The whole of a pass as one bulk query. ``search`` is Shopify's search syntax, or ``""``."""
    query = f"query: {literal(search)}" if search else ""
    root = f"{step.root}{_brackets(_arguments(step, fact), query)}"
    return f"query {{ {step.within % f'{root} {_edges(step, facts)}'} }}"


def root_page(
    step: Pass,
    facts: ShopFacts,
    fact: Fact | None = None,
    size: int | None = None,
    children: int | None = None,
) -> str:
    """A page of ``size`` of a pass's objects with the first of their ``children``: takes ``$query``
    (when it can be read ``by_id``) and ``$after`` (unless it is ``single``), or ``$ids`` where it
    is asked for ``ids``; gives ``page``."""
    if step.single:
        return f"query {{ {step.within % f'page: {step.root} {{ {fields(step, facts)} }}'} }}"
    few, at_most = page_sizes(step, facts)
    few = children or few
    node = f"{{ {fields(step, facts)} {_pages(step.connections, few, facts)} }}"
    if step.ids:
        return f"query ($ids: [ID!]!) {{ page: {step.root}(ids: $ids) {node} }}"
    searched = by_id(step)
    arguments = _brackets(
        f"first: {size or at_most}, after: $after",
        "query: $query" if searched else "",
        "sortKey: ID" if step.root in NOT_BY_ID else "",
        _arguments(step, fact),
    )
    declared = "$query: String, " if searched else ""
    root = step.within % f"page: {step.root}{arguments} {{ nodes {node} {PAGE_INFO} }}"
    return f"query ({declared}$after: String) {{ {root} }}"


def nodes_page(step: Pass, typename: str, facts: ShopFacts) -> str:
    """The pass's objects of the ids ``$ids``, all of one GraphQL type, as ``root_page`` has them;
    gives ``page``, a list with null for an id that the store does not have."""
    few, _ = page_sizes(step, facts)
    node = f"{fields(step, facts)} {_pages(step.connections, few, facts)}"
    return f"query ($ids: [ID!]!) {{ page: nodes(ids: $ids) {{ ... on {typename} {{ {node} }} }} }}"


def child_page(
    connection: Connection,
    typename: str,
    facts: ShopFacts,
    *,
    top: bool = True,
    size: int | None = None,
) -> str:
    """A page of children: takes ``$id``, ``$after`` and, when they are ``searched``, ``$query``;
    gives ``page`` somewhere below ``node``.

    ``$id`` is of a ``typename``: with ``top`` the pass's object, so that the connection sits
    ``within`` it; else what has the connection itself.
    """
    few, at_most = page_sizes(connection, facts)
    searched = "query: $query" if connection.searched else ""
    arguments = _brackets(
        f"first: {size or at_most}, after: $after", connection.arguments, searched
    )
    own = fields(connection, facts)
    nodes = f"nodes {{ {own} {_pages(connection.connections, few, facts)} }}"
    page = f"page: {connection.name}{arguments} {{ {nodes} {PAGE_INFO} }}"
    inside = connection.within.replace("%s", page) if top else page
    if not inside.startswith("... on "):
        inside = f"... on {typename} {{ {inside} }}"
    declared = "$id: ID!, $after: String" + (", $query: String" if searched else "")
    return f"query ({declared}) {{ node(id: $id) {{ {inside} }} }}"


def page_sizes(part: Pass | Connection, facts: ShopFacts) -> tuple[int, int]:
    """How many first children, and how many nodes a page may start with, by what queries are
    expected to cost. What comes back tells the true cost."""
    listed = isinstance(part, Pass) and bool(part.ids)
    for few in FIRST_CHILDREN:
        node = _node_cost(part, few, facts)
        if _cost(node, GOOD_PAGE) <= MOST_POINTS:
            break
    sizes = range(1, LARGEST_PAGE + 1)
    within = bisect_right(sizes, MOST_POINTS, key=lambda size: _cost(node, size, listed=listed))
    return few, max(within, 1)


def counting(data_type: DataType) -> str:
    """The query that counts a type's objects, as ``count { count }``; takes ``$query`` if it can be
    searched. Empty where Shopify cannot count them."""
    field = (
        data_type.count
        if "(" in data_type.count
        else f"{data_type.count}(query: $query, limit: null)"
    )
    declared = "($query: String)" if "$query" in field else ""
    return f"query {declared} {{ count: {field} {{ count }} }}" if data_type.count else ""


def searchable(step: Pass) -> bool:
    """Whether a search goes with this pass: the type's filters, or its own ``search``."""
    return bool(step.search) or (step.attach is None and step.searched)


def by_id(step: Pass) -> bool:
    """Whether the objects after an id can be asked for: ``$query`` then takes ``id:>`` too."""
    return searchable(step) or step.root in SEARCHED_BY_ID


def heads(step: Pass) -> Pass | Connection | None:
    """The part of a further pass whose nodes name their ``owner`` and have connections, the lines
    of which are scattered."""
    parts: tuple[Pass | Connection, ...] = () if step.plain else (step, *step.connections)
    return next((part for part in parts if part.connections and OWNER.search(part.fields)), None)


def fields(part: Pass | Connection, facts: ShopFacts) -> str:
    """The fields of a node, those repeated for each fact included."""
    repeated = (_repeated(r, facts) for r in part.repeated)
    return " ".join(filter(None, (" ".join(part.fields.split()), *repeated)))


def _edges(part: Pass | Connection, facts: ShopFacts) -> str:
    children = " ".join(
        c.within.replace("%s", f"{c.name}{_brackets(c.arguments)} {_edges(c, facts)}")
        for c in part.connections
    )
    return f"{{ edges {{ node {{ {fields(part, facts)} {children} }} }} }}"


def _pages(connections: Iterable[Connection], few: int, facts: ShopFacts) -> str:
    """The first children of each connection, and one of theirs."""
    return " ".join(
        c.within.replace(
            "%s",
            f"{c.name}{_brackets(f'first: {few}', c.arguments)} "
            f"{{ nodes {{ {fields(c, facts)} {_pages(c.connections, 1, facts)} }} {PAGE_INFO} }}",
        )
        for c in connections
    )


def _cost(node: int, size: int, *, listed: bool = False) -> int:
    """What a page of so many nodes costs; those of a list of ids cost their number."""
    return size * node if listed else CONNECTION + _multiplier(size) * node


def _node_cost(part: Pass | Connection, few: int, facts: ShopFacts) -> int:
    """A point for the node, one for each object within it, and its connections, whose nodes have
    one child each at most."""
    below = sum(
        c.within.count("%s") * _cost(_node_cost(c, 1, facts), few) for c in part.connections
    )
    own = fields(part, facts)
    return 1 + own.count("{") - own.count("... on ") + below


def _multiplier(size: int) -> int:
    """A page of a connection costs so many of its nodes: a fit to what Shopify answers (1 for 2,
    2 for 3, 11 for 250), by no means its promise.

    https://shopify.dev/docs/api/usage/limits
    """
    return max(1, math.floor(2 * math.log(size)))


def _arguments(step: Pass, fact: Fact | None) -> str:
    return step.arguments if isinstance(step.arguments, str) else step.arguments(fact)


def _repeated(repeated: Repeated, facts: ShopFacts) -> str:
    return " ".join(filter(None, map(repeated.field, facts.named(repeated.facts))))


def _brackets(*arguments: str) -> str:
    given = ", ".join(filter(None, arguments))
    return f"({given})" if given else ""
