"""What orders and draft orders share: lines of variants, tax, shipping."""

from dataclasses import dataclass

from standin.seeds.base import Seeder, bag

TAX_RATE = 0.055
SHIPPING = 795  # cents


@dataclass(frozen=True)
class Line:
    product: dict
    variant: dict
    quantity: int
    cents: int  # price of one

    @property
    def total(self) -> int:
        return self.cents * self.quantity


def pick(seeder: Seeder, products: list[dict], i: int) -> list[Line]:
    """One to three lines for order i, each of another product."""
    lines: list[Line] = []
    for n in range(1 + i % 3 if products else 0):
        product = products[(i * 5 + n * 7) % len(products)]
        variant = seeder.shop.existing(product["variants"][(i + n) % len(product["variants"])])
        if product["id"] not in [line.product["id"] for line in lines]:
            cents = round(float(variant["price"]) * 100)
            lines.append(Line(product, variant, 1 + (i + n) % 3, cents))
    return lines


def taxed(line: Line, off: int = 0) -> int:
    """The tax on a line of which so much is taken off."""
    return tax(line.total - off) if line.variant["taxable"] else 0


def fields(line: Line, off: int = 0) -> dict:
    """The fields that LineItem and DraftOrderLineItem have in common; ``off`` is the line's share
    of a discount, on which there is no tax."""
    title = line.product["title"]
    variant_title = None if line.product["hasOnlyDefaultVariant"] else line.variant["title"]
    return {
        "title": title,
        "name": f"{title} - {variant_title}" if variant_title else title,
        "variantTitle": variant_title,
        "sku": line.variant["sku"] or None,
        "vendor": line.product["vendor"],
        "quantity": line.quantity,
        "product": line.product["id"],
        "variant": line.variant["id"],
        "image": line.variant["image"],
        "originalUnitPriceSet": bag(line.cents),
        "originalTotalSet": bag(line.total),
        "discountedTotalSet": bag(line.total),
        "totalDiscountSet": bag(0),
        "requiresShipping": not line.product["isGiftCard"],
        "isGiftCard": line.product["isGiftCard"],
        "taxable": line.variant["taxable"],
        "taxLines": [tax_line(taxed(line, off))] if line.variant["taxable"] else [],
        "customAttributes": [],
    }


def shares(picked: list[Line], off: int) -> list[int]:
    """What each line has of a discount; the last one has what is left."""
    whole, left = sum(line.total for line in picked), off
    found = []
    for line in picked[:-1]:
        found.append(round(off * line.total / whole))
        left -= found[-1]
    return [*found, left] if picked else []


def tax(cents: int) -> int:
    return round(cents * TAX_RATE)


def tax_line(cents: int) -> dict:
    return {
        "title": "Maine State Tax",
        "rate": TAX_RATE,
        "ratePercentage": TAX_RATE * 100,
        "priceSet": bag(cents),
        "channelLiable": False,
    }


def shipping_line(seeder: Seeder) -> dict:
    return {
        "__typename": "ShippingLine",
        "id": seeder.id("ShippingLine"),
        "title": "Standard",
        "code": "Standard",
        "source": "shopify",
        "custom": False,
        "isRemoved": False,
        "originalPriceSet": bag(SHIPPING),
        "discountedPriceSet": bag(SHIPPING),
        "currentDiscountedPriceSet": bag(SHIPPING),
        "taxLines": [],
        "discountAllocations": [],
    }
