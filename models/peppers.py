"""Keys become digests under a pepper: a copied database lets nobody confirm a guess.

Each pepper has a version, kept with the key's row; new keys use the highest.
"""

import hmac

from flask import current_app


def versions() -> dict[int, bytes]:
    return current_app.config["SETTINGS"].KEY_PEPPERS


def newest() -> tuple[int, bytes]:
    peppers = versions()
    version = max(peppers)
    return version, peppers[version]


def digest(pepper: bytes, text: str) -> bytes:
    return hmac.digest(pepper, text.encode(), "sha256")
