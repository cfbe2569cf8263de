"""Which activity makes which mail, to whom, and how often."""

from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from models import db
from models.notice import Notice
from models.shop import Shop
from models.staff_member import StaffMember

CREATED, ROTATED, WIDENED = "key.created", "key.rotated", "key.widened"
DELETED, LEAKED, CALL_REFUSED = "key.deleted", "key.leaked", "key.refused"
TRUSTED, TRUST_WIDENED = "workload.created", "workload.widened"
TRUST_ENDED = "workload.deleted"
RULES_CHANGED, RULE_ENDED = "key.rules_changed", "key.rule_ended"
STAND_INS = "key.stand_ins_renewed"
EXPIRES_SOON, EXPIRES_TODAY = "key.expires_soon", "key.expires_today"
JOB_FAILED, JOB_HELD = "job.failed", "job.held"
EMAIL_CHANGED, FROM_US = "email.changed", "api.notice"
ACCESS_LOST = "access.lost"
CONFIRM, DIGEST = "email.confirm", "digest"
KINDS = (
    CREATED,
    ROTATED,
    WIDENED,
    DELETED,
    LEAKED,
    CALL_REFUSED,
    TRUSTED,
    TRUST_WIDENED,
    TRUST_ENDED,
    RULES_CHANGED,
    RULE_ENDED,
    STAND_INS,
    EXPIRES_SOON,
    EXPIRES_TODAY,
    JOB_FAILED,
    JOB_HELD,
    EMAIL_CHANGED,
    ACCESS_LOST,
    CONFIRM,
    DIGEST,
    FROM_US,
)
ALWAYS = {
    *(CREATED, ROTATED, DELETED, LEAKED, CALL_REFUSED),
    *(STAND_INS, RULES_CHANGED, RULE_ENDED, TRUSTED, TRUST_ENDED, EMAIL_CHANGED, ACCESS_LOST),
}
DAILY = {CALL_REFUSED, JOB_FAILED}
"""Of these one is sent a day, for a key and, of jobs, for what they have in common."""
OF_STATUS = {"failed": JOB_FAILED, "held": JOB_HELD}
"""What is mailed of a job that comes to a status."""
SAME_JOB = ("job", "types", "dry_run")


class Recorded(Protocol):
    """The columns of an activity that decide about its mail."""

    shop_id: int
    kind: str
    at: datetime
    actor_kind: str
    actor: str
    key_id: int | None
    subject: str
    address: str
    detail: dict[str, Any]


def write_notice(activity: Recorded) -> None:
    """Write the mail that this activity calls for, if any, into the same transaction.

    On a day of its shop the first refused call of a key makes one, and the first failure of an
    export or import of the same types by the same key; the others none. A change of the
    notification address goes to the old one. An address that is not confirmed gets nothing.
    """
    kind = _notice_kind(activity)
    if kind is None:
        return
    shop = db.session.get_one(Shop, activity.shop_id)
    recipient = shop.confirmed_email
    if kind == EMAIL_CHANGED:
        recipient = activity.detail.get("old") if activity.detail.get("old_confirmed") else None
    if not recipient:
        return
    once = _once(kind, activity, shop)
    limited = kind != EMAIL_CHANGED
    Notice.add(shop.id, kind, recipient, _payload(activity), once, limited=limited)


def _notice_kind(activity: Recorded) -> str | None:
    if activity.kind in ALWAYS:
        return activity.kind
    more = {name for name, value in activity.detail.items() if value}
    if activity.kind == "key.changed" and more & {"added", "loosened", "sees_more"}:
        return WIDENED
    trusts_more = {"added", "claims", "loosened", "sees_more"}
    if activity.kind == "workload.changed" and more & trusts_more:
        return TRUST_WIDENED
    if activity.kind == "job.finished":
        return OF_STATUS.get(activity.detail.get("status", ""))
    return None


def _once(kind: str, activity: Recorded, shop: Shop) -> str | None:
    """What further mails of that day would have in common with this one; None: each is sent."""
    if kind not in DAILY:
        return None
    what = sha256(repr([activity.detail.get(name) for name in SAME_JOB]).encode()).hexdigest()[:16]
    alike = [kind, activity.key_id] + [what] * (kind == JOB_FAILED)
    return ":".join(map(str, [*alike, activity.at.astimezone(shop.zone).date()]))


def _payload(activity: Recorded) -> dict[str, Any]:
    return {
        "at": activity.at.isoformat(),
        "actor_kind": activity.actor_kind,
        "actor": activity.actor,
        "name": StaffMember.names(activity.shop_id).get(activity.actor, ""),
        "key": activity.subject,
        "address": activity.address,
        "detail": activity.detail,
    }
