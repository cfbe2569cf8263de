"""The parts of a product that are more than a name: words, pictures, channels, metafields."""

import html
from collections.abc import Iterator
from dataclasses import dataclass

from standin.seeds.base import CURRENCY, Seeder, timestamp
from standin.seeds.families import GIFT_CARD, LINES, Family

MATERIALS = ("Organic cotton", "Recycled wool", "White ash", "Steel", "Stoneware")
SEASONS = ("spring", "summer", "autumn", "winter")


@dataclass(frozen=True)
class World:
    """What the products refer to."""

    locations: list[dict]
    publications: list[dict]
    delivery_profile: str
    metaobjects: list[dict]
    files: list[dict]


def description(i: int, family: Family, title: str) -> dict:
    """descriptionHtml and its plain form; one product in 25 has none."""
    if i % 25 == 24:
        return {"descriptionHtml": "", "description": ""}
    made = f"Made in small numbers for the {LINES[i % len(LINES)]} line."
    care = "Wipe with a damp cloth & let it dry." if i % 2 else "Wash cold — it lasts longer."
    points = [f"{noun.capitalize()}: {', '.join(v)}" for noun, v in family.options.items()]
    items = "".join(f"\n  <li>{html.escape(point)}</li>" for point in points)
    listed = f"\n<ul>{items}\n</ul>" if items else ""
    return {
        "descriptionHtml": f'<p>The <strong>{html.escape(title)}</strong>. {html.escape(made)}</p>'
        f'{listed}\n<p class="care">{html.escape(care)}</p>',
        "description": " ".join([f"The {title}. {made}", *points, care]),
    }  # fmt: skip


def more_tags(i: int) -> list[str]:
    tags = [SEASONS[i // 7 % 4]]
    if i % 4 == 1:
        tags.append("Sale")
    if i % 8 == 2:
        tags.append("été")
    return tags


def status(i: int) -> tuple[str, str | None]:
    """The ProductStatus, and when it was published on the online store."""
    if i % 10 == 7:
        return "DRAFT", None
    if i % 25 == 16:
        return "ARCHIVED", None
    if i % 25 == 20:
        return "UNLISTED", timestamp(i, days=1)
    if i % 25 == 13:
        return "ARCHIVED", timestamp(i, days=1)
    return "ACTIVE", None if i % 9 == 4 else timestamp(i, days=1)


def published(world: World, gid: str, i: int, published_at: str | None) -> list[dict]:
    """On the online store when published; on the other channels now and then."""
    on = [bool(published_at), bool(published_at) and i % 3 == 0, bool(published_at) and i % 5 < 3]
    return [
        {
            "publication": publication["id"],
            "publishable": gid,
            "isPublished": True,
            "publishDate": published_at,
        }
        for publication, is_on in zip(world.publications, on, strict=False)
        if is_on
    ]


def media(seeder: Seeder, i: int, title: str, handle: str) -> Iterator[dict]:
    """Up to four MediaImages, and now and then an ExternalVideo."""
    for n in range((i * 3 + 1) % 5):
        alt = (title, f"{title}, back view", None, f'Detail: "{title}"')[n]
        yield image_file(seeder, i, f"{handle}-{n + 1}.png", alt)
    if i % 12 == 5:
        yield {
            "__typename": "ExternalVideo",
            "id": seeder.id("ExternalVideo"),
            "alt": f"{title} in use",
            "host": "YOUTUBE",
            "embedUrl": f"https://www.youtube.com/embed/demo{i:07d}",
            "originUrl": f"https://www.youtube.com/watch?v=demo{i:07d}",
            "mediaContentType": "EXTERNAL_VIDEO",
            "status": "READY",
            **_file_state(i),
        }


def image_file(seeder: Seeder, i: int, name: str, alt: str | None) -> dict:
    """A MediaImage of this file name."""
    image = seeder.image(name, alt)
    size = 2_000 + 130 * (i % 90)
    return {
        "__typename": "MediaImage",
        "id": seeder.id("MediaImage"),
        "alt": alt,
        "image": image,
        "preview": {"image": image, "status": "READY"},
        "mimeType": "image/png",
        "originalSource": {"url": f"{seeder.file_url(name)}&size={size}", "fileSize": size},
        "mediaContentType": "IMAGE",
        "status": "READY",
        **_file_state(i),
    }


def _file_state(i: int) -> dict:
    return {
        "fileStatus": "READY",
        "fileErrors": [],
        "mediaErrors": [],
        "mediaWarnings": [],
        "createdAt": timestamp(i),
        "updatedAt": timestamp(i),
    }


def price_ranges(variants: list[dict]) -> dict:
    prices = sorted((v["price"] for v in variants), key=float)
    before = sorted((v["compareAtPrice"] for v in variants if v["compareAtPrice"]), key=float)
    ranges = {"priceRangeV2": _range("VariantPrice", prices), "compareAtPriceRange": None}
    if before:
        ranges["compareAtPriceRange"] = _range("VariantCompareAtPrice", before)
    return ranges


def _range(of: str, sorted_amounts: list[str]) -> dict:
    low, high = sorted_amounts[0], sorted_amounts[-1]
    return {
        f"min{of}": {"amount": low, "currencyCode": CURRENCY},
        f"max{of}": {"amount": high, "currencyCode": CURRENCY},
    }


def seo(i: int, family: Family, title: str) -> dict:
    """Set on two products of three."""
    if i % 3 == 2:
        return {"title": None, "description": None}
    return {
        "title": f"{title} | Northfold",
        "description": f"{family.type} for the cabin and the trail: {title}.",
    }


def metafields(seeder: Seeder, world: World, i: int, family: Family, title: str) -> list[dict]:
    """SEO, then fields of several types; not every product has each."""
    texts = seo(i, family, title)
    made = []
    if texts["title"]:
        made += seeder.seo_metafields("PRODUCT", texts["title"], texts["description"])

    def add(key: str, type: str, value):
        made.append(seeder.metafield("PRODUCT", key, type, value))

    if family is GIFT_CARD:
        return made
    add("custom.material", "single_line_text_field", MATERIALS[i % len(MATERIALS)])
    if i % 2 == 0:
        add("custom.care", "multi_line_text_field", 'Wash at 30 °C 🧺.\nDo not bleach, "ever".')
        add("custom.features", "list.single_line_text_field", ["Handmade", "Plastic-free, mostly"])
    if i % 3 == 0:
        add("custom.lead_time_days", "number_integer", 2 + i % 12)
        add("custom.recyclable", "boolean", i % 2 == 0)
    if i % 4 == 0:
        add("custom.length", "dimension", {"value": 12.5 + i % 40, "unit": "cm"})
        add("custom.launched", "date", timestamp(i)[:10])
    if i % 5 == 0:
        rating = {"scale_min": "1.0", "scale_max": "5.0", "value": f"{3.5 + i % 3 / 2}"}
        add("reviews.rating", "rating", rating)
        add("custom.accent", "color", "#4A6B5D")
    if i % 6 == 0:
        words = {"type": "text", "value": f"{title} began as a drawing."}
        story = {"type": "root", "children": [{"type": "paragraph", "children": [words]}]}
        add("custom.story", "rich_text_field", story)
    if world.metaobjects and i % 2 == 1:
        entry = world.metaobjects[i % len(world.metaobjects)]["id"]
        add("custom.guide", "metaobject_reference", entry)
    if world.files and i % 7 == 0:
        file = world.files[i % len(world.files)]["id"]
        add("custom.manual", "file_reference", file)
    if i % 4 == 1:
        made.append(seeder.undefined_metafield("PRODUCT", i))
    return made


def variant_metafields(seeder: Seeder, i: int, v: int) -> list[dict]:
    if (i + v) % 3 == 1:
        return [seeder.undefined_metafield("PRODUCTVARIANT", v)]
    if (i + v) % 3:
        return []
    return [seeder.metafield("PRODUCTVARIANT", "custom.pack_size", "number_integer", 1 + v % 4)]
