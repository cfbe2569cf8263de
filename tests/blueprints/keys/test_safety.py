"""Safety at a glance: what of its keys a shop could narrow, each with what is done about it."""

from datetime import timedelta

from sqlalchemy import event

from models import db, now
from models.key_request import KeyNetwork
from models.key_use import PermissionUse
from tests.cast import make_key
from tests.markup import one, select

PAGE, CARD = "/settings/keys/", "/settings/keys/safety"
OLD = timedelta(days=100)


def found(answer) -> dict[str, list[str]]:
    """By finding the names of its keys."""
    return {
        str(each["id"]).removeprefix("finding-"): [
            " ".join(button.get_text().split()) for button in each.select("button")
        ]
        for each in select(answer, "#safety .findings li")
    }


def careful(shop, name: str, *permissions: str):
    """A key with which nothing is wrong."""
    key, _ = make_key(shop, *permissions or ("products:export",), name=name)
    key.allowed_addresses = "203.0.113.7"
    db.session.commit()
    return key


def test_where_all_is_well_there_is_no_card(merchant, shop):
    assert select(merchant.get(CARD), "#safety .findings") == []
    careful(shop, "Fine")
    assert select(merchant.get(CARD), "#safety .findings") == []


def test_each_key_is_named_with_what_is_wrong_and_the_way_to_mend_it(merchant, shop):
    careful(shop, "Forever").expires_at = None
    careful(shop, "Open").allowed_addresses = ""
    idle, wide = careful(shop, "Idle"), careful(shop, "Wide", "orders:export", "files:export")
    idle.created_at = wide.created_at = now() - OLD
    wide.granted_at, wide.last_used_at = {}, now()
    use = {"permission": "files:export", "last_used_at": now()}
    db.session.add(PermissionUse(key_id=wide.id, **use))
    moved = careful(shop, "Moved")
    for days, network in ((30, "203.0.113.0/24"), (1, "198.51.100.0/24")):
        at = now() - timedelta(days=days)
        seen = {"first_seen_at": at, "last_seen_at": at}
        db.session.add(KeyNetwork(key_id=moved.id, network=network, **seen))
    over = careful(shop, "Over")
    over.expires_at, over.disabled_at = None, now()
    db.session.commit()
    page = merchant.get(CARD)
    assert found(page) == {
        "new-network": ["Moved · 198.51.100.0/24"],
        "unused": ["Idle"],
        "wide": ["Wide"],
        "no-expiry": ["Forever"],
        "no-addresses": ["Open"],
    }
    action = str(one(page, "#finding-no-expiry button")["hx-get"])
    assert one(merchant.get(action), "#key-expires")
    assert "Delete" in merchant.get(str(one(page, "#finding-unused button")["hx-get"])).text


def test_a_finding_goes_with_the_change_that_mends_it(merchant, shop):
    key = careful(shop, "Nightly")
    key.allowed_addresses = ""
    db.session.commit()
    assert found(merchant.get(CARD)) == {"no-addresses": ["Nightly"]}
    form = {"name": "Nightly", "expires": "keep", "permission": "products:export"}
    answer = merchant.put(f"{PAGE}{key.id}", data=form | {"allowed_addresses": "203.0.113.7"})
    assert one(answer, "hx-partial[hx-target='#safety'] #safety")["hx-get"] == CARD
    assert found(merchant.get(CARD)) == {}
    assert one(merchant.get(PAGE), "#safety")["hx-trigger"] == "load"


def queries(merchant) -> int:
    """How many SELECTs the page costs."""
    seen = []

    def note(_connection, _cursor, sql, *_rest):
        seen.append(sql)

    event.listen(db.engine, "before_cursor_execute", note)
    merchant.get(CARD)
    event.remove(db.engine, "before_cursor_execute", note)
    return sum(sql.startswith("SELECT") for sql in seen)


def test_the_card_names_few_keys_and_counts_all(merchant, shop):
    for number in range(8):
        careful(shop, f"Key {number}").allowed_addresses = ""
    db.session.commit()
    merchant.get(CARD)
    few = queries(merchant)
    page = merchant.get(CARD)
    assert len(found(page)["no-addresses"]) == 5
    assert "8 keys" in one(page, "#finding-no-addresses").get_text()
    for number in range(8, 16):
        careful(shop, f"Key {number}").allowed_addresses = ""
    db.session.commit()
    assert queries(merchant) == few


def test_another_shops_merchant_sees_none_of_it(stranger, shop):
    careful(shop, "Forever").expires_at = None
    db.session.commit()
    assert found(stranger.get(CARD)) == {}
