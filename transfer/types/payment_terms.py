"""When a draft order or an order is to be paid: a template of Shopify's and the day from which it
counts.

Shopify keeps an order's terms apart from the order, with mutations of their own; those of a draft
are in its input.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from transfer.types.base import Attach, Block, Column, Connection, Item, Pass
from transfer.types.forms import INTEGER, LOWER, MOMENT, BadCell, form
from transfer.types.writing import WITH_CODE, Input, Json, Members, Mutation, Parts, Reference

NAME = form(
    lambda value: value.name if isinstance(value, Reference) else value,
    parse=lambda cell: Reference("PaymentTermsTemplate", cell.strip()),
    canonical=str.casefold,
)
DAYLESS = ("receipt", "fulfillment")
"""Types of terms that count from no day that is given."""
DATED = {"net": "issuedAt", "fixed": "dueAt"}
"""The day that terms of the other types need, and its column's name in an input."""
DAYS = {"issuedAt": "Payment Terms: Issued At", "dueAt": "Payment Terms: Due At"}
SCHEDULES = Members(
    of="paymentSchedules",
    keys=(),
    paths={"Payment Terms: Issued At": "issuedAt", "Payment Terms: Due At": "dueAt"},
    lasting=True,
)


def references(cells: Mapping[str, str]) -> tuple[Reference, ...]:
    """The template of a type and days, for rows that give no name of one; for those that do, the
    templates that tell which day a name needs."""
    kind, days = (cells.get(f"Payment Terms: {word}", "") for word in ("Type", "Due In Days"))
    found = [_template(kind, days)] if kind.strip() or days.strip() else []
    if cells.get("Payment Terms: Name", "").strip():
        found += [_template(kind, None) for kind in (*DAYLESS, "fixed")]
    return tuple(found)


def _template(kind: Json, days: Json) -> Reference:
    term = str(kind or "").strip().casefold()
    name = f"{term} {str(days or '').strip()}".strip() if term == "net" else term
    return Reference("PaymentTermsTemplate", name, optional=True)


def terms(parts: Parts) -> Input | None:
    """The terms of a draft or an order; None where the rows say nothing of them."""
    given = parts.below("=terms.")
    dates = {name: given.pop(name) for name in DAYS if name in given}
    changed = parts.members.get(SCHEDULES.name, ())
    if not (given or dates or changed):
        return None
    there = parts.item.get("paymentTerms") or {}
    stored = (parts.item.get("paymentSchedules") or [{}])[0]
    dates = changed[0].all if changed else {**stored, **dates}
    made: Input = {}
    if template := given.get("name"):
        made["paymentTermsTemplateId"] = template
        kind = _kind_of(template, parts) or ("net" if dates.get("issuedAt") else "fixed")
    elif given:
        kind = str(given.get("type") or there.get("paymentTermsType") or "").casefold()
        wanted = _template(kind, given.get("days") or there.get("dueInDays"))
        if wanted not in parts.ids:
            raise BadCell(f"Payment Terms: Type: Shopify has none that are “{wanted.name}”.")
        made["paymentTermsTemplateId"] = parts.ids[wanted]
    elif not there:
        raise BadCell("Payment Terms: Name: it is empty, so it is not known which terms are meant.")
    else:
        kind = str(there.get("paymentTermsType")).casefold()
    if name := DATED.get(kind):
        if not dates.get(name):
            raise BadCell(f"{DAYS[name]}: it is empty. These payment terms count from that day.")
        made["paymentSchedules"] = [{name: dates[name]}]
    return made


def _kind_of(template: Json, parts: Parts) -> str:
    """The type of a template by its name, as far as it needs no day or a fixed one; "net" where
    the store has these and it is none of them."""
    known = {parts.ids.get(_template(kind, None)): kind for kind in (*DAYLESS, "fixed")}
    return str(known.get(str(template)) or ("" if None in known else "net"))


# ---------------------------------------------------------------------------- of orders

CREATE, UPDATE, DELETE = (
    Mutation(f"paymentTerms{verb}", arguments, target=target, errors=WITH_CODE)
    for verb, target, arguments in (
        (
            "Create",
            "referenceId",
            ("referenceId: ID!", "paymentTermsAttributes: PaymentTermsCreateInput!"),
        ),
        ("Update", "input.paymentTermsId", ("input: PaymentTermsUpdateInput!",)),
        ("Delete", "input.paymentTermsId", ("input: PaymentTermsDeleteInput!",)),
    )
)
FIELDS = "id paymentTermsName paymentTermsType dueInDays"
OF_ORDERS = Pass(
    "orders",
    fields=f"id paymentTerms {{ {FIELDS} }}",
    connections=(
        Connection("paymentSchedules", "id issuedAt dueAt", within="paymentTerms { %s }"),
    ),
    attach=Attach(shown=False),
    about="payment terms are",
    scopes=("read_payment_terms",),
    writing=True,
    shown_by="Payment Terms: ",
)
COLUMNS = Block(
    tuple(
        Column(f"Payment Terms: {name}", path, form, imports=True, write=write, unless=unless)
        for name, path, form, write, unless in (
            ("Name", "paymentTerms.paymentTermsName", NAME, "=terms.name", ""),
            (
                "Type",
                "paymentTerms.paymentTermsType",
                LOWER,
                "=terms.type",
                "Payment Terms: Name",
            ),
            (
                "Due In Days",
                "paymentTerms.dueInDays",
                INTEGER,
                "=terms.days",
                "Payment Terms: Name",
            ),
            ("Issued At", "paymentSchedules.0.issuedAt", MOMENT, "=terms.issuedAt", ""),
            ("Due At", "paymentSchedules.0.dueAt", MOMENT, "=terms.dueAt", ""),
        )
    )
)
"""The columns of an order's terms. They are for imports: no file of orders has them otherwise."""
HEADERS = tuple(one.header for one in COLUMNS.columns)
TAKEN = {
    header: tuple(one for one in HEADERS if one != header)
    for header in ("Payment Terms: Name", "Payment Terms: Type")
}
"""What goes with terms that are taken off an order."""


def of_order(parts: Parts) -> Iterator[tuple[Mutation, Input]]:
    """Give an order terms, change them, or take them off it where their cells are emptied."""
    values = [value for path, value in parts.values.items() if path.startswith("=terms.")]
    gid = (parts.item.get("paymentTerms") or {}).get("id")
    if values and not any(values):
        if gid:
            yield DELETE, DELETE.variables(gid)
    elif made := terms(parts):
        if gid:
            given: Input = {"input": {"paymentTermsAttributes": made}}
            yield UPDATE, UPDATE.variables(gid, given)
        else:
            yield CREATE, CREATE.variables(parts.target, {"paymentTermsAttributes": made})


def why_none(order: Item) -> str:
    """Why an order that is there takes no terms; empty where it does."""
    due = order.get("totalOutstandingSet")
    if order.get("paymentTerms") or (due and Decimal(due["shopMoney"]["amount"]) > 0):
        return ""
    return "Nothing is due on the order, so Shopify takes no payment terms for it."
