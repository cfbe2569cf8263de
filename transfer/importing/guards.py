"""Limits that hold a plan until a person or a program accepts what it does.

A plan is measured against each in one pass over what it changes. What a key's other imports of the
last hour did counts too, unless somebody accepted it: ten small files are no way around.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from heapq import heappush, heappushpop
from typing import Any

from models import db, now
from models.api_key import ApiKey
from models.import_limits import DEFAULTS
from models.import_object import DELETE, UPDATE
from models.import_plan import CLEAR
from models.job import IMPORT, QUEUED, Job
from shops.access import admin_for
from transfer.importing.changes import FieldChange
from transfer.importing.plan_file import PlannedObject, objects
from transfer.reading.queries import counting
from transfer.types import ALL, BY_NAME

MAIL = "mail"
"""The word for a mail to a customer."""
HOUR = timedelta(hours=1)
WORST = 20
"""How many of the worst changes are kept with a limit."""
SMALL = 20
"""A limit that is a share holds from so many on."""
PRICES = re.compile(r"Variant Price|Variant: Price|Price / .+")
STOCK = re.compile(r"Variant Inventory Qty|Inventory (Available|On Hand): .+")
VISIBILITY = re.compile(r"Status|Published|Published: .+")
"""The columns that limits look at, of whatever data type."""
CONSENT = re.compile(r"(Email|SMS) Marketing: Status")
SHOWN = {"active", "true"}

MEASURED = {
    data_type.name: {
        mutation.name: mutation
        for mutation in (data_type.writing.mutations if data_type.writing else ())
        if mutation.notifies or mutation.sends or mutation.pays_back or mutation.final
    }
    for data_type in ALL
}
"""By type and name the mutations by which a plan may reach a customer, or that are final."""

Worst = tuple[float, int, int]
"""How bad it is, the number of the object, and which of its changes."""


@dataclass
class Measured:
    """What a plan does of one kind: ``count`` of it among ``base``, and the worst."""

    count: int = 0
    base: int = 0
    worst: list[Worst] = field(default_factory=list)

    def add(self, number: int, which: int = 0, bad: float = 0) -> None:
        """Count one; of those as bad the first in the file are kept."""
        self.count += 1
        one = (bad, -number, -which)
        if len(self.worst) < WORST:
            heappush(self.worst, one)
        else:
            heappushpop(self.worst, one)

    def as_json(self) -> dict[str, Any]:
        ordered = [[-number, -which] for _, number, which in sorted(self.worst, reverse=True)]
        return {"count": self.count, "base": self.base, "worst": ordered}


LIMITS = ("deletes", "prices", "stock", "unpublished", "blanks", "replaced", "pending", "refunds")
SHARES = ("stock", "unpublished", "blanks")
"""The limits that allow a share of the rows of the file, or of the objects of the plan."""


def allowed(limit: str, base: int, limits: Mapping[str, int] = DEFAULTS) -> int:
    """How many of its kind the limit allows among so many, under the numbers of a key.

    Of deletes the base are the objects that the store has; of few a share is all.
    """
    if limit == "prices":
        return 0
    share = base * limits.get(f"{limit}_percent", 0) // 100
    if limit in SHARES:
        return base if base < SMALL else share
    return max(limits[limit], share)


def limits_of(job: Job) -> dict[str, int]:
    """The numbers under which an import is measured: those of its key."""
    if job.key_id is None:
        return DEFAULTS
    return db.session.get_one(ApiKey, job.key_id, populate_existing=True).import_limits


def measure(job: Job, planned: int) -> tuple[dict[str, dict[str, Any]], dict[str, int]]:
    """Each limit by its name with what the plan of so many objects does of it, not weighed yet,
    without those that do not apply; and by its word how many objects have what no undo takes
    back."""
    numbers = limits_of(job)
    measured = _Measure(clears=job.options.get("blank") == CLEAR, fall=numbers["prices_percent"])
    for each in objects(job, only_changes=True, named=False):
        measured.add_object(each)
    found = measured.found
    found["stock"].base = job.rows or 0
    found["unpublished"].base = found["blanks"].base = planned
    if deletes := found["deletes"].count:
        earlier, _ = of_last_hour(job).get("deletes", (0, 0))
        if deletes + earlier > numbers["deletes"]:
            found["deletes"].base = _in_store(job)
    limits = {name: one.as_json() for name, one in found.items() if one.count or one.base}
    return limits, dict(measured.final)


def weigh(
    limits: dict[str, dict[str, Any]],
    numbers: Mapping[str, int],
    earlier: Mapping[str, tuple[int, int]],
) -> None:
    """Note of each limit how many it allows, what other imports have done of it, and whether the
    plan is over it."""
    for name, one in limits.items():
        before, base = earlier.get(name, (0, 0))
        most = allowed(name, one["base"] + (base if name in SHARES else 0), numbers)
        over = one["count"] > 0 and one["count"] + before > most
        one |= {"allowed": most, "earlier": before, "over": over}


def weigh_again(job: Job) -> None:
    """Weigh a plan that its key is to apply now: what others of the key have done since it was made
    counts too, and its numbers may be others. One at a time sees what the others have done. Does
    not commit."""
    if job.key_id is None or not job.plan:
        return
    numbers = ApiKey.locked(job.key_id).import_limits
    limits = {name: dict(one) for name, one in job.plan["limits"].items()}
    weigh(limits, numbers, of_last_hour(job))
    job.plan = job.plan | {"limits": limits}


class _Measure:
    """Looks at each object of a plan once."""

    def __init__(self, *, clears: bool, fall: int):
        self.found = {name: Measured() for name in LIMITS}
        self._clears, self._fall = clears, Decimal(fall) / 100
        self._blanks: dict[str, Measured] = {}
        self.final: Counter[str] = Counter()

    def add_object(self, each: PlannedObject) -> None:
        planned = each.planned
        if planned.action == DELETE:
            self.found["deletes"].add(planned.number)
            self.final[DELETE] += 1
        elif planned.action == UPDATE:
            self._look_at_update(each)
        if planned.action != DELETE:
            self._look_at_consent(each)
            self._look_at_calls(each)
        if self._blanks:
            self.found["blanks"] = max(self._blanks.values(), key=lambda one: one.count)

    def _look_at_consent(self, each: PlannedObject) -> None:
        for which, change in enumerate(each.changes):
            if CONSENT.fullmatch(change.column) and change.after == "pending":
                self.found["pending"].add(each.planned.number, which)

    def _look_at_calls(self, each: PlannedObject) -> None:
        """Count an object that writes to a customer or gives money back, and what of it is
        final."""
        reaching = MEASURED[each.sheet.type]
        calls = each.planned.input["calls"] if reaching else ()
        sent = [
            (reaching[c["mutation"]], c["variables"]) for c in calls if c["mutation"] in reaching
        ]
        if any(mutation.pays_back and mutation.pays_back(given) for mutation, given in sent):
            self.found["refunds"].add(each.planned.number)
        words = {mutation.final for mutation, _ in sent} - {""}
        if any(mutation.writes_to_customer(given) for mutation, given in sent):
            words.add(MAIL)
        self.final.update(words)

    def _look_at_update(self, each: PlannedObject) -> None:
        number, hidden, taken = each.planned.number, False, False
        replaces = bool(each.planned.notes.get("replaces"))
        for which, change in enumerate(each.changes):
            if (fall := price_fall(change, self._fall)) is not None:
                self.found["prices"].add(number, which, fall)
            if goes_to_zero(change):
                self.found["stock"].add(number, which)
            if hides(change) and not hidden:
                hidden = True
                self.found["unpublished"].add(number, which)
            if change.before and not change.after:
                if replaces and not taken:
                    taken = True
                    self.found["replaced"].add(number, which)
                elif self._clears:
                    column = self._blanks.setdefault(change.column, Measured())
                    column.add(number, which)


def price_fall(change: FieldChange, most: Decimal) -> float | None:
    """By which part a price falls, if by more than ``most`` or to nothing."""
    if not PRICES.fullmatch(change.column):
        return None
    before, after = _number(change.before), _number(change.after)
    if before is None or after is None or before <= 0 or after >= before:
        return None
    fall = (before - after) / before
    return float(fall) if fall > most or after == 0 else None


def goes_to_zero(change: FieldChange) -> bool:
    """Whether stock that there is becomes none."""
    if not STOCK.fullmatch(change.column):
        return False
    before, after = _number(change.before), _number(change.after)
    return before is not None and after is not None and before > 0 >= after


def hides(change: FieldChange) -> bool:
    """Whether something that customers see is unpublished or archived."""
    if not VISIBILITY.fullmatch(change.column):
        return False
    return change.before.lower() in SHOWN and change.after.lower() not in SHOWN


def worst(job: Job) -> dict[str, list[dict[str, Any]]]:
    """By limit that the plan is over the worst of its changes, as the API tells them."""
    over = {name: limit["worst"] for name, limit in job.plan["limits"].items() if limit["over"]}
    numbers = {number for found in over.values() for number, _ in found}
    if not numbers:
        return {}
    by_number = {each.planned.number: each for each in objects(job, numbers=numbers)}
    return {
        name: [_as_json(by_number[number], which) for number, which in found if number in by_number]
        for name, found in over.items()
    }


def _as_json(each: PlannedObject, which: int) -> dict[str, Any]:
    """A change with the object that it is of; of a deleted one there is none to name."""
    change = FieldChange("", "", "", "")
    if each.planned.action != DELETE and which < len(each.changes):
        change = each.changes[which]
    return {
        "type": each.sheet.type,
        "key": each.key,
        "rows": each.lines,
        "column": change.column,
        "member": change.member,
        "before": change.before,
        "after": change.after,
    }


def of_last_hour(job: Job) -> dict[str, tuple[int, int]]:
    """By limit what the key's other imports of the last hour did of it, and among how many, as far
    as nobody accepted that."""
    query = db.select(Job.plan).where(
        Job.key_id == job.key_id,
        Job.shop_id == job.shop_id,
        Job.kind == IMPORT,
        Job.id != job.id,
        (Job.started_at > now() - HOUR) | (Job.status == QUEUED),
        Job.plan["applied"].as_boolean().is_(True),
    )
    sums: dict[str, tuple[int, int]] = {}
    for plan in db.session.scalars(query):
        for name, limit in plan["limits"].items():
            if name not in plan["accepted"]:
                count, base = sums.get(name, (0, 0))
                sums[name] = (count + limit["count"], base + limit["base"])
    return sums


def _in_store(job: Job) -> int:
    """How many objects of the types of this import the store has, as far as Shopify counts them."""
    admin, total = admin_for(job.shop_id), 0
    for name in job.types:
        if question := counting(BY_NAME[name]):
            asked = {"query": ""} if "$query" in question else {}
            total += int(admin.query(question, asked)["count"]["count"])
    return total


def _number(cell: str) -> Decimal | None:
    try:
        number = Decimal(cell)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
