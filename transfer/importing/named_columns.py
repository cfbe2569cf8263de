"""What a file's headers name and an export does not ask for, as facts of the shop: metafields
without a definition, and dates on sales channels. So their columns are compared and written like
all others.
"""

import re
from collections.abc import Iterable

from transfer.reading.shop_facts import SEO
from transfer.rows.columns import all_columns
from transfer.rows.headers import Headers, visible_text
from transfer.types.base import DataType
from transfer.types.shop_facts import METAFIELDS, MetafieldDefinition, ShopFacts

UNDEFINED, DATED = "/undefined", "dated_channels"
NAMED = re.compile(r"(?P<name>.+) \[(?P<type>(?:list\.)?[a-z_]+)\]", re.DOTALL)
DOT = re.compile(r"(?<!\\)\.")
"""Between namespace and key; one within either is written ``\\.``."""


def with_undefined(data_type: DataType, headers: Iterable[str], facts: ShopFacts) -> ShopFacts:
    """The facts with the metafields without a definition that these headers name."""
    shown = [visible_text(header) for header in headers]
    for bound in all_columns(data_type):
        name = bound.repeated_for
        if not (name.startswith(f"{METAFIELDS}:") and name.endswith(UNDEFINED)):
            continue
        start = bound.header.partition("{}")[0].lower()
        named = [h[len(start) :] for h in shown if h.lower().startswith(start)]
        defined = {fact.name.lower() for fact in facts.named(name.removesuffix(UNDEFINED))}
        unknown = dict.fromkeys(n for n in named if n.lower() not in defined)
        found = (_metafield(number, name) for number, name in enumerate(unknown))
        facts = facts.having(name, [one for one in found if one])
    return facts


def with_dated_channels(data_type: DataType, headers: Iterable[str], facts: ShopFacts) -> ShopFacts:
    """The facts with the sales channels for which these headers have a column of dates."""
    known = Headers(data_type, facts.having(DATED, facts.channels))
    found = (known.find(header) for header in headers)
    named = {one.fact for one in found if one and one.repeated_for == DATED}
    return facts.having(DATED, (channel for channel in facts.channels if channel in named))


def _metafield(number: int, name: str) -> MetafieldDefinition | None:
    """The metafield that ``namespace.key [type]`` names; None where that is none, or one that
    search engines read, which has a column of its own."""
    found = NAMED.fullmatch(name)
    if found is None:
        return None
    parts = [part.replace("\\.", ".") for part in DOT.split(found["name"], maxsplit=1)]
    namespace, key = parts if len(parts) == 2 else ("global", parts[0])
    if namespace == "global" and key in SEO:
        return None
    return MetafieldDefinition(f"u{number}", name, namespace, key, found["type"])
