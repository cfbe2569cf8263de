"""How customers are written: one mutation for the customer, one for each address, for each consent
and for each change of store credit.

Consent is told as the file tells it, with its level and its time, and never from a blank cell. No
mail is sent but the invitation that a cell asks for, and receipts of store credit that do.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from babel import Locale

from transfer.types import metafields
from transfer.types.addresses import by_code_or_name
from transfer.types.base import Item
from transfer.types.forms import (
    BOOLEANS,
    LOWER,
    BadCell,
    Form,
    counted,
    form,
    parse_boolean,
    short,
    words,
)
from transfer.types.marks import UNMARK, marked, taken_off
from transfer.types.shop_facts import ShopFacts
from transfer.types.store_credit import (
    Adjustment,
    adjustments,
    amount_of,
    mutations,
    transactions_of,
)
from transfer.types.writing import (
    WITH_CODE,
    Input,
    Json,
    Key,
    Latest,
    Members,
    Mutation,
    Parts,
    Step,
    Writing,
)

Calls = Iterator[tuple[Mutation, Input]]

INVITABLE = ("DISABLED", "INVITED")
NAMED_BY = ("email", "phone", "firstName", "lastName")
COUNTRIES: dict[str, str] = {
    code: name for code, name in Locale("en").territories.items() if code.isalpha()
}


# ---------------------------------------------------------------------------- cells


def parse_email(cell: str) -> str:
    """An email address as Shopify keeps it, in small letters."""
    text = cell.strip().lower()
    name, at, host = text.partition("@")
    if not (name and at and "." in host) or any(one.isspace() or one in ",;<>" for one in text):
        raise BadCell(f"“{short(cell)}” is not an email address.")
    return text


def parse_phone(cell: str) -> str:
    """A phone number in the international form: ``+49 151 234567`` to ``+49151234567``."""
    text = "".join(one for one in cell.strip() if one not in " -./()\xa0")
    digits = text.removeprefix("+")
    plain = digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 15
    if not text.startswith("+") or not plain or digits.startswith("0"):
        raise BadCell(
            f"“{short(cell)}” is not a phone number with its country code. "
            "Write it like +49 151 234567."
        )
    return text


def _state(cell: str) -> str:
    """A state of consent; older files say whether marketing is accepted."""
    word = cell.strip().lower()
    if word in BOOLEANS:
        return "SUBSCRIBED" if BOOLEANS[word] else "NOT_SUBSCRIBED"
    code = "_".join(word.upper().replace("-", " ").replace("_", " ").split())
    if code not in (*ACCEPTED, *ASSIGNED):
        raise BadCell(f"“{short(cell)}” is none of {', '.join(ACCEPTED).lower()}.")
    return code


def _country(cell: str) -> str:
    """A country's name as it stands; two letters are a code."""
    text = cell.strip()
    return text.upper() if text.upper() in COUNTRIES and len(text) == 2 else text


EMAIL = form(str, parse=parse_email)
PHONE = form(str, parse=parse_phone)
COUNTRY = form(lambda name: str(COUNTRIES.get(name, name)), parse=_country)
ACCEPTED = ("SUBSCRIBED", "UNSUBSCRIBED", "PENDING")
ASSIGNED = {"NOT_SUBSCRIBED": "unsubscribed", "REDACTED": "", "INVALID": ""}
"""States that only Shopify gives. Consent that was never given cannot be put back, only taken."""
LEVEL = LOWER.among("SINGLE_OPT_IN", "CONFIRMED_OPT_IN", "UNKNOWN")
CONSENT = form(str.lower, parse=_state)
TRIGGER = form(lambda asked: "true" if asked else "", "boolean", parse=parse_boolean)
"""True asks for something to be done, all else does not."""
NOTHING = form(lambda asked: "", "boolean", parse=parse_boolean)
COMMAND = words({"CREDIT": "CREDIT", "DEBIT": "DEBIT", "SET": "SET"})


def invitation_form(row: Mapping[str, str], facts: ShopFacts) -> Form:
    """There is nothing to invite to where an account is in use, or was declined."""
    state = row.get("State", "").strip().upper()
    return TRIGGER if state in ("", *INVITABLE) else NOTHING


# ---------------------------------------------------------------------------- mutations

CREATE = Mutation("customerCreate", ("input: CustomerInput!",), input="input", saved="customer")
UPDATE = Mutation(
    "customerUpdate",
    ("input: CustomerInput!",),
    input="input",
    target="input.id",
    saved="customer",
)
DELETE = Mutation("customerDelete", ("input: CustomerDeleteInput!",), target="input.id")
ADDRESS = ("customerId: ID!", "address: MailingAddressInput!")
NEW_ADDRESS = Mutation("customerAddressCreate", (*ADDRESS, "setAsDefault: Boolean"))
CHANGED_ADDRESS = Mutation(
    "customerAddressUpdate", ("addressId: ID!", *ADDRESS), target="addressId"
)
NO_ADDRESS = Mutation(
    "customerAddressDelete", ("customerId: ID!", "addressId: ID!"), target="addressId"
)
DEFAULT = Mutation("customerUpdateDefaultAddress", ("customerId: ID!", "addressId: ID!"))
EMAIL_CONSENT = Mutation(
    "customerEmailMarketingConsentUpdate",
    ("input: CustomerEmailMarketingConsentUpdateInput!",),
    input="input.emailMarketingConsent",
    target="input.customerId",
    errors=WITH_CODE,
)
SMS_CONSENT = Mutation(
    "customerSmsMarketingConsentUpdate",
    ("input: CustomerSmsMarketingConsentUpdateInput!",),
    input="input.smsMarketingConsent",
    target="input.customerId",
    errors=WITH_CODE,
)
CREDIT, DEBIT = mutations(transactions_of)
INVITATION = Mutation(
    "customerSendAccountInviteEmail",
    ("customerId: ID!",),
    target="customerId",
    errors=WITH_CODE,
    sends=True,
)


# ---------------------------------------------------------------------------- calls


def complete(made: Input, parts: Parts) -> Input:
    """A new customer's input with what it agrees to."""
    if parts.item:
        return made
    if not any(made.get(name) for name in NAMED_BY):
        raise BadCell("A new customer needs an Email, a Phone or a name.")
    for field, name in (("emailMarketingConsent", "email"), ("smsMarketingConsent", "phone")):
        if consent := _consent(parts, field, name):
            made[field] = consent
    return marked(made) if _is_only_marked(made, parts) else made


def _is_only_marked(made: Input, parts: Parts) -> bool:
    """Whether nothing tells a new customer from others: there is neither an email nor a phone."""
    return parts.new and not (made.get("email") or made.get("phone"))


def _unmark(parts: Parts) -> Calls:
    if _is_only_marked({**parts.values}, parts):
        yield from taken_off(parts.target)


def _consent(parts: Parts, field: str, name: str) -> Input:
    """What a customer is to have agreed to; empty where the file says nothing of it."""
    given: Input = {
        path.partition(":")[2]: value
        for path, value in parts.values.items()
        if path.startswith(f"{field}:") and value is not None
    }
    if not given:
        return {}
    word = "Email" if name == "email" else "SMS"
    stored = parts.item.get(field) or {}
    given.setdefault("marketingState", stored.get("marketingState"))
    if given["marketingState"] not in ACCEPTED:
        raise BadCell(f"{word} Marketing: Status: it is empty, but its level or date is given.")
    if not parts.values.get(name, parts.item.get(name)):
        needed = "email address" if name == "email" else "phone number"
        raise BadCell(f"{word} Marketing: Status: the customer has no {needed}.")
    if level := stored.get("marketingOptInLevel"):
        given.setdefault("marketingOptInLevel", level)
    return given


def _email_consent(parts: Parts) -> Calls:
    consent = _consent(parts, "emailMarketingConsent", "email") if parts.item else None
    if consent:
        yield EMAIL_CONSENT, EMAIL_CONSENT.variables(parts.target, consent)


def _sms_consent(parts: Parts) -> Calls:
    consent = _consent(parts, "smsMarketingConsent", "phone") if parts.item else None
    if consent:
        yield SMS_CONSENT, SMS_CONSENT.variables(parts.target, consent)


def _address(inputs: list[Input], parts: Parts) -> Input:
    """Addresses as Shopify takes them: of a country or a province its code or its name."""
    stored = {one["id"]: one for one in parts.item.get("addressesV2") or ()}
    for one in inputs:
        address, there = one.setdefault("address", {}), stored.get(one.get("id"), {})
        if isinstance(address, dict):
            by_code_or_name(address, there)
    return {}


def _default(parts: Parts) -> Calls:
    """The address that is to be the default, where it is one that is there."""
    stored = (parts.item.get("defaultAddress") or {}).get("id")
    for address in parts.members.get("addresses", ()):
        chosen = address.action != "delete" and address.all.get("setAsDefault") is True
        if chosen and address.ref and address.ref != stored:
            yield DEFAULT, {"customerId": parts.target, "addressId": address.ref}


def _credit(parts: Parts) -> Calls:
    """Store credit that is given and taken: what the cells of the customer ask for, then each
    transaction of its own."""
    adjust, amount = parts.values.get("=adjust"), parts.values.get("=balance")
    accounts = parts.item.get("storeCredit") or []
    lines = [one.all for one in parts.members.get("transactions", ()) if not one.ref]
    setting = next((one for one in lines if one.get("=command") == "SET"), {})
    wanted = []
    if adjust is not None:
        wanted.append(Adjustment(adjust))
    elif amount is not None:
        expires, notify = setting.get("=expires"), bool(setting.get("=notify"))
        wanted.append(Adjustment(amount, sets=True, expires=expires, notify=notify))
    wanted += [_transaction(one) for one in lines if one.get("=command") != "SET"]
    yield from adjustments(parts.target, accounts, wanted, (CREDIT, DEBIT))


def _transaction(line: Mapping[str, Json]) -> Adjustment:
    amount, command = line.get("=amount"), line.get("=command")
    if amount is None:
        raise BadCell("Store Credit Transaction: Amount: it is empty, but there is a command.")
    if Decimal(amount_of(amount)) <= 0:
        raise BadCell("Store Credit Transaction: Amount: it is always above 0; DEBIT takes it.")
    expires, notify = line.get("=expires"), bool(line.get("=notify"))
    return Adjustment(amount, takes=command == "DEBIT", expires=expires, notify=notify)


def _invitation(parts: Parts) -> Calls:
    if parts.values.get("=invite"):
        if not parts.values.get("email", parts.item.get("email")):
            raise BadCell("Send Account Activation Email: the customer has no email address.")
        yield INVITATION, INVITATION.variables(parts.target)


# ---------------------------------------------------------------------------- rows

AMOUNT, ADJUSTED = "Store Credit: Amount", "Store Credit: Adjust"
LINE_COMMAND, LINE_AMOUNT = "Store Credit Transaction: Command", "Store Credit Transaction: Amount"
HOW = ("Store Credit Transaction: Expire At", "Store Credit Transaction: Send Receipt")
OPPOSITE = {"CREDIT": "DEBIT", "DEBIT": "CREDIT"}


def means(cells: dict[str, str]) -> dict[str, str]:
    """A row whose transaction sets the balance says that of the customer itself; the transaction is
    left where it says how a credit is given."""
    if LINE_COMMAND not in cells:
        return cells
    cells = {AMOUNT: "", ADJUSTED: "", **cells}
    if cells[LINE_COMMAND].strip().upper() == "SET":
        cells |= {AMOUNT: cells.get(LINE_AMOUNT, ""), ADJUSTED: ""}
        qualified = any(cells.get(header, "").strip() for header in HOW)
        gone = (LINE_AMOUNT,) if qualified else (LINE_COMMAND, LINE_AMOUNT)
        cells |= {header: "" for header in gone if header in cells}
    return cells


def opposite(cells: Mapping[str, str]) -> dict[str, str]:
    """The transaction that takes back what one has given, or gives back what it has taken."""
    command = OPPOSITE.get(cells.get(LINE_COMMAND, ""), "")
    return {LINE_COMMAND: command, LINE_AMOUNT: cells.get(LINE_AMOUNT, "")}


def _undeletable(customer: Item) -> str:
    count = int(customer.get("numberOfOrders") or 0)
    if not count:
        return ""
    return f"Shopify deletes no customer who has orders; this one has {counted(count, 'order')}."


WHOLE_ADDRESS = tuple(
    f"address.{name}"
    for name in (
        *("firstName", "lastName", "phone", "company", "address1", "address2", "city", "zip"),
        *("province", "provinceCode", "country", "countryCode"),
    )
)
CONSENTS = tuple(
    Latest(
        (f"{name} Marketing: Status", f"{name} Marketing: Level"), f"{name} Marketing: Updated At"
    )
    for name in ("Email", "SMS")
)
WRITING = Writing(
    typename="Customer",
    keys=(Key(("Email",), "email"), Key(("Phone",), "phone")),
    create=CREATE,
    update=UPDATE,
    delete=DELETE,
    members=(
        Members(
            of="addresses",
            keys=(
                Key(("Address ID",)),
                Key(("Address Line 1", "Address Zip", "Address Country Code")),
                Key(()),
            ),
            command="Address Command",
            create=NEW_ADDRESS,
            update=CHANGED_ADDRESS,
            delete=NO_ADDRESS,
            owner="customerId",
            together=(WHOLE_ADDRESS,),
            apart=("setAsDefault",),
            single="Address Is Default",
            inherits="Shopify makes another address the default.",
            finish=_address,
        ),
        Members(
            of="transactions",
            keys=(Key(("Store Credit Transaction: ID",)),),
            lasting=True,
            ask=LINE_COMMAND,
            opposite=opposite,
            only_new=("=command", "=amount", "=expires", "=notify"),
        ),
    ),
    complete=complete,
    means=means,
    latest=CONSENTS,
    undeletable=_undeletable,
    after=(
        metafields.WRITTEN_ALONG,
        Step("default", send=DEFAULT, makes=_default),
        Step("emailMarketingConsent", send=EMAIL_CONSENT, makes=_email_consent),
        Step("smsMarketingConsent", send=SMS_CONSENT, makes=_sms_consent),
        Step("credit", send=CREDIT, makes=_credit, others=(DEBIT,)),
        Step("invitation", send=INVITATION, makes=_invitation),
        Step("unmark", send=UNMARK, makes=_unmark),
    ),
)
