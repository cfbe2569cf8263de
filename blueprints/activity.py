"""Settings > Activity: who did what, when and from where; the same as CSV."""

from datetime import date
from itertools import groupby

from flask import Blueprint, Response, g, render_template, request

from blueprints.words import last_day
from models import db, now
from models.activity import Activity
from models.activity_query import ActivityQuery
from models.activity_words import KINDS, changes, sentence, who
from models.api_key import ApiKey
from transfer.formats.csv_file import table
from transfer.permissions import words

bp = Blueprint("activity", __name__, url_prefix="/settings/activity")
COLUMNS = ("Time", "Who", "What", "Changes", "Address")


@bp.get("/")
def page():
    keys = db.session.scalars(
        db.select(ApiKey).filter_by(shop_id=g.shop.id).order_by(ApiKey.name, ApiKey.id)
    )
    return render_template("activity/page.html", keys=list(keys), kinds=KINDS, **_list())


@bp.get("/list")
def rows():
    """The list for other filters."""
    return render_template("activity/_list.html", **_list())


@bp.get("/older")
def older():
    """The next page of the same list."""
    return render_template("activity/_days.html", **_list())


@bp.get("/activity.csv")
def download():
    """All that the filters find, as a spreadsheet; fetched by the page, with its token."""
    found = db.session.scalars(ActivityQuery.of(request.args).select(g.shop)).all()
    rows = (
        [
            activity.at.astimezone(g.shop.zone).strftime("%Y-%m-%d %H:%M:%S %z"),
            who(activity),
            _sentence(activity),
            "; ".join(_changes(activity)),
            activity.address,
        ]
        for activity in found
    )
    headers = {"Content-Disposition": 'attachment; filename="activity.csv"'}
    return Response(b"".join(table(list(COLUMNS), rows)), headers=headers, mimetype="text/csv")


def _list() -> dict:
    """What the list shows: the page's activities by day, and where the next page starts."""
    query = ActivityQuery.of(request.args)
    found, before = query.page(g.shop)
    last = query.last_shown(g.shop)
    today = now().astimezone(g.shop.zone).date()
    return {
        "query": query,
        "days": [(_named(day, today), day, list(those)) for day, those in groupby(found, _day)],
        "shown": last and _day(last),
        "before": before,
        "who": who,
        "sentence": _sentence,
        "changes": _changes,
    }


def _day(activity: Activity) -> date:
    return activity.at.astimezone(g.shop.zone).date()


def _named(day: date, today: date) -> str:
    back = (today - day).days
    return {0: "Today", 1: "Yesterday"}.get(back, f"{day.day} {day:%b %Y}")


def _sentence(activity: Activity) -> str:
    return sentence(activity, words)


def _changes(activity: Activity) -> list[str]:
    return changes(activity, words, last_day)
