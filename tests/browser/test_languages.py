"""The pages as merchants of other languages see them, in the browser."""

import re
from functools import cache

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import expect

from tests.browser.test_screens import CUT_OFF
from translations import FOLDER, languages, speaking
from translations import _ as said

PHONE = {"viewport": {"width": 390, "height": 844}}
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TEXTS = """[...document.querySelectorAll('body *')].flatMap((each) => [
  ...[...each.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data),
  each.title, each.placeholder, each.getAttribute('aria-label')])
  .filter(Boolean).map((text) => text.trim().replace(/\\s+/g, ' '))"""
OTHERS = languages()[1:]


@cache
def english(language) -> re.Pattern[str]:
    """What no page of that language says: the messages that it has other words for, but for those
    with so few letters of their own that others fit them too."""
    patterns = []
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        for message in read_po(file):
            text = message.id if isinstance(message.id, str) else message.id[1]
            parts = re.split(r"%\(\w+\)s|\{\d\}", text)
            if message.string != text and len(re.findall("[a-z]", "".join(parts))) > 3:
                patterns.append(".+".join(map(re.escape, parts)))
    return re.compile("|".join(patterns))


def left_in_english(admin, language):
    texts = admin.app.evaluate(TEXTS)
    return [text for text in set(texts) if english(language).fullmatch(text)]


def go(admin, language, tab="keys"):
    admin.page.goto(f"{admin.address}/settings/{tab}/?locale={language}")
    expect(admin.app.locator("html")).to_have_attribute("lang", language)


def test_what_a_click_a_tab_and_no_answer_bring_is_in_the_merchants_language_too(newcomer):
    for words in ("422", "ERR_FAILED", "Failed to fetch"):
        newcomer.forgive(words)
    if newcomer.everything:
        go(newcomer, "es")
        no_answer_is_told_of(newcomer, "Guardar", "Altera no respondió.")
        go(newcomer, "fr")
        no_answer_is_told_of(newcomer, "Enregistrer", "Altera n’a pas répondu.")
        another_tab_keeps_french(newcomer)
    go(newcomer, "de")
    no_answer_is_told_of(newcomer, "Speichern", "Altera hat nicht geantwortet.")
    newcomer.button("Speichern").click()
    expect(newcomer.app.locator("#email-error")).to_have_text("Geben Sie eine E-Mail-Adresse ein.")
    newcomer.app.get_by_label("E-Mail für API-Benachrichtigungen").fill("ops@example.com")
    newcomer.button("Speichern").click()
    expect(newcomer.toasts).to_contain_text("E-Mail-Adresse gespeichert")
    newcomer.button("API-Schlüssel erstellen").click()
    expect(newcomer.dialog).to_contain_text("0 von 36 Berechtigungen")
    newcomer.dialog.get_by_role("button", name="Speichern").click()
    expect(newcomer.dialog).to_contain_text("Setzen Sie mindestens bei einer Berechtigung")
    newcomer.box("Produkte: Export").check()
    expect(newcomer.dialog).to_contain_text("1 von 36 Berechtigungen")
    assert left_in_english(newcomer, "de") == []
    newcomer.dialog.get_by_role("button", name="Speichern").click()
    expect(newcomer.toasts).to_contain_text("API-Schlüssel erstellt")
    expect(newcomer.rows).to_contain_text("Läuft ab: ")
    newcomer.action("Key 1 löschen").click()
    expect(newcomer.dialog).to_contain_text("Das lässt sich nicht rückgängig machen.")
    assert left_in_english(newcomer, "de") == []


def no_answer_is_told_of(newcomer, save: str, words: str) -> None:
    newcomer.page.route("**/settings/email", lambda route: route.abort())
    newcomer.button(save).click()
    expect(newcomer.app.get_by_role("alert")).to_contain_text(words)
    newcomer.page.unroute("**/settings/email")


def another_tab_keeps_french(newcomer) -> None:
    newcomer.app.get_by_role("link", name="Activité").click()
    expect(newcomer.app.locator("#activities")).to_contain_text("Aucune activité pour l’instant")
    expect(newcomer.app.locator("html")).to_have_attribute("lang", "fr")


@pytest.mark.parametrize("window", [PHONE], ids=["phone"])
def test_every_page_is_in_the_merchants_language_and_no_wider_than_a_phone(newcomer):
    newcomer.has_address().has_key("Nachts").has_key("Tags")
    for language in OTHERS if newcomer.everything else ["de"]:
        go(newcomer, language, "plan")
        for tab in ("activity", "jobs", "keys"):
            fits_in(newcomer, language)
            link = newcomer.app.locator(f"#tab-{tab}-page")
            link.click()
            expect(link).to_have_attribute("aria-current", "page")
        fits_in(newcomer, language)
        with speaking(language):
            newcomer.button(said("Create API Key")).click()
        expect(newcomer.dialog).to_be_visible()
        assert newcomer.app.evaluate(TOO_WIDE) <= 0
        assert newcomer.faults() == [], language


def fits_in(admin, language) -> None:
    assert left_in_english(admin, language) == []
    assert admin.app.evaluate(TOO_WIDE) <= 0, language
    assert admin.app.evaluate(CUT_OFF) == [], language


@pytest.mark.everything
def test_a_language_without_a_catalogue_is_english_from_left_to_right(newcomer):
    for locale in ("ar", "he"):
        newcomer.page.goto(f"{newcomer.address}/settings/keys/?locale={locale}")
        expect(newcomer.app.get_by_role("heading", name="Settings")).to_be_visible()
        assert f"locale={locale}" in newcomer.app.url
        expect(newcomer.app.locator("html")).to_have_attribute("lang", "en")
        expect(newcomer.app.locator("html")).to_have_attribute("dir", "ltr")
