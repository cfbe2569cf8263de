"""Settings > Activity: who did what in this shop, and in no other."""

import csv
import io
import re
from datetime import timedelta

import pytest

from blueprints.pages.activity_query import PAGE
from blueprints.pages.activity_wording import SENTENCES
from models import db, now
from models.activity import Activity, record
from models.api_key import ApiKey
from tests.cast import make_key
from tests.markup import one, select, text

pytestmark = pytest.mark.both_databases

URL = "/settings/activity/"


def happened(shop, kind="key.created", **more):
    facts = {"actor_kind": "staff", "actor": "8812", "subject": "Nightly"} | more
    activity = record(shop.id, kind, **facts)
    db.session.commit()
    return activity


def spreadsheet(merchant):
    link = merchant.get(f"{URL}file").headers["HX-Redirect"]
    return merchant.client.get(link, buffered=True)


def test_a_change_shows_who_what_and_from_where(merchant, shop):
    happened(shop, address="198.51.100.4", permissions=["products:export"])
    page = merchant.get(URL)
    cells = [
        " ".join(cell.get_text().split()) for cell in select(page, "table.activities tbody td")
    ]
    told = "Staff 8812 created key “Nightly” + Products: export"
    assert cells[1:] == [told, "198.51.100.4"]
    assert text(page, "caption") == "Today"


def test_the_difference_of_permissions_and_the_old_address_are_told(merchant, shop):
    happened(shop, "key.changed", added=["files:export"], removed=["orders:import"])
    happened(shop, "email.changed", subject="", new="a@x.com", old="b@x.com")
    text = merchant.get(URL).text
    assert "+ Files: export" in text
    assert "− Orders: import" in text
    assert "a@x.com, was b@x.com" in text


@pytest.mark.parametrize("kind", SENTENCES)
def test_every_kind_has_its_sentence(merchant, shop, kind):
    happened(shop, kind, job="export", types=["products"], status="completed", reason="expired")
    answer = merchant.get(URL)
    assert answer.status_code == 200
    assert not re.search(r"\{|%\(", text(answer, "table.activities"))


def test_another_shops_activity_is_not_shown(merchant, stranger, shop, other_shop):
    happened(other_shop, subject="Bobs secret key")
    assert "Bobs secret key" not in merchant.get(URL).text
    assert "Bobs secret key" not in spreadsheet(merchant).text
    key, _ = make_key(other_shop, "products:export", name="Bobs other key")
    assert "Bobs other key" not in merchant.get(URL, query_string={"key": key.id}).text


def test_filters_by_key_kind_day_and_words(merchant, shop):
    key, _ = make_key(shop, "products:export", name="Weekly")
    happened(shop, "key.deleted", subject="Gone", key_id=key.id)
    happened(shop, "email.changed", subject="", new="new@x.com")
    old = happened(shop, "key.enabled", subject="Old", address="192.0.2.9", was_named="Älter")
    old.at = now() - timedelta(days=9)
    db.session.commit()

    def shown(**filters):
        text = merchant.get(f"{URL}list", query_string=filters).text
        return [word for word in ("Gone", "new@x.com", "Old") if word in text]

    assert shown() == ["Gone", "new@x.com", "Old"]
    assert shown(key=key.id) == ["Gone"]
    assert shown(kind="email") == ["new@x.com"]
    assert shown(kind="key", words="gone") == ["Gone"]
    assert shown(words="192.0.2.9") == ["Old"]
    assert shown(words="Älter") == ["Old"]
    assert shown(words="NEW@x") == ["new@x.com"]
    assert shown(day=str(old.at.astimezone(shop.zone).date())) == ["Old"]
    assert shown(words="%") == []


@pytest.mark.parametrize("filters", [{"key": "x"}, {"day": "soon"}, {"kind": "%"}, {"words": "\0"}])
def test_a_filter_without_sense_filters_nothing(merchant, shop, filters):
    happened(shop)
    assert "Nightly" in merchant.get(f"{URL}list", query_string=filters).text


def test_older_activities_come_page_by_page(merchant, shop):
    for number in range(PAGE + 5):
        record(shop.id, "key.created", actor_kind="staff", subject=f"Number {number}.")
    db.session.commit()
    first = merchant.get(URL)
    assert f"Number {PAGE + 4}." in first.text and "Number 4." not in first.text
    before = db.session.scalar(db.select(Activity.id).order_by(Activity.id).offset(5).limit(1))
    older = merchant.get(f"{URL}older", query_string={"before": before})
    assert "Number 4." in older.text and "Number 5." not in older.text
    assert one(first, ".more button") and select(older, ".more button") == []
    assert text(first, "caption:not(.hidden)") == text(older, "caption.hidden") == "Today"
    assert one(older, "[data-focus]") and select(first, "[data-focus]") == []


def test_a_page_that_starts_with_anothers_activity_tells_nothing_of_it(merchant, shop, other_shop):
    happened(shop)
    theirs = happened(other_shop, subject="Bobs key")
    older = merchant.get(f"{URL}older", query_string={"before": theirs.id})
    assert "Nightly" in older.text and "Bobs key" not in older.text
    assert text(older, "caption:not(.hidden)") == "Today"


def test_the_spreadsheet_has_the_same_and_no_formulas(merchant, shop):
    happened(shop, subject="=HYPERLINK(1)", permissions=["products:export"], address="192.0.2.1")
    happened(shop, "key.deleted", actor="=1+1", actor_kind="key")
    answer = spreadsheet(merchant)
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert rows[0] == ["Time", "Who", "What", "Changes", "Address"]
    assert len(rows) == 3
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


def test_names_with_markup_are_text(merchant, shop):
    happened(shop, subject="<img src=x>", actor="<b>")
    page = merchant.get(URL)
    assert select(page, "table img, table b") == [] and "<img src=x>" in text(page, "table")


def test_days_are_those_of_the_shop(merchant, shop):
    shop.timezone = "Pacific/Kiritimati"
    today = now().astimezone(shop.zone).replace(hour=0, minute=1)
    for subject, at in {"Old": today - timedelta(days=2), "New": today}.items():
        happened(shop, subject=subject).at = at
    happened(shop, subject="Middle").at = today - timedelta(minutes=2)
    db.session.commit()
    page = merchant.get(URL)
    earlier = today - timedelta(days=2)
    captions = [caption.get_text() for caption in select(page, "caption")]
    assert captions == ["Yesterday", "Today", f"{earlier.day} {earlier:%b %Y}"]
    times = {time.get_text() for time in select(page, "td time")}
    assert times == {"00:01 UTC+14", "23:59 UTC+14"}


def test_nothing_yet_and_nothing_found_are_told_apart(merchant):
    assert "No activity yet" in merchant.get(URL).text
    assert "No activity found" in merchant.get(URL, query_string={"words": "x"}).text


def test_what_a_merchant_does_to_keys_is_recorded_with_the_change(merchant, shop):
    typed = {"name": "Nightly", "expires": "90", "request_id": "r1"}
    merchant.post("/settings/keys/", data=typed | {"permission": ["products:export"]})
    [key] = db.session.scalars(db.select(ApiKey)).all()
    edit = {"name": "Weekly", "expires": "never", "permission": ["files:export"]}
    merchant.put(f"/settings/keys/{key.id}", data=edit)
    merchant.put(f"/settings/keys/{key.id}", data=edit | {"expires": "keep"})
    merchant.put("/settings/email", data={"email": "new@mystore.com"})
    merchant.put("/settings/email", data={"email": "new@mystore.com"})
    merchant.delete(f"/settings/keys/{key.id}")

    happened = list(db.session.scalars(db.select(Activity).order_by(Activity.id)))
    assert [(a.kind, a.actor, a.address) for a in happened] == [
        ("key.created", "8811", "127.0.0.1"),
        ("key.changed", "8811", "127.0.0.1"),
        ("email.changed", "8811", "127.0.0.1"),
        ("key.deleted", "8811", "127.0.0.1"),
    ]
    changed = happened[1].detail
    assert (changed["added"], changed["removed"]) == (["files:export"], ["products:export"])
    assert (changed["was_named"], changed["expires_at"]) == ("Nightly", "never")
    emails = {"new": "new@mystore.com", "old": "ops@example.com", "old_confirmed": True}
    assert happened[2].detail == emails
    text = merchant.get(URL).text
    for words in ("was named “Nightly”", "never expires", "deleted key “Weekly”"):
        assert words in text


def test_a_refused_change_is_not_recorded(merchant):
    merchant.post("/settings/keys/", data={"name": "n", "expires": "90"})
    merchant.put("/settings/email", data={"email": "nonsense"})
    assert db.session.scalar(db.select(db.func.count(Activity.id))) == 0


def test_a_job_is_recorded_from_its_start_to_its_end(script, merchant, shop):
    started = script.post("/exports", json={"types": ["redirects"]})
    assert script.delete(f"/exports/{started.json['id']}").json["status"] == "canceled"
    assert script.delete(f"/exports/{started.json['id']}").json["status"] == "canceled"

    happened = list(db.session.scalars(db.select(Activity).order_by(Activity.id)))
    assert [(a.kind, a.actor_kind, a.actor) for a in happened] == [
        ("job.started", "key", "Nightly"),
        ("job.finished", "key", "Nightly"),
    ]
    assert happened[0].address == "127.0.0.1"
    text = merchant.get(URL).text
    assert "started an export of redirects" in text
    assert "canceled an export of redirects" in text


def test_how_many_the_filters_leave_is_said_to_those_who_do_not_see_it(merchant, shop):
    happened(shop)
    happened(shop, "key.deleted")
    for query, words in {
        "kind=key": "2 entries shown",
        "words=nobody": "No activity found",
    }.items():
        answer = merchant.get(f"{URL}list?{query}")
        assert text(answer, "hx-partial[hx-target='#said']") == words
    assert select(merchant.get(URL), "hx-partial") == []
