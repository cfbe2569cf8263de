"""Servers to measure: an app under gunicorn with two sync workers, on a database of its own."""

import os
import random
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from flask import Flask

from app import create_app
from config import read
from models import db, now
from models.api_key import ApiKey
from models.key_use import DAYS_SHOWN, KeyDay
from models.shop import Shop
from scripts import programs

SHOP = "bench.myshopify.com"
ROOT = Path(__file__).parent.parent


def environment(folder: Path) -> dict[str, str]:
    return {
        "APP_URL": "http://localhost:8000",
        "SECRET_KEY": "ef" * 32,
        "KEY_PEPPERS": "1:" + "ab" * 32,
        "ENCRYPTION_KEYS": "1:" + "cd" * 32,
        "SHOPIFY_CLIENT_ID": "bench",
        "SHOPIFY_CLIENT_SECRET": "c" * 64,
        "DATABASE_URL": f"sqlite:///{folder}/bench.db",
    }


def made(folder: Path, **settings: str) -> Flask:
    """The app on a new database with one shop in it."""
    app = create_app(read(environment(folder) | settings))
    with app.app_context():
        db.create_all()
        shop = Shop(domain=SHOP, name="Bench", contact_email="ops@example.com", plan="Pro")
        shop.plan_checked_at = now()
        shop.save_tokens(
            access_token="shpat_bench",
            expires_in=86_400,
            refresh_token="shprt_bench",
            refresh_token_expires_in=86_400,
            scope="",
        )
        db.session.add(shop)
        db.session.commit()
    return app


def shop() -> Shop:
    shop: Shop = db.session.scalars(db.select(Shop).filter_by(domain=SHOP)).one()
    return shop


def issue(app: Flask, name: str) -> str:
    """A key that may export products; its full text."""
    with app.app_context():
        _, text = ApiKey.issue(
            shop(),
            name=name,
            permissions=["products:export"],
            expires_at=now() + timedelta(days=90),
            created_by="1",
        )
        db.session.commit()
    return text


def fill(app: Flask, count: int) -> None:
    """Add that many more keys, quickly: rows like those that ``issue`` makes."""
    with app.app_context():
        found, moment = shop(), now()
        rows = [
            {
                "shop_id": found.id,
                "name": f"Filler {number}",
                "digest": secrets.token_bytes(32),
                "pepper_version": 1,
                "preview": "altera_0000…0000",
                "permissions": "products:export",
                "created_at": moment,
                "created_by": "1",
            }
            for number in range(count)
        ]
        db.session.execute(db.insert(ApiKey.__table__), rows)
        db.session.commit()


def use(app: Flask) -> None:
    """Have every key called on each of the last 30 days, as often as chance wills."""
    chance, today = random.Random(7), now().date()
    with app.app_context():
        db.session.execute(db.update(ApiKey).values(last_used_at=now()))
        rows = [
            {
                "key_id": key_id,
                "day": today - timedelta(days=back),
                "calls": (calls := chance.randint(1, 5000)),
                "failures": chance.choice([0, 0, 0, calls // 10]),
            }
            for key_id in db.session.scalars(db.select(ApiKey.id))
            for back in range(DAYS_SHOWN)
        ]
        db.session.execute(db.insert(KeyDay.__table__), rows)
        db.session.commit()


@contextmanager
def serving(target: str, settings: dict[str, str]) -> Iterator[str]:
    """Serve ``module:app`` with two sync workers; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "python:benchmarks",
        "--no-control-socket",
    ]
    command += ["--workers", "2", "--bind", f"127.0.0.1:{port}", "--log-level", "error", target]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings)
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server does not listen")


def per_second(address: str, key: str = "", seconds: int = 3) -> tuple[float, int]:
    """Requests a second that wrk gets through with 8 connections, and how many were no 2xx."""
    if not programs.find_program(["wrk"]):
        programs.install("wrk")
    if not programs.find_program(["wrk"]):
        raise SystemExit("wrk is missing. Install it (Debian: apt-get install wrk).")
    command = ["wrk", "-t1", "-c8", f"-d{seconds}", address]
    if key:
        command += ["-H", f"Authorization: Bearer {key}"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    [rate] = re.findall(r"Requests/sec:\s+([\d.]+)", output)
    return float(rate), int(refused[1] if refused else 0)
