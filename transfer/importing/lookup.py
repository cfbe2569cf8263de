"""The objects that rows of a file are about, read from the store many at a time."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from shopify.admin import Admin
from transfer.importing.columns import BETWEEN, FileColumns
from transfer.importing.references import ids_by_field
from transfer.importing.snapshot import Snapshot
from transfer.reading import lookup
from transfer.reading.filters import quoted
from transfer.reading.narrowing import Needed, part_of
from transfer.types.base import DataType, Item
from transfer.types.shop_facts import Fact, ShopFacts
from transfer.types.writing import Key

KEYS_AT_ONCE = 50


def store_snapshot(
    admin: Admin,
    columns: FileColumns,
    refs: Iterable[str],
    keys: Iterable[str],
    headers: Collection[str] | None = None,
    without: Collection[str] = (),
) -> Snapshot:
    """What the store has of these ids and natural keys (as keys are compared); ``without`` the
    members of some nested sets.

    With ``headers``, of the columns that are repeated for each location, catalog, channel or
    metafield only these are read; the others are blank.
    """
    facts = columns.facts if headers is None else _needed(columns, headers)
    needed = None if headers is None else needed_of(columns, headers)
    wanted_refs, wanted_keys = sorted(set(refs)), sorted(set(keys) - {""})
    if wanted_keys:
        needed = None
    snapshot = Snapshot(columns if needed is None else columns.narrowed(headers or ()))
    if wanted_refs or wanted_keys:
        data_type = _less(columns.read_type, without)
        for item in _read_items(admin, columns, data_type, facts, wanted_refs, wanted_keys, needed):
            snapshot.add_item(item)
    return snapshot


def _less(data_type: DataType, without: Collection[str]) -> DataType:
    """The type without the passes that bring these lists of its objects."""
    passes = (
        step
        for step in data_type.passes
        if not (step.attach and {connection.name for connection in step.connections} & {*without})
    )
    return replace(data_type, passes=tuple(passes))


def is_looked_up(columns: FileColumns) -> bool:
    """Whether a few objects can be found without reading all of their type."""
    keys = (key for key in columns.keys if not key.groups)
    named = (key for key in keys if set(key.headers) & columns.places.keys())
    return lookup.finds_a_few(columns.data_type) and all(key.term or key.field for key in named)


def _needed(columns: FileColumns, headers: Collection[str]) -> ShopFacts:
    """The facts of the store that these columns stand for, without those of the others."""
    read = [bound for bound in columns.columns.values() if bound.header in headers]
    aliases = {bound.column.path for bound in read if not bound.repeated_for}
    wanted: dict[str, list[Fact]] = {}
    for bound in columns.columns.values():
        if bound.fact is None:
            continue
        found = wanted.setdefault(bound.repeated_for, [])
        by_alias = getattr(bound.fact, "alias", "") in aliases
        if (bound.header in headers or by_alias) and bound.fact not in found:
            found.append(bound.fact)
    facts = columns.facts
    for name, needed in wanted.items():
        facts = facts.having(name, needed)
    return facts


def needed_of(columns: FileColumns, headers: Collection[str]) -> Needed | None:
    """What is read of an object for these columns, and for those that it is known by; None where
    that cannot be told but by reading all of it."""
    data_type = columns.data_type
    first = data_type.passes[0]
    sheet = data_type.sheet(columns.sheet.sheet)
    made = {children.name: children.parts for children in sheet.children}
    needed: dict[str, set[str] | None] = {"": set()}
    for bound in columns.narrowed(headers).columns.values():
        of, column = bound.block.of, bound.column
        if names_of_part := made.get(of, {}).get(bound.block.part):
            needed[""] = {*(needed[""] or ()), *names_of_part}
            continue
        if of in made and made[of] and bound.header not in headers:
            continue  # it only tells the rows of a set from others
        part = part_of(first, of)
        if part is None or of in made or bound.block.at or bound.block.part:
            return None
        names = needed.setdefault(of, set())
        if bound.repeated_for in {repeated.facts for repeated in part.repeated}:
            continue
        if bound.repeated_for or column.path == ".":
            if not of:
                return None
            needed[of] = None
        elif names is not None:
            paths = (path.partition(".")[0] for path in column.path.split("|"))
            names.update(name for name in paths if name and not name.startswith("#"))
    return needed


def _read_items(
    admin: Admin,
    columns: FileColumns,
    data_type: DataType,
    facts: ShopFacts,
    refs: list[str],
    keys: list[str],
    needed: Needed | None,
) -> list[Item]:
    if not is_looked_up(columns):
        return lookup.everything(admin, data_type, facts)
    found = lookup.by_ids(admin, data_type, facts, refs, columns.writing.typename, needed)
    by_natural: dict[Key, list[str]] = {}
    for key in keys:
        by_natural.setdefault(columns.natural(key)[0], []).append(key)
    for natural, of_key in by_natural.items():
        for start in range(0, len(of_key), KEYS_AT_ONCE):
            part = set(of_key[start : start + KEYS_AT_ONCE])
            found += _searched(admin, columns, data_type, facts, natural, part)
    return found


def _searched(
    admin: Admin,
    columns: FileColumns,
    data_type: DataType,
    facts: ShopFacts,
    natural: Key,
    keys: set[str],
) -> list[Item]:
    """The objects that have these keys, all of which are ``natural``."""
    cells = [columns.natural(key)[1].split(BETWEEN) for key in sorted(keys)]
    if natural.field:
        ids = ids_by_field(admin, natural.field, [first for first, *_ in cells])
        refs = sorted({columns.writing.ref(gid) for gid in ids})
        return lookup.by_ids(admin, data_type, facts, refs, columns.writing.typename)
    terms = dict.fromkeys(term for first, *_ in cells for term in natural.searched(first))
    searches = [f"{natural.term}:{quoted(term)}" for term in terms]
    text = " OR ".join([*searches, natural.also] if natural.also else searches)
    names = {cell.lower() for _, *others in cells for cell in others}
    found = lookup.by_search(admin, data_type, facts, text, names)
    return [item for item in found if not keys.isdisjoint(columns.names_of_item(item))]
