"""The same result lines as a bulk operation's, read page by page where bulk is refused, and the
objects that no bulk query can read."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

import orjson

from shopify.admin import AccessDenied, Admin, TooExpensive
from transfer.reading import queries
from transfer.types.base import Connection, Item, Pass
from transfer.types.forms import number_of
from transfer.types.shop_facts import Fact, ShopFacts

MOST_OBJECTS = 25_000
"""Shopify pages through no more: the rest is asked for again, from an id on.

https://shopify.dev/docs/api/usage/limits
"""

FEWEST_SEARCHED, MOST_SEARCHED = 3, 100
"""From how many ids on they are searched for, and how many by one search."""


def lines(
    admin: Admin,
    step: Pass,
    facts: ShopFacts,
    search: str,
    fact: Fact | None = None,
    ids: Iterable[str] = (),
    typename: str = "",
) -> Iterator[bytes]:
    """A pass's objects, each followed by its children with their ``__parentId``; the objects of a
    ``plain`` pass have them in lists. ``ids`` are those of a pass that is asked for ``ids``, or of
    the objects of a ``typename`` that alone are wanted."""
    reader = _Reader(admin, facts)
    named = reader.named(step, ids, typename) if step.ids or typename else None
    for node in named or reader.nodes(step, search, fact):
        if step.plain:
            reader.fill(node, step.connections, node.get("id", ""))
            yield orjson.dumps(node)
        else:
            yield from reader.flat(node, step.connections)


def sample(
    admin: Admin, step: Pass, facts: ShopFacts, fact: Fact | None = None, *, root: str = ""
) -> set[str]:
    """Dotted paths of what the app may not read in a few of the pass's objects. ``root`` is where
    those are found that have the members which a pass with ``ids`` is asked for.

    Raises AccessDenied when it may read none of them.
    """
    document = queries.root_page(step, facts, fact, queries.SAMPLE, queries.SAMPLE)
    variables: Item = {"query": step.search or None} if queries.searchable(step) else {}
    if step.ids:
        variables = {"ids": _few_ids(admin, step, facts, root)}
    denied: list[list[str | int]] = []
    admin.query(document, variables, denied=denied)
    return {_dotted(path) for path in denied}


def samples(
    admin: Admin, steps: Sequence[tuple[Pass, Fact | None]], facts: ShopFacts, *, root: str
) -> list[set[str] | AccessDenied]:
    """For each pass, with the fact that it is for, its ``sample``, or why the app may read none of
    its objects. All are asked in one question, and by themselves those of which that does not tell
    enough."""
    found = _sampled_together(admin, steps, facts)
    return [
        found[number] if number in found else _sampled(admin, step, facts, fact, root)
        for number, (step, fact) in enumerate(steps)
    ]


def _sampled(
    admin: Admin, step: Pass, facts: ShopFacts, fact: Fact | None, root: str
) -> set[str] | AccessDenied:
    try:
        return sample(admin, step, facts, fact, root=root)
    except AccessDenied as error:
        return error


def _sampled_together(
    admin: Admin, steps: Sequence[tuple[Pass, Fact | None]], facts: ShopFacts
) -> dict[int, set[str]]:
    """By their places the samples of those passes of which one question tells them."""
    aliases = {f"pass{n}": n for n, (step, _) in enumerate(steps) if not step.ids}
    if len(aliases) < 2:
        return {}
    bodies = [_aliased(*steps[n], facts, alias) for alias, n in aliases.items()]
    denied: list[list[str | int]] = []
    try:
        data = admin.query(f"query ($after: String) {{ {' '.join(bodies)} }}", denied=denied)
    except (AccessDenied, TooExpensive):
        return {}
    found: dict[int, set[str]] = {number: set() for number in aliases.values()}
    for path in denied:
        alias = next((name for name in path if name in aliases), None)
        if alias is None:
            return {}
        number, place = aliases[str(alias)], path.index(alias) + 1
        if _at(data, path[:place]) is None:
            found.pop(number, None)  # none of it may be read
        elif number in found:
            found[number].add(_dotted(["page", *path[place:]]))
    return found


def _at(data: Any, path: Iterable[str | int]) -> Any:
    """What stands in an answer under a path; None where that ends before."""
    for name in path:
        data = data and data[name]
    return data


def _aliased(step: Pass, fact: Fact | None, facts: ShopFacts, alias: str) -> str:
    """What a sample asks for, under an alias, to be asked with others."""
    document = queries.root_page(step, facts, fact, queries.SAMPLE, queries.SAMPLE)
    body = document.partition("{")[2].rpartition("}")[0].replace("page:", f"{alias}:", 1)
    return body.replace("$query", orjson.dumps(step.search or None).decode())


def _few_ids(admin: Admin, step: Pass, facts: ShopFacts, root: str) -> list[str]:
    """Ids that a pass with ``ids`` could be asked for, of the first objects that have any."""
    owners = Pass(root, fields=f"id {step.ids} {{ id }}", search=step.search)
    document = queries.root_page(owners, facts, size=queries.SAMPLE)
    page = _below(admin.ask(document, {"query": step.search}).data)
    nodes = page["nodes"] if page else []
    found = [member["id"] for node in nodes for member in node[step.ids]]
    return found[: queries.SAMPLE]


def _after(gid: str, search: str) -> str:
    """The search for what comes after this object."""
    later = f"id:>{number_of(gid)}"
    return f"({search}) AND {later}" if search else later


class _Pages:
    """Pages of one query, as large as Shopify lets them be.

    ``document(size)`` is the query's text. The first size follows from what we expect a query to
    cost; from then on from what Shopify says it costs. What the app may not read is null.
    """

    def __init__(self, admin: Admin, document: Callable[[int], str], size: int):
        self._admin, self._document = admin, document
        self.size, self._largest = size, queries.LARGEST_PAGE

    def page(self, variables: Item) -> Item | None:
        """The ``page`` of an answer, however deep; None when something above it is missing."""
        while True:
            try:
                return self.ask(variables)
            except TooExpensive as error:
                self.shrink(error)

    def ask(self, variables: Item) -> Item | None:
        """As ``page``, or raise TooExpensive."""
        answer = self._admin.ask(self._document(self.size), variables)
        cost = (answer.extensions.get("cost") or {}).get("requestedQueryCost") or 0
        if 0 < cost <= queries.MOST_POINTS:
            # Twice the size costs at most twice as much.
            self.size = min(self._largest, self.size * (queries.MOST_POINTS // cost))
        return _below(answer.data)

    def shrink(self, error: TooExpensive) -> None:
        if self.size == 1:
            raise error
        fits = self.size * queries.MOST_POINTS // error.cost if error.cost else self.size
        self.size = self._largest = max(1, min(fits, self.size // 2))


class _Reader:
    """Reads the objects of a pass with all of their children."""

    def __init__(self, admin: Admin, facts: ShopFacts):
        self._admin, self._facts = admin, facts
        self._children: dict[tuple[object, ...], _Pages] = {}

    def nodes(self, step: Pass, search: str, fact: Fact | None) -> Iterator[Item]:
        def document(size: int) -> str:
            return queries.root_page(step, self._facts, fact, size)

        if step.single:
            yield from filter(None, [_Pages(self._admin, document, 1).page({})])
            return
        pages = _Pages(self._admin, document, queries.page_sizes(step, self._facts)[1])
        variables: Item = {"after": None}
        by_id, seen = queries.by_id(step), 0
        if by_id:
            variables["query"] = search or None
        while True:
            page = pages.page(variables)
            if page is None:
                return
            yield from page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return
            variables["after"] = page["pageInfo"]["endCursor"]
            seen += len(page["nodes"])
            if by_id and seen > MOST_OBJECTS - queries.LARGEST_PAGE:
                variables |= {"after": None, "query": _after(page["nodes"][-1]["id"], search)}
                seen = 0

    def named(self, step: Pass, ids: Iterable[str], typename: str) -> Iterator[Item]:
        """The objects of these ids that are still there. A list of ids costs as much as each of
        its objects, a search for them only with the logarithm of their number: so many are searched
        for, and asked by their ids are those that the search does not know."""
        if typename and queries.by_id(step) and not step.each:
            wanted = list(ids)
            if len(wanted) >= FEWEST_SEARCHED:
                known = set()
                for node in self._searched(step, wanted):
                    known.add(node["id"])
                    yield node
                wanted = [gid for gid in wanted if gid not in known]
            ids = wanted
        if typename:
            document = queries.nodes_page(step, typename, self._facts)
        else:
            document = queries.root_page(step, self._facts)
        size = queries.page_sizes(step, self._facts)[1]
        pages = _Pages(self._admin, lambda size: document, size)
        left = iter(ids)
        while batch := list(islice(left, pages.size)):
            try:
                found = pages.ask({"ids": batch})
            except TooExpensive as error:
                pages.shrink(error)
                left = chain(batch, left)
            else:
                yield from filter(None, found or ())

    def _searched(self, step: Pass, ids: list[str]) -> Iterator[Item]:
        """The objects of these ids that a search finds."""
        batch: list[str] = []

        def document(size: int) -> str:
            return queries.root_page(step, self._facts, size=min(size, len(batch)))

        pages = _Pages(self._admin, document, queries.page_sizes(step, self._facts)[1])
        left = iter(ids)
        while batch := list(islice(left, min(pages.size, MOST_SEARCHED))):
            text = " OR ".join(f"id:{number_of(gid)}" for gid in batch)
            query = f"({step.search}) AND ({text})" if step.search else text
            try:
                page = pages.ask({"query": query, "after": None})
            except TooExpensive as error:
                pages.shrink(error)
                left = chain(batch, left)
            else:
                nodes = page["nodes"] if page else []
                yield from (node for node in nodes if node["id"] in batch)

    def flat(self, node: Item, connections: Iterable[Connection]) -> Iterator[bytes]:
        """A node as a line, then its children's."""
        gid = node["id"]
        below = [
            (c, [holder.pop(c.name) for _, holder in list(_holders(node, c.name, gid))])
            for c in connections
        ]
        yield orjson.dumps(node)
        for connection, pages in below:
            for page in pages:
                for child in self.children(connection, gid, page, top=True):
                    line = {**child, "__parentId": gid}
                    if connection.connections:
                        yield from self.flat(line, connection.connections)
                    else:
                        yield orjson.dumps(line)

    def fill(self, node: Item, connections: Iterable[Connection], gid: str) -> None:
        """Put a list of all children in the place of each connection's first page."""
        for connection in connections:
            for owner, holder in list(_holders(node, connection.name, gid)):
                page = holder[connection.name]
                found = list(self.children(connection, owner, page, top=owner == gid))
                for child in found:
                    self.fill(child, connection.connections, child.get("id", ""))
                holder[connection.name] = found

    def children(
        self, connection: Connection, gid: str, page: Item | None, *, top: bool
    ) -> Iterator[Item]:
        """The children on the page that came with their object, and on those after it."""
        variables: Item = {"id": gid} | ({"query": None} if connection.searched else {})
        seen = 0
        while page is not None:
            yield from page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return
            variables["after"] = page["pageInfo"]["endCursor"]
            seen += len(page["nodes"])
            if connection.searched and seen > MOST_OBJECTS - queries.LARGEST_PAGE:
                variables |= {"after": None, "query": _after(page["nodes"][-1]["id"], "")}
                seen = 0
            page = self._pages_of_connection(connection, gid.split("/")[3], top).page(variables)

    def _pages_of_connection(self, connection: Connection, typename: str, top: bool) -> _Pages:
        """Further pages of a connection, whose size is learned once for all objects."""
        key = (connection, typename, top)
        if key not in self._children:

            def document(size: int) -> str:
                return queries.child_page(connection, typename, self._facts, top=top, size=size)

            size = queries.page_sizes(connection, self._facts)[1]
            self._children[key] = _Pages(self._admin, document, size)
        return self._children[key]


def _holders(value: object, name: str, gid: str) -> Iterator[tuple[str, Item]]:
    """What has a page of this connection, with the id of the nearest object around it."""
    if isinstance(value, list):
        for part in value:
            yield from _holders(part, name, gid)
    elif isinstance(value, dict):
        gid = value.get("id", gid)
        if isinstance(value.get(name), dict) and "pageInfo" in value[name]:
            yield gid, value
            return
        for part in value.values():
            yield from _holders(part, name, gid)


def _below(value: object) -> Item | None:
    if not isinstance(value, dict):
        return None
    if "page" in value:
        page: Item | None = value["page"]
        return page
    return next((found for part in value.values() if (found := _below(part)) is not None), None)


def _dotted(path: list[str | int]) -> str:
    """``["page", "nodes", 0, "addresses", "nodes", 1, "zip"]`` to ``"addresses.zip"``."""
    names = [part for part in path if isinstance(part, str)]
    return ".".join(n for n in names[names.index("page") + 1 :] if n not in ("nodes", "page"))
