"""A job: one export or import, from the call that asked for it until its end."""

import secrets
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import JSON, BigInteger, ColumnElement, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models import Model, db, iso, now, rows_changed
from models.activity import KEY, STAFF, Activity, record
from models.api_key import ApiKey
from models.fair_order import oldest_of_each_shop
from models.import_chunk import ImportChunk
from models.import_plan import KEEP, plan_as_json
from models.import_row import ImportRow
from models.import_sheet import ImportSheet, ImportSheets, sheet_of
from models.import_state import ImportState, ImportStateJson
from models.job_progress import progress
from models.key_format import ALPHABET
from models.personal_data import ALL as PERSONAL_ALL
from models.personal_data import MODES, Personal
from translations import N_

EXPORT, IMPORT = "export", "import"
PREFIXES = {EXPORT: "exp_", IMPORT: "imp_"}
QUEUED, RUNNING, COMPLETED, FAILED, CANCELED = EXPORT_STATUSES = (
    "queued",
    "running",
    "completed",
    "failed",
    "canceled",
)
PLANNING, PLANNED, HELD, APPLYING = ("planning", "planned", "held", "applying")
IMPORT_STATUSES = (QUEUED, PLANNING, PLANNED, HELD, APPLYING, COMPLETED, FAILED, CANCELED)
STATUSES = (QUEUED, RUNNING, PLANNING, PLANNED, HELD, APPLYING, COMPLETED, FAILED, CANCELED)
WORKING = (RUNNING, PLANNING, APPLYING)
MOVING = (QUEUED, *WORKING)
"""A worker is at it, or will be."""
WAITING = (PLANNED, HELD)
"""A plan that is there to be applied or discarded: nothing happens by itself."""
OVER = (COMPLETED, FAILED, CANCELED)
UNFINISHED = (*MOVING, *WAITING)
IMPORT_RESULTS = (
    "created",
    "updated",
    "unchanged",
    "deleted",
    "skipped",
    "conflict",
    "failed",
)
UNDONE_MEANWHILE = N_("Another undo of this import was applied first. Nothing was changed.")
ENDED_WITH = ("rows", "counts", "error")
"""What an activity keeps of a job that is over."""
LISTED = 100
STILL_QUEUED = timedelta(seconds=30)
UPLOAD_TAKES = timedelta(days=1)
"""After which a file without a job is one whose upload was cut off."""
AT_MOST_BEFORE = timedelta(minutes=5)
"""How long before its row a job's start may have been recorded."""


def new_id(kind: str) -> str:
    """``exp_`` or ``imp_`` and 20 letters and digits that nobody can guess."""
    return PREFIXES[kind] + "".join(secrets.choice(ALPHABET) for _ in range(20))


def workflow_id(job_id: str, options: dict[str, Any]) -> str:
    """What the run of a job by a worker is called. A plan that was looked at first is applied in
    a run of its own."""
    return f"{job_id}:apply" if options.get("second_run") else job_id


class Job(Model):
    """``operations`` keeps what an export needs to make its file: for each type the facts of the
    shop and how each pass was read. ``sheets`` are those of an import's file,
    in the order in which they are applied.

    ``options`` of an export: ``columns``, for a type the names that were chosen, and ``bom``;
    ``cut`` is what a workbook could not hold, in sentences, once it was made.
    ``progress``: for each type of an export ``done`` and ``total`` objects, and ``rows`` at its
    end. ``series`` is the same for exports of the same kind. ``started_by`` is the staff member
    who started it in the key's place, or without one; a key sees nothing of it. ``stored_bytes`` is
    the size of an import's file, and of its cells once that is unpacked. ``import_state`` is how
    far an import is.

    ``options`` of an import: ``blank`` and ``strict``, how its cells and commands are read;
    ``confirm``, what is accepted of its plan before that is made; ``sha256`` of its file. ``plan``
    is what was planned, empty before: ``counts`` of objects by what they are to be, ``limits`` by
    name, ``accepted`` with a count each, whether it was ``applied``, when it was made (``at``).
    ``undoes`` is the import that this one undoes, ``undone_by`` the one that undid it last;
    ``options`` of an undo keep ``undone_before``, what that was when the undo was begun.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_key_id_created_at", "key_id", "created_at"),
        Index("ix_jobs_shop_id_created_at", "shop_id", "created_at"),
        Index("ix_jobs_status_shop_id_created_at", "status", "shop_id", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), index=True)
    key_id: Mapped[int | None] = mapped_column(ForeignKey("api_keys.id"))
    kind: Mapped[str] = mapped_column(String(8))
    types: Mapped[list[str]] = mapped_column(JSON)
    format: Mapped[str] = mapped_column(String(8), default="csv")
    filters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    dry_run: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(10), default=QUEUED)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    rows: Mapped[int | None]
    error: Mapped[str | None]
    warnings: Mapped[list[str]] = mapped_column(JSON, default=list)
    sheets: Mapped[list[ImportSheet]] = mapped_column(ImportSheets, default=list)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    operations: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    progress: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    series: Mapped[str] = mapped_column(String(64), default="")
    started_by: Mapped[str] = mapped_column(String(64), default="")
    stored_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    import_state: Mapped[ImportState] = mapped_column(ImportStateJson, default=ImportState)
    plan: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    undoes: Mapped[str | None] = mapped_column(String(24))
    undone_by: Mapped[str | None] = mapped_column(String(24))
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    @classmethod
    def named(cls, job_id: str, **of: object) -> Self | None:
        """The job with this id that has these columns, if there is one; of anything sent as an
        id, what no column holds is none."""
        if not job_id.isprintable():
            return None
        found: Self | None = db.session.scalar(db.select(cls).filter_by(id=job_id, **of))
        return found

    @classmethod
    def fresh(cls, job_id: str) -> Self:
        """The job as it is now: steps of one worker and calls of the web change it side by side."""
        return db.session.get_one(cls, job_id, populate_existing=True)

    @classmethod
    def status_of(cls, job_id: str) -> str:
        """The job's status at this moment."""
        status: str = db.session.scalars(db.select(cls.status).filter_by(id=job_id)).one()
        return status

    @classmethod
    def of_key(cls, key_id: int, kind: str) -> list[Self]:
        """A key's own jobs, newest first."""
        query = db.select(cls).filter_by(key_id=key_id, kind=kind, started_by="")
        return list(db.session.scalars(query.order_by(cls.created_at.desc()).limit(LISTED)))

    @classmethod
    def last_completed(cls, key_id: int, series: str) -> Self | None:
        """The key's newest completed export of the same kind."""
        query = db.select(cls).filter_by(
            key_id=key_id, series=series, status=COMPLETED, started_by=""
        )
        newest: Self | None = db.session.scalar(query.order_by(cls.started_at.desc()).limit(1))
        return newest

    @classmethod
    def waiting(cls, limit: int) -> list[Self]:
        """Jobs that were asked for a while ago and have not started, fair to every shop."""
        old = cls.created_at < now() - STILL_QUEUED
        query = oldest_of_each_shop(
            db.select(cls), cls.id, cls.shop_id, cls.created_at, cls.status == QUEUED, old
        )
        return list(db.session.scalars(query.limit(limit)))

    @classmethod
    def unfinished(cls, shop_id: int) -> int:
        """How many exports and imports of the shop run, or will by themselves."""
        query = db.select(db.func.count()).where(cls.shop_id == shop_id, cls.status.in_(MOVING))
        return db.session.scalar(query) or 0

    @classmethod
    def started_since(cls, moment: datetime, shop_id: int, most: int) -> int:
        """How many exports and imports of the shop were asked for since then, counted to most."""
        late = db.select(cls.id).where(cls.shop_id == shop_id, cls.created_at > moment).limit(most)
        return db.session.scalar(db.select(db.func.count()).select_from(late.subquery())) or 0

    @classmethod
    def bytes_stored(cls, shop_id: int) -> int:
        """What the imports of the shop take up: files that wait or are on their way, and rows that
        are kept."""
        stored = db.select(db.func.sum(cls.stored_bytes)).where(cls.shop_id == shop_id)
        pieces = db.select(db.func.count()).where(ImportChunk.shop_id == shop_id, cls._no_job())
        both = db.select(stored.scalar_subquery(), pieces.scalar_subquery())
        kept, on_their_way = db.session.execute(both).one()
        return int(kept or 0) + int(on_their_way) * ImportChunk.SIZE

    @classmethod
    def _no_job(cls) -> ColumnElement[bool]:
        """The condition on pieces of files whose job has not been started."""
        condition: ColumnElement[bool] = ~(
            db.select(cls.id).where(cls.id == ImportChunk.job_id).exists()
        )
        return condition

    @classmethod
    def purge(cls, *, before: datetime) -> None:
        """Erase old jobs with their rows, and files whose upload was cut off. Does not commit."""
        db.session.execute(db.delete(cls).where(cls.created_at < before))
        cut_off = ImportChunk.created_at < now() - UPLOAD_TAKES
        db.session.execute(db.delete(ImportChunk).where(cut_off, cls._no_job()))

    def move(
        self,
        status: str,
        *,
        among: tuple[str, ...],
        by: str = "",
        address: str = "",
        reason: str = "",
        plan: dict[str, Any] | None = None,
        **values: object,
    ) -> bool:
        """Go to ``status`` if the job is still in one of ``among``; else change nothing. Commits.

        A canceled job so stays canceled, whatever the worker was about to say. ``by`` is the staff
        member who does it, ``address`` from where; of what the worker does, that of the start.
        """
        if plan is not None:
            values["plan"] = plan
        if status in WORKING:
            values["started_at"] = self.started_at or now()
        elif status == QUEUED:
            values |= {"started_at": None, "finished_at": None}
        else:
            values["finished_at"] = now()
        changed = rows_changed(
            db.update(Job)
            .where(Job.id == self.id, Job.status.in_(among))
            .values(status=status, **values)
        )
        if not changed:
            db.session.rollback()
            return False
        if status not in MOVING:
            is_unpacked = self.kind == EXPORT or self.import_state.planned
            if status in OVER and not is_unpacked and ImportChunk.erase(self.id):
                self.stored_bytes = 0
            facts = {name: values.get(name, getattr(self, name)) for name in ENDED_WITH}
            detail = {name: value for name, value in facts.items() if value is not None}
            if reason:
                detail["reason"] = reason
            if status == HELD and (why := (plan or self.plan).get("approval")):
                detail["approval"] = why
            where = address or self._started_from()
            self.record("job.finished", where, by=by, status=status, **detail)
        db.session.commit()
        return True

    def record(self, kind: str, address: str = "", by: str = "", **detail: Any) -> None:
        """Record what happened to the job in the caller's transaction: as done by the staff
        member ``by``, else by who started it."""
        if self.dry_run:
            detail["dry_run"] = True
        staff = by or self.started_by
        record(
            self.shop_id,
            kind,
            actor_kind=STAFF if staff else KEY,
            actor=staff or db.session.scalar(db.select(ApiKey.name).filter_by(id=self.key_id)),
            key_id=self.key_id,
            address=address,
            job=self.kind,
            types=self.types,
            id=self.id,
            **detail,
        )

    def _started_from(self) -> str:
        """The address from which the job was started; empty when that is not known."""
        start = db.select(Activity.address).where(
            Activity.shop_id == self.shop_id,
            Activity.at >= self.created_at - AT_MOST_BEFORE,
            Activity.kind == "job.started",
            Activity.detail["id"].as_string() == self.id,
        )
        return db.session.scalar(start.limit(1)) or ""

    def count_rows(self) -> None:
        """Count what came of all rows of an import. Does not commit."""
        self.counts = ImportRow.counts(self.id)
        self.done = sum(self.counts.values())

    @property
    def personal_data(self) -> Personal:
        """How much personal data its key sees at this moment; staff see all."""
        if self.key_id is None:
            return PERSONAL_ALL
        seen: Personal = db.session.scalars(
            db.select(ApiKey.personal_data).filter_by(id=self.key_id, shop_id=self.shop_id)
        ).one()
        return seen

    @property
    def sees_less_now(self) -> bool:
        """Whether its key sees less than when it was started, so that what it was told then is
        not told again."""
        before = self.options.get("personal_data", PERSONAL_ALL)
        return MODES.index(self.personal_data) > MODES.index(before)

    def add_counts(self, counts: dict[str, int]) -> None:
        """Add what came of further rows. Does not commit."""
        results = {*self.counts, *counts}
        self.counts = {name: self.counts.get(name, 0) + counts.get(name, 0) for name in results}
        self.done = sum(self.counts.values())

    def sheet_of(self, number: int) -> ImportSheet:
        """The sheet of an import's file that has the row with this number."""
        return sheet_of(self.sheets, number)

    def sheet_after(self, number: int) -> ImportSheet | None:
        """The sheet of the rows that follow this number; None when there are none."""
        return next((sheet for sheet in self.sheets if sheet.last > number), None)

    def place_of(self, number: int) -> str:
        """What a person calls a row: its line, and its sheet where there are several."""
        sheet = self.sheet_of(number)
        line = f"Row {sheet.line(number)}"
        return f"{line} of “{sheet.name}”" if len(self.sheets) > 1 else line

    def count_to_the_end(self) -> None:
        """Count what came of all rows of an import that goes no further: those that were not
        reached are skipped. Does not commit."""
        self.count_rows()
        if self.done == self.rows:
            return
        cut_off = ImportRow.cut_off(self.id)
        left = ImportRow.count(self.id) - self.done - cut_off
        self.add_counts({"failed": cut_off, "skipped": left} if left or cut_off else {})
        self.counts = {result: count for result, count in self.counts.items() if count}

    @property
    def stopped(self) -> str:
        """Why the rows of an import that is over were not reached; empty when none is."""
        if self.status == CANCELED:
            return "The import was canceled before this row."
        return f"The import stopped before this row: {self.error}" if self.status == FAILED else ""

    def cancel(self, by: str = "", address: str = "", reason: str = "") -> bool:
        """Stop what is not over yet, or discard its plan, and tell whether it was so; the worker
        sees it at its next look."""
        if self.status in WAITING:
            self.count_to_the_end()
        return self.move(CANCELED, among=UNFINISHED, by=by, address=address, reason=reason)

    def apply(self, accepted: dict[str, int], *, by: str = "", address: str = "") -> bool:
        """Have the workers apply the plan, once, and tell whether it waited for that. Commits.

        ``accepted`` are the limits that whoever applies it accepts, each with its count.
        """
        options = self.options | {"second_run": True, "applied_by": by}
        plan = self.plan | {"applied": True, "accepted": accepted}
        changed = rows_changed(
            db.update(Job)
            .where(Job.id == self.id, Job.status.in_(WAITING))
            .values(
                status=QUEUED,
                dry_run=False,
                options=options,
                plan=plan,
                counts={},
                done=0,
                started_at=None,
                finished_at=None,
            )
        )
        if not changed:
            db.session.rollback()
            return False
        if not self.mark_undone():
            db.session.rollback()
            self.move(FAILED, among=WAITING, error=UNDONE_MEANWHILE)
            return False
        db.session.refresh(self)
        self.record("job.applied", address, by=by, accepted=accepted)
        db.session.commit()
        return True

    def mark_undone(self) -> bool:
        """Say of the import that this one undoes, if it does, that it was. Does not commit.

        False where another undo came first: this one was planned without what that has done.
        """
        if not self.undoes:
            return True
        before = self.options.get("undone_before")
        undone = db.update(Job).where(
            Job.id == self.undoes,
            Job.shop_id == self.shop_id,
            (Job.undone_by == self.id) | Job.undone_by.is_not_distinct_from(before),
        )
        return rows_changed(undone.values(undone_by=self.id)) == 1

    def running_undo(self) -> Self | None:
        """The undo of this import that is queued or running, if there is one. Of two calls that
        would begin one, the second waits here until the first has."""
        db.session.execute(db.update(Job).where(Job.id == self.id).values(undoes=Job.undoes))
        db.session.refresh(self)
        query = db.select(Job).filter_by(shop_id=self.shop_id, undoes=self.id)
        running: Self | None = db.session.scalar(query.where(Job.status.in_(MOVING)).limit(1))
        return running

    @property
    def workflow_id(self) -> str:
        """What its run by a worker is called."""
        return workflow_id(self.id, self.options)

    def as_json(self) -> dict[str, Any]:
        """The job as the API answers it."""
        common = {
            "id": self.id,
            "status": self.status,
            "rows": self.rows,
            "error": self.error,
            "warnings": [*self.warnings, *self.options.get("cut", [])],
            "progress": progress(self),
            "created_at": iso(self.created_at),
            "started_at": iso(self.started_at),
            "finished_at": iso(self.finished_at),
        }
        if self.kind == EXPORT:
            asked = {"filters": self.filters, "columns": self.options.get("columns", {})}
            return {"types": self.types, "format": self.format, **asked, **common}
        counts = {result: self.counts.get(result, 0) for result in IMPORT_RESULTS}
        return {
            "types": self.types,
            "sheets": [
                {"name": sheet.name, "type": sheet.type, "rows": sheet.rows}
                for sheet in self.sheets
            ],
            "dry_run": self.dry_run,
            "blank": self.options.get("blank", KEEP),
            "strict": self.options.get("strict", False),
            "counts": counts,
            "plan": plan_as_json(self.plan) if self.plan else None,
            "undoes": self.undoes,
            "undone_by": self.undone_by,
            **common,
        }
