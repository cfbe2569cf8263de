"""What is held about one customer of a shop: found, and erased.

Exports are not kept and logs name no customer. What can hold one are the rows of imported files,
and words that a program or a person chose: filters, names, messages. So every text of the shop's
rows is searched, in whatever table, for the customer's id, email address and phone number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import JSON, Column, String, Table, UniqueConstraint
from sqlalchemy import Row as DatabaseRow

from models import db, insert_into
from models.erasure import of_shop, owned_tables
from models.import_chunk import ImportChunk
from models.import_object import ImportObject
from models.import_row import ImportRow
from models.import_sheet import sheet_of
from models.job import Job

ERASED = "[erased]"
WHY = "Erased at the customer's request."
AT_ONCE = 500
NUMBER = re.compile(r"(?:\b(customer|order)/)?(?<!\d)(\d+)", re.IGNORECASE)
SURE_DIGITS = 8
"""From how many digits on a number by itself is taken for an id."""
OWN = {"shops", "import_rows", "import_objects", "webhook_deliveries"}
"""What is about the merchant, is searched by the row, or holds the request itself."""
NEVER = {"notices.recipient", "jobs.operations"}
"""The merchant's own address, and ids of Shopify's operations."""


class FileWaiting(Exception):
    """A file of the shop is not unpacked yet, so nobody can tell what is in it. Ask again soon."""


@dataclass(frozen=True)
class Customer:
    """``number`` is Shopify's id of the customer; ``ids`` are (kind, number) of them and their
    orders, ``pattern`` finds their address and phone number."""

    number: str
    ids: frozenset[tuple[str, str]]
    pattern: re.Pattern[str] | None

    @classmethod
    def of(cls, payload: dict[str, Any]) -> Self:
        """The customer of a privacy webhook, with the orders that it lists."""
        named = payload.get("customer") or {}
        number = str(named.get("id") or "")
        orders = payload.get("orders_to_redact") or payload.get("orders_requested") or []
        ids = {("customer", number), *(("order", str(order)) for order in orders)}
        ways = [*_email(str(named.get("email") or "")), *_phone(str(named.get("phone") or ""))]
        pattern = re.compile("|".join(ways), re.IGNORECASE) if ways else None
        return cls(number, frozenset(of for of in ids if of[1].isdecimal()), pattern)

    def among(self, value: Any) -> Iterator[str]:
        """The texts anywhere in a JSON value that name the customer."""
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            for part in value:
                yield from self.among(part)
        elif self._named_by(value):
            yield str(value)

    def without(self, value: Any) -> Any:
        """The same JSON value, every text that names the customer replaced."""
        if isinstance(value, dict):
            return {name: self.without(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self.without(part) for part in value]
        return ERASED if self._named_by(value) else value

    def _named_by(self, value: Any) -> bool:
        if isinstance(value, bool) or not isinstance(value, str | int):
            return False
        text = str(value)
        if self.pattern is not None and self.pattern.search(text):
            return True
        return any(self._has_id(*found) for found in NUMBER.findall(text))

    def _has_id(self, kind: str, number: str) -> bool:
        """Whether it is theirs: of the kind that stands before it, or long enough without one."""
        if kind:
            return (kind.lower(), number) in self.ids
        kinds = ("customer", "order") if len(number) >= SURE_DIGITS else ()
        return any((one, number) in self.ids for one in kinds)


@dataclass(frozen=True)
class Row:
    """A row of an imported file: by column, what the file said."""

    job_id: str
    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Held:
    """What was found: rows of imported files, and texts by the name of their table."""

    rows: list[Row]
    texts: dict[str, list[str]]

    @property
    def counts(self) -> dict[str, int]:
        found = {name: len(texts) for name, texts in self.texts.items()}
        return {"import_rows": len(self.rows)} | found


def held(shop_id: int, customer: Customer) -> Held:
    """Everything that is held about the customer. Reads every row of the shop, not at once.

    Raises FileWaiting.
    """
    _need_unpacked(shop_id)
    rows = [
        Row(job_id, number, _labelled(headers, cells))
        for job_id, number, _, headers, cells in _import_rows(shop_id, customer)
    ]
    texts = {
        table.name: [
            text for row in _matching(table, shop_id, customer) for text in customer.among([*row])
        ]
        for table in _searched()
    }
    return Held(rows, texts)


def erase(shop_id: int, customer: Customer) -> dict[str, int]:
    """Erase it; how many rows by table. Does not commit.

    A row of an import stays with its number and its result, without its cells; one that was not
    imported yet never will be. Raises FileWaiting.
    """
    _need_unpacked(shop_id)
    counts = {"import_rows": _blank(_import_rows(shop_id, customer))}
    for table in _searched():
        keys, columns = list(table.primary_key), _texts(table)
        changes = [
            {f"_{key.name}": row._mapping[key] for key in keys}
            | {column.name: customer.without(row._mapping[column]) for column in columns}
            for row in _matching(table, shop_id, customer)
        ]
        counts[table.name] = len(changes)
        if changes:
            this = [key == db.bindparam(f"_{key.name}") for key in keys]
            db.session.connection().execute(db.update(table).where(*this), changes)
    return counts


def _need_unpacked(shop_id: int) -> None:
    if ImportChunk.any_of_shop(shop_id):
        raise FileWaiting("An uploaded file of the shop is not unpacked yet")


def _email(address: str) -> Iterator[str]:
    if "@" in address:
        yield rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)"


def _phone(text: str) -> Iterator[str]:
    """The number however its digits are set apart."""
    digits = re.sub(r"\D", "", text)
    if len(digits) >= SURE_DIGITS - 1:
        yield r"(?<!\d)(?:00)?" + r"[\s().\-/]*".join(digits) + r"(?!\d)"


def _searched() -> list[Table]:
    return [table for table in owned_tables() if table.name not in OWN and _texts(table)]


def _texts(table: Table) -> list[Column[Any]]:
    """The columns that hold somebody's words: text and JSON that identifies no row."""
    unique = {
        column
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
        for column in constraint.columns
    }
    return [
        column
        for column in table.c
        if isinstance(column.type, String | JSON)
        and not (column.primary_key or column.foreign_keys or column in unique)
        and str(column) not in NEVER
    ]


def _matching(table: Table, shop_id: int, customer: Customer) -> Iterator[DatabaseRow[Any]]:
    """The shop's rows of a table in which something names the customer: keys and texts."""
    texts = _texts(table)
    query = db.select(*table.primary_key, *texts).where(of_shop(table, shop_id))
    for row in db.session.execute(query.execution_options(yield_per=AT_ONCE)):
        if any(True for _ in customer.among([row._mapping[column] for column in texts])):
            yield row


FoundRow = tuple[str, int, int, list[str], list[str]]
"""A row of an import: job id, number, object, headers of the file, cells."""


def _import_rows(shop_id: int, customer: Customer) -> Iterator[FoundRow]:
    """The rows of imports that name the customer, and those about the same object as one that
    does."""
    named, same_objects, same_keys = set(), set(), set()
    of_row = db.and_(
        ImportObject.job_id == ImportRow.job_id, ImportObject.number == ImportRow.object
    )
    query = db.select(ImportRow, ImportObject).join(Job, Job.id == ImportRow.job_id)
    query = query.outerjoin(ImportObject, of_row).where(Job.shop_id == shop_id)
    query = query.order_by(ImportRow.job_id, ImportRow.object, ImportRow.number)
    last, of_object = None, False
    for row, about in db.session.execute(query.execution_options(yield_per=AT_ONCE)):
        if last != (row.job_id, row.object):  # what it is about is opened once for all its rows
            last = (row.job_id, row.object)
            of_object = bool(about) and any(True for _ in customer.among(_texts_of(about)))
        if of_object or any(True for _ in customer.among(row.cells)):
            named.add((row.job_id, row.number))
            same_objects.add((row.job_id, row.object))
            if about and about.key:
                same_keys.add((row.job_id, about.key))
    columns = (ImportRow.job_id, ImportRow.number, ImportRow.object, ImportRow.cells)
    query = db.select(*columns, Job.sheets, ImportObject.key)
    query = query.join(Job, Job.id == ImportRow.job_id).outerjoin(ImportObject, of_row)
    query = query.where(
        Job.shop_id == shop_id, ImportRow.job_id.in_({job_id for job_id, _ in named})
    )
    query = query.order_by(ImportRow.job_id, ImportRow.number)
    for job_id, number, about, cells, sheets, key in db.session.execute(
        query.execution_options(yield_per=AT_ONCE)
    ):
        if (job_id, about) in same_objects or (job_id, key) in same_keys:
            yield job_id, number, about, sheet_of(sheets, number).headers, cells


def _texts_of(planned: ImportObject) -> list[Any]:
    """What is kept of a planned object, with what is encrypted: its cells, and the calls that
    write it, which may name more than the cells, as of a whole address."""
    cells = (planned.before, planned.after, planned.input)
    return [planned.key, planned.ref or "", planned.comment, planned.notes, *cells]


def _blank(rows: Iterator[FoundRow]) -> int:
    """Empty these rows' cells, and keep those that were not imported from ever being."""
    found = list(rows)
    if not found:
        return 0
    table = ImportRow.__table__
    this = (table.c.job_id == db.bindparam("_job_id")) & (table.c.number == db.bindparam("_number"))
    db.session.connection().execute(
        db.update(table).where(this).values(cells=[]),
        [{"_job_id": job_id, "_number": number} for job_id, number, *_ in found],
    )
    for start in range(0, len(found), AT_ONCE):
        objects = {(job_id, about) for job_id, _, about, *_ in found[start : start + AT_ONCE]}
        nothing = {"action": "skipped", "result": "skipped", "comment": WHY}
        insert = insert_into(ImportObject).values(
            [{"job_id": job_id, "number": about, **nothing} for job_id, about in objects]
        )
        emptied = dict.fromkeys(("ref", "before_box", "after_box", "input_box"))
        db.session.execute(
            insert.on_conflict_do_update(
                index_elements=["job_id", "number"],
                set_=emptied
                | {
                    "key": "",
                    "notes": {},
                    "comment": WHY,
                    "waits": False,
                    "result": db.func.coalesce(ImportObject.result, "skipped"),
                },
            )
        )
    return len(found)


def _labelled(headers: list[str], cells: list[str]) -> dict[str, str]:
    return {name: cell for name, cell in zip(headers, cells, strict=False) if cell}
