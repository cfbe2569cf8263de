"""Settings > API Keys with many keys."""

from datetime import timedelta

import pytest

from models import db, now
from models.activity import Activity
from models.api_key import ApiKey
from tests.cast import make_key
from tests.markup import one, select, text

pytestmark = pytest.mark.both_databases

PAGE, LIST, UNNEEDED = "/settings/keys/", "/settings/keys/list", "/settings/keys/unneeded"
OLD = timedelta(days=30)


def make_keys(shop, count, age=timedelta(0)):
    keys = [make_key(shop, "products:export", name=f"Key no {n}")[0] for n in range(count)]
    for key in keys:
        key.created_at -= age
    db.session.commit()
    return keys


def shown(answer) -> list[int]:
    """The ids of the keys on a page, as they stand."""
    return [int(str(row["id"]).removeprefix("key-")) for row in select(answer, "tr[id^=key-]")]


def offered(answer) -> list[int]:
    """The ids of the keys that the question offers to delete."""
    return [int(str(box["value"])) for box in select(answer, "input[name=key][checked]")]


def test_twenty_keys_bring_search_and_pages(merchant, shop):
    make_keys(shop, 19)
    assert select(merchant.get(PAGE), "#key-filters") == []
    make_key(shop, "products:export", name="One more")
    make_key(shop, "products:export", name="Another")
    page = merchant.get(PAGE)
    asks = str(one(page, "#key-filters")["hx-trigger"]).split(", ")
    assert "change" in asks  # a choice waits for no further key
    assert text(page, ".pager [role=status]") == "1–20 of 21 keys"
    assert len(shown(page)) == 20
    rest = merchant.get(f"{LIST}?page=2")
    assert text(rest, ".pager [role=status]") == "21–21 of 21 keys"
    assert text(rest, "td.name > strong") == "Key no 0"


def test_search_and_state_answer_with_the_list_alone(merchant, shop):
    keys = make_keys(shop, 25)
    keys[7].last_used_at = now()
    db.session.commit()
    found = merchant.get(f"{LIST}?q=no+7&state=active&order=name&page=1")
    assert shown(found) == [keys[7].id]
    assert select(found, "html") == []
    assert "No keys found" in merchant.get(f"{LIST}?q=zebra").text
    assert merchant.get(f"{LIST}?page=abc&state=x&order=y").status_code == 200


def test_the_page_of_a_changed_key_is_shown(merchant, shop):
    oldest = make_keys(shop, 45)[0]
    changed = {"name": "Renamed", "expires": "keep", "permission": ["products:export"]}
    answer = merchant.put(f"{PAGE}{oldest.id}", data=changed)
    assert "Renamed" in answer.text and "41–45 of 45 keys" in answer.text


def test_the_address_holds_the_list_and_brings_it_back_after_a_change(merchant, shop):
    keys = make_keys(shop, 45)
    answer = merchant.get(f"{LIST}?q=key&state=unused&order=name&page=2")
    address = answer.headers["HX-Replace-Url"]
    assert address.startswith(PAGE) and "shop=" in address
    found = shown(answer)
    assert len(found) == 20 and shown(merchant.get(address)) == found

    here = {"HX-Current-URL": f"https://altera.example{address}"}
    kept = merchant.put(f"{PAGE}{found[0]}/disabled", headers=here)
    assert shown(kept) == found
    assert one(kept, "#key-filters input[name=q]")["value"] == "key"
    assert one(kept, "#key-filters [name=state] option[selected]")["value"] == "unused"

    keys[0].last_used_at = now()
    db.session.commit()
    changed = {"name": "Renamed", "expires": "keep", "permission": ["products:export"]}
    sought = merchant.put(f"{PAGE}{keys[0].id}", data=changed, headers=here)
    assert "Renamed" in sought.text and one(sought, "#key-filters input[name=q]")["value"] == ""


def test_a_short_list_is_not_filtered_by_what_nobody_sees(merchant, shop):
    make_keys(shop, 3)
    assert len(shown(merchant.get(f"{PAGE}?q=zebra"))) == 3


def test_unneeded_keys_are_named_and_the_ticked_ones_deleted_in_one_step(merchant, shop):
    keys = make_keys(shop, 23, OLD)
    keys[0].last_used_at = now()
    db.session.commit()
    wanted = offered(merchant.get(UNNEEDED))
    assert sorted(wanted) == [key.id for key in keys[1:]]
    keys[1].last_used_at = now()
    db.session.commit()

    unticked = keys[2].id
    wanted.remove(unticked)
    answer = merchant.post(UNNEEDED, data={"key": [*wanted, keys[0].id]})

    assert "20 API keys deleted" in answer.headers["HX-Trigger"]
    assert {key.id for key in ApiKey.of(shop)} == {keys[0].id, keys[1].id, unticked}
    trail = db.session.scalars(db.select(Activity)).all()
    assert {(a.kind, a.actor) for a in trail} == {("key.deleted", "8811")} and len(trail) == 20


def test_keys_are_left_alone_for_30_days(merchant, shop):
    keys = make_keys(shop, 3, OLD - timedelta(minutes=1))
    ids = [key.id for key in keys]
    keys[0].last_used_at = now() - 2 * OLD
    keys[0].expires_at = now() - OLD + timedelta(minutes=1)
    db.session.commit()
    assert select(merchant.get(PAGE), "#delete-unneeded") == []
    assert offered(merchant.get(UNNEEDED)) == []
    assert "There are none." in text(merchant.get(UNNEEDED))
    merchant.post(UNNEEDED, data={"key": ids})
    assert len(ApiKey.of(shop)) == 3

    keys[0].expires_at = keys[1].created_at = now() - OLD
    db.session.commit()
    assert sorted(offered(merchant.get(UNNEEDED))) == ids[:2]
    merchant.post(UNNEEDED, data={"key": ids})
    assert [key.id for key in ApiKey.of(shop)] == [ids[2]]


def test_a_bulk_delete_of_nothing_says_so_and_deletes_nothing(merchant, shop):
    make_keys(shop, 2, OLD)
    answer = merchant.post(UNNEEDED)
    assert answer.status_code == 422
    assert text(answer, "#unneeded-error") == "Tick at least one key."
    assert len(ApiKey.of(shop)) == 2


def test_another_shops_keys_are_neither_listed_nor_deleted(stranger, shop, other_shop):
    keys = make_keys(shop, 20, OLD)
    assert shown(stranger.get(f"{LIST}?q=Key")) == []
    assert offered(stranger.get(UNNEEDED)) == []
    answer = stranger.post(UNNEEDED, data={"key": [key.id for key in keys]})
    assert "0 API keys deleted" in answer.headers["HX-Trigger"]
    assert len(ApiKey.of(shop)) == 20


def test_two_keys_that_nobody_needs_can_be_deleted_at_once_however_few_there_are(merchant, shop):
    make_keys(shop, 1, OLD)
    assert select(merchant.get(PAGE), "#delete-unneeded") == []
    make_keys(shop, 1, OLD)
    assert one(merchant.get(PAGE), "#delete-unneeded")
    make_keys(shop, 18)
    assert one(merchant.get(PAGE), "#delete-unneeded")
