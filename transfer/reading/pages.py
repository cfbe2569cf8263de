"""The same result lines as a bulk operation's, read page by page where bulk is refused, and the
objects that no bulk query can read."""

from collections.abc import Iterable, Iterator
from itertools import islice

import orjson

from shopify.admin import Admin
from transfer.reading import queries
from transfer.types.base import Connection, Pass

MOST_OBJECTS = 25_000
"""Shopify pages through no more: the rest is asked for anew, from an id on.

https://shopify.dev/docs/api/usage/limits
"""


def lines(
    admin: Admin,
    step: Pass,
    facts: dict,
    search: str,
    fact: dict | None = None,
    ids: Iterable[str] = (),
) -> Iterator[bytes]:
    """A pass's objects, each followed by its children with their ``__parentId``; the objects of a
    ``plain`` pass have them in lists. ``ids`` are those of a pass that is asked for ``ids``."""
    named = _named(admin, step, facts, ids) if step.ids else None
    for node in named or _nodes(admin, step, facts, search, fact):
        if step.plain:
            _fill(admin, node, step.connections, facts, node.get("id"))
            yield orjson.dumps(node)
        else:
            yield from _flat(admin, node, step.connections, facts)


def sample(
    admin: Admin, step: Pass, facts: dict, fact: dict | None = None, *, root: str = ""
) -> set[str]:
    """Dotted paths of what the app may not read in a few of the pass's objects. ``root`` is where
    those are found that have the members which a pass with ``ids`` is asked for.

    Raises AccessDenied when it may read none of them.
    """
    document = queries.root_page(step, facts, fact, queries.SAMPLE)
    variables = {"query": step.search or None} if queries.searchable(step) else {}
    if step.ids:
        variables = {"ids": _few_ids(admin, step, facts, root)}
    denied: list[list] = []
    admin.query(document, variables, denied=denied)
    return {_dotted(path) for path in denied}


def _nodes(admin: Admin, step: Pass, facts: dict, search: str, fact: dict | None) -> Iterator[dict]:
    document = queries.root_page(step, facts, fact)
    variables: dict = {} if step.single else {"after": None}
    by_id, seen = queries.by_id(step), 0
    if by_id:
        variables["query"] = search or None
    while True:
        page = _page(admin, document, variables)
        if step.single:
            yield from filter(None, [page])
            return
        if page is None:
            return
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        variables["after"] = page["pageInfo"]["endCursor"]
        seen += len(page["nodes"])
        if by_id and seen > MOST_OBJECTS - queries.LARGEST_PAGE:
            variables |= {"after": None, "query": _after(page["nodes"][-1]["id"], search)}
            seen = 0


def _named(admin: Admin, step: Pass, facts: dict, ids: Iterable[str]) -> Iterator[dict]:
    """The objects of these ids that are still there."""
    document, size = queries.root_page(step, facts), queries.ids_at_once(step, facts)
    ids = iter(ids)
    while batch := list(islice(ids, size)):
        yield from filter(None, _page(admin, document, {"ids": batch}))


def _few_ids(admin: Admin, step: Pass, facts: dict, root: str) -> list[str]:
    """Ids that a pass with ``ids`` could be asked for, of the first objects that have any."""
    owners = Pass(root, fields=f"id {step.ids} {{ id }}", search=step.search)
    document = queries.root_page(owners, facts, None, queries.SAMPLE)
    nodes = _page(admin, document, {"query": step.search})["nodes"]
    found = [member["id"] for node in nodes for member in node[step.ids]]
    return found[: queries.ids_at_once(step, facts)]


def _after(gid: str, search: str) -> str:
    """The search for what comes after this object."""
    later = f"id:>{gid.rpartition('/')[2]}"
    return f"({search}) AND {later}" if search else later


def _flat(
    admin: Admin, node: dict, connections: Iterable[Connection], facts: dict
) -> Iterator[bytes]:
    """A node as a line, then its children's."""
    gid = node["id"]
    below = [
        (c, [holder.pop(c.name) for _, holder in list(_holders(node, c.name, gid))])
        for c in connections
    ]
    yield orjson.dumps(node)
    for connection, pages in below:
        for page in pages:
            for child in _children(admin, connection, facts, gid, page, top=True):
                line = {**child, "__parentId": gid}
                if connection.connections:
                    yield from _flat(admin, line, connection.connections, facts)
                else:
                    yield orjson.dumps(line)


def _fill(
    admin: Admin, node: dict, connections: Iterable[Connection], facts: dict, gid: str
) -> None:
    """Put a list of all children in the place of each connection's first page."""
    for connection in connections:
        for owner, holder in list(_holders(node, connection.name, gid)):
            page = holder[connection.name]
            found = list(_children(admin, connection, facts, owner, page, top=owner == gid))
            for child in found:
                _fill(admin, child, connection.connections, facts, child.get("id"))
            holder[connection.name] = found


def _children(
    admin: Admin, connection: Connection, facts: dict, gid: str, page: dict, *, top: bool
) -> Iterator[dict]:
    """The children on the page that came with their object, and on those after it."""
    while page is not None:
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        document = queries.child_page(connection, gid.split("/")[3], facts, top=top)
        page = _page(admin, document, {"id": gid, "after": page["pageInfo"]["endCursor"]})


def _holders(value: object, name: str, gid: str) -> Iterator[tuple[str, dict]]:
    """What has a page of this connection, with the id of the nearest object around it."""
    if isinstance(value, list):
        for part in value:
            yield from _holders(part, name, gid)
    elif isinstance(value, dict):
        gid = value.get("id", gid)
        if isinstance(value.get(name), dict) and "pageInfo" in value[name]:
            yield gid, value
            return
        for part in value.values():
            yield from _holders(part, name, gid)


def _page(admin: Admin, document: str, variables: dict) -> dict | None:
    """The ``page`` of an answer, however deep; None when something above it is missing. What the
    app may not read is null in it."""
    return _below(admin.query(document, variables, denied=[]))


def _below(value: object) -> dict | None:
    if not isinstance(value, dict):
        return None
    if "page" in value:
        return value["page"]
    return next((found for part in value.values() if (found := _below(part)) is not None), None)


def _dotted(path: list) -> str:
    """``["page", "nodes", 0, "addresses", "nodes", 1, "zip"]`` to ``"addresses.zip"``."""
    names = [part for part in path if isinstance(part, str)]
    return ".".join(n for n in names[names.index("page") + 1 :] if n not in ("nodes", "page"))
