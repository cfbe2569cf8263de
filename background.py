"""Writes that a request hands to a thread, and waits for a tenth of a second at most.

A note of what happened, or an entry in a queue, may be written late. No call may fail or hang
because the database that takes it is locked, busy or away.
"""

import atexit
import logging
from collections.abc import Callable, Hashable
from contextlib import nullcontext
from threading import Condition, Thread
from time import monotonic

from flask import Flask
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError

PATIENCE = 0.1
"""Seconds that a request waits for its write."""
RETRY_AFTER = 1.0
AT_EXIT = 5.0
"""Seconds that a process which ends gives to what is still to be written."""
MAX_PENDING = 10_000
AWAY = (InterfaceError, OperationalError, TimeoutError)
"""The database is locked, full or gone, and may take it later."""

log = logging.getLogger(__name__)
Work = Callable[[], object]


class Background:
    """One thread that does what it is given, in order.

    What a database that is away does not take is tried again every second until it does. Requests
    do not wait while the thread is late: a lock costs a process a tenth of a second, not each call.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._pending: dict[Hashable, tuple[Flask | None, Work]] = {}
        self._running: Hashable | None = None
        self._started_at = 0.0
        self._failing = False
        self._thread: Thread | None = None

    def run(self, name: Hashable, work: Work, app: Flask | None = None) -> None:
        """Do this soon, in the context of the app if one is given. It takes the place of work of
        the same name that has not begun."""
        with self._changed:
            late = self._late()
            if name not in self._pending and len(self._pending) >= MAX_PENDING:
                log.error("Too much waits to be written: %s is dropped", name)
                return
            self._pending[name] = (app, work)
            self._changed.notify_all()
            if self._thread is None:
                self._thread = Thread(target=self._work, daemon=True)
                self._thread.start()
                atexit.register(self.settle, AT_EXIT)
            if not late:
                self._changed.wait_for(lambda: not self._has(name), PATIENCE)

    def settle(self, seconds: float) -> bool:
        """Wait until nothing is pending, at most so long; whether that is so."""
        with self._changed:
            return self._changed.wait_for(
                lambda: not self._pending and self._running is None, seconds
            )

    def _has(self, name: Hashable) -> bool:
        return name in self._pending or self._running == name

    def _late(self) -> bool:
        busy = self._running is not None
        return self._failing or busy and monotonic() - self._started_at > PATIENCE

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._pending)
                name = next(iter(self._pending))
                app, work = self._pending.pop(name)
                self._running, self._started_at = name, monotonic()
            taken = _done(name, app, work)
            with self._changed:
                self._running, self._failing = None, not taken
                if not taken:
                    self._pending.setdefault(name, (app, work))
                self._changed.notify_all()
                if not taken:
                    self._changed.wait_for(lambda: False, RETRY_AFTER)


def _done(name: Hashable, app: Flask | None, work: Work) -> bool:
    """Whether this need not be tried again."""
    try:
        with app.app_context() if app else nullcontext():
            work()
    except AWAY as error:
        log.warning("%s is not written yet and will be tried again: %s", name, error)
        return False
    except Exception:
        log.exception("%s could not be written", name)
    return True


notes, queueing = Background(), Background()
"""For notes in our own database, and for entries in the jobs database."""
