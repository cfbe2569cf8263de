"""Staff act under their names, where Shopify tells them."""

from datetime import timedelta

import pytest

from models import db, now
from models.activity import STAFF, record
from models.notice import Notice
from models.staff_member import KEPT, StaffMember
from tests.cast import ALICE, Merchant, id_token, shop_of
from tests.markup import select, text

KEYS, ACTIVITY, JOBS = "/settings/keys/", "/settings/activity/", "/settings/jobs/"
NEW = {"name": "Hourly", "expires": "90", "permission": ["products:export"], "request_id": "r1"}


def names(shop):
    return StaffMember.names(shop.id)


@pytest.fixture
def visitor(app, store):
    """Of Alice's store at the stand-in, where nobody's name is known yet."""
    db.session.execute(db.delete(StaffMember))
    db.session.commit()
    return Merchant(app, ALICE)


def test_a_visit_brings_the_name_that_the_pages_and_mails_use(visitor):
    visitor.get(KEYS)
    assert names(shop_of(ALICE)) == {"8811": "Dana Staff"}

    visitor.post(KEYS, data=NEW)
    assert "by Dana Staff" in visitor.get(KEYS).text
    activity = visitor.get(ACTIVITY)
    assert [who.get_text() for who in select(activity, "td strong")] == ["Dana Staff"]
    for words, found in (("dana", 1), ("robin", 0)):
        assert len(select(visitor.get(f"{ACTIVITY}list?words={words}"), "td strong")) == found
    link = visitor.get(f"{ACTIVITY}file").headers["HX-Redirect"]
    assert ",Dana Staff (8811)," in visitor.client.get(link, buffered=True).text.replace('"', "")
    [notice] = db.session.scalars(db.select(Notice).filter_by(kind="key.created"))
    assert notice.payload["name"] == "Dana Staff"

    visitor.post("/settings/export/", data={"type": ["redirects"], "format": "csv"})
    assert "Dana Staff" in text(visitor.get(JOBS), ".job [id^=about]")
    for words, found in (("dana", 1), ("robin", 0)):
        assert len(select(visitor.get(f"{JOBS}search?words={words}"), ".job")) == found


def test_the_token_that_comes_with_the_name_is_not_kept(visitor, store):
    before = store.shop.access_token
    visitor.get(KEYS)
    db.session.expire_all()
    assert shop_of(ALICE).access_token == before


def test_where_shopify_tells_no_name_the_number_stands(visitor, store):
    store.misbehave(tokens_500=True)
    assert visitor.get(KEYS).status_code == 200
    visitor.post(KEYS, data=NEW)
    assert names(shop_of(ALICE)) == {}
    assert "Staff 8811" in visitor.get(ACTIVITY).text

    store.misbehave()
    visitor.get(KEYS)
    assert names(shop_of(ALICE)) == {}  # not asked again within the hour
    db.session.execute(db.update(StaffMember).values(ask_after=now()))
    db.session.commit()
    visitor.get(KEYS)
    assert names(shop_of(ALICE)) == {"8811": "Dana Staff"}


def test_a_name_outlives_the_silence_of_shopify(visitor, store):
    visitor.get(KEYS)
    db.session.execute(db.update(StaffMember).values(ask_after=now()))
    db.session.commit()
    store.misbehave(tokens_500=True)
    visitor.get(KEYS)
    assert names(shop_of(ALICE)) == {"8811": "Dana Staff"}


def test_each_member_has_a_name_and_no_other_store_knows_it(app, visitor, other_store):
    for who in ("8811", "8812"):
        headers = {"Authorization": f"Bearer {id_token(ALICE, sub=who)}"}
        app.test_client().get(KEYS, headers=headers)
    assert names(shop_of(ALICE)) == {"8811": "Dana Staff", "8812": "Robin Staff"}

    record(other_store.shop.id, "key.deleted", actor_kind=STAFF, actor="8812")
    db.session.commit()
    bob = Merchant(app, other_store.domain)
    assert "Staff 8812" in bob.get(ACTIVITY).text
    assert select(bob.get(f"{ACTIVITY}list?words=robin"), "td strong") == []


def test_who_has_not_visited_for_long_is_erased(visitor):
    visitor.get(KEYS)
    for ago, left in ((KEPT - timedelta(days=1), 1), (KEPT + timedelta(days=1), 0)):
        db.session.execute(db.update(StaffMember).values(ask_after=now() - ago))
        StaffMember.purge()
        db.session.commit()
        assert len(names(shop_of(ALICE))) == left
