"""How draft orders are written: their lines are one list, and an invoice goes out only where a cell
asks for it.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from transfer.types.base import Item
from transfer.types.codes import rounded
from transfer.types.forms import BadCell
from transfer.types.marks import UNMARK, marked, taken_off
from transfer.types.metafields import WRITTEN_ALONG as METAFIELDS
from transfer.types.order_buyers import purchaser, references
from transfer.types.order_creation import (
    ADDRESS,
    DISCOUNT_PATHS,
    MOVED,
    SHIPPING_PATHS,
    variant_references,
    with_codes_or_names,
    with_names,
)
from transfer.types.order_sending import TYPE, Made
from transfer.types.payment_terms import SCHEDULES, terms
from transfer.types.payment_terms import references as terms_references
from transfer.types.writing import (
    Input,
    Json,
    Key,
    Members,
    MemberValues,
    Mutation,
    Parts,
    Step,
    Writing,
)

CREATE = Mutation(
    "draftOrderCreate", ("input: DraftOrderInput!",), input="input", saved="draftOrder"
)
UPDATE = Mutation(
    "draftOrderUpdate",
    ("id: ID!", "input: DraftOrderInput!"),
    input="input",
    target="id",
    saved="draftOrder",
)
PREVIEW = Mutation(
    "draftOrderCalculate",
    ("input: DraftOrderInput!",),
    input="input",
    returns="""preview: calculatedDraftOrder { total: totalPriceSet {
      shopMoney { amount currencyCode } } }""",
)
DELETE = Mutation("draftOrderDelete", ("input: DraftOrderDeleteInput!",), target="input.id")
COMPLETE = Mutation(
    "draftOrderComplete",
    ("id: ID!", "paymentPending: Boolean"),
    target="id",
    sends=True,
    final="complete",
)
INVOICE = Mutation(
    "draftOrderInvoiceSend", ("id: ID!", "email: EmailInput"), target="id", sends=True
)
LINES = Members(
    of="rows",
    only=(TYPE, "Line Item"),
    part="line",
    into="lineItems",
    whole=True,
    named=(),
    command="Line: Command",
    kept=True,
    keys=(Key(("Line: ID",)), Key(("Line: SKU",)), Key(("Line: Title",))),
    paths={
        "Line: Title": "title",
        "Line: Variant ID": "=variant",
        "Line: Product Handle": "=product",
        "Line: SKU": "sku",
        "Line: Quantity": "quantity",
        "Line: Price": "=price",
        "Line: Discount": "=off",
        "Line: Discount per Item": "=discount",
        "Line: Grams": "weight.value",
        "Line: Requires Shipping": "requiresShipping",
        "Line: Properties": "customAttributes",
        "Line: Taxable": "taxable",
    },
    only_new=("=variant", "=product", "=off"),
    given=("Line: Title", "Line: SKU", "Line: Grams", "Line: Requires Shipping", "Line: Taxable"),
    given_by="Line: Variant ID",
    refers=variant_references,
)
SHIPPING = Members(
    of="rows",
    only=(TYPE, "Shipping Line"),
    part="shipping",
    keys=(),
    paths={"Shipping: Title": "=title", "Shipping: Price": "=price"},
)
DISCOUNT = Members(
    of="rows",
    only=(TYPE, "Discount"),
    part="discount",
    keys=(),
    paths=DISCOUNT_PATHS,
)
OF_VARIANT = ("title", "sku", "taxable", "requiresShipping", "weight")
"""What Shopify takes from the variant of a line that has one."""


def means(cells: dict[str, str]) -> dict[str, str]:
    """A row as an export would say the same. A word in ``ID`` only holds rows of a new draft
    together, and lines need not say that they are such."""
    row = dict(cells)

    def has(header: str) -> bool:
        return bool(row.get(header, "").strip())

    token = row.get("ID", "").strip()
    if token[:1].isalnum() and not token.rpartition("/")[2].isdigit():
        row["ID"] = ""
    if not has(TYPE) and (has("Line: Title") or has("Line: SKU")):
        row[TYPE] = "Line Item"
    for header, to in MOVED.get(row.get(TYPE, "").strip().casefold(), {}).items():
        if has(header) and not has(to):
            row[to] = row[header]
    return row


def complete(made: Input, parts: Parts) -> Input:
    """The input with what its columns cannot say each for itself. A new draft is marked with a tag
    until it is done, as nothing else tells that it was made."""
    currency = parts.facts.currency
    if "lineItems" in made:
        made["lineItems"] = _lines(made["lineItems"], parts, currency)
    if SHIPPING.name in parts.members:
        made["shippingLine"] = _shipping(parts.members[SHIPPING.name], currency)
    if DISCOUNT.name in parts.members:
        made["appliedDiscount"] = _discount(parts.members[DISCOUNT.name])
    if parts.new:
        for name in ("billingAddress", "shippingAddress"):
            with_names(made, name, parts.values)
    else:
        with_codes_or_names(made, parts)
    if entity := purchaser(parts):
        made["purchasingEntity"] = entity
    elif email := parts.values.get("=customer.email"):
        made.setdefault("email", email)
    if wanted := terms(parts):
        made["paymentTerms"] = wanted
    return marked(made) if parts.new else made


def _lines(inputs: Any, parts: Parts, currency: str) -> list[Json]:
    stay = [m for m in parts.members.get(LINES.name, ()) if m.action != "delete"]
    found: list[Json] = []
    for one, member in zip(inputs, stay, strict=True):
        variant = _variant_of(member, parts)
        price = member.all.get("=price")
        money: Json = {"amount": price, "currencyCode": currency}
        if variant:
            one = {name: value for name, value in one.items() if name not in OF_VARIANT}
            one["variantId"] = variant
            if price is not None and not _is_own_price(parts, member, price):
                one["priceOverride"] = money
        elif price is not None:
            one["originalUnitPriceWithCurrency"] = money
        if not variant and isinstance(one.get("weight"), dict):
            one["weight"]["unit"] = "GRAMS"
        if not variant and not one.get("title") and one.get("sku"):
            one["title"] = one["sku"]
        off = abs(Decimal(str(member.all.get("=discount") or 0)))
        if not off and member.action == "create":
            off = _per_item(member.all.get("=off"), one.get("quantity"), currency)
        if off:
            one["appliedDiscount"] = {"value": float(off), "valueType": "FIXED_AMOUNT"}
        found.append({name: v for name, v in one.items() if not name.startswith("=")})
    return found


def _is_own_price(parts: Parts, member: MemberValues, price: Json) -> bool:
    """Whether a line that is there costs what its variant does now, so that it need not be held to
    that."""
    lines = (line for line in parts.item.get("lineItems") or () if line["id"] == member.ref)
    own = [(line.get("variant") or {}).get("price") for line in lines]
    return any(there and Decimal(there) == Decimal(str(price)) for there in own)


def _per_item(off: Json, quantity: Json, currency: str) -> Decimal:
    """What is taken off one of a new line, where a cell has it for all of them."""
    count = quantity if isinstance(quantity, int) and quantity > 0 else 1
    return rounded(abs(Decimal(str(off or 0))) / count, currency)


def _variant_of(member: MemberValues, parts: Parts) -> str | None:
    """The variant that a line is of: of one that is there as it is."""
    if member.action != "create":
        gid = member.all.get("=variant")
        return str(gid) if gid else None
    cells = {
        "Line: Variant ID": str(member.all.get("=variant") or ""),
        "Line: SKU": str(member.all.get("sku") or ""),
        "Line: Product Handle": str(member.all.get("=product") or ""),
    }
    return next((parts.ids[one] for one in variant_references(cells) if one in parts.ids), None)


def _only(members: tuple[MemberValues, ...], word: str) -> Mapping[str, Json] | None:
    """The one row of its type that Shopify takes for a draft order, where there is one."""
    stay = [one.all for one in members if one.action != "delete"]
    if len(stay) > 1:
        raise BadCell(f"Line: Type: a draft order has one {word}, here are {len(stay)}.")
    return stay[0] if stay else None


def _shipping(members: tuple[MemberValues, ...], currency: str) -> Json:
    row = _only(members, "Shipping Line")
    if row is None:
        return None
    money: Json = {"amount": row.get("=price") or "0", "currencyCode": currency}
    return {"title": row.get("=title") or "Shipping", "priceWithCurrency": money}


def _discount(members: tuple[MemberValues, ...]) -> Json:
    row = _only(members, "Discount")
    if row is None:
        return None
    share = str(row.get("=type") or "").strip().lower() == "percentage"
    value = row.get("=percentage") or row.get("=value") if share else row.get("=value")
    kind = "PERCENTAGE" if share else "FIXED_AMOUNT"
    made: dict[str, Json] = {"value": float(str(value or 0)), "valueType": kind}
    return made | ({"title": row["=code"]} if row.get("=code") else {})


def invoices(parts: Parts) -> Made:
    """Send the invoice, only where a cell asks for it."""
    if parts.values.get("invoice:=send") is not True:
        return
    names = {
        "to": "to",
        "from": "from",
        "bcc": "bcc",
        "subject": "subject",
        "message": "customMessage",
    }
    email: Input = {
        name: value
        for field, name in names.items()
        if (value := parts.values.get(f"invoice:={field}"))
    }
    yield INVOICE, INVOICE.variables(parts.target, {"email": email} if email else {})


def completes(parts: Parts) -> Made:
    """Make an order of the draft, to be paid later unless a cell says that it is paid."""
    if parts.values.get("complete:=status") == "COMPLETED":
        pending = str(parts.values.get("complete:=payment")).casefold() != "paid"
        yield COMPLETE, COMPLETE.variables(parts.target, {"paymentPending": pending})


def unmarks(parts: Parts) -> Made:
    if parts.new:
        yield from taken_off(parts.target)


def refuses(draft: Item, path: str, value: Json) -> str:
    """Why Shopify does not take a value for a draft that is there."""
    if draft.get("status") == "COMPLETED":
        return "The draft order is completed; change the order that was made of it."
    if path == "complete:=status" and value != "COMPLETED":
        return "Shopify sets it; only completed can be written, which makes an order of it."
    return ""


def uncreated(cells: Mapping[str, str]) -> str:
    """A draft of another store's file that has become an order is not drafted, and not ordered,
    again."""
    order = cells.get("Order ID", "").strip()
    return f"It became the order {order}, so no draft is made: import the order." if order else ""


NEW_AGAIN = (
    "Draft orders without an ID are new ones: another import of this file creates them, and sends "
    "the invoices that it asks for, again."
)
WRITING = Writing(
    typename="DraftOrder",
    keys=(Key(("Number",), groups=True), Key(("Name",), groups=True)),
    create=CREATE,
    update=UPDATE,
    delete=DELETE,
    members=(LINES, SHIPPING, DISCOUNT, SCHEDULES),
    only_new=(
        "presentmentCurrencyCode",
        *("=billingAddress.name", "=shippingAddress.name"),
        *(
            f"=customer.{name}"
            for name in (*("phone", "firstName", "lastName", "note", "tags", "taxExempt"),)
        ),
    ),
    together=(SHIPPING_PATHS, tuple(f"billingAddress.{name}" for name in ADDRESS)),
    complete=complete,
    means=means,
    refers=lambda cells: (*references(cells), *terms_references(cells)),
    refuses=refuses,
    uncreated=uncreated,
    warnings_of_new=lambda cells: (NEW_AGAIN,),
    preview=PREVIEW,
    options=(
        *(f"invoice:={name}" for name in ("to", "from", "bcc", "subject", "message")),
        "complete:=payment",
    ),
    after=(
        METAFIELDS,
        Step("invoice", send=INVOICE, makes=invoices),
        Step("unmark", send=UNMARK, makes=unmarks),  # an order takes the tags of its draft
        Step("complete", send=COMPLETE, makes=completes),
    ),
)
