"""Real programs for the tests to talk to: the stand-in Shopify, and the whole of `make run`."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from subprocess import Popen
from typing import Any

import httpx
import psycopg
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from scripts.local import HOST, settings
from tests.cast import CLIENT_ID, CLIENT_SECRET, free_port
from tests.databases import driven
from tests.forked import Program

ROOT = Path(__file__).parent.parent
PLAIN: dict[str, Any] = {"verify": False, "timeout": 60, "trust_env": False}
"""For calls on this machine, without TLS and proxies: to read what those need takes longer."""


@contextmanager
def running(
    command: list[str], environment: dict[str, str], log: Path, address: str
) -> Iterator[Program]:
    """Run a program of ours until the block ends; it answers at ``address`` when it starts."""
    log.write_bytes(b"")
    process = Program(command, environment, log)
    try:
        wait_for_answer(process, address, log)
        yield process
    finally:
        process.stop()


def wait_for_answer(process: Program | Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + 180
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"it stopped: {log.read_text()}")
        try:
            if httpx.get(address, **PLAIN).status_code < 500:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.02)
    raise RuntimeError(f"it does not answer: {log.read_text()}")


@cache
def _client() -> httpx.Client:
    """One for all calls of stand-ins: a connection of its own takes as long as a call."""
    return httpx.Client(**PLAIN)


class StandIn:
    """The control routes of a running stand-in."""

    def __init__(self, port: int):
        self.url = f"http://localhost:{port}"

    def tell(self, shop: str, what: str, **body):
        answer = _client().post(f"{self.url}/_standin/{shop}/{what}", json=body)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def graphql(self, shop: str, token: str, query: str, **variables):
        answer = _client().post(
            f"{self.url}/{shop}/admin/api/2026-10/graphql.json",
            json={"query": query, "variables": variables},
            headers={"X-Shopify-Access-Token": token},
        )
        return answer.json()


@contextmanager
def standin(folder: Path, app_url: str = "", **more: str):
    """A stand-in Shopify on a free port, keeping its shops in this folder; it sends webhooks to the
    app, if there is one."""
    port = free_port()
    environment = {
        "STANDIN_PORT": str(port),
        "STANDIN_DATA": str(folder / "standin"),
        "APP_URL": app_url,
        "SHOPIFY_CLIENT_ID": CLIENT_ID,
        "SHOPIFY_CLIENT_SECRET": CLIENT_SECRET,
        "SHOPIFY_SCOPES": "",
    } | more
    with running(["standin"], environment, folder / "standin.log", f"http://127.0.0.1:{port}/"):
        yield StandIn(port)


class Live:
    """Everything that ``make run`` starts, and the settings that it was told to start with."""

    def __init__(self, port: int, folder: Path, told: dict[str, str]):
        self.port, self.folder, self.told = port, folder, told
        self.database_url = told.get("DATABASE_URL", "")
        self.url, self.standin = f"http://localhost:{port}", StandIn(port + 1)

    @contextmanager
    def session(self):
        """The app's database for the models, from the test; what was changed is committed."""
        url = self.database_url or f"sqlite:///{self.folder}/var/altera.db"
        engine = create_engine(driven(url))
        with Session(engine) as session, session.begin():
            yield session
        engine.dispose()

    def rows(self, database: str, query: str, *values: object) -> list[tuple]:
        """What a query finds in ``altera.db`` or in the stand-in's ``standin/shops.sqlite3``."""
        if database == "altera.db" and self.database_url:
            with psycopg.connect(self.database_url) as connection:
                return connection.execute(query.replace("?", "%s"), values).fetchall()
        with closing(sqlite3.connect(self.folder / "var" / database)) as connection:
            return connection.execute(query, values).fetchall()


@contextmanager
def live(folder: Path, **environment: str) -> Iterator[Live]:
    """App, worker and stand-in as ``make run`` starts them, on free ports, in this folder."""
    port, log = free_port(pair=True), folder / "run.log"
    log.touch()
    whole = settings(folder / "var", port) | environment
    if Program(["flask", "--app", "app", "db", "upgrade"], whole, log).wait(180):
        raise RuntimeError(log.read_text())
    web, standin = f"{HOST}:{port}", f"http://{HOST}:{port + 1}/"
    commands = [["gunicorn", "--bind", web, "app:create_app()"], ["worker"], ["standin"]]
    programs = [Program(command, whole, log) for command in commands]
    try:
        wait_for_answer(programs[2], standin, log)
        wait_for_answer(programs[0], f"http://{web}/readyz", log)
        yield Live(port, folder, environment)
    finally:
        for program in programs:
            program.terminate()
        for program in programs:
            program.stop()
