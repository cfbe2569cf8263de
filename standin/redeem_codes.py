"""The codes of discounts: records of their own, as one discount may have a million.

A code is found by its text, and those of a discount stand in the order of their ids.
"""

from collections.abc import Iterable

from standin.context import Context
from standin.listings import OwnedListing
from standin.store import ShopStore

TYPENAME = "DiscountRedeemCode"
LINKS = ("node", "redeems", "redeemKey")
"""What ties discounts and codes together, beside the fields of Shopify's schema."""


def record(gid: str, discount: str, code: str, used: int = 0) -> dict:
    """A code of the discount whose DiscountNode has this id."""
    return {
        "__typename": TYPENAME,
        "id": gid,
        "code": code.strip(),
        "asyncUsageCount": used,
        "redeems": discount,
        "redeemKey": key(code),
    }


def key(code: str) -> str:
    """A code in the form in which Shopify compares codes: without regard to case."""
    return code.strip().casefold()


def with_text(shop: ShopStore, codes: Iterable[str]) -> dict[str, dict]:
    """Those of these codes that any discount of the shop has, by their keys."""
    found = shop.find(TYPENAME, "redeemKey", map(key, codes))
    return {one["redeemKey"]: one for one in found}


def listing(context: Context, source: dict, args: dict) -> OwnedListing:
    """The codes of a discount."""
    return OwnedListing(context.shop, source.get("node"), reverse=bool(args.get("reverse")))


FIELDS = {f"DiscountCode{kind}.codes": listing for kind in ("App", "Basic", "Bxgy", "FreeShipping")}
