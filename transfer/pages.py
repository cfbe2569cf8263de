"""The same result lines as a bulk operation's, read page by page where bulk is refused."""

from collections.abc import Iterator

import orjson

from shopify.admin import Admin
from transfer import documents
from transfer.types.base import Connection, Pass


def lines(admin: Admin, step: Pass, facts: dict, search: str) -> Iterator[bytes]:
    """A pass's objects, each followed by its children with their ``__parentId``."""
    document = documents.root_page(step, facts)
    variables = {"after": None}
    if documents.searchable(step):
        variables["query"] = search or None
    while True:
        page = admin.query(document, variables)["page"]
        for node in page["nodes"]:
            children = [(c, node.pop(c.name)) for c in step.connections]
            yield orjson.dumps(node)
            for connection, first in children:
                yield from _children(admin, connection, facts, node["id"], first)
        if not page["pageInfo"]["hasNextPage"]:
            return
        variables["after"] = page["pageInfo"]["endCursor"]


def _children(
    admin: Admin, connection: Connection, facts: dict, gid: str, page: dict
) -> Iterator[bytes]:
    """The children on the page that came with their object, and on those after it."""
    document = documents.child_page(connection, gid.split("/")[3], facts)
    while True:
        for child in page["nodes"]:
            yield orjson.dumps({**child, "__parentId": gid})
        if not page["pageInfo"]["hasNextPage"]:
            return
        variables = {"id": gid, "after": page["pageInfo"]["endCursor"]}
        node = admin.query(document, variables)["node"]
        if node is None:
            return
        page = node["page"]
