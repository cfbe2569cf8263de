"""The steps that run in this process, so that it can stop between two of them.

A workflow whose process stops waits before its next step, for ever: another process goes on with
it from there. So no step runs twice at the same time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from dbos import DBOS


class Running:
    """Threads may share it."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._workflows: list[str | None] = []
        self._stopping = False

    @contextmanager
    def step(self) -> Iterator[None]:
        """Run one step of the current workflow; never begins once the process stops."""
        workflow = DBOS.workflow_id
        with self._changed:
            self._changed.wait_for(lambda: not self._stopping)
            self._workflows.append(workflow)
        try:
            yield
        finally:
            with self._changed:
                self._workflows.remove(workflow)
                self._changed.notify_all()

    def stop(self, patience: float) -> set[str | None]:
        """Begin no further step and wait for those that run, at most so many seconds.

        Returns the ids of the workflows whose step is still running.
        """
        with self._changed:
            self._stopping = True
            self._changed.wait_for(lambda: not self._workflows, patience)
            return set(self._workflows)


running = Running()
