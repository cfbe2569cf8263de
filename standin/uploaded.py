"""The files of staged uploads: their place on disk, and what proves that one may be put there."""

import hashlib
import hmac
import re
from pathlib import Path

KEY = re.compile(r"tmp/(?P<domain>[a-z0-9.-]+)/(?:bulk|files)/[0-9a-f]{32}/[\w.-]+")


def path_of(data: Path, key: str) -> Path | None:
    """The place of the file with this key; None when there can be no such key."""
    return data / "uploads" / key if KEY.fullmatch(key) and "/.." not in key else None


def size_of(data: Path, domain: str, key: str) -> int | None:
    """The size in bytes of a shop's uploaded file; None when it was not uploaded."""
    path, found = path_of(data, key), KEY.fullmatch(key)
    if not path or not found or found["domain"] != domain or not path.is_file():
        return None
    return path.stat().st_size


def domain_of(key: str) -> str:
    """The shop whose file has this key."""
    found = KEY.fullmatch(key)
    return found["domain"] if found else ""


def sign(secret: str, key: str, limit: int, until: int) -> str:
    """The signature that lets a file of at most `limit` bytes be put under the key until then."""
    text = f"{key} {limit} {until}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def is_signed(secret: str, key: str, limit: int, until: int, signature: str) -> bool:
    return hmac.compare_digest(sign(secret, key, limit, until).encode(), signature.encode())
