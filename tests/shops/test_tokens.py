"""Tokens of all shops: refreshed before they run out, renewed, encrypted under the newest key."""

import threading
from datetime import timedelta

import pytest

from models import db, now
from models.api_key import ApiKey
from models.import_object import ImportObject, sealed
from models.job import IMPORT, Job
from models.shop import Shop
from models.vault import Vault
from shops.access import fresh_token
from shops.tokens import IDLE, refresh_idle
from tests.cast import make_key, make_shop

pytestmark = pytest.mark.both_databases

OLD, NEW = bytes.fromhex("cd" * 32), bytes.fromhex("ee" * 32)


def run(app, command: str):
    return app.test_cli_runner().invoke(args=[command])


def idle(store, days: float) -> str:
    """Let the store's token have ended so many days ago, and return it."""
    store.shop.access_token_expires_at = now() - timedelta(days=days)
    db.session.commit()
    return store.shop.access_token


def token_of(store) -> str:
    db.session.expire_all()
    return store.shop.access_token


def test_a_shop_that_was_idle_for_a_week_gets_new_tokens(store, other_store):
    old, lately = idle(store, IDLE.days + 1), idle(other_store, IDLE.days - 1)
    ends = store.shop.refresh_token_expires_at
    refresh_idle()
    assert token_of(store) != old and not store.shop.needs_token()
    assert store.shop.refresh_token_expires_at > ends
    assert token_of(other_store) == lately


def test_shops_that_left_or_have_no_tokens_are_not_asked_for(store):
    left = make_shop("left.myshopify.com")
    left.uninstall()
    waiting = make_shop("waiting.myshopify.com")
    waiting.need_merchant()
    db.session.commit()
    assert Shop.with_tokens() == [store.shop.id]


def test_one_shop_that_is_refused_keeps_no_other_from_its_tokens(store, caplog):
    dead = make_shop("dead.myshopify.com")
    dead.access_token_expires_at = now() - timedelta(days=30)
    old = idle(store, 30)
    refresh_idle()
    assert token_of(store) != old
    db.session.refresh(dead)
    assert dead.needs_merchant_since and f"Shop {dead.id}:" in caplog.text


def test_one_shop_that_shopify_does_not_answer_for_keeps_no_other_from_its_tokens(
    store, other_store, caplog
):
    idle(store, 30), idle(other_store, 30)
    store.misbehave(tokens_500=True)
    old, others = token_of(store), token_of(other_store)
    for _ in range(4):
        refresh_idle()
        assert token_of(store) == old
    assert token_of(other_store) != others
    assert f"Shop {store.shop.id}: its tokens are not refreshed" in caplog.text
    store.misbehave()
    refresh_idle()
    assert token_of(store) != old


def test_every_shop_is_renewed_when_an_operator_asks(app, store, other_store):
    before = token_of(store), token_of(other_store)
    answer = run(app, "refresh-tokens")
    assert (answer.exit_code, answer.output) == (0, "2 renewed, 0 failed.\n")
    after = token_of(store), token_of(other_store)
    assert not set(before) & set(after)
    assert not any(token in answer.output for token in before + after)


def test_an_operator_is_told_which_shops_failed(app, store):
    dead = make_shop("dead.myshopify.com")
    answer = run(app, "refresh-tokens")
    assert answer.exit_code == 1
    assert f"Shop {dead.id}: Altera no longer has access" in answer.output
    assert answer.output.endswith("1 renewed, 1 failed.\n")


@pytest.fixture
def newer(app):
    """The app with one encryption key more."""
    before = app.extensions["vault"]
    app.extensions["vault"] = Vault({1: OLD, 2: NEW})
    yield app
    app.extensions["vault"] = before


def boxes() -> list[bytes]:
    db.session.rollback()
    query = db.select(Shop.access_token_box, Shop.refresh_token_box, Shop.stand_ins_box)
    shops = db.session.execute(query).all()
    keys = db.session.scalars(db.select(ApiKey.secret_box)).all()
    return [box for of_shop in shops for box in of_shop if box] + list(keys)


def test_what_an_older_key_sealed_is_sealed_again(shop, other_shop, newer):
    newer.extensions["vault"] = Vault({1: OLD})
    key, text = make_key(shop, "products:export")
    secret = shop.stand_ins_secret
    db.session.commit()
    newer.extensions["vault"] = Vault({1: OLD, 2: NEW})
    assert {box[0] for box in boxes()} == {1}
    answer = run(newer, "reencrypt")
    assert (answer.exit_code, answer.output) == (0, "6 re-encrypted, 0 cannot be opened.\n")
    assert {box[0] for box in boxes()} == {2}
    newer.extensions["vault"] = Vault({2: NEW})
    assert (shop.access_token, shop.refresh_token) == ("shpat_test", "shprt_test")
    assert key.reveal() == text
    assert shop.stand_ins_secret == secret
    assert run(newer, "reencrypt").output == "0 re-encrypted, 0 cannot be opened.\n"


def test_the_cells_of_planned_objects_are_sealed_again(shop, newer):
    newer.extensions["vault"] = Vault({1: OLD})
    key, _ = make_key(shop, "redirects:import")
    ids = {"imp_1": 0, "imp_2": 600}
    for job_id, count in ids.items():
        job = Job(id=job_id, shop_id=shop.id, key_id=key.id, kind=IMPORT, types=["redirects"])
        db.session.add(job)
        db.session.flush()
        for number in range(2, count + 4):
            box = sealed(job_id, number, {"cells": {"Path": f"/{number}"}, "members": []})
            planned = {"action": "update", "before_box": box}
            db.session.add(ImportObject(job_id=job_id, number=number, **planned))
    db.session.commit()
    newer.extensions["vault"] = Vault({1: OLD, 2: NEW})
    answer = run(newer, "reencrypt")
    assert answer.output == f"{2 + 1 + 2 + 602} re-encrypted, 0 cannot be opened.\n"
    newer.extensions["vault"] = Vault({2: NEW})
    db.session.expire_all()
    before = db.session.get_one(ImportObject, ("imp_2", 603)).before
    assert before and before["cells"] == {"Path": "/603"}


def test_what_does_not_open_is_counted_and_left(shop, newer):
    newer.extensions["vault"] = Vault({2: NEW})
    before = boxes()
    answer = run(newer, "reencrypt")
    assert (answer.exit_code, answer.output) == (1, "0 re-encrypted, 2 cannot be opened.\n")
    assert boxes() == before


def test_tokens_that_change_meanwhile_stay_as_they_are(store, newer):
    """Many refreshes while everything is re-encrypted: the pair that is kept still works."""
    shop_id, stop, trouble = store.shop.id, threading.Event(), []

    def refresh():
        try:
            while not stop.is_set():
                with newer.app_context():
                    db.session.execute(
                        db.update(Shop)
                        .filter_by(id=shop_id)
                        .values(access_token_expires_at=now() - timedelta(days=1))
                    )
                    db.session.commit()
                    fresh_token(shop_id)
        except Exception as error:
            trouble.append(error)

    thread = threading.Thread(target=refresh)
    thread.start()
    for version in range(3, 9):
        newer.extensions["vault"] = Vault(
            {1: OLD, 2: NEW} | {v: bytes([v]) * 32 for v in range(3, version + 1)}
        )
        assert run(newer, "reencrypt").exit_code == 0
    stop.set()
    thread.join()
    assert trouble == []
    db.session.expire_all()
    assert store.graphql("query { shop { name } }")
    assert fresh_token(shop_id)
