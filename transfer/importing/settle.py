"""What becomes of a plan once it is made: applied at once, or kept until somebody decides."""

from typing import Any

from models import commits_keep_rows, iso, now
from models.api_key import ApiKey
from models.approval import approval_of
from models.import_limits import APPLY, DEFAULTS
from models.import_object import RESULTS, ImportObject
from models.import_plan import accepted_in_advance, not_accepted, over
from models.import_row import ImportRow
from models.job import APPLYING, FAILED, HELD, PLANNED, PLANNING, UNDONE_MEANWHILE, Job
from transfer.importing.access import hold_for_access, lacking
from transfer.importing.guards import MAIL, measure, of_last_hour, weigh


@commits_keep_rows()
def settle(job_id: str) -> bool:
    """Keep what the plan comes to, and tell whether it is applied now.

    That of a dry run never is, nor one that a person has to apply, nor one that is over a limit
    which nobody accepted. Of a key that is to apply whatever is asked no limit holds any.
    """
    job = Job.fresh(job_id)
    if job.status != PLANNING:
        return job.status == APPLYING
    actions = ImportObject.counts(job_id)
    limits, final = measure(job, sum(actions.values()))
    # with the lock one at a time sees what the others have done
    key = ApiKey.locked(job.key_id) if job.key_id else None
    weigh(limits, key.import_limits if key else DEFAULTS, of_last_hour(job))
    plan = _summary(job, actions, limits, final) | {"approval": approval_of(job, key)}
    accepted = accepted_in_advance(plan, job.options.get("confirm", {}))
    if key and key.imports == APPLY:
        accepted = over(plan) | accepted
    held = bool(plan["approval"] or not_accepted(plan, accepted))
    if not (job.dry_run or held) and (sentence := lacking(job)):
        hold_for_access(job, sentence, (PLANNING,), plan)
        return False
    if not (job.dry_run or held):
        if not job.mark_undone():
            job.count_to_the_end()
            job.move(FAILED, among=(PLANNING,), plan=plan, error=UNDONE_MEANWHILE)
            return False
        plan |= {"applied": True, "accepted": accepted}
        return job.move(APPLYING, among=(PLANNING,), plan=plan)
    counts = ImportRow.planned_counts(job_id)
    status = PLANNED if job.dry_run else HELD
    job.move(status, among=(PLANNING,), plan=plan, counts=counts, done=sum(counts.values()))
    return False


def _summary(
    job: Job,
    actions: dict[str, int],
    limits: dict[str, dict[str, Any]],
    final: dict[str, int],
) -> dict[str, Any]:
    return {
        "at": iso(now()),
        "sha256": job.options.get("sha256"),
        "counts": {RESULTS.get(action, action): count for action, count in actions.items()},
        "limits": limits,
        "mails": final.get(MAIL, 0),
        "not_undoable": [{"action": word, "count": final[word]} for word in sorted(final)],
        "blanks": sum(job.import_state.blanks.values()),
    }
