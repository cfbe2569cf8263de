"""The operators' word to every contact: dry at first, to each address once."""

import pytest

from models import db
from models.notice import Notice
from tests.cast import make_shop


@pytest.fixture
def body(tmp_path):
    file = tmp_path / "body.txt"
    file.write_text("The API changes.\n\nSee the guide.\n")
    return str(file)


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["notify", *arguments])


def recipients():
    db.session.rollback()
    return sorted(db.session.scalars(db.select(Notice.recipient)))


def test_it_says_to_whom_and_sends_nothing_unless_told(app, shop, other_shop, body):
    other_shop.contact_email = "bob@example.com"
    make_shop("none.myshopify.com").contact_email = None
    make_shop("left.myshopify.com", contact_email="left@example.com").uninstall()
    db.session.commit()
    asked = run(app, "Change", "--body-file", body)
    assert asked.exit_code == 0
    assert asked.output.splitlines() == [
        "2 addresses:",
        "  ops@example.com",
        "  bob@example.com",
        "Nothing was sent. Add --send to send it.",
    ]
    assert recipients() == []


def test_each_address_gets_it_once(app, shop, other_shop, body):
    assert "1 handed over" in run(app, "Change", "--body-file", body, "--send").output
    assert "0 handed over" in run(app, "Change", "--body-file", body, "--send").output
    assert recipients() == ["ops@example.com"]
    assert "1 handed over" in run(app, "Another", "--body-file", body, "--send").output


def test_only_the_first_addresses_are_shown(app, body):
    for number in range(7):
        make_shop(f"s{number}.myshopify.com", contact_email=f"s{number}@example.com")
    shown = run(app, "Change", "--body-file", body).output
    assert "7 addresses:" in shown and "s4@example.com" in shown and "and 2 more" in shown
    assert "s5@" not in shown


def test_a_word_without_text_is_refused(app, shop, tmp_path):
    (tmp_path / "empty.txt").write_text(" \n")
    assert run(app, "Change", "--body-file", str(tmp_path / "empty.txt")).exit_code == 2
    assert run(app, "Change", "--body-file", str(tmp_path / "none.txt")).exit_code == 2
