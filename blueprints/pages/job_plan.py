"""A plan on Settings > Jobs: its counts, the limits that it is over, and its first changes."""

from itertools import islice
from typing import Any

from blueprints.pages.activity_wording import RESULTS
from models.import_object import DELETE
from models.import_plan import PLAN_COUNTS
from models.job import Job
from transfer.importing.guards import worst
from transfer.importing.plan_file import objects
from transfer.types import BY_NAME
from translations import N_, _, ngettext, number

SHOWN, CELLS = 20, 6
"""How many objects are shown, and how many cells of each."""
NAMED = 3
ACTIONS = {
    "create": N_("is created"),
    "update": N_("is changed"),
    "delete": N_("is deleted"),
    "failed": N_("fails"),
}
LIMITS = {
    "deletes": N_("Objects that are deleted"),
    "prices": N_("Prices that fall by more than half, or to 0"),
    "stock": N_("Stock levels that are set to 0"),
    "unpublished": N_("Objects that are unpublished or archived"),
    "blanks": N_("Cells of one column that are emptied"),
    "replaced": N_("Objects that lose values or members by REPLACE"),
    "pending": N_("Customers whom Shopify may ask by mail to confirm marketing"),
    "refunds": N_("Orders of which money goes back to the customer"),
}
FINAL = {
    "cancel": N_("Canceled orders stay canceled after an undo."),
    "complete": N_("Orders made of draft orders stay after an undo."),
    "fulfill": N_("Fulfilled items stay fulfilled after an undo."),
    "pay": N_("Payments of orders stay after an undo."),
    "refund": N_("Refunds stay after an undo."),
}
"""By its word what no undo takes back."""


def plan_context(job: Job) -> dict[str, Any]:
    """What jobs/_plan.html needs."""
    counts, bad = job.plan["counts"], worst(job)
    over = {name: limit for name, limit in job.plan["limits"].items() if limit["over"]}
    changing = sum(counts.get(name, 0) for name in ("created", "updated", "deleted", "failed"))
    return {
        "job": job,
        "counts": [(name, counts[name]) for name in PLAN_COUNTS if counts.get(name)],
        "limits": [
            (LIMITS[name], limit | {"worst": bad.get(name, [])}) for name, limit in over.items()
        ],
        "shown": list(islice(objects(job, only_changes=True), SHOWN)),
        "more": max(changing - SHOWN, 0),
        "command": f"altera import show {job.id} --output plan.xlsx",
        "remarks": _remarks(job),
        "data_types": BY_NAME,
        "NAMED": NAMED,
        "CELLS": CELLS,
        "RESULTS": RESULTS,
        "ACTIONS": ACTIONS,
    }


def _remarks(job: Job) -> list[str]:
    """What the plan leaves, and what an undo cannot bring back."""
    found = []
    if blanks := job.plan["blanks"]:
        found.append(
            ngettext(
                "%(count)s blank cell is left as it is.",
                "%(count)s blank cells are left as they are.",
                blanks,
                count=number(blanks),
            )
        )
    if mails := job.plan.get("mails"):
        found.append(
            ngettext(
                "%(count)s customer will get an email.",
                "%(count)s customers will get an email.",
                mails,
                count=number(mails),
            )
        )
    for lost in job.plan["not_undoable"]:
        if lost["action"] == DELETE:
            found.append(
                ngettext(
                    "An undo would bring %(count)s deleted object back under a new ID.",
                    "An undo would bring %(count)s deleted objects back under new IDs.",
                    lost["count"],
                    count=number(lost["count"]),
                )
            )
        elif lost["action"] in FINAL:
            found.append(_(FINAL[lost["action"]]))
    return found
