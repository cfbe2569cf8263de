"""GET /api/v1/openapi.json: the API described for programs (OpenAPI 3.1)."""

from functools import cache
from typing import Any

from flask import Blueprint, Response, current_app, jsonify

from blueprints.api.openapi_paths import DESCRIPTIONS, PROBLEM, SCHEMAS

bp = Blueprint("openapi", __name__, url_prefix="/api/v1")


@bp.get("/openapi.json")
def document() -> Response:
    return jsonify(described(current_app.config["SETTINGS"].APP_URL))


@cache
def described(app_url: str) -> dict[str, Any]:
    """The document of the server at this address."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Altera API",
            "version": "1",
            "description": "Export and import the data of a Shopify store, as far as a key allows.",
        },
        "servers": [{"url": f"{app_url}/api/v1"}],
        "security": [{"key": []}],
        "paths": DESCRIPTIONS,
        "components": {
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "An API key, altera_…"}
            },
            "responses": {"Problem": PROBLEM},
            "schemas": SCHEMAS,
        },
    }
