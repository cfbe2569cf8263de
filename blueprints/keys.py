"""Settings > API Keys: the page, and the fragments htmx swaps into it."""

import secrets

from flask import Blueprint, Response, abort, g, render_template, request
from htmx_flask import make_response
from sqlalchemy.exc import IntegrityError

from blueprints.key_form import KeyForm
from blueprints.plan_gate import why_no_key
from blueprints.staff import did
from models import db
from models.api_key import ApiKey
from models.contact import address_error, normal_address
from models.key_use import PermissionUse
from transfer.permissions import COLUMNS, PRESETS, known

UNUSED = "unused"

bp = Blueprint("keys", __name__, url_prefix="/settings")


def _own_key(key_id: int) -> ApiKey:
    key = db.session.scalar(
        db.select(ApiKey).filter_by(id=key_id, shop_id=g.shop.id, deleted_at=None)
    )
    if key is None:
        gone = "That key is no longer here. It may have been deleted in another tab."
        body = _card(notice=gone) + render_template("keys/_no_dialog.html")
        card = make_response(body, retarget="#keys", reswap="outerHTML")
        card.status_code = 404
        abort(card)
    return key


def _card(**more) -> str:
    return render_template("keys/_card.html", keys=ApiKey.of(g.shop), **more)


def _dialog(form: KeyForm, status: int = 200, **more) -> tuple[str, int]:
    return render_template("keys/_dialog.html", form=form, **more), status


def _saved(message: str, **more) -> Response:
    """The changed card, the dialog gone, and a word that it worked."""
    body = _card(**more) + render_template("keys/_no_dialog.html")
    return make_response(body, trigger={"toast": message})


@bp.get("/keys/")
def page():
    return render_template("keys/page.html", keys=ApiKey.of(g.shop))


@bp.put("/email")
def save_email():
    typed = request.form.get("email", "").strip()
    if error := address_error(typed):
        return render_template("keys/_email.html", email=typed, error=error), 422
    old, g.shop.contact_email = g.shop.contact_email, normal_address(typed)
    if old != g.shop.contact_email:
        did("email.changed", new=g.shop.contact_email, old=old)
    db.session.commit()
    body = render_template("keys/_email_saved.html", email=g.shop.contact_email)
    return make_response(body, trigger={"toast": "Email saved"})


@bp.get("/keys/new")
def ask_new():
    form = KeyForm.blank(secrets.token_urlsafe(16))
    if preset := PRESETS.get(request.args.get("preset", "")):
        form.permissions = known(preset[1])
    return _dialog(form)


@bp.post("/keys/grants")
def grants():
    """Tick what the click on a preset, a column header or Drop unused means; nothing is saved."""
    form = KeyForm.typed(request.form)
    key = _own_key(request.args.get("key", type=int)) if "key" in request.args else None
    column, preset = request.args.get("column"), request.args.get("preset")
    if preset in PRESETS:
        form.permissions = known(PRESETS[preset][1])
    elif column in COLUMNS:
        rest = set(form.permissions).difference(COLUMNS[column])
        ticked = column in request.form.getlist("all")
        form.permissions = known(rest.union(COLUMNS[column] if ticked else ()))
    elif key and preset == UNUSED:
        unused = key.permissions.difference(PermissionUse.of(key))
        form.permissions = known(set(form.permissions).difference(unused))
    return render_template("keys/_grants.html", form=form, key=key, swap=True)


@bp.post("/keys/")
def create():
    form = KeyForm.typed(request.form)
    if not g.shop.contact_email:
        form.errors["form"] = "Save a notification email first. Then create a key."
        return _dialog(form, 422)
    if made := _made_before(form.request_id):
        return _saved("API key created", new=made)
    if refused := why_no_key():
        form.errors["form"] = refused
        return _dialog(form, 422)
    if not form.valid(ApiKey.of(g.shop), g.shop.zone):
        return _dialog(form, 422)
    key, _ = ApiKey.issue(g.shop, created_by=g.user, request_id=form.request_id, **form.values)
    try:
        db.session.flush()
        did("key.created", key, permissions=known(key.permissions), **_ends(key))
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        key = _made_before(form.request_id) or abort(409)
    return _saved("API key created", new=key)


def _made_before(request_id: str) -> ApiKey | None:
    """The key that the same dialog already made: a double click, or a repeated request."""
    return db.session.scalar(
        db.select(ApiKey).filter_by(shop_id=g.shop.id, request_id=request_id, deleted_at=None)
    )


@bp.get("/keys/<int:key_id>/permissions")
def ask_permissions(key_id):
    key = _own_key(key_id)
    return _dialog(KeyForm.of(key), key=key)


@bp.put("/keys/<int:key_id>")
def save(key_id):
    key, form = _own_key(key_id), KeyForm.typed(request.form)
    others = [other for other in ApiKey.of(g.shop) if other.id != key.id]
    if not form.valid(others, g.shop.zone, key):
        return _dialog(form, 422, key=key)
    before = (key.permissions, key.name, key.expires_at)
    for field, value in form.values.items():
        setattr(key, field, value)
    if changed := _difference(key, *before):
        did("key.changed", key, **changed)
    db.session.commit()
    return _saved("API key saved", changed=key)


def _difference(key: ApiKey, permissions: frozenset[str], name: str, expires_at) -> dict:
    """What an edit changed, as an activity keeps it; empty when it changed nothing."""
    changed = {
        "added": known(key.permissions - permissions),
        "removed": known(permissions - key.permissions),
        "was_named": name if key.name != name else None,
    }
    if key.expires_at != expires_at:
        changed |= _ends(key)
    return {field: value for field, value in changed.items() if value}


def _ends(key: ApiKey) -> dict[str, str]:
    """When the key ends, as an activity keeps it: an ISO 8601 moment, or ``never``."""
    return {"expires_at": key.expires_at.isoformat() if key.expires_at else "never"}


@bp.get("/keys/<int:key_id>/reveal")
def reveal(key_id):
    key = _own_key(key_id)
    return render_template("keys/_secret.html", key=key, secret=key.reveal(), asked=True)


@bp.get("/keys/<int:key_id>/hide")
def hide(key_id):
    return render_template("keys/_secret.html", key=_own_key(key_id))


@bp.get("/keys/<int:key_id>/delete")
def ask_delete(key_id):
    return render_template("keys/_row_confirm.html", key=_own_key(key_id))


@bp.get("/keys/<int:key_id>/row")
def keep(key_id):
    key = _own_key(key_id)
    return render_template("keys/_row.html", key=key, kept=key)


@bp.delete("/keys/<int:key_id>")
def delete(key_id):
    key = _own_key(key_id)
    key.delete()
    did("key.deleted", key)
    db.session.commit()
    return make_response(_card(), trigger={"toast": "API key deleted"})
