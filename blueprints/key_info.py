"""GET /api/v1/key: what the key in hand is and may do."""

from flask import Blueprint, g

from blueprints.guards import needs_none
from models import db
from models.api_key import ApiKey
from models.shop import Shop
from transfer.permissions import DIRECTIONS, known

bp = Blueprint("key_info", __name__, url_prefix="/api/v1")

FACTS = (
    db.select(Shop.domain, Shop.name.label("shop_name"), ApiKey.name, ApiKey.preview)
    .add_columns(ApiKey.expires_at)
    .join(Shop, ApiKey.shop_id == Shop.id)
    .where(ApiKey.id == db.bindparam("key_id"))
)


@bp.get("/key")
@needs_none
def show():
    facts = db.session.execute(FACTS, {"key_id": g.key_id}).one()
    held = known(g.permissions)
    return {
        "shop": {"domain": facts.domain, "name": facts.shop_name},
        "name": facts.name,
        "preview": facts.preview,
        "permissions": {
            way: [p.partition(":")[0] for p in held if p.endswith(f":{way}")] for way in DIRECTIONS
        },
        "expires_at": facts.expires_at and facts.expires_at.isoformat(timespec="seconds"),
    }
