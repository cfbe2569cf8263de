"""The objects that rows of a file are about, asked for many at a time: by id, then by key."""

from models.import_row import ImportRow
from models.job import Job
from shopify.admin import Admin
from transfer.importing.plan import BadRow, Change, columns, gid, key_header
from transfer.reading import lookup
from transfer.reading.filters import quoted
from transfer.rows.headers import own
from transfer.types.base import DataType
from transfer.types.shop_facts import ShopFacts


class Found:
    """What the store has, by id and by natural key; kept true as rows are applied."""

    def __init__(self, key_field: str, items: list[dict]):
        self._key_field = key_field
        self._by_id = {item["id"]: item for item in items}

    def of(self, wanted: str | None, key: str) -> dict | None:
        """The object with this id; without one, or when the store has none such, with this key."""
        if wanted in self._by_id:
            return self._by_id[wanted]
        items = self._by_id.values()
        return next((item for item in items if key and item[self._key_field] == key), None)

    def note(self, row: ImportRow, change: Change, current: dict | None) -> None:
        """Keep true what later rows find, after a change or in a dry run as if after it."""
        if change.action == "delete":
            del self._by_id[current["id"]]
        elif current is not None:
            current.update(change.input)
        else:
            made = row.ref or f"row/{row.number}"
            self._by_id[made] = {"id": made, **change.input}


def find(admin: Admin, kind: DataType, job: Job, rows: list[ImportRow]) -> Found:
    """Look up everything that these rows may be about, in few queries."""
    headers = own(job.headers, kind)
    ids = {_id(kind, cell) for cell in _column(headers, rows, "ID")}
    keys = set(_column(headers, rows, key_header(kind))) - {""}
    ids |= set(ImportRow.refs(job.id, {row.key for row in rows if row.key}).values())
    items = _by_ids(admin, kind, sorted(ids - {None}))
    known = {item["id"] for item in items}
    items += [item for item in _by_keys(admin, kind, sorted(keys)) if item["id"] not in known]
    return Found(_key_field(kind), items)


def _column(headers: list[str], rows: list[ImportRow], header: str) -> list[str]:
    if header not in headers:
        return []
    place = headers.index(header)
    return [row.cells[place] if place < len(row.cells) else "" for row in rows]


def _id(kind: DataType, cell: str) -> str | None:
    try:
        return gid(kind, cell)
    except BadRow:
        return None


def _key_field(kind: DataType) -> str:
    return next(column.path for column in columns(kind) if column.header == key_header(kind))


def _by_ids(admin: Admin, kind: DataType, ids: list[str]) -> list[dict]:
    return lookup.by_ids(admin, kind, ShopFacts(), ids)


def _by_keys(admin: Admin, kind: DataType, keys: list[str]) -> list[dict]:
    if not keys:
        return []
    text = " OR ".join(f"{kind.writing.keys[0].term}:{quoted(key)}" for key in keys)
    found = lookup.by_search(admin, kind, ShopFacts(), text)
    return [node for node in found if node[_key_field(kind)] in keys]
