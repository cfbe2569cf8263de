"""Read catalog by catalog, with all that hangs on it."""

import json
from typing import Any

from tests.transfer.readers.reading import beside, cells, money, number, text, yes

SEED = {"products": 12, "companies": 1, "catalogs": 5}
VARIANT = "{ id sku product { id handle } }"
QUERY = f"""query ($after: String) {{ catalogs(first: 1, after: $after) {{ nodes {{
  __typename id title status
  priceList {{ id name currency fixedPricesCount
    parent {{ adjustment {{ type value }} settings {{ compareAtMode }} }}
    prices(first: 60) {{ nodes {{ variant {VARIANT}
      price {{ amount }} compareAtPrice {{ amount }} }} }}
    quantityRules(first: 10) {{ nodes {{
      productVariant {{ id }} minimum maximum increment }} }} }}
  publication {{ id name autoPublish products(first: 60) {{ nodes {{ id handle }} }} }}
  ... on MarketCatalog {{ markets(first: 3) {{ nodes {{ handle }} }} }}
  ... on CompanyLocationCatalog {{
    companyLocations(first: 3) {{ nodes {{ name company {{ name }} }} }} }}
  ... on AppCatalog {{ apps(first: 3) {{ nodes {{ title }} }} }}
}} pageInfo {{ hasNextPage endCursor }} }} }}"""
NOT_FILLED: dict[str, str] = {}
NOT_SAID = {"two lines": "A title has one."}
ADJUSTMENTS = {
    "PERCENTAGE_INCREASE": "Percentage Increase",
    "PERCENTAGE_DECREASE": "Percentage Decrease",
    None: "",
}
OWN = {
    "ID": ("id", number),
    "Command": ("id", lambda gid: "MERGE"),
    "Title": ("title", text),
    "Status": ("status", str.capitalize),
    "Price List: ID": ("priceList.id", number),
    "Price List: Name": ("priceList.name", text),
    "Price List: Currency": ("priceList.currency", text),
    "Price List: Fixed Prices Count": ("priceList.fixedPricesCount", text),
    "Price List: Adjustment Type": ("priceList.parent.adjustment.type", ADJUSTMENTS.get),
    "Price List: Adjustment Value": ("priceList.parent.adjustment.value", text),
    "Price List: Compare At Mode": (
        "priceList.parent.settings.compareAtMode",
        {"ADJUSTED": "Adjusted", "NULLIFY": "Nullify", None: ""}.get,
    ),
    "Publication: ID": ("publication.id", number),
    "Publication: Name": ("publication.name", text),
    "Publication: Autopublish": ("publication.autoPublish", yes),
}
PRICE = {
    "Variant: ID": ("variant.id", number),
    "Variant: SKU": ("variant.sku", text),
    "Variant: Price": ("price.amount", money),
    "Variant: Compare At Price": ("compareAtPrice.amount", money),
}
RULE = {
    "Variant: Quantity Minimum": ("minimum", text),
    "Variant: Quantity Maximum": ("maximum", text),
    "Variant: Quantity Increment": ("increment", text),
}


def rows(nodes):
    nodes = sorted(nodes, key=lambda node: int(number(node["id"])))
    return {"Catalogs": [row for node in nodes for row in _catalog(node)]}


def _catalog(node):
    kind, values = _type(node)
    own = cells(node, OWN) | {"Type": kind, "Type Values": values}
    price_list = node["priceList"] or {"prices": {"nodes": []}, "quantityRules": {"nodes": []}}
    rules = {r["productVariant"]["id"]: r for r in price_list["quantityRules"]["nodes"]}
    by_product: dict[str, tuple[dict[str, Any], list[dict[str, str]]]] = {}
    for price in price_list["prices"]["nodes"]:
        variant = price["variant"]
        line = cells(price, PRICE) | cells(rules.get(variant["id"]), RULE)
        by_product.setdefault(variant["product"]["id"], (variant["product"], []))[1].append(line)
    found = []
    for product in node["publication"]["products"]["nodes"] if node["publication"] else ():
        _, lines = by_product.pop(product["id"], (None, [cells(None, PRICE | RULE)]))
        found += [_product(product, "MERGE") | line for line in lines]
    for product, lines in by_product.values():
        found += [_product(product, "") | line for line in lines]
    return beside({}, own, found)


def _product(product, command):
    return {
        "Product: Command": command,
        "Product: ID": number(product["id"]),
        "Product: Handle": product["handle"],
    }


def _type(node):
    if node["__typename"] == "MarketCatalog":
        return "Market", ",".join(market["handle"] for market in node["markets"]["nodes"])
    if node["__typename"] == "AppCatalog":
        return "App", ",".join(app["title"] for app in node["apps"]["nodes"])
    places = node["companyLocations"]["nodes"]
    names = [f"{place['company']['name']} / {place['name']}" for place in places]
    plain = not any("," in name for name in names)
    return "Company Location", ",".join(names) if plain else json.dumps(names, ensure_ascii=False)
