"""Imports with a key that sees no personal data: it neither writes, erases nor learns any."""

from typing import Any

import orjson
import pytest

from models import db
from models.import_object import WRITES, ImportObject
from models.job import PLANNED
from models.personal_data import ALL, NONE, REPLACED
from tests.cast import Script
from tests.transfer.exporting.test_personal import (
    IN_PRODUCTS_TOO,
    PERSONAL,
    SEED,
    leaks,
    seen,
    table,
)
from tests.transfer.importing.files import came_of, undone
from tests.transfer.store import Store
from transfer.permissions import EXPORTS, IMPORTS
from transfer.types import ALL as TYPES

IMPORTABLE = [kind.name for kind in TYPES if kind.importable]
CUSTOMER = """query ($id: ID!) { customer(id: $id) { email firstName lastName phone note tags
  addressesV2(first: 5) { nodes { id address1 city zip } }
  metafields(first: 9) { nodes { key value } } } }"""


@pytest.fixture
def narrow(store) -> Store:
    """A store of some people, and a key that sees nothing of them."""
    store.key.permissions = [*EXPORTS, *IMPORTS]
    seen(store, NONE)
    return store


def customers(store: Store) -> list[str]:
    nodes = store.graphql("{ customers(first: 9, sortKey: ID) { nodes { id } } }")["customers"]
    return [node["id"] for node in nodes["nodes"]]


def customer(store: Store, gid: str) -> dict[str, Any]:
    found: dict[str, Any] = store.graphql(CUSTOMER, id=gid)["customer"]
    return found


@pytest.mark.parametrize("command", ["MERGE", ""])
def test_what_it_does_not_see_stays(narrow, tmp_path, command):
    narrow.tell("seed", customers=2, metafield_definitions=20)
    gid = customers(narrow)[0]
    before = customer(narrow, gid)
    row = {"ID": gid.rpartition("/")[2], "Command": command, "Tags": "new", "Email": "", "Note": ""}
    row |= {"Address ID": "", "Address City": "", "Phone": "", "First Name": ""}
    [(result, _)] = came_of(narrow, tmp_path, "customers", row, blank="clear", personal_data=NONE)
    assert result == "updated"
    assert customer(narrow, gid) == before | {"tags": ["new"]}
    assert undone(narrow) == ["updated"]
    assert customer(narrow, gid) == before


@pytest.mark.parametrize("mode", [REPLACED, NONE])
def test_a_cell_with_personal_data_is_refused(narrow, tmp_path, mode):
    narrow.tell("seed", customers=1)
    gid = customers(narrow)[0]
    before, number = customer(narrow, gid), gid.rpartition("/")[2]
    rows = [
        {"ID": number, "Email": before["email"]},
        {"ID": number, "Email": "", "Note": "Mine now"},
        {"ID": "", "Email": before["email"], "Note": "", "Tags": "found"},
        {"ID": number, "Email": "", "Command": "DELETE"},
        {"ID": number, "Email": "", "Command": "replace", "Tags": "x"},
    ]
    for row in rows:
        [(result, why)] = came_of(narrow, tmp_path, "customers", row, personal_data=mode)
        assert result == "failed", row
        assert "does not see" in why
        assert before["email"] not in why
    assert customer(narrow, gid) == before


def test_stand_ins_are_refused_to_every_key(narrow, tmp_path):
    narrow.tell("seed", customers=3, orders=2, companies=1)
    seen(narrow, REPLACED)
    replaced = narrow.file(narrow.export("customers"))
    seen(narrow, ALL)
    rows = [row for row in table(replaced) if row["Email"]]
    narrow.tell("sent")
    watched = ("ID", "Email", "Last Name", "Phone", "Address Line 1", "Address City", "Address Zip")
    for header in watched:
        cells = {"ID": "", "Email": "new@x.example", "Tags": "x", "Address Country Code": "DK"}
        row = cells | {header: next(row[header] for row in rows if row[header])}
        for key_sees in (ALL, REPLACED):
            found = came_of(narrow, tmp_path, "customers", row, personal_data=key_sees)
            assert [result for result, _ in found] == ["failed"], header
            if key_sees == ALL:
                assert "is a stand-in" in found[0][1], (header, found)
    assert narrow.changes_sent() == []


def test_words_like_stand_ins_are_taken_where_the_store_never_had_any(store, tmp_path):
    row = {"Email": "a@x.example", "Address Line 1": "Quay 1", "Address Country Code": "DK"}
    words = {"Last Name": "DEADBEEF", "Address Company": "Company 12345678"}
    never = [
        {"Email": "customer-0123456789abcdef@example.invalid"},
        {"Email": "b@x.example", "Phone": "+9990123456789"},
    ]
    found = came_of(store, tmp_path, "customers", row | words, *(row | one for one in never))
    assert [result for result, _ in found] == ["created", "failed", "failed"]
    assert all("is a stand-in" in why for _, why in found[1:])
    store.shop.make_stand_ins()
    db.session.commit()
    for header, word in words.items():
        [(result, why)] = came_of(store, tmp_path, "customers", row | {header: word})
        assert result == "failed" and f"{header}: “{word}” is a stand-in" in why


def test_its_own_files_change_nothing_and_tell_nothing(app, narrow, tmp_path):
    """All types at once: what it exports it may send back; nobody learns a personal text by it."""
    narrow.tell("seed", **SEED)
    marked = narrow.tell("mark", fields=PERSONAL)
    marks = {mark: path for mark, path in marked.items() if path not in IN_PRODUCTS_TOO}
    job = narrow.export(*IMPORTABLE)
    whole = narrow.file(job)
    narrow.tell("sent")
    kept = narrow.keep(tmp_path, whole, name="all.zip", dry_run=True, personal_data=NONE)
    planned = narrow.run_import(kept)
    assert (planned.status, planned.error) == (PLANNED, None)
    failed = db.session.scalars(
        db.select(ImportObject.comment).filter_by(job_id=planned.id, result="failed")
    )
    assert set(failed) == set()
    assert narrow.changes_sent() == []
    program = Script(app, narrow.key_text)
    told = [
        program.get(f"/imports/{planned.id}"),
        program.get(f"/imports/{planned.id}/plan"),
        program.get(f"/imports/{planned.id}/results", headers={"Accept": "application/x-ndjson"}),
    ]
    said = b"".join(answer.data for answer in told)
    assert all(answer.status_code == 200 for answer in told)
    assert leaks(marks, said) == {}
    objects = list(db.session.scalars(db.select(ImportObject).filter_by(job_id=planned.id)))
    cells = [orjson.dumps([one.before, one.after, one.key, one.comment]) for one in objects]
    assert leaks(marks, b"".join(cells)) == {}
    assert {one.comment for one in objects if one.action in WRITES} == set()
