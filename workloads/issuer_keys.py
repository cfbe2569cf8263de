"""The public keys of issuers: found by their discovery document, kept for a while, renewed.

https://openid.net/specs/openid-connect-discovery-1_0.html, RFC 7517
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Lock
from time import monotonic
from typing import Any, Protocol
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key

from workloads.careful_fetch import NotFetched

PublicKey = RSAKey | ECKey
Fetch = Callable[[str, Collection[str]], dict[str, Any]]
FRESH = 600.0
"""Seconds that keys are used without asking again: as long a key that was withdrawn still works."""
OUTAGE = 12 * 3600.0
"""Seconds that the last good keys are used while the issuer does not answer."""
AGAIN = 30.0
"""Seconds from one fetch to the next, whatever key ids are asked for."""
PATIENCE = 2.0
"""Seconds that one waits for another's fetch of the same keys."""
MOST_ISSUERS, MOST_KEYS, AT_ONCE, MOST_WAITING = 500, 100, 2, 3
"""Fetches at once are few, and those who wait for one, so that slow issuers do not take up the
server."""
LEAST_RSA_BITS = 2048
log = logging.getLogger(__name__)


class KeySetStorage(Protocol):
    """Where keys are kept for other processes, and for after a restart."""

    def load(self, issuer: str) -> tuple[dict[str, Any], float] | None:
        """The issuer's key set, and its age in seconds."""

    def store(self, issuer: str, jwks: dict[str, Any]) -> None:
        """Keep a key set that was fetched just now."""


class IssuerUnavailable(Exception):
    """The issuer's keys are not known, and cannot be fetched now; says why."""


@dataclass
class _Known:
    """What is known of an issuer."""

    lock: Lock = field(default_factory=Lock)
    keys: dict[str, PublicKey] = field(default_factory=dict)
    fetched: float = float("-inf")
    tried: float = float("-inf")
    failure: str = ""

    def age(self, at: float) -> float:
        return at - self.fetched


class IssuerKeys:
    """The keys of one process. Threads may share it; each issuer is asked by one at a time."""

    def __init__(
        self,
        fetch: Fetch,
        private_issuers: Collection[str] = (),
        clock: Callable[[], float] = monotonic,
        storage: KeySetStorage | None = None,
    ):
        self._fetch, self._private, self._clock = fetch, frozenset(private_issuers), clock
        self._storage = storage
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._lock, self._slots = Lock(), BoundedSemaphore(AT_ONCE)
        self._waiting = BoundedSemaphore(MOST_WAITING)

    def find(self, issuer: str, kid: str) -> PublicKey | None:
        """The issuer's key of this id, None when it has none. Raises IssuerUnavailable."""
        known = self._entry(issuer)
        if kid in known.keys and known.age(self._clock()) < FRESH:
            return known.keys[kid]
        self._renew(issuer, known, kid)
        if known.age(self._clock()) > OUTAGE or (known.failure and kid not in known.keys):
            raise IssuerUnavailable(known.failure or "it is being asked by others")
        return known.keys.get(kid)

    def _entry(self, issuer: str) -> _Known:
        with self._lock:
            known = self._known.setdefault(issuer, _Known())
            self._known.move_to_end(issuer)
            if len(self._known) > MOST_ISSUERS:
                self._known.popitem(last=False)
            return known

    def _renew(self, issuer: str, known: _Known, kid: str) -> None:
        """Fetch the keys, unless that was tried a moment ago; failing leaves the last good ones.

        Who has old keys that will do does not wait for another's fetch, and nobody for long.
        """
        if not self._enters(known, kid):
            return
        try:
            at = self._clock()
            if at - known.tried < AGAIN or self._take_over(issuer, known, kid, at):
                return
            if not self._slots.acquire(blocking=False):
                known.failure = "too many issuers are being asked"
                return
            known.tried = at
            try:
                known.keys, known.fetched = self._fetched(issuer), at
                known.failure = ""
                self._store(issuer, known)
            except NotFetched as error:
                known.failure = str(error)
                log.warning("The keys of an issuer were not fetched: %s", error)
            finally:
                self._slots.release()
        finally:
            known.lock.release()

    def _enters(self, known: _Known, kid: str) -> bool:
        if known.lock.acquire(blocking=False):
            return True
        if kid in known.keys or not self._waiting.acquire(blocking=False):
            return False
        try:
            return known.lock.acquire(timeout=PATIENCE)
        finally:
            self._waiting.release()

    def _take_over(self, issuer: str, known: _Known, kid: str, at: float) -> bool:
        """Take the keys that another process has fetched, if those are newer; whether they are
        so new that no fetch is needed."""
        if self._storage is None or (found := self._storage.load(issuer)) is None:
            return False
        jwks, age = found
        if at - age > known.fetched:
            known.keys, known.fetched, known.failure = usable_keys(jwks), at - age, ""
        return age < AGAIN or (age < FRESH and kid in known.keys)

    def _store(self, issuer: str, known: _Known) -> None:
        if self._storage is not None:
            keys = [{**key.as_dict(private=False), "kid": kid} for kid, key in known.keys.items()]
            self._storage.store(issuer, {"keys": keys})

    def _fetched(self, issuer: str) -> dict[str, PublicKey]:
        """By key id. Only an issuer that may be private may have its keys in a private place."""
        parts = urlsplit(issuer)
        origin = f"{parts.scheme}://{parts.netloc}"
        private = self._private.intersection({origin})
        slash = "" if issuer.endswith("/") else "/"
        found = self._fetch(f"{issuer}{slash}.well-known/openid-configuration", private)
        if found.get("issuer") != issuer:
            raise NotFetched("its discovery document is another issuer’s")
        address = found.get("jwks_uri")
        if not isinstance(address, str):
            raise NotFetched("its discovery document names no keys")
        return usable_keys(self._fetch(address, private))


def usable_keys(jwks: Mapping[str, Any]) -> dict[str, PublicKey]:
    """By their id the keys of a set that sign with RSA or an elliptic curve. One whose id is
    there twice is left out: nobody could say which is meant."""
    listed = jwks.get("keys")
    if not isinstance(listed, list):
        raise NotFetched("its keys are no key set")
    found: dict[str, PublicKey] = {}
    twice = set()
    for data in listed[:MOST_KEYS]:
        key, kid = _usable(data), data.get("kid") if isinstance(data, dict) else None
        if key is None or not isinstance(kid, str):
            continue
        if kid in found:
            twice.add(kid)
        found[kid] = key
    return {kid: key for kid, key in found.items() if kid not in twice}


def _usable(data: object) -> PublicKey | None:
    if not isinstance(data, dict) or data.get("kty") not in ("RSA", "EC"):
        return None
    if data.get("use", "sig") != "sig" or "verify" not in data.get("key_ops", ["verify"]):
        return None
    public = {
        name: data[name]
        for name in ("kty", "kid", "alg", "n", "e", "crv", "x", "y")
        if name in data
    }
    try:
        key = import_key(public)
        weak = isinstance(key, RSAKey) and key.public_key.key_size < LEAST_RSA_BITS
    except (JoseError, ValueError, TypeError):
        return None
    return key if isinstance(key, PublicKey) and not weak else None
