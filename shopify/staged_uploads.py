"""Staged uploads: a file of ours goes to Shopify's storage before a mutation takes it.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/stagedUploadsCreate
"""

from dataclasses import dataclass
from typing import BinaryIO

import httpx

from shopify.admin import Admin, ShopifyUnavailable
from shopify.tls import certificates

TIMEOUT = httpx.Timeout(60.0, connect=10.0)
STAGE = """mutation ($input: [StagedUploadInput!]!) {
  stagedUploadsCreate(input: $input) {
    stagedTargets { url resourceUrl parameters { name value } }
    userErrors { field message }
  }
}"""


class NotTaken(Exception):
    """Shopify does not take the file; the sentence says why."""


@dataclass(frozen=True)
class Target:
    """Where a file may be sent: its fields go before it in a form. ``source`` is what mutations
    take then; ``problem`` is why Shopify does not take the file, and nothing else is there."""

    url: str = ""
    source: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Upload:
    """Where a file is now: ``url`` is what mutations take as a source, ``key`` its path."""

    url: str
    key: str


def target_input(resource: str, filename: str, mime_type: str, size: int | None) -> dict[str, str]:
    """The input that asks for a target for a file."""
    made = {"resource": resource, "filename": filename, "mimeType": mime_type}
    made["httpMethod"] = "POST"
    return made | ({"fileSize": str(size)} if size is not None else {})


def targets(admin: Admin, inputs: list[dict[str, str]]) -> list[Target]:
    """A target for each ``target_input``."""
    answer = admin.query(STAGE, {"input": inputs})["stagedUploadsCreate"]
    problems: dict[int, str] = {}
    for error in answer["userErrors"]:
        place = [part for part in error["field"] or () if part.isdecimal()]
        problems.setdefault(int(place[0]) if place else 0, error["message"])
    return [
        Target(problem=problems[number])
        if number in problems
        else Target(
            one["url"],
            one["resourceUrl"] or "",
            tuple((field["name"], field["value"]) for field in one["parameters"]),
        )
        for number, one in enumerate(answer["stagedTargets"])
    ]


def upload(
    admin: Admin,
    file: BinaryIO,
    *,
    resource: str,
    filename: str,
    mime_type: str,
    size: int | None = None,
) -> Upload:
    """Upload a file, of which videos and 3D models must say the ``size``; or NotTaken."""
    [target] = targets(admin, [target_input(resource, filename, mime_type, size)])
    if target.problem:
        raise NotTaken(target.problem)
    fields = dict(target.fields)
    try:
        response = httpx.post(
            target.url,
            data=fields,
            files={"file": (filename, file, mime_type)},
            timeout=TIMEOUT,
            verify=certificates(),
        )
    except httpx.RequestError as error:
        raise ShopifyUnavailable("Shopify's file storage is not responding.") from error
    if response.status_code == 429 or response.status_code >= 500:
        raise ShopifyUnavailable(f"Shopify's storage answered {response.status_code}.")
    if not response.is_success:
        raise NotTaken(f"Shopify's storage did not take the file: {response.status_code}.")
    return Upload(target.source, fields["key"])
