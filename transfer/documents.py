"""Queries made of a pass: one text for a bulk operation, and pages of the same fields.

In both, a node's own fields come first and ``id`` leads, so that a result line is known by its
beginning.
"""

import orjson

from transfer.types.base import Connection, Pass, Repeated

LARGEST_PAGE = 250
MOST_POINTS = 900
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
    """A page of a pass's root objects: takes ``$query``, ``$after``; gives ``page``."""
    search = ", query: $query" if searchable(step) else ""
    declared = "$query: String, " if search else ""
    node = fields(step, facts)
    return (
        f"query ({declared}$after: String) {{ "
        f"page: {step.root}(first: {_page_size(node)}, after: $after{search}) "
        f"{{ nodes {{ {node} }} {PAGE} }} }}"
    )


def child_page(step: Pass, connection: Connection, typename: str, facts: dict) -> str:
    """A page of one object's children: takes ``$id``, ``$after``; gives ``node { page }``."""
    node = fields(connection, facts)
    paging = f"first: {_page_size(node)}, after: $after"
    arguments = ", ".join(filter(None, (paging, connection.arguments)))
    return (
        f"query ($id: ID!, $after: String) {{ node(id: $id) {{ ... on {typename} {{ "
        f"page: {connection.name}({arguments}) "
        f"{{ nodes {{ {node} }} {PAGE} }} }} }} }}"
    )


def searchable(step: Pass) -> bool:
    """Whether the filters of the type go to this pass: the first one, which has no ``attach``."""
    return step.attach is None


def fields(part: Pass | Connection, facts: dict) -> str:
    """The fields of a node, those repeated for each fact included."""
    repeated = (_repeated(r, facts) for r in part.repeated)
    return " ".join(filter(None, (" ".join(part.fields.split()), *repeated)))


def _page_size(node: str) -> int:
    """As many nodes as one query may cost: each object within a node costs a point."""
    return max(1, min(LARGEST_PAGE, MOST_POINTS // (1 + node.count("{"))))


def _repeated(repeated: Repeated, facts: dict) -> str:
    return " ".join(filter(None, map(repeated.field, facts[repeated.facts])))


def _arguments(text: str) -> str:
    return f"({text})" if text else ""
