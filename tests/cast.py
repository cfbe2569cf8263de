"""The people in the tests: Alice and Bob, who own shops, and the scripts that hold their keys."""

import random
import secrets
import time
from collections.abc import Iterator
from contextlib import closing
from contextvars import Context
from datetime import datetime, timedelta
from datetime import time as clock
from itertools import cycle
from socket import socket
from typing import Any

from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import OctKey

from background import notes, queueing
from models import db, now
from models.api_key import ApiKey
from models.key_check import Caller, find
from models.shop import Shop
from models.staff_member import ASKED_EVERY, StaffMember
from tests import parallel

ALICE, BOB = "alice.myshopify.com", "bob.myshopify.com"
CLIENT_ID, CLIENT_SECRET = "altera-test", "c" * 64
STAFF = "8811"
FETCH = {"HX-Request": "true"}


def _pairs_of_ports() -> Iterator[int]:
    """Every other port, in any order: of the tests that run at the same time, each has its own.

    Below the range from which the system gives out ports of its own, so that nobody takes one
    before it is used.
    """
    ports = range(20_000 + 2 * parallel.number, 32_000, 2 * parallel.count)
    yield from cycle(random.sample(ports, len(ports)))


PORTS = _pairs_of_ports()


def free_port(pair: bool = False) -> int:
    """A port that nothing listens on; with ``pair``, the next one is free too."""
    for port in PORTS:
        try:
            for wanted in (port, port + 1)[: 1 + pair]:
                with closing(socket()) as probe:
                    probe.bind(("127.0.0.1", wanted))
        except OSError:
            continue
        return port
    raise AssertionError("the ports never end")


def id_token(shop: str, *, secret: str = CLIENT_SECRET, alg: str = "HS256", **claims: Any) -> str:
    """An ID token as Shopify makes it; keyword arguments replace claims, None removes one."""
    moment = int(time.time())
    whole = {
        "iss": f"https://{shop}/admin",
        "dest": f"https://{shop}",
        "aud": CLIENT_ID,
        "sub": STAFF,
        "exp": moment + 60,
        "nbf": moment,
        "iat": moment,
        "jti": secrets.token_hex(8),
        "sid": secrets.token_hex(8),
    } | claims
    kept = {name: value for name, value in whole.items() if value is not None}
    return jwt.encode({"alg": alg}, kept, OctKey.import_key(secret), algorithms=[alg])


def moved(**seconds: int) -> dict[str, Any]:
    """Claims of an ID token that are so many seconds from now."""
    return {name: int(time.time()) + shift for name, shift in seconds.items()}


class Client(FlaskClient):
    """Sends each request from outside the test's app context: ``g`` and session are its own."""

    def open(self, *args, **more):
        """The answer, once all is written that the app need not have waited for."""
        answer = Context().run(super().open, *args, **more)
        assert notes.settle(30) and queueing.settle(30)
        return answer


class Merchant:
    """A person in the admin of one shop: every request carries a fresh ID token."""

    def __init__(self, app, domain: str, staff: str = "8811"):
        self.client, self.domain, self.staff = app.test_client(), domain, staff

    def _send(self, method: str, url: str, **more):
        headers = FETCH | {"Authorization": f"Bearer {id_token(self.domain, sub=self.staff)}"}
        headers |= more.pop("headers", {})
        return self.client.open(url, method=method, headers=headers, **more)

    def get(self, url, **more):
        return self._send("GET", url, **more)

    def post(self, url, **more):
        return self._send("POST", url, **more)

    def put(self, url, **more):
        return self._send("PUT", url, **more)

    def delete(self, url, **more):
        return self._send("DELETE", url, **more)


class Script:
    """A program with a key."""

    def __init__(self, app, key: str):
        self.client, self.key = app.test_client(), key

    def open(self, method: str, path: str, **more):
        headers = {"Authorization": f"Bearer {self.key}"} | more.pop("headers", {})
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **more)

    def get(self, path, **more):
        return self.open("GET", path, **more)

    def post(self, path, **more):
        return self.open("POST", path, **more)

    def delete(self, path, **more):
        return self.open("DELETE", path, **more)


def make_shop(domain: str = ALICE, **more) -> Shop:
    """An installed shop on Pro, with an address and a token that is good for an hour."""
    plan = {"plan": "Pro", "plan_checked_at": now()}
    shop = Shop(domain=domain, name=domain.partition(".")[0].title(), **plan | more)
    shop.contact_email = more.get("contact_email", "ops@example.com")
    shop.contact_confirmed_at = more.get("contact_confirmed_at", now())
    shop.save_tokens(
        access_token="shpat_test",
        expires_in=3600,
        refresh_token="shprt_test",
        refresh_token_expires_in=7_776_000,
        scope="",
    )
    db.session.add(shop)
    db.session.flush()
    StaffMember.store(shop.id, STAFF, None, ASKED_EVERY)
    db.session.commit()
    return shop


def make_key(shop: Shop, *permissions: str, name: str = "Nightly", days: int | None = 90):
    """Return the key's row and its full text."""
    key, text = ApiKey.issue(
        shop,
        name=name,
        permissions=list(permissions),
        expires_at=None if days is None else now() + timedelta(days=days),
        created_by=STAFF,
    )
    db.session.commit()
    return key, text


def midnight(shop: Shop) -> datetime:
    """When today is over in the shop's time zone."""
    tomorrow = shop.today + timedelta(days=1)
    return datetime.combine(tomorrow, clock(), shop.zone)


def problem(answer, status: int, code: str) -> dict:
    """The body of an answer that must be this problem."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.json["code"] == code
    return answer.json


def shop_of(domain: str) -> Shop:
    """The shop of this domain, which must be there."""
    shop = Shop.by_domain(domain)
    assert shop
    return shop


def holder(text: str) -> Caller:
    """Whose key this is, whether or not it still works; somebody's it must be."""
    caller = find(text)
    assert caller
    return caller


def caller_of(text: str) -> Caller:
    """Who holds this key, which must work."""
    caller = authenticate(text)
    assert caller
    return caller


def authenticate(text: str) -> Caller | None:
    """Who holds this key, if it works."""
    caller = find(text)
    return caller if caller and caller.over is None else None
