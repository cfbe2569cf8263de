"""What all seeds share: a shop to fill, fixed dates, and the small objects records are made of.

Nothing here is random and no clock is read: the same seeding gives the same records every time.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from standin.png import size_of
from standin.store import ShopStore

CURRENCY = "USD"
OPENED = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
BLOCK = 100
SPAN = 280 * 24 * 60  # minutes over which records are spread


@dataclass(frozen=True)
class Seeder:
    """The shop to fill, and the origin that its pictures are served from."""

    shop: ShopStore
    origin: str
    _reserved: dict[str, Iterator[str]] = field(default_factory=dict)

    def id(self, typename: str) -> str:
        """A new id, from a block that is reserved at once: one write for many ids."""
        gid = next(self._reserved.get(typename, iter(())), None)
        if gid is None:
            self._reserved[typename] = iter(self.shop.new_ids(typename, BLOCK))
            gid = next(self._reserved[typename])
        return gid

    def ids(self, typename: str, count: int) -> list[str]:
        return [self.id(typename) for _ in range(count)]

    def file_url(self, name: str) -> str:
        return f"{self.origin}/cdn/shop/files/{name}?v=1767603600"

    def image(self, name: str, alt: str | None) -> dict:
        """An Image that the stand-in serves."""
        width, height = size_of(name)
        return {
            "__typename": "Image",
            "id": self.id("ImageSource"),
            "url": self.file_url(name),
            "altText": alt,
            "width": width,
            "height": height,
        }

    def metafield(self, owner_type: str, key: str, type: str, value) -> dict:
        """An inline Metafield; `key` is "namespace.key", `value` what its JSON stands for."""
        namespace, _, key = key.partition(".")
        text = (
            value
            if isinstance(value, str)
            else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        )
        return {
            "__typename": "Metafield",
            "id": self.id("Metafield"),
            "namespace": namespace,
            "key": key,
            "type": type,
            "value": text,
            "ownerType": owner_type,
            "sizeInBytes": len(text.encode()),
            "createdAt": timestamp(0),
            "updatedAt": timestamp(0),
        }

    def undefined_metafield(self, owner_type: str, i: int) -> dict:
        """A metafield of a program that never made a definition for it."""
        return self.metafield(owner_type, "loyalty.points", "number_integer", 10 * (i + 1))

    def seo_metafields(self, owner_type: str, title: str, description: str) -> list[dict]:
        """The two fields behind `seo`, as Shopify keeps them."""
        return [
            self.metafield(owner_type, "global.title_tag", "string", title),
            self.metafield(owner_type, "global.description_tag", "string", description),
        ]


@lru_cache(maxsize=1024)
def timestamp(i: int, days: int = 0) -> str:
    """A date and time that belongs to record i, `days` later, before November 2026."""
    return (OPENED + timedelta(minutes=i * 373 % SPAN, days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def money(cents: int) -> dict:
    return {"amount": amount(cents), "currencyCode": CURRENCY}


def bag(cents: int) -> dict:
    """A MoneyBag whose two sides are equal."""
    return {"shopMoney": money(cents), "presentmentMoney": money(cents)}


def amount(cents: int) -> str:
    """Money or Decimal: "19.90"."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def slug(title: str) -> str:
    """The handle Shopify would make of a title."""
    plain = unicodedata.normalize("NFKD", title.lower().replace("ł", "l").replace("ø", "o"))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")


def numbered(name: str, series: int) -> str:
    """The name; from the second series on with its number, so that names stay distinct."""
    return f"{name} {series + 1}" if series else name
