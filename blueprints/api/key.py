"""GET /api/v1/key: what the key in hand is and may do."""

from typing import Any

from flask import Blueprint, g

from blueprints.guards import needs_none
from models import iso
from models.import_limits import parse
from transfer.permissions import by_direction

bp = Blueprint("key_info", __name__, url_prefix="/api/v1")


@bp.get("/key")
@needs_none
def show() -> dict[str, Any]:
    caller = g.caller
    return {
        "shop": {"domain": caller.shop_domain, "name": caller.shop_name},
        "name": caller.name,
        "preview": caller.preview,
        "permissions": by_direction(caller.permissions),
        "environment": caller.environment or None,
        "imports": {"mode": caller.imports, "limits": parse(caller.import_limits)},
        "personal_data": caller.personal_data,
        "expires_at": iso(caller.expires_at),
    }
