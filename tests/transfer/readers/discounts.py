"""Discounts are read by method and kind from roots that the export does not use, and what a
discount's terms come to is written down by its title."""

from tests.transfer.readers.reading import at, beside, cells, money, number, text, when, yes

SEED = {"products": 12, "collections": 4, "customers": 4, "discounts": 13}
ITEMS = """items { __typename ... on DiscountProducts {
    products(first: 3) { nodes { handle } } productVariants(first: 3) { nodes { id sku } } }
  ... on DiscountCollections { collections(first: 3) { nodes { handle } } } }"""
BASIC = f"""discountClasses minimumRequirement {{
    ... on DiscountMinimumSubtotal {{ greaterThanOrEqualToSubtotal {{ amount }} }}
    ... on DiscountMinimumQuantity {{ greaterThanOrEqualToQuantity }} }}
  customerGets {{ {ITEMS} }} summary"""
BXGY = f"summary customerGets {{ {ITEMS} }} customerBuys {{ {ITEMS} }}"
SHIPPING = "summary maximumShippingPrice { amount }"
COMMON = """title status startsAt endsAt createdAt updatedAt asyncUsageCount
  combinesWith { orderDiscounts productDiscounts shippingDiscounts }
  context { ... on DiscountCustomerSegments { segments { name } }
    ... on DiscountCustomers { customers { email } } }"""
CODE = "usageLimit appliesOncePerCustomer codes(first: 3) { nodes { id code asyncUsageCount } }"
KINDS = {"Basic": BASIC, "Bxgy": BXGY, "FreeShipping": SHIPPING, "App": ""}
FRAGMENTS = " ".join(
    f"... on Discount{method}{kind} {{ {COMMON} {more} {CODE if method == 'Code' else ''} }}"
    for method in ("Code", "Automatic")
    for kind, more in KINDS.items()
)
QUERY = f"""query ($after: String) {{ discountNodes(first: 1, after: $after) {{
  nodes {{ id discount {{ __typename {FRAGMENTS} }} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
NOT_FILLED: dict[str, str] = {}
NOT_SAID: dict[str, str] = {}
TERMS = (
    *("Type", "Method", "Value Type", "Value", "Minimum Requirement", "Minimum Value"),
    "Limit Uses Per Order",
)
FREE, PRODUCTS, ORDER = "Free Shipping", "Amount off Products", "Amount off Order"
WRITTEN = {
    "Winter 10 %": (ORDER, "Code", "Percentage", "10.00", "Amount", "30.00", ""),
    "Winter 10 % (2)": (ORDER, "Code", "Percentage", "10.00", "Amount", "30.00", ""),
    "Free shipping over $50": (FREE, "Code", "", "", "Amount", "50.00", ""),
    "$5 off kitchen": (PRODUCTS, "Automatic", "Amount Off Each", "5.00", "", "", ""),
    "Two shirts, one free": ("Buy X Get Y", "Code", "Free", "", "Quantity", "2", "1"),
    "Free shipping in the US": (FREE, "Automatic", "", "", "Amount", "50.00", ""),
    "Kit with every sled": ("Buy X Get Y", "Automatic", "Free", "", "Quantity", "2", "1"),
    'Friends & family "2026" 🎉': (PRODUCTS, "Code", "Percentage", "12.50", "", "", ""),
    "Loyal\ncustomers": (ORDER, "Automatic", "Fixed Amount", "10.00", "Quantity", "3", ""),
    "Subscribers ship free": (FREE, "Code", "", "", "", "", ""),
    "Spend 100, half off a vase": (
        *("Buy X Get Y", "Code", "Percentage", "50.00", "Amount", "100.00"),
        "",
    ),
    "Volume by an app": ("App", "Code", "", "", "", "", ""),
    "Tiers by an app": ("App", "Automatic", "", "", "", "", ""),
}
COUNTRIES = {
    "Free shipping in the US": "US, CA",
    "Subscribers ship free": "US, CA, Rest of World",
}
PURCHASES = {"Subscribers ship free": "Subscription", "Spend 100, half off a vase": "Both"}
CYCLES = {"Subscribers ship free": "3"}
OWN = {
    "Title": ("title", text),
    "Total Used Count": ("asyncUsageCount", text),
    "Limit Total Times": ("usageLimit", text),
    "Limit One Use Per Customer": ("appliesOncePerCustomer", yes),
    "Status": ("status", str.capitalize),
    "Starts At": ("startsAt", when),
    "Ends At": ("endsAt", when),
    "Created At": ("createdAt", when),
    "Updated At": ("updatedAt", when),
    "Summary": ("summary", text),
}
TOP = {
    "Free Shipping: Over Amount": ("maximumShippingPrice.amount", money),
    "Combines with Product Discounts": ("combinesWith.productDiscounts", yes),
    "Combines with Order Discounts": ("combinesWith.orderDiscounts", yes),
    "Combines with Shipping Discounts": ("combinesWith.shippingDiscounts", yes),
}
CODES = {
    "Code": ("code", text),
    "Code Command": ("id", lambda gid: "MERGE"),
    "Code Used Count": ("asyncUsageCount", text),
}


def rows(nodes):
    return {"Discounts": [row for node in nodes for row in _discount(node)]}


def _discount(node):
    discount = node["discount"]
    title = discount["title"]
    own = {"ID": number(node["id"]), "Command": "MERGE"} | cells(discount, OWN)
    own |= dict(zip(TERMS, WRITTEN[title], strict=True))
    top = cells(discount, TOP) | {
        "Buy X Get Y: Customer Gets Quantity": "1" if "Bxgy" in discount["__typename"] else "",
        "Free Shipping: Country Codes": COUNTRIES.get(title, ""),
        "Purchase Type": PURCHASES.get(title, "One-time"),
        "Purchase Type: Recurring Subscription Limit": CYCLES.get(title, ""),
    }
    codes = [cells(code, CODES) for code in (at(discount, "codes.nodes") or ())]
    gets = [] if own["Type"] == ORDER else _items(at(discount, "customerGets.items"))
    applies = [{"Applies To: Type": kind, "Applies To: Values": v} for kind, v in gets]
    buys = [
        {"Buy X Get Y: Customer Buys Type": kind, "Buy X Get Y: Customer Buys Values": v}
        for kind, v in _items(at(discount, "customerBuys.items"))
    ]
    return beside(top, own, codes, applies, buys, _eligible(discount["context"]))


def _items(items):
    if items is None:
        return []
    lists = ("products", "Products"), ("productVariants", "Product Variants")
    found = []
    for name, words in (*lists, ("collections", "Collections")):
        for node in at(items, f"{name}.nodes") or ():
            found.append((words, node.get("handle") or node.get("sku") or number(node["id"])))
    return found


def _eligible(context):
    found = [("Customers", c["email"]) for c in context.get("customers", ())]
    found += [("Segments", s["name"]) for s in context.get("segments", ())]
    return [
        {"Eligibility: Customer Type": kind, "Eligibility: Customer Values": text(value)}
        for kind, value in found or [("All", "")]
    ]
