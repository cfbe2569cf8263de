"""Signed links: a browser downloads over them without an ID token, one file of one shop."""

import csv
import io
import tracemalloc
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from itsdangerous import URLSafeTimedSerializer

from app import create_app
from blueprints import signed_links
from models import db, now
from models.activity import Activity, record
from models.shop import Shop
from tests.cast import Client

ASK = "/settings/activity/file"
FILE = "/downloads/activity.csv"


@pytest.fixture
def two_keys(shop, other_shop):
    """Something happened in Alice's shop, and in Bob's."""
    for of, name in ((shop, "Alices key"), (other_shop, "Bobs key")):
        record(of.id, "key.created", actor_kind="staff", actor="8812", subject=name)
    record(shop.id, "plan.changed", actor_kind="system", new="Pro", old="Free")
    db.session.commit()


def link(merchant, **filters):
    answer = merchant.get(ASK, query_string=filters)
    assert (answer.status_code, answer.data) == (204, b"")
    return answer.headers["HX-Redirect"]


def download(app, address):
    return app.test_client().get(address, buffered=True)


def token(merchant):
    return parse_qs(urlsplit(link(merchant)).query)["token"][0]


def rows(answer):
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def test_a_browser_downloads_over_the_link_without_a_token_and_gets_no_cookie(
    app, merchant, two_keys
):
    answer = download(app, link(merchant))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="activity.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert "Alices key" in answer.text and "Bobs key" not in answer.text


@pytest.mark.both_databases
def test_the_file_has_what_the_filters_of_the_page_find(app, merchant, two_keys):
    found = rows(download(app, link(merchant, kind="plan", words="Fr&e+", day="")))
    assert len(found) == 1
    found = rows(download(app, link(merchant, kind="plan", words="free")))
    assert [row[2] for row in found[1:]] == ["noticed the change to the Pro plan"]


def test_another_process_with_the_same_secret_takes_the_link(application, merchant, two_keys):
    other = create_app(application.config["SETTINGS"])
    other.test_client_class = Client
    assert "Alices key" in download(other, link(merchant)).text


def test_after_a_minute_the_link_is_over(app, merchant, two_keys, monkeypatch):
    before, late, after = now(), link(merchant), now()
    monkeypatch.setattr(signed_links, "now", lambda: before + timedelta(seconds=59))
    assert download(app, late).status_code == 200
    monkeypatch.setattr(signed_links, "now", lambda: after + timedelta(seconds=62))
    answer = download(app, late)
    assert answer.status_code == 403
    assert "download the file again" in answer.text
    assert "Alices key" not in answer.text
    framers = answer.headers["Content-Security-Policy"].partition("frame-ancestors ")[2]
    assert framers.startswith("https://alice.myshopify.com ")


def test_what_was_not_signed_for_this_is_nothing(app, merchant, two_keys, other_shop):
    good, settings = token(merchant), app.config["SETTINGS"]
    facts = {"shop": other_shop.id, "user": "8811", "payload": {}}
    salt = "download activity_files.download"
    bad = {
        "none": "",
        "noise": "a.b.c",
        "cut": good[:-1],
        "other shop": ".".join([_payload_for(other_shop, salt), *good.split(".")[1:]]),
        "other use": URLSafeTimedSerializer(settings.SECRET_KEY, "download jobs").dumps(facts),
        "other secret": URLSafeTimedSerializer("0" * 64, salt).dumps(facts),
        "client secret": URLSafeTimedSerializer(settings.SHOPIFY_CLIENT_SECRET, salt).dumps(facts),
    }
    for name, text in bad.items():
        answer = app.test_client().get(FILE, query_string={"token": text})
        assert answer.status_code == 404, name
        assert "This file does not exist" in answer.text
        assert "key" not in answer.text.partition("<main")[2], name


def test_a_link_opens_no_other_file_not_even_of_the_same_shop(app, merchant, two_keys):
    paths = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/downloads/")}
    assert len(paths) == 5
    for path in paths - {FILE}:
        answer = app.test_client().get(path, query_string={"token": token(merchant)})
        assert answer.status_code == 404, path
        assert "This file does not exist" in answer.text


def _payload_for(shop, salt):
    facts = {"shop": shop.id, "user": "8811", "payload": {}}
    return URLSafeTimedSerializer("any", salt).dumps(facts).split(".")[0]


def test_filters_that_are_added_to_a_link_change_nothing(app, merchant, two_keys):
    plain = link(merchant, kind="plan")
    assert "Alices key" not in download(app, f"{plain}&kind=key&shop=2").text


def test_a_shop_that_left_has_no_files(app, merchant, two_keys, shop):
    before = link(merchant)
    db.session.get_one(Shop, shop.id).uninstall()
    db.session.commit()
    assert download(app, before).status_code == 404


def test_only_a_merchant_gets_a_link(app, shop):
    assert app.test_client().get(ASK).status_code == 401


def test_the_link_holds_no_secret(app, merchant, two_keys):
    settings = app.config["SETTINGS"]
    readable = URLSafeTimedSerializer("x").load_payload(token(merchant).rsplit(".", 2)[0].encode())
    assert set(readable) == {"shop", "user", "payload"}
    assert settings.SECRET_KEY not in link(merchant)


@pytest.mark.both_databases
def test_a_long_activity_streams_in_little_memory(app, merchant, shop):
    row = {"shop_id": shop.id, "kind": "key.created", "actor_kind": "staff", "subject": "x" * 60}
    db.session.execute(db.insert(Activity), [row | {"detail": {}} for _ in range(5_000)])
    db.session.commit()
    wanted = link(merchant)
    tracemalloc.start()
    size = len(download(app, wanted).data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 500_000
    assert peak < 5 * size
