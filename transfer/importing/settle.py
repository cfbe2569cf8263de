"""What becomes of a plan once it is made: applied at once, or kept until somebody decides."""

from typing import Any

from models import iso, now
from models.import_object import DELETE, RESULTS, ImportObject
from models.import_row import ImportRow
from models.job import APPLYING, PLANNED, PLANNING, Job


def settle(job_id: str) -> bool:
    """Keep what the plan comes to, and whether it is applied now."""
    job = Job.fresh(job_id)
    if job.status != PLANNING:
        return job.status == APPLYING
    plan = _summary(job_id)
    counts = ImportRow.planned_counts(job_id)
    if job.dry_run:
        job.move(PLANNED, among=(PLANNING,), plan=plan, counts=counts, done=sum(counts.values()))
        return False
    return job.move(APPLYING, among=(PLANNING,), plan=plan)


def _summary(job_id: str) -> dict[str, Any]:
    actions = ImportObject.counts(job_id)
    deletes = actions.get(DELETE, 0)
    return {
        "at": iso(now()),
        "counts": {RESULTS.get(action, action): count for action, count in actions.items()},
        "limits": {},
        "not_undoable": [{"action": DELETE, "count": deletes}] if deletes else [],
    }
