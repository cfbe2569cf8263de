"""How a new order is made of its rows, so that nothing is charged, sent or taken from stock that
the file does not ask for, and its total stays what it was.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from transfer.types.addresses import by_code_or_name
from transfer.types.codes import rounded
from transfer.types.forms import BadCell
from transfer.types.order_buyers import customer_of, location_of
from transfer.types.order_payments import TRANSACTIONS, currency_of
from transfer.types.order_sending import (
    EVENTS,
    FULFILL,
    FULFILLMENTS,
    TRACKING,
    TYPE,
    Made,
    first_of,
    happened,
    parcel_of,
)
from transfer.types.writing import (
    WITH_CODE,
    Input,
    Json,
    Key,
    Members,
    MemberValues,
    Mutation,
    Parts,
    Reference,
    input_of,
    of_object,
)

STAYS = "Shopify lets no app change it in an order that is there; edit the order in its admin."
NO_LINE = "The order has no line. Give it a row with a Line: Title or a Line: SKU."
NAMELESS = "Give the new order a Name or a Source Identifier, so that it is never made twice."
TAX_PARTS = {"Title": "title", "Rate": "rate", "Price": "priceSet.shopMoney.amount"}
SHOPIFYS_SERVICES = ("manual", "gift_card")
"""Fulfillment services that no input takes: an order has them without being told."""
TAX = "Tax"
"""What a tax is called whose cells have no title."""


def _taxes(prefix: str) -> dict[str, str]:
    """The paths of the columns of three taxes."""
    return {
        f"{prefix} Tax {n + 1} {word}": f"taxLines.{n}.{path}"
        for n in range(3)
        for word, path in TAX_PARTS.items()
    }


def variant_references(cells: Mapping[str, str]) -> tuple[Reference, ...]:
    """The variants that a line may be of: by its ID, else by its SKU, within its product if that
    is named. It may also be of none."""
    ref, sku = cells.get("Line: Variant ID", ""), cells.get("Line: SKU", "").strip()
    handle = cells.get("Line: Product Handle", "").strip()
    names = []
    if ref.strip():
        names.append(f"gid://shopify/ProductVariant/{ref.strip().rpartition('/')[2]}")
    if sku and handle:
        names.append(f"{handle}.sku:{sku}")
    if sku:
        names.append(f"sku:{sku}")
    return tuple(Reference("ProductVariant", name, optional=True) for name in names)


def line_references(cells: Mapping[str, str]) -> tuple[Reference, ...]:
    """What a new line may be of: a variant, or at least a product."""
    return (*variant_references(cells), *_product(cells.get("Line: Product ID", "")))


def _product(ref: str) -> tuple[Reference, ...]:
    number = ref.strip().rpartition("/")[2]
    return (Reference("Product", f"gid://shopify/Product/{number}", optional=True),) * bool(number)


LINES = Members(
    of="rows",
    only=(TYPE, "Line Item"),
    part="line",
    into="lineItems",
    keys=(Key(("Line: ID",)), Key(("Line: SKU",)), Key(("Line: Title",))),
    paths={
        "Line: ID": "=id",
        "Line: Title": "title",
        "Line: Name": "=name",
        "Line: Variant ID": "=variant",
        "Line: Product ID": "=productId",
        "Line: Product Handle": "=product",
        "Line: Variant Title": "variantTitle",
        "Line: SKU": "sku",
        "Line: Quantity": "quantity",
        "Line: Price": "priceSet.shopMoney.amount",
        "Line: Discount": "=discount",
        "Line: Grams": "weight.value",
        "Line: Requires Shipping": "requiresShipping",
        "Line: Vendor": "vendor",
        "Line: Properties": "=properties",
        "Line: Force Gift Card": "giftCard",
        "Line: Fulfillment Service": "=service",
        "Line: Taxable": "taxable",
        **_taxes("Line:"),
    },
    refers=line_references,
    command="Line: Command",
    edited="Line: Command",
    once=STAYS,
)
SHIPPING_LINES = Members(
    of="rows",
    only=(TYPE, "Shipping Line"),
    part="shipping",
    into="shippingLines",
    keys=(Key(("Shipping: ID",)), Key(("Shipping: Title",))),
    paths={
        "Shipping: Title": "title",
        "Shipping: Code": "code",
        "Shipping: Source": "source",
        "Shipping: Price": "priceSet.shopMoney.amount",
        **_taxes("Shipping:"),
    },
    once=STAYS,
)
DISCOUNT_PATHS = {
    "Discount: Type": "=type",
    "Discount: Code": "=code",
    "Discount: Value": "=value",
    "Discount: Percentage": "=percentage",
}
DISCOUNTS = Members(
    of="rows",
    only=(TYPE, "Discount"),
    part="discount",
    keys=(Key(("Discount: Code",)), Key(("Discount: Type",))),
    paths=DISCOUNT_PATHS,
    once=STAYS,
)
CREATE = Mutation(
    "orderCreate",
    ("order: OrderCreateOrderInput!", "options: OrderCreateOptionsInput"),
    input="order",
    saved="order",
    errors=WITH_CODE,
    busy="Too many attempts",  # a development store takes five new orders a minute
    notifies=(
        "options.sendReceipt",
        "options.sendFulfillmentReceipt",
        "order.fulfillment.notifyCustomer",
    ),
)
DELETE = Mutation("orderDelete", ("orderId: ID!",), target="orderId", errors=WITH_CODE)
ADDRESS = (
    *("firstName", "lastName", "company", "phone", "address1", "address2", "zip", "city"),
    *("province", "provinceCode", "country", "countryCode"),
)
CUSTOMER = ("email", "phone", "firstName", "lastName", "note", "tags", "taxExempt")
MADE_ONCE = (
    *("name", "processedAt", "currency", "sourceName", "sourceIdentifier", "sourceUrl"),
    *("taxesIncluded", "referringSite", "=sendReceipt", "=inventoryBehaviour", "=total"),
    *(f"=taxes.{n}.{part}" for n in range(3) for part in ("title", "rate", "price")),
    *(f"=customer.{name}" for name in CUSTOMER if name != "email"),
    "=marketing",
    *(f"=company.{name}" for name in ("id", "name", "externalId")),
    *(f"=location.{name}" for name in ("id", "name", "externalId")),
    *(f"billingAddress.{name}" for name in ADDRESS),
    *("=billingAddress.name", "=shippingAddress.name"),
)
"""Paths that only a new order takes."""
SHIPPING_PATHS = tuple(f"shippingAddress.{name}" for name in ADDRESS)
FINANCIAL = {
    *("AUTHORIZED", "EXPIRED", "PAID", "PARTIALLY_PAID", "PARTIALLY_REFUNDED", "PENDING"),
    *("REFUNDED", "VOIDED"),
}
HAD_BEEN_PAID = {"PAID", "PARTIALLY_REFUNDED", "REFUNDED"}
OF_REFUNDS = {"REFUND", "SUGGESTED_REFUND"}
"""Kinds of transactions that belong to refunds."""
MOVED: Mapping[str, Mapping[str, str]] = {
    "shipping line": {
        "Line: Title": "Shipping: Title",
        "Line: Price": "Shipping: Price",
        **{f"Line: Tax {n} {w}": f"Shipping: Tax {n} {w}" for n in (1, 2, 3) for w in TAX_PARTS},
    },
    "discount": {
        "Line: Title": "Discount: Type",
        "Line: Name": "Discount: Code",
        "Line: Price": "Discount: Value",
    },
}
"""Where real files have what an export shows in columns of its own, by the row's type."""


def means(cells: dict[str, str]) -> dict[str, str]:
    """A row as an export would say the same: the token that new orders are called by in ``ID``, the
    ``Number`` of one without a name, and columns of a line on rows of shipping and discounts."""
    row = dict(cells)

    def has(header: str) -> bool:
        return bool(row.get(header, "").strip())

    token = row.get("ID", "").strip()
    if token[:1].isalnum() and not token.rpartition("/")[2].isdigit():
        if not has("Source Identifier"):
            row["Source Identifier"] = token
        row["ID"] = ""
    elif has("Number") and not (has("ID") or has("Name")):
        row["Name"] = f"#{row['Number'].strip()}"
    if not has(TYPE) and has("Line: Price"):
        row[TYPE] = "Line Item"
    for header, to in MOVED.get(row.get(TYPE, "").strip().casefold(), {}).items():
        if has(header) and not has(to):
            row[to] = row[header]
    return row


def complete(made: Input, parts: Parts) -> Input:
    """The input of a new order, with what its columns cannot say each for itself."""
    if not parts.new:
        with_codes_or_names(made, parts)
        return made
    values = parts.values
    if not (values.get("name") or values.get("sourceIdentifier")):
        raise BadCell(NAMELESS)
    currency = currency_of(parts)
    lines = _line_inputs(made, parts, currency)
    if not lines:
        raise BadCell(NO_LINE)
    made["lineItems"] = [*lines]
    shipping: Any = made.get("shippingLines") or []
    for one in shipping:
        _with_currency(one, currency)
    taxes = _order_taxes(values, currency)
    if taxes and not any(one.get("taxLines") for one in (*lines, *shipping)):
        made["taxLines"] = taxes
    if code := _discount_code(parts, lines):
        made["discountCode"] = code
    made.pop("transactions", None)
    if transactions := payments_of(parts):
        made["transactions"] = [*transactions]
    if values.get("pay:=status") in FINANCIAL:
        made["financialStatus"] = values["pay:=status"]
    if at := values.get("close:=at"):
        made["closedAt"] = at
    if customer := _customer_input(parts):
        made["customer"] = customer
        if "toUpsert" in customer and values.get("=marketing") == "SUBSCRIBED":
            made["buyerAcceptsMarketing"] = True
    place, _ = location_of(parts)
    if place:
        made["companyLocationId"] = place
    for name in ("billingAddress", "shippingAddress"):
        with_names(made, name, values)
    if sent := _sent_with(parts):
        made["fulfillment"] = sent
    return made


def beside(parts: Parts) -> Mapping[str, Json]:
    """The options of a new order: its stock is left alone, and nobody is written to, unless cells
    say otherwise."""
    behaviour = parts.values.get("=inventoryBehaviour") or "BYPASS"
    found: dict[str, Json] = {"options.inventoryBehaviour": behaviour}
    if parts.values.get("=sendReceipt") is True:
        found["options.sendReceipt"] = True
    return found


def _line_inputs(made: Input, parts: Parts, currency: str) -> list[dict[str, Any]]:
    inputs: Any = made.get("lineItems") or []
    for one, member in zip(inputs, parts.created(LINES.name), strict=True):
        if not one.get("quantity"):
            raise BadCell(f"Line: Quantity: “{one.get('title') or one.get('sku')}” has none.")
        if variant := variant_of(member, parts):
            one["variantId"] = variant
        products = _product(str(member.all.get("=productId") or ""))
        if not variant and products and products[0] in parts.ids:
            one["productId"] = parts.ids[products[0]]
        if (service := member.all.get("=service")) not in (None, *SHOPIFYS_SERVICES):
            one["fulfillmentService"] = service
        if not one.get("title") and (title := member.all.get("=name")):
            one["title"] = title
        if not one.get("title") and not variant:
            one["title"] = one.get("sku")
        one.setdefault("requiresShipping", True)
        if isinstance(one.get("weight"), dict):
            one["weight"]["unit"] = "GRAMS"
        properties: Any = member.all.get("=properties") or []
        if properties:
            one["properties"] = [{"name": p["key"], "value": p["value"]} for p in properties]
        _with_currency(one, currency)
    return [*inputs]


def variant_of(member: MemberValues, parts: Parts) -> str | None:
    cells = {
        "Line: Variant ID": str(member.all.get("=variant") or ""),
        "Line: SKU": str(member.all.get("sku") or ""),
        "Line: Product Handle": str(member.all.get("=product") or ""),
    }
    return next((parts.ids[one] for one in variant_references(cells) if one in parts.ids), None)


def _with_currency(one: dict[str, Any], currency: str) -> None:
    """Say in which currency a line's price and taxes are; a tax without a title gets one."""
    given = one.pop("taxLines", None) or []
    taxes = [tax for tax in given if tax and (tax.get("title") or tax.get("priceSet"))]
    for holder in (one, *taxes):
        if "priceSet" in holder:
            holder["priceSet"]["shopMoney"]["currencyCode"] = currency
    for tax in taxes:
        tax["title"] = tax.get("title") or TAX
        tax["rate"] = str(tax.get("rate") or 0)
    if taxes:
        one["taxLines"] = taxes


def _order_taxes(values: Mapping[str, Json], currency: str) -> list[Json]:
    found: list[Json] = []
    for n in range(3):
        title, price = values.get(f"=taxes.{n}.title") or TAX, values.get(f"=taxes.{n}.price")
        if price:
            rate = str(values.get(f"=taxes.{n}.rate") or 0)
            found.append({"title": title, "rate": rate, "priceSet": _bag(price, currency)})
    return found


def _bag(amount: Json, currency: str) -> dict[str, Json]:
    return {"shopMoney": {"amount": amount, "currencyCode": currency}}


def _discount_code(parts: Parts, lines: list[dict[str, Any]]) -> Input | None:
    """The one discount that Shopify takes: several are summed up; those of lines count where the
    file has no other."""
    rows = [member.all for member in parts.created(DISCOUNTS.name)]
    code = ", ".join(str(row["=code"]) for row in rows if row.get("=code")) or "Discount"
    if len(rows) == 1 and _is_share(rows[0]):
        share = float(str(_share_of(rows[0])))
        return {"itemPercentageDiscountCode": {"code": code, "percentage": share}}
    off = _taken_off(parts, sum((_price_of(one) for one in lines), Decimal(0)))
    if not off:
        return None
    amount = _bag(f"{off:f}", currency_of(parts))
    return {"itemFixedDiscountCode": {"code": code, "amountSet": amount}}


def discount_share(parts: Parts) -> Decimal:
    """Which part of its lines' price the discounts take off a new order."""
    prices = (
        _amount(one.all.get("priceSet.shopMoney.amount")) * int(str(one.all.get("quantity") or 0))
        for one in parts.created(LINES.name)
    )
    total = sum(prices, Decimal(0))
    return _taken_off(parts, total) / total if total else Decimal(0)


def _taken_off(parts: Parts, total: Decimal) -> Decimal:
    """What the discounts come to, of lines that cost ``total``."""
    rows = [member.all for member in parts.created(DISCOUNTS.name)]
    off = Decimal(0)
    for row in rows:
        if _is_share(row):
            off += rounded(total * _share_of(row) / 100, currency_of(parts))
        else:
            off += _amount(row.get("=value"))
    if not rows:
        off = sum((_amount(m.all.get("=discount")) for m in parts.created(LINES.name)), Decimal(0))
    return off


def _is_share(row: Mapping[str, Json]) -> bool:
    return str(row.get("=type") or "").strip().lower() == "percentage"


def _share_of(row: Mapping[str, Json]) -> Decimal:
    return _amount(row.get("=percentage") or row.get("=value"))


def _amount(value: Json) -> Decimal:
    return abs(Decimal(str(value or 0)))


def _price_of(line: Mapping[str, Any]) -> Decimal:
    price = (line.get("priceSet") or {}).get("shopMoney", {}).get("amount")
    return _amount(price) * int(line["quantity"])


def payments_of(parts: Parts) -> list[dict[str, Any]]:
    """What was paid of a new order, as it is sent. No card is charged; the gateway is named as one
    by hand, so that no later refund goes there, unless a cell forces its own name. An order that is
    said to be paid, without a word on how, has one sale of its whole total, so that it can be
    refunded."""
    currency = currency_of(parts)
    found: list[dict[str, Any]] = []
    for member in parts.created(TRANSACTIONS.name):
        one: dict[str, Any] = input_of(member.written)
        if one.get("kind") in OF_REFUNDS:
            continue
        sums = one.pop("amountSet", None) or {}
        shop, paid = sums.get("shopMoney") or {}, sums.get("presentmentMoney") or {}
        amount = shop.get("amount") or paid.get("amount")
        if not amount:
            raise BadCell("Transaction: Amount: it is empty.")
        if not shop.get("amount") and paid.get("currencyCode") not in (None, currency):
            raise BadCell(
                f"Transaction: Currency: the order is in {currency}. Give the amount in that in "
                "Transaction: Shop Currency Amount."
            )
        one["amountSet"] = _bag(amount, str(shop.get("currencyCode") or currency))
        if gateway := one.get("gateway"):
            kept = member.all.get("=force") is True or str(gateway).startswith("manual")
            one["gateway"] = gateway if kept else f"manual ({gateway})"
        found.append(one)
    total = parts.values.get("=total")
    if not found and total and parts.values.get("pay:=status") in HAD_BEEN_PAID:
        found.append({"kind": "SALE", "status": "SUCCESS", "amountSet": _bag(total, currency)})
    return found


def _customer_input(parts: Parts) -> Input | None:
    """The customer who is there, unchanged; else a new one."""
    given = parts.below("=customer.")
    if known := customer_of(parts):
        return {"toAssociate": {"id": known}}
    given.pop("id", None)
    if not (given.get("email") or given.get("phone")):
        return None
    return {"toUpsert": given}


def with_codes_or_names(made: Input, parts: Parts) -> None:
    """Have the addresses of an order or draft that is there as Shopify takes them."""
    for name in ("billingAddress", "shippingAddress"):
        address = made.get(name)
        if isinstance(address, dict):
            by_code_or_name(address, parts.item.get(name) or {})


def with_names(made: Input, name: str, values: Mapping[str, Json]) -> None:
    """An address whose first and last name stand in one cell: its last word is the last name."""
    address, whole = made.get(name), str(values.get(f"={name}.name") or "")
    if not isinstance(address, dict) or not whole:
        return
    if not (address.get("firstName") or address.get("lastName")):
        first, _, last = whole.rpartition(" ")
        address |= {"firstName": first or None, "lastName": last}


# ---------------------------------------------------------------------------- what was sent


def _parcels(parts: Parts) -> list[list[MemberValues]]:
    groups: dict[tuple[str, ...], list[MemberValues]] = {}
    for member in parts.created(FULFILLMENTS.name):
        if member.all.get("status") != "CANCELLED":
            groups.setdefault(parcel_of(member), []).append(member)
    return list(groups.values())


def _to_send(parts: Parts) -> list[tuple[MemberValues, int]]:
    """The lines of a new order that are to be sent, in their order, with their quantities."""
    counts = ((one, one.all.get("quantity")) for one in parts.created(LINES.name))
    return [
        (one, count)
        for one, count in counts
        if isinstance(count, int) and one.all.get("requiresShipping") is not False
    ]


def _shares(parts: Parts) -> list[tuple[list[MemberValues], dict[int, int]]]:
    """The parcels of a new order, each with how many it has of each line, by the line's place. One
    whose rows name no line has all that those before it leave."""
    lines = _to_send(parts)
    left = {place: count for place, (_, count) in enumerate(lines)}
    found = []
    for rows in _parcels(parts):
        share: dict[int, int] = {}
        for row in rows:
            meant = _meant(parts, row)
            if not (meant or row.all.get("line") or row.all.get("sku")):
                share = {place: share.get(place, 0) + count for place, count in left.items()}
                left = dict.fromkeys(left, 0)
                break
            for place, count in _taken(row, meant, lines, left).items():
                share[place] = share.get(place, 0) + count
                left[place] -= count
        found.append((rows, {place: count for place, count in share.items() if count}))
    return found


def _meant(parts: Parts, row: MemberValues) -> list[MemberValues]:
    """The lines that a parcel's row means: that of the word in its ``Line: ID``, else the one that
    the row itself is, else those of its SKU."""
    lines = parts.created(LINES.name)
    token, sku = row.all.get("line"), row.all.get("sku")
    named = [one for one in lines if token and one.all.get("=id") == token]
    itself = [one for one in lines if one.row == row.row]
    if named or len(itself) == 1:  # rows of an order that an undo makes again have one number
        return named or itself
    return [one for one in lines if sku and one.all.get("sku") == sku]


def _taken(
    row: MemberValues,
    meant: Sequence[MemberValues],
    lines: Sequence[tuple[MemberValues, int]],
    left: Mapping[int, int],
) -> dict[int, int]:
    """What a parcel's row takes of the lines that it means. Nothing of one that needs no
    shipping."""
    token, sku, asked = (row.all.get(name) for name in ("line", "sku", "quantity"))
    named = str(sku or str(token or row.all.get("title") or "").rpartition("/")[2])
    if not meant:
        raise BadCell(f"The order has no line “{named}” to send.")
    places = [p for p, (line, _) in enumerate(lines) if any(line is one for one in meant)]
    wanted = asked if isinstance(asked, int) else max((left[p] for p in places), default=0)
    found: dict[int, int] = {}
    for place in places:
        found[place] = min(left[place], wanted)
        wanted -= found[place]
    if places and wanted:
        raise BadCell(f"{named}: more is to be sent than is left on the order.")
    return found


def _sent_with(parts: Parts) -> Input | None:
    """The fulfillment that a new order is made with, where there is one, of all lines, and all of
    its cells can be said so."""
    shares = [] if is_to_be_cancelled(parts) else _shares(parts)
    whole = {place: count for place, (_, count) in enumerate(_to_send(parts))}
    if len(shares) != 1 or shares[0][1] != whole:
        return None
    [(rows, _)] = shares
    if first_of(rows, "urls"):
        return None  # Shopify takes the address of a tracking page only afterwards
    place = first_of(rows, "location") or next((one.id for one in parts.facts.locations), None)
    if place is None:
        return None
    made: Input = {"locationId": place}
    for name, wanted in (("trackingCompany", "company"), ("trackingNumbers", "numbers")):
        if value := first_of(rows, wanted):
            made[name] = value
    event = first_of(rows, "event")
    if event in EVENTS:
        made["shipmentStatus"] = event
    if first_of(rows, "notify"):
        made["notifyCustomer"] = True
    return made


def is_to_be_cancelled(parts: Parts) -> bool:
    return bool(parts.values.get("cancel:=at") or parts.values.get("cancel:=reason"))


def sent_in_parts(parts: Parts) -> Made:
    """What is sent of a new order in parts. One that is cancelled is not sent: Shopify cancels
    none that was."""
    if _sent_with(parts) or is_to_be_cancelled(parts):
        return
    count = 0
    for rows, share in _shares(parts):
        chosen: list[Json] = [
            {"id": of_object(f"fulfillmentOrders.0.lineItems.{place}.id"), "quantity": quantity}
            for place, quantity in share.items()
        ]
        if not chosen:
            continue
        one: Json = {
            "fulfillmentOrderId": of_object("fulfillmentOrders.0.id"),
            "fulfillmentOrderLineItems": chosen,
        }
        notify = first_of(rows, "notify") is True
        given: Input = {"lineItemsByFulfillmentOrder": [one], "notifyCustomer": notify}
        info: Input = {name: value for name in TRACKING if (value := first_of(rows, name))}
        if info:
            given["trackingInfo"] = info
        yield FULFILL, FULFILL.variables(None, given)
        yield from happened(rows, count)
        count += 1
