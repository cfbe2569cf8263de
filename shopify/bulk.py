"""Bulk operations: Shopify's machines read the store; we start, watch and stream the result.

A bulk query has no identifier of the caller's own, so the query text carries a comment
(``marker``) by which the same operation is found again after a crash.
"""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx

from shopify.admin import AccessDenied, Admin

RUNNING = frozenset({"CREATED", "RUNNING", "CANCELING"})
TRIES_WITHOUT_PROGRESS = 5

FIELDS = "id status errorCode objectCount rootObjectCount fileSize url query"
RUN = f"""mutation ($query: String!) {{
  bulkOperationRunQuery(query: $query, groupObjects: false) {{
    bulkOperation {{ {FIELDS} }}
    userErrors {{ field message code }}
  }}
}}"""
LOOK = f"query ($id: ID!) {{ bulkOperation(id: $id) {{ {FIELDS} }} }}"
FIND = f"""query ($query: String!, $after: String) {{
  bulkOperations(first: 50, query: $query, after: $after) {{
    nodes {{ {FIELDS} }} pageInfo {{ hasNextPage endCursor }}
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


def start(admin: Admin, query: str, marker: str) -> dict:
    """Start a bulk query and return its operation (FIELDS). ``marker`` is a word of its own."""
    try:
        answer = admin.query(RUN, {"query": f"# {marker}\n{query}"})["bulkOperationRunQuery"]
    except AccessDenied as error:
        raise BulkRefused(str(error)) from error
    if errors := answer["userErrors"]:
        words = "; ".join(e["message"] for e in errors)
        codes = {e["code"] for e in errors}
        raise (BulkBusy if codes & {"LIMIT_REACHED", "OPERATION_IN_PROGRESS"} else BulkRefused)(
            words
        )
    return answer["bulkOperation"]


def find(admin: Admin, marker: str, since: datetime) -> dict | None:
    """The operation that was started with this marker after ``since``, or None."""
    moment = (since - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    variables = {"query": f"operation_type:query created_at:>='{moment}'", "after": None}
    line = f"# {marker}\n"
    while True:
        page = admin.query(FIND, variables)["bulkOperations"]
        for operation in page["nodes"]:
            if operation["query"].startswith(line) and operation["status"] not in (
                "CANCELED",
                "FAILED",
                "EXPIRED",
            ):
                return operation
        if not page["pageInfo"]["hasNextPage"]:
            return None
        variables["after"] = page["pageInfo"]["endCursor"]


def look(admin: Admin, operation_id: str) -> dict:
    """The operation as it is now (FIELDS), or raise ResultGone when Shopify forgot it."""
    operation = admin.query(LOOK, {"id": operation_id})["bulkOperation"]
    if operation is None:
        raise ResultGone("Shopify no longer knows this export. Start a new one.")
    return operation


def cancel(admin: Admin, operation_id: str) -> None:
    """Ask Shopify to stop the operation; one that is over already stays as it is."""
    admin.query(CANCEL, {"id": operation_id})


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
    with httpx.Client(timeout=httpx.Timeout(60.0, connect=10.0)) as http:
        while done < size:
            before = done
            try:
                for chunk in _from(http, url, done):
                    done += len(chunk)
                    yield chunk
            except httpx.TransportError:
                pass
            tries = 0 if done > before else tries + 1
            if tries == TRIES_WITHOUT_PROGRESS:
                raise ResultGone("Shopify's result file could not be read to its end.")
            if done < size:
                time.sleep(0.1 * 2**tries)


def _from(http: httpx.Client, url: str, offset: int) -> Iterator[bytes]:
    """The file's bytes from ``offset`` on, whether or not the server knows ranges.

    Chunks are those of the network: collecting them would lose what came before a cut.
    """
    headers = {"Accept-Encoding": "identity"}
    if offset:
        headers["Range"] = f"bytes={offset}-"
    with http.stream("GET", url, headers=headers, follow_redirects=True) as response:
        if response.status_code >= 500 or response.status_code == 429:
            return
        if response.status_code not in (200, 206):
            raise ResultGone("Shopify no longer keeps this result. Start a new export.")
        skip = offset if response.status_code == 200 else 0
        for chunk in response.iter_bytes():
            if skip >= len(chunk):
                skip -= len(chunk)
                continue
            yield chunk[skip:] if skip else chunk
            skip = 0
