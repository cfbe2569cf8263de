"""The catalogues hold every word of the pages, and what stands in them fits into the pages."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.pofile import read_po

from blueprints.pages.activity_wording import TYPES
from jobs.failures import SENTENCES
from models.job import IMPORT_RESULTS
from shopify.responses import BARRED, UNKNOWN_STORE
from transfer.types import ALL
from translations import FOLDER, languages, speaking

ROOT = Path(__file__).parent.parent.parent
STARTED = 0.9
"""How much of a language is translated before its merchants see it."""
OTHERS = languages()[1:]
FILLED_IN = re.compile(r"%.\w+.s|\{\d\}")


def messages(path, locale=None):
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def catalogue(language):
    return messages(FOLDER / language / "LC_MESSAGES" / "messages.po", language)


def ids(found):
    return {message.id for message in found if message.id}


def forms(text):
    """The forms of a message: one, or those of its plural."""
    return text if isinstance(text, tuple | list) else (text,)


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The messages that stand in the code and the templates now."""
    path = tmp_path_factory.mktemp("words") / "messages.pot"
    extract = ["-q", "extract", "-F", "pyproject.toml", "-o", str(path)]
    folders = ["--ignore-dirs", ".venv node_modules static standin tests var"]
    command = [sys.executable, "-m", "babel.messages.frontend", *extract, *folders, "."]
    subprocess.run(command, cwd=ROOT, check=True)
    return ids(messages(path))


def test_the_template_is_what_make_words_collects(collected):
    assert ids(messages(FOLDER / "messages.pot")) == collected, "run: make words"


def test_no_message_stands_where_it_is_not_collected():
    """Inside an f-string Babel does not look."""
    for path in (p for f in ("blueprints", "models", "transfer") for p in (ROOT / f).rglob("*.py")):
        for text in (n for n in ast.walk(ast.parse(path.read_text())) if type(n) is ast.JoinedStr):
            calls = [getattr(n.func, "id", "") for n in ast.walk(text) if isinstance(n, ast.Call)]
            assert not {"_", "N_", "ngettext"} & set(calls), path


def test_german_french_spanish_and_japanese_are_there():
    assert {"de", "es", "fr", "ja"} <= set(OTHERS)


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_the_messages_of_the_template(language):
    assert ids(catalogue(language)) == ids(messages(FOLDER / "messages.pot")), "run: make words"


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_is_translated(language):
    found = [message for message in catalogue(language) if message.id]
    missing = [m.id for m in found if m.fuzzy or not all(forms(m.string)) or not m.string]
    print(f"{language}: {len(found) - len(missing)} of {len(found)} messages")
    assert len(missing) <= len(found) * (1 - STARTED), missing


@pytest.mark.parametrize("language", OTHERS)
def test_translations_fill_in_the_same_as_their_message(language):
    """Either as ``%(name)s``, or as ``{1}`` in what is said of a file."""
    for message in catalogue(language):
        wanted = {name for form in forms(message.id) for name in FILLED_IN.findall(form)}
        for form in filter(None, forms(message.string)) if message.id else ():
            assert set(FILLED_IN.findall(form)) == wanted, form
            if not any(name.startswith("{") for name in wanted):
                assert form % dict.fromkeys((name[2:-2] for name in wanted), "") is not None


@pytest.mark.parametrize("language", OTHERS)
def test_translations_have_the_plural_forms_of_their_language(language):
    found = catalogue(language)
    assert [(m.id, errors) for m, errors in found.check()] == []
    for message in found:
        if message.id and message.pluralizable and any(message.string):
            assert len(message.string) == found.num_plurals


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_adds_no_markup(language):
    """Templates take it as HTML, also inside attributes."""
    for message in catalogue(language):
        for form in filter(None, forms(message.string)) if message.id else ():
            assert re.findall('[<>&"]', form) == re.findall('[<>&"]', forms(message.id)[-1]), form
            assert form == form.strip()


@pytest.mark.parametrize("language", OTHERS)
def test_babel_knows_the_language(language):
    assert Locale.parse(language).text_direction in ("ltr", "rtl")


def test_what_is_looked_up_by_its_name_is_in_the_template():
    found = ids(messages(FOLDER / "messages.pot"))
    assert {kind.label for kind in ALL} | {kind.about for kind in ALL} <= found
    assert [kind.name.replace("_", " ") for kind in ALL] == list(TYPES)
    assert {f"%(count)s {result}" for result in IMPORT_RESULTS} <= found


def test_what_the_client_of_shopify_says_of_a_failure_is_translated():
    """It may not import the catalogues, so its sentences stand once more where they are marked."""
    raised = {"ShopifyRefused", "ShopifyUnavailable", "ResultGone", "AccessDenied"}
    said = set(BARRED.values()) | {UNKNOWN_STORE}
    for path in (path for path in (ROOT / "shopify").glob("*.py") if path.stem != "plan"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in raised:
                said |= {str(text.value) for text in node.args if isinstance(text, ast.Constant)}
    assert len(said) > len(BARRED) + 1
    assert said <= set(SENTENCES)


@pytest.mark.parametrize("language", languages())
def test_what_is_imported_is_counted_by_its_own_word(language):
    with speaking(language):
        words = [each.counted and each.counted(2) for each in ALL if each.importable]
    assert all(one and "2" in one for one in words)
    assert len(set(words)) == len(words)
