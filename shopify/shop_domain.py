"""The permanent domain of a shop, the only name by which anything here knows it."""

import re

_SHOP = re.compile(r"[a-z0-9][a-z0-9-]{0,62}\.myshopify\.com", re.ASCII)


def is_shop_domain(text: str) -> bool:
    """Whether this is ``<name>.myshopify.com`` and nothing else, in lower case."""
    return bool(_SHOP.fullmatch(text))
