"""What an activity says to a merchant: one sentence, and the lines of what changed."""

from collections.abc import Callable
from typing import Any

from models.activity import KEY, STAFF, Activity

SENTENCES = {
    "email.changed": "changed the notification email",
    "key.created": "created key “{subject}”",
    "key.changed": "changed key “{subject}”",
    "key.rotated": "rotated key “{subject}”",
    "key.retired": "ended the old key of “{subject}”",
    "key.disabled": "disabled key “{subject}”",
    "key.enabled": "enabled key “{subject}”",
    "key.deleted": "deleted key “{subject}”",
    "key.leaked": "deleted key “{subject}”: it was reported as leaked",
    "key.refused": "was refused: {reason}",
    "job.started": "started an {job} of {types}",
    "job.finished": "{ended} an {job} of {types}{size}",
    "plan.changed": "noticed that the plan is now {new}",
}
KINDS = {
    "": "Everything",
    "key": "Keys",
    "job": "Exports and imports",
    "email": "Notification email",
    "plan": "Plan",
}
"""The filter's choices: the part of a kind before its dot."""
REASONS = {
    "permission": "it lacks the permission",
    "address": "its address is not allowed",
    "deleted": "it was deleted",
    "disabled": "it is disabled",
    "retired": "it was rotated away",
    "expired": "it has expired",
    "plan": "the plan has no API access",
}
ENDS = {"completed": "completed", "failed": "could not complete", "canceled": "canceled"}


def who(activity: Activity) -> str:
    """``Staff 8812``, ``Key “Nightly”`` or ``Altera``."""
    if activity.actor_kind == STAFF:
        return f"Staff {activity.actor}"
    return f"Key “{activity.actor}”" if activity.actor_kind == KEY else "Altera"


def sentence(activity: Activity) -> str:
    """What was done, to be read after who did it."""
    detail = activity.detail
    rows = detail.get("rows")
    words = {
        "subject": activity.subject,
        "reason": REASONS.get(detail.get("reason", ""), ""),
        "new": detail.get("new", ""),
        "job": detail.get("job", "export"),
        "types": ", ".join(detail.get("types", [])),
        "ended": ENDS.get(detail.get("status", ""), "ended"),
        "size": f", {rows:,} rows" if rows is not None else "",
    }
    return SENTENCES.get(activity.kind, activity.kind).format(**words)


def changes(activity: Activity, permission: Callable[[str], str]) -> list[str]:
    """The difference, a line each; ``permission`` puts a permission into words."""
    detail: dict[str, Any] = activity.detail
    lines = [f"+ {permission(name)}" for name in detail.get("added", detail.get("permissions", []))]
    lines += [f"− {permission(name)}" for name in detail.get("removed", [])]
    if needs := detail.get("needs"):
        lines.append(f"needs {permission(needs)}")
    if activity.kind == "email.changed":
        old = detail.get("old")
        lines.append(f"{detail.get('new')}, was {old}" if old else str(detail.get("new")))
    if name := detail.get("was_named"):
        lines.append(f"was named “{name}”")
    if ends := detail.get("expires_at"):
        lines.append("never expires" if ends == "never" else f"expires {ends[:10]}")
    if where := detail.get("addresses"):
        lines.append("from any address" if where == ["any"] else f"only from {', '.join(where)}")
    if calls := detail.get("calls_per_minute"):
        lines.append(f"{calls:,} calls a minute")
    if overlap := detail.get("overlap"):
        lines.append(f"the old key works on for: {overlap.lower()}")
    if error := detail.get("error"):
        lines.append(str(error))
    return lines
