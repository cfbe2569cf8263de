"""How the cells of discounts are read and shown, whatever kind of discount they are of."""

from collections.abc import Mapping
from typing import Any

from transfer.types.base import Item
from transfer.types.discount_queries import AUTOMATIC, BASIC, BXGY, CODE, SHIPPING
from transfer.types.discount_values import (
    countries,
    cycles,
    least,
    purchase_type,
    value_of,
    value_type,
)
from transfer.types.discount_values import kind as word_of_kind
from transfer.types.forms import (
    TEXT,
    BadCell,
    Form,
    form,
    number_of,
    parse_decimal,
    parse_id,
    parse_integer,
    parse_list,
    same_decimal,
    short,
    words,
)
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import Reference, Value

KINDS = {
    "Amount off Products": BASIC,
    "Amount off Order": BASIC,
    "Buy X Get Y": BXGY,
    "Free Shipping": SHIPPING,
}
METHODS = {"Code": CODE, "Automatic": AUTOMATIC}
REST = "Rest of World"
PRODUCTS, VARIANTS, COLLECTIONS = "Products", "Product Variants", "Collections"
LISTS = {PRODUCTS: "products", VARIANTS: "productVariants", COLLECTIONS: "collections"}


def _word_form(*words: str, within: bool = False) -> Form:
    """One of some words, in any case, in the singular too; or ``within`` other words."""
    known = {word.lower().replace("-", " "): word for word in words}
    known |= {word.removesuffix("s"): known[word] for word in known}
    known |= {
        word.rpartition(" ")[2]: known[word] for word in known if word.startswith("product v")
    }

    def parse(cell: str) -> str:
        text = " ".join(cell.replace("_", " ").replace("-", " ").lower().split())
        if within:
            text = next((word for word in known if word in text), text)
        if text not in known:
            raise BadCell(f"“{short(cell)}” is none of {', '.join(words)}.")
        return known[text]

    return form(str, parse=parse)


def _word(read: Any, *words: str, within: bool = False) -> Form:
    """A word that is read of the discount, or said by a cell."""
    form_of_words = _word_form(*words, within=within)

    def render(value: Item | str) -> str:
        return value if isinstance(value, str) else str(read(value))

    return Form(lambda facts: render, parse=form_of_words.parse)


def _number(read: Any) -> Form:
    def render(value: Item | str) -> str:
        return _two_decimals(value) if isinstance(value, str) else str(read(value))

    return Form(
        lambda facts: render,
        "number",
        parse=lambda cell, facts: parse_decimal(cell),
        canonical=same_decimal,
    )


def _two_decimals(value: str) -> str:
    whole, _, decimals = value.partition(".")
    return f"{whole}.{decimals:0<2}" if decimals else value


TYPE = _word(word_of_kind, *KINDS, "App")
METHOD = Form(
    lambda facts: (
        lambda name: name if name in METHODS else "Code" if name.startswith(CODE) else "Automatic"
    ),
    parse=_word_form(*METHODS).parse,
)
VALUE_TYPE = _word(value_type, "Percentage", "Fixed Amount", "Amount Off Each", "Free")
VALUE = _number(value_of)
STATUS = words({word.upper(): word for word in ("Active", "Expired", "Scheduled")})
MINIMUM = _word(lambda discount: least(discount)[0], "Amount", "Quantity", within=True)
MINIMUM_VALUE = _number(lambda discount: least(discount)[1])


def _parse_discount_id(cell: str, facts: ShopFacts) -> str:
    typenames = ("DiscountNode", "DiscountCodeNode", "DiscountAutomaticNode")
    return ref(parse_id(cell, typenames))


def ref(gid: str) -> str:
    """The id of a discount as the list of all has it: its number is the same in each."""
    return f"gid://shopify/DiscountNode/{gid.rpartition('/')[2]}"


def _parse_countries(cell: str) -> list[str]:
    found = []
    for one in parse_list(cell):
        if one.lower() == REST.lower():
            found.append(REST)
        elif len(one) == 2 and one.isascii() and one.isalpha():
            found.append(one.upper())
        else:
            raise BadCell(f"“{short(one)}” is no country code. Write them like US, CA.")
    return found


def _names(value: Any) -> str:
    found = value if isinstance(value, list) else [value]
    return ", ".join(one.name if isinstance(one, Reference) else str(one) for one in found)


def _references(to: str, *, exact: bool = False) -> Form:
    def parse(cell: str) -> Value:
        found: list[Value] = [
            Reference(to, one if exact else one.lower())
            for one in parse_list(cell.replace("|", ","))
        ]
        return found[0] if len(found) == 1 else found

    return form(_names, parse=parse)


DISCOUNT_ID = Form(
    lambda facts: number_of,
    parse=_parse_discount_id,
    typenames=("DiscountNode", "DiscountCodeNode", "DiscountAutomaticNode"),
)
COUNTRIES = form(
    lambda value: ", ".join(value) if isinstance(value, list) else countries(value),
    parse=_parse_countries,
)
PURCHASE = _word(purchase_type, "One-time", "Subscription", "Both")
CYCLES = Form(
    lambda facts: lambda value: str(value) if isinstance(value, int) else cycles(value),
    "number",
    parse=lambda cell, facts: parse_integer(cell),
)
ITEM_TYPE = _word_form("All", *LISTS)
ITEMS = {
    PRODUCTS: _references("Product"),
    VARIANTS: _references("Variant", exact=True),
    COLLECTIONS: _references("Collection"),
}
CUSTOMER_TYPE = _word_form("All", "Segments", "Customers", "Markets")
CUSTOMERS = {"Segments": _references("Segment", exact=True), "Customers": _references("Customer")}


def _by_type(header: str, forms: Mapping[str, Form], words: Form) -> Any:
    def chosen(row: Mapping[str, str], facts: ShopFacts) -> Form:
        try:
            return forms.get(str(words.value(row.get(header, ""), facts)), TEXT)
        except BadCell:
            return TEXT

    return chosen


def values_form(header: str) -> Any:
    """The form of a column of items, by the column ``header`` with their type."""
    return _by_type(header, ITEMS, ITEM_TYPE)


eligible_form = _by_type("Eligibility: Customer Type", CUSTOMERS, CUSTOMER_TYPE)
