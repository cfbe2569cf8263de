"""The rules of a shop for its keys: at once for new ones, after a week for those that there are."""

from datetime import datetime, timedelta

import pytest

from jobs.workflows import erase
from models import db, now
from models.activity import Activity
from models.api_key import ApiKey
from models.key_rules import LEFT, wanted
from models.notice import Notice
from tests.cast import Script, make_key, problem, shop_of
from tests.markup import one, select, text
from tests.workload_rules import make_rule
from transfer.permissions import PERMISSIONS

PAGE, KEYS, RULES = "/settings/keys/", "/settings/keys/", "/settings/keys/rules"
ALL = {
    "longest_days": "90",
    "addresses": "true",
    "no_full_access": "true",
    "second_person": "true",
}
NEW = {"name": "Nightly", "expires": "90", "permission": ["products:export"]}


def found(name: str) -> ApiKey | None:
    db.session.expire_all()
    named = db.select(ApiKey).filter_by(name=name, deleted_at=None)
    return db.session.scalar(named.order_by(ApiKey.id.desc()).limit(1))


def key_named(name: str) -> ApiKey:
    key = found(name)
    assert key
    return key


def end_of(name: str) -> datetime:
    """From when on a key that breaks a rule is refused."""
    end = key_named(name).rule_ends_at
    assert end
    return end


def a_week_later() -> None:
    """Let the week of every key be over."""
    past = ApiKey.rule_ends_at.is_not(None)
    db.session.execute(db.update(ApiKey).where(past).values(rule_ends_at=now()))
    db.session.commit()


@pytest.mark.both_databases
def test_a_key_that_breaks_a_new_rule_is_named_given_a_week_and_then_refused(app, merchant, shop):
    _, good_text = make_key(shop, "products:export", name="Good")
    key_named("Good").allowed_addresses = "127.0.0.1"
    _, bad_text = make_key(shop, "products:export", name="Open")
    answer = merchant.put(RULES, data={"addresses": "true"})
    assert "Rules saved" in answer.headers["HX-Trigger"]
    assert text(answer, "#rules .names strong") == "Open"
    assert "need a list of the IP addresses" in text(answer, "#rules .names")
    ends = end_of("Open")
    assert abs(ends - now() - LEFT) < timedelta(minutes=1)
    assert key_named("Good").rule_ends_at is None
    [mail] = db.session.scalars(db.select(Notice).filter_by(kind="key.rules_changed"))
    assert mail.payload["detail"]["keys"] == ["Open"]

    bad, good = Script(app, bad_text), Script(app, good_text)
    assert bad.get("/key").status_code == 200
    a_week_later()
    answer = problem(bad.get("/key"), 403, "rule_broken")
    assert "need a list of the IP addresses" in answer["detail"]
    assert good.get("/key").status_code == 200
    erase()
    erase()
    told = db.session.scalars(db.select(Activity).filter_by(kind="key.rule_ended")).all()
    assert [each.subject for each in told] == ["Open"]
    assert db.session.scalars(db.select(Notice).filter_by(kind="key.rule_ended")).all()
    assert "Refused: breaks a rule" in text(merchant.get(PAGE))

    more = {"expires": "keep", "name": "Open", "allowed_addresses": "127.0.0.1"}
    path = f"{KEYS}{key_named('Open').id}"
    assert merchant.put(path, data=NEW | more).status_code == 200
    assert bad.get("/key").status_code == 200
    assert select(merchant.get(PAGE), "#rules .names") == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"expires": "365"}, "expires"),
        ({"expires": "never"}, "expires"),
        ({"allowed_addresses": ""}, "allowed_addresses"),
        ({"allowed_addresses": "0.0.0.0/0"}, "allowed_addresses"),
        ({"allowed_addresses": "203.0.113.7\n::/1"}, "allowed_addresses"),
        ({"permission": list(PERMISSIONS)}, "permissions"),
    ],
)
def test_a_new_key_keeps_to_the_rules_at_once(merchant, shop, more, field):
    merchant.put(RULES, data=ALL)
    good = NEW | {"allowed_addresses": "203.0.113.7"}
    answer = merchant.post(KEYS, data=good | more)
    assert answer.status_code == 422
    assert one(answer, f"#{field}-error").get_text().startswith("Keys of this store")
    assert found("Nightly") is None
    assert merchant.post(KEYS, data=good).status_code == 200
    assert key_named("Nightly").rule_ends_at is None


def test_a_change_that_breaks_no_further_rule_is_saved(merchant, shop):
    make_key(shop, "products:export", "orders:export", days=None)
    merchant.put(RULES, data=ALL)
    ends = key_named("Nightly").rule_ends_at
    path = f"{KEYS}{key_named('Nightly').id}"
    assert merchant.put(path, data=NEW | {"expires": "keep"}).status_code == 200
    assert key_named("Nightly").permissions == {"products:export"}
    assert key_named("Nightly").rule_ends_at == ends
    answer = merchant.put(path, data=NEW | {"expires": "keep", "permission": list(PERMISSIONS)})
    assert answer.status_code == 422


def test_a_rotated_key_lives_no_longer_than_the_rules_let_it(merchant, shop):
    make_key(shop, "products:export", days=None)
    merchant.put(RULES, data={"longest_days": "30"})
    path = f"{KEYS}{key_named('Nightly').id}/rotation"
    assert merchant.post(path, data={"overlap": "none"}).status_code == 200
    successor = key_named("Nightly")
    assert successor.rule_ends_at is None
    assert successor.expires_at and successor.expires_at - now() <= timedelta(days=30)


def test_a_rule_that_stays_keeps_its_week_and_a_narrower_one_starts_again(merchant, shop):
    make_key(shop, "products:export", days=365)
    merchant.put(RULES, data={"addresses": "true", "longest_days": "365"})
    first = end_of("Nightly")
    merchant.put(RULES, data={"addresses": "true", "longest_days": "30"})
    assert end_of("Nightly") == first
    merchant.put(RULES, data={"longest_days": "30"})
    assert end_of("Nightly") > first
    merchant.put(RULES, data={"longest_days": "365"})
    assert key_named("Nightly").rule_ends_at is None
    said = text(merchant.get("/settings/activity/"))
    assert "changed the rules for keys" in said and "live for at most 30 days" in said


def test_rules_that_another_tab_set_are_not_undone_unseen(merchant, shop):
    stale = {"version": one(merchant.get(PAGE), "#rules [name=version]")["value"]}
    merchant.put(RULES, data={"addresses": "true"} | stale)
    told = merchant.put(RULES, data={"longest_days": "30"} | stale)
    assert told.status_code == 422 and "in another tab" in told.text
    assert one(told, "#rule-addresses[checked]")
    assert wanted(shop_of(shop.domain).key_rules) == {"addresses": True}
    seen = {"version": one(told, "[name=version]")["value"]}
    assert merchant.put(RULES, data={"longest_days": "30"} | seen).status_code == 200
    db.session.expire_all()
    assert wanted(shop_of(shop.domain).key_rules) == {"longest_days": 30}


def test_rules_that_do_not_exist_are_refused(merchant, shop):
    answer = merchant.put(RULES, data={"longest_days": "1"})
    assert answer.status_code == 422 and one(answer, "#longest-error").get_text()
    assert shop_of(shop.domain).key_rules == {}


def test_another_shops_rules_stop_no_key_of_this_one(stranger, shop, other_shop, script):
    make_key(shop, "products:export", days=None, name="Open")
    make_key(other_shop, "products:export", days=None, name="Bob's")
    stranger.put(RULES, data=ALL)
    assert key_named("Open").rule_ends_at is None and key_named("Bob's").rule_ends_at is not None
    assert shop_of(shop.domain).key_rules == {}
    assert "Open" not in stranger.get(PAGE).text
    a_week_later()
    assert script.get("/key").status_code == 200


def test_a_trusted_workload_keeps_to_the_rules_but_for_how_long_it_is_trusted(merchant, shop):
    rule = make_rule(shop)
    assert rule.key.expires_at is None
    answer = merchant.put(RULES, data={"longest_days": "30"})
    assert select(answer, "#broken-keys li") == []
    answer = merchant.put(RULES, data={"longest_days": "30", "addresses": "true"})
    assert rule.key.name in text(answer, "#broken-keys li strong")
    [button] = select(answer, "#broken-keys button")
    assert one(merchant.get(str(button["hx-get"])), "#key-addresses")
