"""The language that is spoken, and the catalogues that words are looked up in.

English is the language of the code: a message is its own English text. Every other language is a
folder here with ``LC_MESSAGES/messages.po``. What runs outside a merchant's request speaks English
unless it says otherwise: the API, the command line's answers, the log.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

FOLDER = Path(__file__).parent
ENGLISH = "en"
_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


@cache
def languages() -> tuple[str, ...]:
    """The languages there are, English first: ``("en", "de", …)``."""
    found = sorted(path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/messages.po"))
    return (ENGLISH, *found)


def best(wanted: Iterable[str]) -> str:
    """The first of these locales (``de``, ``fr-CA``) whose language there is, else English."""
    named = {name.lower(): name for name in languages()}
    for name in wanted:
        tag = name.lower().replace("-", "_")
        if found := named.get(tag) or named.get(tag.partition("_")[0]):
            return found
    return ENGLISH


def speak(language: str) -> None:
    """Look words up in this language, one of ``languages()``, from now on in this context."""
    _spoken.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def language() -> str:
    return _spoken.get()


def locale() -> Locale:
    """Babel's rules of the language: its dates, numbers, direction."""
    return _locale(_spoken.get())


def _(message: str, **values: object) -> str:
    """The message in the language spoken, its ``%(name)s`` filled in."""
    text = catalogue().gettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """The form that fits the number, which is ``%(num)s`` in it."""
    return catalogue().ngettext(singular, plural, num) % ({"num": number(num)} | values)


def N_(message: str) -> str:
    """Mark a message that is looked up where it is shown."""
    return message


def dated(day: date, *, long: bool = False) -> str:
    """A date as the language writes it: ``12 Nov 2026``, ``12. Nov. 2026``; long: ``November``."""
    return _dated(day, long, language())


def zone_name(local: datetime) -> str:
    """The zone of a local time as people write it: ``CET``; ``UTC-3`` where it has no letters."""
    name = local.tzname() or "UTC"
    return name if name[0].isalpha() else f"UTC{name[0]}{name[1:].lstrip('0') or 0}"


def number(value: int) -> str:
    """A number as the language writes it: ``1,204``, ``1.204``."""
    return format_decimal(value, locale=locale())


def either(names: list[str]) -> str:
    """``Pro``, ``Pro or Max``."""
    return format_list(names, "or", locale())


def messages(language: str, folder: str) -> list[str]:
    """The messages of one form that a catalogue has from the files of a folder (``transfer/``)."""
    return [
        message.id
        for message in _read(language)
        if isinstance(message.id, str)
        and any(path.startswith(folder) for path, _ in message.locations)
    ]


def catalogue() -> NullTranslations:
    return _catalogue(_spoken.get())


@lru_cache(1024)
def _dated(day: date, long: bool, language: str) -> str:
    if language == ENGLISH:
        return format_date(day, "d MMMM y" if long else "d MMM y", ENGLISH)
    if long:
        return format_date(day, "long", _locale(language))
    return format_skeleton("yMMMd", day, locale=_locale(language))


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


@cache
def _catalogue(language: str) -> NullTranslations:
    """The catalogue, compiled in memory; a message without a translation stays English."""
    if language == ENGLISH:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, _read(language))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def _read(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)
