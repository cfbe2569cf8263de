"""The objects that rows of a file are about, read from the store many at a time."""

from collections.abc import Collection, Iterable

from shopify.admin import Admin
from transfer.importing.columns import BETWEEN, FileColumns
from transfer.importing.snapshot import Snapshot
from transfer.reading import lookup
from transfer.reading.filters import quoted
from transfer.types.base import Item
from transfer.types.shop_facts import Fact, ShopFacts
from transfer.types.writing import Key

DOMAINS = "query OwnDomains { shop { myshopifyDomain primaryDomain { host } } }"
KEYS_AT_ONCE = 50


def own_domains(admin: Admin) -> tuple[str, ...]:
    """The domains that lead to the store."""
    shop = admin.query(DOMAINS)["shop"]
    return tuple(dict.fromkeys((shop["myshopifyDomain"], shop["primaryDomain"]["host"])))


def store_snapshot(
    admin: Admin,
    columns: FileColumns,
    refs: Iterable[str],
    keys: Iterable[str],
    headers: Collection[str] | None = None,
) -> Snapshot:
    """What the store has of these ids and natural keys (as keys are compared).

    With ``headers``, of the columns that are repeated for each location, catalog, channel or
    metafield only these are read; the others are blank.
    """
    facts = columns.facts if headers is None else _needed(columns, headers)
    snapshot = Snapshot(columns)
    wanted_refs, wanted_keys = sorted(set(refs)), sorted(set(keys) - {""})
    if wanted_refs or wanted_keys:
        for item in _found(admin, columns, facts, wanted_refs, wanted_keys):
            snapshot.add_item(item)
    return snapshot


def is_looked_up(columns: FileColumns) -> bool:
    """Whether a few objects can be found without reading all of their type."""
    named = (key for key in columns.keys if set(key.headers) & columns.places.keys())
    return lookup.finds_a_few(columns.data_type) and all(key.term for key in named)


def _needed(columns: FileColumns, headers: Collection[str]) -> ShopFacts:
    """The facts of the store that these columns stand for, without those of the others."""
    repeated = [bound for bound in columns.columns.values() if bound.repeated_for]
    wanted: dict[str, list[Fact]] = {bound.repeated_for: [] for bound in repeated}
    for bound in repeated:
        if bound.header in headers and bound.fact and bound.fact not in wanted[bound.repeated_for]:
            wanted[bound.repeated_for].append(bound.fact)
    facts = columns.facts
    for name, needed in wanted.items():
        facts = facts.having(name, needed)
    return facts


def _found(
    admin: Admin, columns: FileColumns, facts: ShopFacts, refs: list[str], keys: list[str]
) -> list[Item]:
    data_type = columns.data_type
    if not is_looked_up(columns):
        return lookup.everything(admin, data_type, facts)
    found = lookup.by_ids(admin, data_type, facts, refs, columns.writing.typename)
    by_natural: dict[Key, list[str]] = {}
    for key in keys:
        by_natural.setdefault(columns.natural(key)[0], []).append(key)
    for natural, of_key in by_natural.items():
        for start in range(0, len(of_key), KEYS_AT_ONCE):
            part = set(of_key[start : start + KEYS_AT_ONCE])
            found += _searched(admin, columns, facts, natural, part)
    return found


def _searched(
    admin: Admin, columns: FileColumns, facts: ShopFacts, natural: Key, keys: set[str]
) -> list[Item]:
    """The objects that have these keys, all of which are ``natural``."""
    cells = [columns.natural(key)[1].split(BETWEEN) for key in sorted(keys)]
    terms = dict.fromkeys(term for first, *_ in cells for term in natural.searched(first))
    searches = [f"{natural.term}:{quoted(term)}" for term in terms]
    text = " OR ".join([*searches, natural.also] if natural.also else searches)
    names = {cell.lower() for _, *others in cells for cell in others}
    found = lookup.by_search(admin, columns.data_type, facts, text, names)
    return [item for item in found if not keys.isdisjoint(columns.names_of_item(item))]
