"""Keeping to a store's limit: almost all of it is used, nothing is lost, and all get their share.

The stand-in runs with a small bucket that fills fast, so that many rounds fit into seconds.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks.throttle import Spent, document, origin_of, ours, token_of
from shopify.throttle import Throttle
from tests.cast import ALICE
from tests.processes import standin

BUCKET, RATE = 400, 400
SECONDS = 8


def extensions(cost: float, available: float) -> dict:
    status = {"maximumAvailable": 2000.0, "currentlyAvailable": available, "restoreRate": 100.0}
    costs = {"requestedQueryCost": cost, "actualQueryCost": cost}
    return {"cost": costs | {"throttleStatus": status}}


@pytest.mark.parametrize(
    ("cost", "available", "least", "most"),
    [(50, 2000, 0, 0), (50, 50, 0, 0), (50, 40, 4.6, 14.6), (1500, 100, 14, 14), (0, 0, 0, 0)],
)
def test_an_empty_bucket_is_waited_for(cost, available, least, most):
    throttle = Throttle()
    throttle.learn("{ a }", extensions(cost, available))
    assert least - 0.1 <= throttle.pause("{ a }") <= most


def test_a_turn_ends_before_it_empties_the_bucket_and_a_full_one_is_not_waited_for():
    throttle = Throttle()
    throttle.learn("{ a }", extensions(100, 0))
    assert throttle.pause("{ a }") > 0
    spent = 0
    while spent == 0 or throttle.pause("{ a }") == 0:
        spent += 100
        throttle.learn("{ a }", extensions(100, 400))
    assert 200 <= spent <= 800
    throttle.learn("{ a }", extensions(100, 2000))
    assert throttle.pause("{ a }") == 0


def test_calls_that_wait_for_their_answers_are_counted_as_spent():
    throttle = Throttle()
    throttle.learn("{ a }", extensions(50, 90))
    assert throttle.pause("{ a }") == 0
    assert throttle.pause("{ a }") > 0


def test_what_is_not_known_is_not_waited_for():
    throttle = Throttle()
    throttle.learn("{ a }", {})
    assert throttle.pause("{ a }") == 0
    throttle.learn("{ a }", extensions(50, 0))
    assert throttle.pause("{ b }") == 0


@pytest.fixture
def limited(tmp_path):
    limits = {"STANDIN_BUCKET": str(BUCKET), "STANDIN_RESTORE_RATE": str(RATE)}
    with standin(tmp_path, **limits) as server:
        yield server.url


def asked(url: str, *costs: int, seconds: float = SECONDS) -> list[Spent]:
    """What workers spent that ask for queries of these costs at the same time: each has a client
    of its own, which knows nothing of the other's calls."""
    origin, token = origin_of(url, ALICE), token_of(url, ALICE)
    with ThreadPoolExecutor() as workers:
        return list(workers.map(lambda cost: ours(origin, token, seconds, cost), costs))


def test_two_workers_use_the_limit_lose_nothing_and_share_it(limited):
    spent = asked(limited, 40, 40)
    total = sum(worker.points for worker in spent)
    assert [worker.lost for worker in spent] == [0, 0]
    assert total >= 0.9 * (BUCKET + RATE * SECONDS)
    assert all(0.35 < worker.points / total < 0.65 for worker in spent)


def test_small_queries_do_not_starve_large_ones(limited):
    large, small = asked(limited, 180, 10)
    assert large.lost == small.lost == 0
    assert large.points > 0.25 * (large.points + small.points)


def test_a_query_costs_what_the_tests_think(limited):
    [worker] = asked(limited, BUCKET, seconds=0.5)
    assert document(3).count("shop") == 3 and worker.points % BUCKET == 0
