"""What the contract cannot guess: for a column of a type a cell that Shopify takes.

The contract changes one cell of each column that an import can write: to what the column has
elsewhere in the export, else to any text, number, date or word that fits its form. Only where that
is not what Shopify would take does a type need an example here. In headers and cells ``*`` stands
for any text, ``?`` for one character.
"""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Example:
    """Another ``cell`` for a column, for rows that have these cells ``among`` theirs. ``=Header``
    is what the row has in that column."""

    cell: str
    among: dict[str, str] = field(default_factory=dict)


PUBLISHED = ("Published", "Published At", "Published Scope", "Published: *")
EXAMPLES: dict[str, dict[str, Example]] = {
    "products": {
        "Variant Image": Example("=Image Src", {"Image Src": "?*", "Variant ID": "?*"}),
        "Option1 *": Example("Quite another", {"Option1 Name": "?*"}),
        "Option2 *": Example("Quite another", {"Option2 Name": "?*"}),
        "Option3 *": Example("Quite another", {"Option3 Name": "?*"}),
        "Variant Shipping Profile": Example("", {"ID": "none"}),
    },
    "collections": {
        "Handle": Example("quite-another", {"Title": "[WEG]*"}),
        "Product: Position": Example("2", {"Sort Order": "Manual"}),
    },
    "catalogs": {
        "Status": Example("Draft", {"Type": "Company Location"}),
        "Price List: Name": Example("Quite another"),
        "Variant: Quantity Minimum": Example("6"),
        "Variant: Quantity Maximum": Example("60"),
        "Variant: Quantity Increment": Example("1"),
    },
    "customers": {
        "Phone": Example("+4790000077"),
        "Email Marketing: Level": Example(
            "confirmed_opt_in", {"Email Marketing: Status": "*subscribed", "Email": "?*"}
        ),
        "SMS Marketing: Level": Example(
            "confirmed_opt_in", {"SMS Marketing: Status": "subscribed"}
        ),
        "Address Province Code": Example("ON", {"Address Country Code": "CA"}),
        "Address Province": Example("Ontario", {"Address Country Code": "CA"}),
        "Address Country Code": Example("DE", {"Address Province Code": ""}),
        "Address Country": Example("Germany", {"Address Province Code": ""}),
    },
    "orders": {
        "Phone": Example("+4790000077"),
        "Cancel*": Example("", {"ID": "none"}),
        "Customer: ID": Example("", {"ID": "none"}),
        "Fulfillment: Status": Example("cancelled"),
    },
    "draft_orders": {
        "Status": Example("", {"ID": "none"}),
        "Phone": Example("+4790000077"),
        "Email": Example("quite@another.example"),
        "Send Invoice": Example("true", {"Status": "open", "Email": "?*"}),
        "Customer: Email": Example("", {"ID": "none"}),
        "Customer: ID": Example("", {"ID": "none"}),
        "Company: *": Example("", {"ID": "none"}),
        "Payment Terms: Name": Example("Net 60", {"Payment Terms: Type": "net"}),
        "Payment Terms: Type": Example("receipt", {"Payment Terms: Type": "net"}),
        "Payment Terms: Due In Days": Example("90", {"Payment Terms: Type": "net"}),
        "Payment Terms: Due At": Example("", {"ID": "none"}),
    },
    "companies": {
        "Name": Example("Quite another"),
        "External ID": Example("X-77"),
        "Main Contact: *": Example("=Customer: Email", {"Customer: Location Role": "Ordering*"}),
        "Location: External ID": Example("X-78"),
        "Location: Checkout Payment Terms": Example("Net 60"),
        "Location: Checkout Payment Deposit": Example(
            "30", {"Location: Checkout Payment Terms": "?*"}
        ),
        "Location: Checkout Pay Now Only": Example(
            "true", {"Location: Checkout Payment Deposit": "", "ID": "none"}
        ),
        "Location: Locale": Example("de"),
    },
    "discounts": {
        "Applies To: Values": Example("outdoor", {"Applies To: Type": "Collections"}),
        "Buy*Values": Example("drift-toboggan", {"Buy X Get Y: Customer Buys Type": "Products"}),
        "Eligibility: Customer Values": Example(
            "customer4@example.com", {"Eligibility: Customer Type": "Customers"}
        ),
        "Applies To: Type": Example("", {"ID": "none"}),
        "Buy X Get Y: Customer Buys Type": Example("", {"ID": "none"}),
        "Eligibility: Customer Type": Example("", {"ID": "none"}),
        "Ends At": Example("2099-01-31 10:00:00 +0000"),
        "Minimum Value": Example("77.50", {"Minimum Requirement": "Amount"}),
        "Limit One Use Per Customer": Example("true", {"Limit One Use Per Customer": "false"}),
    },
    "articles": {
        "Comment: Status": Example("spam", {"Comment: Status": "published"}),
    },
    "menus": {
        "Menu Item: Resource Type": Example("COLLECTIONS", {"Menu Item: Resource Type": "SEARCH"}),
        "Menu Item: Resource ID": Example("", {"ID": "none"}),
        "Menu Item: Resource Handle": Example(
            "winter", {"Menu Item: Resource Type": "COLLECTION", "Menu Item: Title": "Kitchen"}
        ),
        "Menu Item: Parent Title": Example("Shop", {"Menu Item: Title": "Sizes"}),
    },
    "files": {
        "File Name": Example("another.png", {"Type": "IMAGE"}),
    },
    "metafield_definitions": {
        "Capability: Cart to Order Copyable": Example("false", {"Owner Type": "ORDER"}),
    },
}
RENUMBERED = ("draft_orders",)
"""Types whose members get new ids whenever one of them changes."""
LEFT_ALONE = {
    "draft_orders": {"Status": "completed"},
    "metaobject_definitions": {"Type": "shopify--*"},
    "catalogs": {"Type": "App"},
    "discounts": {"Type": "App"},
}
"""Objects of which Shopify takes no change: rows with such a cell."""
SAME: dict[str, tuple[tuple[str, ...], ...]] = {
    "collections": (PUBLISHED, ("Sort Order", "Product: Position")),
    "products": (
        ("Status", *PUBLISHED),
        ("Inventory *",),
        ("Option?*",),
        ("Category", "Category: ID"),
        ("Variant Image", "Image *"),
        ("Variant Position",),
        ("Image Position",),
    ),
    "catalogs": (("Price List: *",), ("Variant: Quantity *",)),
    "customers": (
        ("Email Marketing: *",),
        ("SMS Marketing: *", "Phone"),
        ("Store Credit: *",),
        ("Address *",),
    ),
    "companies": (
        ("Main Contact: *",),
        ("Location: Checkout Pay*",),
        ("Store Credit: *",),
    ),
    "pages": (("Published*",),),
    "articles": (("Published*",),),
    "discounts": (
        ("Value*",),
        ("Minimum *",),
        ("Purchase Type*",),
        ("Starts At", "Ends At", "Status"),
    ),
    "menus": (
        ("Menu Item: Resource *", "Menu Item: URL"),
        ("Menu Item: Title", "Menu Item: Parent *", "Menu Item: Position"),
    ),
    "orders": (
        ("Fulfillment: *",),
        ("Closed At", "Archived"),
        ("Shipping: Province*", "Shipping: Country*"),
        ("Customer: *",),
    ),
    "draft_orders": (
        ("Shipping: Province*", "Shipping: Country*"),
        ("Billing: Province*", "Billing: Country*"),
        ("Customer: *", "Email"),
        ("Payment Terms: *",),
        ("Discount: *",),
        ("Send Invoice*", "Status"),
    ),
    "files": (("File Name", "Link"),),
    "metaobject_definitions": (
        ("Access: Storefront API", "Capability: Storefronts API access"),
        ("Field: Is Display Name",),
    ),
}
"""Columns of a type that say the same in other words, or of other members: where one is changed,
the others may follow."""
ASSIGNED = {
    "files": ("Link",),
    "products": ("Variant Image", "Image Src"),
    "collections": ("Image Src",),
    "articles": ("Image Src",),
    "orders": ("Closed At",),
}
"""Columns of which the store shows something else than was asked for: a new address."""
LOST = {
    "products": ("Published At", "Inventory *"),
    "collections": ("Published At",),
    "catalogs": ("Price List: *",),
    "customers": (
        *("Email Marketing: Updated At", "SMS Marketing: *", "Store Credit*"),
        *("Address Country*", "Address Province*"),
    ),
    "companies": ("Store Credit*",),
    "files": ("Link", "Size*"),
    "articles": ("Comment: Published At*", "Comment: Updated At*"),
    "orders": (
        *("Closed At", "Archived", "Fulfillment: *", "Order Fulfillment Status"),
        *("Line: Fulfill*", "Price: Total Outstanding", "Payment: Status"),
        *("Transaction: *", "Line: Type (*", "Refund: ID (*"),
    ),
    "draft_orders": (
        *("Line: ID *", "Tax*", "Line: Tax*", "Price: Total", "Status", "Invoice: *"),
        *("Shipping: ID *", "Shipping: Code *", "Shipping: Source *", "Shipping: Tax*"),
    ),
    "metafield_definitions": ("Pinned: Position",),
}
"""What an undo does not bring back as it was: Shopify gives a new day of publishing and a new place
among pinned definitions; it knows when, and by whom, consent was given back, and every
transaction of a store credit; it keeps stock of 0 where there was none, and a price list that was
made; the content that a file had is gone; an order stays closed and
paid, a fulfillment canceled."""


def example(name: str, header: str) -> Example | None:
    """The example for a column of a type."""
    examples = EXAMPLES.get(name, {})
    return next((one for pattern, one in examples.items() if fits(pattern, header)), None)


def says_same(name: str, header: str, other: str) -> bool:
    """Whether two columns of a type say the same."""
    return any(any_fits(group, header) and any_fits(group, other) for group in SAME.get(name, ()))


def is_assigned(name: str, header: str) -> bool:
    """Whether the store shows something else in the column than was asked for."""
    return any_fits(ASSIGNED.get(name, ()), header)


def is_lost(name: str, header: str) -> bool:
    """Whether an undo does not bring back the column as it was."""
    return header in ("Updated At", "Row #") or any_fits(LOST.get(name, ()), header)


def is_left_alone(name: str, row: dict[str, str]) -> bool:
    """Whether Shopify takes no change of the row's object."""
    return any(fits(cell, row[header]) for header, cell in LEFT_ALONE.get(name, {}).items())


def any_fits(patterns: tuple[str, ...], text: str) -> bool:
    return any(fits(pattern, text) for pattern in patterns)


def fits(pattern: str, text: str) -> bool:
    return fnmatchcase(text, pattern)
