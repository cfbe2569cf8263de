"""Settings > API Keys: the page, and the fragments htmx swaps into it."""

import secrets
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from htmx_flask import make_response
from sqlalchemy.exc import IntegrityError

from blueprints.keys.form import KeyForm
from blueprints.keys.shared import card, made_before, own_key, saved
from blueprints.plan_gate import why_no_key
from blueprints.staff import did
from blueprints.template_filters import in_app, of_the_page
from models import db
from models.api_key import ApiKey
from models.contact import address_error, normal_address, send_confirmation
from models.key_use import unused_permissions
from transfer.permissions import COLUMNS, PRESETS, known
from translations import _, language

UNUSED = "unused"


class Before(NamedTuple):
    """A key before an edit."""

    permissions: frozenset[str]
    name: str
    expires_at: datetime | None
    allowed_addresses: str
    calls_per_minute: int


bp = Blueprint("keys", __name__, url_prefix="/settings")


def _dialog(form: KeyForm, status: int = 200, **more) -> tuple[str, int]:
    return render_template("keys/_dialog.html", form=form, **more), status


@bp.get("/")
def settings():
    """The first tab: the admin marks its link to this address on every page below it."""
    return redirect(f"{url_for('keys.page')}?{request.query_string.decode('latin-1')}")


@bp.get("/keys/")
def page():
    return render_template("keys/page.html", keys=ApiKey.of(g.shop))


@bp.put("/email")
def save_email():
    typed = request.form.get("email", "").strip()
    if error := address_error(typed):
        return render_template("keys/_email.html", email=typed, error=error), 422
    g.shop.hold()
    old, old_confirmed = g.shop.contact_email, g.shop.confirmed_email is not None
    g.shop.contact_email, g.shop.language = normal_address(typed), language()
    if old != g.shop.contact_email:
        g.shop.contact_confirmed_at = None
        did("email.changed", new=g.shop.contact_email, old=old, old_confirmed=old_confirmed)
        send_confirmation(g.shop)
    db.session.commit()
    body = render_template("keys/_email_saved.html", email=g.shop.contact_email)
    return make_response(body, trigger={"toast": _("Email saved")})


@bp.post("/email/confirmation")
def resend_confirmation():
    g.shop.hold()
    sent = g.shop.confirmed_email is not None or send_confirmation(g.shop)
    db.session.commit()
    email = g.shop.contact_email or ""
    if not sent:
        late = _("We have sent several mails in the last hour. Try again in an hour.")
        return render_template("keys/_email.html", email=email, late=late), 429
    body = render_template("keys/_email.html", email=email)
    return make_response(body, trigger={"toast": _("Confirmation mail sent")})


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
    key = own_key(request.args.get("key", type=int)) if "key" in request.args else None
    column, preset = request.args.get("column"), request.args.get("preset")
    if preset in PRESETS:
        form.permissions = known(PRESETS[preset][1])
    elif column in COLUMNS:
        rest = set(form.permissions).difference(COLUMNS[column])
        ticked = column in request.form.getlist("all")
        form.permissions = known(rest.union(COLUMNS[column] if ticked else ()))
    elif key and preset == UNUSED:
        form.permissions = known(set(form.permissions).difference(unused_permissions(key)))
    return render_template("keys/_grants.html", form=form, key=key, swap=True)


@bp.post("/keys/")
def create():
    form = KeyForm.typed(request.form)
    if not g.shop.contact_email:
        form.errors["form"] = _("Save a notification email first. Then create a key.")
        return _dialog(form, 422)
    g.shop.hold()
    if made := made_before(form.request_id):
        return _created(new=made)
    if refused := why_no_key():
        form.errors["form"] = refused
        return _dialog(form, 422)
    if not form.valid(ApiKey.of(g.shop), g.shop.zone):
        return _dialog(form, 422)
    request_id = form.request_id or None
    key, text = ApiKey.issue(g.shop, created_by=g.user, request_id=request_id, **form.values)
    try:
        db.session.flush()
        did("key.created", key, permissions=known(key.permissions), **_ends(key))
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        key, text = made_before(form.request_id) or abort(409), None
    return _created(new=key, new_text=text)


def _created(**new) -> Response:
    """The key, and what a guide's link suggested is done: a reload suggests it no more."""
    answer = saved(_("API key created"), **new)
    if "preset" in of_the_page():
        answer.headers["HX-Replace-Url"] = in_app("keys.page")
        answer.data += render_template("keys/_no_suggestion.html").encode()
    return answer


@bp.get("/keys/<int:key_id>/permissions")
def ask_permissions(key_id):
    key = own_key(key_id)
    return _dialog(KeyForm.of(key), key=key)


@bp.put("/keys/<int:key_id>")
def save(key_id):
    g.shop.hold()
    key, form = own_key(key_id, to_change=True), KeyForm.typed(request.form)
    others = [other for other in ApiKey.of(g.shop) if other.id != key.id]
    if not form.valid(others, g.shop.zone, key):
        db.session.commit()
        return _dialog(form, 422, key=key)
    before = Before(
        key.permissions, key.name, key.expires_at, key.allowed_addresses, key.calls_per_minute
    )
    for field, value in form.values.items():
        setattr(key, field, value)
    if changed := _difference(before, key):
        did("key.changed", key, **changed)
    db.session.commit()
    return saved(_("API key saved"), changed=key)


def _difference(before: Before, key: ApiKey) -> dict:
    """What an edit changed, as an activity keeps it; empty when it changed nothing."""
    changed = {
        "added": known(key.permissions - before.permissions),
        "removed": known(before.permissions - key.permissions),
        "was_named": before.name if key.name != before.name else None,
    }
    if key.expires_at != before.expires_at:
        changed |= _ends(key)
    if key.allowed_addresses != before.allowed_addresses:
        changed["addresses"] = key.allowed_addresses.split() or ["any"]
    if key.calls_per_minute != before.calls_per_minute:
        changed["calls_per_minute"] = key.calls_per_minute
    return {field: value for field, value in changed.items() if value}


def _ends(key: ApiKey) -> dict[str, str]:
    """When the key ends, as an activity keeps it: an ISO 8601 moment, or ``never``."""
    return {"expires_at": key.expires_at.isoformat() if key.expires_at else "never"}


@bp.get("/keys/<int:key_id>/reveal")
def reveal(key_id):
    key = own_key(key_id)
    if secret := key.reveal():
        did("key.revealed", key)
        db.session.commit()
    return render_template("keys/_secret.html", key=key, secret=secret, asked=True)


@bp.get("/keys/<int:key_id>/hide")
def hide(key_id):
    return render_template("keys/_secret.html", key=own_key(key_id))


@bp.get("/keys/<int:key_id>/delete")
def ask_delete(key_id):
    return render_template("keys/_row_confirm.html", key=own_key(key_id))


@bp.get("/keys/<int:key_id>/row")
def keep(key_id):
    key = own_key(key_id)
    return render_template("keys/_row.html", key=key, kept=key)


@bp.delete("/keys/<int:key_id>")
def delete(key_id):
    key = own_key(key_id, to_change=True)
    key.delete()
    did("key.retired" if key.retiring else "key.deleted", key)
    db.session.commit()
    done = _("Old API key ended") if key.retiring else _("API key deleted")
    return make_response(card(), trigger={"toast": done})
