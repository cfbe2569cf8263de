"""Sentences about a file in the language spoken, made of the English ones that are stored.

Plans, results and the API say in English what is wrong with a file, where it is found. A page looks
for each sentence among the messages of the catalogue, in which ``{1}`` stands for a value, and
fills the translation in with the same values. Cells, headers, codes and Shopify's own words stay as
they are, and so does what no message fits.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Literal, TypeAlias

from babel.lists import format_list

from translations import ENGLISH, N_, _, catalogue, language, locale, messages, ngettext

THINGS = (
    N_("article"),
    N_("articles"),
    N_("blog"),
    N_("blogs"),
    N_("catalog"),
    N_("catalogs"),
    N_("code"),
    N_("codes"),
    N_("collection"),
    N_("collections"),
    N_("comment"),
    N_("comments"),
    N_("companies"),
    N_("company"),
    N_("company location"),
    N_("company locations"),
    N_("contact of a company"),
    N_("contacts of companies"),
    N_("customer"),
    N_("customers"),
    N_("file"),
    N_("files"),
    N_("item"),
    N_("items"),
    N_("location"),
    N_("locations"),
    N_("market"),
    N_("markets"),
    N_("metafield definition"),
    N_("metafield definitions"),
    N_("metaobject"),
    N_("metaobject definition"),
    N_("metaobject definitions"),
    N_("metaobjects"),
    N_("page"),
    N_("pages"),
    N_("payment terms"),
    N_("policies"),
    N_("policy"),
    N_("product"),
    N_("product categories"),
    N_("product category"),
    N_("products"),
    N_("rules"),
    N_("sales channel"),
    N_("sales channels"),
    N_("segment"),
    N_("segments"),
    N_("shipping profile"),
    N_("shipping profiles"),
    N_("variant"),
    N_("variant with the SKU"),
    N_("variants"),
    N_("variants with the SKU"),
)
"""What sentences are about: their values that are words of ours."""
LONGEST = 4000
"""Characters of a text that is looked through; nothing of ours is as long."""
FOLDER = "transfer/"
"""Where what is said about a file is collected from."""
QUOTE = N_("“{1}”")
JOINED: dict[Literal["or", "standard"], str] = {"standard": " and ", "or": " or "}
MORE = re.compile(r"(.+) and ([\d,]+) more")
PLACE = re.compile(r"\{(\d)\}")
QUOTED = re.compile(r"“[^”]*”")
ROW = re.compile(r"Row ([\d,]+)")
COUNTED = re.compile(r"([\d,]+) (.+)")
NEXT = re.compile(r'(?:“[^”]*”|"[^"]*"|.)*?(?:: |[.?;,] |\Z)', re.DOTALL)
"""Up to the next place at which a sentence may begin."""
END = r"(?=\Z|[;,] |(?<=[.?]) )"
BETWEEN_MARKS = {"“": "([^”]*)", '"': '([^"]*)'}
FIRST, INSIDE = r"((?:“[^”]*”|\.(?! )|[^“”:.;])+?)", r"((?:“[^”]*”|(?!\. )[^“”])+?)"
Part: TypeAlias = tuple[int, str]
"""Where a part of a text ends, and its translation."""


@dataclass(frozen=True)
class Pattern:
    """A message in English, which fits what was said when its values were filled in."""

    message: str

    @cached_property
    def longest(self) -> str:
        """Its longest part without a value: a text that lacks it does not fit."""
        return max(PLACE.split(self.message)[::2], key=len)

    @cached_property
    def size(self) -> int:
        return len(PLACE.sub("", self.message))

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Each value ends where the text after it first stands, for good: a cell that is made of
        such texts would otherwise be divided in as many ways as there are, which takes hours."""
        first, *others = PLACE.split(self.message)[::2]
        found, before = re.escape(first), first
        for place, after in enumerate(others, 1):
            value = BETWEEN_MARKS.get(before[-1:]) or (INSIDE if found else FIRST)
            end = END if place == len(others) else ""
            found += f"(?>{value}{re.escape(after)}{end})"
            before = after
        return re.compile(found if others else found + END)


def translated(text: str, names: Collection[str] = ()) -> str:
    """What is said of a file, in the language spoken. ``names`` are translated in front of a colon,
    such as those of data types."""
    return text if language() == ENGLISH else _translated(text, language(), frozenset(names))


@lru_cache(4096)
def _translated(text: str, spoken: str, names: frozenset[str]) -> str:
    if text and (whole := catalogue().gettext(text)) != text:
        return whole
    if len(text) > LONGEST:
        return text
    patterns = [pattern for pattern in _patterns(spoken) if pattern.longest in text]
    found, at = "", 0
    while at < len(text):
        end, words = _sentence(text, at, patterns) or _other(text, at, names)
        rest = text[end:]
        space = rest[: len(rest) - len(rest.lstrip())]
        found += words + space
        at = end + len(space)
    return found


@cache
def _patterns(spoken: str) -> list[Pattern]:
    """The sentences of the catalogue, those that say the most first."""
    found = [Pattern(text) for text in messages(spoken, FOLDER) if " " in text and "%(" not in text]
    return sorted(found, key=lambda pattern: -pattern.size)


def _sentence(text: str, at: int, patterns: list[Pattern]) -> Part | None:
    """The sentence that begins here."""
    for pattern in patterns:
        if match := pattern.regex.match(text, at):
            return match.end(), _filled(pattern.message, match.groups())
    return None


def _other(text: str, at: int, names: Collection[str]) -> Part:
    """What stands before a sentence, or what no message says."""
    match = NEXT.match(text, at)
    words = (match[0] if match else text[at:]).rstrip()
    end = at + max(len(words), 1)
    before = words.removesuffix(":")
    if before == words:
        return end, words
    if row := ROW.fullmatch(before):
        before = _("Row %(line)s", line=row[1])
    elif before in names:
        before = _(before)
    return end, f"{before}:"


def _filled(message: str, values: Collection[str]) -> str:
    """The translation with the values of the message. What it quotes is the file's, as it is."""
    quoted = {place for words in QUOTED.findall(message) for place in PLACE.findall(words)}
    found = {
        place: value if place in quoted else _value(value)
        for place, value in zip(PLACE.findall(message), values, strict=True)
    }
    return PLACE.sub(lambda place: found[place[1]], catalogue().gettext(message))


def _value(value: str) -> str:
    """A value with our own words in it translated, and what joins them."""
    if more := MORE.fullmatch(value):
        num = int(more[2].replace(",", ""))
        return f"{_value(more[1])} {ngettext('and %(num)s more', 'and %(num)s more', num)}"
    if "“" in value:
        return QUOTED.sub(lambda found: _quoted(found[0][1:-1]), value)
    for style, word in JOINED.items():
        if word in value:
            return format_list([_word(part) for part in value.split(word)], style, locale())
    return _word(value)


def _quoted(cell: str) -> str:
    return PLACE.sub(lambda _: cell, catalogue().gettext(QUOTE))


def _word(word: str) -> str:
    if (counted := COUNTED.fullmatch(word)) and counted[2] in THINGS:
        return f"{counted[1]} {_(counted[2])}"
    return catalogue().gettext(word) if word in THINGS or " " in word else word
