"""Shared by the views of Settings > API Keys: finding a key, and answering after a change."""

from hashlib import sha256

from flask import Response, abort, g, render_template
from htmx_flask import make_response
from werkzeug.datastructures import MultiDict

from models import db
from models.api_key import MAX_REQUEST_ID, ApiKey
from models.key_rules import set_end
from models.personal_data import REPLACED
from transfer.permissions import PERMISSIONS
from translations import N_, _

MAX_ID = 2**31 - 1
"""The largest value of an id column."""
EVERY = frozenset(PERMISSIONS)
GONE = N_("This key no longer exists. It may have been deleted in another tab.")


def own_key_or_404(
    key_id: int | None, *, lock: bool = False, for_workload: bool | None = False
) -> ApiKey:
    """The shop's key with this id, freshly read; without one the request ends with 404 and an
    up-to-date list.

    ``lock`` makes concurrent changes of the key wait for the end of this transaction;
    ``for_workload`` says whether it is a trusted workload's, None for either.
    """
    key = _own_key(key_id, lock, for_workload) if key_id and 0 < key_id <= MAX_ID else None
    if key is None:
        db.session.commit()
        body = render_card(notice=_(GONE)) + render_template("keys/_no_dialog.html")
        response = make_response(body, retarget="#keys", reswap="outerHTML")
        response.status_code = 404
        abort(response)
    return key


def _own_key(key_id: int, lock: bool, for_workload: bool | None) -> ApiKey | None:
    own = [ApiKey.id == key_id, ApiKey.shop_id == g.shop.id]
    if for_workload is not None:
        own.append(ApiKey.for_workload.is_(for_workload))
    if lock:
        ApiKey.lock(*own)
    return db.session.scalar(
        db.select(ApiKey).where(*own, ApiKey.here()).execution_options(populate_existing=True)
    )


def request_id_of(form: MultiDict[str, str]) -> str:
    """The id by which a double click is recognised as one request, made fit for its column."""
    return "".join(filter(str.isprintable, form.get("request_id", "")))[:MAX_REQUEST_ID]


def key_of_request(request_id: str) -> ApiKey | None:
    """The key that this request has already created: a double click, or a repeated request."""
    if not request_id:
        return None
    return db.session.scalar(
        db.select(ApiKey).filter_by(shop_id=g.shop.id, request_id=request_id, deleted_at=None)
    )


def keep_to_rules(key: ApiKey) -> None:
    """Note from when on a key that was made or changed is refused, if it breaks a rule, and make
    the store's stand-in values if it is to see them. Does not commit."""
    if key.personal_data == REPLACED:
        g.shop.make_stand_ins()
    set_end(key, g.shop.key_rules, EVERY)


def version_of(keys: list[ApiKey]) -> str:
    """Changes when the card of keys would look different, other than by when each was used."""
    shown: list[object] = [g.shop.plan, g.shop.contact_email]
    shown += [
        (
            key.id,
            *_edited(key),
            key.retires_at and key.retires_at.timestamp(),
            key.disabled,
            key.rule_ends_at and key.rule_ends_at.timestamp(),
        )
        for key in keys
    ]
    return fingerprint(shown)


def version_of_edited(key: ApiKey, *more: object) -> str:
    """Changes with whatever an edit can change of the key; ``more`` is what else its dialog can."""
    return fingerprint((*_edited(key), *more))


def _edited(key: ApiKey) -> tuple[object, ...]:
    return (
        key.name,
        key.permissions_text,
        key.expires_at and key.expires_at.timestamp(),
        key.allowed_addresses,
        key.calls_per_minute,
        key.environment,
        key.personal_data,
        key.imports,
        key.import_limits_text,
    )


def fingerprint(shown: object) -> str:
    return sha256(repr(shown).encode()).hexdigest()[:16]


def render_card(**context: object) -> str:
    return render_template("keys/_card.html", keys=ApiKey.of(g.shop), **context)


def card_and_toast(message: str, **context: object) -> Response:
    """The changed card, the dialog closed, and a toast that says what was done."""
    body = render_card(**context) + render_template("keys/_no_dialog.html")
    body += render_template("keys/_changed.html", keys=ApiKey.of(g.shop))
    return make_response(body, trigger={"toast": message})
