"""The API Keys page with 100 keys in daily use: its SQL, and what a first visit transfers."""

import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from flask import Flask
from joserfc import jwt
from joserfc.jwk import OctKey
from sqlalchemy import event

from benchmarks.rows import Row
from benchmarks.servers import SHOP, environment, fill, made, serving, use
from models import db

KEYS = 100
STATEMENTS, KILOBYTES = 4, 40
PAGE = "/settings/keys/"
ASSET = re.compile(r'(?:src|href)="(/static/(?!vendor/files/)[^"]+)"')
"""Styles and scripts; not the font, which is preloaded."""
ENCODINGS = {"Accept-Encoding": "br, gzip"}


def rows() -> Iterator[Row]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        app = made(folder)
        fill(app, KEYS)
        use(app)
        yield _statements(app)
        with serving("app:create_app()", environment(folder)) as address:
            yield _transfer(address)
            yield _caching(address)


def headers() -> dict[str, str]:
    moment = int(time.time())
    claims = {
        "iss": f"https://{SHOP}/admin",
        "dest": f"https://{SHOP}",
        "aud": "bench",
        "sub": "1",
        "exp": moment + 60,
        "nbf": moment,
    }
    token = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("c" * 64))
    return ENCODINGS | {"Authorization": f"Bearer {token}"}


def _visit(app: Flask) -> None:
    if app.test_client().get(PAGE, headers=headers()).status_code != 200:
        raise SystemExit("The page did not open.")


def _statements(app: Flask) -> Row:
    """Of a visit of somebody who was here before: a person's name is asked about once a month."""
    seen = []
    with app.app_context():
        engine = db.engine
    _visit(app)
    event.listen(engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
    _visit(app)
    what = f"SQL statements of the page, {KEYS} keys"
    return Row(what, str(len(seen)), "-", f"at most {STATEMENTS}", 0 < len(seen) <= STATEMENTS)


def _transfer(address: str) -> Row:
    """Bytes over the wire: bodies as they were sent, compressed."""
    page, size = _fetch(address + PAGE)
    parts = {"HTML": size}
    for asset in ASSET.findall(page):
        kind = "CSS" if ".css" in asset else "JS"
        parts[kind] = parts.get(kind, 0) + _fetch(address + unescape(asset))[1]
    total = sum(parts.values())
    beside = ", ".join(f"{kind} {part / 1000:.1f}" for kind, part in parts.items())
    what = f"first visit, {KEYS} keys, compressed KB"
    goal = f"at most {KILOBYTES}"
    return Row(what, f"{total / 1000:.1f}", beside, goal, total <= KILOBYTES * 1000)


def _caching(address: str) -> Row:
    page, _ = _fetch(address + PAGE)
    assets = [unescape(asset) for asset in ASSET.findall(page)]
    ages = [httpx.head(address + asset, timeout=60).headers["Cache-Control"] for asset in assets]
    kept = sum("max-age=31536000" in age for age in ages)
    what = "assets that are kept a year"
    return Row(what, str(kept), f"of {len(assets)}", "all", kept == len(assets) > 0)


def _fetch(address: str) -> tuple[str, int]:
    """The text of an answer, and the size of its body on the wire."""
    with httpx.stream("GET", address, headers=headers(), timeout=60) as answer:
        answer.raise_for_status()
        answer.read()
        return answer.text, answer.num_bytes_downloaded
