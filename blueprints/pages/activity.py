"""Settings > Activity: who did what, when and from where, on a page and as CSV."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, g, render_template, request, stream_with_context
from htmx_flask import make_response
from sqlalchemy import Select
from werkzeug.datastructures import MultiDict

from blueprints import signed_links, transfers
from blueprints.pages.activity_query import ActivityQuery
from blueprints.pages.activity_wording import KINDS, changes, sentence, who
from blueprints.template_filters import in_app, last_day
from models import db
from models.activity import STAFF, Activity
from models.api_key import ApiKey
from transfer.formats.csv_writer import table
from transfer.permissions import words
from translations import N_, _, dated

bp = Blueprint("activity", __name__, url_prefix="/settings/activity")
files = Blueprint("activity_files", __name__, url_prefix="/downloads")
COLUMNS = (N_("Time"), N_("Who"), N_("What"), N_("Changes"), N_("Address"))
FEW = 6
"""How many parts of a change are shown before the rest is folded."""
BATCH = 500
"""How many activities are in memory at a time while the file streams."""


@bp.get("/")
def page() -> str:
    keys = db.session.scalars(
        db.select(ApiKey).filter_by(shop_id=g.shop.id).order_by(ApiKey.name, ApiKey.id)
    )
    return render_template("activity/page.html", keys=list(keys), kinds=KINDS, **_list())


@bp.get("/list")
def rows() -> Response:
    """The list for other filters; the page's URL follows it."""
    found = _list()
    url = in_app("activity.page", **found["query"].as_arguments())
    body = render_template("activity/_list.html", **found)
    body += render_template("_announced.html", shown=found["count"], nothing=_("No activity found"))
    return make_response(body, replace_url=url)


@bp.get("/older")
def older() -> str:
    """The next page of the same list."""
    return render_template("activity/_days.html", **_list())


@bp.get("/file")
def ask_file() -> tuple[str, int, dict[str, str]]:
    """Download everything that the filters find as CSV."""
    return signed_links.start_download(
        "activity_files.download", **ActivityQuery.parse(request.args).as_arguments()
    )


@files.get("/activity.csv")
def download() -> Response:
    query = ActivityQuery.parse(MultiDict(g.link)).select(g.shop)
    file = table([_(name) for name in COLUMNS], _cells(query.execution_options(yield_per=BATCH)))
    headers = {"Content-Disposition": 'attachment; filename="activity.csv"'}
    response = Response(stream_with_context(file), headers=headers, mimetype="text/csv")
    return transfers.counted(response)


def _cells(query: Select[Activity]) -> Iterator[list[str]]:
    for activity in db.session.scalars(query):
        yield [
            activity.at.astimezone(g.shop.zone).strftime("%Y-%m-%d %H:%M:%S %z"),
            _who_exactly(activity),
            _sentence(activity),
            "; ".join(_changes(activity)),
            activity.address,
        ]


def _who_exactly(activity: Activity) -> str:
    """Who it was, of staff with their number: two may have one name."""
    named, staff = who(activity), activity.actor_kind == STAFF
    return named if not staff or activity.actor in named else f"{named} ({activity.actor})"


def _list() -> dict[str, Any]:
    """The context of the list: a page of activities by day, and where the next page starts."""
    query = ActivityQuery.parse(request.args)
    found, before = query.page(g.shop)
    last = query.last_shown(g.shop)
    return {
        "query": query,
        "days": [(_day_name(day), day, list(group)) for day, group in groupby(found, _day)],
        "shown": last and _day(last),
        "count": len(found),
        "before": before,
        "who": who,
        "sentence": _sentence,
        "changes": _changes,
        "FEW": FEW,
    }


def _day(activity: Activity) -> date:
    return activity.at.astimezone(g.shop.zone).date()


def _day_name(day: date) -> str:
    back = (g.shop.today - day).days
    return {0: _("Today"), 1: _("Yesterday")}.get(back) or dated(day)


def _sentence(activity: Activity) -> str:
    return sentence(activity, words)


def _changes(activity: Activity) -> list[str]:
    return changes(activity, words, last_day)
