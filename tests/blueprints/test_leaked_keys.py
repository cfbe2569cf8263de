"""Keys that were found in public are handed in, and end."""

import pytest

from models import db
from models.activity import Activity
from tests.cast import authenticate, make_key

LEAKED = "/api/v1/leaked-keys"
UNKNOWN = "altera_" + "0" * 46


def activities():
    db.session.expire_all()
    return list(db.session.scalars(db.select(Activity).filter_by(kind="key.leaked")))


def report(app, **more):
    return app.test_client().post(LEAKED, **more)


@pytest.mark.parametrize("form", ["one", "many"])
def test_a_real_key_is_deleted_and_recorded_once(app, shop, form):
    key, text = make_key(shop, "products:export")
    _, other = make_key(shop, "products:export", name="Other")
    body = {"key": text} if form == "one" else {"keys": [UNKNOWN, text, text, "x", 7]}

    for _ in range(2):
        answer = report(app, json=body, environ_base={"REMOTE_ADDR": "203.0.113.7"})
        assert (answer.status_code, answer.data) == (204, b"")

    assert authenticate(text) is None
    assert authenticate(other)
    [leaked] = activities()
    assert (leaked.key_id, leaked.subject, leaked.address) == (key.id, "Nightly", "203.0.113.7")
    db.session.refresh(key)
    assert key.secret_box is None
    assert text not in str(leaked.detail)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b'"altera_"',
        b'{"keys": 3}',
        b'{"keys": null}',
        b'{"key": []}',
        b'{"keys": {"a": 1}}',
        b'{"keys": ["\\u0000", [], {}]}',
        b"\xff\xfe",
    ],
)
def test_whatever_is_sent_the_answer_is_the_same(app, body):
    answer = report(app, data=body)
    assert (answer.status_code, answer.data) == (204, b"")


def test_a_preview_a_digest_or_a_part_of_a_key_ends_nothing(app, shop):
    key, text = make_key(shop, "products:export")
    for guess in (key.preview, key.digest.hex(), text[:-1], text.lower(), text + " "):
        report(app, json={"key": guess})
    assert authenticate(text)


def test_more_than_a_hundred_are_not_read(app, shop):
    _, text = make_key(shop, "products:export")
    report(app, json={"keys": [UNKNOWN] * 100 + [text]})
    assert authenticate(text)


def test_reports_are_limited_by_address(app):
    codes = [report(app, json={}).status_code for _ in range(31)]
    assert codes == [204] * 30 + [429]
    assert report(app, json={}, environ_base={"REMOTE_ADDR": "2001:db8::1"}).status_code == 204
