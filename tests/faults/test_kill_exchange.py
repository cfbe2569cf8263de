"""``kill -9`` of web workers while they exchange ID tokens: none is good twice, none half used."""

import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from flask import Flask

from models import db
from models.activity import Activity
from models.key_check import find
from models.shop import Shop
from models.workload import WorkloadKey
from tests.chance import seed
from tests.processes import PLAIN
from tests.servers import web
from tests.workload_rules import make_rule
from tests.workloads.issuer import running_issuer

pytestmark = [pytest.mark.both_databases, pytest.mark.slow]

TOKENS, CLIENTS, KILLS = 40, 4, 2
"""Few: after each kill a worker has to start again."""


def workers(master: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


def test_a_token_is_used_with_its_key_or_not_at_all(
    app: Flask, shop: Shop, environment: dict[str, str], tmp_path: Path
) -> None:
    chance = random.Random(seed())
    with running_issuer() as issuer:
        rule = make_rule(shop, issuer=issuer.url)
        address, audience = rule.address, rule.audience
        tokens = [issuer.token(audience, exp=int(time.time()) + 3600) for _ in range(TOKENS)]
        with web(environment | {"PRIVATE_ISSUERS": issuer.url}, tmp_path) as server:

            def exchange(token: str) -> tuple[int, str]:
                """Status and key; no status when the worker was killed in between."""
                asked = {
                    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
                    "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
                    "subject_token": token,
                    "audience": address,
                }
                try:
                    answer = httpx.post(f"{server.url}/api/v1/token", data=asked, **PLAIN)
                except httpx.HTTPError:
                    return 0, ""
                finally:
                    finished.append(1)
                return answer.status_code, answer.json().get("access_token", "")

            def kill() -> None:
                """All workers, as soon as so many answers have come."""
                for answers in sorted(chance.sample(range(2, TOKENS - 10), KILLS)):
                    end = time.monotonic() + 60
                    while len(finished) < answers and time.monotonic() < end:
                        time.sleep(0.001)
                    for pid in workers(server.process.pid):
                        with suppress(ProcessLookupError):  # one that was killed and ends just now
                            os.kill(pid, signal.SIGKILL)
                            kills.append(pid)

            finished: list[int] = []
            kills: list[int] = []
            with ThreadPoolExecutor(CLIENTS + 1) as pool:
                killing = pool.submit(kill)
                first = list(pool.map(exchange, tokens))
                killing.result()
            httpx.get(f"{server.url}/healthz", **PLAIN).raise_for_status()
            again = [exchange(token) for token in tokens]
    answered = [text for status, text in first if status == 200]
    assert all(find(text) for text in answered)
    for (status, _), (second, _) in zip(first, again, strict=True):
        assert second == 400 if status == 200 else second in (200, 400)
    rows = db.session.scalar(db.select(db.func.count()).select_from(WorkloadKey))
    exchanged = db.select(db.func.count()).where(Activity.kind == "workload.exchanged")
    assert rows == db.session.scalar(exchanged) == TOKENS
    assert kills
