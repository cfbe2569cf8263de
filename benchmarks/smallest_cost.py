"""The cheapest mix of mutations that makes a small change of products, found by trying them all.

What writes what, and for how many points, stands here as Shopify documents it, not as our engine
has it. ``productSet`` is none of the choices: it deletes the variants, images and metafields that
it is not told of, so it is no correct change of a product that others work on.

https://shopify.dev/changelog/dynamic-complexity-cost-for-product-mutations
"""

import csv
import io
import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

BASE = 10
VARIANT, METAFIELD = 0.2, 0.4

Table = Sequence[Mapping[str, str]]


class Way(NamedTuple):
    """A mutation that makes one part of a change. Parts with one ``call`` share it, ``most`` at a
    time; what it carries costs ``more``, once for each different ``carried``."""

    call: Hashable
    more: float = 0
    carried: Hashable = None
    most: int = 250


Atom = tuple[Way, ...]
"""One cell's change: the ways to make it."""


def cheapest(atoms: Sequence[Atom]) -> int:
    """The points of the cheapest mix."""
    return min(_cost(ways) for ways in product(*atoms))


def _cost(ways: Sequence[Way]) -> int:
    calls: dict[Hashable, list[Way]] = {}
    for way in ways:
        calls.setdefault(way.call, []).append(way)
    points = 0
    for of_call in calls.values():
        carried = {way.carried: way.more for way in of_call}
        more = sum(carried.values())
        points += BASE * math.ceil(len(of_call) / of_call[0].most) + math.floor(round(more, 6))
    return points


def own(handle: str) -> Atom:
    return (Way(("productUpdate", handle)),)


def price(handle: str, variant: str) -> Atom:
    return (Way(("productVariantsBulkUpdate", handle), VARIANT, variant),)


def metafield(handle: str, name: str) -> Atom:
    own_call = Way(("productUpdate", handle), METAFIELD, (handle, name))
    return own_call, Way("metafieldsSet", most=25)


def stock(location: str) -> Atom:
    return (Way(("inventorySetQuantities", location)),)


def unpublished(handle: str) -> Atom:
    return (Way(("publishableUnpublish", handle)),)


@dataclass
class Plan:
    """What is changed in how many products: the file that asks for it, and its parts."""

    name: str
    products: int
    parts: tuple[str, ...]
    variants: int = 1
    atoms: list[Atom] = field(default_factory=list)

    def changed(self, table: Table) -> str:
        """The file, of an export of the store; and ``atoms``, what its cells change."""
        self.atoms.clear()
        headers = list(table[0])
        columns = {
            "own": "Vendor",
            "price": "Variant Price",
            "metafield": next(h for h in headers if _is_text_metafield(h)),
            "stock": next(h for h in headers if h.startswith("Inventory Available: ")),
            "channel": "Published",
        }
        wanted = [columns[part] for part in self.parts]
        handles = [
            one for one in dict.fromkeys(row["Handle"] for row in table) if "gift" not in one
        ]
        chosen = [
            handle for handle in handles if self._fits([r for r in table if r["Handle"] == handle])
        ]
        out = [["Handle", "Variant ID", *wanted]]
        for handle in chosen[: self.products]:
            rows = [r for r in table if r["Handle"] == handle and r["Variant ID"]]
            for place, row in enumerate(rows[: self.variants]):
                cells = []
                for part, header in zip(self.parts, wanted, strict=True):
                    cells.append(self._cell(part, header, row, first=place == 0))
                out.append([handle, row["Variant ID"], *cells])
        file = io.StringIO()
        csv.writer(file).writerows(out)
        return file.getvalue()

    def _fits(self, rows: Table) -> bool:
        """Whether a product has what the plan changes."""
        tracked = all(row["Variant Inventory Tracker"] for row in rows[: self.variants])
        shown = rows[0]["Published"] == "true"
        return len(rows) >= self.variants and tracked and shown

    def _cell(self, part: str, header: str, row: Mapping[str, str], *, first: bool) -> str:
        handle = row["Handle"]
        if part == "price":
            self.atoms.append(price(handle, row["Variant ID"]))
            return f"{float(row[header]) + 1:.2f}"
        if part == "stock":
            self.atoms.append(stock(header))
            return str(int(row[header] or 0) + 1)
        value = "false" if part == "channel" else f"{handle}: {self.name}"
        if first:
            ways = {"own": own(handle), "metafield": metafield(handle, header)}
            self.atoms.append(ways.get(part) or unpublished(handle))
        return value


def _is_text_metafield(header: str) -> bool:
    return header.startswith("Metafield: ") and header.endswith(
        ("[single_line_text_field]", "[multi_line_text_field]")
    )


PLANS = (
    Plan("two prices in each of 3 products", 3, ("price",), variants=2),
    Plan("a vendor and a price", 3, ("own", "price")),
    Plan("a metafield in each of 3 products", 3, ("metafield",)),
    Plan("a vendor and a metafield", 3, ("own", "metafield")),
    Plan("stock of 2 variants in 3 products", 3, ("stock",), variants=2),
    Plan("all of that, and the Online Store", 2, ("own", "price", "metafield", "stock", "channel")),
)
