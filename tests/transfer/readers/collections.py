"""The rules are read in Shopify's older form, where that can say them; those that it cannot are
written down here."""

from tests.transfer.readers.reading import at, beside, cells, number, text, when, yes

SEED = {"metafield_definitions": 18, "products": 12, "collections": 12}
QUERY = """query ($after: String) { collections(first: 8, after: $after) { nodes {
  id handle title descriptionHtml sortOrder templateSuffix updatedAt
  image { url width height altText } productsCount { count } seo { title description }
  ruleSet { appliedDisjunctively rules { column relation condition } }
  resourcePublicationsV2(first: 5) { nodes {
    publishDate publication { channels(first: 1) { nodes { name } } } } }
  products(first: 20) { nodes { id handle } }
  points: metafield(namespace: "loyalty", key: "points") { value }
  tagline: metafield(namespace: "custom", key: "tagline") { value }
} pageInfo { hasNextPage endCursor } } }"""
MORE = "query { publications(first: 9) { nodes { name } } }"
NOT_FILLED: dict[str, str] = {}
NOT_SAID: dict[str, str] = {}
ORDERS = {
    "BEST_SELLING": "Best Selling",
    "ALPHA_ASC": "Alphabet",
    "MANUAL": "Manual",
    "CREATED_DESC": "Created Descending",
    "PRICE_DESC": "Price Descending",
    "ALPHA_DESC": "Alphabet Descending",
}
COLUMNS = {
    "TAG": "Tag",
    "TITLE": "Title",
    "TYPE": "Type",
    "VENDOR": "Vendor",
    "VARIANT_PRICE": "Variant Price",
    "VARIANT_COMPARE_AT_PRICE": "Variant Compare At Price",
    "VARIANT_INVENTORY": "Variant Inventory",
    "VARIANT_TITLE": "Variant Title",
}
RELATIONS = {
    "EQUALS": "Equals",
    "NOT_CONTAINS": "Not Contains",
    "STARTS_WITH": "Starts With",
    "ENDS_WITH": "Ends With",
    "LESS_THAN": "Less Than",
    "GREATER_THAN": "Greater Than",
    "IS_SET": "Is Not Empty",
}
NEWER = {
    'Everything "new" 🎁': (
        "all conditions",
        ("Status", "Equals", "Active"),
        ("Tag", "Equals", "gift, wool"),
        ("Tag", "Not Equals", "fragile"),
        ("Tag", "Not Equals", 'say "no"'),
        ("Category With Descendants", "Not Equals", "aa-1-13-8"),
        ("Variant Weight", "Less Than", "1.5 kg"),
        ("Variant Price", "Greater Than", "19.90"),
        ("Vendor", "Not Equals", "Müller Söhne"),
        ("Tag", "Not Equals", "final"),
        ("Tag", "Not Equals", "old"),
    ),
    "Shelves & corners": (
        "any condition",
        ("Metafield: custom.accent", "Equals", "#102A43"),
        ("Metafield: custom.recyclable", "Equals", "true"),
        ("Tag", "Equals", "decor"),
    ),
    "Cabin life": (
        "any condition",
        ("Collection", "Equals", "outdoor"),
        ("Collection", "Equals", "kitchen"),
    ),
}
OWN = {
    "ID": ("id", number),
    "Handle": ("handle", text),
    "Command": ("id", lambda gid: "MERGE"),
    "Title": ("title", text),
    "Sort Order": ("sortOrder", ORDERS.get),
    "Template Suffix": ("templateSuffix", text),
    "Updated At": ("updatedAt", when),
    "Image Src": ("image.url", text),
    "Image Width": ("image.width", text),
    "Image Height": ("image.height", text),
    "Image Alt Text": ("image.altText", text),
    "Products Count": ("productsCount.count", text),
}
TOP = {
    "Body HTML": ("descriptionHtml", text),
    "Metafield: title_tag [string]": ("seo.title", text),
    "Metafield: description_tag [string]": ("seo.description", text),
    "Metafield: custom.tagline [single_line_text_field]": ("tagline.value", text),
    "Metafield: loyalty.points [number_integer]": ("points.value", text),
}


def rows(nodes, channels):
    smart, custom = [], []
    for node in nodes:
        must_match, rules = _rules(node)
        top = cells(node, TOP)
        own = cells(node, OWN) | _published(node, channels)
        if rules:
            top["Must Match"] = must_match
            smart += beside(top, own, rules, _products(node))
        else:
            products = [product | {"Product: Command": "MERGE"} for product in _products(node)]
            custom += beside(top, own, products)
    return {"Smart Collections": smart, "Custom Collections": custom}


def _published(node, channels):
    dates = {
        at(channel, "name"): entry["publishDate"]
        for entry in node["resourcePublicationsV2"]["nodes"]
        for channel in entry["publication"]["channels"]["nodes"]
    }
    return {
        "Published": "true" if "Online Store" in dates else "",
        "Published At": when(dates.get("Online Store")),
        "Published Scope": "global" if "Point of Sale" in dates else "web",
        **{f"Published: {c['name']}": yes(c["name"] in dates) for c in channels},
    }


def _rules(node):
    if node["title"] in NEWER:
        must_match, *rules = NEWER[node["title"]]
    elif node["ruleSet"]:
        disjunctive = node["ruleSet"]["appliedDisjunctively"]
        must_match = "any condition" if disjunctive else "all conditions"
        rules = [
            (COLUMNS[r["column"]], RELATIONS[r["relation"]], r["condition"].removesuffix(".00"))
            for r in node["ruleSet"]["rules"]
        ]
    else:
        return "", []
    names = ("Rule: Product Column", "Rule: Relation", "Rule: Condition")
    return must_match, [dict(zip(names, rule, strict=True)) for rule in rules]


def _products(node):
    manual = node["sortOrder"] == "MANUAL"
    return [
        {
            "Product: ID": number(product["id"]),
            "Product: Handle": product["handle"],
            "Product: Position": str(place) if manual else "",
        }
        for place, product in enumerate(node["products"]["nodes"], 1)
    ]
