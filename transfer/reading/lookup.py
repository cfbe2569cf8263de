"""A few objects as an export would read them, found by their ids or by a search.

They come of the type's first pass: its own fields, with a list for each of its connections.
"""

from collections.abc import Iterable

from shopify.admin import Admin
from transfer.reading import pages
from transfer.reading.objects import builder, parsed
from transfer.types.base import DataType, Item, Pass
from transfer.types.shop_facts import ShopFacts


def by_ids(
    admin: Admin, data_type: DataType, facts: ShopFacts, ids: Iterable[str], typename: str
) -> list[Item]:
    """The objects of these ids, all of one GraphQL type, that the store has, in any order."""
    step = data_type.passes[0]
    return _objects(step, pages.lines(admin, step, facts, "", ids=ids, typename=typename))


def by_search(admin: Admin, data_type: DataType, facts: ShopFacts, search: str) -> list[Item]:
    """The objects that Shopify finds for a search; it may find more than are meant."""
    step = data_type.passes[0]
    return _objects(step, pages.lines(admin, step, facts, search))


def _objects(step: Pass, lines: Iterable[bytes]) -> list[Item]:
    return builder(step)(parsed(b",".join(lines)))
