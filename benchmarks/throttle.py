"""How much of a store's rate limit the Admin client uses, beside a loop that backs off a second.

Both ask the stand-in at the same time, each in a shop of its own, for ``SECONDS`` on the limits of
Shopify's Standard plan. What could be spent is the bucket at the start and all that came back, but
for what is in the bucket at the end: the client takes turns with other programs, between which the
bucket is up to three quarters full, and goes on with those points. Lost are only points that would
have come back while the bucket was full.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import httpx

from benchmarks.rows import Row
from shopify.access_token import exchange
from shopify.admin import API_VERSION, Admin, ShopifyUnavailable
from tests.cast import CLIENT_ID, CLIENT_SECRET
from tests.processes import standin

SECONDS = 60
GOAL = 0.90
BUCKET, RATE = 2000, 100
"""Points: https://shopify.dev/docs/api/usage/limits"""
COST = 50


class Spent(NamedTuple):
    """``points`` in so many ``seconds``, up to the last answer, which told how many were ``left``.
    ``lost``: calls that never got their answer."""

    points: float
    seconds: float
    left: float
    lost: int

    @property
    def allowed(self) -> float:
        """What the bucket had and what came back."""
        return BUCKET + RATE * self.seconds


def document(cost: int) -> str:
    """A query that is asked at, and costs, so many points."""
    return "{ " + " ".join(f"s{n}: shop {{ name }}" for n in range(cost)) + " }"


def origin_of(url: str, shop: str) -> str:
    return f"{url.replace('localhost', '127.0.0.1')}/{shop}"


def token_of(url: str, shop: str) -> str:
    """An access token for this shop of the stand-in at ``url``."""
    answer = httpx.post(f"{url}/_standin/{shop}/id-token", json={}).json()
    tokens = exchange(
        origin=origin_of(url, shop),
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        id_token=answer["id_token"],
    )
    return str(tokens["access_token"])


def ours(origin: str, token: str, seconds: float, cost: int) -> Spent:
    """Ask with the Admin client for so long."""
    start = time.monotonic()
    spent = Spent(0, 0, 0, 0)
    admin = Admin(origin, token=lambda: token, renew=lambda old: None)
    while time.monotonic() < start + seconds:
        try:
            spent = _more(spent, start, admin.ask(document(cost)).extensions)
        except ShopifyUnavailable:
            spent = spent._replace(lost=spent.lost + 1)
    return spent


def plain(origin: str, token: str, seconds: float, cost: int) -> Spent:
    """Ask in a loop that waits a second when it is thrown back, as Shopify's pages suggest."""
    start = time.monotonic()
    spent = Spent(0, 0, 0, 0)
    address = f"{origin}/admin/api/{API_VERSION}/graphql.json"
    with httpx.Client(headers={"X-Shopify-Access-Token": token}) as http:
        while time.monotonic() < start + seconds:
            answer = http.post(address, json={"query": document(cost)}).json()
            if "errors" in answer:
                time.sleep(1)
            else:
                spent = _more(spent, start, answer["extensions"])
    return spent


def _more(spent: Spent, start: float, extensions: dict[str, Any]) -> Spent:
    """What is spent with one answer more."""
    cost = extensions["cost"]
    return spent._replace(
        points=spent.points + cost["actualQueryCost"],
        seconds=time.monotonic() - start,
        left=cost["throttleStatus"]["currentlyAvailable"],
    )


SIDES = {"ours": ours, "plain": plain}


def start(
    side: str, url: str, shop: str, seconds: float, cost: int = COST
) -> subprocess.Popen[str]:
    """One side in a process of its own, ready to begin; ``results`` lets it begin."""
    arguments = [side, url, shop, str(seconds), str(cost)]
    command = [sys.executable, "-m", "benchmarks.throttle", *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def results(processes: list[subprocess.Popen[str]]) -> list[Spent]:
    """What each spent, when all of them began at the same moment."""
    for process in processes:
        assert process.stdout
        process.stdout.readline()
    for process in processes:
        assert process.stdin
        process.stdin.write("begin\n")
        process.stdin.flush()
    outputs = [process.communicate()[0].split() for process in processes]
    return [
        Spent(float(points), float(took), float(left), int(lost))
        for points, took, left, lost in outputs
    ]


def _side(side: str, url: str, shop: str, seconds: str, cost: str) -> None:
    origin, token = origin_of(url, shop), token_of(url, shop)
    print("ready", flush=True)
    sys.stdin.readline()
    print(*SIDES[side](origin, token, float(seconds), int(cost)))


def rows() -> Iterator[Row]:
    with TemporaryDirectory() as folder, standin(Path(folder)) as server:
        shops = {side: f"{side}.myshopify.com" for side in SIDES}
        running = [start(side, server.url, shop, SECONDS) for side, shop in shops.items()]
        spent = dict(zip(shops, results(running), strict=True))
    used = {side: what.points / (what.allowed - what.left) for side, what in spent.items()}
    left = {side: what.left / what.allowed for side, what in spent.items()}
    yield Row(
        f"the rate limit in {SECONDS} s",
        f"{used['ours']:.0%} used of what it did not leave, {left['ours']:.0%} of all; "
        f"{spent['ours'].lost} lost",
        f"{used['plain']:.0%} and {left['plain']:.0%} with a second's back-off",
        f"at least {GOAL:.0%}, 0 lost",
        used["ours"] >= GOAL and not spent["ours"].lost,
    )


if __name__ == "__main__":
    _side(*sys.argv[1:])
