"""What an export asks of Shopify: few points, and independent questions side by side."""

import re
import time

from tests.transfer.readers import seed_of_all
from transfer.exporting import steps
from transfer.types import ALL

BUCKET = 2_000
"""What a store on Shopify's Standard plan may spend at once."""
SLOW = 0.2
"""Seconds that Shopify takes to answer."""
TYPES = [kind.name for kind in ALL]


def test_all_types_are_exported_with_the_points_that_a_store_has_at_once(store, caplog):
    store.tell("seed", **seed_of_all())
    with caplog.at_level("INFO", "shopify.admin"):
        job = store.export(*TYPES)
        store.file(job)
    costs = [int(cost) for cost in re.findall(r"cost (\d+) of", caplog.text)]
    assert len(costs) > len(TYPES)
    assert sum(costs) < BUCKET


def test_of_no_objects_nothing_more_is_asked(store, caplog):
    store.tell("seed", products=0)
    with caplog.at_level("INFO", "shopify.admin"):
        job = store.export("discounts")
        before = len(caplog.messages)
        file = store.file(job)
    assert file.count(b"\n") == 1 and len(caplog.messages) - before == 1


def test_what_is_asked_before_the_data_is_asked_side_by_side(store):
    store.tell("seed", **seed_of_all())
    job = store.start(*TYPES)
    store.misbehave(slow_ms=round(SLOW * 1000))
    begun = time.monotonic()
    steps.prepare(job.id)
    calls = len(TYPES) + sum(len(kind.passes) for kind in ALL)
    assert time.monotonic() - begun < calls * SLOW / 2
