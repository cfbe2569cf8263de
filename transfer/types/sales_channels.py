"""Sales channels: the entries of products and collections on them, and how both are published.

An entry is there before its time comes.
"""

from collections.abc import Callable, Container, Iterator

from transfer.types.base import Connection, Item
from transfer.types.shop_facts import Channel, ShopFacts
from transfer.types.writing import Mutation, Step

ENTRIES = Connection(
    "resourcePublicationsV2",
    arguments="onlyPublished: false",
    fields="isPublished publishDate publication { id }",
)
PUBLISH, UNPUBLISH = (
    Mutation(field, ("id: ID!", "input: [PublicationInput!]!"), input="input", target="id")
    for field in ("publishablePublish", "publishableUnpublish")
)


def entries_are_known(item: Item) -> bool:
    """Whether the entries could be read."""
    return ENTRIES.name in item


def entries_on(publications: Container[str], item: Item) -> Iterator[Item]:
    """The object's entries on these."""
    entries = item.get(ENTRIES.name, ())
    return (one for one in entries if one["publication"]["id"] in publications)


def _channel(alias: str) -> Callable[[ShopFacts], Channel | None]:
    return lambda facts: next((one for one in facts.channels if one.alias == alias), None)


def _published(name: str, fact: Callable[[ShopFacts], Channel | None] | None = None) -> Step:
    return Step(
        name,
        send=PUBLISH,
        clear=UNPUBLISH,
        item=lambda place: {"publicationId": place.publication},
        takes=lambda place: place.publication is not None,
        fact=fact,
        group="published",
    )


PUBLISHED = (
    _published("online", _channel("web")),
    _published("pos", _channel("pos")),
    _published("included"),
    _published("published"),
)
