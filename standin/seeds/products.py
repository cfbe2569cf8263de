"""Products with their variants, stock, pictures and metafields."""

from collections.abc import Iterator
from itertools import product as combinations

from standin.search_fields import SEARCH_VALUES
from standin.seeds import product_fields, stock
from standin.seeds.base import Seeder, amount, numbered, slug, timestamp
from standin.seeds.families import FAMILIES, GIFT_CARD, LINES, VENDORS, Family
from standin.store import number

FIRST_BARCODE = 36_000_290_000
GIFT_CARD_EVERY = 500  # the fiftieth product, and each 500th after it


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    world = product_fields.World(
        locations=seeder.shop.all("Location"),
        publications=seeder.shop.all("Publication"),
        delivery_profile=seeder.shop.all("DeliveryProfile")[0]["id"],
        metaobjects=seeder.shop.page("Metaobject", 20),
        files=seeder.shop.page("GenericFile", 20),
    )
    for i in range(first, first + how_many):
        yield from _product(seeder, world, i)


def _named(i: int) -> tuple[Family, str]:
    if i % GIFT_CARD_EVERY == 49:
        return GIFT_CARD, numbered("Gift Card", i // GIFT_CARD_EVERY)
    family = FAMILIES[i % len(FAMILIES)]
    series, line = divmod(i // len(FAMILIES), len(LINES))
    line = (line + 3 * (i % len(FAMILIES))) % len(LINES)
    return family, numbered(f"{LINES[line]} {family.noun}", series)


def _product(seeder: Seeder, world: product_fields.World, i: int) -> Iterator[dict]:
    family, title = _named(i)
    handle = slug(title)
    gid = seeder.id("Product")
    media = list(product_fields.media(seeder, i, title, handle))
    options = _options(seeder, family)
    variants: list[dict] = []
    items: list[dict] = []
    levels: list[dict] = []
    for variant, item, stocked in _variants(seeder, world, i, family, title, options):
        variant["product"] = gid
        if len(media) > 1 and media[1]["__typename"] == "MediaImage":
            picture = media[len(variants) % 2]
            variant |= {"media": [picture["id"]], "image": picture["image"]}
        variants.append(variant)
        items.append(item)
        levels += stocked
    status, published_at = product_fields.status(i)
    domain = seeder.shop.domain
    yield {
        "__typename": "Product",
        "id": gid,
        "title": title,
        "handle": handle,
        **product_fields.description(i, family, title),
        "vendor": VENDORS[i % len(VENDORS)],
        "productType": family.type,
        "tags": sorted({*family.tags, *product_fields.more_tags(i)}, key=str.lower),
        "status": status,
        "publishedAt": published_at,
        "createdAt": timestamp(i),
        "updatedAt": timestamp(i, days=3),
        "templateSuffix": "limited" if i % 20 == 3 else None,
        "isGiftCard": family is GIFT_CARD,
        "giftCardTemplateSuffix": None,
        "onlineStoreUrl": f"https://{domain}/products/{handle}" if published_at else None,
        "onlineStorePreviewUrl": f"https://{domain}/products/{handle}",
        "category": _category(family),
        "options": options,
        "variants": [variant["id"] for variant in variants],
        "hasOnlyDefaultVariant": not family.options,
        "hasOutOfStockVariants": any(v["inventoryQuantity"] <= 0 for v in variants),
        "hasVariantsThatRequiresComponents": False,
        "requiresSellingPlan": False,
        "totalInventory": sum(variant["inventoryQuantity"] for variant in variants),
        "tracksInventory": items[0]["tracked"],
        **product_fields.price_ranges(variants),
        "media": [each["id"] for each in media],
        "featuredMedia": media[0]["id"] if media else None,
        "resourcePublicationsV2": product_fields.published(world, gid, i, published_at),
        "collections": [],
        "metafields": product_fields.metafields(seeder, world, i, family, title),
        "seo": product_fields.seo(i, family, title),
    }
    used = {SEARCH_VALUES: {"product_id": [number(gid)]}}
    yield from (each | used for each in media)
    yield from variants
    yield from items
    yield from levels


def _category(family: Family) -> dict:
    code, full_name = family.category
    parts = code.split("-")
    prefix = "gid://shopify/TaxonomyCategory/"
    ancestors = [prefix + "-".join(parts[:n]) for n in range(len(parts) - 1, 0, -1)]
    return {
        "__typename": "TaxonomyCategory",
        "id": prefix + code,
        "name": full_name.rpartition(" > ")[2],
        "fullName": full_name,
        "level": len(parts),
        "isRoot": len(parts) == 1,
        "isLeaf": True,
        "isArchived": False,
        "ancestorIds": ancestors,
        "parentId": ancestors[0] if ancestors else None,
        "childrenIds": [],
    }


def _options(seeder: Seeder, family: Family) -> list[dict]:
    """The ProductOptions; a product without options has Shopify's one "Title"."""
    named = family.options or {"Title": ("Default Title",)}
    option_ids = seeder.ids("ProductOption", len(named))
    return [
        {
            "__typename": "ProductOption",
            "id": gid,
            "name": name,
            "position": position,
            "values": list(values),
            "optionValues": [
                {
                    "__typename": "ProductOptionValue",
                    "id": value_id,
                    "name": value,
                    "hasVariants": True,
                }
                for value_id, value in zip(
                    seeder.ids("ProductOptionValue", len(values)), values, strict=True
                )
            ],
        }
        for position, (gid, (name, values)) in enumerate(
            zip(option_ids, named.items(), strict=True), start=1
        )
    ]


def _variants(seeder: Seeder, world, i: int, family: Family, title: str, options: list[dict]):
    """For each variant the ProductVariant, its InventoryItem and its InventoryLevels."""
    choices = list(combinations(*(option["optionValues"] for option in options)))
    variant_ids = seeder.ids("ProductVariant", len(choices))
    item_ids = seeder.ids("InventoryItem", len(choices))
    for v, (chosen, gid, item_gid) in enumerate(zip(choices, variant_ids, item_ids, strict=True)):
        cents = family.cents * (v + 1) if family is GIFT_CARD else family.cents + 350 * (v // 2)
        reduced = i % 4 == 1 and family is not GIFT_CARD
        sku = f"{i + 1:05d}-{v + 1:02d}" if family is not GIFT_CARD else ""
        name = " / ".join(value["name"] for value in chosen)
        item, levels, quantity = stock.make(seeder, world.locations, i, v, family, sku, item_gid)
        item["variant"] = gid
        item["variants"] = [gid]
        variant = {
            "__typename": "ProductVariant",
            "id": gid,
            "title": name,
            "displayName": f"{title} - {name}",
            "position": v + 1,
            "sku": sku,
            "barcode": f"0{FIRST_BARCODE + i * 100 + v:011d}" if sku else None,
            "price": amount(cents),
            "compareAtPrice": amount(cents * 5 // 4) if reduced else None,
            "taxable": family is not GIFT_CARD,
            "taxCode": f"P00000{i % 4}" if i % 5 == 3 else None,
            "inventoryPolicy": "CONTINUE" if i % 6 == 5 else "DENY",
            "inventoryQuantity": quantity,
            "sellableOnlineQuantity": max(0, quantity),
            "availableForSale": quantity > 0 or i % 6 == 5 or not item["tracked"],
            "inventoryItem": item_gid,
            "selectedOptions": [
                {"name": option["name"], "value": value["name"], "optionValue": value}
                for option, value in zip(options, chosen, strict=True)
            ],
            "deliveryProfile": world.delivery_profile,
            "requiresComponents": False,
            "showUnitPrice": False,
            "createdAt": timestamp(i),
            "updatedAt": timestamp(i, days=2),
            "media": [],
            "image": None,
            "metafields": product_fields.variant_metafields(seeder, i, v),
        }
        yield variant, item, levels
