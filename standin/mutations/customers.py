"""Customers: the mutations that create, change and delete them, and say what they agreed to.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/customerCreate
"""

import re
from datetime import UTC, datetime

from standin import customer_mail
from standin.context import Context, now
from standin.mutations import metafields, tags
from standin.mutations.user_errors import refused, user_error
from standin.seeds.base import money

EMAIL = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s,;<>().]{2,}")
PHONE = re.compile(r"\+[1-9]\d{6,14}")
LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
MAX_TAGS, MAX_TAG, MAX_NAME, MAX_NOTE = 250, 255, 255, 5000
ACCEPTED = ("SUBSCRIBED", "UNSUBSCRIBED", "PENDING")
CONSENTS = {
    "email": ("emailMarketingConsent", "An email address"),
    "phone": ("smsMarketingConsent", "A phone number"),
}
PLAIN = ("firstName", "lastName", "note", "locale", "multipassIdentifier", "taxExempt")


def create(context: Context, args: dict) -> dict:
    given = args["input"]
    record: dict = {
        "__typename": "Customer",
        "firstName": None,
        "lastName": None,
        "email": None,
        "phone": None,
        "state": "DISABLED",
        "verifiedEmail": True,
        "locale": "en",
        "note": None,
        "multipassIdentifier": None,
        "storeCreditAccounts": [],
        "tags": [],
        "taxExempt": False,
        "taxExemptions": [],
        "addresses": [],
        "addressesV2": [],
        "defaultAddress": None,
        "numberOfOrders": "0",
        "amountSpent": money(0),
        "orders": [],
        "metafields": [],
        "emailMarketingConsent": None,
        "smsMarketingConsent": None,
        "createdAt": now(),
    }
    if given.get("id"):
        return refused([user_error(["id"], "Cannot specify a customer's id")], "customer")
    errors = _write(context, record, given)
    for name, (field, _) in CONSENTS.items():
        if given.get(field):
            errors += _consent(record, name, given[field], [field])
    if errors:
        return refused(errors, "customer")
    record["id"] = context.shop.new_id("Customer")
    _tell_pending(context, record, given)
    return {"customer": context.shop.put(record), "userErrors": []}


def update(context: Context, args: dict) -> dict:
    given = args["input"]
    record = find_customer(context, given.get("id"))
    if not record:
        return refused([user_error(["id"], "Customer does not exist")], "customer")
    errors = [
        user_error(
            [field],
            f"To update {field}, please use the "
            f"customer{field[0].upper()}{field[1:]}Update Mutation instead",
        )
        for field, _ in CONSENTS.values()
        if field in given
    ]
    errors += _write(context, record, given)
    if errors:
        return refused(errors, "customer")
    return {"customer": context.shop.put(record), "userErrors": []}


def delete(context: Context, args: dict) -> dict:
    record = find_customer(context, args["input"]["id"])
    if not record:
        return refused([user_error(["id"], "Customer can't be found")], "deletedCustomerId")
    if record.get("orders") or int(record.get("numberOfOrders") or 0):
        text = "Customer can’t be deleted because they have associated orders"
        return refused([user_error(["id"], text)], "deletedCustomerId")
    for gid in (*record["addressesV2"], *record.get("storeCreditAccounts", ())):
        context.shop.delete(gid)
    context.shop.delete(record["id"])
    return {"deletedCustomerId": record["id"], "userErrors": []}


def find_customer(context: Context, gid: str | None) -> dict | None:
    """The customer that a gid names, to be changed."""
    record = context.record(gid) if gid else None
    return dict(record) if record and record["__typename"] == "Customer" else None


def _write(context: Context, record: dict, given: dict) -> list[dict]:
    """The customer's own fields and metafields."""
    errors = []
    record.update({name: given[name] for name in PLAIN if name in given})
    for name in ("firstName", "lastName"):
        if len(record[name] or "") > MAX_NAME:
            text = f"is too long (maximum is {MAX_NAME} characters)"
            errors.append(user_error([name], f"{name} {text}"))
    if len(record["note"] or "") > MAX_NOTE:
        text = f"Note is too long (maximum is {MAX_NOTE} characters)"
        errors.append(user_error(["note"], text))
    if record["locale"] is None or not LOCALE.fullmatch(record["locale"]):
        errors.append(user_error(["locale"], "Locale is invalid"))
    record["taxExempt"] = bool(record["taxExempt"])
    if "taxExemptions" in given:
        record["taxExemptions"] = list(dict.fromkeys(given["taxExemptions"] or ()))
    errors += _addressed(context, record, given)
    if "tags" in given:
        wanted = [tag for text in given["tags"] or () for tag in text.split(",")]
        record["tags"] = tags.normal(wanted)
        if len(record["tags"]) > MAX_TAGS:
            errors.append(user_error(["tags"], f"Tags cannot be more than {MAX_TAGS}"))
        if any(len(tag) > MAX_TAG for tag in record["tags"]):
            text = f"Tags is too long (maximum is {MAX_TAG} characters)"
            errors.append(user_error(["tags"], text))
    if given.get("metafields"):
        errors += metafields.write_into(context, record, given["metafields"], [])
    names = filter(None, (record["firstName"], record["lastName"]))
    record["displayName"] = " ".join(names) or record["email"] or record["phone"] or ""
    if not record["displayName"]:
        text = "A name, phone number, or email address must be present"
        errors.append(user_error(None, text))
    record["updatedAt"] = now()
    return errors


def _addressed(context: Context, record: dict, given: dict) -> list[dict]:
    """Email address and phone number: each belongs to one customer."""
    errors = []
    for name, form, word in (("email", EMAIL, "Email"), ("phone", PHONE, "Phone")):
        if name not in given:
            continue
        value = (given[name] or "").strip() or None
        if value and name == "phone":
            value = re.sub(r"[\s().-]", "", value)
        value = value.lower() if value else None
        if value and not form.fullmatch(value):
            errors.append(user_error([name], f"{word} is invalid"))
        elif value and any(
            other.get(name) == value and other["id"] != record.get("id")
            for other in context.shop.iterate("Customer")
        ):
            errors.append(user_error([name], f"{word} has already been taken"))
        record[name] = value
        field, _ = CONSENTS[name]
        state = {"marketingState": "NOT_SUBSCRIBED", "marketingOptInLevel": None}
        if value and not record.get(field):
            record[field] = {**state, "consentUpdatedAt": None}
            if name == "phone":
                record[field]["consentCollectedFrom"] = "OTHER"
        elif not value:
            record[field] = None
    _show_consent(record)
    return errors


def _show_consent(record: dict) -> None:
    """What the newer fields say of the same."""
    consent = record.get("emailMarketingConsent") or {}
    record["defaultEmailAddress"] = record["email"] and {
        "emailAddress": record["email"],
        "marketingState": consent.get("marketingState"),
        "marketingOptInLevel": consent.get("marketingOptInLevel"),
        "marketingUpdatedAt": consent.get("consentUpdatedAt"),
        "openTrackingLevel": "UNKNOWN",
        "validFormat": True,
    }
    by_text = record.get("smsMarketingConsent") or {}
    state = by_text.get("marketingState")
    record["defaultPhoneNumber"] = record["phone"] and {
        "phoneNumber": record["phone"],
        "marketingState": state,
        "marketingOptInLevel": by_text.get("marketingOptInLevel"),
        "marketingUpdatedAt": by_text.get("consentUpdatedAt"),
    }


def _consent(record: dict, name: str, given: dict, place: list[str]) -> list[dict]:
    """Write what a customer agreed to; of two records the one with the later date counts."""
    field, word = CONSENTS[name]
    state = given["marketingState"]
    if state not in ACCEPTED:
        text = f"Cannot specify {state} as a marketing state input"
        return [user_error([*place, "marketingState"], text, "INVALID")]
    if not record.get(name):
        text = f"{word} is required to set the consent state"
        return [user_error([*place], text, "INVALID")]
    at = _parse_time(given.get("consentUpdatedAt") or now())
    if at > datetime.now(UTC):
        text = "Consent date must not be in the future"
        return [user_error([*place, "consentUpdatedAt"], text, "INVALID")]
    old = record.get(field) or {}
    before = old.get("consentUpdatedAt")
    if before and _parse_time(before) > at:
        return []
    level = given.get("marketingOptInLevel") or "SINGLE_OPT_IN"
    record[field] = {
        "marketingState": state,
        "marketingOptInLevel": level,
        "consentUpdatedAt": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if name == "phone":
        record[field]["consentCollectedFrom"] = "OTHER"
    _show_consent(record)
    return []


def _parse_time(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _tell_pending(context: Context, record: dict, given: dict) -> None:
    """A shop that asks twice has its customers confirm."""
    for name, (field, _) in CONSENTS.items():
        if (given.get(field) or {}).get("marketingState") == "PENDING":
            customer_mail.record(context.shop, "confirm marketing", record[name])


def _change_consent(name: str):
    field, _ = CONSENTS[name]

    def change(context: Context, args: dict) -> dict:
        given = args["input"]
        record = find_customer(context, given["customerId"])
        if not record:
            error = user_error(["input", "customerId"], "Customer not found", "INVALID")
            return refused([error], "customer")
        errors = _consent(record, name, given[field], ["input", field])
        if errors:
            return refused(errors, "customer")
        record["updatedAt"] = now()
        _tell_pending(context, record, given)
        return {"customer": context.shop.put(record), "userErrors": []}

    return change


def invite(context: Context, args: dict) -> dict:
    record = find_customer(context, args["customerId"])
    if not record:
        error = user_error(["customerId"], "Customer can't be found", "INVALID")
        return refused([error], "customer")
    if not record["email"] or record["state"] not in ("DISABLED", "INVITED"):
        text = "Account invite email cannot be sent to this customer"
        return refused([user_error(["customerId"], text, "INVALID")], "customer")
    customer_mail.record(context.shop, "account invite", record["email"])
    invited = {**record, "state": "INVITED", "updatedAt": now()}
    return {"customer": context.shop.put(invited), "userErrors": []}


MUTATIONS = {
    "customerCreate": create,
    "customerUpdate": update,
    "customerDelete": delete,
    "customerEmailMarketingConsentUpdate": _change_consent("email"),
    "customerSmsMarketingConsentUpdate": _change_consent("phone"),
    "customerSendAccountInviteEmail": invite,
}
