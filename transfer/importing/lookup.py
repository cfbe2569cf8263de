"""The objects that rows of a file are about, read from the store many at a time."""

from collections.abc import Iterable

from shopify.admin import Admin
from transfer.importing.columns import FileColumns
from transfer.importing.snapshot import Snapshot
from transfer.reading import lookup
from transfer.reading.filters import quoted

DOMAINS = "query OwnDomains { shop { myshopifyDomain primaryDomain { host } } }"
KEYS_AT_ONCE = 50


def own_domains(admin: Admin) -> tuple[str, ...]:
    """The domains that lead to the store."""
    shop = admin.query(DOMAINS)["shop"]
    return tuple(dict.fromkeys((shop["myshopifyDomain"], shop["primaryDomain"]["host"])))


def store_snapshot(
    admin: Admin, columns: FileColumns, refs: Iterable[str], keys: Iterable[str]
) -> Snapshot:
    """What the store has of these ids and natural keys (as keys are compared)."""
    snapshot = Snapshot(columns)
    found = lookup.by_ids(
        admin, columns.data_type, columns.facts, sorted(set(refs)), columns.writing.typename
    )
    wanted = sorted(set(keys) - {""})
    for start in range(0, len(wanted), KEYS_AT_ONCE):
        found += _by_keys(admin, columns, wanted[start : start + KEYS_AT_ONCE])
    for item in found:
        snapshot.add_item(item)
    return snapshot


def _by_keys(admin: Admin, columns: FileColumns, keys: list[str]) -> list[dict]:
    natural = columns.writing.keys[0]
    terms = (term for key in keys for term in natural.searched(key))
    text = " OR ".join(f"{natural.term}:{quoted(term)}" for term in terms)
    found = lookup.by_search(admin, columns.data_type, columns.facts, text)
    return [item for item in found if columns.key_of(columns.exported(item)) in keys]
