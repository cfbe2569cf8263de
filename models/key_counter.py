"""Counts how keys are used without touching the database at every call.

Each process counts in memory and adds what it counted to the database in one transaction, at
most once a minute: at the first call after a quiet minute, a minute after that for the calls
that followed, and when the process ends. What a process had not written yet is lost when it is
killed without warning (kill -9, no power): at most a minute of counts. No call waits for more
than a dictionary under a lock, but for the one that finds a minute over: a tenth of a second.
"""

import logging
from collections.abc import Collection
from datetime import date, datetime
from threading import Lock, Timer
from time import monotonic

from sqlalchemy import Engine, FromClause
from sqlalchemy.exc import SQLAlchemyError

from background import notes
from models import Insert, db, insert_into, limit_lock_wait, now
from models.api_key import ApiKey
from models.key_use import KeyDay, PermissionUse

EVERY = 60
_log = logging.getLogger(__name__)


class KeyCounter:
    """The counts of one process that are not in the database yet. Threads may share it."""

    def __init__(self, engine: Engine):
        self._engine, self._lock = engine, Lock()
        self._calls: dict[tuple[int, date], list[int]] = {}
        self._needed: dict[tuple[int, str], datetime] = {}
        self._next = monotonic()
        self._timer: Timer | None = None

    def count(self, key_id: int, *, failed: bool, needed: Collection[str] = ()) -> None:
        """One answered call with this key, and the permissions that it needed and had."""
        at = now()
        with self._lock:
            self._add_calls((key_id, at.date()), 1, failed)
            for permission in needed:
                self._needed[key_id, permission] = at
            if self._timer is not None:
                return
            if self._next > monotonic():
                self._set_timer()
                return
            self._next = monotonic() + EVERY
        notes.run(("counts", id(self)), self.flush)

    def flush(self) -> None:
        """Add what was counted to the database; what it refuses is kept for the next time."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._timer, self._next = None, monotonic() + EVERY
            calls, self._calls = self._calls, {}
            needed, self._needed = self._needed, {}
        if not calls:
            return
        try:
            _write(self._engine, calls, needed)
        except SQLAlchemyError as error:
            _log.warning("the use of keys was not written, kept for later: %s", error)
            with self._lock:
                for of, (count, failures) in calls.items():
                    self._add_calls(of, count, failures)
                self._needed = needed | self._needed
                if self._timer is None:
                    self._set_timer()

    def _add_calls(self, of: tuple[int, date], calls: int, failures: int) -> None:
        counted = self._calls.setdefault(of, [0, 0])
        counted[0] += calls
        counted[1] += failures

    def _set_timer(self) -> None:
        self._timer = Timer(max(0, self._next - monotonic()), self.flush)
        self._timer.daemon = True
        self._timer.start()


def _write(
    engine: Engine,
    calls: dict[tuple[int, date], list[int]],
    needed: dict[tuple[int, str], datetime],
) -> None:
    """Both tables in one transaction; rows in order, so that two processes never deadlock."""
    days = [
        {"the_key_id": key_id, "the_day": day, "the_calls": count, "the_failures": failures}
        for (key_id, day), (count, failures) in sorted(calls.items())
    ]
    uses = [
        {"the_key_id": key_id, "the_permission": permission, "the_last_used_at": at}
        for (key_id, permission), at in sorted(needed.items())
    ]
    with engine.begin() as connection:
        limit_lock_wait(connection)
        connection.execute(_add(engine), days)
        if uses:
            connection.execute(_latest(engine), uses)


def _add(engine: Engine) -> Insert:
    table = KeyDay.__table__
    insert = _of_living_key(engine, table)
    return insert.on_conflict_do_update(
        index_elements=table.primary_key,
        set_={
            "calls": table.c.calls + insert.excluded.calls,
            "failures": table.c.failures + insert.excluded.failures,
        },
    )


def _latest(engine: Engine) -> Insert:
    table = PermissionUse.__table__
    insert = _of_living_key(engine, table)
    return insert.on_conflict_do_update(
        index_elements=table.primary_key,
        set_={"last_used_at": insert.excluded.last_used_at},
        where=table.c.last_used_at < insert.excluded.last_used_at,
    )


def _of_living_key(engine: Engine, table: FromClause) -> Insert:
    """INSERT of one row, or of none when the key's row is gone meanwhile."""
    values = [db.bindparam(f"the_{column.name}", type_=column.type) for column in table.columns]
    key_id = ApiKey.__table__.c.id
    row = db.select(*values).where(key_id == db.bindparam("the_key_id", type_=key_id.type))
    return insert_into(table, engine).from_select(list(table.columns.keys()), row)
