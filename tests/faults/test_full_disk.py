"""A disk that is full: whatever has to write says so in words, and the server says that it has."""

import os
import resource
import secrets
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import event, text

from models import db, disk_full
from tests.cast import problem
from tests.processes import ROOT

POSTGRESQL_FULL = """
CREATE FUNCTION no_room() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END
$$ LANGUAGE plpgsql;
CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION no_room()
"""
TABLES = ("jobs", "shops")
WRITE_UNTIL_FULL = """
import os, sqlite3
from models.disk_full import is_disk_full
from sqlalchemy import create_engine, text
engine = create_engine("sqlite:///" + os.environ["FILE"])
try:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE filler (bytes BLOB)"))
        connection.execute(text("INSERT INTO filler VALUES (zeroblob(3000000))"))
except Exception as error:
    print(is_disk_full(error))
"""


@contextmanager
def full_database():
    """SQLite may have no page more than it has; PostgreSQL says that it is full."""
    if db.engine.dialect.name == "sqlite":
        with full_sqlite():
            yield
        return
    with db.engine.begin() as connection:
        for table in TABLES:
            sql = POSTGRESQL_FULL.replace("no_room()", f"no_room_{table}()").format(table=table)
            connection.exec_driver_sql(sql)
    yield
    with db.engine.begin() as connection:
        for table in TABLES:
            connection.exec_driver_sql(f"DROP FUNCTION no_room_{table} CASCADE")


@contextmanager
def full_sqlite():
    def limit(connection, _record):
        connection.execute("PRAGMA max_page_count = 1")  # as many as there are

    db.session.remove()
    db.engine.dispose()
    with closing(sqlite3.connect(str(db.engine.url.database))) as database:
        database.execute("VACUUM")  # earlier tests left free pages
    event.listen(db.engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(db.engine, "connect", limit)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(autouse=True)
def no_memory():
    yield
    disk_full.forget()


def until_full(call):
    """What is left in the pages that there are is used up first."""
    for _ in range(100):
        if (answer := call()).status_code >= 400:
            return answer
    raise AssertionError("there is room")


def save_address(merchant, query: str = ""):
    """Another one each time, so that there is something to write."""
    address = f"{secrets.token_hex(20)}@example.com"
    return merchant.put(f"/settings/email{query}", data={"email": address})


@pytest.mark.both_databases
def test_a_database_without_room_is_told_in_words(app, merchant, script, jobs_database):
    assert "disk" not in app.test_client().get("/readyz").json["missing"]
    with full_database():
        answer = until_full(lambda: script.post("/exports", json={"types": ["products"]}))
        assert "disk is full" in problem(answer, 507, "no_room")["detail"]
        page = until_full(lambda: save_address(merchant))
        assert page.status_code == 507 and "Our disk is full" in page.text
        german = until_full(lambda: save_address(merchant, "?locale=de"))
        assert "Speicher ist voll" in german.text and "Kein Speicherplatz" in german.text
        assert script.get("/key").status_code == 200
        assert "disk" in app.test_client().get("/readyz").json["missing"]
    assert script.post("/exports", json={"types": ["products"]}).status_code == 202


def test_a_limit_of_files_is_a_full_disk_to_sqlite_too(tmp_path):
    def no_larger_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))

    done = subprocess.run(
        [sys.executable, "-c", WRITE_UNTIL_FULL],
        cwd=ROOT,
        env=os.environ | {"FILE": str(tmp_path / "a.db")},
        preexec_fn=no_larger_files,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "True\n"


def test_other_errors_are_none(app):
    with pytest.raises(Exception, match="no_such_table") as wrong:
        db.session.execute(text("SELECT * FROM no_such_table"))
    assert not disk_full.is_disk_full(wrong.value)
    assert not disk_full.is_disk_full(OSError(2, "no such file"))
    assert not disk_full.is_disk_full(sqlite3.OperationalError("without a code"))


def test_a_disk_with_little_left_is_not_ready(app, monkeypatch):
    assert "disk" not in app.test_client().get("/readyz").json["missing"]
    monkeypatch.setattr("blueprints.health.LEAST_FREE", 1 << 62)
    assert "disk" in app.test_client().get("/readyz").json["missing"]
