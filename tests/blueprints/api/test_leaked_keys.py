"""Keys that were found in public are handed in, and end."""

import pytest

from app import MAX_FORM
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


REPORTS = {
    "plain": "{0}",
    "a file": "# .env\nALTERA_API_KEY='{0}'\n{1}\n",
    "a form": "key={0}&other={1}",
    "an address": "https://example.com/?key={0}#top",
    "a scanner's": '[{{"token": "{0}", "type": "altera", "url": "https://x"}}, {{"token": "{1}"}}]',
    "side by side": "{1}{0}{1}",
    "binary": "\xff\x00{0}\x00",
}


@pytest.mark.parametrize("form", REPORTS)
def test_a_key_ends_in_whatever_form_it_is_handed_in(app, shop, form):
    _, text = make_key(shop, "products:export")
    body = REPORTS[form].format(text, UNKNOWN).encode("latin-1")
    for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
        assert report(app, data=body, content_type=kind).status_code == 204
    assert authenticate(text) is None
    assert len(activities()) == 1


def test_as_many_keys_end_as_fit_into_a_report_and_a_larger_one_is_refused_whole(app, shop):
    texts = [make_key(shop, name=f"{number}")[1] for number in range(3)]
    noise = [UNKNOWN[:-4] + f"{number:04}" for number in range(1100)]
    assert report(app, json={"keys": [texts[0], *noise, texts[1]]}).status_code == 204
    assert [authenticate(text) is None for text in texts] == [True, True, False]
    assert report(app, data=texts[2] + "x" * 70_000).status_code == 413
    assert authenticate(texts[2])


def test_a_preview_a_digest_or_a_part_of_a_key_ends_nothing(app, shop):
    key, text = make_key(shop, "products:export")
    for guess in (key.preview, key.digest.hex(), text[:-1], text.lower(), f"{text[:7]} {text[7:]}"):
        report(app, json={"key": guess})
    assert authenticate(text)


def test_reports_are_limited_by_address(app):
    codes = [report(app, json={}).status_code for _ in range(31)]
    assert codes == [204] * 30 + [429]
    assert report(app, json={}, environ_base={"REMOTE_ADDR": "2001:db8::1"}).status_code == 204


def test_an_ipv6_network_is_one_address(app):
    def code(number, network):
        return report(app, environ_base={"REMOTE_ADDR": f"2001:db8:0:{network}::{number:x}"})

    assert [code(number, 1).status_code for number in range(31)] == [204] * 30 + [429]
    assert code(1, 2).status_code == 204


def test_a_key_in_a_file_of_utf_16_ends(app, shop):
    _, text = make_key(shop, "products:export")
    assert report(app, data=f"API_KEY={text}\r\n".encode("utf-16")).status_code == 204
    assert authenticate(text) is None


def test_more_than_is_taken_is_told_even_when_the_body_does_not_say_its_length(app, shop):
    _, text = make_key(shop, "products:export")
    stream = {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""}

    def send(size: int):
        chunked = {"HTTP_TRANSFER_ENCODING": "chunked"}
        return report(app, data=text.rjust(size).encode(), environ_overrides=stream | chunked)

    assert send(MAX_FORM + 1).status_code == 413
    assert send(MAX_FORM - 1).status_code == 204
    assert authenticate(text) is None
