"""stagedUploadsCreate: where a file may be uploaded, and with which parameters."""

import base64
import re
import secrets
import time
from urllib.parse import quote

import orjson

from standin.context import Context
from standin.uploaded import sign

MEGABYTE = 1_000_000
LIMITS = {"BULK_MUTATION_VARIABLES": 100 * MEGABYTE, "VIDEO": 1000 * MEGABYTE}
LIMITS["MODEL_3D"] = 500 * MEGABYTE
LIMIT = 20 * MEGABYTE
VALID = 24 * 3600
"""Seconds for which a target may be used."""
SIZE_NEEDED = ("VIDEO", "MODEL_3D")


def create(context: Context, args: dict) -> dict:
    targets: list[dict] = []
    found: list[dict] = []
    for index, given in enumerate(args["input"]):
        if problem := _problem(given):
            field, message = problem
            found.append({"field": ["input", str(index), field], "message": message})
            targets.append({"url": None, "resourceUrl": None, "parameters": []})
        else:
            targets.append(_target(context, given))
    return {"stagedTargets": targets, "userErrors": found}


def limit_of(resource: str) -> int:
    """How many bytes may be uploaded for a resource."""
    return LIMITS.get(resource, LIMIT)


def _problem(given: dict) -> tuple[str, str] | None:
    resource, size = given["resource"], given.get("fileSize")
    if resource in SIZE_NEEDED and size is None:
        return "fileSize", f"file size is required for {resource} resources"
    if size is not None and not 0 < int(size) <= limit_of(resource):
        return "fileSize", f"file size must be 1 to {limit_of(resource)} bytes"
    if not given["filename"].strip():
        return "filename", "filename can't be blank"
    if resource == "BULK_MUTATION_VARIABLES" and given["mimeType"] != "text/jsonl":
        return "mimeType", "mime type must be text/jsonl"
    return None


def _target(context: Context, given: dict) -> dict:
    name = re.sub(r"[^\w.-]+", "_", given["filename"].rsplit("/", 1)[-1])
    folder = "bulk" if given["resource"] == "BULK_MUTATION_VARIABLES" else "files"
    key = f"tmp/{context.shop.domain}/{folder}/{secrets.token_hex(16)}/{name}"
    size = limit_of(given["resource"])
    resource_url = f"{context.config.origin}/staged-uploads/{quote(key)}"
    until = int(time.time()) + VALID
    signature = sign(context.config.client_secret, key, size, until)
    if given["httpMethod"] == "PUT":
        return {
            "url": f"{resource_url}?limit={size}&until={until}&signature={signature}",
            "resourceUrl": resource_url,
            "parameters": [
                {"name": "content_type", "value": given["mimeType"]},
                {"name": "acl", "value": "private"},
            ],
        }
    conditions = [{"key": key}, ["content-length-range", 1, size]]
    policy = orjson.dumps({"expiration": until, "conditions": conditions})
    return {
        "url": f"{context.config.origin}/staged-uploads",
        "resourceUrl": resource_url,
        "parameters": [
            {"name": "Content-Type", "value": given["mimeType"]},
            {"name": "success_action_status", "value": "201"},
            {"name": "acl", "value": "private"},
            {"name": "key", "value": key},
            {"name": "x-goog-algorithm", "value": "GOOG4-RSA-SHA256"},
            {"name": "x-goog-signature", "value": signature},
            {"name": "policy", "value": base64.b64encode(policy).decode()},
        ],
    }


MUTATIONS = {"stagedUploadsCreate": create}
