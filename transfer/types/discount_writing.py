"""How discounts are written: Shopify has a mutation for each method and kind, a file one row.

What a discount applies to, what a customer buys and who may use it are the whole lists; Shopify
takes what joins and what leaves them. Codes are added 250 at a time, and made in the background.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from transfer.types.base import Item, literal
from transfer.types.discount_forms import (
    COLLECTIONS,
    KINDS,
    LISTS,
    METHODS,
    PRODUCTS,
    REST,
    VARIANTS,
    ref,
)
from transfer.types.discount_queries import AUTOMATIC, BASIC, BXGY, CODE, SHIPPING
from transfer.types.discount_values import (
    least,
    purchase_type,
    value_of,
    value_type,
)
from transfer.types.forms import (
    BadCell,
    form,
    same_decimal,
    short,
)
from transfer.types.writing import (
    WITH_CODE,
    Follow,
    Input,
    Json,
    Key,
    Kind,
    Members,
    MemberValues,
    Mutation,
    Parts,
    Step,
    Writing,
)

AT_ONCE = 250
"""As many codes go into one call."""
REPORTED, LONGEST = 5, 255
ACTIVE, EXPIRED = "ACTIVE", "EXPIRED"


# ---------------------------------------------------------------------------- which mutations


def _kind_of(method: str, kind: str) -> Kind:
    way = "code" if method == CODE else "automatic"
    node = f"{way}DiscountNode"
    names = {BASIC: "basic", BXGY: "bxgy", SHIPPING: "freeShipping"}
    argument = f"{names[kind]}{'Code' if method == CODE else ''}Discount"
    if method == AUTOMATIC:
        argument = {
            BASIC: "automaticBasicDiscount",
            BXGY: "automaticBxgyDiscount",
            SHIPPING: "freeShippingAutomaticDiscount",
        }[kind]
    declared = f"{argument}: {method}{kind}Input!"
    typename = f"{method}Node"
    return Kind(
        create=Mutation(
            f"discount{method[8:]}{kind}Create",
            (declared,),
            input=argument,
            saved=node,
            errors=WITH_CODE,
        ),
        update=Mutation(
            f"discount{method[8:]}{kind}Update",
            ("id: ID!", declared),
            input=argument,
            target="id",
            saved=node,
            errors=WITH_CODE,
            of=typename,
        ),
        delete=Mutation(
            f"discount{method[8:]}Delete",
            ("id: ID!",),
            target="id",
            errors=WITH_CODE,
            of=typename,
        ),
    )


DELETES = {method: _kind_of(method, BASIC).delete for method in METHODS.values()}
MUTATIONS = {
    (method, kind): Kind(made.create, made.update, DELETES[method])
    for method in METHODS.values()
    for kind in (BASIC, BXGY, SHIPPING)
    for made in (_kind_of(method, kind),)
}


def _what(parts: Parts) -> tuple[str, str]:
    """The method and the kind of a discount, as Shopify's types are called."""
    if parts.item:
        name = str(parts.item["discount"]["__typename"])
        method = CODE if name.startswith(CODE) else AUTOMATIC
        return method, name.removeprefix(method)
    word, kind = parts.values.get("=method"), parts.values.get("=type")
    if not word:
        raise BadCell("Method: it is empty, so nothing can be made. Write Code or Automatic.")
    if not kind:
        raise BadCell(f"Type: it is empty. Write {', '.join(KINDS)}.")
    return METHODS[str(word)], KINDS.get(str(kind), "App")


def kind(parts: Parts) -> Kind:
    """The mutations for a discount; none for further codes, which say nothing of it."""
    if _adds_only(parts):
        return Kind()
    found = MUTATIONS.get(_what(parts))
    if found is None:
        raise BadCell("Type: the discount is of an app, which alone can make and change it.")
    return found


def _adds_only(parts: Parts) -> bool:
    """Whether it is a part that has codes alone, of a discount that was not read for it."""
    return not (parts.new or parts.item or parts.values)


# ---------------------------------------------------------------------------- inputs

EACH = (CODE, AUTOMATIC)
ONLY = {
    "usageLimit": ("Limit Total Times", (CODE,), (BASIC, BXGY, SHIPPING)),
    "appliesOncePerCustomer": ("Limit One Use Per Customer", (CODE,), (BASIC, BXGY, SHIPPING)),
    "usesPerOrderLimit": ("Limit Uses Per Order", EACH, (BXGY,)),
    "maximumShippingPrice": ("Free Shipping: Over Amount", EACH, (SHIPPING,)),
    "=countries": ("Free Shipping: Country Codes", EACH, (SHIPPING,)),
    "=getsQuantity": ("Buy X Get Y: Customer Gets Quantity", EACH, (BXGY,)),
    "=value": ("Value", EACH, (BASIC, BXGY)),
    "=valueType": ("Value Type", EACH, (BASIC, BXGY)),
    "=cycles": ("Purchase Type: Recurring Subscription Limit", EACH, (BASIC, SHIPPING)),
    "applies_to": ("Applies To: Values", EACH, (BASIC, BXGY)),
    "customer_buys": ("Buy X Get Y: Customer Buys Values", EACH, (BXGY,)),
}
"""Which discounts some paths, and some lists, go with."""


def complete(made: Input, parts: Parts) -> Input:
    """A discount's input with all that depends on its kind."""
    method, kind = _what(parts)
    new, values = not parts.item, parts.values
    for path, (header, methods, kinds) in ONLY.items():
        if method in methods and kind in kinds:
            continue
        stays = [one for one in parts.members.get(path, ()) if one.action != "delete"]
        if values.get(path) or stays:
            raise BadCell(f"{header}: it does not go with this Method and Type.")
        made = {name: value for name, value in made.items() if name != path}
    made = {**made}
    if new:
        made.setdefault("startsAt", datetime.now(UTC).isoformat(timespec="seconds"))
        codes = [str(one.all["=code"]) for one in parts.created("codes")]
        if method == CODE and not codes:
            raise BadCell("Code: it is empty. A discount by code needs one.")
        if method == AUTOMATIC and codes:
            raise BadCell("Code: a discount that is automatic has none. Leave it empty.")
        if codes:
            made["code"] = codes[0]
            made.setdefault("title", codes[0])
        if not made.get("title"):
            raise BadCell("Title: it is empty.")
        combined = made.setdefault("combinesWith", {})
        if isinstance(combined, dict):
            for name in ("productDiscounts", "orderDiscounts", "shippingDiscounts"):
                combined.setdefault(name, False)
    if new or "eligible" in parts.members:
        made["context"] = _context(parts)
    _end_by_status(made, parts)
    _check_dates(made, parts)
    once, again = _purchases(parts)
    by_purchase = "=purchase" in values and (not new or again)
    if kind == SHIPPING:
        made |= _shipping(parts, new)
        if by_purchase:
            made |= {"appliesOnOneTimePurchase": once, "appliesOnSubscription": again}
    else:
        gets = _gets(parts, kind, new)
        if by_purchase and kind == BASIC:
            gets |= {"appliesOnOneTimePurchase": once, "appliesOnSubscription": again}
        if gets:
            made["customerGets"] = gets
    if kind == BXGY:
        buys = _buys(parts, new)
        if by_purchase:
            buys |= {"isOneTimePurchase": once, "isSubscription": again}
        if buys:
            made["customerBuys"] = buys
    elif "=minimum" in values or "=minimumValue" in values:
        made["minimumRequirement"] = _minimum(parts)
    if values.get("=cycles") not in (None, 1) and not again:
        raise BadCell(
            "Purchase Type: Recurring Subscription Limit: it is for subscriptions only. Write "
            "Subscription or Both in Purchase Type."
        )
    if "=cycles" in values and kind != BXGY and again:
        made["recurringCycleLimit"] = values["=cycles"]
    return made


def _end_by_status(made: Input, parts: Parts) -> None:
    """Let a discount end now, or not any more, where its status says so and no date does."""
    if parts.new or made.keys() & {"startsAt", "endsAt"}:
        return
    if parts.values.get("=status") == EXPIRED:
        made["endsAt"] = datetime.now(UTC).isoformat(timespec="seconds")
    elif parts.values.get("=status") == ACTIVE:
        made["endsAt"] = None


def refuses(discount: Item, path: str, value: Json) -> str:
    """Why a status does not become another one."""
    there = discount["discount"].get("status")
    if path != "=status" or (there, value) in ((ACTIVE, EXPIRED), (EXPIRED, ACTIVE)):
        return ""
    return "Shopify makes it of Starts At and Ends At. Change these."


def _check_dates(made: Input, parts: Parts) -> None:
    """Refuse what would end before it starts, as Shopify does."""
    there = parts.item["discount"] if parts.item else {}
    start, end = (made[n] if n in made else there.get(n) for n in ("startsAt", "endsAt"))
    if not ({"startsAt", "endsAt"} & made.keys() and start and end):
        return
    if datetime.fromisoformat(str(end)) <= datetime.fromisoformat(str(start)):
        raise BadCell("Ends At: it is not after Starts At.")


def _cell_or_stored(parts: Parts, path: str, read: Any) -> str:
    """What a cell says, or else the store."""
    if path in parts.values:
        return str(parts.values[path] or "")
    return str(read(parts.item["discount"]) or "") if parts.item else ""


def _purchases(parts: Parts) -> tuple[bool, bool]:
    word = _cell_or_stored(parts, "=purchase", purchase_type) or "One-time"
    return word != "Subscription", word != "One-time"


def _gets(parts: Parts, kind: str, new: bool) -> Input:
    made: Input = {}
    if new or not {"=valueType", "=value", "=getsQuantity"}.isdisjoint(parts.values):
        made["value"] = _value(parts, kind)
    listed = parts.members.get("applies_to")
    if listed is not None:
        made["items"] = _items("Applies To", listed, _ids([parts.item]))
    elif new:
        if kind == BXGY:
            raise BadCell("Applies To: Values: it is empty, so it is not known what is got.")
        made["items"] = {"all": True}
    return made


def _value(parts: Parts, kind: str) -> Json:
    word = _cell_or_stored(parts, "=valueType", value_type)
    number = _cell_or_stored(parts, "=value", value_of)
    if not word:
        raise BadCell("Value Type: it is empty. Write Percentage, Fixed Amount or Amount Off Each.")
    if not number and word != "Free":
        raise BadCell("Value: it is empty.")
    if (
        word == "Free"
        and "=value" in parts.values
        and same_decimal(number or "0") not in ("0", "100")
    ):
        raise BadCell(
            f"Value: what is free has none. Write Percentage in Value Type for {number} %."
        )
    share = 1.0 if word == "Free" else float(number) / 100
    if word in ("Percentage", "Free") and not 0 < share <= 1:
        raise BadCell(f"Value: “{short(number)}” is not between 0 and 100 percent.")
    by_share = word in ("Percentage", "Free")
    if kind == BXGY:
        effect: Input = {"percentage": share} if by_share else {"amount": number}
        quantity = _cell_or_stored(parts, "=getsQuantity", _gets_quantity) or "1"
        return {"discountOnQuantity": {"quantity": quantity, "effect": effect}}
    if by_share:
        return {"percentage": share}
    each = word == "Amount Off Each"
    return {"discountAmount": {"amount": number, "appliesOnEachItem": each}}


def _gets_quantity(discount: Item) -> Any:
    value = (discount.get("customerGets") or {}).get("value") or {}
    return (value.get("quantity") or {}).get("quantity")


def _minimum(parts: Parts) -> Json:
    word = _cell_or_stored(parts, "=minimum", lambda discount: least(discount)[0])
    number = _cell_or_stored(parts, "=minimumValue", lambda discount: least(discount)[1])
    if not (word or number):
        return None
    if not number:
        raise BadCell("Minimum Value: it is empty.")
    if word == "Quantity":
        return {"quantity": {"greaterThanOrEqualToQuantity": _whole(number)}}
    return {"subtotal": {"greaterThanOrEqualToSubtotal": number}}


def _whole(number: str) -> str:
    if float(number) != int(float(number)):
        raise BadCell(f"Minimum Value: “{short(number)}” is not a whole number.")
    return str(int(float(number)))


def _buys(parts: Parts, new: bool) -> Input:
    made: Input = {}
    if new or not {"=minimum", "=minimumValue"}.isdisjoint(parts.values):
        word = _cell_or_stored(parts, "=minimum", lambda discount: least(discount)[0])
        number = _cell_or_stored(parts, "=minimumValue", lambda discount: least(discount)[1])
        if not number:
            raise BadCell("Minimum Value: it is empty, so it is not known what must be bought.")
        made["value"] = {"amount": number} if word == "Amount" else {"quantity": _whole(number)}
    listed = parts.members.get("customer_buys")
    if listed is not None:
        was = _ids(parts.item.get("buys") or ())
        made["items"] = _items("Buy X Get Y: Customer Buys", listed, was)
    elif new:
        raise BadCell("Buy X Get Y: Customer Buys Values: it is empty.")
    return made


def _ids(holders: Iterable[Item]) -> dict[str, list[str]]:
    """The ids of the products, variants and collections of a list as the store has them."""
    found: dict[str, list[str]] = {word: [] for word in LISTS}
    for holder in holders:
        for word, name in LISTS.items():
            found[word] += [one["id"] for one in holder.get(name) or ()]
    return found


def _listed(members: Iterable[MemberValues], name: str = "=value") -> dict[str, list[str]]:
    """The ids of a list as it is to be, by the words of their types."""
    found: dict[str, list[str]] = {}
    for member in members:
        if member.action == "delete":
            continue
        word, value = str(member.all.get("=type") or ""), member.all.get(name)
        ids = value if isinstance(value, list) else [value]
        found.setdefault(word, []).extend(str(gid) for gid in ids if gid)
    return found


def _items(header: str, members: Iterable[MemberValues], was: dict[str, list[str]]) -> Json:
    wanted = _listed(members)
    if "All" in wanted or not wanted:
        return {"all": True}
    if "" in wanted:
        raise BadCell(f"{header}: Type: it is empty. Write {', '.join(LISTS)}.")
    if not all(wanted.values()):
        raise BadCell(
            f"{header}: Values: it is empty, so it is not known which. For all write All."
        )

    def changes(word: str, add: str, remove: str) -> Input:
        now, old = wanted.get(word, []), was[word]
        return _without_empty(
            {
                add: [one for one in now if one not in old],
                remove: [one for one in old if one not in now],
            }
        )

    products = changes(PRODUCTS, "productsToAdd", "productsToRemove")
    products |= changes(VARIANTS, "productVariantsToAdd", "productVariantsToRemove")
    return _without_empty(
        {"products": products, "collections": changes(COLLECTIONS, "add", "remove")}
    )


def _without_empty(made: Mapping[str, Any]) -> Input:
    return {name: value for name, value in made.items() if value}


def _context(parts: Parts) -> Json:
    """Who may use it."""
    context = parts.item["discount"]["context"] if parts.item else {}
    wanted = _listed(parts.members.get("eligible", ()))
    words = [word for word in wanted if word]
    if "Markets" in words:
        raise BadCell(
            "Eligibility: Customer Type: a file does not say which markets. Choose them in the "
            "Shopify admin."
        )
    if "All" in words or not words:
        return {"all": "ALL"}
    if len(words) > 1:
        raise BadCell("Eligibility: Customer Type: it is either Segments or Customers.")
    [word] = words
    name, old = ("customerSegments", "segments") if word == "Segments" else ("customers",) * 2
    was = [one["id"] for one in context.get(old) or ()]
    now = wanted[word]
    if not now:
        raise BadCell(
            "Eligibility: Customer Values: it is empty, so it is not known who may use it."
        )
    return {
        name: _without_empty(
            {
                "add": [one for one in now if one not in was],
                "remove": [one for one in was if one not in now],
            }
        )
    }


def _shipping(parts: Parts, new: bool) -> Input:
    if not new and "=countries" not in parts.values:
        return {}
    given = parts.values.get("=countries")
    codes = [str(one) for one in given] if isinstance(given, list) else []
    if not codes:
        return {"destination": {"all": True}}
    selection = parts.item["discount"].get("destinationSelection") if parts.item else None
    was = list((selection or {}).get("countries") or ())
    named = [code for code in codes if code != REST]
    chosen = _without_empty(
        {
            "add": [code for code in named if code not in was],
            "remove": [code for code in was if code not in named],
        }
    )
    chosen["includeRestOfWorld"] = REST in codes
    return {"destination": {"countries": chosen}}


# ---------------------------------------------------------------------------- codes


def _made(item: Item, variables: Input) -> bool:
    """Whether the store has all codes of a call."""
    there = {str(one["code"]).casefold() for one in item.get("codes") or ()}
    given = variables.get("codes")
    codes = given if isinstance(given, list) else []
    named = [str(one["code"]) for one in codes if isinstance(one, dict)]
    return all(code.casefold() in there for code in named)


def _by_code(code: str) -> str:
    """The root field that finds a discount by any of its codes."""
    return f"codeDiscountNodeByCode(code: {literal(code)})"


def _parse_code(cell: str) -> str:
    code = cell.strip()
    if len(code) > LONGEST:
        raise BadCell(f"“{short(code)}” has more than {LONGEST} characters, the most of a code.")
    return code


CODE_TEXT = form(str, parse=_parse_code)


def _not_made(creation: Item) -> str:
    nodes = (creation.get("codes") or {}).get("nodes") or ()
    wrong = [node for node in nodes if node["errors"]]
    if not wrong:
        return ""
    reasons = "; ".join(
        f"“{short(node['code'])}”: {node['errors'][0]['message']}" for node in wrong[:REPORTED]
    )
    more = f" and {len(wrong) - REPORTED:,} more" if len(wrong) > REPORTED else ""
    return f"Code: {reasons}{more}."


ADD = Mutation(
    "discountRedeemCodeBulkAdd",
    ("discountId: ID!", "codes: [DiscountRedeemCodeInput!]!"),
    input="codes",
    target="discountId",
    returns="bulkCreation { id done }",
    errors=WITH_CODE,
    of="DiscountCodeNode",
    follow=Follow(
        "bulkCreation",
        """query ($id: ID!) { node: discountRedeemCodeBulkCreation(id: $id) {
          id done failedCount } }""",
        _not_made,
        failed="failedCount",
        details="""query ($id: ID!) { node: discountRedeemCodeBulkCreation(id: $id) { id
          codes(first: 250) { nodes { code errors { code message } } } } }""",
    ),
    done=_made,
)
REMOVE = Mutation(
    "discountCodeRedeemCodeBulkDelete",
    ("discountId: ID!", "ids: [ID!]"),
    input="ids",
    target="discountId",
    returns="job { id done }",
    errors=WITH_CODE,
    of="DiscountCodeNode",
)


def codes(parts: Parts) -> Iterator[tuple[Mutation, Input]]:
    """The calls that add and remove codes; a new discount has its first one already."""
    new = parts.created("codes")[1 if parts.new else 0 :]
    if new and not _adds_only(parts) and _what(parts)[0] == AUTOMATIC:
        raise BadCell("Code: a discount that is automatic has none. Leave it empty.")
    for start in range(0, len(new), AT_ONCE):
        batch: list[Json] = [{"code": one.all["=code"]} for one in new[start : start + AT_ONCE]]
        yield ADD, ADD.variables(parts.target, batch)
    listed = parts.members.get("codes", ())
    gone = [one.ref for one in listed if one.action == "delete" and one.ref]
    for start in range(0, len(gone), AT_ONCE):
        ids: list[Json] = [*gone[start : start + AT_ONCE]]
        yield REMOVE, REMOVE.variables(parts.target, ids)


BUYS = "Buy X Get Y: Customer Buys"


def _filled_with(type_header: str, values_header: str) -> Callable[[Mapping[str, str]], str]:
    """A type needs values, but for all and for markets; without them a list would lose the rest of
    its members, or a new discount hold for everything."""

    def filled(cells: Mapping[str, str]) -> str:
        word = cells.get(type_header, "").strip().lower()
        return "" if word in ("", "all", "markets") else values_header

    return filled


WRITING = Writing(
    typename="DiscountNode",
    keys=(Key(("Title",), "title"),),
    through=((Key(("Code",), field=_by_code),),),
    made_through=True,
    kinds=tuple(MUTATIONS.values()),
    kind=kind,
    ref=ref,
    members=(
        Members(
            of="codes",
            keys=(Key(("Code",), field=_by_code),),
            command="Code Command",
            endless=True,
            kept=True,
            only_new=("=code",),
            word="code",
            counted=True,
        ),
        *(
            Members(of=of, keys=(), kept=True, filled=_filled_with(type_header, values_header))
            for of, type_header, values_header in (
                ("applies_to", "Applies To: Type", "Applies To: Values"),
                ("customer_buys", f"{BUYS} Type", f"{BUYS} Values"),
                ("eligible", "Eligibility: Customer Type", "Eligibility: Customer Values"),
            )
        ),
    ),
    fixed=("Type", "Method"),
    lost="How often it was used is lost; an undo creates it again with its codes.",
    instead=(
        "Write the Command REPLACE to delete the discount and create it again. How often it was "
        "used is lost then."
    ),
    remade=(
        "Its Method or Type changes, so it is deleted and created again under another ID, with the "
        "codes of the file. How often it was used is lost."
    ),
    names_repeat=True,
    empties={"Value Type": ("Value",), "Status": ("Ends At",)},
    complete=complete,
    refuses=refuses,
    never_new=("=status",),
    together=(
        (
            "combinesWith.productDiscounts",
            "combinesWith.orderDiscounts",
            "combinesWith.shippingDiscounts",
        ),
    ),
    after=(Step("codes", send=ADD, makes=codes, others=(REMOVE,)),),
)
