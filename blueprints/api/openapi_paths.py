"""OpenAPI's paths: what each call of the API is for, its parameters, its bodies and answers."""

from typing import Any

from blueprints.api.schemas import generated
from models.import_plan import BLANK, KEEP
from models.job import IMPORT_RESULTS
from transfer.exporting.file import MEDIA_TYPES
from transfer.types import ALL

IMPORTABLE = [data_type.name for data_type in ALL if data_type.importable]
PROBLEM = {
    "description": "What went wrong, and what to do (RFC 9457).",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _call(
    summary: str, status: str, content: dict[str, Any] | None = None, **more: object
) -> dict[str, Any]:
    answer = {"description": summary} | ({"content": content} if content else {})
    problems = {"default": {"$ref": "#/components/responses/Problem"}}
    return {"summary": summary, "responses": {status: answer} | problems} | more


def _bytes(*kinds: str) -> dict[str, Any]:
    return {data_type: {"schema": {"type": "string", "format": "binary"}} for data_type in kinds}


IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "repeats of the same call within 24 hours get the first answer again",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


def _query(name: str, schema: dict[str, Any], required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": schema}


ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
CSV, ZIP, JSONL, XLSX = (
    MEDIA_TYPES[name].partition(";")[0] for name in ("csv", "zip", "jsonl", "xlsx")
)
SCHEMAS = generated()
DESCRIPTIONS: dict[str, dict[str, Any]] = {
    "/key": {
        "get": _call("The key in hand: whose it is and what it may do", "200", _json(_ref("Key")))
    },
    "/exports": {
        "post": _call(
            "Start an export",
            "202",
            _json(_ref("Export")),
            requestBody={"required": True, "content": _json(_ref("NewExport"))},
        ),
        "get": _call("The key's exports", "200", _json(_ref("Exports"))),
    },
    "/exports/{id}": {
        "parameters": [ID],
        "get": _call("One export", "200", _json(_ref("Export"))),
        "delete": _call("Cancel an export", "200", _json(_ref("Export"))),
    },
    "/exports/{id}/file": {
        "parameters": [ID],
        "get": _call(
            "The file, streamed, or with Range a part of it",
            "200",
            _bytes(CSV, ZIP, JSONL, XLSX),
        ),
    },
    "/imports": {
        "post": _call(
            "Start an import of the file that is the body",
            "202",
            _json(_ref("Import")),
            parameters=[
                _query("type", {"enum": IMPORTABLE}),
                _query("name", {"type": "string"}),
                _query("dry_run", {"type": "boolean", "default": False}),
                _query("blank", {"enum": list(BLANK), "default": KEEP}),
                _query("strict", {"type": "boolean", "default": False}),
                _query("confirm", {"type": "string", "examples": ["changes,deletes:42"]}),
            ],
            requestBody={"required": True, "content": _bytes(CSV, ZIP, JSONL, XLSX)},
        ),
        "get": _call("The key's imports", "200", _json(_ref("Imports"))),
    },
    "/imports/{id}": {
        "parameters": [ID],
        "get": _call("One import", "200", _json(_ref("Import"))),
        "delete": _call("Cancel an import", "200", _json(_ref("Import"))),
    },
    "/imports/{id}/plan": {
        "parameters": [ID],
        "get": _call(
            "What the import changes, an object a line, or the file with its changes coloured",
            "200",
            {"application/jsonl": {"schema": _ref("PlanLine")}} | _bytes(XLSX),
            parameters=[
                _query("format", {"enum": ["jsonl", "xlsx"], "default": "jsonl"}),
                _query("only", {"enum": ["changes"]}),
            ],
        ),
    },
    "/imports/{id}/apply": {
        "parameters": [ID],
        "post": _call(
            "Apply what is planned or held, once",
            "202",
            _json(_ref("Import")),
            requestBody={"content": _json(_ref("NewApply"))},
        ),
    },
    "/imports/{id}/undo": {
        "parameters": [ID],
        "post": _call(
            "Start an import that undoes this one",
            "202",
            _json(_ref("Import")),
            requestBody={"content": _json(_ref("NewUndo"))},
        ),
    },
    "/imports/{id}/results": {
        "parameters": [ID],
        "get": _call(
            "What became of each row",
            "200",
            _bytes(CSV, ZIP, JSONL),
            parameters=[_query("only", {"enum": list(IMPORT_RESULTS)})],
        ),
    },
    "/files": {
        "get": _call(
            "The store's files, a page at a time, with the addresses of their contents",
            "200",
            _json(_ref("Files")),
            parameters=[
                _query("media_type", {"type": "string", "examples": ["image,video"]}),
                _query("filename", {"type": "string"}),
                _query("updated_since", {"type": "string", "examples": ["2026-01-31"]}),
                _query("after", {"type": "string"}),
            ],
        ),
        "post": _call(
            "Create files from what was uploaded",
            "200",
            _json(_ref("MadeFiles")),
            requestBody={"required": True, "content": _json(_ref("NewFiles"))},
        ),
    },
    "/uploads": {
        "post": _call(
            "Where to send files, unless the store has them",
            "200",
            _json(_ref("StartedUploads")),
            requestBody={"required": True, "content": _json(_ref("NewUploads"))},
        ),
    },
    "/files/status": {
        "get": _call(
            "The status of files: Shopify processes each before it is ready",
            "200",
            _json(_ref("FoundFiles")),
            parameters=[_query("id", {"type": "array", "items": {"type": "string"}}, True)],
        ),
    },
    "/files/{id}": {
        "parameters": [ID | {"example": "MediaImage/1"}],
        "get": _call("One file", "200", _json(_ref("File"))),
    },
    "/token": {
        "post": _call(
            "Exchange a job's ID token for a key that lives a few minutes (RFC 8693)",
            "200",
            _json(_ref("Token")),
            security=[],
            requestBody={
                "required": True,
                "content": {"application/x-www-form-urlencoded": {"schema": _ref("NewToken")}},
            },
        )
    },
    "/leaked-keys": {
        "post": _call(
            "Hand in keys that were found in public; those that are real end",
            "204",
            security=[],
            requestBody={
                "required": True,
                "content": _json(_ref("LeakedKeys"))
                | {"text/plain": {"schema": {"type": "string"}}},
            },
        )
    },
    "/openapi.json": {"get": _call("This document", "200", _json({"type": "object"}), security=[])},
}
DESCRIPTIONS["/token"]["post"]["responses"] |= {
    status: {"description": summary, "content": _json(_ref("TokenError"))}
    for status, summary in (("400", "Why there is no key"), ("503", "The issuer is away"))
}
for _path in (
    "/exports",
    "/imports",
    "/files",
    "/uploads",
    "/imports/{id}/apply",
    "/imports/{id}/undo",
):
    _post = DESCRIPTIONS[_path]["post"]
    _post["parameters"] = [*_post.get("parameters", []), IDEMPOTENCY]
