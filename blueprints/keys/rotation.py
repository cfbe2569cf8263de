"""Settings > API Keys: rotating a key, and disabling and enabling it."""

import secrets

from flask import Blueprint, abort, g, render_template, request
from sqlalchemy.exc import IntegrityError

from blueprints.keys.shared import made_before, own_key, request_id_of, saved
from blueprints.plan_gate import why_no_rotation
from blueprints.staff import did
from models import db, now
from models.rotation import OVERLAPS, rotate, why_not
from translations import _

bp = Blueprint("key_life", __name__, url_prefix="/settings/keys/<int:key_id>")


@bp.get("/rotation")
def ask_rotation(key_id):
    key = own_key(key_id)
    request_id = secrets.token_urlsafe(16)
    return _question(key, request_id)


@bp.post("/rotation")
def make_rotation(key_id):
    request_id = request_id_of(request.form)
    if made := made_before(request_id):
        return saved(_("API key rotated"), new=made)
    key = own_key(key_id)
    chosen = request.form.get("overlap", "")
    if chosen not in OVERLAPS:
        return _question(key, request_id, error=_("Choose how long the old key works on.")), 422
    if why_no_rotation():
        return _question(key, request_id), 422
    try:
        overlap = OVERLAPS[chosen][1]
        made = rotate(g.shop, key, overlap, created_by=g.user, request_id=request_id or None)
        if made is None:
            db.session.rollback()
            return _question(own_key(key_id), request_id), 422
        successor, text = made
        ends = {"overlap": chosen, "old_ends": key.retires_at.isoformat()}
        did("key.rotated", successor, **ends)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        successor, text = made_before(request_id) or abort(409), None
    return saved(_("API key rotated"), new=successor, new_text=text)


def _question(key, request_id: str, error: str | None = None) -> str:
    refused = why_no_rotation() or why_not(key)
    facts = {"key": key, "request_id": request_id, "refused": refused, "error": error}
    return render_template("keys/_rotate.html", **facts)


@bp.put("/disabled")
def disable(key_id):
    key = own_key(key_id, to_change=True)
    if not key.disabled:
        key.disabled_at = now()
        did("key.disabled", key)
    db.session.commit()
    return saved(_("API key disabled"), switched=key)


@bp.delete("/disabled")
def enable(key_id):
    key = own_key(key_id, to_change=True)
    if key.disabled:
        key.disabled_at = None
        did("key.enabled", key)
    db.session.commit()
    return saved(_("API key enabled"), switched=key)
