"""The plan of a shop: from each back end, kept for a grace period, looked after by the worker."""

from datetime import timedelta

import pytest

from models import db, now
from models.activity import Activity
from models.shop import Shop
from shops.plan import refresh, refresh_all
from tests.cast import make_key
from tests.scripted import Reply

pytestmark = pytest.mark.both_databases

ALWAYS = timedelta(0)
SHOP: Reply = (200, {}, {"data": {"shop": {"id": "gid://shopify/Shop/34"}}})
DOWN: Reply = (503, {}, {})


def admin(name: str | None) -> tuple:
    found = [{"name": name, "status": "ACTIVE"}] if name else []
    return 200, {}, {"data": {"currentAppInstallation": {"activeSubscriptions": found}}}


def partner(handle: str | None) -> tuple:
    found = {"items": [{"handle": handle}]} if handle else None
    return 200, {}, {"data": {"activeSubscription": found}}


@pytest.fixture
def settings(app, scripted):
    """Settings under which Shopify answers from the script; as they were afterwards."""
    before = app.config["SETTINGS"]
    changed = {
        "SHOPIFY_ORIGIN": scripted.url + "/{shop}",
        "PARTNER_URL": scripted.url + "/{org}",
        "PARTNER_ORG_ID": "77",
        "PARTNER_APP_ID": "12",
        "PARTNER_TOKEN": "prtapi_x",
    }
    app.config["SETTINGS"] = before.model_copy(update=changed)
    yield app.config["SETTINGS"]
    app.config["SETTINGS"] = before


def age(shop, **columns) -> None:
    for name, value in columns.items():
        setattr(shop, name, value)
    db.session.commit()


@pytest.mark.parametrize(
    ("name", "kept"), [("Pro", "Pro"), (None, "Free"), ("pro", "pro"), ("Gold", "Gold")]
)
def test_the_admin_api_tells_names(shop, settings, scripted, name, kept):
    scripted.says(admin(name))
    refresh(shop, older_than=ALWAYS)
    assert shop.plan == kept


@pytest.mark.parametrize(
    ("handle", "kept"), [("pro", "Pro"), (None, "Free"), ("Pro", "Pro"), ("gold", "gold")]
)
def test_the_partner_api_tells_handles(shop, settings, scripted, handle, kept):
    settings.PLAN_SOURCE = "partner"
    scripted.says(SHOP, partner(handle))
    refresh(shop, older_than=ALWAYS)
    assert shop.plan == kept
    assert scripted.seen[-1][0]["X-Shopify-Access-Token"] == "prtapi_x"


def test_a_fixed_plan_asks_nobody(shop, settings, scripted):
    settings.PLAN_SOURCE = "fixed:Free"
    refresh(shop, older_than=ALWAYS)
    assert (shop.plan, scripted.seen) == ("Free", [])


def test_a_fresh_answer_is_not_asked_for_again(shop, settings, scripted):
    refresh(shop)
    assert scripted.seen == []


def test_a_plan_stands_while_shopify_is_silent_and_ends_with_the_grace(shop, settings, scripted):
    scripted.says(DOWN, DOWN)
    age(shop, plan_checked_at=now() - timedelta(hours=71))
    refresh(shop, older_than=ALWAYS)
    assert shop.plan == "Pro"
    age(shop, plan_checked_at=now() - timedelta(hours=73))
    refresh(shop, older_than=ALWAYS)
    assert shop.plan == "Free"
    [change] = db.session.scalars(db.select(Activity))
    assert change.detail == {"old": "Pro", "new": "Free"}


def test_a_visit_does_not_wait_for_the_same_silence_twice(shop, settings, scripted):
    scripted.says(DOWN)
    age(shop, plan_checked_at=now() - timedelta(hours=1))
    refresh(shop)
    refresh(shop)
    assert len(scripted.seen) == 1


def test_the_worker_asks_hourly_for_shops_with_keys(shop, other_shop, settings, scripted):
    make_key(shop)
    for one in (shop, other_shop):
        age(one, plan_checked_at=now() - timedelta(minutes=59))
    refresh_all()
    assert scripted.seen == []
    for one in (shop, other_shop):
        age(one, plan_checked_at=now() - timedelta(minutes=61))
    scripted.says(admin(None))
    refresh_all()
    assert (shop.plan, other_shop.plan) == ("Free", "Pro")


def test_of_a_shop_without_the_app_nobody_asks(shop, settings, scripted, caplog):
    make_key(shop)
    age(shop, plan_checked_at=now() - timedelta(hours=2), uninstalled_at=now())
    refresh_all()
    assert scripted.seen == [] and caplog.text == ""


def test_of_two_processes_that_see_a_change_one_records_it(shop, settings):
    settings.PLAN_SOURCE = "fixed:Free"
    assert shop.plan == "Pro"
    with db.engine.begin() as other:
        other.execute(db.update(Shop.__table__).values(plan="Free"))
    refresh(shop, older_than=ALWAYS)
    assert shop.plan == "Free"
    assert db.session.scalars(db.select(Activity)).all() == []
