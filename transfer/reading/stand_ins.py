"""Stand-ins for personal data: what a key sees in its place, and how they are known in a file.

The same value has the same stand-in in all files of a store: an HMAC under the store's secret, in
the form of what it stands for. Without the secret nobody finds the value, not even by trying all
there are; under another secret it has another stand-in.
"""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from unicodedata import normalize

from transfer.types.personal import Kind

DOMAIN = "example.invalid"
"""No mail can reach it (RFC 2606)."""
NO_COUNTRY = "+999"
"""No country has this dialing code."""
ID_START = "99"
ID_DIGITS = 18
"""Shopify's own IDs are shorter by far."""
TOKEN = "[0-9A-F]{8}"
FORMS: dict[Kind, str] = {
    "email": rf"customer-[0-9a-f]{{16}}@{re.escape(DOMAIN)}",
    "phone": rf"{re.escape(NO_COUNTRY)}\d{{10}}",
    "ip": r"2001:db8::[0-9a-f]{4}:[0-9a-f]{4}",
    "file": rf"https://{re.escape(DOMAIN)}/File-{TOKEN}(?:\.\w+)?",
    **dict.fromkeys(("person", "own"), rf"(?:gid://shopify/\w+/)?{ID_START}\d{{{ID_DIGITS - 2}}}"),
}
"""What stand-ins of each kind look like that nobody has of their own."""
WORDS: dict[Kind, str] = {
    "first": f"Customer {TOKEN}",
    "last": TOKEN,
    "name": f"Customer {TOKEN}",
    "company": f"Company {TOKEN}",
    "street": f"Street {TOKEN}",
    "city": f"City {TOKEN}",
    "zip": f"Zip {TOKEN}",
    "code": f"Code {TOKEN}",
    "file": rf"File[ -]{TOKEN}(?:\.\w+)?",
}
"""What those look like that may as well be somebody's own. A text has no stand-in, it is left
empty."""


def _patterns(forms: dict[Kind, str]) -> dict[Kind, re.Pattern[str]]:
    return {kind: re.compile(rf"\s*{form}\s*", re.ASCII | re.I) for kind, form in forms.items()}


PATTERNS, WORD_PATTERNS = _patterns(FORMS), _patterns(WORDS)
PERSON = re.compile(r"gid://shopify/Customer/\d+")
"""An ID that leads to a customer, wherever it stands."""
ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")
BREAKS = re.compile(r"[^0-9]+")


def is_stand_in(kind: Kind, cell: str, *, words: bool) -> bool:
    """Whether a cell of a column of this kind has what a stand-in looks like. ``words`` that may as
    well be somebody's own count where the store has had stand-ins."""
    of_kind = (PATTERNS.get(kind), WORD_PATTERNS.get(kind) if words else None)
    return any(pattern is not None and pattern.fullmatch(cell) for pattern in of_kind)


@dataclass(frozen=True)
class StandIns:
    """The stand-ins of one store, by its ``secret``."""

    secret: bytes

    def of(self, kind: Kind, value: str) -> str:
        """What stands in the place of a value; of a name see ``name``."""
        return MAKERS[kind](self, value) if value.strip() else value

    def name(self, *parts: str | None) -> str:
        """``Customer 7F3A9C21`` for a full name; its last word is what stands for a last name."""
        full = " ".join(filter(None, parts))
        return f"Customer {self._token('name', full)}" if full.strip() else ""

    def id(self, gid: str) -> str:
        """The same ``gid://`` with a number of its own."""
        start, slash, _ = gid.partition("?")[0].rpartition("/")
        number = self._number("id", f"{start}/{gid.rpartition('/')[2].partition('?')[0]}", 16)
        return f"{start}{slash}{ID_START}{number}"

    def without_people(self, text: str) -> str:
        """A text in which IDs of customers are replaced."""
        return PERSON.sub(lambda found: self.id(found[0]), text)

    def _email(self, value: str) -> str:
        return f"customer-{self._token('email', value, 16).lower()}@{DOMAIN}"

    def _phone(self, value: str) -> str:
        return NO_COUNTRY + self._number("phone", BREAKS.sub("", value), 10)

    def _ip(self, value: str) -> str:
        token = self._token("ip", value).lower()
        return f"2001:db8::{token[:4]}:{token[4:]}"

    def _file(self, value: str) -> str:
        """The same for a file's name and for all addresses that end with it."""
        name = value.partition("?")[0].rpartition("/")[2]
        ending = ENDING.search(name)
        shown = f"File {self._token('file', name)}{ending[0] if ending else ''}"
        return f"https://{DOMAIN}/{shown.replace(' ', '-')}" if "/" in value else shown

    def _digest(self, kind: str, value: str) -> bytes:
        """Of texts that differ only in case, spaces or how letters are composed it is the same."""
        same = " ".join(normalize("NFKC", value).casefold().split())
        return hmac.digest(self.secret, f"{kind}\n{same}".encode(), "sha256")

    def _token(self, kind: str, value: str, length: int = 8) -> str:
        return self._digest(kind, value).hex()[:length].upper()

    def _number(self, kind: str, value: str, digits: int) -> str:
        return f"{int.from_bytes(self._digest(kind, value)) % 10**digits:0{digits}}"


def _named(word: str, kind: str) -> Callable[[StandIns, str], str]:
    return lambda made, value: f"{word} {made._token(kind, value)}"


MAKERS: dict[Kind, Callable[[StandIns, str], str]] = {
    "email": StandIns._email,
    "phone": StandIns._phone,
    "name": StandIns.name,
    "company": _named("Company", "company"),
    "street": _named("Street", "street"),
    "city": _named("City", "city"),
    "zip": _named("Zip", "zip"),
    "code": _named("Code", "code"),
    "ip": StandIns._ip,
    "file": StandIns._file,
    "person": StandIns.id,
    "own": StandIns.id,
    "text": lambda made, value: "",
}
