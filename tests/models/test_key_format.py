import re

from hypothesis import given
from hypothesis import strategies as st

from models.key_format import (
    ALPHABET,
    checksum,
    found_in,
    generate,
    masked,
    preview,
    well_formed,
)


def test_a_key_is_recognisable_and_selected_by_a_double_click():
    key = generate()
    assert re.fullmatch(r"altera_[0-9A-Za-z]{46}", key, re.ASCII)
    assert well_formed(key)


def test_the_checksum_is_crc32_in_base62():
    assert checksum("altera_" + "0" * 40) == "0WE6od"


def test_no_two_keys_are_alike():
    assert len({generate() for _ in range(1000)}) == 1000


@given(st.integers(0, 52), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(place, letter):
    key = generate()
    typo = key[:place] + letter + key[place + 1 :]
    assert well_formed(typo) == (typo == key)


@given(st.text())
def test_no_other_text_is_a_key(text):
    assert not well_formed(text)
    assert not well_formed("altera_" + text)


def test_letters_that_only_look_right_are_refused():
    key = generate()
    assert not well_formed(key + "\n")
    assert not well_formed(key[:-1] + "é")
    assert not well_formed(key.upper())


def test_the_preview_tells_far_too_little_to_use():
    key = generate()
    assert preview(key) == f"{key[:11]}…{key[-4:]}"


@given(st.lists(st.text(max_size=9), min_size=1, max_size=4))
def test_every_key_in_a_text_is_found_once(texts):
    keys = [generate() for _ in texts]
    noise = "".join(f" {text} {key}" for text, key in zip(texts, keys, strict=True))
    assert found_in(noise + keys[0]) == keys


def test_full_keys_in_a_text_are_cut_to_their_previews():
    key = generate()
    typo = key[:-1] + ("0" if key[-1] != "0" else "1")
    said = masked(f"“{key}” and {typo}, not altera_short")
    assert key not in said and typo not in said
    assert said == f"“{preview(key)}” and {preview(typo)}, not altera_short"
