"""Files of rows that are imported, and exported again, in the tests of each data type."""

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any
from zipfile import ZipFile

from models import db
from models.job import COMPLETED, HELD, IMPORT, Job
from tests.transfer.importing.test_rows import results
from tests.transfer.store import Store, sheets
from transfer.importing.undo import undo_of
from transfer.permissions import known_permissions

Rows = list[dict[str, str]]


def text_of(rows: Rows) -> str:
    """Rows as CSV with every column that one of them has."""
    headers = list(dict.fromkeys(header for row in rows for header in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, headers, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def zipped(files: dict[str, str]) -> bytes:
    """A zip of files of these names."""
    data = io.BytesIO()
    with ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


def imported(
    store: Store,
    folder,
    type: str,
    *rows: dict[str, str],
    sheet: str = "",
    tries: int = 1,
    **options: Any,
) -> Rows:
    """The results of an import of these rows, a row each; what is held is applied."""
    name = f"{sheet}.csv" if sheet else ""
    store.key.permissions = known_permissions({*store.key.permissions, f"{type}:import"})
    text = text_of(list(rows))
    job = store.run_import(store.keep(folder, text, type=type, name=name, **options), tries)
    if job.status == HELD:
        limits = job.plan["limits"].items()
        job.apply({name: limit["count"] for name, limit in limits if limit["over"]})
        store.run_import(job, tries)
    assert (job.status, job.error) == (COMPLETED, None)
    return results(job)


def came_of(store: Store, folder, type: str, *rows: dict[str, str], **options: Any) -> list:
    """What came of each row, with its comment."""
    found = imported(store, folder, type, *rows, **options)
    return [(row["Import Result"], row["Import Comment"]) for row in found]


def results_of(store: Store, folder, type: str, *rows: dict[str, str], **options: Any) -> list:
    """What came of each row."""
    return [result for result, _ in came_of(store, folder, type, *rows, **options)]


def exported(store: Store, type: str, sheet: str = "", *, whole: bool = False) -> Rows:
    """The rows of an export; of a type with several sheets those of one. Metafields without a
    definition are among its columns if it is to be ``whole``, which takes longer."""
    if whole:
        job = store.export(type)
        assert (job.status, job.error) == (COMPLETED, None)
    data = store.file(job) if whole else store.read(type)
    if data.startswith(b"PK"):
        data = sheets(data)[f"{sheet}.csv"]
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


VARIANTS = """query ($handle: String!) { productByIdentifier(identifier: {handle: $handle}) {
  variants(first: 50) { nodes { id sku price selectedOptions { name value } } } } }"""


def variants_of(store: Store, handle: str = "tee") -> Rows:
    """The variants of a product with their ids, SKUs, prices and options, as an export has them,
    without an export."""
    product = store.graphql(VARIANTS, handle=handle)["productByIdentifier"]
    rows = []
    for variant in product["variants"]["nodes"]:
        row = {"Handle": handle, "Variant ID": variant["id"].rpartition("/")[2]}
        row |= {"Variant SKU": variant["sku"] or "", "Variant Price": variant["price"]}
        for number in (1, 2, 3):
            option = {"name": "", "value": ""}
            if number <= len(variant["selectedOptions"]):
                option = variant["selectedOptions"][number - 1]
            row[f"Option{number} Name"] = option["name"]
            row[f"Option{number} Value"] = option["value"]
        rows.append(row)
    return rows


def check_commands(
    store: Store, folder, type: str, named: Callable[[str], dict[str, str]], sheet: str = ""
) -> None:
    """Each command does what it says with objects that are not there, and then with the two
    that were made, which are gone again in the end. ``named`` gives the cells of an object by its
    name."""

    def came(**commands: str) -> list[str]:
        rows = [named(name) | {"Command": command} for name, command in commands.items()]
        return results_of(store, folder, type, *rows, sheet=sheet)

    found = came(first="UPDATE", second="DELETE", third="IGNORE", fourth="NEW", fifth="NEW")
    assert found == ["skipped"] * 3 + ["created"] * 2
    assert came(fourth="NEW", fifth="merge") == ["skipped", "unchanged"]
    assert came(fourth="DELETE", fifth="DELETE") == ["deleted"] * 2


def check_told(found: list[tuple[str, str]], wrong: Sequence[tuple[object, str]]) -> None:
    """Each of the rows failed, and is told by the words that stand beside its cells."""
    assert [result for result, _ in found] == ["failed"] * len(wrong), found
    told = zip(found, wrong, strict=True)
    missing = [(words, told) for (_, told), (_, words) in told if words not in told]
    assert not missing, missing


def unchanged(store: Store, folder, type: str, sheet: str = "") -> None:
    """What was exported changes nothing when it is imported."""
    rows = exported(store, type, sheet)
    assert rows and set(results_of(store, folder, type, *rows, sheet=sheet)) == {"unchanged"}


def undone(store: Store) -> list[str]:
    """The results of an undo of the newest import."""
    return [row["Import Result"] for row in undone_rows(store)]


def undone_rows(store: Store) -> Rows:
    """The rows that an undo of the newest import tells of."""
    return results(newest_undone(store))


def newest_undone(store: Store) -> Job:
    """An undo of the newest import, applied."""
    job = db.session.scalars(
        db.select(Job).filter_by(shop_id=store.shop.id, kind=IMPORT).order_by(Job.created_at.desc())
    ).first()
    assert job is not None
    undoing = undo_of(job, key_id=job.key_id, dry_run=False, force=False)
    db.session.add(undoing)
    db.session.commit()
    store.run_import(undoing)
    if undoing.status == HELD:
        limits = undoing.plan["limits"].items()
        undoing.apply({name: limit["count"] for name, limit in limits if limit["over"]})
        store.run_import(undoing)
    assert (undoing.status, undoing.error) == (COMPLETED, None)
    return undoing
