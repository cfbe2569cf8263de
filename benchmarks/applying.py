"""What an import asks of a store when it writes: points, and time on the stand-in's clock.

New products are created beside the bulk mutation alone that creates the same, run by a plain
program, in turns of which the median counts: time, and processor time of all programs together,
which other work on the machine changes less. ``python -m benchmarks.applying 10000`` measures that
alone. Prices are changed beside the bound that the store's points set. Each answer of Shopify tells
what it cost. BENCH_FULL=1 creates 10,000 products and changes the prices of 2,000 on the limits of
Shopify's Standard plan; by default there are fewer products and a smaller bucket.
"""

import csv
import gc
import io
import json
import logging
import math
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, Self

from flask import Flask, current_app

from app import create_app
from benchmarks.exports import FULL
from benchmarks.processor import seconds_of_all
from benchmarks.rows import Row, line
from benchmarks.servers import environment
from benchmarks.smallest_cost import PLANS, Plan, cheapest
from benchmarks.webhooks import Webhooks
from config import read
from jobs.workflows import import_file
from models import db, now
from models.import_object import ImportObject
from models.job import COMPLETED, Job
from shopify import bulk
from shops.access import admin_for
from tests.cast import CLIENT_ID, CLIENT_SECRET
from tests.processes import StandIn, standin
from tests.transfer.store import Store
from transfer.importing import steps
from transfer.types import BY_NAME

VARIANTS, IMAGES, METAFIELDS = 5, 4, 6
MOST_TIMES, LEAST_SHARE = 1.1, 0.90
ROUNDS = 3
SEEDED_AT_ONCE = 100
"""Products that the stand-in makes in one call."""
LONGEST = 10.0
"""Seconds after which the plain program looks whether its bulk mutation is over, where no webhook
has told it."""


@dataclass(frozen=True)
class Size:
    """``created`` products; of ``changed`` others the prices. The store's limits, in points."""

    created: int
    changed: int
    bucket: int
    rate: int


SAMPLE, WHOLE = Size(2_000, 300, 1000, 100), Size(10_000, 2_000, 2000, 100)
"""Of fewer new products the second that Shopify takes to fetch the last images, for which the plain
program does not wait, is too large a part of the time."""


class Spent(logging.Handler):
    """The calls that the Admin client logs: when each was answered, what it cost, and what it left
    of the store's points."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.calls: list[tuple[float, int, int]] = []

    def emit(self, record: logging.LogRecord) -> None:
        arguments = record.args if isinstance(record.args, tuple) else ()
        if len(arguments) < 6:
            return
        cost, left = arguments[3], arguments[5]
        if isinstance(cost, int) and isinstance(left, int):
            self.calls.append((time.monotonic(), cost, left))

    def share(self, since: float, rate: int) -> float:
        """How much was spent since then of all that the store had for it: points that come back
        while the bucket is full are lost."""
        calls = [call for call in self.calls if call[0] >= since]
        (first, _, left), (last, _, over) = calls[0], calls[-1]
        spent = sum(cost for _, cost, _ in calls[1:])
        return spent / (left + rate * (last - first) - over)


@contextmanager
def counted() -> Iterator[Spent]:
    log, spent = logging.getLogger("shopify.admin"), Spent()
    log.setLevel(logging.INFO)
    log.addHandler(spent)
    try:
        yield spent
    finally:
        log.removeHandler(spent)


class Moment(NamedTuple):
    """A time, and the processor time that this program and all that it has started have had."""

    clock: float
    processor: float

    @classmethod
    def now(cls) -> Self:
        return cls(time.monotonic(), seconds_of_all(os.getpid()))

    def since(self, other: "Moment") -> "Moment":
        return Moment(self.clock - other.clock, self.processor - other.processor)


class Created(NamedTuple):
    """What it took to create products: by an import, its writing, and the bulk mutation alone."""

    whole: Moment
    writing: Moment
    alone: Moment

    def times(self, part: str, measure: str) -> float:
        """How many times as much of a ``measure`` a part took as the bulk mutation alone."""
        return float(getattr(getattr(self, part), measure) / getattr(self.alone, measure))


def rows() -> Iterator[Row]:
    size = WHOLE if os.environ.get(FULL) else SAMPLE
    limits = {"STANDIN_BUCKET": str(size.bucket), "STANDIN_RESTORE_RATE": str(size.rate)}
    with site(**limits) as where:
        yield from _on_the_clock(where, size)
    with site() as where:
        yield from _cheapest_mix(where)


class Site(NamedTuple):
    """A stand-in, and the app that talks with it, in a folder of their own. ``wait`` is over when a
    bulk operation is, at most after so many seconds."""

    folder: Path
    server: StandIn
    wait: Callable[[float], None]

    def store(self, name: str) -> Store:
        """A shop of this name, empty."""
        return Store(current_app, self.server, f"{name}.myshopify.com")


@contextmanager
def site(**limits: str) -> Iterator[Site]:
    """A stand-in with these limits that sends its webhooks, and the app; within its context."""
    with (
        TemporaryDirectory() as name,
        Webhooks() as webhooks,
        standin(Path(name), webhooks.url, **limits) as server,
        _app(Path(name), server).app_context(),
    ):
        db.create_all()
        gc.collect()
        gc.freeze()  # as a worker does
        yield Site(Path(name), server, webhooks.wait)


def _app(folder: Path, server: StandIn) -> Flask:
    own = environment(folder) | {
        "SHOPIFY_CLIENT_ID": CLIENT_ID,
        "SHOPIFY_CLIENT_SECRET": CLIENT_SECRET,
        "SHOPIFY_ORIGIN": server.url.replace("localhost", "127.0.0.1") + "/{shop}",
    }
    return create_app(read(own))


# ---------------------------------------------------------------------------- on the clock


def _on_the_clock(where: Site, size: Size) -> Iterator[Row]:
    rounds = [_created(where, size, place) for place in range(ROUNDS)]
    yield _row_of_created(rounds, size)
    store = where.store("prices")
    for start in range(0, size.changed, SEEDED_AT_ONCE):
        store.tell("seed", products=min(SEEDED_AT_ONCE, size.changed - start))
    text, prices = _prices(store)
    points = sum(10 + math.floor(0.2 * count) for count in prices.values())
    with counted() as spent:
        job, seconds, applied = imported(where, store, text)
    times, bound = seconds / (points / size.rate), points / size.rate
    all_points = sum(cost for _, cost, _ in spent.calls)
    yield Row(
        f"{prices.total():,} prices in {size.changed:,} products",
        f"{times:.2f} times as long, {all_points / points:.2f} times the points",
        f"the bound by points, {bound:.0f} s",
        f"at most {MOST_TIMES} times as long",
        times <= MOST_TIMES,
    )
    share = spent.share(applied.clock, size.rate)
    lost = prices.total() - job.counts.get("updated", 0)
    yield Row(
        "of the points that come back while it writes",
        f"{share:.2f} spent, {lost} rows lost",
        "all of them",
        f"at least {LEAST_SHARE:.2f}, none lost",
        share >= LEAST_SHARE and not lost,
    )
    store.changes_sent()
    job, *_ = imported(where, store, text)
    sent = store.changes_sent()
    yield Row(
        "mutations sent for an unchanged file",
        str(len(sent)),
        "-",
        "0",
        not sent and job.counts == {"unchanged": prices.total()},
    )


def _row_of_created(rounds: Sequence[Created], size: Size) -> Row:
    writing, whole, processor, processor_of_whole = (
        median(one.times(part, measure) for one in rounds)
        for measure in ("clock", "processor")
        for part in ("writing", "whole")
    )
    alone = median(one.alone.clock for one in rounds)
    return Row(
        f"{size.created:,} products of {VARIANTS} variants created",
        f"{writing:.2f} times as long to write, {whole:.2f} in all; "
        f"{processor:.2f} and {processor_of_whole:.2f} times the processor time",
        f"the bulk mutation alone, {alone:.1f} s",
        f"to write at most {MOST_TIMES} times the processor time, {WHOLE.created:,} also the time",
        processor <= MOST_TIMES and (size.created < WHOLE.created or writing <= MOST_TIMES),
    )


def _only_created(size: Size) -> Row:
    limits = {"STANDIN_BUCKET": str(size.bucket), "STANDIN_RESTORE_RATE": str(size.rate)}
    with site(**limits) as where:
        return _row_of_created([_created(where, size, place) for place in range(ROUNDS)], size)


def _created(where: Site, size: Size, place: int) -> Created:
    """What an import of new products took, its writing, and the bulk mutation alone; each in an
    empty shop."""
    store, other = where.store(f"ours{place}"), where.store(f"plain{place}")
    for one in (store, other):
        one.tell("seed", products=0)
    text = _new_products(size.created)
    start = Moment.now()
    job, _, applied = imported(where, store, text)
    end = Moment.now()
    return Created(end.since(start), end.since(applied), _bulk_alone(where, other, job))


def imported(
    where: Site, store: Store, text: str, type: str = "products"
) -> tuple[Job, float, Moment]:
    """The import of a file, how long it took, and when it began to write: its end where nothing is
    written."""
    job = store.keep(where.folder, text, type=type)
    applied: list[Moment] = []

    def step(function: Callable[..., Any], *arguments: Any) -> Any:
        if function is steps.write and not applied:
            applied.append(Moment.now())
        return function(*arguments)

    start = time.monotonic()
    import_file(step, where.wait, job.id)
    seconds = time.monotonic() - start
    db.session.refresh(job)
    if job.status != COMPLETED or job.counts.get("failed"):
        raise SystemExit(f"The import is {job.status}: {job.error} {job.counts}")
    return job, seconds, applied[0] if applied else Moment.now()


def _new_products(count: int) -> str:
    """A file of new products, each with variants, images and metafields."""
    named = [f"Metafield: custom.f{n} [single_line_text_field]" for n in range(METAFIELDS)]
    header = [
        *("Handle", "Title", "Option1 Name", "Option1 Value", "Variant SKU", "Variant Price"),
        *("Image Src", *named),
    ]
    table: list[list[str]] = [header]
    for number in range(count):
        for place in range(VARIANTS):
            image = f"https://cdn.example.com/{number}-{place}.jpg" if place < IMAGES else ""
            table.append(
                [
                    *(f"bench-{number}", f"Bench {number}", "Size", f"S{place}"),
                    *(f"{number}-{place}", "10.00", image),
                    *(f"{number} {n}" for n in range(METAFIELDS)),
                ]
            )
    return _text(table)


def _prices(store: Store) -> tuple[str, Counter[str]]:
    """A file with other prices for a few variants of each product, and how many each has."""
    exported = store.file(store.export("products")).decode("utf-8-sig")
    table = [["Handle", "Variant ID", "Variant Price"]]
    prices: Counter[str] = Counter()
    for row in csv.DictReader(io.StringIO(exported)):
        handle = row["Handle"]
        if row["Variant ID"] and prices[handle] < VARIANTS:
            prices[handle] += 1
            table.append([handle, row["Variant ID"], f"{float(row['Variant Price']) + 1:.2f}"])
    return _text(table), prices


def _text(table: list[list[str]]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows(table)
    return file.getvalue()


def _bulk_alone(where: Site, store: Store, job: Job) -> Moment:
    """What the bulk mutations take that create what the import has created, and nothing else."""
    writing = BY_NAME["products"].writing
    if writing is None or writing.create is None:
        raise LookupError("products cannot be created")
    query = db.select(ImportObject).where(ImportObject.job_id == job.id)
    objects = db.session.scalars(query.order_by(ImportObject.number)).all()
    lines = [json.dumps(one.input["calls"][0]["variables"]).encode() for one in objects]
    start = Moment.now()
    admin = admin_for(store.shop.id)
    for first in range(0, len(lines), 5000):
        path = bulk.upload(admin, io.BytesIO(b"\n".join(lines[first : first + 5000])))
        operation = bulk.start_mutation(
            admin, writing.create.document, path, f"plain {first} {now().isoformat()}"
        )
        while (operation := bulk.poll(admin, operation["id"]))["status"] in bulk.RUNNING:
            where.wait(LONGEST)
        for _ in bulk.lines(operation["url"], int(operation["fileSize"])):
            """The result is read, as whoever wants to know what became of it has to."""
    return Moment.now().since(start)


# ---------------------------------------------------------------------------- the cheapest mix


def _cheapest_mix(where: Site) -> Iterator[Row]:
    store = where.store("mix")
    store.tell("seed", products=6, metafield_definitions=8)
    exported = store.file(store.export("products")).decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(exported)))
    for plan in PLANS:
        text = plan.changed(table)
        store.tell("sent")
        imported(where, store, text)
        sent = store.tell("sent")
        exported = store.file(store.export("products")).decode("utf-8-sig")
        table = list(csv.DictReader(io.StringIO(exported)))
        yield _mix(plan, sent["points"], Counter(one["field"] for one in sent["mutations"]))


def _mix(plan: Plan, points: int, mutations: Counter[str]) -> Row:
    best = cheapest(plan.atoms)
    return Row(
        f"points to change {plan.name}",
        f"{points / best:.2f} times ({points})",
        f"the cheapest mix of mutations, {best}",
        f"at most {MOST_TIMES} times",
        points <= MOST_TIMES * best and sum(mutations.values()) > 0,
    )


if __name__ == "__main__":
    measured = _only_created(replace(WHOLE, created=int(sys.argv[1])))
    print(line(measured.cells()))
    sys.exit(not measured.kept)
