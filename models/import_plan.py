"""What a plan comes to, as it is kept with its job and as the API answers it."""

from typing import Any

KEEP, CLEAR = BLANK = ("keep", "clear")
"""What a blank cell means for a value of the store."""
PLAN_COUNTS = ("created", "updated", "deleted", "unchanged", "skipped", "failed")


def plan_as_json(plan: dict[str, Any]) -> dict[str, Any]:
    """A job's ``plan`` as the API answers it: how many objects are to be what, the limits that it
    is over, and what an undo cannot bring back."""
    counts = plan["counts"]
    return {
        **{name: counts.get(name, 0) for name in PLAN_COUNTS},
        "limits": [],
        "not_undoable": plan["not_undoable"],
        "planned_at": plan["at"],
    }
