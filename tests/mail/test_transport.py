"""Mail as its reader gets it: words, text and HTML, safe headers, and the ways out."""

import email
import email.policy
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from mail.transport import MailDelayed, MailRefused, deliver, message
from models import db, now
from models.key_format import generate, preview
from models.notice import Notice
from models.notices import ACCESS_LOST, CONFIRM, DIGEST, FROM_US, KINDS
from translations import language as spoken

SENDER = "Altera <altera@example.com>"
MARKUP = "<img src=x onerror=alert(1)>&amp;"
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "p", "table", "tbody"),
    *("tr", "th", "td", "strong", "footer", "main", "h1", "a"),
}
DETAIL = {
    "permissions": ["products:export"],
    "added": ["draft_orders:import"],
    "expires_at": "2026-12-01T00:00:00+00:00",
    "overlap": "hour",
    "old_ends": "2026-11-23T13:40:00+00:00",
    "reason": "permission",
    "needs": "orders:export",
    "types": ["products"],
    "status": "failed",
    "error": MARKUP,
    "old": "old@example.com",
    "new": "new@example.com",
}


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.links = set(), []

    def handle_starttag(self, tag, attrs):
        self.found.add(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]


def notice(kind, key="Nightly", recipient="ops@example.com", **more):
    facts = {
        "at": "2026-11-23T12:40:00+00:00",
        "actor_kind": "staff",
        "actor": "8811",
        "key": key,
        "address": "203.0.113.9",
        "detail": DETAIL,
    } | more
    if kind == DIGEST:
        facts = {"notices": [{"kind": "key.created", "payload": facts}], "count": 1}
    return Notice(
        id="0" * 36, shop_id=1, kind=kind, recipient=recipient, payload=facts, created_at=now()
    )


def parts(mail):
    read = email.message_from_bytes(bytes(mail), policy=email.policy.default)
    bodies = [read.get_body((kind,)) for kind in ("plain", "html")]
    return read, *(body.get_content() for body in bodies if body)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_reads_in_text_and_html_without_foreign_markup(shop, kind):
    shop.name = MARKUP
    made = notice(kind, key=MARKUP, subject=MARKUP, body=f"One {MARKUP}\n\nTwo")
    mail, text, html = parts(message(made, shop, SENDER))
    if kind == CONFIRM:
        assert MARKUP not in mail["Subject"] + text and "&lt;img" not in html
    else:
        assert MARKUP in mail["Subject"]
        assert MARKUP in text
        assert "&lt;img" in html and "&amp;amp;" in html
    tags = Tags()
    tags.feed(html)
    assert tags.found <= TAGS
    tab = {"job.failed": "jobs", "job.held": "jobs", DIGEST: "activity"}.get(kind, "keys")
    link = f"https://admin.shopify.com/store/alice/apps/altera/settings/{tab}/"
    if kind == CONFIRM:
        [confirming] = tags.links
        assert confirming.startswith("http://localhost/notifications/confirm?token=")
        assert f"Confirm address: {confirming}\n" in text
    else:
        assert tags.links == ([] if kind == FROM_US else [link])
        assert f"Open Altera: {link}\n" in text or kind == FROM_US
    assert shop.domain in text and shop.domain in html
    assert len(text) < 1200
    assert "None" not in text and "{" not in text


@pytest.mark.parametrize("kind", ["key.created", "key.widened", "key.deleted", "key.rotated"])
def test_it_says_who_when_in_the_shops_time_and_from_where(shop, kind):
    shop.timezone = "Europe/Berlin"
    _, text, html = parts(message(notice(kind), shop, SENDER))
    for told in ("Staff member 8811", "23 November 2026, 13:40 CET", "203.0.113.9", "Nightly"):
        assert told in text and told in html
    assert "Settings > API Keys" in text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", ("Wann: 23. November 2026, 13:40 CET", "Einstellungen > API-Schlüssel")),
        ("fr", ("Quand: 23 novembre 2026, 13:40 CET", "Paramètres > Clés API")),
        ("es", ("Cuándo: 23 de noviembre de 2026, 13:40 CET", "Configuración > Claves de API")),
        ("ja", ("日時: 2026年11月23日, 13:40 CET", "設定 > APIキー")),
        ("ar", ("When: 23 November 2026, 13:40 CET", "Settings > API Keys")),
    ],
)
def test_it_speaks_the_language_of_its_reader(shop, language, said):
    shop.timezone, shop.language = "Europe/Berlin", language
    for kind in KINDS:
        _, text, html = parts(message(notice(kind, subject="x", body="x"), shop, SENDER))
        assert f'<html lang="{"en" if language == "ar" else language}" dir="ltr">' in html
        assert "%(" not in text
    _, text, _ = parts(message(notice("key.created"), shop, SENDER))
    assert all(words in text for words in said)
    assert spoken() == "en"


def test_why_a_job_failed_is_in_the_language_of_the_reader_too(shop):
    shop.language = "de"
    failed = notice("job.failed", detail={"error": "Shopify has locked this store."})
    assert "Grund: Shopify hat diesen Shop gesperrt.\n" in parts(message(failed, shop, SENDER))[1]


@pytest.mark.parametrize("kind", ["key.expires_soon", "key.expires_today"])
def test_an_end_is_put_off_by_a_later_date_and_by_no_rotation(shop, kind):
    text = parts(message(notice(kind), shop, SENDER))[1]
    assert "choose a later date under Settings > API Keys" in text and "rotate" not in text


def test_a_widened_key_says_by_what(shop):
    assert (
        "Added permissions: Draft Orders: import"
        in parts(message(notice("key.widened"), shop, SENDER))[1]
    )


def test_a_rotated_key_says_when_the_old_one_ends(shop):
    shop.timezone = "Europe/Berlin"
    text = parts(message(notice("key.rotated"), shop, SENDER))[1]
    assert "Old key ends: 23 November 2026, 14:40 CET\n" in text


def test_a_job_that_failed_names_its_data_as_people_do(shop):
    made = notice("job.failed", detail={"types": ["draft_orders", "menus"], "job": "export"})
    assert "Data: draft orders, menus\n" in parts(message(made, shop, SENDER))[1]


def test_a_key_that_never_expires_says_so(shop):
    made = notice("key.created", detail={"permissions": [], "expires_at": "never"})
    assert "Expires: never\n" in parts(message(made, shop, SENDER))[1]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("permission", "does not have the permission"),
        ("address", "an IP address that the key does not allow"),
        ("deleted", "was deleted"),
        ("expired", "has expired"),
        ("disabled", "is disabled"),
        ("retired", "was rotated"),
        ("plan", "plan does not include"),
        ("else", "is not allowed to make this call"),
    ],
)
def test_a_refused_call_says_why(shop, reason, said):
    made = notice("key.refused", detail={"reason": reason, "needs": None})
    text = " ".join(parts(message(made, shop, SENDER))[1].split())
    assert said in text and "Needs" not in text
    over = reason in ("deleted", "expired", "disabled", "retired")
    assert ("delete the key there" in text) == (not over and reason != "plan")
    assert ("give it a working key" in text) == over
    assert ("/settings/plan/" in text) == (reason == "plan")


@pytest.mark.parametrize("kind", KINDS)
def test_no_mail_holds_a_full_key_even_as_a_name(shop, kind):
    key = generate()
    made = notice(kind, key=key, subject=key, body=key, actor=key, actor_kind="key")
    mail, text, html = parts(message(made, shop, SENDER))
    assert key not in text + html + mail["Subject"] + bytes(mail).decode()
    assert preview(key) in text or kind in (ACCESS_LOST, CONFIRM)


def test_its_headers(shop):
    mail, *_ = parts(message(notice("key.created"), shop, SENDER))
    assert mail["Message-ID"] == f"<{'0' * 36}@example.com>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert (mail["From"], mail["To"]) == (SENDER, "ops@example.com")
    assert abs(mail["Date"].datetime - now()) < timedelta(minutes=1)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85", "\x1b", "\u202e"])
def test_no_name_adds_a_header(shop, end):
    evil = f"x{end}Bcc: eve@example.com{end}{end}<p>hello"
    shop.name = evil
    for kind in KINDS:
        made = notice(kind, key=evil, subject=evil, body="x", address=evil, actor=evil)
        mail, *_ = parts(message(made, shop, SENDER))
        assert mail["Bcc"] is None
        assert mail["Subject"].isprintable()
        assert set(mail.keys()) == {
            "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
            "Content-Type",
        }  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["a@example.com\r\nBcc: eve@example.com", "a@example.com, eve@example.com", "nobody", ""],
)
def test_what_is_no_address_gets_no_mail(shop, address):
    with pytest.raises(MailRefused):
        message(notice("key.created", recipient=address), shop, SENDER)


def test_an_international_domain_is_written_in_ascii(shop):
    mail = message(notice("key.created", recipient="ops@bücher.example"), shop, SENDER)
    assert mail["To"] == "ops@xn--bcher-kva.example"


def test_an_unknown_kind_is_not_sent(shop):
    with pytest.raises(ValueError, match="no text"):
        message(notice("key.painted"), shop, SENDER)


def test_a_folder_takes_a_mail_once(shop, tmp_path):
    mail = message(notice(FROM_US, subject="Hi", body="Text"), shop, SENDER)
    for _ in range(2):
        deliver((tmp_path / "a b").as_uri(), mail)
    [file] = (tmp_path / "a b").iterdir()
    assert file.name == f"{'0' * 36}.eml"


def test_a_server_takes_it(shop, post):
    deliver(post.url, message(notice("key.created", key="Schlüssel"), shop, SENDER))
    [(recipients, mail)] = post.mails
    assert recipients == ["ops@example.com"]
    assert "“Schlüssel”" in mail["Subject"]


@pytest.mark.parametrize(
    ("said", "where", "error"),
    [
        ("550 No such user", "to_recipient", MailRefused),
        ("450 Greylisted", "to_recipient", MailDelayed),
        ("554 Spam", "answer", MailRefused),
        ("452 Full", "answer", MailDelayed),
    ],
)
def test_only_a_final_answer_ends_it(shop, post, said, where, error):
    setattr(post, where, said)
    with pytest.raises(error, match=said.partition(" ")[0]):
        deliver(post.url, message(notice("key.created"), shop, SENDER))


def test_a_server_that_is_down_delays_it(shop, post):
    post.close()
    with pytest.raises(MailDelayed):
        deliver(post.url, message(notice("key.created"), shop, SENDER))


def test_a_wrong_password_or_none_to_give_delays_it(shop, post):
    url = post.url.replace("smtp://", "smtp://me:p%40ss@")
    with pytest.raises(MailDelayed) as caught:
        deliver(url, message(notice("key.created"), shop, SENDER))
    assert "p@ss" not in str(caught.value)
    db.session.rollback()
