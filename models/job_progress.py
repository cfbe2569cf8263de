"""How far a job is, and when it will be done, as the API and the page tell it."""

from datetime import datetime
from typing import Any, Protocol

from models import now
from models.import_state import ImportState

PLANNING = "planning"


class Moving(Protocol):
    status: str
    import_state: ImportState
    done: int
    total: int | None
    progress: dict[str, dict[str, int | None]]
    started_at: datetime | None
    finished_at: datetime | None


def progress(job: Moving) -> dict[str, Any]:
    """``{"done", "total", "rate", "seconds_left"}`` of the job, and of each type of an export
    under ``types``, with its ``rows``.

    ``done`` and ``total`` count objects of the store (of an import: rows of the file), ``rate``
    those a second since the job started; None where it is not known yet.
    """
    seconds = _seconds(job)
    over = job.finished_at is not None
    progress = _pace(_done(job), job.total, seconds, over)
    if job.progress:
        progress["types"] = {
            name: {
                **_pace(state["done"], state["total"], seconds, over),
                "rows": state.get("rows"),
            }
            for name, state in job.progress.items()
        }
    return progress


def _done(job: Moving) -> int:
    """Of an import that is being planned, the rows up to the last that was."""
    return max(job.import_state.planned - 1, 0) if job.status == PLANNING else job.done


def _seconds(job: Moving) -> float:
    """How long it has been running."""
    if job.started_at is None:
        return 0
    return ((job.finished_at or now()) - job.started_at).total_seconds()


def _pace(done: int | None, total: int | None, seconds: float, over: bool) -> dict[str, Any]:
    rate = round(done / seconds, 1) if done and seconds > 0 else None
    left = None
    if over or total is not None and (done or 0) >= total:
        left = 0
    elif rate and total is not None:
        left = round((total - (done or 0)) / rate)
    return {"done": done, "total": total, "rate": rate, "seconds_left": left}
