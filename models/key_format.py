"""The text of an API key: recognisable by scanners, typo-proof, selected by one double click.

``altera_`` + 40 base62 characters of randomness (238 bits) + 6 base62 characters of CRC32 over
all that stands before, as GitHub does it. The checksum is public and never replaces the lookup.
"""

import re
import secrets
import string
from zlib import crc32

PREFIX = "altera_"
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
RANDOM, CHECK = 40, 6
_SHAPE = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{RANDOM + CHECK}}}", re.ASCII)


def generate() -> str:
    body = PREFIX + _base62(secrets.randbelow(len(ALPHABET) ** RANDOM), RANDOM)
    return body + checksum(body)


def checksum(body: str) -> str:
    """CRC32 (ISO-HDLC) of the ASCII text, as six base62 digits, most significant first."""
    return _base62(crc32(body.encode()), CHECK)


def _base62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))


def well_formed(text: str) -> bool:
    """Whether this can be a key at all, told without asking the database."""
    return bool(_SHAPE.fullmatch(text)) and checksum(text[:-CHECK]) == text[-CHECK:]


def found_in(text: str) -> list[str]:
    """Every full key that stands in a text, right or mistyped, each once."""
    return list(dict.fromkeys(_SHAPE.findall(text)))


def masked(text: str) -> str:
    """The text with every full key in it, right or mistyped, cut down to its preview."""
    return _SHAPE.sub(lambda found: preview(found[0]), text)


def preview(key: str) -> str:
    """What may be shown for ever: enough to tell keys apart, far too little to use."""
    return f"{key[: len(PREFIX) + 4]}…{key[-4:]}"
