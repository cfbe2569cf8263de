"""What the row of a key says of its end, and of its last use."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from models import db, now
from models.api_key import ApiKey
from tests.cast import make_key
from tests.markup import one, select

LONG_AGO, LATER = datetime(2020, 1, 1, 18, tzinfo=UTC), datetime(2999, 1, 1, 18, tzinfo=UTC)


@pytest.fixture
def key(shop) -> ApiKey:
    return make_key(shop, "products:export")[0]


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (None, "Never expires"),
        (LONG_AGO, "Expired 1 Jan 2020"),
        (LATER, "Expires 1 Jan 2999"),
    ],
)
def test_a_row_says_when_the_key_ends(merchant, key, ends, said):
    key.expires_at = ends
    db.session.commit()
    assert said in one(merchant.get("/settings/keys/"), f"#key-{key.id}").get_text()


def test_an_end_that_is_near_is_told_in_days(merchant, key):
    key.expires_at = now() + timedelta(days=6)
    db.session.commit()
    badge = one(merchant.get("/settings/keys/"), f"#key-{key.id} .badge.warning")
    assert re.fullmatch("Expires in [5-7] days", badge.get_text())


def test_the_exact_time_is_the_title_of_the_day(merchant, key):
    key.expires_at = key.last_used_at = LONG_AGO
    db.session.commit()
    *_, used = select(merchant.get("/settings/keys/"), f"#key-{key.id} time")
    assert used.get_text() == "1 Jan 2020"
    assert re.fullmatch(r"1 Jan 2020, \d\d:00:00 \w+", str(used["title"]))
