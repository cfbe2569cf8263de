"""What a connection pages through: a list within a record, or the records of a type.

A listing gives page(arguments) for a query and iterate() for a bulk query, which takes them all.
"""

import base64
from collections.abc import Callable, Iterator
from itertools import islice

import orjson

from standin.errors import error
from standin.store import ShopStore, number

MAX_PAGE = 250
MAX_OBJECTS = 25_000
TOO_DEEP = (
    f"Pagination stops at {MAX_OBJECTS:,} objects. Narrow the query with a filter, or use a bulk "
    "operation."
)


class ListListing:
    """A list within a record: gids, inline objects or scalars, in their order."""

    def __init__(self, items: list, reverse: bool = False):
        self.items = items[::-1] if reverse else items

    def iterate(self) -> Iterator:
        return iter(self.items)

    def page(self, args: dict) -> dict:
        size, backwards, cursor = window(args)
        items = self.items[::-1] if backwards else self.items
        start = cursor["n"] if cursor else 0
        if cursor and cursor["last_id"] in items:
            start = items.index(cursor["last_id"]) + 1
        chosen = items[start : start + size]
        return connection(chosen, start, len(items) > start + size, backwards, cursor)


class OwnedListing:
    """The codes of a discount in id order, read page by page: there may be very many."""

    def __init__(self, shop: ShopStore, owner: str | None, above: int = 0, reverse: bool = False):
        self.shop, self.owner, self.above, self.reverse = shop, owner, above, reverse

    def iterate(self) -> Iterator[dict]:
        if self.reverse:
            yield from reversed(list(OwnedListing(self.shop, self.owner, self.above).iterate()))
            return
        last = self.above
        while found := self.shop.codes_of(self.owner, last, MAX_PAGE):
            yield from found
            last = number(found[-1]["id"])

    def page(self, args: dict) -> dict:
        size, backwards, cursor = window(args)
        start = cursor["n"] if cursor else 0
        if start >= MAX_OBJECTS:
            raise error(TOO_DEEP, "BAD_REQUEST")
        if backwards or self.reverse:
            return ListListing(list(self.iterate())).page(args)
        after = number(cursor["last_id"]) if cursor else self.above
        found = self.shop.codes_of(self.owner, after, size + 1)
        return connection(found[:size], start, len(found) > size, backwards, cursor)


class RecordListing:
    """The records of some types that match, sorted by a field and then by id."""

    def __init__(
        self, shop: ShopStore, types: tuple[str, ...], sort: str | None = None, reverse=False
    ):
        self.shop, self.types, self.reverse, self.sort = shop, types, reverse, sort
        self.matches: Callable[[dict], bool] | None = None
        self.candidates: list[dict] | None = (
            None  # records to choose from, when there is a faster way than all
        )

    def iterate(self) -> Iterator[dict]:
        whole = len(self.types) == 1 and self.candidates is None and not self.sort
        if not whole or self.reverse:
            yield from self._sorted()
            return
        for record in self.shop.iterate(self.types[0]):
            if not self.matches or self.matches(record):
                yield record

    def count(self) -> int:
        if self.matches or self.candidates is not None:
            return sum(1 for _ in self.iterate())
        return sum(self.shop.count(name) for name in self.types)

    def page(self, args: dict) -> dict:
        size, backwards, cursor = window(args)
        start = cursor["n"] if cursor else 0
        if start >= MAX_OBJECTS:
            raise error(TOO_DEEP, "BAD_REQUEST")
        if len(self.types) == 1 and not (self.matches or self.sort or self.candidates is not None):
            after = cursor["last_id"] if cursor else None
            descending = self.reverse != backwards
            found = self.shop.page(self.types[0], size + 1, after, descending)
            return connection(found[:size], start, len(found) > size, backwards, cursor)
        records = self._sorted()
        if backwards:
            records.reverse()
        ids = [record["id"] for record in records]
        if cursor and cursor["last_id"] in ids:
            start = ids.index(cursor["last_id"]) + 1
        chosen = records[start : start + size]
        return connection(chosen, start, len(records) > start + size, backwards, cursor)

    def _sorted(self) -> list[dict]:
        records = self.candidates
        if records is None:
            records = [record for name in self.types for record in self.shop.iterate(name)]
        if self.matches:
            records = [record for record in records if self.matches(record)]

        def key(record):
            value = record.get(self.sort) if self.sort else None
            if not isinstance(value, int | float | None):
                value = str(value).lower()
            known = () if value is None else (value,)
            return (value is None, known, number(record["id"]), record["id"])

        return sorted(records, key=key, reverse=self.reverse)


def window(args: dict) -> tuple[int, bool, dict | None]:
    """Page size, whether it counts from the end, and the cursor it starts beyond."""
    first, last = args.get("first"), args.get("last")
    if first is not None and last is not None:
        raise error("providing both first and last is not supported", "BAD_REQUEST")
    name, size = ("first", first) if last is None else ("last", last)
    if size is None:
        raise error("you must provide one of first or last", "BAD_REQUEST")
    if not 0 <= size <= MAX_PAGE:
        raise error(
            f"{name} is {size}. A page has at most {MAX_PAGE} objects; use a number from 0 to"
            f" {MAX_PAGE}.",
            "BAD_REQUEST",
        )
    given = args.get("before") if last is not None else args.get("after")
    return size, last is not None, None if given is None else read_cursor(given)


def connection(items: list, start: int, more: bool, backwards: bool, cursor) -> dict:
    """The connection object over these items, given in the direction that was paged."""
    edges = [{"node": item, "cursor": make_cursor(item, start + i)} for i, item in enumerate(items)]
    if backwards:
        edges.reverse()
    before_exists = bool(cursor)
    return {
        "edges": edges,
        "nodes": [edge["node"] for edge in edges],
        "pageInfo": {
            "hasNextPage": before_exists if backwards else more,
            "hasPreviousPage": more if backwards else before_exists,
            "startCursor": edges[0]["cursor"] if edges else None,
            "endCursor": edges[-1]["cursor"] if edges else None,
        },
    }


def make_cursor(item, position: int) -> str:
    """Opaque to callers: the item's id and how many items were passed with it."""
    last_id = item.get("id") if isinstance(item, dict) else item
    return base64.b64encode(orjson.dumps({"last_id": last_id, "n": position + 1})).decode()


def read_cursor(cursor: str) -> dict:
    try:
        read = orjson.loads(base64.b64decode(cursor, validate=True))
        return {"last_id": read["last_id"], "n": int(read["n"])}
    except (ValueError, TypeError, KeyError) as bad:
        raise error(
            f"Invalid cursor: {cursor!r}. Use one that a page gave.", "BAD_REQUEST"
        ) from bad


def in_batches(items: Iterator, size: int) -> Iterator[list]:
    while batch := list(islice(items, size)):
        yield batch


Listing = ListListing | OwnedListing | RecordListing
