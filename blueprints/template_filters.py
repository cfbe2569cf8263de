"""Filters and globals of the templates: dates and times in words, and URLs within the app."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from math import inf
from typing import Literal
from urllib.parse import parse_qsl

from babel.dates import format_timedelta
from flask import Flask, current_app, g, request, url_for
from markupsafe import Markup, escape

from config import ROOT
from models import now
from models.expiry import CHOICES, last_date
from models.rotation import OVERLAPS
from transfer.permissions import (
    COLUMNS,
    HEADINGS,
    PERMISSIONS,
    PRESETS,
    known_permissions,
    summary,
    words,
)
from transfer.types import ALL
from translations import _, dated, locale, number, zone_name
from translations.sentences import translated

DAY = 86_400
LABELS = frozenset(data_type.label for data_type in ALL)
KEPT_ARGUMENTS = ("host", "locale", "embedded")


def register(app: Flask) -> None:
    app.add_template_filter(ago)
    app.add_template_filter(day)
    app.add_template_filter(last_day)
    app.add_template_filter(days_left)
    app.add_template_filter(ahead)
    app.add_template_filter(left)
    app.add_template_filter(until)
    app.add_template_filter(clock)
    app.add_template_filter(day_and_time)
    app.add_template_filter(time_tag)
    app.add_template_filter(summary)
    app.add_template_filter(known_permissions)
    app.add_template_filter(words, "in_words")
    app.add_template_filter(dated)
    app.add_template_filter(localized)
    app.add_template_filter(number)
    app.add_template_global(asset)
    app.add_template_global(in_app)
    app.add_template_global(page_arguments)
    app.add_template_global(command_line)
    app.add_template_filter(frozenset, "set")
    app.jinja_env.globals |= {
        "CHOICES": CHOICES,
        "COLUMNS": COLUMNS,
        "HEADINGS": HEADINGS,
        "PERMISSIONS": PERMISSIONS,
        "PRESETS": PRESETS,
        "TYPES": ALL,
        "OVERLAPS": OVERLAPS,
        "now": now,
    }


def ago(when: datetime | None) -> str:
    """How long ago: ``4 minutes ago``, ``yesterday``, ``12 Nov 2026``."""
    if when is None:
        return _("never")
    seconds = (now() - when).total_seconds()
    if seconds < 60:
        return _("just now")
    if seconds < 3600:
        return _distance("minute", -(seconds // 60))
    if seconds < DAY:
        return _distance("hour", -(seconds // 3600))
    if seconds < 2 * DAY:
        return _("yesterday")
    return _distance("day", -(seconds // DAY)) if seconds < 7 * DAY else day(when)


def _distance(unit: Literal["day", "hour", "minute"], count: float) -> str:
    """``4 minutes ago`` for -4, ``in 7 days`` for 7, always in this unit."""
    delta = timedelta(**{f"{unit}s": count})
    return format_timedelta(delta, unit, threshold=inf, add_direction=True, locale=locale())


def localized(text: str) -> str:
    """A sentence about a file in the language of the page; text and no markup, as cells in it."""
    return translated(text, LABELS)


def day(when: datetime) -> str:
    """The date in the shop's time zone: ``12 Nov 2026``."""
    return dated(when.astimezone(g.shop.zone).date())


def last_day(end: datetime) -> str:
    """The date of the last day before ``end`` in the shop's time zone."""
    return dated(last_date(end, g.shop.zone))


def days_left(end: datetime) -> int:
    """How many days of the shop's time zone are left until the last day."""
    return (last_date(end, g.shop.zone) - g.shop.today).days


def ahead(end: datetime) -> str:
    """The last day in words: ``today``, ``tomorrow``, ``in 6 days``, ``12 Nov 2026``."""
    days = days_left(end)
    if days > 30:
        return last_day(end)
    return {0: _("today"), 1: _("tomorrow")}.get(days) or _distance("day", days)


def left(end: datetime) -> str:
    """How long it is until then: ``in 40 minutes``, ``in 6 hours``, ``in 7 days``."""
    seconds = (end - now()).total_seconds()
    if (minutes := round(seconds / 60)) < 60:
        return _distance("minute", max(1, minutes))
    hours = round(seconds / 3600)
    return _distance("hour", hours) if hours < 48 else _distance("day", round(seconds / DAY))


def until(when: datetime) -> str:
    """The time of day with its zone, and with the date unless that is today."""
    if when.astimezone(g.shop.zone).date() == g.shop.today:
        return clock(when)
    return _("%(time)s on %(day)s", time=clock(when), day=day(when))


def clock(when: datetime) -> str:
    """The time of day in the shop's time zone, which it names: ``14:02 CET``."""
    local = when.astimezone(g.shop.zone)
    return f"{local:%H:%M} {zone_name(local)}"


def day_and_time(when: datetime) -> str:
    """``12 Nov 2026, 14:02 CET``."""
    return f"{day(when)}, {clock(when)}"


def time_tag(when: datetime, text: str) -> Markup:
    """A ``<time>`` element with this text; the exact time is in its attributes."""
    local = when.astimezone(g.shop.zone)
    exact = f"{day(when)}, {local:%H:%M:%S} {zone_name(local)}"
    iso = when.isoformat(timespec="seconds")
    return Markup(f'<time datetime="{iso}" title="{escape(exact)}">{escape(text)}</time>')


def in_app(endpoint: str, **values: str) -> str:
    """The URL of a page of the app, with the shop and host that a reload needs."""
    kept = {name: value for name, value in page_arguments().items() if name in KEPT_ARGUMENTS}
    return url_for(endpoint, **{"shop": g.shop.domain} | kept | values)


def page_arguments() -> Mapping[str, str]:
    """The query arguments of the page; the requests for its fragments do not carry them."""
    address = request.headers.get("HX-Current-URL")
    if not address:
        return request.args
    query = address.partition("#")[0].partition("?")[2]
    return dict(parse_qsl(query))


@cache
def _fingerprint(filename: str) -> str:
    return sha256((ROOT / "static" / filename).read_bytes()).hexdigest()[:12]


def asset(filename: str) -> str:
    """The URL of a static file; it changes with its content, which is cached for a year."""
    return url_for("static", filename=filename, v=_fingerprint(filename))


def command_line() -> tuple[str, str]:
    """How a merchant starts the command line, and the server that it has to be told."""
    settings = current_app.config["SETTINGS"]
    return settings.CLI_COMMAND, settings.APP_URL
