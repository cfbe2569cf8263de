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
    personal_columns,
    seen,
    table,
)
from tests.transfer.importing.files import came_of, check_told, undone
from tests.transfer.store import Store
from transfer.permissions import EXPORTS, IMPORTS
from transfer.types import ALL as TYPES

PERSONAL_TYPES = [kind.name for kind in TYPES if kind.importable and personal_columns(kind)]
"""The files of other types are the same for every key."""
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
    narrow.tell("seed", customers=12)
    people = [(gid, customer(narrow, gid)) for gid in customers(narrow)]
    people = [(gid, one) for gid, one in people if one["email"]][:5]
    numbers = [gid.rpartition("/")[2] for gid, _ in people]
    emails = [one["email"] for _, one in people]
    rows = [
        {"ID": numbers[0], "Email": emails[0]},
        {"ID": numbers[1], "Email": "", "Note": "Mine now"},
        {"ID": "", "Email": emails[2], "Note": "", "Tags": "found"},
        {"ID": numbers[3], "Email": "", "Command": "DELETE"},
        {"ID": numbers[4], "Email": "", "Command": "replace", "Tags": "x"},
    ]
    found = came_of(narrow, tmp_path, "customers", *rows, personal_data=mode)
    for row, (result, why), email in zip(rows, found, emails, strict=True):
        assert result == "failed", row
        assert "does not see" in why, row
        assert email not in why, row
    assert [(gid, customer(narrow, gid)) for gid, _ in people] == people


def test_stand_ins_are_refused_to_every_key(narrow, tmp_path):
    narrow.tell("seed", customers=3, orders=2, companies=1)
    seen(narrow, REPLACED)
    replaced = narrow.file(narrow.export("customers"))
    seen(narrow, ALL)
    rows = [row for row in table(replaced) if row["Email"]]
    narrow.tell("sent")
    watched = ("ID", "Email", "Last Name", "Phone", "Address Line 1", "Address City", "Address Zip")
    file = []
    for number, header in enumerate(watched):
        cells = {"ID": "", "Email": f"new{number}@x.example"}
        cells |= {"Tags": "x", "Address Country Code": "DK"}
        file.append(cells | {header: next(row[header] for row in rows if row[header])})
    for key_sees in (ALL, REPLACED):
        found = came_of(narrow, tmp_path, "customers", *file, personal_data=key_sees)
        for header, (result, why) in zip(watched, found, strict=True):
            assert result == "failed", header
            assert key_sees != ALL or "is a stand-in" in why, (header, why)
    assert narrow.changes_sent() == []


def test_words_like_stand_ins_are_taken_where_the_store_never_had_any(store, tmp_path):
    row = {"Email": "a@x.example", "Address Line 1": "Quay 1", "Address Country Code": "DK"}
    words = {"Last Name": "DEADBEEF", "Address Company": "Company 12345678"}
    never = [
        {"Email": "customer-0123456789abcdef@example.invalid"},
        {"Email": "b@x.example", "Phone": "+9990123456789"},
    ]
    people = [row | words, row | words | {"Email": "c@x.example"}]
    found = came_of(store, tmp_path, "customers", *people, *(row | one for one in never))
    assert [result for result, _ in found] == ["created", "created", "failed", "failed"]
    assert all("is a stand-in" in why for _, why in found[2:])
    store.shop.make_stand_ins()
    db.session.commit()
    file = [
        row | {"Email": one["Email"], header: word}
        for one, (header, word) in zip(people, words.items(), strict=True)
    ]
    told = [({header: word}, f"{header}: “{word}” is a stand-in") for header, word in words.items()]
    check_told(came_of(store, tmp_path, "customers", *file), told)


def test_its_own_files_change_nothing_and_tell_nothing(app, narrow, tmp_path):
    """What it exports it may send back; nobody learns a personal text by it."""
    narrow.tell("seed", **SEED)
    marked = narrow.tell("mark", fields=PERSONAL)
    marks = {mark: path for mark, path in marked.items() if path not in IN_PRODUCTS_TOO}
    job = narrow.export(*PERSONAL_TYPES)
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
