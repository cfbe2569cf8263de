"""What each call of the API takes and answers, as OpenAPI 3.1 says it."""

from models.job import IMPORT_RESULTS, STATUSES
from transfer.exporting.file import MEDIA_TYPES
from transfer.formats import FORMATS
from transfer.types import ALL

TYPES = [kind.name for kind in ALL]
IMPORTABLE = [kind.name for kind in ALL if kind.importable]
MOMENT = {"type": "string", "format": "date-time"}
MOMENT_OR_NULL = {"type": ["string", "null"], "format": "date-time"}
PROBLEM = {
    "description": "What went wrong, and what to do (RFC 9457).",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def _object(required: bool = True, **properties: dict) -> dict:
    named = {"type": "object", "properties": properties}
    return named | {"required": list(properties)} if required else named


def _list(items: dict) -> dict:
    return {"type": "array", "items": items}


def _ref(name: str) -> dict:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: dict) -> dict:
    return {"application/json": {"schema": schema}}


def _call(summary: str, status: str, content: dict | None = None, **more: object) -> dict:
    answer = {"description": summary} | ({"content": content} if content else {})
    problems = {"default": {"$ref": "#/components/responses/Problem"}}
    return {"summary": summary, "responses": {status: answer} | problems} | more


def _bytes(*kinds: str) -> dict:
    return {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}


def _query(name: str, schema: dict, required: bool = False) -> dict:
    return {"name": name, "in": "query", "required": required, "schema": schema}


def _pace(**more: dict) -> dict:
    """How far something is: objects of the store, or rows of an import's file."""
    return _object(
        done={"type": "integer"},
        total={"type": ["integer", "null"]},
        rate={"type": ["number", "null"], "description": "a second, since the job started"},
        seconds_left={"type": ["integer", "null"]},
        **more,
    )


ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
CSV, ZIP, JSONL, XLSX = (
    MEDIA_TYPES[name].partition(";")[0] for name in ("csv", "zip", "jsonl", "xlsx")
)
JOB = {
    "id": {"type": "string"},
    "status": {"enum": list(STATUSES)},
    "error": {"type": ["string", "null"]},
    "warnings": _list({"type": "string"}),
    "created_at": MOMENT,
    "started_at": MOMENT_OR_NULL,
    "finished_at": MOMENT_OR_NULL,
}
FILTERS = {"type": "object", "additionalProperties": {"type": "object"}}
COLUMNS = {
    "type": "object",
    "additionalProperties": _list({"type": "string", "minLength": 1}) | {"minItems": 1},
}
TYPES_PACE = {"type": "object", "additionalProperties": _pace(rows={"type": ["integer", "null"]})}
SCHEMAS = {
    "Problem": _object(
        type={"type": "string"},
        title={"type": "string"},
        status={"type": "integer"},
        code={"type": "string"},
        detail={"type": "string"},
    ),
    "Key": _object(
        shop=_object(domain={"type": "string"}, name={"type": "string"}),
        name={"type": "string"},
        preview={"type": "string"},
        permissions=_object(export=_list({"enum": TYPES}), **{"import": _list({"enum": TYPES})}),
        expires_at=MOMENT_OR_NULL,
    ),
    "NewExport": {
        **_object(
            types={"anyOf": [{"const": "all"}, _list({"enum": TYPES}) | {"minItems": 1}]},
            format={"enum": list(FORMATS)},
            filters=FILTERS,
            columns=COLUMNS,
            updated_since={"type": ["string", "null"]},
            since_last={"type": "boolean"},
            bom={"type": "boolean"},
        ),
        "required": ["types"],
        "additionalProperties": False,
    },
    "Export": _object(
        types=_list({"enum": TYPES}),
        format={"enum": list(FORMATS)},
        filters=FILTERS,
        columns=COLUMNS,
        rows={"type": ["integer", "null"]},
        file={"type": ["string", "null"]},
        progress=_pace()
        | {
            "properties": _pace()["properties"] | {"types": TYPES_PACE},
        },
        **JOB,
    ),
    "Import": _object(
        type={"enum": TYPES},
        dry_run={"type": "boolean"},
        rows={"type": ["integer", "null"]},
        progress=_pace(),
        counts=_object(**{result: {"type": "integer"} for result in IMPORT_RESULTS}),
        **JOB,
    ),
}
DESCRIPTIONS = {
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
        "get": _call("The key's exports", "200", _json(_object(exports=_list(_ref("Export"))))),
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
                _query("type", {"enum": IMPORTABLE}, required=True),
                _query("dry_run", {"type": "boolean", "default": False}),
            ],
            requestBody={"required": True, "content": _bytes(CSV, XLSX)},
        ),
        "get": _call("The key's imports", "200", _json(_object(imports=_list(_ref("Import"))))),
    },
    "/imports/{id}": {
        "parameters": [ID],
        "get": _call("One import", "200", _json(_ref("Import"))),
        "delete": _call("Cancel an import", "200", _json(_ref("Import"))),
    },
    "/imports/{id}/results": {
        "parameters": [ID],
        "get": _call(
            "What became of each row",
            "200",
            _bytes(CSV, JSONL),
            parameters=[_query("only", {"enum": list(IMPORT_RESULTS)})],
        ),
    },
    "/leaked-keys": {
        "post": _call(
            "Hand in keys that were found in public; those that are real end",
            "204",
            security=[],
            requestBody={
                "required": True,
                "content": _json(_object(keys=_list({"type": "string"})))
                | {"text/plain": {"schema": {"type": "string"}}},
            },
        )
    },
    "/openapi.json": {"get": _call("This document", "200", _json({"type": "object"}), security=[])},
}
