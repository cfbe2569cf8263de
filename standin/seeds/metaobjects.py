"""Metaobjects: entries of the definitions in turn."""

import json
from collections.abc import Iterator

from standin.seeds import metaobject_definitions
from standin.seeds.base import Seeder, numbered, slug, timestamp
from standin.seeds.metaobject_definitions import FIELDS

NAMES = {
    "Care guide": ("Wool", "Cast iron", "Oiled ash", "Stoneware"),
    "Maker": ("Mei Tanaka", "Jørgen Vik", "Łucja Nowak", "Sam O'Dell"),
    "Material": ("White ash", "Recycled wool", "Copper", "Celadon glaze"),
    "Color": ("Moss", "Ochre", "Ink", "Chalk"),
}


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    shop = seeder.shop
    definitions = shop.all("MetaobjectDefinition")
    definitions = definitions or list(metaobject_definitions.make(seeder, 0, len(FIELDS)))
    pictures = [picture["id"] for picture in shop.page("MediaImage", 2)]
    makers: list[str] = []
    for i in range(first, first + how_many):
        definition = definitions[i % len(definitions)]
        entry = _entry(seeder, definition, i // len(definitions), i, pictures, makers)
        if definition["name"].startswith("Maker"):
            makers.append(entry["id"])
        definition["metaobjects"].append(entry["id"])
        definition["metaobjectsCount"] += 1
        yield entry
    yield from definitions


def _entry(
    seeder: Seeder, definition: dict, turn: int, i: int, pictures: list[str], makers: list[str]
) -> dict:
    kind = next((kind for kind in FIELDS if definition["name"].startswith(kind)), "Maker")
    names = NAMES[kind]
    name = numbered(names[turn % len(names)], turn // len(names))
    values = {
        "title": name,
        "name": name,
        "label": name,
        "color": ("#4A6B5D", "#C98B2B", "#1D2433", "#F2EFE6")[i % 4],
        "steps": 'Brush.\nAir overnight.\nOil "once" a year 🌿',
        "temperature": 30 + i % 4 * 10,
        "town": ("Kyōto", "Bergen", "Łódź", "Portland")[i % 4],
        "portrait": pictures[0] if pictures and i % 2 else None,
        "gallery": pictures or None,
        "friends": makers[-2:] or None,
        "source": makers[-1] if makers else None,
        "swatch": ("#C9B79C", "#7A8B8B", "#B87333", "#ACE1AF")[i % 4],
        "recycled": i % 2 == 0,
    }
    fields = [_field(field, values.get(field["key"])) for field in definition["fieldDefinitions"]]
    return {
        "__typename": "Metaobject",
        "id": seeder.id("Metaobject"),
        "type": definition["type"],
        "handle": slug(name),
        "displayName": name,
        "definition": definition["id"],
        "fields": fields,
        "capabilities": {"publishable": {"status": "DRAFT" if i % 6 == 5 else "ACTIVE"}},
        "createdAt": timestamp(i),
        "updatedAt": timestamp(i),
    }


def _field(definition: dict, value) -> dict:
    is_text = isinstance(value, str) or value is None
    text = value if is_text else json.dumps(value, separators=(",", ":"))
    return {
        "key": definition["key"],
        "type": definition["type"]["name"],
        "value": text,
        "definition": definition,
    }
