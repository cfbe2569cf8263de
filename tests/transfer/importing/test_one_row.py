"""What an import of one row costs: a script that changes one price waits for all of it."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import current_app
from sqlalchemy import event

from jobs.workflows import import_file
from models import db
from models.job import Job
from shopify import connections

STATEMENTS, COMMITS, CALLS = 43, 9, 5
"""How many an import of one row takes at most."""
FILES = {
    "redirects": "Path,Target\n/a,/b\n",
    "products": "Handle,Title,Variant Price\nmug,Mug,5\n",
}


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Counts statements and commits of the app's database, and calls of Shopify."""
    counts: Counter[str] = Counter()

    def statement(*_: object) -> None:
        counts["statements"] += 1

    def commit(*_: object) -> None:
        counts["commits"] += 1

    def call(*_: object) -> None:
        counts["calls"] += 1

    calls = connections.client().event_hooks["request"]
    event.listen(db.engine, "before_cursor_execute", statement)
    event.listen(db.engine, "commit", commit)
    calls.append(call)
    try:
        yield counts
    finally:
        event.remove(db.engine, "before_cursor_execute", statement)
        event.remove(db.engine, "commit", commit)
        calls.remove(call)


def cost(job_id: str) -> Counter[str]:
    """What the import costs, each step in a session of its own as in a worker."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def step(function, *arguments):
        with app.app_context():
            return function(*arguments)

    with counted() as counts:
        import_file(step, time.sleep, job_id)
    return counts


@pytest.mark.both_databases
@pytest.mark.parametrize("type", FILES)
def test_one_row_takes_few_statements_commits_and_calls(store, tmp_path, type):
    job = store.keep(tmp_path, FILES[type], type=type)
    counts = cost(job.id)
    db.session.refresh(job)
    assert job.counts == {"created": 1}
    assert counts["statements"] <= STATEMENTS and counts["commits"] <= COMMITS, counts
    assert counts["calls"] <= CALLS, counts


def test_the_second_of_two_imports_costs_no_more(store, tmp_path):
    """Nothing that is kept for the next one makes it dearer."""
    job_ids = [
        store.keep(tmp_path, FILES["products"].replace("mug", name), type="products").id
        for name in ("cup", "pot")
    ]
    first, second = map(cost, job_ids)
    assert all(second[what] <= count for what, count in first.items()), (first, second)
    assert {db.session.get_one(Job, job_id).status for job_id in job_ids} == {"completed"}
