"""Settings > API Keys with many keys."""

import re
from datetime import timedelta

import pytest

from models import db, now
from models.activity import Activity
from models.api_key import ApiKey
from tests.cast import make_key

pytestmark = pytest.mark.both_databases

PAGE, LIST, UNNEEDED = "/settings/keys/", "/settings/keys/list", "/settings/keys/unneeded"
SHOWN = re.compile(r'id="key-(\d+)"')


def make_keys(shop, count, days_ago=31):
    """Keys that were made so long ago, each a moment after the one before it."""
    keys = [make_key(shop, "products:export", name=f"Key no {n}")[0] for n in range(count)]
    for number, key in enumerate(keys):
        key.created_at = now() - timedelta(days=days_ago, seconds=-number)
    db.session.commit()
    return keys


def test_twenty_keys_bring_search_and_pages(merchant, shop):
    make_keys(shop, 19)
    assert "key-filters" not in merchant.get(PAGE).text
    make_key(shop, "products:export", name="One more")
    make_key(shop, "products:export", name="Another")
    page = merchant.get(PAGE).text
    assert "key-filters" in page and "1 to 20 of 21 keys" in page
    assert len(SHOWN.findall(page)) == 20
    rest = merchant.get(f"{LIST}?page=2").text
    assert "21 to 21 of 21 keys" in rest and "Key no 0" in rest


def test_search_and_state_answer_with_the_list_alone(merchant, shop):
    keys = make_keys(shop, 25)
    keys[7].last_used_at = now()
    db.session.commit()
    found = merchant.get(f"{LIST}?q=no+7&state=active&order=name&page=1").text
    assert SHOWN.findall(found) == [str(keys[7].id)]
    assert "<html" not in found
    assert "No key fits" in merchant.get(f"{LIST}?q=zebra").text
    assert merchant.get(f"{LIST}?page=abc&state=x&order=y").status_code == 200


def test_the_page_of_a_changed_key_is_shown(merchant, shop):
    oldest = make_keys(shop, 45)[0]
    changed = {"name": "Renamed", "expires": "keep", "permission": ["products:export"]}
    answer = merchant.put(f"{PAGE}{oldest.id}", data=changed)
    assert "Renamed" in answer.text and "41 to 45 of 45 keys" in answer.text


def test_the_address_holds_the_list_and_brings_it_back_after_a_change(merchant, shop):
    keys = make_keys(shop, 45)
    answer = merchant.get(f"{LIST}?q=key&state=unused&order=name&page=2")
    address = answer.headers["HX-Replace-Url"]
    assert address.startswith(PAGE) and "shop=" in address
    shown = SHOWN.findall(answer.text)
    assert len(shown) == 20 and SHOWN.findall(merchant.get(address).text) == shown

    here = {"HX-Current-URL": f"https://altera.example{address}"}
    kept = merchant.put(f"{PAGE}{shown[0]}/disabled", headers=here).text
    assert SHOWN.findall(kept) == shown
    assert 'value="key"' in kept and '<option value="unused" selected' in kept

    keys[0].last_used_at = now()
    db.session.commit()
    changed = {"name": "Renamed", "expires": "keep", "permission": ["products:export"]}
    sought = merchant.put(f"{PAGE}{keys[0].id}", data=changed, headers=here).text
    assert "Renamed" in sought and 'value="key"' not in sought


def test_a_short_list_is_not_filtered_by_what_nobody_sees(merchant, shop):
    make_keys(shop, 3)
    assert len(SHOWN.findall(merchant.get(f"{PAGE}?q=zebra").text)) == 3


def test_unneeded_keys_are_named_and_deleted_in_one_step(merchant, shop):
    keys = make_keys(shop, 22)
    keys[0].last_used_at = now()
    db.session.commit()
    question = merchant.get(UNNEEDED).text
    named = re.findall(r'name="key" value="(\d+)"', question)
    assert len(named) == 21 and str(keys[0].id) not in named
    keys[1].last_used_at = now()
    db.session.commit()

    answer = merchant.delete(UNNEEDED, query_string={"key": [*named, keys[0].id]})

    assert "20 API keys deleted" in answer.headers["HX-Trigger"]
    assert {key.id for key in ApiKey.of(shop)} == {keys[0].id, keys[1].id}
    trail = db.session.scalars(db.select(Activity)).all()
    assert {(a.kind, a.actor) for a in trail} == {("key.deleted", "8811")} and len(trail) == 20


def test_keys_are_left_alone_for_30_days(merchant, shop):
    fresh = make_keys(shop, 3, days_ago=29)
    fresh[0].expires_at = now() - timedelta(days=29)
    fresh[0].last_used_at = now() - timedelta(days=40)
    db.session.commit()
    ids = [key.id for key in fresh]
    assert "delete-unneeded" not in merchant.get(PAGE).text
    assert "There are none" in merchant.get(UNNEEDED).text
    merchant.delete(UNNEEDED, query_string={"key": ids})
    assert len(ApiKey.of(shop)) == 3

    fresh[0].expires_at = now() - timedelta(days=31)
    fresh[1].created_at = now() - timedelta(days=31)
    db.session.commit()
    merchant.delete(UNNEEDED, query_string={"key": ids})
    assert [key.id for key in ApiKey.of(shop)] == [ids[2]]


def test_only_ticked_keys_are_deleted_and_none_ticked_is_asked_again(merchant, shop):
    keys = make_keys(shop, 3)
    question = merchant.get(UNNEEDED).text
    boxes = re.findall(r'<input type="checkbox" name="key" value="(\d+)" checked>', question)
    assert sorted(map(int, boxes)) == [key.id for key in keys]

    merchant.delete(UNNEEDED, query_string={"key": [keys[1].id]})
    assert {key.id for key in ApiKey.of(shop)} == {keys[0].id, keys[2].id}
    answer = merchant.delete(UNNEEDED)
    assert answer.status_code == 422 and "Tick at least one key." in answer.text


def test_another_shops_keys_are_neither_listed_nor_deleted(stranger, shop, other_shop):
    keys = make_keys(shop, 20)
    assert SHOWN.findall(stranger.get(f"{LIST}?q=Key").text) == []
    assert "Key no" not in stranger.get(UNNEEDED).text
    answer = stranger.delete(UNNEEDED, query_string={"key": [key.id for key in keys]})
    assert "0 API keys deleted" in answer.headers["HX-Trigger"]
    assert len(ApiKey.of(shop)) == 20


def test_two_keys_that_nobody_needs_can_be_deleted_at_once_however_few_there_are(merchant, shop):
    make_keys(shop, 1)
    assert "delete-unneeded" not in merchant.get(PAGE).text
    make_keys(shop, 1)
    assert merchant.get(PAGE).text.count('id="delete-unneeded"') == 1
    make_keys(shop, 18)
    assert merchant.get(PAGE).text.count('id="delete-unneeded"') == 1
