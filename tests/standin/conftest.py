"""Alice's and Bob's shops on one running stand-in, seen as the app sees them."""

import time
from itertools import count

import httpx
import pytest

from standin import grants
from tests.standin.serving import standin

_numbers = count(1)


class Caller:
    """The app, calling one shop of a running stand-in with a good token."""

    def __init__(self, app, domain: str):
        self.standin = app.extensions["standin"]
        self.domain = domain
        self.store = self.standin.store.shop(self.domain)
        self.token = grants.issue_offline(self.store)["access"]
        self.http = httpx.Client(base_url=self.standin.config.origin, timeout=30, verify=False)

    def send(self, query: str, /, version: str = "2026-10", **variables) -> httpx.Response:
        return self.http.post(
            f"/{self.domain}/admin/api/{version}/graphql.json",
            json={"query": query, "variables": variables},
            headers={"X-Shopify-Access-Token": self.token},
        )

    def ask(self, query: str, /, **variables) -> dict:
        """The data of an answer that has no errors."""
        answer = self.send(query, **variables).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def error(self, query: str, /, **variables) -> dict:
        """The first error of an answer."""
        return self.send(query, **variables).json()["errors"][0]

    def control(self, verb: str, body: dict) -> httpx.Response:
        return self.http.post(f"/_standin/{self.domain}/{verb}", json=body)

    def finished(self, gid: str) -> dict:
        """A bulk operation when it has come to its end."""
        query = """query ($id: ID!) { bulkOperation(id: $id) {
            id status type errorCode url partialDataUrl objectCount rootObjectCount fileSize
            completedAt } }"""
        until = time.monotonic() + 120
        while time.monotonic() < until:
            operation = self.ask(query, id=gid)["bulkOperation"]
            if operation["status"] in ("COMPLETED", "FAILED", "CANCELED"):
                return operation
            time.sleep(0.02)
        raise AssertionError(f"{gid} is still {operation['status']}")


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    """A stand-in whose app has every access scope."""
    with standin(tmp_path_factory.mktemp("standin"), scopes=frozenset()) as app:
        yield app


@pytest.fixture
def alice(running):
    caller = Caller(running, f"alice-{next(_numbers)}.myshopify.com")
    yield caller
    caller.http.close()


@pytest.fixture
def bob(running):
    caller = Caller(running, f"bob-{next(_numbers)}.myshopify.com")
    yield caller
    caller.http.close()
