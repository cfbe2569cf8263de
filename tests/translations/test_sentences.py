"""What is said of a file in English is found again, and said in the language of the page."""

import re
import time
from functools import partial
from pathlib import Path

import pytest

from transfer.importing.references import KINDS
from transfer.types import ALL
from translations import FOLDER, catalogue, languages, messages, speaking
from translations.extraction import sentences
from translations.sentences import LONGEST, PLACE, THINGS, translated

ROOT = Path(__file__).parent.parent.parent
OTHERS = languages()[1:]
CELL = "12.50"
GERMAN = {
    "ALYS001: the file is empty.": "ALYS001: Die Datei ist leer.",
    "ALYS005: these columns are not known and are ignored: “Note”, “Colour”.": (
        "ALYS005: Diese Spalten sind nicht bekannt und werden ignoriert: „Note“, „Colour“."
    ),
    "Row 5: Variant Price: “two. No” is not a number. Write it like 1234.50.": (
        "Zeile 5: Variant Price: „two. No“ ist keine Zahl. Schreiben Sie sie wie 1234.50."
    ),
    "The Title is empty. The Handle is empty.": "Title ist leer. Handle ist leer.",
    "Its 3 comments are deleted too. An undo does not bring comments back.": (
        "Dazu werden auch gelöscht: 3 Kommentare. Kommentare kommen beim Rückgängigmachen nicht "
        "zurück."
    ),
    "The store has no ID 7; it was found by its Handle and Title.": (
        "Der Shop hat die ID 7 nicht; es wurde über Handle und Title gefunden."
    ),
    "Image Src: The store has no file “a.png”. Title has already been taken": (
        "Image Src: Im Shop gibt es „a.png“ (Datei) nicht. Title has already been taken"
    ),
    "Left out: “Notes”, “Old” and 3 more.": "Weggelassen: „Notes“, „Old“ und 3 weitere.",
    "Metafield: my.x [list] contradicts the object's first row, which is taken.": (
        "Metafield: my.x [list] widerspricht der ersten Zeile des Objekts, die gilt."
    ),
    "Title: is too long; Handle: has already been taken": (
        "Title: is too long; Handle: has already been taken"
    ),
    "Products: nothing matches vendor.": "Produkte: nichts passt zu vendor.",
    "": "",
}


@pytest.mark.parametrize("english", GERMAN, ids=partial(re.sub, "[^a-zA-Z0-9]+", "-"))
def test_the_sentences_of_a_comment_are_translated_and_what_is_the_files_own_is_not(english):
    labels = [data_type.label for data_type in ALL]
    with speaking("de"):
        assert translated(english, labels) == GERMAN[english]
    assert translated(english, labels) == english


@pytest.mark.parametrize("language", OTHERS)
def test_each_sentence_of_the_code_is_found_again_with_its_values(language):
    texts = messages(language, "transfer/importing") + messages(language, "transfer/formats")
    templates = [text for text in texts if re.search(r"\{\d\}", text)]
    assert len(templates) > 60
    with speaking(language):
        for template in templates:
            said = re.sub(r"\{\d\}", CELL, template)
            wanted = re.sub(r"\{\d\}", CELL, catalogue().gettext(template))
            assert translated(said) == wanted, template


def test_all_that_a_file_can_be_told_is_collected():
    collected = set(messages("de", "transfer/"))
    found = {
        text
        for path in (ROOT / "transfer" / "importing").rglob("*.py")
        for _, text in sentences(path.read_text())
    }
    assert len(found) > 100
    assert found <= collected


def test_the_kinds_of_what_is_not_found_have_words():
    assert {kind.word for kind in KINDS.values()} | {kind.words for kind in KINDS.values()} <= set(
        THINGS
    ) | set(messages("de", ""))
    words = {
        one.word
        for data_type in ALL
        if data_type.writing
        for one in data_type.writing.members
        if one.word
    }
    assert words <= set(THINGS)


def test_a_sentence_is_collected_without_what_stands_before_it():
    source = '''
"""Docs of a module are not said."""
SAVE = "Save it."
def look(log):
    log.warning("This goes to the log.")
    raise BadCell(f"{header}: “{short(cell)}” is none of {', '.join(words)}. {SAVE}")
    raise BadCell(f"Value Type: it is {'empty' if blank else 'unknown'}")
    raise BadFile(f"Line {{}} has more than {most} values.".format(line))
    raise ValueError("Not for merchants at all.")
'''
    assert [text for _, text in sentences(source)] == [
        "“{1}” is none of {2}. Save it.",
        "it is empty",
        "it is unknown",
        "Line {1} has more than {2} values.",
    ]


def test_what_is_longer_than_anything_of_ours_is_left_as_it_is():
    with speaking("de"):
        said = "It exists already. " + "x" * LONGEST
        assert translated(said) == said


def test_the_catalogues_are_where_messages_are_read_from():
    assert (FOLDER / "de").is_dir()
    assert messages("de", "transfer/importing/plan.py")
    assert not messages("de", "nowhere/")


def test_a_cell_made_of_parts_of_a_sentence_is_looked_through_at_once():
    """Divided between the values in each way that there is, it would take minutes, in which no
    other thread of the process runs."""
    most = max(messages("de", "transfer/"), key=lambda text: len(PLACE.findall(text)))
    begins, *between, ends = PLACE.split(most)[::2]
    cell = f"{begins}{('x' + ''.join(between)) * 200}"[:1_200]
    started = time.monotonic()
    with speaking("de"):
        assert translated(f"{cell}, {ends}!") == f"{cell}, {ends}!"
    assert time.monotonic() - started < 10
