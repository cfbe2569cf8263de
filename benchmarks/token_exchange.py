"""ID tokens exchanged a second, beside a bare Flask app that only checks their signatures.

The same tokens, rounds of both in turn. Each exchange marks its token as used, makes a key and is
recorded in the activity.
"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import orjson
from flask import Flask
from joserfc import jwt
from joserfc.jwk import RSAKey

from benchmarks.rows import Row
from benchmarks.servers import environment, made, serving, shop
from models import db
from models.api_key import ApiKey
from models.workload import WorkloadRule

ROUNDS, EACH, CLIENTS = 3, 600, 8
GOAL = 200
IDS = {"repository_id": "4711", "repository_owner_id": "42"}
PATH = "/api/v1/token"
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


def rows() -> Iterator[Row]:
    key = RSAKey.generate_key(2048)
    public: dict[str, object] = {**key.as_dict(private=False), "kid": "bench"}
    with TemporaryDirectory() as name, _Issuer(public) as issuer:
        folder = Path(name)
        audience, address = _trust(made(folder), issuer.url)
        settings = environment(folder) | {"PRIVATE_ISSUERS": issuer.url}
        settings |= {"TRUSTED_PROXIES": "127.0.0.1", "LOG_REQUESTS": "none"}
        peer_settings = {"PUBLIC_KEY": orjson.dumps(public).decode()}
        with (
            serving("benchmarks.plain_check:create_app()", peer_settings) as peer,
            serving("app:create_app()", settings) as ours,
        ):
            _per_second(ours, _bodies(key, issuer.url, audience, address, 100))
            measured = []
            for _ in range(ROUNDS):
                bodies = _bodies(key, issuer.url, audience, address, EACH)
                measured.append((_per_second(ours, bodies), _per_second(peer, bodies)))
    exchanges, checks = (median(side) for side in zip(*measured, strict=True))
    ratio = median(mine / theirs for mine, theirs in measured)
    yield Row(
        "ID tokens exchanged a second, 2 workers",
        f"{exchanges:,.0f}, {ratio:.2f} ×",
        f"{checks:,.0f} plain signature checks",
        f"at least {GOAL}",
        exchanges >= GOAL,
    )


def _trust(app: Flask, issuer: str) -> tuple[str, str]:
    """A rule for the tokens of the benchmark: the audience that they name, and its address."""
    with app.app_context():
        owner = shop()
        key, _ = ApiKey.issue(
            owner,
            name="Bench",
            permissions=["products:export"],
            expires_at=None,
            created_by="1",
            for_workload=True,
        )
        rule = WorkloadRule(
            shop_id=owner.id,
            key=key,
            handle=WorkloadRule.new_handle(),
            provider="github",
            issuer=issuer,
            claims=IDS,
        )
        db.session.add(rule)
        db.session.commit()
        return rule.audience, rule.address


def _bodies(key: RSAKey, issuer: str, audience: str, address: str, count: int) -> list[str]:
    at = int(time.time())
    claims = IDS | {"iss": issuer, "aud": audience, "sub": "repo:octo/shop", "iat": at}
    claims |= {"exp": at + 3600, "event_name": "schedule"}
    header = {"alg": "RS256", "kid": "bench"}
    asked = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
        "audience": address,
    }
    tokens = (
        jwt.encode(header, claims | {"jti": f"{time.monotonic_ns()}-{number}"}, key)
        for number in range(count)
    )
    return [urlencode(asked | {"subject_token": token}) for token in tokens]


def _per_second(server: str, bodies: list[str]) -> float:
    """Answers a second with 8 clients, each call from an address of its own; all must be 200."""

    host = server.removeprefix("http://")

    def work(mine: list[str]) -> None:
        """Without a library that would take the servers' time."""
        for number, body in enumerate(mine):
            address = f"10.{number % 250}.{len(mine) % 250}.{threading.get_ident() % 250}"
            connection = HTTPConnection(host, timeout=60)
            connection.request("POST", PATH, body, HEADERS | {"X-Forwarded-For": address})
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            if answer.status != 200:
                raise SystemExit(content.decode())

    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(work, (bodies[first::CLIENTS] for first in range(CLIENTS))))
    return len(bodies) / (time.perf_counter() - began)


class _Issuer:
    """The issuer's two documents, over http on this machine."""

    def __init__(self, public: dict[str, object]):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = {"issuer": issuer.url, "jwks_uri": f"{issuer.url}/keys"}
                body = orjson.dumps({"keys": [public]} if self.path == "/keys" else found)
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                pass

        issuer = self
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "_Issuer":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
