"""The plan of a shop, as the Partner API and the Admin API tell it."""

import orjson
import pytest

from shopify.admin import API_VERSION, BadQuery, ShopifyRefused, ShopifyUnavailable
from shopify.plan import handles_from_partner, names_from_admin, shop_number


def partner(scripted):
    return handles_from_partner(
        f"{scripted.url}/77/api/2026-07/graphql.json", "prtapi_x", app_id="12", shop_id="34"
    )


def installed(*subscriptions) -> tuple:
    found = [{"name": name, "status": status} for name, status in subscriptions]
    return 200, {}, {"data": {"currentAppInstallation": {"activeSubscriptions": found}}}


def test_the_partner_api_is_asked_for_this_app_and_this_shop(scripted):
    scripted.says((200, {}, {"data": {"activeSubscription": {"items": [{"handle": "pro"}]}}}))
    assert partner(scripted) == ["pro"]
    [(headers, body)] = scripted.seen
    asked = orjson.loads(body)
    assert headers["X-Shopify-Access-Token"] == "prtapi_x"
    assert "activeSubscription(appId: $appId, shopId: $shopId)" in asked["query"]
    assert asked["variables"] == {
        "appId": "gid://partners/App/12",
        "shopId": "gid://partners/Shop/34",
    }


def test_no_subscription_is_no_handle(scripted):
    scripted.says((200, {}, {"data": {"activeSubscription": None}}))
    assert partner(scripted) == []


def test_the_admin_api_tells_active_subscriptions_only(scripted):
    scripted.says(installed(("Pro", "ACTIVE"), ("Old", "EXPIRED")), installed())
    assert names_from_admin(scripted.url, "shpat_x") == ["Pro"]
    assert names_from_admin(scripted.url, "shpat_x") == []
    assert API_VERSION == "2026-10"


def test_the_number_of_a_shop_is_the_end_of_its_id(scripted):
    scripted.says((200, {}, {"data": {"shop": {"id": "gid://shopify/Shop/34"}}}))
    assert shop_number(scripted.url, "shpat_x") == "34"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((500, {}, {}), ShopifyUnavailable),
        ((429, {}, {}), ShopifyUnavailable),
        ((200, {}, b"<html>"), ShopifyUnavailable),
        ((401, {}, {}), ShopifyRefused),
        ((403, {}, {}), ShopifyRefused),
        ((200, {}, {"errors": [{"message": "No such field"}]}), BadQuery),
        ((200, {}, {"data": None}), BadQuery),
    ],
)
def test_trouble_is_named_after_one_try(scripted, answer, error):
    scripted.says(answer)
    with pytest.raises(error):
        partner(scripted)


def test_silence_is_unavailable():
    with pytest.raises(ShopifyUnavailable):
        names_from_admin("http://127.0.0.1:9", "shpat_x")
