"""When a draft order is to be paid: a template of Shopify's and the day from which it counts."""

from collections.abc import Mapping

from transfer.types.forms import BadCell, form
from transfer.types.writing import Input, Json, Members, Parts, Reference

NAME = form(
    lambda value: value.name if isinstance(value, Reference) else value,
    parse=lambda cell: Reference("PaymentTermsTemplate", cell.strip()),
    canonical=str.casefold,
)
DAYLESS = ("receipt", "fulfillment")
"""Types of terms that count from no day that is given."""
SCHEDULES = Members(
    of="paymentSchedules",
    keys=(),
    paths={"Payment Terms: Issued At": "issuedAt", "Payment Terms: Due At": "dueAt"},
    lasting=True,
)


def references(cells: Mapping[str, str]) -> tuple[Reference, ...]:
    """The template of a type and days, for rows that give no name of one; for those that do, the
    templates that take no day."""
    kind, days = (cells.get(f"Payment Terms: {word}", "") for word in ("Type", "Due In Days"))
    found = [_template(kind, days)] if kind.strip() or days.strip() else []
    if cells.get("Payment Terms: Name", "").strip():
        found += [_template(kind, None) for kind in DAYLESS]
    return tuple(found)


def _template(kind: Json, days: Json) -> Reference:
    said = str(kind or "").strip().casefold()
    name = f"{said} {str(days or '').strip()}".strip() if said == "net" else said
    return Reference("PaymentTermsTemplate", name, optional=True)


WITHOUT_DAY = tuple(_template(kind, None) for kind in DAYLESS)


def terms(parts: Parts) -> Input | None:
    """The terms of a draft; None where the rows say nothing of them."""
    said = parts.below("=terms.")
    changed = parts.members.get(SCHEDULES.name, ())
    if not said and not changed:
        return None
    there = parts.item.get("paymentTerms") or {}
    made: Input = {}
    if template := said.get("name"):
        made["paymentTermsTemplateId"] = template
    elif said:
        kind = said.get("type") or there.get("paymentTermsType")
        wanted = _template(kind, said.get("days") or there.get("dueInDays"))
        if wanted not in parts.ids:
            raise BadCell(f"Payment Terms: Type: Shopify has none that are “{wanted.name}”.")
        made["paymentTermsTemplateId"] = parts.ids[wanted]
    elif not there:
        raise BadCell("Payment Terms: Name: it is empty, so it is not known which terms are meant.")
    stored = (parts.item.get("paymentSchedules") or [{}])[0]
    dates = changed[0].all if changed else stored
    kind = said.get("type") or ("" if template else there.get("paymentTermsType"))
    if str(kind).casefold() in DAYLESS or template in [parts.ids.get(t) for t in WITHOUT_DAY]:
        return made
    name = "dueAt" if kind == "FIXED" or not (kind or dates.get("issuedAt")) else "issuedAt"
    if value := dates.get(name):
        made["paymentSchedules"] = [{name: value}]
    return made
