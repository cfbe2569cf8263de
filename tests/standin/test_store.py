"""Records survive, keep their order and stay within their shop."""

import pytest

from standin.store import Store


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def shop(store):
    return store.shop("alice.myshopify.com")


def redirect(n, **fields):
    return {"__typename": "UrlRedirect", "id": f"gid://shopify/UrlRedirect/{n}", **fields}


def test_records_come_in_the_order_of_their_numbers(shop):
    shop.put_many([redirect(10), redirect(9), redirect(100)])

    assert [r["id"].rsplit("/")[-1] for r in shop.all("UrlRedirect")] == ["9", "10", "100"]
    assert shop.page("UrlRedirect", 1, after=redirect(9)["id"]) == [redirect(10)]
    assert shop.page("UrlRedirect", 1, reverse=True) == [redirect(100)]
    assert shop.page("UrlRedirect", 5, redirect(10)["id"], reverse=True) == [redirect(9)]


def test_records_are_found_by_their_path_or_handle(shop):
    shop.put_many([redirect(2, path="/a"), redirect(1, path="/b"), redirect(3)])

    assert shop.find("UrlRedirect", "path", ["/B", "/a", "/c"]) == [
        redirect(1, path="/b"),
        redirect(2, path="/a"),
    ]
    assert shop.find("Product", "handle", ["/a"]) == []
    with pytest.raises(ValueError):
        shop.find("UrlRedirect", "target", ["/a"])


def test_a_record_is_replaced_and_deleted_by_its_id(shop):
    shop.put(redirect(1, path="/a"))
    shop.put(redirect(1, path="/b"))

    assert shop.get(redirect(1)["id"])["path"] == "/b"
    assert shop.count("UrlRedirect") == 1
    assert shop.delete(redirect(1)["id"])
    assert not shop.delete(redirect(1)["id"])
    assert shop.get(redirect(1)["id"]) is None


def test_many_records_are_walked_in_chunks(shop):
    shop.put_many(redirect(n) for n in range(1, 1234))

    assert [r["id"] for r in shop.iterate("UrlRedirect")] == [
        redirect(n)["id"] for n in range(1, 1234)
    ]
    assert len(shop.get_many(redirect(n)["id"] for n in range(1000, 2000))) == 234


def test_nothing_is_written_when_one_record_is_bad(shop):
    with pytest.raises(KeyError):
        shop.put_many([redirect(1), {"__typename": "UrlRedirect"}])

    assert shop.all("UrlRedirect") == []


def test_ids_are_the_same_every_time_and_differ_between_shops(store, shop):
    first = shop.new_ids("Product", 3)
    shop.clear()

    assert [shop.new_id("Product") for _ in range(3)] == first
    assert store.shop("bob.myshopify.com").new_id("Product") not in first


def test_another_shop_sees_nothing(store, shop):
    shop.put(redirect(1))
    bob = store.shop("bob.myshopify.com")

    assert bob.all("UrlRedirect") == [] and bob.get(redirect(1)["id"]) is None
    bob.clear()
    assert shop.count("UrlRedirect") == 1


def test_everything_survives_a_restart(store, shop, tmp_path):
    shop.put(redirect(1))
    shop.set_setting("plan", "Free")
    store.close()

    again = Store(tmp_path)
    shop = again.shop("alice.myshopify.com")
    assert again.shops() == ["alice.myshopify.com"]
    assert shop.all("UrlRedirect") == [redirect(1)]
    assert shop.setting("plan") == "Free" and shop.setting("other", 3) == 3
    again.close()


def test_clear_keeps_the_settings(shop):
    shop.put(redirect(1))
    shop.set_setting("tokens", {"a": 1})
    shop.clear()

    assert shop.all("UrlRedirect") == [] and shop.setting("tokens") == {"a": 1}


def everything(shop):
    return {name: shop.all(name) for name in shop.typenames()}, shop.new_id("UrlRedirect")


def test_what_was_kept_comes_back_whatever_was_written_since(store, shop):
    shop.put_many([redirect(n, path=f"/{n}") for n in range(1, 5)])
    shop.new_ids("UrlRedirect", 4)
    shop.keep("four")
    kept = everything(shop)
    for write in (
        lambda: shop.put_many([redirect(n) for n in range(3, 1003)]),
        lambda: shop.delete(redirect(1)["id"]),
        lambda: shop.change(redirect(2)["id"], {"path": "/other"}),
        lambda: shop.put({"__typename": "Page", "id": "gid://shopify/Page/1"}),
        lambda: shop.delete_codes_of("gid://shopify/Discount/1"),
        lambda: shop.clear(),
        lambda: (shop.clear(), shop.put(redirect(9))),
        lambda: store.shop("bob.myshopify.com").restore("four"),
        lambda: None,
    ):
        write()
        shop.restore("four")
        assert everything(shop) == kept


def test_a_kept_copy_is_that_of_the_last_time(store, shop):
    bob = store.shop("bob.myshopify.com")
    shop.put(redirect(1))
    shop.keep("copy")
    bob.put(redirect(2))
    bob.keep("copy")
    shop.restore("copy")

    assert shop.all("UrlRedirect") == [redirect(2)]
    bob.restore("none")
    assert bob.typenames() == []


@pytest.mark.parametrize("kept", [True, False])
def test_an_emptied_shop_has_nothing_also_after_a_restart(store, shop, tmp_path, kept):
    shop.put(redirect(1))
    if kept:
        shop.keep("copy")
    shop.clear()
    assert shop.is_new()
    shop.clear()
    store.close()
    again = Store(tmp_path)
    assert again.shop(shop.domain).all("UrlRedirect") == [] and again.shop(shop.domain).is_new()
    again.close()


def test_an_emptied_shop_has_nothing_to_read_and_takes_what_is_new(shop):
    first = shop.new_id("UrlRedirect")
    shop.put(redirect(1))
    for look in (
        lambda: shop.get(redirect(1)["id"]),
        lambda: shop.all("UrlRedirect"),
        lambda: shop.count("UrlRedirect"),
        lambda: shop.page("UrlRedirect", 5),
        lambda: shop.get_many([redirect(1)["id"]]),
        lambda: shop.delete(redirect(1)["id"]),
        lambda: shop.typenames() + shop.ids(),
        lambda: shop.change(redirect(1)["id"], {"path": "/a"}),
    ):
        shop.put(redirect(1))
        shop.keep("copy")
        shop.clear()
        assert not look()
    shop.put(redirect(1))
    shop.keep("copy")
    shop.clear()
    assert shop.new_id("UrlRedirect") == first
    shop.put(redirect(2))
    assert shop.all("UrlRedirect") == [redirect(2)] and not shop.is_new()
