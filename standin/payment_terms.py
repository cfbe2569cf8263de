"""The templates of payment terms, Shopify's own, the same in every shop; and terms made of one."""

from datetime import datetime, timedelta

from standin.context import Context
from standin.mutations.user_errors import user_error

TEMPLATES: list[dict] = [
    {
        "__typename": "PaymentTermsTemplate",
        "id": f"gid://shopify/PaymentTermsTemplate/{number}",
        "name": name,
        "translatedName": name,
        "paymentTermsType": kind,
        "dueInDays": days,
    }
    for number, name, kind, days in (
        (1, "Due on receipt", "RECEIPT", None),
        (2, "Net 7", "NET", 7),
        (3, "Net 15", "NET", 15),
        (4, "Net 30", "NET", 30),
        (5, "Net 45", "NET", 45),
        (6, "Net 60", "NET", 60),
        (7, "Net 90", "NET", 90),
        (8, "Fixed", "FIXED", None),
        (9, "Due on fulfillment", "FULFILLMENT", None),
    )
]


def made(
    context: Context, record: dict, given: dict | None, place: list[str]
) -> tuple[dict | None, list[dict]]:
    """The terms of an order or draft, and userErrors."""
    if given is None:
        return None, []
    there = record.get("paymentTerms") or {}
    wanted = given.get("paymentTermsTemplateId") or there.get("template")
    template = next((one for one in TEMPLATES if one["id"] == wanted), None)
    if not template:
        text = "Could not find payment terms template."
        return None, [user_error([*place, "paymentTermsTemplateId"], text)]
    [dates, *more] = given.get("paymentSchedules") or [{}]
    kind = template["paymentTermsType"]
    needed = {"NET": "issuedAt", "FIXED": "dueAt"}.get(kind)
    field = [*place, "paymentSchedules"]
    if more or (needed and not dates.get(needed)):
        return None, [user_error(field, f"One payment schedule with {needed} is needed.")]
    if not needed and any(dates.values()):
        return None, [user_error(field, "These payment terms take no payment schedule.")]
    due = dates.get("dueAt")
    if kind == "NET":
        issued = datetime.fromisoformat(dates["issuedAt"])
        due = (issued + timedelta(days=template["dueInDays"])).isoformat()
    schedule = {
        "__typename": "PaymentSchedule",
        "id": context.shop.new_id("PaymentSchedule"),
        "issuedAt": dates.get("issuedAt"),
        "dueAt": due,
        "completedAt": None,
        "due": False,
        "balanceDue": {"amount": "0.0", "currencyCode": record["currencyCode"]},
    }
    return {
        "__typename": "PaymentTerms",
        "id": there.get("id") or context.shop.new_id("PaymentTerms"),
        "template": template["id"],
        "paymentTermsName": template["name"],
        "translatedName": template["name"],
        "paymentTermsType": kind,
        "dueInDays": template["dueInDays"],
        "due": False,
        "overdue": False,
        "paymentSchedules": [schedule] if needed else [],
    }, []
