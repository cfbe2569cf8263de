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
            yield orjson.dumps(node)
            for connection in step.connections:
                yield from _children(admin, step, connection, facts, node["id"])
        if not page["pageInfo"]["hasNextPage"]:
            return
        variables["after"] = page["pageInfo"]["endCursor"]


def _children(
    admin: Admin, step: Pass, connection: Connection, facts: dict, gid: str
) -> Iterator[bytes]:
    typename = gid.split("/")[3]
    document = documents.child_page(step, connection, typename, facts)
    variables = {"id": gid, "after": None}
    while True:
        node = admin.query(document, variables)["node"]
        if node is None:
            return
        for child in node["page"]["nodes"]:
            yield orjson.dumps({**child, "__parentId": gid})
        if not node["page"]["pageInfo"]["hasNextPage"]:
            return
        variables["after"] = node["page"]["pageInfo"]["endCursor"]
