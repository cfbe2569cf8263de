"""What a plan calls its objects: as the file does, whatever form they are compared in."""

import pytest

from models.job import Job
from tests.transfer.importing.files import text_of
from transfer.importing.plan_file import objects
from transfer.permissions import IMPORTS

LONG = "/Sale/" + "x" * 400


def keys(store, folder, type: str, *rows: dict[str, str]) -> list[str]:
    store.key.permissions = list(IMPORTS)
    job: Job = store.keep(folder, text_of([*rows]), type=type, dry_run=True)
    store.run_import(job)
    return [each.key for each in objects(job)]


@pytest.mark.parametrize(
    ("type", "row", "key"),
    [
        ("orders", {"Name": "#Web-1001", "Line: Title": "Cup", "Line: Quantity": "1"}, "#Web-1001"),
        ("draft_orders", {"Number": "Q-7", "Line: Title": "Cup", "Line: Quantity": "1"}, "Q-7"),
        ("redirects", {"Path": LONG, "Target": "/b"}, LONG),
        ("catalogs", {"Title": "Nordics & Co", "Type": "Market"}, "Nordics & Co"),
        ("metaobjects", {"Definition: Handle": "Maker", "Handle": "Ann"}, "Maker / Ann"),
    ],
)
def test_objects_are_called_as_the_file_calls_them(store, tmp_path, type, row, key):
    assert keys(store, tmp_path, type, row) == [key]


def test_what_the_file_names_by_its_id_has_the_stores_key(store, tmp_path):
    store.tell("seed", products=1)
    found = store.graphql("query { products(first: 1) { nodes { id handle } } }")["products"]
    [node] = found["nodes"]
    row = {"ID": node["id"], "Title": ""}
    assert keys(store, tmp_path, "products", row) == [node["handle"]]
