"""What the views of Settings > API Keys share: the key in question, and the answers to a change."""

from flask import Response, abort, g, render_template
from htmx_flask import make_response
from werkzeug.datastructures import MultiDict

from models import db
from models.api_key import MAX_REQUEST_ID, ApiKey
from translations import N_, _

MAX_ID = 2**31 - 1
"""The greatest that an id's column takes."""
GONE = N_("That key is no longer here. It may have been deleted in another tab.")


def own_key(key_id: int | None, *, to_change: bool = False) -> ApiKey:
    """The shop's key with this id, as it is now; else the request ends with 404 and a fresh list.

    ``to_change`` makes other changes of the key wait until this transaction is over.
    """
    key = _own(key_id, to_change) if 0 < (key_id or 0) <= MAX_ID else None
    if key is None:
        db.session.commit()
        body = card(notice=_(GONE)) + render_template("keys/_no_dialog.html")
        answer = make_response(body, retarget="#keys", reswap="outerHTML")
        answer.status_code = 404
        abort(answer)
    return key


def _own(key_id: int, to_change: bool) -> ApiKey | None:
    own = (ApiKey.id == key_id, ApiKey.shop_id == g.shop.id)
    if to_change:
        ApiKey.hold(*own)
    return db.session.scalar(
        db.select(ApiKey).where(*own, ApiKey.here()).execution_options(populate_existing=True)
    )


def request_id_of(sent: MultiDict) -> str:
    """The id that a form carries so that a double click makes one key; whatever was sent, made
    fit for its column."""
    return "".join(filter(str.isprintable, sent.get("request_id", "")))[:MAX_REQUEST_ID]


def made_before(request_id: str) -> ApiKey | None:
    """The key that the same dialog already made: a double click, or a repeated request."""
    if not request_id:
        return None
    return db.session.scalar(
        db.select(ApiKey).filter_by(shop_id=g.shop.id, request_id=request_id, deleted_at=None)
    )


def card(**more) -> str:
    return render_template("keys/_card.html", keys=ApiKey.of(g.shop), **more)


def saved(message: str, **more) -> Response:
    """The changed card, the dialog gone, and a word that it worked."""
    body = card(**more) + render_template("keys/_no_dialog.html")
    return make_response(body, trigger={"toast": message})
