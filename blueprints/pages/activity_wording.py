"""An activity in words: one sentence, and the parts of what changed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from blueprints.staff import staff_words
from models.activity import KEY, STAFF, WORKLOAD, Activity
from models.api_key import ENVIRONMENTS, MOST_CALLS_PER_MINUTE
from models.import_limits import LABELS, MODE_LABELS
from models.key_rules import RULES
from models.key_rules import sentence as rule
from models.personal_data import LABELS as PERSONAL_LABELS
from translations import N_, _, ngettext, number

SENTENCES = {
    "email.changed": N_("changed the notification email"),
    "job.page_imports_off": N_("turned off imports from the page"),
    "job.page_imports_on": N_("turned on imports from the page"),
    "job.saved_export_deleted": N_("deleted the saved export “%(new)s”"),
    "email.confirmed": N_("recorded that the notification email was confirmed"),
    "key.created": N_("created key “%(subject)s”"),
    "key.revealed": N_("revealed key “%(subject)s”"),
    "key.changed": N_("changed key “%(subject)s”"),
    "key.rotated": N_("rotated key “%(subject)s”"),
    "key.retired": N_("ended the old key of “%(subject)s”"),
    "key.disabled": N_("disabled key “%(subject)s”"),
    "key.enabled": N_("enabled key “%(subject)s”"),
    "key.deleted": N_("deleted key “%(subject)s”"),
    "key.leaked": N_("deleted key “%(subject)s”: it was reported as leaked"),
    "key.refused": N_("was refused: %(reason)s"),
    "key.rules_changed": N_("changed the rules for keys"),
    "key.rule_ended": N_("refuses key “%(subject)s” from now on: it breaks a rule"),
    "key.stand_ins_renewed": N_("renewed the stand-in values of the store"),
    "key.uninstalled": N_("ended key “%(subject)s”: the app was uninstalled"),
    "workload.created": N_("trusted a workload as “%(subject)s”"),
    "workload.changed": N_("changed trusted workload “%(subject)s”"),
    "workload.disabled": N_("disabled trusted workload “%(subject)s”"),
    "workload.enabled": N_("enabled trusted workload “%(subject)s”"),
    "workload.deleted": N_("deleted trusted workload “%(subject)s”"),
    "workload.exchanged": N_("got a short-lived key"),
    "workload.leaked": N_("ended a short-lived key of “%(subject)s”: it was reported as leaked"),
    "files.uploaded": N_("uploaded files to the store: %(count)s"),
    "access.lost": N_("lost access to the store until someone opens Altera here"),
    "plan.changed": N_("noticed the change to the %(new)s plan"),
}
JOBS = {
    "export started": N_("started an export of %(types)s"),
    "import started": N_("started an import of %(types)s"),
    "dry run started": N_("started a dry run of %(types)s"),
    "export completed": N_("exported %(types)s"),
    "import completed": N_("imported %(types)s"),
    "dry run completed": N_("finished a dry run of %(types)s"),
    "import applied": N_("applied an import of %(types)s"),
    "import planned": N_("planned an import of %(types)s"),
    "dry run planned": N_("finished a dry run of %(types)s"),
    "import held": N_("stopped an import of %(types)s at a limit"),
    "import waits": N_("asked for approval of an import of %(types)s"),
    "export failed": N_("could not export %(types)s"),
    "import failed": N_("could not import %(types)s"),
    "dry run failed": N_("could not finish a dry run of %(types)s"),
    "export canceled": N_("canceled an export of %(types)s"),
    "import canceled": N_("canceled an import of %(types)s"),
    "dry run canceled": N_("canceled a dry run of %(types)s"),
    "export ended": N_("ended an export of %(types)s"),
    "import ended": N_("ended an import of %(types)s"),
    "dry run ended": N_("ended a dry run of %(types)s"),
}
"""What happened to an export, import or dry run; ``ended`` for a status unknown here."""
TYPES = (
    N_("products"),
    N_("collections"),
    N_("customers"),
    N_("orders"),
    N_("discounts"),
    N_("articles"),
    N_("catalogs"),
    N_("companies"),
    N_("draft orders"),
    N_("files"),
    N_("menus"),
    N_("metaobjects"),
    N_("pages"),
    N_("redirects"),
    N_("shop"),
    N_("metafield definitions"),
    N_("metaobject definitions"),
    N_("events"),
    N_("payouts"),
)
"""The data types within a sentence."""
KINDS = {
    "": N_("Everything"),
    "key": N_("Keys"),
    "workload": N_("Trusted workloads"),
    "job": N_("Exports and imports"),
    "email": N_("Notification email"),
    "plan": N_("Plan"),
}
"""The choices of the filter: the part of an activity's kind before the dot."""
REASONS = {
    "permission": N_("needs %(needs)s"),
    "address": N_("its IP address is not allowed"),
    "deleted": N_("it was deleted"),
    "disabled": N_("it is disabled"),
    "retired": N_("it was replaced by rotation"),
    "expired": N_("it has expired"),
    "plan": N_("the plan has no API access"),
    "personal_data": N_("it does not see all personal data"),
    "id_token": N_("its ID token does not fit the trusted workload (%(claim)s)"),
    "rule": N_("it breaks a rule of the store"),
}
RESULTS = {
    "created": N_("%(count)s created"),
    "updated": N_("%(count)s updated"),
    "unchanged": N_("%(count)s unchanged"),
    "deleted": N_("%(count)s deleted"),
    "skipped": N_("%(count)s skipped"),
    "conflict": N_("%(count)s conflict"),
    "failed": N_("%(count)s failed"),
}
OVERLAPS = {
    "none": N_("the old key ended immediately"),
    "hour": N_("the old key keeps working for 1 hour"),
    "day": N_("the old key keeps working for 1 day"),
    "week": N_("the old key keeps working for 7 days"),
}


def who(activity: Activity) -> str:
    """``Staff 8812``, ``Key “Nightly”`` or ``Altera``."""
    if activity.actor_kind == STAFF:
        return staff_words(activity.actor)
    if activity.actor_kind == WORKLOAD:
        return _("Trusted workload “%(name)s”", name=activity.actor)
    return _("Key “%(name)s”", name=activity.actor) if activity.actor_kind == KEY else "Altera"


def sentence(activity: Activity, permission: Callable[[str], str]) -> str:
    """What was done, read after who did it; ``permission`` puts a permission into words."""
    if activity.kind in ("job.started", "job.applied", "job.finished"):
        return _job(activity)
    text, detail = SENTENCES.get(activity.kind, activity.kind), activity.detail
    return _(
        text,
        subject=activity.subject,
        new=detail.get("new", ""),
        count=number(detail.get("count", 0)),
        reason=_reason(activity, permission),
    )


def _reason(activity: Activity, permission: Callable[[str], str]) -> str:
    reason, needs = activity.detail.get("reason"), activity.detail.get("needs")
    if reason not in REASONS:
        return ""
    if reason == "id_token":
        return _(REASONS[reason], claim=needs)
    return _(REASONS[reason], needs=permission(needs) if needs else _("another permission"))


def _job(activity: Activity) -> str:
    detail = activity.detail
    sort = "dry run" if detail.get("dry_run") else detail.get("job", "")
    steps = {"job.started": "started", "job.applied": "applied"}
    step = steps.get(activity.kind) or detail.get("status")
    if step == "held" and detail.get("approval"):
        step = "waits"
    text = JOBS.get(f"{sort} {step}") or JOBS.get(f"{sort} ended") or activity.kind
    types = ", ".join(_(name.replace("_", " ")) for name in detail.get("types", []))
    sentence, rows = _(text, types=types), detail.get("rows")
    if step != "completed" or rows is None:
        return sentence
    return ngettext("%(done)s, %(num)s row", "%(done)s, %(num)s rows", rows, done=sentence)


def changes(
    activity: Activity, permission: Callable[[str], str], day: Callable[[datetime], str]
) -> list[str]:
    """What changed, part by part; ``day`` puts the expiry of a key into words."""
    detail: dict[str, Any] = activity.detail
    parts, old = [], detail.get("old")
    if activity.kind == "email.changed":
        address = detail.get("new", "")
        parts.append(_("%(new)s, was %(old)s", new=address, old=old) if old else address)
    elif old:
        parts.append(_("was %(old)s", old=old))
    if name := detail.get("was_named"):
        parts.append(_("was named “%(name)s”", name=name))
    if ends := detail.get("expires_at"):
        never = ends == "never"
        ends = never or day(datetime.fromisoformat(ends))
        parts.append(_("never expires") if never else _("expires %(day)s", day=ends))
    if where := detail.get("addresses"):
        listed = ", ".join(where)
        anywhere = where == ["any"]
        parts.append(_("from any address") if anywhere else _("from %(where)s only", where=listed))
    if calls := detail.get("calls_per_minute"):
        unlimited = calls >= MOST_CALLS_PER_MINUTE
        rate = _("%(calls)s calls per minute", calls=number(calls))
        parts.append(_("no rate limit") if unlimited else rate)
    if label := detail.get("environment"):
        named = ENVIRONMENTS.get(label, N_("no label"))
        parts.append(_("label: %(label)s", label=_(named)))
    if (seen := detail.get("personal_data")) in PERSONAL_LABELS:
        parts.append(_("personal data: %(mode)s", mode=_(PERSONAL_LABELS[seen])))
    if (mode := detail.get("imports")) in MODE_LABELS:
        parts.append(_("imports: %(mode)s", mode=_(MODE_LABELS[mode])))
    for name, value in detail.get("import_limits", {}).items():
        what = _(LABELS.get(name, name))
        parts.append(f"{what}: {number(value)}")
    if "rules" in detail:
        rules = detail["rules"]
        parts += [rule(name, rules) for name in RULES if name in rules] or [_("no rules")]
    if names := detail.get("keys"):
        parts.append(_("broken by: %(names)s", names=", ".join(names)))
    if overlap := detail.get("overlap"):
        parts.append(_(OVERLAPS.get(overlap, overlap)))
    counts = detail.get("counts", {})
    parts += [_(RESULTS[result], count=number(count)) for result, count in counts.items()]
    if error := detail.get("error"):
        parts.append(_(error))
    if activity.kind == "job.finished" and (reason := detail.get("reason")):
        parts.append(_("reason: %(reason)s", reason=reason))
    parts += [f"{claim}: {value}" for claim, value in detail.get("claims", {}).items()]
    added = detail.get("added", detail.get("permissions", []))
    parts += [f"+ {permission(name)}" for name in added]
    parts += [f"− {permission(name)}" for name in detail.get("removed", [])]
    return parts
