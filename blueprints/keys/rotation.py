"""Settings > API Keys: rotating a key, and disabling and enabling it."""

import secrets

from flask import Blueprint, Response, abort, g, render_template, request
from sqlalchemy.exc import IntegrityError

from blueprints.keys.shared import (
    card_and_toast,
    keep_to_rules,
    key_of_request,
    own_key_or_404,
    request_id_of,
)
from blueprints.plan_gate import why_no_rotation
from blueprints.staff import record_activity
from models import db, now
from models.api_key import ApiKey
from models.rotation import OVERLAPS, rotate, why_not
from translations import _

bp = Blueprint("key_life", __name__, url_prefix="/settings/keys/<int:key_id>")


@bp.get("/rotation")
def ask_rotation(key_id: int) -> str:
    return _question(own_key_or_404(key_id), secrets.token_urlsafe(16))


@bp.post("/rotation")
def make_rotation(key_id: int) -> Response | tuple[str, int]:
    request_id = request_id_of(request.form)
    if existing := key_of_request(request_id):
        return _rotated(new=existing)
    key = own_key_or_404(key_id)
    choice = request.form.get("overlap", "")
    if choice not in OVERLAPS:
        error = _("Choose how long the old key keeps working.")
        return _question(key, request_id, error), 422
    overlap = OVERLAPS[choice][1]
    if why_no_rotation():
        return _question(key, request_id), 422
    try:
        pair = rotate(g.shop, key, overlap, created_by=g.user, request_id=request_id or None)
        if pair is None:
            db.session.rollback()
            return _question(own_key_or_404(key_id), request_id), 422
        successor, text = pair
        keep_to_rules(successor)
        old_ends = key.retires_at.isoformat() if key.retires_at else ""
        record_activity("key.rotated", successor, overlap=choice, old_ends=old_ends)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return _rotated(new=key_of_request(request_id) or abort(409))
    return _rotated(new=successor, new_text=text)


def _rotated(**context: object) -> Response:
    return card_and_toast(_("API key rotated"), **context)


def _question(key: ApiKey, request_id: str, error: str | None = None) -> str:
    refusal = why_no_rotation() or why_not(key)
    context = {"key": key, "request_id": request_id, "refusal": refusal, "error": error}
    return render_template("keys/_rotate.html", **context)


@bp.get("/disabled")
def ask_disable(key_id: int) -> str:
    return render_template("keys/_disable.html", key=own_key_or_404(key_id))


@bp.put("/disabled")
def disable(key_id: int) -> Response:
    key = own_key_or_404(key_id, lock=True)
    if not key.disabled:
        key.disabled_at = now()
        record_activity("key.disabled", key)
    db.session.commit()
    return card_and_toast(_("API key disabled"), switched=key)


@bp.delete("/disabled")
def enable(key_id: int) -> Response:
    key = own_key_or_404(key_id, lock=True)
    if key.disabled:
        key.disabled_at = None
        record_activity("key.enabled", key)
    db.session.commit()
    return card_and_toast(_("API key enabled"), switched=key)
