"""Secrets at rest: AES-GCM boxes that open only for the row they were made for.

A box is ``version byte + 12-byte nonce + ciphertext and tag``. The row's identity is the
associated data, so a box copied to another row does not open.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


class Vault:
    """Seals and opens text under versioned 32-byte keys; the highest version seals."""

    def __init__(self, keys: dict[int, bytes]):
        self._keys = {version: AESGCM(key) for version, key in keys.items()}
        self._current = max(keys)

    @property
    def mark(self) -> bytes:
        """The first byte of a box that is sealed now."""
        return bytes([self._current])

    def seal(self, text: str, *, owner: str) -> bytes:
        nonce = os.urandom(NONCE)
        sealed = self._keys[self._current].encrypt(nonce, text.encode(), owner.encode())
        return self.mark + nonce + sealed

    def open(self, box: bytes, *, owner: str) -> str | None:
        """Return the text, or None when the box is not ours to open."""
        key = self._keys.get(box[0]) if box else None
        if key is None:
            return None
        try:
            return key.decrypt(box[1 : 1 + NONCE], box[1 + NONCE :], owner.encode()).decode()
        except (InvalidTag, ValueError):
            return None
