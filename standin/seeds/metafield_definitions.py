"""Metafield definitions: those of the seeded products first, then more of the same kind."""

from collections.abc import Iterator

from standin.search_fields import SEARCH_VALUES
from standin.seeds.base import Seeder, timestamp
from standin.seeds.metaobject_definitions import field_type

KNOWN = (
    ("PRODUCT", "custom", "material", "Material", "single_line_text_field"),
    ("PRODUCT", "custom", "care", "Care", "multi_line_text_field"),
    ("PRODUCT", "custom", "features", "Features", "list.single_line_text_field"),
    ("PRODUCT", "custom", "lead_time_days", "Lead time in days", "number_integer"),
    ("PRODUCT", "custom", "recyclable", "Recyclable", "boolean"),
    ("PRODUCT", "custom", "length", "Length", "dimension"),
    ("PRODUCT", "custom", "launched", "Launched on", "date"),
    ("PRODUCT", "reviews", "rating", "Rating", "rating"),
    ("PRODUCT", "custom", "accent", "Accent color", "color"),
    ("PRODUCT", "custom", "story", "Story", "rich_text_field"),
    ("PRODUCT", "custom", "guide", "Care guide", "metaobject_reference"),
    ("PRODUCT", "custom", "manual", "Manual", "file_reference"),
    ("PRODUCTVARIANT", "custom", "pack_size", "Pack size", "number_integer"),
    ("CUSTOMER", "custom", "shoe_size", "Shoe size", "number_decimal"),
    ("ORDER", "custom", "gift_message", "Gift message", "multi_line_text_field"),
    ("DRAFTORDER", "custom", "quote_reason", "Reason of the quote", "single_line_text_field"),
    ("COMPANY", "custom", "sector", "Sector", "single_line_text_field"),
    ("COLLECTION", "custom", "tagline", "Tagline", "single_line_text_field"),
    ("PAGE", "custom", "lead", "Lead", "multi_line_text_field"),
    ("ARTICLE", "custom", "minutes", "Minutes to read", "number_integer"),
    ("SHOP", "custom", "motto", "Motto", "multi_line_text_field"),
)


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    for i in range(first, first + how_many):
        if i < len(KNOWN):
            owner, namespace, key, name, type = KNOWN[i]
        else:
            owner, namespace, key = "PRODUCT", "extra", f"field_{i:04d}"
            name, type = f"Extra field {i}", "single_line_text_field"
        yield {
            "__typename": "MetafieldDefinition",
            "id": seeder.id("MetafieldDefinition"),
            "ownerType": owner,
            "namespace": namespace,
            "key": key,
            "name": name,
            "description": f'{name}, as "shown"\non the page 🏷' if i % 2 else None,
            "type": field_type(type),
            "validations": _validations(type),
            "pinnedPosition": i + 1 if i < 6 else None,
            "access": {
                "admin": "PUBLIC_READ_WRITE",
                "storefront": "PUBLIC_READ",
                "customerAccount": "NONE",
            },
            "capabilities": {
                "adminFilterable": {"eligible": True, "enabled": False, "status": "NOT_FILTERABLE"},
                "smartCollectionCondition": {"eligible": True, "enabled": i % 4 == 0},
                "uniqueValues": {"eligible": True, "enabled": False},
                "analyticsQueryable": {"eligible": False, "enabled": False},
                "cartToOrderCopyable": {"eligible": True, "enabled": owner == "ORDER"},
            },
            "useAsCollectionCondition": i % 4 == 0,
            "validationStatus": "ALL_VALID",
            "metafieldsCount": 0,
            SEARCH_VALUES: {"created_at": [timestamp(i)], "updated_at": [timestamp(i, days=2)]},
        }


def _validations(type: str) -> list[dict]:
    bounds = {
        "single_line_text_field": [("max", "number_integer", "80")],
        "number_integer": [("min", "number_integer", "0"), ("max", "number_integer", "365")],
        "rating": [("scale_min", "rating", "1.0"), ("scale_max", "rating", "5.0")],
    }.get(type, [])
    return [dict(zip(("name", "type", "value"), bound, strict=True)) for bound in bounds]
