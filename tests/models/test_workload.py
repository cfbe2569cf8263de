"""Short-lived keys of trusted workloads: they stand for their rule's key, as it is at each call."""

from datetime import timedelta

import pytest
from flask import Flask

from blueprints.keys.list_query import unneeded
from models import db, now
from models.activity import Activity
from models.api_key import ApiKey
from models.erasure import erase_shop
from models.key_check import Caller, find
from models.shop import Shop
from models.workload import WorkloadKey, WorkloadRule
from tests.cast import Merchant, Script, make_key, problem
from tests.workload_rules import HOUR, issue, make_rule, used

FIVE = timedelta(minutes=5)


def caller(text: str) -> Caller:
    found = find(text)
    assert found
    return found


@pytest.fixture
def rule(shop: Shop) -> WorkloadRule:
    return make_rule(shop)


def test_a_short_lived_key_does_what_its_rule_may(app: Flask, rule: WorkloadRule) -> None:
    text = issue(rule)
    answer = Script(app, text).get("/key")
    assert answer.status_code == 200
    assert answer.json["permissions"] == {"export": ["products"], "import": []}
    assert answer.json["preview"] == f"{text[:11]}…{text[-4:]}"
    ends = caller(text).expires_at
    assert ends and timedelta(minutes=4) < ends - now() <= timedelta(minutes=5)


def test_an_id_token_is_used_once(rule: WorkloadRule, other_shop: Shop) -> None:
    issue(rule, "same")
    assert WorkloadKey.issue(rule, FIVE, used("same")) is None
    assert WorkloadKey.issue(make_rule(other_shop), FIVE, used("same")) is None
    assert issue(rule, "another")


def test_what_is_done_to_the_rule_bites_at_the_next_call(rule: WorkloadRule) -> None:
    text = issue(rule)
    rule.key.permissions = ["redirects:export"]
    db.session.commit()
    assert caller(text).permissions == {"redirects:export"}
    rule.key.disabled_at = now()
    db.session.commit()
    assert caller(text).over == "disabled"
    rule.key.disabled_at = None
    rule.key.expires_at = now() + timedelta(minutes=1)
    db.session.commit()
    assert caller(text).over is None
    assert caller(text).expires_at == rule.key.expires_at
    rule.key.delete()
    db.session.commit()
    assert caller(text).over == "deleted"


def test_a_key_ends_by_itself_and_no_one_is_told(app: Flask, rule: WorkloadRule) -> None:
    text = issue(rule)
    db.session.execute(db.update(WorkloadKey).values(expires_at=now()))
    db.session.commit()
    problem(Script(app, text).get("/key"), 401, "key_invalid")
    assert db.session.scalars(db.select(Activity)).all() == []


def test_a_leaked_key_ends_alone(app: Flask, rule: WorkloadRule) -> None:
    leaked, other = issue(rule, "1"), issue(rule, "2")
    for _ in range(2):
        assert app.test_client().post("/api/v1/leaked-keys", data=leaked).status_code == 204
    assert find(leaked) is None
    assert caller(other).over is None
    [activity] = db.session.scalars(db.select(Activity)).all()
    assert (activity.kind, activity.subject) == ("workload.leaked", "Nightly")
    assert WorkloadKey.issue(rule, FIVE, used("1")) is None


def test_what_is_over_is_swept_and_no_sooner(rule: WorkloadRule) -> None:
    lasting, over = used("good for long"), used("over with its key", -HOUR)
    WorkloadKey.issue(rule, FIVE, lasting)
    WorkloadKey.issue(rule, -FIVE, over)
    WorkloadKey.purge()
    db.session.commit()
    assert WorkloadKey.issue(rule, FIVE, used("good for long")) is None
    assert WorkloadKey.issue(rule, FIVE, used("over with its key"))


def test_the_key_of_a_rule_is_no_key_that_a_person_can_see_or_renew(
    merchant: Merchant, shop: Shop, rule: WorkloadRule
) -> None:
    own, _ = make_key(shop, "products:export", name="Own")
    assert ApiKey.of(shop) == [own]
    assert rule.key.reveal() is None
    assert not unneeded(rule.key)
    at = f"/settings/keys/{rule.key_id}"
    for path in (f"{at}/reveal", f"{at}/permissions", f"{at}/rotation", f"{at}/delete"):
        assert merchant.get(path).status_code == 404
    assert merchant.post(f"{at}/rotation", data={"overlap": "none"}).status_code == 404
    assert merchant.delete(at).status_code == 404


def test_rules_belong_to_their_shop(shop: Shop, other_shop: Shop, rule: WorkloadRule) -> None:
    assert WorkloadRule.of(shop) == [rule]
    assert WorkloadRule.of(other_shop) == []
    named = WorkloadRule.named(rule.handle)
    assert named and named == (rule, shop)
    shop.uninstalled_at = now()
    db.session.commit()
    assert WorkloadRule.named(rule.handle) is None


def test_an_erased_shop_takes_its_rules_along(shop: Shop, rule: WorkloadRule) -> None:
    issue(rule)
    counts = erase_shop(shop.id)
    db.session.commit()
    assert (counts["workload_rules"], counts["workload_keys"]) == (1, 1)
