"""What imports of each type keep of a customer: all of it goes when Shopify asks for that."""

import csv
import io
import tempfile
from pathlib import Path

import pytest

from models import db
from models.erasure import erase_shop
from models.import_object import ImportObject
from models.import_row import ImportRow
from scratch import PREFIX
from shops.customer_data import Customer, erase
from tests.transfer.importing.contract import WRITTEN
from transfer.permissions import IMPORTS
from transfer.rows.personal import personal_columns
from transfer.types import BY_NAME

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
JO = "jo@example.com"
FACT = "custom.said [single_line_text_field]"


def file_of(name: str, whom: str, mark: str) -> tuple[str, list[str]]:
    """A file in which each personal column of a type is filled in a row of its own, and the
    marks."""
    writing = BY_NAME[name].writing
    assert writing
    key = writing.keys[0].headers[0] if writing.keys else "ID"
    personal = [header.format(FACT) for header in personal_columns(BY_NAME[name])]
    headers = list(dict.fromkeys([key, "Title", *personal]))
    marks = [f"{mark}-{name}-{number}-end" for number, _ in enumerate(personal)]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, headers, restval="")
    writer.writeheader()
    for said, header in zip(marks, personal, strict=True):
        own = {key: f"key-{said}"} if key != "ID" else {}
        writer.writerow({**own, header: f"{said} {whom}"})
    return out.getvalue(), marks


def everything() -> str:
    """All that the database holds, with what is encrypted, and the files of imports."""
    db.session.expire_all()
    tables = db.metadata.sorted_tables
    found = [str(tuple(row)) for table in tables for row in db.session.execute(db.select(table))]
    for planned in db.session.scalars(db.select(ImportObject)):
        found.append(str((planned.before, planned.after, planned.input)))
    folders = Path(tempfile.gettempdir()).glob(f"{PREFIX}*/*")
    found += [path.read_text(errors="ignore") for path in folders if path.is_file()]
    return "\n".join(found)


@pytest.fixture
def own_scratch(tmp_path, monkeypatch):
    """A folder for temporary files that other processes put nothing into, nor take away."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))


def test_each_personal_cell_of_each_type_goes_and_no_other(store, tmp_path, own_scratch):
    """Planned and not applied: so most is kept. What names somebody else stays until the shop
    goes."""
    store.key.permissions = list(IMPORTS)
    db.session.commit()
    his: list[str] = []
    hers: list[str] = []
    for name in WRITTEN:
        for whom, mark, marks in ((JO, "his", his), ("ann@example.com", "hers", hers)):
            text, found = file_of(name, whom, mark)
            if found:
                job = store.keep(tmp_path, text, type=name, dry_run=True)
                store.run_import(job)
                marks += found
    assert len(his) > 100 and {mark.split("-")[1] for mark in his} > {"discounts", "articles"}
    there = everything()
    assert [mark for mark in his + hers if mark not in there] == []
    erase(store.shop.id, Customer.of({"customer": {"email": JO}}))
    db.session.commit()
    left = everything()
    assert [mark for mark in his if mark in left] == []
    assert JO not in left
    assert [mark for mark in hers if mark not in left] == []
    erase_shop(store.shop.id)
    db.session.commit()
    gone = everything()
    assert [mark for mark in hers if mark in gone] == []
    assert db.session.scalar(db.select(db.func.count()).select_from(ImportRow)) == 0
