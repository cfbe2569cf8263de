"""What a plan calls its objects: as the file does, whatever form they are compared in; and what it
remarks beside the cells that differ."""

import pytest

from models.job import Job
from tests.transfer.importing.files import text_of
from transfer.importing.plan_file import PlannedObject, objects
from transfer.permissions import IMPORTS

LONG = "/Sale/" + "x" * 400


def imported(store, folder, type: str, *rows: dict[str, str], **more) -> list[PlannedObject]:
    store.key.permissions = list(IMPORTS)
    job: Job = store.keep(folder, text_of([*rows]), type=type, **more)
    store.run_import(job)
    return list(objects(job))


def keys(store, folder, type: str, *rows: dict[str, str]) -> list[str]:
    return [each.key for each in imported(store, folder, type, *rows, dry_run=True)]


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


CODED = {"Title": "Kitchen", "Type": "Amount off Order", "Method": "Code"}
CODED |= {"Value Type": "Percentage", "Value": "10"}


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize(
    ("type", "rows", "remark"),
    [
        ("redirects", [{"Path": "/a", "Target": "/b"}], ""),
        ("redirects", [{"Path": "/a", "Target": ""}], "The Target is empty."),
        ("discounts", [CODED | {"Code": code} for code in "ABC"], "3 codes added"),
    ],
)
def test_a_remark_does_not_repeat_the_cells(store, tmp_path, type, rows, remark, dry_run):
    [found] = imported(store, tmp_path, type, *rows, dry_run=dry_run)
    assert found.remark == remark
