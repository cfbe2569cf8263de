"""What the cells of a discount say: Shopify has eight types of it, real files one row of words.

Functions that take a ``discount`` take what is below a node, the others the node.
"""

from decimal import Decimal

from transfer.types.base import Item
from transfer.types.forms import money, number_of

LISTS = {
    "products": "Products",
    "productVariants": "Product Variants",
    "collections": "Collections",
}
EVERYTHING = {"type": "All", "value": ""}
ELIGIBLE = {
    "DiscountBuyerSelectionAll": "All",
    "DiscountCustomerSegments": "Segments",
    "DiscountCustomers": "Customers",
    "DiscountMarkets": "Markets",
}


def kind(discount: Item) -> str:
    """``Amount off Products`` and the like."""
    name = discount["__typename"]
    if name.endswith("Bxgy"):
        return "Buy X Get Y"
    if name.endswith("FreeShipping"):
        return "Free Shipping"
    if name.endswith("App"):
        return "App"
    return f"Amount off {'Products' if 'PRODUCT' in discount['discountClasses'] else 'Order'}"


def _effect(discount: Item) -> Item | None:
    """The percentage or amount that the customer gets, for some of the items or for all."""
    value = (discount.get("customerGets") or {}).get("value")
    return value.get("effect") or value if value else None


def value_type(discount: Item) -> str:
    effect = _effect(discount)
    if effect is None:
        return ""
    if "amount" in effect:
        return "Amount Off Each" if effect["appliesOnEachItem"] else "Fixed Amount"
    free = effect["percentage"] == 1 and discount["__typename"].endswith("Bxgy")
    return "Free" if free else "Percentage"


def value_of(discount: Item) -> str:
    """Percent points or money; empty where something is free."""
    effect = _effect(discount)
    if effect is None or value_type(discount) == "Free":
        return ""
    if "amount" in effect:
        return money(effect["amount"]["amount"])
    return money(format((Decimal(str(effect["percentage"])) * 100).normalize(), "f"))


def least(discount: Item) -> tuple[str, str]:
    """``("Amount", "30.00")`` or ``("Quantity", "2")``; blank where nothing is required."""
    least = discount.get("minimumRequirement") or {}
    bought = (discount.get("customerBuys") or {}).get("value") or {}
    amount = (least.get("greaterThanOrEqualToSubtotal") or bought).get("amount")
    quantity = least.get("greaterThanOrEqualToQuantity") or bought.get("quantity")
    if amount is not None:
        return "Amount", money(amount)
    return ("Quantity", quantity) if quantity is not None else ("", "")


def countries(destination: Item) -> str:
    codes = [*destination.get("countries", ())]
    codes += ["Rest of World"] if destination.get("includeRestOfWorld") else []
    return ", ".join(codes)


def _purchases(discount: Item) -> tuple[bool, bool]:
    """Whether it holds for one-time purchases, and for subscriptions."""
    buys = discount.get("customerBuys")
    if buys is not None:
        return buys["isOneTimePurchase"], buys["isSubscription"]
    gets = discount.get("customerGets") or discount
    return gets["appliesOnOneTimePurchase"], gets["appliesOnSubscription"]


def purchase_type(discount: Item) -> str:
    once, again = _purchases(discount)
    return "Both" if once and again else "Subscription" if again else "One-time"


def cycles(discount: Item) -> str:
    """For how many payments of a subscription; 0 is for all of them."""
    limit = discount.get("recurringCycleLimit")
    limit = discount.get("automaticCycleLimit") if limit is None else limit
    return str(limit) if limit is not None and _purchases(discount)[1] else ""


def applies_to(item: Item) -> list[Item]:
    """``{"type", "value"}`` of each item that is discounted."""
    gets = item["discount"].get("customerGets")
    if gets is None:
        return []
    everything = gets["items"]["__typename"] == "AllDiscountItems"
    if everything and kind(item["discount"]) == "Amount off Order":
        return []
    return [EVERYTHING] if everything else _listed(item)


def customer_buys(item: Item) -> list[Item]:
    """``{"type", "value"}`` of each item that a customer must buy."""
    buys = item["discount"].get("customerBuys")
    if buys is None:
        return []
    if buys["items"]["__typename"] == "AllDiscountItems":
        return [EVERYTHING]
    return [found for part in item.get("buys", ()) for found in _listed(part)]


def _listed(holder: Item) -> list[Item]:
    """Products and collections by their handles, variants by their SKU or else their number."""
    return [
        {"type": words, "value": found.get("handle") or found.get("sku") or number_of(found["id"])}
        for name, words in LISTS.items()
        for found in holder.get(name, ())
    ]


def eligible(item: Item) -> list[Item]:
    """``{"type", ...}`` of each customer or segment; one line where it is for all. They have no
    ids: a line is what it says, wherever it stands."""
    context = item["discount"]["context"]
    words = ELIGIBLE[context["__typename"]]
    found = context.get("customers") or context.get("segments") or [{}]
    return [
        {"type": words} | {name: value for name, value in one.items() if name != "id"}
        for one in found
    ]
