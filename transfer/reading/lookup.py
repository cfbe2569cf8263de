"""A few objects as an export would read them, found by their ids or by a search.

The type's first pass brings them; the further passes are asked for what belongs to them, by the ids
of the objects or of their members, or by a search.
"""

from collections.abc import Container, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from itertools import chain

from shopify.admin import AccessDenied, Admin
from transfer.reading import pages, undefined
from transfer.reading.completeness import complete
from transfer.reading.external_sort import Group
from transfer.reading.narrowing import Needed, narrowed, objects_in
from transfer.reading.objects import builder, parsed, path_getter, sorted_pass, together, without
from transfer.reading.references import resolved
from transfer.types.base import DataType, Item, Pass, literal
from transfer.types.forms import number_of
from transfer.types.shop_facts import ShopFacts


def by_ids(
    admin: Admin,
    data_type: DataType,
    facts: ShopFacts,
    ids: Iterable[str],
    typename: str,
    needed: Needed | None = None,
) -> list[Item]:
    """The objects of these ids, all of one GraphQL type, that the store has, in any order; only
    with what is ``needed`` of them, if that is told."""
    step = _first(data_type, facts)
    if needed is not None:
        further = [one for one in data_type.passes[1:] if _brings(one, data_type, facts, needed)]
        step = narrowed(step, needed)
        data_type = replace(data_type, passes=(step, *further))
    lines = pages.lines(admin, step, facts, "", ids=ids, typename=typename)
    return _whole(admin, data_type, facts, lines)


def _brings(step: Pass, data_type: DataType, facts: ShopFacts, needed: Needed) -> bool:
    """Whether a further pass brings anything that is needed of the objects; of a type whose rows do
    not tell what they are made of, it does but where its members are left out."""
    if step.attach is None or needed.get("") is None:
        return True
    known = {*(needed[""] or ()), *needed}
    lists = {one.name for one in data_type.passes[0].connections if not one.undefined}
    if not any(children.parts for sheet in data_type.sheets for children in sheet.children):
        return step.attach.to not in lists or step.attach.to in known
    if step.attach.to:
        return step.attach.to in known
    if not known.isdisjoint(objects_in(step.fields)):
        return True
    return any(
        undefined.is_named(one, facts) if one.undefined else one.name in known
        for one in step.connections
    )


def by_search(
    admin: Admin, data_type: DataType, facts: ShopFacts, search: str, names: Container[str] = ()
) -> list[Item]:
    """The objects that Shopify finds for a search; it may find more than are meant. A type that is
    read for each of some facts is searched for those with these names, in lower case, if any."""
    step = _first(data_type, facts)
    each = list(facts.named(step.each)) if step.each else [None]
    chosen = [fact for fact in each if fact is None or fact.name.lower() in names] or each
    found = (pages.lines(admin, step, facts, search, fact) for fact in chosen)
    return _whole(admin, data_type, facts, chain.from_iterable(found))


def everything(admin: Admin, data_type: DataType, facts: ShopFacts) -> list[Item]:
    """All objects of a type of which a store has few."""
    return by_search(admin, data_type, facts, "")


def for_writing(data_type: DataType, step: Pass) -> Pass:
    """A pass with what only writing needs of an object, where it is the first."""
    if step is not data_type.passes[0] or data_type.writing is None:
        return step
    repeated = tuple(replace(one, field=one.written or one.field) for one in step.repeated)
    fields = f"{step.fields} {data_type.writing.fields}".rstrip()
    return replace(step, fields=fields, repeated=repeated)


def _first(data_type: DataType, facts: ShopFacts) -> Pass:
    """The pass that brings the objects, without metafields that have no definition where the facts
    name none of them."""
    step = for_writing(data_type, data_type.passes[0])
    named = tuple(one for one in step.connections if undefined.is_named(one, facts))
    return replace(step, connections=named)


def finds_a_few(data_type: DataType) -> bool:
    """Whether what belongs to a few objects can be had without reading all of them."""
    first, *further = data_type.passes
    return not first.single and all(_is_narrow(step.few or step, first) for step in further)


def _is_narrow(step: Pass, first: Pass) -> bool:
    """Whether a further pass can be asked for what belongs to a few objects."""
    members = step.attach is not None and step.attach.to
    return bool(step.root == first.root or step.ids or members)


def _whole(
    admin: Admin, data_type: DataType, facts: ShopFacts, first_lines: Iterable[bytes]
) -> list[Item]:
    """The objects of the first pass's lines, with what the further ones bring, as a file has
    them."""
    of_few = replace(data_type, passes=tuple(step.few or step for step in data_type.passes))
    first = data_type.passes[0]
    lines = list(first_lines)
    items = builder(first)(parsed(b",".join(lines)))
    if not items:
        return []
    with ExitStack() as stack:
        passes: dict[int, Iterable[Group]] = {}
        for number, step in enumerate(of_few.passes):
            if step.needs and not facts.named(step.needs):
                continue
            if step is not first and not undefined.is_named(step, facts):
                continue
            with suppress(AccessDenied):  # an export leaves such a pass out, too
                found = lines if step is first else list(_lines(admin, step, first, facts, items))
                kept = undefined.without_defined(found, step, facts)
                passes[number] = stack.enter_context(sorted_pass(kept, step, first))
        return list(
            resolved(
                as_exported(together(of_few, passes), data_type, facts), data_type, facts, admin
            )
        )


def as_exported(items: Iterable[Item], data_type: DataType, facts: ShopFacts) -> Iterable[Item]:
    """The objects that passes brought, complete and without what Shopify redacts."""
    found = undefined.named(complete(items, data_type), data_type, facts)
    return without(found, facts.redacted) if facts.redacted else found


def _lines(
    admin: Admin, step: Pass, first: Pass, facts: ShopFacts, items: list[Item]
) -> Iterator[bytes]:
    """The lines of a further pass, those of these objects among them."""
    if step.ids:
        ids = (member["id"] for item in items for member in item.get(step.ids) or ())
        return pages.lines(admin, step, facts, "", ids=ids)
    if any(connection.owner_term for connection in step.connections):
        return pages.lines(admin, _narrowed(step, items), facts, step.search)
    if not _is_narrow(step, first):
        facts_of_pass = facts.named(step.each) if step.each else (None,)
        found = (pages.lines(admin, step, facts, step.search, fact) for fact in facts_of_pass)
        return chain.from_iterable(found)
    gids = [item["id"] for item in items]
    if step.root != first.root and step.attach:
        at = path_getter(step.attach.at)
        members = (at(member) for item in items for member in item.get(step.attach.to) or ())
        gids = list(filter(None, members))
    typename = gids[0].split("/")[3] if gids else ""
    return pages.lines(admin, step, facts, "", ids=gids, typename=typename) if gids else iter(())


def _narrowed(step: Pass, items: list[Item]) -> Pass:
    """The pass with those children alone that belong to these objects."""
    connections = []
    for connection in step.connections:
        terms = (f"{connection.owner_term}:{number_of(item['id'])}" for item in items)
        query = f"query: {literal(' OR '.join(terms))}" if connection.owner_term else ""
        arguments = ", ".join(filter(None, (connection.arguments, query)))
        connections.append(replace(connection, arguments=arguments))
    return replace(step, connections=tuple(connections))
