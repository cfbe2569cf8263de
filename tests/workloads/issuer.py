"""An issuer of ID tokens on this machine, as platforms for jobs are: documents, keys, tokens."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
from joserfc import jws
from joserfc.jwk import ECKey, Key, RSAKey

DISCOVERY, JWKS = "/.well-known/openid-configuration", "/keys"
ASK = "/token"
"""Where a job asks for an ID token, as at GitHub."""
RUN = {
    "sub": "repo:octo/shop:ref:refs/heads/main",
    "repository": "octo/shop",
    "repository_id": "4711",
    "repository_owner_id": "42",
    "ref": "refs/heads/main",
    "event_name": "schedule",
    "environment": "production",
    "job_workflow_ref": "octo/shop/.github/workflows/nightly.yml@refs/heads/main",
    "run_id": "1",
}
"""What GitHub says of a run, as far as it matters here."""
FIRST, SECOND = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
CURVE = ECKey.generate_key("P-256")


def encoded(header: dict[str, Any], payload: bytes, key: Key) -> str:
    return jws.serialize_compact(header, payload, key, algorithms=[header["alg"]])


class Issuer:
    """``keys`` are private keys by their id; ``documents`` override what stands at a path:
    (status, headers, body); ``asked`` are the paths of requests."""

    def __init__(self, url: str):
        self.url = url
        self.asked: list[str] = []
        self.reset()

    def reset(self) -> None:
        self.keys: dict[str, Key] = {"first": FIRST, "curve": CURVE}
        self.documents: dict[str, tuple[int, dict[str, str], Any]] = {}
        self.pause = 0.0
        self.asked.clear()

    def jwks(self) -> dict[str, Any]:
        public = [(kid, key.as_dict(private=False)) for kid, key in self.keys.items()]
        return {"keys": [{**data, "kid": kid, "use": "sig"} for kid, data in public]}

    def answer(self, path: str) -> tuple[int, dict[str, str], Any]:
        known = {
            DISCOVERY: {"issuer": self.url, "jwks_uri": self.url + JWKS},
            JWKS: self.jwks(),
        }
        if path in self.documents:
            return self.documents[path]
        asked = urlsplit(path)
        if asked.path == ASK:
            return 200, {}, {"value": self.token(parse_qs(asked.query)["audience"][0])}
        return (200, {}, known[path]) if path in known else (404, {}, {})

    def claims(self, audience: str, **changed: Any) -> dict[str, Any]:
        """What a token says; None takes a claim away."""
        moment = int(time.time())
        whole = RUN | {
            "iss": self.url,
            "aud": audience,
            "iat": moment,
            "nbf": moment,
            "exp": moment + 300,
            "jti": secrets.token_hex(8),
        }
        return {name: value for name, value in (whole | changed).items() if value is not None}

    def token(self, audience: str, *, kid: str = "first", alg: str = "RS256", **claims: Any) -> str:
        header = {"alg": alg, "kid": kid, "typ": "JWT"}
        return encoded(header, orjson.dumps(self.claims(audience, **claims)), self.keys[kid])


@contextmanager
def running_issuer() -> Iterator[Issuer]:
    """Run it until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked.append(self.path)
            time.sleep(issuer.pause)
            status, headers, body = issuer.answer(self.path)
            data = body if isinstance(body, bytes) else orjson.dumps(body)
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(data))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    issuer = Issuer(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
