"""The words for the end of a key, in the days of the shop's own time zone."""

from datetime import datetime, timedelta

import pytest
from flask import g

from blueprints.template_filters import ahead, days_left, last_day
from models import now


@pytest.fixture
def midnight(app, shop):
    """The next midnight of a shop in Auckland, where the day is not that of UTC."""
    shop.timezone = "Pacific/Auckland"
    with app.app_context(), app.test_request_context():
        g.shop = shop
        today = now().astimezone(shop.zone).date()
        yield datetime.combine(today + timedelta(days=1), datetime.min.time(), shop.zone)


@pytest.mark.parametrize(
    ("days", "words"), [(0, "today"), (1, "tomorrow"), (2, "in 2 days"), (30, "in 30 days")]
)
def test_a_near_end_is_told_by_its_last_day(midnight, days, words):
    end = (midnight.replace(tzinfo=None) + timedelta(days=days)).replace(tzinfo=midnight.tzinfo)
    assert days_left(end) == days
    assert ahead(end) == words


def test_a_far_end_is_told_by_its_date(midnight):
    end = midnight.replace(year=midnight.year + 2, month=1, day=1)
    assert ahead(end) == last_day(end) == f"31 Dec {midnight.year + 1}"


def test_an_end_within_a_day_has_that_day_as_its_last(midnight):
    assert last_day(midnight.replace(year=2026, month=11, day=12, hour=14)) == "12 Nov 2026"
    assert last_day(midnight.replace(year=2026, month=11, day=12, hour=0)) == "11 Nov 2026"
