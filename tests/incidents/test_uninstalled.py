"""A shop that left, and came back: docs/security.md, 6."""

import pytest

from models import db, now
from models.activity import Activity
from models.api_key import ApiKey
from models.job import EXPORT, Job, new_id
from models.notice import Notice
from models.shop import Shop
from models.webhook_delivery import WebhookDelivery
from shops.webhooks import handle
from tests.cast import ALICE, BOB, Merchant, Script, authenticate, make_key
from tests.webhooks import send

ENDED = "key.uninstalled"


@pytest.fixture
def keys(shop, other_shop):
    """Two keys of Alice's, one of which she had deleted, and one of Bob's: their full texts."""
    gone, _ = make_key(shop, "products:export", name="Gone before")
    gone.delete()
    alices = make_key(shop, "products:export", name="Alices")[1]
    return alices, make_key(other_shop, "products:export", name="Bobs")[1]


def uninstall(app):
    """Alice uninstalls: Shopify, which does not know her tokens, is asked and confirms it."""
    assert send(app, domain=ALICE).status_code == 200
    for delivery_id in db.session.scalars(db.select(WebhookDelivery.id)).all():
        handle(delivery_id)
    db.session.expire_all()


def trail():
    found = db.session.scalars(db.select(Activity).filter_by(kind=ENDED))
    return [(activity.shop_id, activity.subject, activity.actor_kind) for activity in found]


def test_incident_6_a_shop_that_left_has_no_working_key_and_no_other_shops_data(app, shop, keys):
    alices, bobs = keys
    job = Job(id=new_id(EXPORT), shop_id=shop.id, key_id=1, kind=EXPORT, types=["products"])
    uninstall(app)
    for path in ("/key", "/exports", f"/exports/{job.id}", "/imports"):
        answer = Script(app, alices).get(path)
        assert (answer.status_code, answer.json["code"]) == (401, "key_invalid"), path
    assert Script(app, bobs).get("/key").json["shop"]["domain"] == BOB


def test_incident_6_the_uninstall_is_recorded_for_its_own_keys_and_mailed_to_nobody(
    app, shop, keys
):
    told = db.session.scalar(db.select(db.func.count(Notice.id)))
    uninstall(app)
    uninstall(app)
    assert trail() == [(shop.id, "Alices", "system")]
    assert db.session.scalar(db.select(db.func.count(Notice.id))) == told


@pytest.mark.parametrize("column", ["deleted_at", "uninstalled_at"])
def test_incident_6_each_of_two_locks_holds_alone(app, shop, keys, column):
    """A key of a shop that left works neither by its own row nor by its shop's."""
    table = ApiKey if column == "deleted_at" else Shop
    row = table.shop_id if table is ApiKey else table.id
    db.session.execute(db.update(table).where(row == shop.id).values({column: now()}))
    db.session.commit()
    assert authenticate(keys[0]) is None
    assert authenticate(keys[1]) is not None


def test_incident_6_a_shop_that_comes_back_finds_its_old_keys_ended(app, standin, keys):
    alices, bobs = keys
    uninstall(app)
    shop = Shop.by_domain(ALICE)
    assert shop
    shop.welcome(
        {
            "access_token": "shpat_new",
            "expires_in": 3600,
            "refresh_token": "shprt_new",
            "refresh_token_expires_in": 7_776_000,
            "scope": "",
        }
    )
    db.session.commit()
    text = Merchant(app, ALICE).get("/settings/keys/").text
    assert "Alices" not in text and "Gone before" not in text
    assert "ended key “Alices”: the app was uninstalled" in (
        Merchant(app, ALICE).get("/settings/activity/").text
    )
    assert Script(app, alices).get("/key").status_code == 401
    assert Script(app, bobs).get("/key").status_code == 200
    assert all(
        key.secret_box is None
        for key in db.session.scalars(db.select(ApiKey).filter_by(shop_id=shop.id))
    )
