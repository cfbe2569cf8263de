"""Definitions of metaobjects."""

from collections.abc import Iterator

from standin.seeds.base import Seeder, numbered, timestamp

FIELDS = {
    "Care guide": (
        ("title", "Title", "single_line_text_field", True),
        ("steps", "Steps", "multi_line_text_field", False),
        ("temperature", "Highest temperature", "number_integer", False),
    ),
    "Maker": (
        ("name", "Name", "single_line_text_field", True),
        ("town", "Town", "single_line_text_field", False),
        ("portrait", "Portrait", "file_reference", False),
        ("gallery", "Gallery", "list.file_reference", False),
        ("friends", "Friends", "list.metaobject_reference", False),
    ),
    "Material": (
        ("name", "Name", "single_line_text_field", True),
        ("swatch", "Swatch", "color", False),
        ("recycled", "Recycled", "boolean", False),
        ("source", "Made by", "metaobject_reference", False),
    ),
    "Color": (
        ("label", "Label", "single_line_text_field", True),
        ("color", "Color", "color", False),
    ),
}
SHOPIFYS_OWN = {"Color": "shopify--color-pattern"}
"""Definitions that Shopify manages: their type is not made of their name."""
STANDARD = {type: kind for kind, type in SHOPIFYS_OWN.items()}

_READABLE = ("PUBLIC_READ", "NONE")


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    names = list(FIELDS)
    for i in range(first, first + how_many):
        kind = names[i % len(names)]
        name = numbered(kind, i // len(names))
        yield {
            "id": seeder.id("MetaobjectDefinition"),
            **definition(kind, i, name),
            "createdAt": timestamp(i),
            "updatedAt": timestamp(i),
        }


def standard(type: str) -> dict | None:
    """The definition that Shopify makes of this type, if it has one: it has no id yet."""
    kind = STANDARD.get(type)
    return definition(kind, list(FIELDS).index(kind), kind) if kind else None


def definition(kind: str, number: int, name: str) -> dict:
    """The definition that has the fields of a kind."""
    return {
        "__typename": "MetaobjectDefinition",
        "type": SHOPIFYS_OWN.get(name) or name.lower().replace(" ", "_"),
        "name": name,
        "description": f"{kind}s that products refer to ✨" if number % 3 != 2 else None,
        "displayNameKey": FIELDS[kind][0][0],
        "hasThumbnailField": False,
        "fieldDefinitions": [_field(*field) for field in FIELDS[kind]],
        "access": {"admin": "PUBLIC_READ_WRITE", "storefront": _READABLE[number % 2]},
        "capabilities": {
            "publishable": {"enabled": True},
            "translatable": {"enabled": number % 2 == 0},
            "onlineStore": {"enabled": number % 3 == 1},
            "renderable": {"enabled": False},
        },
        "metaobjects": [],
        "metaobjectsCount": 0,
    }


def _field(key: str, name: str, type: str, required: bool) -> dict:
    limits = [
        {"name": "min", "type": "number_integer", "value": "-5"},
        {"name": "max", "type": "number_integer", "value": "95"},
    ]
    return {
        "key": key,
        "name": name,
        "description": 'In °C,\n"never" more' if key == "temperature" else None,
        "required": required,
        "type": field_type(type),
        "validations": limits if type == "number_integer" else [],
    }


def field_type(name: str) -> dict:
    """The MetafieldDefinitionType of this name."""
    plain = name.removeprefix("list.")
    categories = {
        "TEXT": ("single_line_text_field", "multi_line_text_field", "rich_text_field"),
        "NUMBER": ("number_integer", "number_decimal"),
        "REFERENCE": ("metaobject_reference", "file_reference", "product_reference"),
        "MEASUREMENT": ("dimension", "weight", "volume"),
        "DATE_TIME": ("date", "date_time"),
        "TRUE_FALSE": ("boolean",),
        "COLOR": ("color",),
        "RATING": ("rating",),
        "URL": ("url",),
    }
    return {
        "name": name,
        "category": next(category for category, names in categories.items() if plain in names),
        "supportsDefinitionMigrations": False,
        "supportedValidations": [],
    }
