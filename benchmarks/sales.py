"""What an import asks of a store when it ships orders and adds discount codes: points, and time on
the stand-in's clock.

Both stand beside the points of the mutations alone: one call for each parcel, and one for 250
codes. ``python -m benchmarks sales`` prints this part alone, with BENCH_FULL=1 at full size and on
the limits of Shopify's Standard plan; by default on those of Plus, where as many points come back
in a tenth of the time.
"""

import csv
import io
import math
import os
from collections.abc import Iterator
from itertools import islice
from typing import Any

from benchmarks import many_codes
from benchmarks.applying import Site, counted, imported, site
from benchmarks.exports import FULL
from benchmarks.rows import Row
from tests.transfer.store import Store
from transfer.types.discount_writing import AT_ONCE

PARCELS, CODES = 10_000, 100_000
SAMPLE_PARCELS, SAMPLE_CODES = 600, 10_000
MOST_PARCELS, MOST_CODES = 1.1, 1.2
PLUS = {"STANDIN_BUCKET": "20000", "STANDIN_RESTORE_RATE": "1000"}
CALL = 10
"""Points of a mutation."""
OPEN = """query ($after: String) { orders(first: 250, after: $after) {
  nodes { name fulfillmentOrders(first: 1) { nodes { status } } }
  pageInfo { hasNextPage endCursor } } }"""
SEEDED, SEEDED_AT_ONCE = 7, 500
"""So many orders are seeded for one of which nothing was sent, and by one call."""


def rows() -> Iterator[Row]:
    full = bool(os.environ.get(FULL))
    limits = {} if full else PLUS
    with site(**limits) as where:
        yield _parcels(where, PARCELS if full else SAMPLE_PARCELS)
        yield _codes(where, CODES if full else SAMPLE_CODES)
    yield from many_codes.rows()


def _parcels(where: Site, count: int) -> Row:
    store = where.store("parcels")
    store.tell("seed", products=20)
    for start in range(0, SEEDED * count, SEEDED_AT_ONCE):
        store.tell("seed", orders=min(SEEDED_AT_ONCE, SEEDED * count - start))
    names = list(islice(_open_orders(store), count))
    table = [
        ("Name", "Line: Type", "Fulfillment: Status", "Fulfillment: Tracking Number"),
        *((name, "Fulfillment Line", "success", f"1Z{at:09}") for at, name in enumerate(names)),
    ]
    bound = CALL * len(names)
    what = f"{len(names):,} tracking numbers"
    return _row(where, store, what, table, "orders", bound, MOST_PARCELS)


def _open_orders(store: Store) -> Iterator[str]:
    """The names of orders that are to be sent."""
    page: dict[str, Any] = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        orders = store.graphql(OPEN, after=page["endCursor"])["orders"]
        for one in orders["nodes"]:
            if [to_send["status"] for to_send in one["fulfillmentOrders"]["nodes"]] == ["OPEN"]:
                yield one["name"]
        page = orders["pageInfo"]


def _codes(where: Site, count: int) -> Row:
    store = where.store("codes")
    own = ("Bench", "Amount off Order", "Code", "Percentage", "10")
    table = [
        ("Title", "Type", "Method", "Value Type", "Value", "Code"),
        *((*own, f"BENCH-{number:07}") for number in range(count)),
    ]
    bound = CALL * math.ceil(count / AT_ONCE)
    return _row(
        where, store, f"{count:,} codes of a discount", table, "discounts", bound, MOST_CODES
    )


def _row(
    where: Site, store: Store, what: str, table: list[Any], type: str, bound: int, most: float
) -> Row:
    file = io.StringIO()
    csv.writer(file).writerows(table)
    with counted() as spent:
        job, seconds, _ = imported(where, store, file.getvalue(), type)
    if job.counts.keys() & {"unchanged", "skipped", "conflict"}:
        raise SystemExit(f"Not all was written: {job.counts}")
    points = sum(cost for _, cost, _ in spent.calls)
    return Row(
        what,
        f"{points / bound:.2f} times the points, {seconds:.1f} s",
        f"the mutations alone, {bound:,} points",
        f"at most {most} times",
        points <= most * bound,
    )
