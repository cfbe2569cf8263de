"""Keys that are refused: from a wrong address, over, without a permission; and what is recorded."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models import db, now, refusal
from models.activity import Activity
from models.api_key import ApiKey
from models.key_check import record_use
from tests.cast import Script, holder, make_key

pytestmark = pytest.mark.both_databases


def refusals():
    db.session.expire_all()
    kept = db.session.scalars(db.select(Activity).filter_by(kind="key.refused"))
    return [(a.subject, a.detail["reason"], a.detail["needs"], a.address) for a in kept]


@pytest.fixture
def bound(app, shop):
    """A program with a key that is bound to one network of each kind."""
    key, text = make_key(shop, "products:export", name="Bound")
    key.allowed_addresses = "203.0.113.0/24 2001:db8::/32"
    db.session.commit()
    return Script(app, text)


def calls_from(program, address, **headers):
    return program.get("/key", environ_base={"REMOTE_ADDR": address}, headers=headers)


@pytest.mark.parametrize("address", ["203.0.113.7", "::ffff:203.0.113.7", "2001:db8:1::7"])
def test_a_key_works_from_an_address_that_it_allows(bound, address):
    assert calls_from(bound, address).status_code == 200


@pytest.mark.parametrize("address", ["203.0.114.7", "::ffff:198.51.100.1", "2001:db9::7", ""])
def test_a_key_does_not_work_from_another_address(bound, address):
    answer = calls_from(bound, address)
    assert (answer.status_code, answer.json["code"]) == (403, "address_not_allowed")


def test_incident_12_a_spoofed_forwarded_for_opens_no_allowlist(bound):
    forged = {"X-Forwarded-For": "203.0.113.7"}
    assert calls_from(bound, "198.51.100.1", **forged).status_code == 403


CHANGES: dict[str, dict[str, Any]] = {
    "disable": {"disabled_at": timedelta(0)},
    "expiry": {"expires_at": timedelta(0)},
    "retirement": {"retires_at": timedelta(0)},
    "addresses": {"allowed_addresses": "198.51.100.0/24"},
    "permissions": {"permissions_text": "files:export"},
}


@pytest.mark.parametrize("change", CHANGES)
def test_incident_8_every_change_of_a_key_holds_from_the_next_call_on(app, shop, change):
    key, text = make_key(shop, "products:export", name="Watched")
    program = Script(app, text)
    assert program.get("/exports").status_code == 200
    for column, value in CHANGES[change].items():
        setattr(key, column, now() + value if isinstance(value, timedelta) else value)
    db.session.commit()
    answer = program.post("/exports", json={"types": ["products"]})
    assert answer.status_code in (401, 403)
    over = change in ("disable", "expiry", "retirement")
    assert answer.json["code"] == "key_invalid" if over else answer.status_code == 403


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        ("orders:export", "draft_orders"),
        ("draft_orders:export", "orders"),
        ("orders", "orders"),
        ("orders:", "orders"),
        ("orders:exports", "orders"),
        ("orders:expor", "orders"),
        ("ORDERS:EXPORT", "orders"),
        ("orders :export", "orders"),
        ("orders:import", "orders"),
        ("\u043erders:export", "orders"),
        ("*", "orders"),
        ("*:export", "orders"),
        ("", "orders"),
    ],
)
def test_incident_5_a_permission_opens_only_what_it_names(app, shop, held, asked):
    key, text = make_key(shop, "orders:export")
    key.permissions_text = held
    db.session.commit()
    answer = Script(app, text).post("/exports", json={"types": [asked]})
    assert (answer.status_code, answer.json["needs"]) == (403, f"{asked}:export")


def test_keys_that_are_over_hear_one_body_whatever_the_reason(app, shop):
    bodies, same = set(), {"X-Request-Id": "a" * 16}
    for name, column in [("a", "disabled_at"), ("b", "expires_at"), ("c", "retires_at")]:
        key, text = make_key(shop, "products:export", name=name)
        setattr(key, column, now() - timedelta(seconds=1))
        db.session.commit()
        bodies.add(Script(app, text).get("/key", headers=same).text)
    bodies.add(Script(app, "nonsense").get("/key", headers=same).text)
    assert len(bodies) == 1
    assert {reason for _, reason, _, _ in refusals()} == {"disabled", "expired", "retired"}


def test_the_first_refused_call_of_a_day_and_reason_is_recorded(app, shop, script):
    for _ in range(5):
        script.post("/exports", json={"types": ["customers"]})
        script.post("/exports", json={"types": ["orders"]})
        refusal.forget()
    assert refusals() == [("Nightly", "permission", "customers:export", "127.0.0.1")]

    yesterday = now() - refusal.ONCE_IN - timedelta(seconds=1)
    db.session.execute(db.update(Activity).values(at=yesterday))
    db.session.commit()
    script.post("/exports", json={"types": ["orders"]})
    assert {needs for _, _, needs, _ in refusals()} == {"customers:export", "orders:export"}
    assert len(refusals()) == 2


def test_a_refusal_by_address_is_recorded_with_the_address(bound):
    calls_from(bound, "198.51.100.1")
    assert refusals() == [("Bound", "address", None, "198.51.100.1")]


def test_a_deleted_key_that_is_tried_again_is_recorded_and_an_unknown_one_is_not(app, shop):
    key, text = make_key(shop, "products:export", name="Gone")
    key.delete()
    db.session.commit()
    Script(app, text).get("/key")
    Script(app, "altera_" + "0" * 46).get("/key")
    assert [(name, reason) for name, reason, *_ in refusals()] == [("Gone", "deleted")]


def test_incident_11_a_check_beside_a_revocation_revives_nothing(app, shop):
    key, text = make_key(shop, "products:export", name="Raced")
    over = {"deleted_at": now(), "disabled_at": now(), "retires_at": now(), "permissions_text": ""}
    checked = holder(text)
    with Session(db.engine) as elsewhere:
        elsewhere.execute(db.update(ApiKey).values(allowed_addresses="192.0.2.1", **over))
        elsewhere.commit()
    record_use(checked, "203.0.113.7", "curl")
    db.session.refresh(key)
    assert key.last_address == "203.0.113.7"
    assert key.deleted_at and key.disabled_at and key.retires_at
    assert (key.permissions, key.allowed_addresses) == (frozenset(), "192.0.2.1")
    assert Script(app, text).get("/key").status_code == 401
