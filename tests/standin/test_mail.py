"""The messages that the app dropped into its mail folder, as JSON and as a page."""

import os
from email.message import EmailMessage

import pytest

from standin import mail
from standin.server import create_standin
from tests.standin.serving import settings


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "mail"


@pytest.fixture
def client(tmp_path, folder):
    app = create_standin(settings(tmp_path / "data", mail_folder=folder))
    with app.test_client() as client:
        yield client
    app.extensions["standin"].store.close()


def drop(folder, name, subject, age=0, html=None):
    folder.mkdir(exist_ok=True)
    message = EmailMessage()
    message["From"], message["To"] = "altera@example.com", "ops@example.com"
    message["Subject"] = subject
    message.set_content("Schlüssel läuft ab.\n")
    if html:
        message.add_alternative(html, subtype="html")
    path = folder / name
    path.write_bytes(bytes(message))
    at = mail.STARTED + 10 - age
    os.utime(path, (at, at))


def test_there_is_no_mail_before_the_app_sends_some(client):
    assert client.get("/_standin/demo/mail").json == []
    assert "has sent no mail" in client.get("/store/demo/mail").text


def test_messages_come_in_the_order_they_were_sent(client, folder):
    drop(folder, "b.eml", "First", age=5)
    drop(folder, "a.eml", "Zweite: läuft ab", html="<p>Hi</p>")
    drop(folder, "old.eml", "Before this run", age=3600)
    (folder / "notes.txt").write_text("no mail")

    got = client.get("/_standin/demo.myshopify.com/mail").json
    assert [message["subject"] for message in got] == ["First", "Zweite: läuft ab"]
    assert got[1] | {"date": ""} == {
        "file": "a.eml",
        "from": "altera@example.com",
        "to": "ops@example.com",
        "subject": "Zweite: läuft ab",
        "date": "",
        "text": "Schlüssel läuft ab.\n",
        "html": "<p>Hi</p>\n",
    }
    assert got[0]["html"] is None


def test_the_page_shows_the_newest_first_and_escapes_markup(client, folder):
    drop(folder, "a.eml", "First", age=5)
    drop(folder, "b.eml", "<script>alert(1)</script>")

    page = client.get("/store/demo/mail").text
    assert "<script>alert" not in page
    assert page.index("&lt;script&gt;") < page.index("First")


def test_no_folder_is_no_mail(tmp_path):
    app = create_standin(settings(tmp_path))
    with app.test_client() as client:
        assert client.get("/_standin/demo/mail").json == []
    app.extensions["standin"].store.close()
