"""Tokens of a store: fresh while a program works, and one valid pair whoever refreshes."""

import socket
from contextlib import ExitStack
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from models import db, now
from models.activity import Activity
from models.notice import Notice
from models.shop import Shop
from shopify.access_token import refresh
from shopify.admin import ShopifyRefused, ShopifyUnavailable
from shops.access import admin_for, fresh_token
from tests.cast import Merchant
from tests.forked import Program

pytestmark = pytest.mark.both_databases

NAME = "query { shop { name } }"


def nearly_over(store) -> str:
    """Let the stored token be nearly over, and return it."""
    old = store.shop.access_token
    store.shop.access_token_expires_at = now() + timedelta(minutes=1)
    db.session.commit()
    return old


def test_a_good_token_is_used_as_it_is(store):
    assert fresh_token(store.shop.id) == store.shop.access_token


def test_a_token_that_is_nearly_over_is_refreshed_and_kept(store):
    old = nearly_over(store)
    new = fresh_token(store.shop.id)
    db.session.refresh(store.shop)
    assert new == store.shop.access_token != old
    assert not store.shop.needs_token()
    assert store.graphql(NAME)


def test_many_threads_at_once_leave_one_valid_pair(app, store):
    nearly_over(store)
    shop_id, tokens, together = store.shop.id, [], Barrier(6)

    def ask():
        together.wait()
        with app.app_context():
            tokens.append(fresh_token(shop_id))

    threads = [Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.refresh(store.shop)
    assert tokens == [store.shop.access_token] * 6
    assert store.graphql(NAME)


ASK = """
import socket, sys
from app import create_app
from shops.access import fresh_token
app = create_app()
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as connection:
    with connection.makefile("r") as asked, connection.makefile("w") as told:
        for shop_id in asked:
            with app.app_context():
                print(fresh_token(int(shop_id)), file=told, flush=True)
"""


def test_two_processes_at_once_leave_one_valid_pair(environment, store, tmp_path):
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        server.settimeout(180)
        command = ["-c", ASK, str(server.getsockname()[1])]
        for number in range(2):
            process = Program(command, environment, tmp_path / f"{number}.log")
            stack.callback(process.stop)
        asking = [stack.enter_context(server.accept()[0]) for _ in range(2)]
        answers = [stack.enter_context(process.makefile("r")) for process in asking]
        for _ in range(3):
            old = nearly_over(store)
            for asked in asking:
                asked.sendall(f"{store.shop.id}\n".encode())
            tokens = [answer.readline().strip() for answer in answers]
            db.session.refresh(store.shop)
            assert tokens == [store.shop.access_token] * 2 != [old] * 2
            assert store.graphql(NAME)
            assert refresh(**store.asking(), refresh_token=store.shop.refresh_token)


def test_a_visit_and_a_worker_at_once_leave_one_valid_pair(app, store):
    nearly_over(store)
    store.misbehave(slow_ms=200)
    shop_id, together = store.shop.id, Barrier(4)
    kept: list[str | None] = []

    def work():
        together.wait()
        with app.app_context():
            kept.append(fresh_token(shop_id))

    def visit():
        together.wait()
        with app.app_context():
            assert Merchant(app, store.domain).get("/settings/keys/").status_code == 200
            kept.append(db.session.get_one(Shop, shop_id).access_token)

    threads = [Thread(target=target) for target in (work, visit, work, visit)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.misbehave()
    db.session.refresh(store.shop)
    assert kept == [store.shop.access_token] * 4
    assert store.graphql(NAME)
    assert refresh(**store.asking(), refresh_token=store.shop.refresh_token)


def test_a_token_that_shopify_no_longer_takes_is_replaced_once(store):
    before = store.shop.access_token
    store.misbehave(expire_tokens=True)
    admin = admin_for(store.shop.id)
    assert admin.query(NAME)
    after = fresh_token(store.shop.id)
    assert admin.query(NAME)
    assert before != after == fresh_token(store.shop.id)


def test_a_shop_that_is_gone_is_told(store):
    with pytest.raises(ShopifyRefused, match="no longer installed"):
        fresh_token(store.shop.id + 999)
    store.shop.uninstall()
    db.session.commit()
    with pytest.raises(ShopifyRefused, match="no longer installed"):
        fresh_token(store.shop.id)


def dead(store) -> None:
    """Let the shop's tokens be over, both of them."""
    store.shop.save_tokens(
        access_token="old",
        expires_in=0,
        refresh_token="over",
        refresh_token_expires_in=60,
        scope="",
    )
    db.session.commit()


def test_a_dead_refresh_token_needs_the_merchant_and_tells_so_once(store, other_store):
    dead(store)
    for _ in range(2):
        with pytest.raises(ShopifyRefused, match="Open it once"):
            fresh_token(store.shop.id)
    db.session.refresh(store.shop)
    assert store.shop.needs_merchant_since and store.shop.refresh_token is None
    assert [(n.kind, n.recipient, n.shop_id) for n in db.session.scalars(db.select(Notice))] == [
        ("access.lost", "ops@example.com", store.shop.id)
    ]
    assert [a.kind for a in db.session.scalars(db.select(Activity))] == ["access.lost"]
    assert fresh_token(other_store.shop.id)


def test_the_next_visit_heals_it(app, store):
    dead(store)
    with pytest.raises(ShopifyRefused):
        fresh_token(store.shop.id)
    assert Merchant(app, store.domain).get("/settings/keys/").status_code == 200
    db.session.refresh(store.shop)
    assert store.shop.needs_merchant_since is None
    assert store.graphql(NAME)


def test_a_wrong_client_secret_bothers_no_merchant(app, store, caplog):
    """It is the operator's trouble: the tokens stay, nobody is told to open the app."""
    nearly_over(store)
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.model_copy(update={"SHOPIFY_CLIENT_SECRET": "wrong"})
    try:
        with pytest.raises(ShopifyRefused, match="on our side"):
            fresh_token(store.shop.id)
    finally:
        app.config["SETTINGS"] = settings
    assert "invalid_client" in caplog.text and store.domain in caplog.text
    assert db.session.scalars(db.select(Notice)).all() == []
    assert fresh_token(store.shop.id)


def test_shopify_away_is_told_and_nothing_is_lost(app, store):
    nearly_over(store)
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.model_copy(
        update={"SHOPIFY_ORIGIN": "http://127.0.0.1:1/{shop}"}
    )
    try:
        with pytest.raises(ShopifyUnavailable):
            fresh_token(store.shop.id)
    finally:
        app.config["SETTINGS"] = settings
    assert db.session.get_one(Shop, store.shop.id).refresh_token
    assert fresh_token(store.shop.id)


def test_a_token_that_another_process_has_replaced_meanwhile_stays(app, shop, scripted):
    """Shopify refuses the old one when the new one is stored already: no third is asked for."""
    pair = {"refresh_token": "shprt_of_another", "refresh_token_expires_in": 7_776_000}
    new: dict[str, Any] = pair | {
        "access_token": "shpat_of_another",
        "expires_in": 3600,
        "scope": "",
    }
    shop_id = shop.id

    def replaced_then_refused(handler):
        with app.app_context():
            db.session.get_one(Shop, shop_id).save_tokens(**new)
            db.session.commit()
        handler.send_response(401)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    scripted.says(replaced_then_refused, (200, {}, {"data": {"shop": {"name": "Alice"}}}))
    settings = app.config["SETTINGS"]
    changed = {"SHOPIFY_ORIGIN": scripted.url + "/{shop}"}
    app.config["SETTINGS"] = settings.model_copy(update=changed)
    try:
        admin = admin_for(shop_id)
        assert admin.query(NAME) == {"shop": {"name": "Alice"}}
    finally:
        app.config["SETTINGS"] = settings
    tokens = [headers["X-Shopify-Access-Token"] for headers, _ in scripted.seen]
    assert tokens == ["shpat_test", "shpat_of_another"]


def test_a_token_that_is_remembered_is_read_again_when_shopify_refuses_it(store):
    admin = admin_for(store.shop.id)
    assert admin.query(NAME)
    old = store.shop.access_token
    store.misbehave(expire_tokens=True)
    assert admin.query(NAME)
    db.session.refresh(store.shop)
    assert store.shop.access_token != old
