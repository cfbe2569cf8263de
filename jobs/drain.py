"""Draining: a worker that shuts down finishes the steps in progress and starts no other.

A workflow then blocks before its next step until its process exits; another process resumes it
there. So no step runs in two processes at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from dbos import DBOS


class Running:
    """The steps in progress in this process. Thread-safe."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._workflows: list[str | None] = []
        self._stopping = False

    @contextmanager
    def step(self) -> Iterator[None]:
        """Run one step of the current workflow; blocks for good once the process shuts down."""
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

    def stop(self, timeout: float) -> set[str | None]:
        """Start no further step and wait up to ``timeout`` seconds for those in progress.

        Returns the ids of the workflows whose step has not finished.
        """
        with self._changed:
            self._stopping = True
            self._changed.wait_for(lambda: not self._workflows, timeout)
            return set(self._workflows)


running = Running()
