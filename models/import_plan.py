"""What a plan comes to, as it is kept with its job and as the API answers it."""

from collections.abc import Mapping
from typing import Any

KEEP, CLEAR = BLANK = ("keep", "clear")
"""What a blank cell means for a value of the store."""
PLAN_COUNTS = ("created", "updated", "deleted", "unchanged", "skipped", "failed")
CHANGES, DELETES = "changes", "deletes"


def plan_as_json(
    plan: dict[str, Any], worst: Mapping[str, list[dict[str, Any]]] | None = None
) -> dict[str, Any]:
    """A job's ``plan`` as the API answers it: how many objects are to be what, the limits that it
    is over with the ``worst`` changes of each, why a person has to apply it, how many objects mail
    a customer, and what an undo cannot bring back."""
    counts = plan["counts"]
    return {
        **{name: counts.get(name, 0) for name in PLAN_COUNTS},
        "limits": [
            {
                "limit": name,
                "count": limit["count"],
                "allowed": limit["allowed"],
                "earlier": limit["earlier"],
                "worst": (worst or {}).get(name, []),
            }
            for name, limit in plan["limits"].items()
            if limit["over"]
        ],
        "approval": plan.get("approval") or None,
        "mails": plan.get("mails", 0),
        "not_undoable": plan["not_undoable"],
        "blanks_kept": plan["blanks"],
        "planned_at": plan["at"],
        "sha256": plan["sha256"],
    }


def not_accepted(plan: dict[str, Any], accepted: Mapping[str, int]) -> dict[str, int]:
    """What keeps the plan from being applied, by limit its count: limits that it is over and that
    are not accepted, and what was accepted with another count than the plan has."""
    counts = {name: limit["count"] for name, limit in plan["limits"].items()}
    return {
        name: counts.get(name, 0)
        for name in dict.fromkeys((*over(plan), *accepted))
        if accepted.get(name) != counts.get(name, 0)
    }


def over(plan: dict[str, Any]) -> dict[str, int]:
    """The limits that the plan is over, each with its count."""
    return {name: limit["count"] for name, limit in plan["limits"].items() if limit["over"]}


def accepted_in_advance(plan: dict[str, Any], confirm: Mapping[str, Any]) -> dict[str, int]:
    """What was confirmed before the plan was made, by limit its count: with ``changes`` all that
    it is over but deletes, and deletes as many as were named."""
    accepted = {name: count for name, count in over(plan).items() if name != DELETES}
    if not confirm.get(CHANGES):
        accepted = {}
    if (deletes := confirm.get(DELETES)) is not None:
        accepted[DELETES] = deletes
    return accepted
