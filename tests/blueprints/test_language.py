"""The language of a page, of its fragments, of its errors; and what stays English."""

import csv
import io
from contextvars import Context
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

import translations
from models import db
from tests.cast import make_key
from tests.markup import one, select

KEYS = "/settings/keys/"
PAGE = "http://localhost/settings/keys/?shop=alice.myshopify.com&host=aG9zdA&locale="
WORDS = {
    "en": "Connect the command line",
    "de": "Befehlszeile verbinden",
    "es": "Conectar la línea de comandos",
    "fr": "Connecter la ligne de commande",
    "ja": "コマンドラインを接続する",
}


def sent_from(page):
    """The header by which htmx names the page that asks."""
    return {"environ_overrides": {"HTTP_HX_CURRENT_URL": page}}


def fragment(merchant, method, url, locale="de", **more):
    """What htmx gets that stands on a page of this locale."""
    return merchant._send(method, url, **sent_from(PAGE + locale), **more)


@pytest.mark.parametrize(("locale", "said"), WORDS.items())
def test_a_page_speaks_the_language_that_shopify_tells(merchant, locale, said):
    page = merchant.get(KEYS, query_string={"locale": locale})
    assert (one(page, "html")["lang"], one(page, "html")["dir"]) == (locale, "ltr")
    assert f">{said}<" in page.text


@pytest.mark.parametrize("locale", ["de-AT", "DE", "de_CH"])
def test_a_region_is_no_other_language(merchant, locale):
    assert WORDS["de"] in merchant.get(KEYS, query_string={"locale": locale}).text


@pytest.mark.parametrize("locale", ["ar", "he", "xx", "", "../de", "%", "d" * 5000, "de\0"])
def test_a_language_that_there_is_not_is_english_from_left_to_right(merchant, locale):
    answer = merchant.get(KEYS, query_string={"locale": locale})
    assert answer.status_code == 200
    assert (one(answer, "html")["lang"], one(answer, "html")["dir"]) == ("en", "ltr")
    assert WORDS["en"] in answer.text


def test_a_fragment_speaks_the_language_of_its_page(merchant):
    assert "Geben Sie eine E-Mail-Adresse ein." in fragment(merchant, "PUT", "/settings/email").text


@pytest.mark.parametrize(
    "page", ["http://[", "?locale", "http://x/?locale=", "?locale=%zz&&==", ""]
)
def test_a_page_that_cannot_be_read_is_english(merchant, page):
    answer = merchant.put("/settings/email", **sent_from(page))
    assert answer.status_code == 422
    assert "Enter an email address." in answer.text


@pytest.mark.parametrize(
    ("locale", "browser", "spoken"),
    [("de", "fr", "de"), ("", "ja,fr;q=0.5", "ja"), ("pt-BR", "pt,es;q=0.9", "es"), ("", "", "en")],
)
def test_the_browsers_languages_come_after_shopifys(merchant, locale, browser, spoken):
    more = {"environ_overrides": {"HTTP_ACCEPT_LANGUAGE": browser}}
    text = merchant.get(KEYS, query_string={"locale": locale}, **more).text
    assert WORDS[spoken] in text


def test_one_language_does_not_stay_for_the_next_request(app):
    """A server answers one request after the other in the same thread, as this client does."""
    client = FlaskClient(app, app.response_class)

    def answer():
        return [client.get(path).text for path in ("/nothing?locale=fr", "/nothing")]

    french, english = Context().run(answer)
    assert "Page introuvable" in french and "Not Found" in english


def test_programs_are_told_in_english(merchant, script):
    answer = script.open("GET", "/exports/nothing", query_string={"locale": "de"})
    assert answer.json["detail"] == "There is no such export."
    answer = script.open(
        "POST",
        "/exports",
        json={"types": ["orders"]},
        environ_overrides={"HTTP_ACCEPT_LANGUAGE": "de"},
    )
    assert "it needs Orders: export." in answer.json["detail"]


def test_an_error_page_speaks_it_too(app):
    text = app.test_client().get("/nothing?locale=fr").text
    assert "Page introuvable" in text and "Cette page n’existe pas." in text


def test_what_a_merchant_typed_stays_text_in_every_language(merchant, shop):
    make_key(shop, "products:export", name='<b>"x"')
    for language in translations.languages():
        page = merchant.get(KEYS, query_string={"locale": language})
        assert select(page, "td.name b, td.actions b") == []
        labels = [each["aria-label"] for each in select(page, "td.actions [aria-label]")]
        assert len(labels) == 5 and all('<b>"x"' in label for label in labels)


def test_dates_and_numbers_are_written_as_the_language_does(merchant, shop):
    key, _ = make_key(shop, "products:export")
    key.created_at = key.created_at.replace(year=2025, month=3, day=9)
    db.session.commit()
    for language, day in (("en", "9 Mar 2025"), ("de", "9. März 2025"), ("ja", "2025年3月9日")):
        assert f">{day}</time>" in merchant.get(KEYS, query_string={"locale": language}).text
    told = {"en": "1 to 600,000,", "de": "1 bis 600.000 ", "fr": "1 à 600\u202f000 "}
    for language, said in told.items():
        form = {"name": "CI", "expires": "never", "permission": "products:export"}
        form |= {"allowed_addresses": "", "calls_per_minute": "x"}
        shop.contact_email = "ops@example.com"
        db.session.commit()
        assert said in fragment(merchant, "POST", KEYS, language, data=form).text


def test_the_toast_of_a_change_is_said_in_it(merchant):
    answer = fragment(merchant, "PUT", "/settings/email", "ja", data={"email": "ops@example.com"})
    assert r"\u30e1\u30fc\u30eb" in answer.headers["HX-Trigger"]


def test_the_activity_and_its_file_speak_it(merchant):
    fragment(merchant, "PUT", "/settings/email", data={"email": "new@example.com"})
    said = "hat die Benachrichtigungsadresse geändert"
    assert said in merchant.get("/settings/activity/", query_string={"locale": "de"}).text
    link = fragment(merchant, "GET", "/settings/activity/file").headers["HX-Redirect"]
    file = merchant.client.get(link, buffered=True).text
    header, row = csv.reader(io.StringIO(file.removeprefix("\ufeff")))
    assert header[:3] == ["Zeit", "Wer", "Was"]
    assert row[1:3] == ["Mitarbeiter 8811", said]
    assert urlsplit(link).query.endswith("locale=de")


def test_a_reader_gets_mail_in_the_language_the_address_was_saved_in(merchant, shop):
    fragment(merchant, "PUT", "/settings/email", "fr", data={"email": "ops@example.com"})
    db.session.refresh(shop)
    assert shop.language == "fr"
