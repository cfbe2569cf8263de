"""Tokens of a store: fresh for each request, and one valid pair whoever refreshes."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from models import db, now
from models.shop import Shop
from shopify.admin import ShopifyRefused, ShopifyUnavailable
from transfer.store_access import admin_for, fresh_token

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


def test_many_at_once_leave_one_valid_pair(app, store):
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


def test_a_token_that_shopify_no_longer_takes_is_replaced_once(store):
    before = store.shop.access_token
    store.misbehave(expire_tokens=True)
    with admin_for(store.shop.id) as admin:
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


def test_a_refresh_token_that_is_over_asks_to_open_the_app(store):
    store.shop.keep_tokens(
        access_token="old",
        expires_in=0,
        refresh_token="over",
        refresh_token_expires_in=60,
        scope="",
    )
    db.session.commit()
    with pytest.raises(ShopifyRefused, match="Open it once"):
        fresh_token(store.shop.id)


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
    assert db.session.get(Shop, store.shop.id).refresh_token
    assert fresh_token(store.shop.id)
