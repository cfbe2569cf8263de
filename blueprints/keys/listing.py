"""Settings > API Keys with many keys: search, filters, pages, and deleting what nobody needs."""

from flask import Blueprint, Flask, g, render_template, request
from htmx_flask import make_response
from werkzeug.datastructures import MultiDict

from blueprints.keys.list_query import ORDERS, PER_PAGE, STATES, KeyList, unneeded
from blueprints.staff import did
from blueprints.template_filters import in_app, of_the_page
from models import db
from models.api_key import ApiKey
from translations import _, ngettext

bp = Blueprint("key_list", __name__, url_prefix="/settings/keys")


def register(app: Flask) -> None:
    app.add_template_global(listed)
    app.jinja_env.globals |= {"KEY_STATES": STATES, "KEY_ORDERS": ORDERS}


def listed(keys: list[ApiKey], showing: ApiKey | None = None) -> KeyList:
    """The page of the shop's keys that the address asks for, or that shows this key.

    After a change the list stays as the browser's address holds it.
    """
    shows_list = request.endpoint in ("keys.page", "key_list.show")
    asked = MultiDict(request.args if shows_list else of_the_page())
    if len(keys) < PER_PAGE:  # nothing on the page would show a filter, or take it back
        asked = MultiDict()
    return KeyList(
        keys,
        search=asked.get("q", ""),
        state=asked.get("state", ""),
        order=asked.get("order", ""),
        page=asked.get("page", 1, type=int),
        showing=showing,
    )


def _unneeded() -> list[ApiKey]:
    return [key for key in ApiKey.of(g.shop) if unneeded(key)]


@bp.get("/list")
def show():
    """The list for another search or page, which the page's address then holds."""
    found = listed(ApiKey.of(g.shop))
    address = in_app("keys.page", **found.as_arguments())
    return make_response(render_template("keys/_list.html", list=found), replace_url=address)


@bp.get("/unneeded")
def ask_delete():
    return render_template("keys/_unneeded.html", keys=_unneeded())


@bp.delete("/unneeded")
def delete():
    """Delete the ticked keys, but for those that were used meanwhile."""
    named = set(request.values.getlist("key", type=int))
    if not named:
        error = _("Tick at least one key.")
        return render_template("keys/_unneeded.html", keys=_unneeded(), error=error), 422
    g.shop.hold()
    ApiKey.hold(ApiKey.shop_id == g.shop.id)
    gone = [key for key in _unneeded() if key.id in named]
    for key in gone:
        key.delete()
        did("key.deleted", key)
    db.session.commit()
    body = render_template("keys/_card.html", keys=ApiKey.of(g.shop))
    body += render_template("keys/_no_dialog.html")
    said = ngettext("%(num)s API key deleted", "%(num)s API keys deleted", len(gone))
    return make_response(body, trigger={"toast": said})
