"""The entries of products and collections on sales channels, also those that are still to come."""

from collections.abc import Container, Iterator

from transfer.types.base import Connection, Item

ENTRIES = Connection(
    "resourcePublicationsV2",
    arguments="onlyPublished: false",
    fields="isPublished publishDate publication { id }",
)


def are_known(item: Item) -> bool:
    """Whether the entries could be read."""
    return ENTRIES.name in item


def entries_on(publications: Container[str], item: Item) -> Iterator[Item]:
    """The object's entries on these."""
    entries = item.get(ENTRIES.name, ())
    return (one for one in entries if one["publication"]["id"] in publications)
