"""What an activity says to a merchant: one sentence, and the lines of what changed."""

from collections.abc import Callable
from datetime import datetime
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
    "job.started": "started {job} of {types}",
    "job.finished": "ended {job} of {types}",
    "plan.changed": "noticed that the plan is now {new}",
}
ENDS = {
    "export completed": "exported {types}{size}",
    "import completed": "imported {types}{size}",
    "dry run completed": "finished a dry run of {types}{size}",
    "export failed": "could not export {types}",
    "import failed": "could not import {types}",
    "dry run failed": "could not finish a dry run of {types}",
    "export canceled": "canceled an export of {types}",
    "import canceled": "canceled an import of {types}",
    "dry run canceled": "canceled a dry run of {types}",
}
"""How a job ended, in place of the sentence of ``job.finished``."""
KINDS = {
    "": "Everything",
    "key": "Keys",
    "job": "Exports and imports",
    "email": "Notification email",
    "plan": "Plan",
}
"""The filter's choices: the part of a kind before its dot."""
REASONS = {
    "permission": "needs {needs}",
    "address": "its address is not allowed",
    "deleted": "it was deleted",
    "disabled": "it is disabled",
    "retired": "it was rotated away",
    "expired": "it has expired",
    "plan": "the plan has no API access",
}


def who(activity: Activity) -> str:
    """``Staff 8812``, ``Key “Nightly”`` or ``Altera``."""
    if activity.actor_kind == STAFF:
        return f"Staff {activity.actor}"
    return f"Key “{activity.actor}”" if activity.actor_kind == KEY else "Altera"


def sentence(activity: Activity, permission: Callable[[str], str]) -> str:
    """What was done, to be read after who did it; ``permission`` puts a permission into words."""
    detail = activity.detail
    rows, needs = detail.get("rows"), detail.get("needs")
    job = "dry run" if detail.get("dry_run") else detail.get("job", "")
    text = SENTENCES.get(activity.kind, activity.kind)
    text = ENDS.get(f"{job} {detail.get('status')}", text)
    words = {
        "subject": activity.subject,
        "new": detail.get("new", ""),
        "job": f"{'a' if detail.get('dry_run') else 'an'} {job}",
        "types": ", ".join(name.replace("_", " ") for name in detail.get("types", [])),
        "size": f", {rows:,} row{'' if rows == 1 else 's'}" if rows is not None else "",
    }
    reason = REASONS.get(detail.get("reason", ""), "")
    words["reason"] = reason.format(needs=permission(needs) if needs else "another permission")
    return text.format(**words)


def changes(
    activity: Activity, permission: Callable[[str], str], day: Callable[[datetime], str]
) -> list[str]:
    """The difference, part by part; ``day`` puts the moment when a key ends into words."""
    detail: dict[str, Any] = activity.detail
    parts = [f"+ {permission(name)}" for name in detail.get("added", detail.get("permissions", []))]
    parts += [f"− {permission(name)}" for name in detail.get("removed", [])]
    old = detail.get("old")
    if activity.kind == "email.changed":
        parts.append(", was ".join(filter(None, [detail.get("new"), old])))
    elif old:
        parts.append(f"was {old}")
    if name := detail.get("was_named"):
        parts.append(f"was named “{name}”")
    if ends := detail.get("expires_at"):
        never = ends == "never"
        parts.append("never expires" if never else f"expires {day(datetime.fromisoformat(ends))}")
    if where := detail.get("addresses"):
        parts.append("from any address" if where == ["any"] else f"only from {', '.join(where)}")
    if calls := detail.get("calls_per_minute"):
        parts.append(f"{calls:,} calls a minute")
    if overlap := detail.get("overlap"):
        parts.append(f"the old key works on for: {overlap.lower()}")
    parts += [f"{count:,} {result}" for result, count in detail.get("counts", {}).items()]
    if error := detail.get("error"):
        parts.append(error)
    return parts
