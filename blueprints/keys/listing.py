"""Settings > API Keys with many keys: search, filters, pages, and deleting unused ones in bulk."""

from flask import Blueprint, Flask, Response, g, render_template, request
from htmx_flask import make_response
from werkzeug.datastructures import MultiDict

from blueprints.keys.list_query import (
    ORDERS,
    PER_PAGE,
    STATES,
    UNUSED_AFTER,
    KeyList,
    unneeded,
)
from blueprints.keys.shared import card_and_toast, version_of
from blueprints.staff import record_activity
from blueprints.template_filters import in_app, page_arguments
from models import db
from models.api_key import ENVIRONMENTS, ApiKey
from models.import_limits import LABELS, MODE_LABELS
from models.personal_data import EXAMPLE_COLUMNS, EXAMPLES, SENTENCES
from models.personal_data import LABELS as PERSONAL_LABELS
from translations import _, ngettext

bp = Blueprint("key_list", __name__, url_prefix="/settings/keys")


def register(app: Flask) -> None:
    app.add_template_global(list_page)
    app.add_template_global(version_of)
    app.jinja_env.globals |= {
        "KEY_STATES": STATES,
        "KEY_ORDERS": ORDERS,
        "ENVIRONMENTS": ENVIRONMENTS,
        "LABELS": LABELS,
        "MODE_LABELS": MODE_LABELS,
        "PERSONAL_LABELS": PERSONAL_LABELS,
        "PERSONAL_SENTENCES": SENTENCES,
        "EXAMPLE_COLUMNS": EXAMPLE_COLUMNS,
        "EXAMPLES": EXAMPLES,
        "UNUSED_DAYS": UNUSED_AFTER.days,
    }


def list_page(keys: list[ApiKey], showing: ApiKey | None = None) -> KeyList:
    """The page of the shop's keys that the URL asks for, or that shows this key.

    After a change the list stays as the browser's address has it.
    """
    shows_list = request.endpoint in ("keys.page", "key_list.show")
    wanted = MultiDict(request.args if shows_list else page_arguments())
    if len(keys) < PER_PAGE:  # the page then has no filters to see or to clear
        wanted = MultiDict()
    return KeyList(
        keys,
        search=wanted.get("q", ""),
        state=wanted.get("state", ""),
        order=wanted.get("order", ""),
        page=wanted.get("page", 1, type=int),
        showing=showing,
    )


def _unneeded() -> list[ApiKey]:
    return [key for key in ApiKey.of(g.shop) if unneeded(key)]


@bp.get("/list")
def show() -> Response:
    """The list for another search or page; the page's URL follows it."""
    found = list_page(ApiKey.of(g.shop))
    url = in_app("keys.page", **found.as_arguments())
    return make_response(render_template("keys/_list.html", list=found), replace_url=url)


@bp.get("/unneeded")
def ask_delete() -> str:
    keys = _unneeded()
    return render_template("keys/_unneeded.html", keys=keys, ticked={key.id for key in keys})


@bp.post("/unneeded")
def delete() -> Response | tuple[str, int]:
    """Delete the ticked keys, except those that have been used meanwhile."""
    ticked = set(request.form.getlist("key", type=int))
    if not ticked:
        error = _("Tick at least one key.")
        keys = _unneeded()
        return render_template("keys/_unneeded.html", keys=keys, ticked=ticked, error=error), 422
    g.shop.lock()
    ApiKey.lock(ApiKey.shop_id == g.shop.id)
    deleted = [key for key in _unneeded() if key.id in ticked]
    for key in deleted:
        key.delete()
        record_activity("key.deleted", key)
    db.session.commit()
    return card_and_toast(
        ngettext("%(num)s API key deleted", "%(num)s API keys deleted", len(deleted))
    )
