"""An import of a type from its file to its plan, of a store that Shopify's result lines tell.

``python -m benchmarks.importing.ours FILE FOLDER DATABASE TYPE`` prints a ``Spent``; what Shopify
takes to answer is no part of it.
"""

import gc
import resource
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from app import create_app
from benchmarks.export.facts import FACTS
from benchmarks.export.ours import lines_of
from benchmarks.importing.spent import Spent
from benchmarks.peak import peak
from config import read
from models import db
from models.job import Job
from shopify.admin import Admin
from shops.access import admin_for
from tests.cast import make_key, make_shop
from transfer.importing import planning, receive, steps, store
from transfer.importing.limits import Limits
from transfer.importing.store_index import StoreIndex
from transfer.importing.upload import choose
from transfer.reading import undefined
from transfer.reading.external_sort import Sorted
from transfer.reading.lookup import as_exported
from transfer.reading.objects import sorted_pass, together
from transfer.types import BY_NAME
from transfer.types.base import DataType

SETTINGS = {
    "APP_URL": "http://localhost",
    "SECRET_KEY": "ef" * 32,
    "KEY_PEPPERS": "1:" + "ab" * 32,
    "ENCRYPTION_KEYS": "1:" + "cd" * 32,
    "SHOPIFY_CLIENT_ID": "id",
    "SHOPIFY_CLIENT_SECRET": "secret",
    "IMPORT_MAX_ROWS": "2000000",
    "IMPORT_MAX_MB": "4000",
    "SHOP_IMPORTS_MAX_MB": "8000",
}


def main(file: str, folder: str, database: str, name: str) -> Spent:
    data_type = BY_NAME[name]
    app = create_app(read({**SETTINGS, "DATABASE_URL": f"sqlite:///{database}"}))
    with app.app_context():
        job_id = _received(Path(file), data_type)
        gc.collect()
        gc.freeze()  # as a worker does
        start = _seconds()
        if not (steps.begin(job_id) and steps.unpack(job_id)):
            raise SystemExit(Job.fresh(job_id).error)
        unpacked = _seconds()
        job = Job.fresh(job_id)
        admin = admin_for(job.shop_id)
        _read_store(job, Path(folder), admin, data_type)
        read_to = _seconds()
        while planning.make_plan(job_id):
            pass
        end = _seconds()
        job = Job.fresh(job_id)
        if job.counts != {"unchanged": job.rows}:
            raise SystemExit(f"The plan is {job.counts}.")
    return Spent(unpacked - start + end - read_to, read_to - unpacked, peak())


def _seconds() -> float:
    """Of processor time, that of the process that reads a workbook included."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _received(file: Path, data_type: DataType) -> str:
    """The file as an import that waits; its id."""
    db.create_all()
    shop = make_shop()
    key, _ = make_key(shop, f"{data_type.name}:import")
    sheets = choose(file, Limits.current(), data_type=data_type)
    job = receive.receive(file, sheets, shop_id=shop.id, key_id=key.id, dry_run=True)
    db.session.commit()
    return job.id


def _read_store(job: Job, folder: Path, admin: Admin, data_type: DataType) -> None:
    """Make of the result lines what a step makes of those that it reads from Shopify."""
    facts = {data_type.name: FACTS.as_json()}
    job.import_state = replace(job.import_state, facts=facts, passes={data_type.name: {}})
    job.operations = {data_type.name: {}}
    db.session.commit()
    [sheet] = job.sheets
    columns = store.columns_of(job, sheet, admin)
    index = StoreIndex(columns)
    with ExitStack() as stack:
        passes: dict[int, Sorted] = {}
        for path in sorted(folder.glob("*.jsonl")):
            step = data_type.passes[int(path.stem)]
            lines = lines_of(stack.enter_context(path.open("rb")))
            kept = undefined.without_defined(lines, step, columns.facts)
            lot = stack.enter_context(sorted_pass(kept, step, data_type.passes[0]))
            passes[int(path.stem)] = lot
        index.fill(as_exported(together(data_type, passes), data_type, columns.facts))
    store.keep_index(job, sheet, index)


if __name__ == "__main__":
    print(main(*sys.argv[1:]).as_text())
