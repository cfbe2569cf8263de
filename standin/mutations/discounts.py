"""discountCode… and discountAutomatic…: created, updated, deleted; codes added and removed.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/discountCodeBasicCreate
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from standin import redeem_codes
from standin.context import Context, now
from standin.mutations import work
from standin.mutations.user_errors import refused, user_error
from standin.store import number

MAX_CODES = 250
MAX_AUTOMATIC = 25
LONGEST_CODE = 255
TAKEN = ("Code must be unique. Please try a different code.", "TAKEN")
PLAIN = ("title", "startsAt", "endsAt", "usageLimit", "appliesOncePerCustomer", "usesPerOrderLimit")
ITEMS = {
    "products": ("DiscountProducts", "productsToAdd", "productsToRemove"),
    "productVariants": ("DiscountProducts", "productVariantsToAdd", "productVariantsToRemove"),
    "collections": ("DiscountCollections", "add", "remove"),
}


def create(context: Context, args: dict, by_code: bool, kind: str, argument: str) -> dict:
    place = [argument]
    name = "codeDiscountNode" if by_code else "automaticDiscountNode"
    given = args[argument]
    discount: dict = {
        "__typename": f"Discount{'Code' if by_code else 'Automatic'}{kind}",
        "createdAt": now(),
        "asyncUsageCount": 0,
        "endsAt": None,
        "combinesWith": {
            "orderDiscounts": False,
            "productDiscounts": False,
            "shippingDiscounts": False,
        },
        "context": {"__typename": "DiscountBuyerSelectionAll", "all": "ALL"},
    }
    if by_code:
        discount |= {"codesCount": 0, "usageLimit": None, "appliesOncePerCustomer": False}
    errors = _missing(given, place, by_code, kind)
    if by_code and given.get("code"):
        errors += _code_errors(context, given["code"], [*place, "code"])
    errors += _write(context, discount, given, place, kind)
    active = discount.get("status") == "ACTIVE"
    if not by_code and active and _active_automatic(context) >= MAX_AUTOMATIC:
        text = f"Maximum of {MAX_AUTOMATIC} active automatic discounts reached"
        errors.append(user_error(place, text, "EXCEEDED_MAX"))
    if errors:
        return refused(errors, name)
    gid = context.shop.new_id("DiscountNode")
    codes = [given["code"]] if by_code else []
    return {name: _stored(context, gid, discount, codes), "userErrors": []}


def update(context: Context, args: dict, by_code: bool, kind: str, argument: str) -> dict:
    name = "codeDiscountNode" if by_code else "automaticDiscountNode"
    node = _node(context, args["id"], "Code" if by_code else "Automatic")
    if not node or not node["discount"]["__typename"].endswith(kind):
        return refused([user_error(["id"], "Discount does not exist", "INVALID")], name)
    discount, given = dict(node["discount"]), args[argument]
    errors = _write(context, discount, given, [argument], kind)
    if by_code and given.get("code"):
        for first in context.shop.codes_of(node["id"], 0, 1):
            if first["code"] == given["code"]:
                continue
            errors += _code_errors(context, given["code"], [argument, "code"])
            used = first["asyncUsageCount"]
            renamed = redeem_codes.record(first["id"], node["id"], given["code"], used)
            context.shop.put_many([] if errors else [renamed])
    if errors:
        return refused(errors, name)
    return {name: _stored(context, node["id"], discount), "userErrors": []}


def delete(context: Context, args: dict, by_code: bool) -> dict:
    name = "deletedCodeDiscountId" if by_code else "deletedAutomaticDiscountId"
    node = _node(context, args["id"], "Code" if by_code else "Automatic")
    if not node:
        return refused([user_error(["id"], "Discount does not exist", "INVALID")], name)
    context.shop.delete_codes_of(node["id"])
    context.shop.delete(node["id"])
    context.shop.delete(_shown_as(node["id"], node["discount"]))
    return {name: args["id"], "userErrors": []}


# ---------------------------------------------------------------------------- codes


def add_codes(context: Context, args: dict) -> dict:
    """Codes are made after the answer; those that cannot be are told by the creation."""
    node = _node(context, args["discountId"], "Code")
    if not node:
        error = user_error(["discountId"], "Code discount does not exist.", "INVALID")
        return refused([error], "bulkCreation")
    codes = [one["code"] for one in args["codes"]]
    if len(codes) > MAX_CODES:
        text = f"The input array size of {len(codes)} is greater than the maximum of {MAX_CODES}."
        return refused([user_error(["codes"], text, "TOO_MANY_ARGUMENTS")], "bulkCreation")
    made = work.begin(context, "DiscountRedeemCodeBulkCreation", partial(_add, node["id"], codes))
    return {"bulkCreation": made, "userErrors": []}


def _add(gid: str, codes: list[str], context: Context) -> dict:
    node = context.existing(gid)
    taken = set(redeem_codes.with_text(context.shop, codes))
    results: list[dict] = []
    new: list[str] = []
    for code in codes:
        key = redeem_codes.key(code)
        error = _code_problem(code) or TAKEN
        if not _code_problem(code) and key not in taken:
            taken.add(key)
            new.append(code)
            results.append({"code": code, "errors": []})
        else:
            results.append(
                {
                    "code": code,
                    "errors": [{"field": ["code"], "message": error[0], "code": error[1]}],
                }
            )
    _stored(context, gid, dict(node["discount"]), new)
    return {
        "done": True,
        "codes": results,
        "codesCount": len(codes),
        "importedCount": len(new),
        "failedCount": len(codes) - len(new),
    }


def remove_codes(context: Context, args: dict) -> dict:
    node = _node(context, args["discountId"], "Code")
    if not node:
        error = user_error(["discountId"], "Code discount does not exist.", "INVALID")
        return refused([error], "job")
    chosen = [name for name in ("ids", "search", "savedSearchId") if args.get(name)]
    if len(chosen) != 1:
        text = "Must provide exactly one of ids, search or savedSearchId."
        code = "TOO_MANY_ARGUMENTS" if chosen else "MISSING_ARGUMENT"
        return refused([user_error(None, text, code)], "job")
    job = work.begin(context, "Job", partial(_remove, node["id"], args.get("ids") or []))
    return {"job": job, "userErrors": []}


def _remove(gid: str, ids: list[str], context: Context) -> None:
    discount = dict(context.existing(gid)["discount"])
    there = context.shop.get_many(ids).values()
    for one in there:
        if one.get("redeems") == gid and context.shop.delete(one["id"]):
            discount["codesCount"] -= 1
    _stored(context, gid, discount)


def _code_problem(code: str) -> tuple[str, str] | None:
    if not code.strip():
        return "Code can't be blank", "BLANK"
    if len(code) > LONGEST_CODE:
        return f"Code is too long (maximum is {LONGEST_CODE} characters)", "TOO_LONG"
    return None


def _code_errors(context: Context, code: str, place: list[str]) -> list[dict]:
    if problem := _code_problem(code):
        return [user_error(place, *problem)]
    return [user_error(place, *TAKEN)] if redeem_codes.with_text(context.shop, [code]) else []


# ---------------------------------------------------------------------------- what an input says


def _missing(given: dict, place: list[str], by_code: bool, kind: str) -> list[dict]:
    """Errors of what a creation cannot do without."""
    needed = ["title", "startsAt", "context"] + (["code"] if by_code else [])
    if kind == "FreeShipping":
        needed.append("destination")
    else:
        needed += ["customerGets"] + (["customerBuys"] if kind == "Bxgy" else [])
    return [
        user_error([*place, name], f"{name} can't be blank", "BLANK")
        for name in needed
        if not given.get(name)
    ]


def _write(
    context: Context, discount: dict, given: dict, place: list[str], kind: str
) -> list[dict]:
    errors: list[dict] = []
    discount.update({name: given[name] for name in PLAIN if name in given})
    if "title" in given and not (given["title"] or "").strip():
        errors.append(user_error([*place, "title"], "Title can't be blank", "BLANK"))
    if given.get("combinesWith"):
        discount["combinesWith"] = {**discount["combinesWith"], **given["combinesWith"]}
    if "minimumRequirement" in given:
        errors += _minimum(discount, given["minimumRequirement"], [*place, "minimumRequirement"])
    discount.setdefault("minimumRequirement", None)
    if "context" in given:
        errors += _context(context, discount, given["context"], [*place, "context"])
    if "customerGets" in given:
        errors += _gets(context, discount, given["customerGets"], [*place, "customerGets"], kind)
    if "customerBuys" in given:
        errors += _buys(context, discount, given["customerBuys"], [*place, "customerBuys"])
    if kind == "FreeShipping":
        _shipping(context, discount, given)
    if "recurringCycleLimit" in given:
        discount["recurringCycleLimit"] = given["recurringCycleLimit"]
    start, end = discount.get("startsAt"), discount.get("endsAt")
    if start and end and end <= start:
        text = "Ends at needs to be after starts_at"
        errors.append(user_error([*place, "endsAt"], text, "END_DATE_BEFORE_START_DATE"))
    discount["status"] = _status(start, end)
    discount["updatedAt"] = now()
    discount["discountClasses"] = _classes(discount, kind)
    discount["summary"] = f"{discount.get('title') or ''} • Once a customer"
    return errors


def _status(start: str | None, end: str | None) -> str:
    if end and end <= now():
        return "EXPIRED"
    return "SCHEDULED" if start and start > now() else "ACTIVE"


def _classes(discount: dict, kind: str) -> list[str]:
    if kind == "FreeShipping":
        return ["SHIPPING"]
    items = (discount.get("customerGets") or {}).get("items") or {}
    everything = items.get("__typename") == "AllDiscountItems"
    return ["ORDER"] if everything and kind == "Basic" else ["PRODUCT"]


def _minimum(discount: dict, given: dict | None, place: list[str]) -> list[dict]:
    least = given or {}
    if least.get("quantity") and least.get("subtotal"):
        text = "Minimum subtotal and minimum quantity can't both be present"
        code = "MINIMUM_SUBTOTAL_AND_QUANTITY_RANGE_BOTH_PRESENT"
        return [user_error(place, text, code)]
    discount["minimumRequirement"] = None
    if least.get("subtotal"):
        amount = least["subtotal"]["greaterThanOrEqualToSubtotal"]
        discount["minimumRequirement"] = {
            "__typename": "DiscountMinimumSubtotal",
            "greaterThanOrEqualToSubtotal": _money(amount),
        }
    elif least.get("quantity"):
        discount["minimumRequirement"] = {
            "__typename": "DiscountMinimumQuantity",
            "greaterThanOrEqualToQuantity": str(least["quantity"]["greaterThanOrEqualToQuantity"]),
        }
    return []


def _money(amount) -> dict:
    return {"amount": str(amount), "currencyCode": "USD"}


def _context(context: Context, discount: dict, given: dict, place: list[str]) -> list[dict]:
    old = discount["context"]
    if given.get("all"):
        discount["context"] = {"__typename": "DiscountBuyerSelectionAll", "all": "ALL"}
        return []
    name, typename, of = (
        ("customers", "DiscountCustomers", "Customer")
        if given.get("customers")
        else ("segments", "DiscountCustomerSegments", "Segment")
    )
    change = given.get("customers") or given.get("customerSegments") or {}
    ids, errors = _changed(context, old.get(name) or [], change, ("add", "remove"), {of}, place)
    discount["context"] = {"__typename": typename, name: ids}
    if not ids:
        errors.append(user_error(place, "Must select at least one customer", "BLANK"))
    return errors


def _changed(
    context: Context,
    old: list[str],
    change: dict,
    names: tuple[str, str],
    typenames: set[str],
    place: list[str],
) -> tuple[list[str], list[dict]]:
    """A list of ids with those that join and without those that leave."""
    add, remove = (change.get(name) or [] for name in names)
    errors = [
        user_error([*place, names[0]], f"{gid} does not exist", "INVALID")
        for gid in add
        if (context.record(gid) or {}).get("__typename") not in typenames
    ]
    kept = [one for one in old if one not in remove]
    return [*kept, *(one for one in add if one not in kept)], errors


def _items(context: Context, old: dict, given: dict, place: list[str]) -> tuple[dict, list[dict]]:
    if given.get("all"):
        return {"__typename": "AllDiscountItems", "allItems": True}, []
    made: dict = {"__typename": old.get("__typename")}
    errors: list[dict] = []
    of = {"products": "Product", "productVariants": "ProductVariant", "collections": "Collection"}
    for name, (typename, add, remove) in ITEMS.items():
        change = given.get("collections" if name == "collections" else "products") or {}
        ids, problem = _changed(
            context, old.get(name) or [], change, (add, remove), {of[name]}, [*place, name]
        )
        errors += problem
        if ids:
            made |= {"__typename": typename, name: ids}
    if made.get("collections") and (made.get("products") or made.get("productVariants")):
        text = "Products and collections can't both be selected"
        errors.append(user_error(place, text, "CONFLICT"))
    if len(made) == 1:
        errors.append(user_error(place, "Discount applies on nothing", "APPLIES_ON_NOTHING"))
    if made["__typename"] == "DiscountProducts":
        made = {"products": [], "productVariants": []} | made
    return made, errors


def _gets(context: Context, discount: dict, given: dict, place: list[str], kind: str) -> list[dict]:
    old = discount.get("customerGets") or {
        "appliesOnOneTimePurchase": True,
        "appliesOnSubscription": False,
    }
    made, errors = dict(old), []
    for name in ("appliesOnOneTimePurchase", "appliesOnSubscription"):
        if name in given:
            made[name] = given[name]
    if "items" in given:
        made["items"], problem = _items(
            context, old.get("items") or {}, given["items"], [*place, "items"]
        )
        errors += problem
    if "value" in given:
        value = given["value"]
        on_quantity = value.get("discountOnQuantity")
        if bool(on_quantity) != (kind == "Bxgy"):
            errors.append(user_error([*place, "value"], "Value is invalid", "INVALID"))
        elif on_quantity:
            effect = on_quantity["effect"]
            made["value"] = {
                "__typename": "DiscountOnQuantity",
                "quantity": {"quantity": str(on_quantity["quantity"])},
                "effect": _effect(effect.get("percentage"), effect.get("amount"), True),
            }
        else:
            amount = value.get("discountAmount") or {}
            each = amount.get("appliesOnEachItem", False)
            made["value"] = _effect(value.get("percentage"), amount.get("amount"), each)
        share = value.get("percentage")
        if share is not None and not 0 < share <= 1:
            text = "Value must be between 0.0 and 1.0"
            errors.append(user_error([*place, "value", "percentage"], text, "VALUE_OUTSIDE_RANGE"))
    discount["customerGets"] = made
    return errors


def _effect(percentage: float | None, amount, each: bool) -> dict:
    if percentage is not None:
        return {"__typename": "DiscountPercentage", "percentage": percentage}
    return {
        "__typename": "DiscountAmount",
        "amount": _money(amount),
        "appliesOnEachItem": each,
    }


def _buys(context: Context, discount: dict, given: dict, place: list[str]) -> list[dict]:
    old = discount.get("customerBuys") or {"isOneTimePurchase": True, "isSubscription": False}
    made, errors = dict(old), []
    for name in ("isOneTimePurchase", "isSubscription"):
        if given.get(name) is not None and (name in given):
            made[name] = given[name]
    if "items" in given:
        if given["items"].get("all"):
            errors.append(user_error([*place, "items"], "Items can't be all", "INVALID"))
        made["items"], problem = _items(
            context, old.get("items") or {}, given["items"], [*place, "items"]
        )
        errors += problem
    if "value" in given:
        value = given["value"]
        if value.get("quantity") is not None:
            made["value"] = {"__typename": "DiscountQuantity", "quantity": str(value["quantity"])}
        else:
            made["value"] = {
                "__typename": "DiscountPurchaseAmount",
                "amount": str(value.get("amount")),
            }
    discount["customerBuys"] = made
    return errors


def _shipping(context: Context, discount: dict, given: dict) -> None:
    discount.setdefault("appliesOnOneTimePurchase", True)
    discount.setdefault("appliesOnSubscription", False)
    for name in ("appliesOnOneTimePurchase", "appliesOnSubscription"):
        if name in given:
            discount[name] = given[name]
    if "maximumShippingPrice" in given:
        price = given["maximumShippingPrice"]
        discount["maximumShippingPrice"] = None if price is None else _money(price)
    discount.setdefault("maximumShippingPrice", None)
    selection = given.get("destination") or {}
    if selection.get("countries"):
        change = selection["countries"]
        old = (discount.get("destinationSelection") or {}).get("countries") or []
        kept = [one for one in old if one not in (change.get("remove") or ())]
        discount["destinationSelection"] = {
            "__typename": "DiscountCountries",
            "countries": [*kept, *(one for one in change.get("add") or () if one not in kept)],
            "includeRestOfWorld": change.get("includeRestOfWorld", False),
        }
    elif selection.get("all"):
        discount["destinationSelection"] = {
            "__typename": "DiscountCountryAll",
            "allCountries": True,
        }


# ---------------------------------------------------------------------------- where they are


def _node(context: Context, gid: str, method: str) -> dict | None:
    """The node of a discount of this method, by the id that its own mutations take."""
    if not gid.startswith(f"gid://shopify/Discount{method}Node/"):
        return None
    node = context.record(f"gid://shopify/DiscountNode/{number(gid)}")
    ours = node and node["discount"]["__typename"].startswith(f"Discount{method}")
    return node if ours else None


def _shown_as(gid: str, discount: dict) -> str:
    method = "Code" if discount["__typename"].startswith("DiscountCode") else "Automatic"
    return f"gid://shopify/Discount{method}Node/{number(gid)}"


def _stored(context: Context, gid: str, discount: dict, codes: Sequence[str] = ()) -> dict:
    """The two nodes that show one discount, as any discount and as its kind; it gets some more
    codes."""
    own = _shown_as(gid, discount)
    by_code = "DiscountCodeNode" in own
    discount["node"] = gid
    if by_code:
        discount["codesCount"] += len(codes)
    ids = context.shop.new_ids(redeem_codes.TYPENAME, len(codes)) if codes else []
    new = [redeem_codes.record(one, gid, code) for one, code in zip(ids, codes, strict=True)]
    node = {
        "__typename": "DiscountCodeNode" if by_code else "DiscountAutomaticNode",
        "id": own,
        "codeDiscount" if by_code else "automaticDiscount": discount,
    }
    either = {"__typename": "DiscountNode", "id": gid, "discount": discount}
    context.shop.put_many([either, node, *new])
    context.forget()
    return node


def _active_automatic(context: Context) -> int:
    return sum(
        node["discount"]["__typename"].startswith("DiscountAutomatic")
        and node["discount"]["status"] == "ACTIVE"
        for node in context.shop.iterate("DiscountNode")
    )


def _of_kinds() -> Iterator[tuple[str, Callable]]:
    arguments = {
        ("Code", "Basic"): "basicCodeDiscount",
        ("Code", "Bxgy"): "bxgyCodeDiscount",
        ("Code", "FreeShipping"): "freeShippingCodeDiscount",
        ("Automatic", "Basic"): "automaticBasicDiscount",
        ("Automatic", "Bxgy"): "automaticBxgyDiscount",
        ("Automatic", "FreeShipping"): "freeShippingAutomaticDiscount",
    }
    for (method, kind), argument in arguments.items():
        for name, run in (("Create", create), ("Update", update)):
            own = partial(run, by_code=method == "Code", kind=kind, argument=argument)
            yield f"discount{method}{kind}{name}", own
    for method in ("Code", "Automatic"):
        yield f"discount{method}Delete", partial(delete, by_code=method == "Code")


MUTATIONS = dict(_of_kinds()) | {
    "discountRedeemCodeBulkAdd": add_codes,
    "discountCodeRedeemCodeBulkDelete": remove_codes,
}
