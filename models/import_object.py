"""An object that an import is about: its plan, whether that was tried, and what came of it."""

from collections.abc import Collection, Iterable
from hashlib import sha256
from typing import Any, Self

import orjson
from flask import current_app
from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, LargeBinary, String, Text, and_
from sqlalchemy.orm import Mapped, mapped_column

from models import Model, db
from models.import_sheet import ImportSheet

CREATE, UPDATE, DELETE = WRITES = ("create", "update", "delete")
ACTIONS = (*WRITES, "unchanged", "skipped", "failed")
FETCHED_AT_ONCE, MOST_BYTES = 10, 32_000_000
"""Objects that the database hands out at once, and bytes of the inputs that are held together."""
RESULTS = {CREATE: "created", UPDATE: "updated", DELETE: "deleted"}


class ImportObject(Model):
    """``number`` is that of its first row.

    ``action`` is what is planned: create, update, delete, unchanged, skipped or failed. ``key`` is
    the natural key that it has afterwards, in the form in which keys are compared, and ``ref`` its
    id in the store. What an earlier object of the file creates has no id yet: a later one about the
    same says by ``follows`` which that is.

    ``before`` and ``after`` are what differs: the object's own ``cells`` by header, and
    ``members``, the same in both, each ``{"set", "row", "ref", "name", "action", "cells"}``.
    ``input`` has the ``calls``, mutations to be sent in their order: ``{"mutation", "variables"}``.
    All three are encrypted as tokens are. ``sent`` is how many calls were answered. An object that
    was ``tried`` and has no ``result`` was cut off; ``sending`` is the idempotency key of the call
    whose answer nobody saw. One that ``waits`` has calls that are sent once every object was
    written, as they refer to what is created later. ``columns`` are the headers of an update whose
    cells differ, each between tabs. ``notes`` are ``warnings``, sentences;
    ``blanks``, the columns of blank cells that are kept as the store has them; ``replaces``,
    whether a command takes away what the file does not name; and, while it is written, ``refused``,
    why Shopify refused calls of it.
    """

    __tablename__ = "import_objects"
    __table_args__ = (
        Index("ix_import_objects_job_id_key_number", "job_id", "key", "number"),
        Index("ix_import_objects_job_id_ref", "job_id", "ref"),
        Index("ix_import_objects_job_id_follows", "job_id", "follows"),
        Index("ix_import_objects_job_id_action", "job_id", "action", "number"),
    )
    KEY_LENGTH = 255

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(KEY_LENGTH), default="")
    ref: Mapped[str | None] = mapped_column(String(64))
    follows: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(10))
    before_box: Mapped[bytes | None] = mapped_column(LargeBinary)
    after_box: Mapped[bytes | None] = mapped_column(LargeBinary)
    input_box: Mapped[bytes | None] = mapped_column(LargeBinary)
    tried: Mapped[bool] = mapped_column(default=False)
    sent: Mapped[int] = mapped_column(default=0)
    sending: Mapped[str | None] = mapped_column(String(36))
    result: Mapped[str | None] = mapped_column(String(10))
    waits: Mapped[bool] = mapped_column(default=False)
    columns: Mapped[str] = mapped_column(Text, default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    @property
    def box_owner(self) -> str:
        return owner_of(self.job_id, self.number)

    @property
    def before(self) -> dict[str, Any]:
        return self._opened(self.before_box) or {"cells": {}, "members": []}

    @property
    def after(self) -> dict[str, Any]:
        return self._opened(self.after_box) or {"cells": {}, "members": []}

    @property
    def input(self) -> dict[str, Any]:
        return self._opened(self.input_box) or {"calls": []}

    def _opened(self, box: bytes | None) -> dict[str, Any]:
        if box is None:
            return {}
        text = current_app.extensions["vault"].open(box, owner=self.box_owner)
        if text is None:
            raise LookupError(f"{self.box_owner} does not open: is a key of ENCRYPTION_KEYS gone?")
        return dict(orjson.loads(text))

    @classmethod
    def writes(cls, job_id: str, after: int) -> ColumnElement[bool]:
        """The condition on the objects behind this number that are to be written and are not."""
        return and_(
            cls.job_id == job_id,
            cls.number > after,
            cls.action.in_(WRITES),
            cls.result.is_(None),
        )

    @classmethod
    def to_write(cls, job_id: str, after: int, count: int) -> list[Self]:
        """The next objects that are to be written, in the order of the file: so many, fewer where
        their inputs are large."""
        query = db.select(cls).where(cls.writes(job_id, after)).order_by(cls.number).limit(count)
        objects: list[Self] = []
        size = 0
        options = {"yield_per": FETCHED_AT_ONCE}
        with db.session.scalars(query, execution_options=options) as found:
            for planned in found:
                objects.append(planned)
                size += len(planned.input_box or b"")
                if size > MOST_BYTES:
                    break
        return objects

    @classmethod
    def waiting(cls, job_id: str, after: int, count: int) -> list[Self]:
        """The next objects behind a number that have calls which wait for other objects."""
        query = db.select(cls).where(cls.job_id == job_id, cls.waits, cls.number > after)
        return list(db.session.scalars(query.order_by(cls.number).limit(count)))

    @classmethod
    def any_waits(cls, job_id: str, after: int) -> bool:
        """Whether any object behind a number has calls which wait for other objects."""
        query = db.select(cls.number).where(cls.job_id == job_id, cls.waits, cls.number > after)
        return db.session.scalar(query.limit(1)) is not None

    @classmethod
    def next_writes(cls, job_id: str, after: int, count: int) -> list[tuple[int, str]]:
        """Numbers and actions of the next objects that are to be written."""
        query = db.select(cls.number, cls.action).where(cls.writes(job_id, after))
        rows = db.session.execute(query.order_by(cls.number).limit(count))
        return [(number, action) for number, action in rows]

    @classmethod
    def planned(
        cls, job_id: str, sheets: Iterable[ImportSheet], *, keys: set[str], refs: set[str]
    ) -> list[Self]:
        """The writes that these sheets plan so far for the objects that have these keys or ids, in
        the order of the file. Objects of other types may have the same keys."""
        within = (db.and_(cls.number > one.offset, cls.number <= one.last) for one in sheets)
        writes = db.and_(cls.job_id == job_id, cls.action.in_(WRITES), db.or_(*within))
        of_keys = db.select(cls.ref, cls.follows, cls.number).where(writes, cls.key.in_(keys))
        refs, creators = set(refs), set()
        for ref, follows, number in db.session.execute(of_keys):
            if ref and not follows:
                refs.add(ref)
            else:
                creators.add(follows or number)
        found = {
            planned.number: planned
            for column, values in ((cls.ref, refs), (cls.number, creators), (cls.follows, creators))
            if values  # each in a query of its own, as SQLite uses one index for a query
            for planned in db.session.scalars(db.select(cls).where(writes, column.in_(values)))
        }
        return [found[number] for number in sorted(found)]

    @classmethod
    def with_keys(
        cls, job_id: str, keys: set[str], sheet: ImportSheet, actions: Collection[str]
    ) -> dict[str, int]:
        """By key the numbers of the objects of a sheet with one of these actions that have these
        keys afterwards; of several the first."""
        query = db.select(cls.key, cls.number).where(cls.job_id == job_id, cls.key.in_(keys))
        query = query.where(
            cls.action.in_(actions), cls.number > sheet.offset, cls.number <= sheet.last
        )
        rows = db.session.execute(query.order_by(cls.number.desc()))
        return {row.key: row.number for row in rows}

    @classmethod
    def numbers(cls, job_id: str, after: int, to: int) -> set[int]:
        """The objects behind a number up to another."""
        query = db.select(cls.number).where(
            cls.job_id == job_id, cls.number > after, cls.number <= to
        )
        return set(db.session.scalars(query))

    @classmethod
    def of_numbers(cls, job_id: str, numbers: set[int]) -> dict[int, Self]:
        """The objects with these numbers that there are."""
        query = db.select(cls).where(cls.job_id == job_id, cls.number.in_(numbers))
        return {planned.number: planned for planned in db.session.scalars(query)}

    @classmethod
    def counts(cls, job_id: str) -> dict[str, int]:
        """How many objects there are for each action that is planned."""
        query = db.select(cls.action, db.func.count()).where(cls.job_id == job_id)
        counted = db.session.execute(query.group_by(cls.action))
        return {action: int(count) for action, count in counted}

    @classmethod
    def count_new(cls, job_id: str, sheet: ImportSheet) -> int:
        """How many objects of a sheet are to be created."""
        query = db.select(db.func.count()).where(
            cls.job_id == job_id,
            cls.action == CREATE,
            cls.number > sheet.offset,
            cls.number <= sheet.last,
        )
        return int(db.session.scalar(query) or 0)

    @classmethod
    def created(cls, job_id: str, numbers: set[int]) -> set[int]:
        """Those of these objects that the import has created."""
        if not numbers:
            return set()
        query = db.select(cls.number).where(
            cls.job_id == job_id, cls.number.in_(numbers), cls.result == "created"
        )
        return set(db.session.scalars(query))

    @classmethod
    def known_refs(cls, job_id: str, refs: list[str]) -> set[str]:
        """Those of these ids that objects of the import have."""
        query = db.select(cls.ref).where(cls.job_id == job_id, cls.ref.in_(refs))
        return {ref for ref in db.session.scalars(query) if ref}

    @classmethod
    def has_deleted(cls, job_id: str) -> bool:
        """Whether the import has deleted an object by now."""
        query = db.select(cls.number).where(cls.job_id == job_id, cls.result == "deleted").limit(1)
        return db.session.scalar(query) is not None

    @classmethod
    def refs(cls, job_id: str, numbers: set[int]) -> dict[int, str]:
        """The ids of the objects with these numbers that have one."""
        if not numbers:
            return {}
        query = db.select(cls.number, cls.ref).where(
            cls.job_id == job_id, cls.number.in_(numbers), cls.ref.is_not(None)
        )
        return {number: ref for number, ref in db.session.execute(query) if ref}


def short_key(key: str) -> str:
    """A natural key of any length as the ``key`` column holds it."""
    return key if len(key) <= ImportObject.KEY_LENGTH else sha256(key.encode()).hexdigest()


def owner_of(job_id: str, number: int) -> str:
    """What the boxes of an object are sealed for."""
    return f"import:{job_id}:{number}"


def sealed(job_id: str, number: int, value: dict[str, Any]) -> bytes | None:
    """Cells or an input as they are kept at rest; nothing for an empty dict."""
    if not value:
        return None
    vault = current_app.extensions["vault"]
    box: bytes = vault.seal(orjson.dumps(value).decode(), owner=owner_of(job_id, number))
    return box
