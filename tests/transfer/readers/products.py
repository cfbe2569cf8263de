import re

from tests.transfer.headers.products import STOCK
from tests.transfer.readers.collections import NEWER
from tests.transfer.readers.reading import (
    at,
    beside,
    cells,
    lower,
    money,
    number,
    shortest,
    tags,
    text,
    when,
    yes,
)

SEED = {
    **{"metafield_definitions": 17, "metaobject_definitions": 2, "files": 8, "metaobjects": 4},
    **{"products": 22, "collections": 6, "catalogs": 1},
}
NAMES = (
    *("available", "on_hand", "committed", "reserved", "damaged", "safety_stock"),
    *("quality_control", "incoming"),
)
PLAIN = {
    "care": "custom.care [multi_line_text_field]",
    "lead_time_days": "custom.lead_time_days [number_integer]",
    "recyclable": "custom.recyclable [boolean]",
    "length": "custom.length [dimension]",
    "launched": "custom.launched [date]",
    "accent": "custom.accent [color]",
    "story": "custom.story [rich_text_field]",
    "rating": "reviews.rating [rating]",
}
VALUES = " ".join(
    f'{key}: metafield(namespace: "{name.split(".")[0]}", key: "{key}") {{ value }}'
    for key, name in PLAIN.items()
)
QUERY = f"""query ($after: String) {{ products(first: 1, after: $after, sortKey: ID) {{ nodes {{
  id handle title descriptionHtml vendor productType tags createdAt updatedAt status publishedAt
  templateSuffix isGiftCard onlineStoreUrl onlineStorePreviewUrl totalInventory
  category {{ id name fullName }} seo {{ title description }}
  material: metafield(namespace: "custom", key: "material") {{ value }}
  features: metafield(namespace: "custom", key: "features") {{ value }}
  guide: metafield(namespace: "custom", key: "guide") {{
    reference {{ ... on Metaobject {{ type handle }} }} }}
  manual: metafield(namespace: "custom", key: "manual") {{
    reference {{ ... on GenericFile {{ url }} }} }}
  {VALUES} points: metafield(namespace: "loyalty", key: "points") {{ value }}
  collections(first: 6) {{ nodes {{ handle title ruleSet {{ appliedDisjunctively }} }} }}
  resourcePublicationsV2(first: 5) {{ nodes {{ publication {{ name }} }} }}
  media(first: 10) {{ nodes {{ mediaContentType alt ... on MediaImage {{ image {{
    url width height }} }} ... on ExternalVideo {{ originUrl }}
    ... on Video {{ video: originalSource {{ url width height }} }}
    ... on Model3d {{ model: originalSource {{ url }} }} }} }}
  variants(first: 14) {{ nodes {{ id position sku barcode price compareAtPrice taxable taxCode
    inventoryPolicy inventoryQuantity selectedOptions {{ name value }} image {{ url }}
    deliveryProfile {{ name }} pack: metafield(namespace: "custom", key: "pack_size") {{ value }}
    points: metafield(namespace: "loyalty", key: "points") {{ value }}
    inventoryItem {{ id tracked requiresShipping unitCost {{ amount }} harmonizedSystemCode
      countryCodeOfOrigin provinceCodeOfOrigin measurement {{ weight {{ value unit }} }}
      inventoryLevels(first: 3) {{ nodes {{ location {{ name }}
        quantities(names: {str(list(NAMES)).replace("'", '"')}) {{ name quantity }} }} }} }} }} }}
}} pageInfo {{ hasNextPage endCursor }} }} }}"""
MORE = [
    """query ($after: String) { catalogs(first: 1, after: $after) { nodes { __typename title
      publication { products(first: 40) { nodes { id } } }
      priceList { prices(first: 60) { nodes {
        variant { id } price { amount } compareAtPrice { amount } } } }
    } pageInfo { hasNextPage endCursor } } }""",
    "query { publications(first: 9) { nodes { name catalog { __typename } } } }",
]
NOT_FILLED: dict[str, str] = {}
NOT_SAID: dict[str, str] = {}

OWN = {
    "ID": ("id", number),
    "Handle": ("handle", text),
    "Command": ("id", lambda gid: "MERGE"),
    "Title": ("title", text),
    "Vendor": ("vendor", text),
    "Type": ("productType", text),
    "Tags": ("tags", tags),
    "Tags Command": ("id", lambda gid: "REPLACE"),
    "Created At": ("createdAt", when),
    "Updated At": ("updatedAt", when),
    "Status": ("status", lambda status: status.capitalize()),
    "Template Suffix": ("templateSuffix", text),
    "Gift Card": ("isGiftCard", yes),
    "Total Inventory Qty": ("totalInventory", text),
    "Category: ID": ("category.id", number),
    "Category: Name": ("category.name", text),
    "Category": ("category.fullName", text),
}
TOP = {
    "Body HTML": ("descriptionHtml", text),
    "Metafield: title_tag [string]": ("seo.title", text),
    "Metafield: description_tag [string]": ("seo.description", text),
    "Metafield: custom.material [single_line_text_field]": ("material.value", text),
    "Metafield: custom.features [list.single_line_text_field]": ("features.value", text),
    "Metafield: loyalty.points [number_integer]": ("points.value", text),
    **{f"Metafield: {name}": (f"{key}.value", text) for key, name in PLAIN.items()},
}
UNITS = {"KILOGRAMS": "kg", "GRAMS": "g", "POUNDS": "lb", "OUNCES": "oz"}
VARIANT = {
    "Variant Inventory Item ID": ("inventoryItem.id", number),
    "Variant ID": ("id", number),
    "Variant Command": ("id", lambda gid: "MERGE"),
    "Variant Position": ("position", text),
    "Variant SKU": ("sku", text),
    "Variant Barcode": ("barcode", text),
    "Variant Image": ("image.url", text),
    "Variant Weight": ("inventoryItem.measurement.weight.value", text),
    "Variant Weight Unit": ("inventoryItem.measurement.weight.unit", lambda u: UNITS.get(u, "")),
    "Variant Price": ("price", money),
    "Variant Compare At Price": ("compareAtPrice", money),
    "Variant Taxable": ("taxable", yes),
    "Variant Tax Code": ("taxCode", text),
    "Variant Inventory Tracker": ("inventoryItem.tracked", lambda t: "shopify" if t else ""),
    "Variant Inventory Policy": ("inventoryPolicy", lower),
    "Variant Requires Shipping": ("inventoryItem.requiresShipping", yes),
    "Variant Shipping Profile": ("deliveryProfile.name", text),
    "Variant Inventory Adjust": ("id", lambda gid: "0"),
    "Variant Cost": ("inventoryItem.unitCost.amount", money),
    "Variant HS Code": ("inventoryItem.harmonizedSystemCode", text),
    "Variant Country of Origin": ("inventoryItem.countryCodeOfOrigin", text),
    "Variant Province of Origin": ("inventoryItem.provinceCodeOfOrigin", text),
    "Variant Metafield: custom.pack_size [number_integer]": ("pack.value", text),
    "Variant Metafield: loyalty.points [number_integer]": ("points.value", text),
}


def rows(nodes, catalogs, publications):
    priced = [c for c in catalogs if c["__typename"] != "AppCatalog"]
    channels = [p["name"] for p in publications if p["catalog"]["__typename"] == "AppCatalog"]
    return {"Products": [row for node in nodes for row in _product(node, priced, channels)]}


def _product(node, catalogs, channels):
    published = node["publishedAt"] if node["status"] != "ARCHIVED" else None
    own = cells(node, OWN) | {
        "Published": yes(published is not None),
        "Published At": when(published),
        "URL": node["onlineStoreUrl"] or node["onlineStorePreviewUrl"],
        **_published(node, channels),
        **_collections(node),
    }
    guide = at(node, "guide.reference")
    top = cells(node, TOP) | {
        "Metafield: custom.guide [metaobject_reference]": f"{guide['type']}.{guide['handle']}"
        if guide
        else "",
        "Metafield: custom.manual [file_reference]": re.sub(
            r".*/|[?].*", "", at(node, "manual.reference.url") or ""
        ),
        **{
            f"Included / {catalog['title']}": yes(
                {"id": node["id"]} in catalog["publication"]["products"]["nodes"]
            )
            for catalog in catalogs
        },
    }
    images = [_image(m, place) for place, m in enumerate(node["media"]["nodes"], 1)]
    variants = [
        _variant(v, node["isGiftCard"]) | _prices(v, catalogs) for v in node["variants"]["nodes"]
    ]
    return beside(top, own, images, variants)


def _published(node, channels):
    on = {entry["publication"]["name"] for entry in node["resourcePublicationsV2"]["nodes"]}
    return {f"Published: {name}": yes(name in on) for name in channels} | {
        "Published Scope": "global" if "Point of Sale" in on else "web"
    }


def _collections(node):
    """Smart are those with the older rules, or with what only the newer form can say."""
    found = node["collections"]["nodes"]
    smart = [c["handle"] for c in found if c["ruleSet"] or c["title"] in NEWER]
    custom = [c["handle"] for c in found if c["handle"] not in smart]
    return {"Custom Collections": ", ".join(custom), "Smart Collections": ", ".join(smart)}


def _prices(variant, catalogs):
    found = {}
    for catalog in catalogs:
        for price in catalog["priceList"]["prices"]["nodes"]:
            if price["variant"]["id"] == variant["id"]:
                before = at(price, "compareAtPrice.amount")
                found[f"Price / {catalog['title']}"] = shortest(price["price"]["amount"])
                found[f"Compare At Price / {catalog['title']}"] = shortest(before)
    return found


def _image(media, place):
    source = media.get("image") or media.get("video") or media.get("model") or {}
    return {
        "Image Type": media["mediaContentType"],
        "Image Src": source.get("url") or media.get("originUrl") or "",
        "Image Command": "MERGE",
        "Image Position": str(place),
        "Image Width": text(source.get("width")),
        "Image Height": text(source.get("height")),
        "Image Alt Text": text(media["alt"]),
    }


def _variant(variant, gift_card):
    found = cells(variant, VARIANT)
    for place in range(3):
        chosen = variant["selectedOptions"][place : place + 1] or [{"name": "", "value": ""}]
        found |= {
            f"Option{place + 1} Name": chosen[0]["name"],
            f"Option{place + 1} Value": chosen[0]["value"],
        }
    tracked = variant["inventoryItem"]["tracked"]
    found["Variant Inventory Qty"] = text(variant["inventoryQuantity"]) if tracked else ""
    found["Variant Fulfillment Service"] = "gift_card" if gift_card else "manual"
    for level in variant["inventoryItem"]["inventoryLevels"]["nodes"]:
        known = {q["name"]: str(q["quantity"]) for q in level["quantities"]}
        for words in STOCK:
            name = words.lower().removesuffix(" adjust").replace(" ", "_")
            cell = "0" if words.endswith("Adjust") else known[name]
            found[f"Inventory {words}: {level['location']['name']}"] = cell
    return found
