"""When articles and pages are shown: ``Published`` and ``Published At``, which decide each other.

What is to be shown at a later time is hidden until then, and has that time; what is hidden
otherwise has none.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from transfer.types.base import Column
from transfer.types.forms import BOOLEAN, MOMENT, BadCell, Form, parse_boolean, parse_moment
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import Input, Parts

EMPTIES = {"Published": ("Published At",)}
"""Shopify forgets when something was published that is hidden."""


def _is_later(moment: str) -> bool:
    return datetime.fromisoformat(moment) > datetime.now(UTC)


def _shown_form(row: Mapping[str, str], facts: ShopFacts) -> Form:
    """What has a time to come is not shown before, whatever its cell says."""
    try:
        at = parse_moment(row.get("Published At", ""), facts)
    except BadCell:
        return BOOLEAN
    return SCHEDULED if _is_later(at) else BOOLEAN


def _time_form(row: Mapping[str, str], facts: ShopFacts) -> Form:
    """What is hidden has no time that is past."""
    try:
        hidden = not parse_boolean(row.get("Published", ""))
    except BadCell:
        return MOMENT
    return OF_HIDDEN if hidden else MOMENT


def _parse_later(cell: str, facts: ShopFacts) -> str | None:
    moment = parse_moment(cell, facts)
    return moment if _is_later(moment) else None


SCHEDULED = replace(BOOLEAN, parse=lambda cell, facts: parse_boolean(cell) and False)
OF_HIDDEN = replace(MOMENT, parse=_parse_later)
COLUMNS = (
    Column(
        "Published", "isPublished", BOOLEAN, write="isPublished", clears=False, form_in=_shown_form
    ),
    Column("Published At", "publishedAt", MOMENT, write="publishDate", form_in=_time_form),
)


def complete(made: Input, parts: Parts) -> Input:
    """Shopify refuses to show something now and at a time to come, and takes no time for what is
    hidden."""
    at, shown = made.get("publishDate"), made.get("isPublished")
    if isinstance(at, str) and _is_later(at):
        return {name: value for name, value in made.items() if name != "isPublished"}
    if shown is False:
        return {name: value for name, value in made.items() if name != "publishDate"}
    return made
