"""Bulk operations at the stand-in: mutations from an uploaded file, found again, refused."""

import io
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from benchmarks.throttle import origin_of, token_of
from shopify import bulk
from shopify.admin import Admin

SHOP = "bulk-live.myshopify.com"
CREATE = """mutation ($input: UrlRedirectInput!) {
  urlRedirectCreate(urlRedirect: $input) { urlRedirect { id path } userErrors { message } }
}"""
PRODUCTS = "query { products { edges { node { id title } } } }"


@pytest.fixture
def admin(standin):
    standin.tell(SHOP, "reset")
    standin.tell(SHOP, "misbehave")
    token = token_of(standin.url, SHOP)
    return Admin(origin_of(standin.url, SHOP), token=lambda: token, renew=lambda old: None)


def file(*paths: str) -> io.BytesIO:
    lines = [orjson.dumps({"input": {"path": path, "target": "/t"}}) for path in paths]
    return io.BytesIO(b"\n".join(lines) + b"\n")


def finished(admin, operation: dict) -> dict:
    while operation["status"] in bulk.RUNNING:
        operation = bulk.poll(admin, operation["id"])
    return operation


def results(operation: dict) -> dict[int, dict]:
    lines = map(orjson.loads, bulk.lines(operation["url"], int(operation["fileSize"])))
    return {line["__lineNumber"]: line["data"]["urlRedirectCreate"] for line in lines}


def recently() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=1)


def test_a_file_of_variables_becomes_a_mutation_a_line(admin):
    paths = [f"/p{n}" for n in range(23)]
    path = bulk.upload(admin, file(*paths, "/p0"))
    marker = "imp_0123456789 redirects 0 1"
    assert bulk.find(admin, marker, recently(), "mutation") is None
    started = bulk.start_mutation(admin, CREATE, path, marker)
    found = bulk.find(admin, marker, recently(), "mutation")
    assert found and found["id"] == started["id"]
    assert bulk.find(admin, marker, recently()) is None
    operation = finished(admin, started)
    assert operation["status"] == "COMPLETED"
    lines = results(operation)
    assert sorted(lines) == list(range(24))
    made = {lines[n]["urlRedirect"]["path"] for n in lines if lines[n]["urlRedirect"]}
    assert made == set(paths)
    refused = [line for line in lines.values() if line["userErrors"]]
    assert len(refused) == 1 and refused[0]["urlRedirect"] is None


def test_a_mutation_without_its_file_is_refused(admin):
    with pytest.raises(bulk.BulkRefused, match="could not be found"):
        bulk.start_mutation(admin, CREATE, "tmp/none", "imp_0123456789")


def test_bulk_mutations_are_refused_like_queries(admin, standin):
    path = bulk.upload(admin, file("/a"))
    standin.tell(SHOP, "misbehave", refuse_bulk=True)
    with pytest.raises(bulk.BulkRefused):
        bulk.start_mutation(admin, CREATE, path, "imp_0123456789")
    with pytest.raises(bulk.BulkRefused):
        bulk.start(admin, PRODUCTS, "exp_0123456789")
