"""A result that lacks something ends the job in words; nobody is handed a short file."""

import csv
import io

import pytest

from jobs.workflows import ATTEMPTS, GAVE_UP
from models.job import COMPLETED, FAILED
from shopify.admin import Admin
from shopify.bulk import ResultGone, ResultIncomplete
from shopify.responses import Answer
from transfer.exporting import steps
from transfer.reading import pages
from transfer.types import BY_NAME
from transfer.types.shop_facts import ShopFacts


def test_a_file_with_fewer_lines_than_shopify_counted_ends_the_job(store):
    store.tell("seed", redirects=5)
    store.misbehave(bulk_missing_lines=2)
    with pytest.raises(ResultIncomplete, match="Shopify gave 3 of 5 records"):
        store.export("redirects")
    assert issubclass(ResultIncomplete, ResultGone), "what the workflow tells in words"


def test_a_bulk_operation_that_fails_is_started_three_times_and_then_given_up(store):
    store.tell("seed", redirects=5)
    store.misbehave(bulk_fails="INTERNAL_SERVER_ERROR")
    job = store.export("redirects")
    assert (job.status, job.error) == (FAILED, GAVE_UP)
    query = "query { bulkOperations(first: 50) { nodes { query } } }"
    operations = store.graphql(query)["bulkOperations"]["nodes"]
    assert sum(job.id in operation["query"] for operation in operations) == ATTEMPTS == 3


@pytest.mark.parametrize(
    ("name", "seed", "words"),
    [
        ("products", {"products": 3}, "1 of \\d+ variants of 7"),
        ("collections", {"products": 12, "collections": 4}, "1 of \\d+ products of 7"),
        ("companies", {"customers": 12, "companies": 3}, "1 of \\d+ (locations|contacts) of 7"),
    ],
)
def test_children_that_a_bulk_operation_left_out_end_the_job(store, name, seed, words):
    store.tell("seed", **seed)
    store.misbehave(bulk_children=1)
    with pytest.raises(ResultIncomplete, match=words):
        store.export(name)


def test_codes_of_a_discount_are_whole_where_a_bulk_operation_would_cut_them(store):
    store.tell("seed", discounts=12)
    whole = store.file(store.export("discounts"))
    codes = {row["Code"] for row in rows(whole)}
    assert any(code.endswith("-VIP") for code in codes), "a second code of one discount"
    store.misbehave(bulk_children=1)
    job = store.export("discounts")
    assert (job.status, job.error) == (COMPLETED, None)
    assert store.file(job) == whole


def test_objects_that_are_missing_though_counted_before_and_after_end_the_job(store):
    store.tell("seed", redirects=5)
    job = store.export("redirects")
    job.status, job.progress = "running", {"redirects": {"done": 0, "total": 7, "rows": None}}

    class More(Admin):
        def __init__(self, after):
            self.after = after

        def query(self, document, variables=None, denied=None):
            return {"count": {"count": self.after}}

    for after, short in ((7, True), (6, True), (5, False)):
        shop = More(after)
        if short:
            with pytest.raises(ResultIncomplete, match=f"gave 5 of {min(7, after)}"):
                steps._check(shop, job, "redirects", 5)
        else:
            steps._check(shop, job, "redirects", 5)


def test_the_counts_are_not_in_the_file(store):
    store.tell("seed", products=2, discounts=6)
    for name in ("products", "discounts"):
        data = store.file(store.export(name, format="jsonl"))
        assert b"expected" not in data and data


def test_codes_are_read_past_what_shopify_pages_through(monkeypatch):
    monkeypatch.setattr(pages, "MOST_OBJECTS", 500)
    [connection] = BY_NAME["discounts"].passes[1].connections

    class Codes(Admin):
        def __init__(self):
            self.asked: list[str | None] = []

        def ask(self, document, variables=None):
            self.asked.append(variables["query"])
            start = int((variables["query"] or "id:>0").rpartition(">")[2])
            start += int(variables["after"] or 0)
            assert int(variables["after"] or 0) < 500, "no page begins beyond"
            nodes = [{"id": f"gid://shopify/DiscountRedeemCode/{n + 1}"} for n in range(1200)]
            page = nodes[start : start + 250]
            end = str(int(variables["after"] or 0) + 250)
            info = {"hasNextPage": start + 250 < 1200, "endCursor": end}
            return Answer({"node": {"page": {"nodes": page, "pageInfo": info}}})

    first = {"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": "0"}}
    shop = Codes()
    reader = pages._Reader(shop, ShopFacts())
    gid = "gid://shopify/DiscountCodeNode/1"
    found = list(reader.children(connection, gid, first, top=True))
    assert [int(code["id"].rpartition("/")[2]) for code in found] == list(range(1, 1201))
    assert any(query and query.startswith("id:>") for query in shop.asked)


def rows(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
