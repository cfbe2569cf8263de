"""Queries made of a pass: one text for a bulk operation, and pages of the same fields.

In both, a node's own fields come first and ``id`` leads, so that a result line is known by its
beginning.
"""

import orjson

from transfer.types.base import Connection, Pass, Repeated

LARGEST_PAGE = 250
MOST_POINTS = 900
FIRST_CHILDREN = 10
PAGE = "pageInfo { hasNextPage endCursor }"


def literal(text: str) -> str:
    """A GraphQL string literal."""
    return orjson.dumps(text).decode()


def bulk(step: Pass, facts: dict, search: str) -> str:
    """The whole of a pass as one bulk query. ``search`` is Shopify's search syntax, or ``""``."""
    children = " ".join(
        f"{c.name}{_arguments(c.arguments)} {{ edges {{ node {{ {fields(c, facts)} }} }} }}"
        for c in step.connections
    )
    arguments = f"query: {literal(search)}" if search else ""
    node = f"{fields(step, facts)} {children}"
    return f"query {{ {step.root}{_arguments(arguments)} {{ edges {{ node {{ {node} }} }} }} }}"


def root_page(step: Pass, facts: dict) -> str:
    """A page of a pass's objects with the first of their children: takes ``$query`` (when the
    pass is ``searchable``) and ``$after``; gives ``page``."""
    own = fields(step, facts)
    children = [(c, fields(c, facts)) for c in step.connections]
    per_child = sum(map(_points, (node for _, node in children)))
    few = max(1, min(FIRST_CHILDREN, (MOST_POINTS - _points(own)) // max(1, per_child)))
    size = _page_size(_points(own) + few * per_child)
    nested = " ".join(
        f"{c.name}({_paging(few, c.arguments)}) {{ nodes {{ {node} }} {PAGE} }}"
        for c, node in children
    )
    searched = searchable(step)
    declared = "$query: String, " if searched else ""
    arguments = _paging(size, "after: $after, query: $query" if searched else "after: $after")
    return (
        f"query ({declared}$after: String) {{ page: {step.root}({arguments}) "
        f"{{ nodes {{ {own} {nested} }} {PAGE} }} }}"
    )


def child_page(connection: Connection, typename: str, facts: dict) -> str:
    """A page of one object's children: takes ``$id``, ``$after``; gives ``node { page }``."""
    node = fields(connection, facts)
    arguments = ", ".join(filter(None, ("after: $after", connection.arguments)))
    arguments = _paging(_page_size(_points(node)), arguments)
    return (
        f"query ($id: ID!, $after: String) {{ node(id: $id) {{ ... on {typename} {{ "
        f"page: {connection.name}({arguments}) {{ nodes {{ {node} }} {PAGE} }} }} }} }}"
    )


def searchable(step: Pass) -> bool:
    """Whether the filters of the type go to this pass: the first one, which has no ``attach``."""
    return step.attach is None


def fields(part: Pass | Connection, facts: dict) -> str:
    """The fields of a node, those repeated for each fact included."""
    repeated = (_repeated(r, facts) for r in part.repeated)
    return " ".join(filter(None, (" ".join(part.fields.split()), *repeated)))


def _points(node: str) -> int:
    """What a node costs: one point, and one for each object within it."""
    return 1 + node.count("{")


def _page_size(points: int) -> int:
    """As many nodes of this cost as one query may ask."""
    return max(1, min(LARGEST_PAGE, MOST_POINTS // points))


def _paging(first: int, arguments: str) -> str:
    return f"first: {first}, {arguments}" if arguments else f"first: {first}"


def _repeated(repeated: Repeated, facts: dict) -> str:
    return " ".join(filter(None, map(repeated.field, facts[repeated.facts])))


def _arguments(text: str) -> str:
    return f"({text})" if text else ""
