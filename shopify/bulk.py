"""Bulk operations: Shopify's machines read or change the store; we start, watch and stream.

An operation is found again after a crash by a ``marker``, a word of the caller's own of 10 to 255
characters. A mutation takes it as its ``clientIdentifier``; but no field gives that back and
queries have none, so the text of both begins with it as a comment.
https://shopify.dev/docs/api/usage/bulk-operations/queries and .../imports
"""

import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, BinaryIO

import httpx

from shopify import connections, staged_uploads
from shopify.admin import PAGE_INFO, AccessDenied, Admin

RUNNING = frozenset({"CREATED", "RUNNING", "CANCELING"})
WITHOUT_RESULT = frozenset({"CANCELED", "FAILED", "EXPIRED"})
TRIES_WITHOUT_PROGRESS = 5
KEPT = timedelta(days=7)
"""How long after its end Shopify keeps an operation's result."""
FORGOTTEN = "Shopify no longer knows this export. Start a new one."
AT_ONCE = 200
"""Operations that are asked for in one call."""
CLOCKS = timedelta(hours=1)
"""How far our clock and Shopify's may be apart."""
TIMEOUT = httpx.Timeout(60.0, connect=10.0)

STATE = """id status createdAt completedAt errorCode objectCount rootObjectCount fileSize url
  partialDataUrl"""
FIELDS = f"{STATE} query"
RUN = f"""mutation ($query: String!) {{
  bulkOperationRunQuery(query: $query, groupObjects: false) {{
    bulkOperation {{ {FIELDS} }}
    userErrors {{ field message code }}
  }}
}}"""
RUN_MUTATION = f"""mutation ($mutation: String!, $path: String!, $marker: String!) {{
  bulkOperationRunMutation(
    mutation: $mutation, stagedUploadPath: $path, clientIdentifier: $marker
  ) {{
    bulkOperation {{ {FIELDS} }}
    userErrors {{ field message code }}
  }}
}}"""
POLL = f"query ($id: ID!) {{ bulkOperation(id: $id) {{ {FIELDS} }} }}"
POLL_ALL = f"""query ($ids: [ID!]!) {{
  nodes(ids: $ids) {{ ... on BulkOperation {{ {STATE} }} }}
}}"""
FIND = f"""query ($query: String!, $after: String) {{
  bulkOperations(first: 50, query: $query, after: $after) {{
    nodes {{ {FIELDS} }} {PAGE_INFO}
  }}
}}"""
CANCEL = """mutation ($id: ID!) {
  bulkOperationCancel(id: $id) { bulkOperation { id status } userErrors { field message } }
}"""


class BulkRefused(Exception):
    """The app may not run this as a bulk operation. Paginated queries give the same objects."""


class BulkBusy(Exception):
    """As many bulk operations as Shopify allows run already. Wait, then start again."""


class ResultGone(Exception):
    """Shopify no longer keeps this result, or it cannot be read."""


class ResultIncomplete(ResultGone):
    """Shopify's result holds less than Shopify says that there is."""


def start(admin: Admin, query: str, marker: str) -> dict[str, Any]:
    """Start a bulk query and return its operation (FIELDS), or raise BulkBusy or BulkRefused."""
    return _started(admin, RUN, {"query": _marked(query, marker)}, "bulkOperationRunQuery")


def start_mutation(admin: Admin, mutation: str, path: str, marker: str) -> dict[str, Any]:
    """Start a mutation for each line of an uploaded file and return its operation (FIELDS).

    Raises BulkBusy or BulkRefused. Lines are not taken in their order, and COMPLETED does not mean
    that each succeeded: the result has a line for each, with its ``__lineNumber``.
    """
    variables = {"mutation": _marked(mutation, marker), "path": path, "marker": marker}
    return _started(admin, RUN_MUTATION, variables, "bulkOperationRunMutation")


def upload(admin: Admin, lines: BinaryIO) -> str:
    """Upload a file of variables, a JSON object a line, at most 100 MB; its path for a mutation.

    Start soon and change nothing meanwhile: the file is checked again when it runs.
    """
    try:
        staged = staged_uploads.upload(
            admin,
            lines,
            resource="BULK_MUTATION_VARIABLES",
            filename="variables.jsonl",
            mime_type="text/jsonl",
        )
    except staged_uploads.NotTaken as error:
        raise BulkRefused(str(error)) from error
    return staged.key


def _marked(text: str, marker: str) -> str:
    return f"# {marker}\n{text}"


def _started(admin: Admin, document: str, variables: dict[str, Any], name: str) -> dict[str, Any]:
    try:
        answer = admin.query(document, variables)[name]
    except AccessDenied as error:
        raise BulkRefused(str(error)) from error
    if errors := answer["userErrors"]:
        busy = {e["code"] for e in errors} & {"LIMIT_REACHED", "OPERATION_IN_PROGRESS"}
        raise (BulkBusy if busy else BulkRefused)("; ".join(e["message"] for e in errors))
    operation: dict[str, Any] = answer["bulkOperation"]
    return operation


def find(admin: Admin, marker: str, since: datetime, kind: str = "query") -> dict[str, Any] | None:
    """The ``query`` or ``mutation`` that was started with this marker after ``since``, or None."""
    return find_all(admin, [marker], since, kind).get(marker)


def find_all(
    admin: Admin, markers: Iterable[str], since: datetime, kind: str = "query"
) -> dict[str, dict[str, Any]]:
    """By marker the operations that were started with any of these after ``since``."""
    earliest = (since - CLOCKS).strftime("%Y-%m-%dT%H:%M:%SZ")
    query = f"operation_type:{kind} created_at:>='{earliest}'"
    by_line = {_marked("", marker): marker for marker in markers}
    found: dict[str, dict[str, Any]] = {}
    for operation in admin.nodes(FIND, "bulkOperations", query=query):
        marker = by_line.get(operation["query"].partition("\n")[0] + "\n")
        if marker and marker not in found and operation["status"] not in WITHOUT_RESULT:
            found[marker] = operation
            if len(found) == len(by_line):
                break
    return found


def poll(admin: Admin, operation_id: str) -> dict[str, Any]:
    """The operation as it is now (FIELDS), or raise ResultGone when Shopify forgot it."""
    operation: dict[str, Any] | None = admin.query(POLL, {"id": operation_id})["bulkOperation"]
    if operation is None:
        raise ResultGone(FORGOTTEN)
    return operation


def poll_all(admin: Admin, operation_ids: list[str]) -> dict[str, dict[str, Any]]:
    """The operations as they are now (STATE) by their ids, or raise ResultGone."""
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(operation_ids), AT_ONCE):
        ids = operation_ids[start : start + AT_ONCE]
        nodes = admin.query(POLL_ALL, {"ids": ids})["nodes"]
        if not all(nodes):
            raise ResultGone(FORGOTTEN)
        found |= dict(zip(ids, nodes, strict=True))
    return found


def cancel(admin: Admin, operation_id: str) -> None:
    """Ask Shopify to stop the operation; one that is over already stays as it is."""
    admin.query(CANCEL, {"id": operation_id})


def result(operation: dict[str, Any]) -> Iterator[bytes]:
    """The lines of a completed query's result, or raise ResultIncomplete at their end when they are
    not as many as Shopify counted."""
    count = 0
    if operation["url"]:
        for line in lines(operation["url"], int(operation["fileSize"])):
            count += 1
            yield line
    if count != int(operation["objectCount"]):
        raise ResultIncomplete(
            f"Shopify gave {count:,} of {int(operation['objectCount']):,} records and said that it "
            "was done. Start a new export."
        )


def lines(url: str, size: int) -> Iterator[bytes]:
    """The result's lines without their line ends, ``size`` bytes in all; resumes after a cut."""
    rest = b""
    for chunk in _chunks(url, size):
        parts = (rest + chunk).split(b"\n")
        rest = parts.pop()
        yield from parts
    if rest:
        yield rest


def _chunks(url: str, size: int) -> Iterator[bytes]:
    done, tries = 0, 0
    while done < size:
        before = done
        try:
            for chunk in _from(url, done):
                done += len(chunk)
                yield chunk
        except httpx.RequestError:
            pass
        tries = 0 if done > before else tries + 1
        if tries == TRIES_WITHOUT_PROGRESS:
            raise ResultGone("Shopify's result file could not be read completely.")
        if done < size:
            time.sleep(0.1 * 2**tries)


def _from(url: str, offset: int) -> Iterator[bytes]:
    """The file's bytes from ``offset`` on, whether or not the server knows ranges.

    Chunks are those of the network: collecting them would lose what came before a cut.
    """
    headers = {"Accept-Encoding": "identity"}
    if offset:
        headers["Range"] = f"bytes={offset}-"
    stream = connections.client().stream
    with stream("GET", url, headers=headers, follow_redirects=True, timeout=TIMEOUT) as response:
        if response.status_code >= 500 or response.status_code == 429:
            return
        if response.status_code not in (200, 206):
            raise ResultGone("Shopify no longer has this result. Start a new export.")
        skip = offset if response.status_code == 200 else 0
        for chunk in response.iter_bytes():
            if skip >= len(chunk):
                skip -= len(chunk)
                continue
            yield chunk[skip:] if skip else chunk
            skip = 0
