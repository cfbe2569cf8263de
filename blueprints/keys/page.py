"""Settings > API Keys: the page, and the fragments htmx swaps into it."""

import secrets

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from htmx_flask import make_response
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as WerkzeugResponse

from blueprints.keys.changes import Before, difference, expiry_of, sees
from blueprints.keys.first_steps import first_steps
from blueprints.keys.form import KeyForm
from blueprints.keys.shared import (
    card_and_toast,
    keep_to_rules,
    key_of_request,
    own_key_or_404,
    render_card,
    version_of,
    version_of_edited,
)
from blueprints.plan_gate import why_no_key
from blueprints.staff import record_activity
from blueprints.template_filters import in_app, page_arguments
from models import db
from models.api_key import ApiKey
from models.contact import address_error, normal_address, send_confirmation
from models.key_use import unused_permissions
from transfer.permissions import COLUMNS, PRESETS, known_permissions
from translations import _, language

UNUSED = "unused"
"""The preset that unticks what was not used lately."""


bp = Blueprint("keys", __name__, url_prefix="/settings")


def _dialog(form: KeyForm, status: int = 200, key: ApiKey | None = None) -> tuple[str, int]:
    return render_template("keys/_dialog.html", form=form, key=key), status


@bp.get("/")
def settings() -> WerkzeugResponse:
    """Redirect to the first tab: the admin highlights its link to this URL on all pages below."""
    return redirect(f"{url_for('keys.page')}?{request.query_string.decode('latin-1')}")


@bp.get("/keys/")
def page() -> str:
    g.key_counts = ApiKey.counted(g.shop.id)
    steps = first_steps(g.shop, *g.key_counts)
    left = [] if all(step.done for step in steps) else steps
    keys = ApiKey.of(g.shop)
    g.only_keys = len(keys) == g.key_counts[0]  # so none of them is a trusted workload's
    return render_template("keys/page.html", keys=keys, steps=left)


@bp.get("/keys/first-steps")
def show_first_steps() -> str:
    """The first steps as they are now; once all are done the page shows that until it is left."""
    steps = first_steps(g.shop, *ApiKey.counted(g.shop.id))
    return render_template("keys/_first_steps.html", steps=steps)


@bp.get("/keys/card")
def refresh() -> str | tuple[str, int]:
    """The card of keys if it has changed since it was rendered: in another tab, or by the plan."""
    if request.args.get("version") == version_of(ApiKey.of(g.shop)):
        return "", 204
    return render_card()


@bp.put("/email")
def save_email() -> Response | tuple[str, int]:
    typed = request.form.get("email", "").strip()
    if error := address_error(typed):
        return render_template("keys/_email.html", email=typed, error=error), 422
    g.shop.lock()
    old, old_confirmed = g.shop.contact_email, g.shop.confirmed_email is not None
    g.shop.contact_email, g.shop.language = normal_address(typed), language()
    if old != g.shop.contact_email:
        g.shop.contact_confirmed_at = None
        changed = {"new": g.shop.contact_email, "old": old, "old_confirmed": old_confirmed}
        record_activity("email.changed", **changed)
        send_confirmation(g.shop)
    db.session.commit()
    body = render_template("keys/_email_saved.html", email=g.shop.contact_email)
    return make_response(body, trigger={"toast": _("Email saved")})


@bp.post("/email/confirmation")
def resend_confirmation() -> Response | tuple[str, int]:
    g.shop.lock()
    sent = g.shop.confirmed_email is not None or send_confirmation(g.shop)
    db.session.commit()
    email = g.shop.contact_email or ""
    if not sent:
        late = _("We have already sent several emails in the last hour. Try again in an hour.")
        return render_template("keys/_email.html", email=email, late=late), 429
    body = render_template("keys/_email.html", email=email)
    return make_response(body, trigger={"toast": _("Confirmation email sent")})


@bp.get("/keys/new")
def ask_new() -> Response | tuple[str, int]:
    if refusal := why_no_key():
        return make_response(render_card(notice=refusal), retarget="#keys", reswap="outerHTML")
    form = KeyForm.blank(secrets.token_urlsafe(16))
    if preset := PRESETS.get(request.args.get("preset", "")):
        form.permissions = known_permissions(preset[1])
    return _dialog(form)


@bp.post("/keys/grants")
def grants() -> str:
    """Tick the boxes of a preset or a column, or untick unused permissions; nothing is saved."""
    form = KeyForm.parse(request.form)
    asked = request.args.get("key", type=int)
    key = own_key_or_404(asked, for_workload=None) if "key" in request.args else None
    column, preset = request.args.get("column"), request.args.get("preset")
    if preset in PRESETS:
        form.permissions = known_permissions(PRESETS[preset][1])
    elif column in COLUMNS:
        rest = set(form.permissions).difference(COLUMNS[column])
        ticked = column in request.form.getlist("all")
        form.permissions = known_permissions(rest.union(COLUMNS[column] if ticked else ()))
    elif key and preset == UNUSED:
        form.permissions = known_permissions(
            set(form.permissions).difference(unused_permissions(key))
        )
    return render_template("keys/_grants.html", form=form, key=key, swap=True)


@bp.post("/keys/")
def create() -> Response | tuple[str, int]:
    form = KeyForm.parse(request.form)
    if not g.shop.contact_email:
        form.errors["form"] = _("Save a notification email first. Then create a key.")
        return _dialog(form, 422)
    g.shop.lock()
    if existing := key_of_request(form.request_id):
        return _created(new=existing)
    if refusal := why_no_key():
        form.errors["form"] = refusal
        return _dialog(form, 422)
    if not form.validate(ApiKey.of(g.shop), g.shop):
        return _dialog(form, 422)
    request_id = form.request_id or None
    key, text = ApiKey.issue(g.shop, created_by=g.user, request_id=request_id, **form.values)
    keep_to_rules(key)
    try:
        db.session.flush()
        created = expiry_of(key) | {"imports": key.imports} | sees(key)
        record_activity(
            "key.created", key, permissions=known_permissions(key.permissions), **created
        )
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return _created(new=key_of_request(form.request_id) or abort(409))
    return _created(new=key, new_text=text)


def _created(**context: object) -> Response:
    """The new key; a preset in the page's URL is removed, so that a reload does not suggest it."""
    response = card_and_toast(_("API key created"), **context)
    if "preset" in page_arguments():
        response.headers["HX-Replace-Url"] = in_app("keys.page")
        response.data += render_template("keys/_no_suggestion.html").encode()
    return response


@bp.get("/keys/<int:key_id>/permissions")
def ask_permissions(key_id: int) -> tuple[str, int]:
    key = own_key_or_404(key_id)
    return _dialog(KeyForm.from_key(key), key=key)


@bp.put("/keys/<int:key_id>")
def save(key_id: int) -> Response | tuple[str, int]:
    g.shop.lock()
    key, form = own_key_or_404(key_id, lock=True), KeyForm.parse(request.form)
    others = [other for other in ApiKey.of(g.shop) if other.id != key.id]
    form.keep_up(version_of_edited(key))
    if not form.validate(others, g.shop, key):
        db.session.commit()
        return _dialog(form, 422, key=key)
    before = Before.of(key)
    for field, value in form.values.items():
        setattr(key, field, value)
    keep_to_rules(key)
    if changed := difference(before, key):
        record_activity("key.changed", key, **changed)
    db.session.commit()
    return card_and_toast(_("API key saved"), changed=key)


@bp.get("/keys/<int:key_id>/reveal")
def reveal(key_id: int) -> str:
    key = own_key_or_404(key_id)
    if secret := key.reveal():
        record_activity("key.revealed", key)
        db.session.commit()
    return render_template("keys/_secret.html", key=key, secret=secret, clicked=True)


@bp.get("/keys/<int:key_id>/hide")
def hide(key_id: int) -> str:
    return render_template("keys/_secret.html", key=own_key_or_404(key_id))


@bp.get("/keys/<int:key_id>/delete")
def ask_delete(key_id: int) -> str:
    return render_template("keys/_delete.html", key=own_key_or_404(key_id))


@bp.delete("/keys/<int:key_id>")
def delete(key_id: int) -> Response:
    key = own_key_or_404(key_id, lock=True)
    key.delete()
    record_activity("key.retired" if key.retiring else "key.deleted", key)
    db.session.commit()
    done = _("Old API key ended") if key.retiring else _("API key deleted")
    return card_and_toast(done)
