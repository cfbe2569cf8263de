"""How much personal data a key sees: chosen in its dialog, told on its row and by mail."""

import pytest

from mail.wording import compose
from models import db
from models.activity import Activity
from models.notice import Notice
from models.personal_data import ALL, NONE, REPLACED
from models.shop import stand_ins_secret
from tests.blueprints.keys.test_page import NEW, PAGE, form, keys
from tests.cast import Script, make_key
from tests.markup import one, select, text

RENEW = "/settings/keys/stand-ins/"


def activity(kind: str) -> Activity:
    found = db.session.scalars(db.select(Activity).filter_by(kind=kind)).all()
    return found[-1]


def mails() -> list[Notice]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Notice).order_by(Notice.created_at)))


@pytest.mark.parametrize(("mode", "word"), [(REPLACED, "Replaced"), (NONE, "None")])
def test_a_key_is_made_that_sees_less(merchant, shop, mode, word):
    answer = merchant.post(PAGE, data=form(personal_data=mode))
    assert answer.status_code == 200
    [key] = keys()
    assert key.personal_data == mode
    assert f"Personal data: {word}" in text(answer, f"#key-{key.id}")
    assert activity("key.created").detail["personal_data"] == mode
    assert f"personal data: {word}" in merchant.get("/settings/activity/").text
    [mail] = mails()
    assert f"Personal data: {word}" in " ".join(
        ": ".join(pair) for pair in compose(mail, shop).details
    )


def test_the_dialog_says_in_words_and_by_an_example_what_is_seen(merchant):
    dialog = merchant.get("/settings/keys/new")
    assert one(dialog, "#key-personal option[selected]")["value"] == ALL
    columns = [
        [
            tag.get_text(" ", strip=True)
            for tag in select(dialog, f"table.example td:nth-child({n})")
        ]
        for n in (2, 3, 4)
    ]
    seen_by = dict(zip((ALL, REPLACED, NONE), columns, strict=True))
    assert "ada@example.com" in seen_by[ALL]
    assert any(cell.endswith("@example.invalid") for cell in seen_by[REPLACED])
    assert "ada@example.com" not in seen_by[REPLACED]
    assert seen_by[NONE] == ["left out"] * 5 + ["120.00"]


def test_a_key_keeps_what_it_sees_unless_that_is_changed(merchant, shop):
    key, _ = make_key(shop, "products:export")
    key.personal_data = NONE
    db.session.commit()
    at = f"{PAGE}{key.id}"
    dialog = merchant.get(f"{at}/permissions")
    assert one(dialog, "#key-personal option[selected]")["value"] == NONE
    assert merchant.put(at, data=NEW | {"expires": "keep"}).status_code == 200
    assert [one.personal_data for one in keys()] == [NONE]
    assert merchant.put(at, data=form(personal_data="some")).status_code == 422
    assert merchant.put(at, data=form(personal_data=REPLACED, expires="keep")).status_code == 200
    assert [one.personal_data for one in keys()] == [REPLACED]
    assert activity("key.changed").detail["sees_more"] is True
    [mail] = [compose(one, shop) for one in mails() if one.kind == "key.widened"]
    assert "sees more personal data" in mail.subject
    assert merchant.put(at, data=form(personal_data=NONE, expires="keep")).status_code == 200
    assert len([one for one in mails() if one.kind == "key.widened"]) == 1, "less is no news"


def test_a_successor_sees_no_more(merchant, shop):
    key, _ = make_key(shop, "products:export")
    key.personal_data = NONE
    db.session.commit()
    merchant.post(f"{PAGE}{key.id}/rotation", data={"overlap": "day", "request_id": "r"})
    assert {one.personal_data for one in keys()} == {NONE}
    assert len(keys()) == 2


def test_stand_in_values_are_renewed(merchant, shop):
    assert select(merchant.get(PAGE), "#stand-ins") == []
    merchant.post(PAGE, data=form(personal_data=REPLACED))
    db.session.expire_all()
    before = stand_ins_secret(shop.id)
    assert one(merchant.get(PAGE), f"#stand-ins button[hx-get='{RENEW}']")
    assert "cannot be undone" in merchant.get(RENEW).text
    answer = merchant.post(RENEW)
    assert "Stand-in values renewed" in answer.headers["HX-Trigger"]
    db.session.expire_all()
    assert stand_ins_secret(shop.id) != before
    assert activity("key.stand_ins_renewed").actor
    assert "renewed the stand-in values" in merchant.get("/settings/activity/").text
    assert "stand-in values" in compose(mails()[-1], shop).subject


def test_another_shops_merchant_changes_nothing(stranger, shop):
    key, _ = make_key(shop, "products:export")
    key.personal_data = NONE
    before = shop.stand_ins_secret
    db.session.commit()
    assert stranger.put(f"{PAGE}{key.id}", data=form(personal_data=ALL)).status_code == 404
    assert stranger.get(f"{PAGE}{key.id}/permissions").status_code == 404
    assert stranger.post(RENEW).status_code == 200
    db.session.expire_all()
    assert key.personal_data == NONE
    assert shop.stand_ins_secret == before


def test_a_key_cannot_renew_them(app, shop):
    _, key_text = make_key(shop, "products:export")
    answer = Script(app, key_text).client.post(
        RENEW, headers={"Authorization": f"Bearer {key_text}"}
    )
    assert answer.status_code in (401, 403)
