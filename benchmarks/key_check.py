"""An authenticated call beside a bare Flask hello, rounds of both in turn, medians of ratios."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event, Thread

import httpx
from flask import Flask

from benchmarks.rows import Row
from benchmarks.servers import environment, fill, issue, made, per_second, serving
from models import db
from models.api_key import ApiKey

ROUNDS, SECONDS = 7, 1
MANY = 100_000
PATH = "/api/v1/key"


def rows() -> Iterator[Row]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        app = made(folder)
        key, bad = issue(app, "Bench"), _bad_key(folder)
        with (
            serving("benchmarks.hello:app", {}) as peer,
            serving("app:create_app()", environment(folder)) as ours,
        ):
            address = ours + PATH
            _good(address, key), per_second(peer, seconds=SECONDS)  # both workers of both are awake
            few = _against(peer, address, key)
            yield _row("GET /api/v1/key, 1 key", few, "bare Flask hello", 0.60)
            fill(app, MANY)
            many = _against(peer, address, key)
            yield _row(f"GET /api/v1/key, {MANY:,} keys", many, "bare Flask hello", 0.60)
            yield _row("the same, many keys to one", many / few, "1 key", 0.90)
            wrong = _ratio(
                lambda: per_second(address, bad, SECONDS)[0], lambda: _good(address, key)
            )
            yield _row("an unknown key to a good one", wrong, "good key", 0.90)
            yield _writes(app, address, key)
            yield _revoked(app, address, key)


def _row(what: str, ratio: float, beside: str, goal: float) -> Row:
    return Row(what, f"{ratio:.2f}", beside, f"at least {goal:.2f}", ratio >= goal)


def _against(peer: str, address: str, key: str) -> float:
    return _ratio(lambda: _good(address, key), lambda: per_second(peer, seconds=SECONDS)[0])


def _good(address: str, key: str) -> float:
    speed, refused = per_second(address, key, SECONDS)
    if refused:
        raise SystemExit(f"{refused} calls with a good key were refused")
    return speed


def _ratio(ours: Callable[[], float], peer: Callable[[], float]) -> float:
    """The median over rounds of one speed by the other, measured in turn."""
    return median(ours() / peer() for _ in range(ROUNDS))


def _bad_key(folder: Path) -> str:
    """A key in perfect shape that no database here knows."""
    (folder / "elsewhere").mkdir()
    return issue(made(folder / "elsewhere"), "Unknown")


def _writes(app: Flask, address: str, key: str) -> Row:
    """How often the database changed under a few seconds of calls, seen by a third party."""
    with app.app_context():
        database = sqlite3.connect(str(db.engine.url.database))
    before = database.execute("PRAGMA data_version").fetchone()
    changes = 0
    speed, _ = per_second(address, key)
    after = database.execute("PRAGMA data_version").fetchone()
    changes += before != after
    database.close()
    what = f"last_used written under {speed * 3:,.0f} calls"
    return Row(what, f"{changes} times", "once a minute", "at most 1", changes <= 1)


def _revoked(app: Flask, address: str, key: str) -> Row:
    """Delete the key under fire from 8 clients; count the 200s to calls sent after it."""
    gone, late = Event(), []
    headers = {"Authorization": f"Bearer {key}"}

    def fire() -> None:
        with httpx.Client(headers=headers) as client:
            for _ in range(200):
                after = gone.is_set()
                if client.get(address).status_code == 200 and after:
                    late.append(1)

    threads = [Thread(target=fire) for _ in range(8)]
    for thread in threads:
        thread.start()
    with app.app_context():
        db.session.scalar(db.select(ApiKey).filter_by(name="Bench")).delete()
        db.session.commit()
    gone.set()
    for thread in threads:
        thread.join()
    return Row("200s after a delete, 8 clients, 2 workers", f"{len(late)}", "-", "0", not late)
