"""Writes the calls of keys off the hot path, in batches.

Each process keeps what it was told in memory, at most MOST_HELD calls, and a thread of its own
writes them a second later in one transaction. Of a key that is called more often than that is worth
only so many calls a second are listed, reading and changing ones apart, and the others counted:
what a call costs stays the same, and no flood of reads hides a change. What a process had not
written yet is lost when it is killed without warning: at most a second.
"""

import logging
from collections import Counter, deque
from datetime import datetime
from threading import Lock, Timer
from time import monotonic
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from models import db, insert_into, limit_lock_wait
from models.api_key import ApiKey
from models.key_request import MOST_OF_SHOP, KeyNetwork, KeyRequest, network_of

EVERY, AGAIN = 1.0, 5.0
"""Seconds until what was told is written, and until the next try after one that failed."""
LISTED = 50
"""How many calls of a key are listed in that time, reading ones; and so many others."""
MOST_HELD = 5_000
TRIM_AFTER = 1_000
"""After so many calls written for a shop its oldest are looked at."""
MOST_NETWORKS = 100
"""How many networks are known of a key at a time."""
MOST_KNOWN, HOUR = 10_000, 3600.0
READS = ("GET", "HEAD")
_log = logging.getLogger(__name__)


class Call(NamedTuple):
    key_id: int
    shop_id: int
    at: datetime
    method: str
    route: str
    status: int
    job_id: str
    request_id: str
    address: str
    """From where, for the networks of the key; empty where the key was seen there before, and for a
    call that was refused to it."""
    bytes: int
    milliseconds: int


class RequestLog:
    """The calls of one process that are not in the database yet. Threads may share it."""

    def __init__(self, engine: Engine):
        self._engine, self._lock, self._writing = engine, Lock(), Lock()
        self._calls: deque[Call] = deque()
        self._listed: Counter[tuple[int, bool]] = Counter()
        self._unlisted: Counter[int] = Counter()
        self._timer: Timer | None = None
        self._places: set[tuple[object, ...]] = set()
        self._places_until = 0.0
        self._seen: dict[tuple[int, str], object] = {}
        self._since_trimmed: Counter[int] = Counter()

    def is_new(self, place: tuple[object, ...]) -> bool:
        """Whether this process has seen no call from this place for an hour. From now on it has."""
        if place in self._places and monotonic() < self._places_until:
            return False
        with self._lock:
            if monotonic() >= self._places_until or len(self._places) >= MOST_KNOWN:
                self._places.clear()
                self._places_until = monotonic() + HOUR
            self._places.add(place)
        return True

    def add(self, call: Call) -> None:
        """One answered call."""
        which = (call.key_id, call.method in READS)
        with self._lock:
            if self._listed[which] >= LISTED or len(self._calls) >= MOST_HELD:
                self._unlisted[call.key_id] += 1
                return
            self._listed[which] += 1
            self._calls.append(call)
            if self._timer is None:
                self._set_timer(EVERY)

    def flush(self) -> None:
        """Write what was told; what the database refuses is kept for the next time."""
        with self._writing:
            with self._lock:
                if self._timer is not None:
                    self._timer.cancel()
                self._timer = None
                calls, self._calls = self._calls, deque()
                unlisted, self._unlisted = self._unlisted, Counter()
                self._listed.clear()
            if not calls:
                return
            try:
                self._write(list(calls), unlisted)
            except SQLAlchemyError as error:
                _log.warning("the calls of keys were not written, kept for later: %s", error)
                with self._lock:
                    calls.extend(self._calls)
                    while len(calls) > MOST_HELD:
                        self._unlisted[calls.popleft().key_id] += 1
                    self._calls = calls
                    self._unlisted += unlisted
                    if self._timer is None:
                        self._set_timer(AGAIN)

    def _set_timer(self, seconds: float) -> None:
        self._timer = Timer(seconds, self.flush)
        self._timer.daemon = True
        self._timer.start()

    def _write(self, calls: list[Call], unlisted: Counter[int]) -> None:
        left, rows = Counter(unlisted), []
        for call in reversed(calls):
            row = {f"the_{name}": value for name, value in call._asdict().items()}
            row.pop("the_address")
            rows.append(row | {"the_unlisted": left.pop(call.key_id, 0)})
        seen = self._new_networks(calls)
        with self._engine.begin() as connection:
            limit_lock_wait(connection)
            connection.execute(_INSERT, rows[::-1])
            for (key_id, network), at in sorted(seen.items()):
                _see(connection, key_id, network, at)
            for shop_id in self._to_trim(calls):
                _trim(connection, shop_id)
        if len(self._seen) > MOST_KNOWN:
            self._seen.clear()
        self._seen |= {which: at.date() for which, at in seen.items()}

    def _new_networks(self, calls: list[Call]) -> dict[tuple[int, str], datetime]:
        """The networks that this process has not seen a key in today, with when it did."""
        found: dict[tuple[int, str], datetime] = {}
        for call in calls:
            if call.address and (network := network_of(call.address)):
                which = (call.key_id, network)
                if self._seen.get(which) != call.at.date():
                    found.setdefault(which, call.at)
        return found

    def _to_trim(self, calls: list[Call]) -> list[int]:
        self._since_trimmed.update(call.shop_id for call in calls)
        due = [shop for shop, count in self._since_trimmed.items() if count >= TRIM_AFTER]
        for shop_id in due:
            del self._since_trimmed[shop_id]
        return due


_requests, _networks, _keys = KeyRequest.__table__, KeyNetwork.__table__, ApiKey.__table__
_COLUMNS = [column for column in _requests.columns if column.name != "id"]
_INSERT = db.insert(_requests).from_select(
    [column.name for column in _COLUMNS],
    db.select(
        *(db.bindparam(f"the_{column.name}", type_=column.type) for column in _COLUMNS)
    ).where(_keys.c.id == db.bindparam("the_key_id", type_=_keys.c.id.type)),
)
"""One call, or none when the key's row is gone meanwhile."""


def _see(connection: Connection, key_id: int, network: str, at: datetime) -> None:
    """Note that a key was used in a network."""
    here = (_networks.c.key_id == key_id, _networks.c.network == network)
    seen = connection.execute(db.update(_networks).where(*here).values(last_seen_at=at))
    if seen.rowcount:
        return
    known = db.select(db.func.count()).where(_networks.c.key_id == key_id).scalar_subquery()
    values: dict[str, Any] = {
        "key_id": key_id,
        "network": network,
        "first_seen_at": at,
        "last_seen_at": at,
    }
    row = [db.literal(value, _networks.c[name].type) for name, value in values.items()]
    living = db.select(*row).where(_keys.c.id == key_id, known < MOST_NETWORKS)
    insert = insert_into(KeyNetwork, connection.engine).from_select(list(values), living)
    connection.execute(insert.on_conflict_do_nothing())


def _trim(connection: Connection, shop_id: int) -> None:
    """Erase the oldest calls of a shop that has too many."""
    ids = db.select(_requests.c.id).where(_requests.c.shop_id == shop_id)
    oldest = ids.order_by(_requests.c.id.desc()).offset(MOST_OF_SHOP).limit(1).scalar_subquery()
    old = db.delete(_requests).where(_requests.c.shop_id == shop_id, _requests.c.id <= oldest)
    connection.execute(old)
