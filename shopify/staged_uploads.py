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
class Upload:
    """Where a file is now: ``url`` is what mutations take as a source, ``key`` its path."""

    url: str
    key: str


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
    asked = {
        "resource": resource,
        "filename": filename,
        "mimeType": mime_type,
        "httpMethod": "POST",
        **({"fileSize": str(size)} if size is not None else {}),
    }
    answer = admin.query(STAGE, {"input": [asked]})["stagedUploadsCreate"]
    if errors := answer["userErrors"]:
        raise NotTaken("; ".join(error["message"] for error in errors))
    [target] = answer["stagedTargets"]
    fields: dict[str, str] = {one["name"]: one["value"] for one in target["parameters"]}
    try:
        response = httpx.post(
            target["url"],
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
    return Upload(target["resourceUrl"] or "", fields["key"])
