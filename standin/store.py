"""What the shops hold: JSON records of Admin API objects, in one SQLite file.

A record is a dict in the shape of its GraphQL object, with "__typename" and "id". Record ids are
gid://shopify/<Typename>/<number>, with an optional ?query at the end as Shopify has it.
"""

import re
import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from standin import search_lag

GID = re.compile(r"gid://[a-z-]+/(?P<typename>\w+)/(?P<number>\d*)")
CHUNK = 500
IDS_AFTER = 7_000_000_000_000
INDEXED = ("path", "handle", "redeemKey")
SETTINGS_AT_HAND = 1000  # of a shop
EMPTIED = "emptied"
"""The setting of a shop that was emptied and still has records, see ShopStore.restore()."""
COLUMNS = {"record": "gid, typename, number, body", "counter": "typename, last"}
"""Those of a table of records, besides the shop."""

TABLES = """
CREATE TABLE IF NOT EXISTS shop (domain TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS record (
    shop TEXT NOT NULL, gid TEXT NOT NULL, typename TEXT NOT NULL, number INTEGER NOT NULL,
    body TEXT NOT NULL, UNIQUE (shop, gid));
CREATE INDEX IF NOT EXISTS record_order ON record (shop, typename, number, gid);
CREATE INDEX IF NOT EXISTS record_path ON record (shop, typename, body ->> '$.path' COLLATE NOCASE)
    WHERE body ->> '$.path' IS NOT NULL;
CREATE INDEX IF NOT EXISTS record_handle ON record
    (shop, typename, body ->> '$.handle' COLLATE NOCASE) WHERE body ->> '$.handle' IS NOT NULL;
CREATE INDEX IF NOT EXISTS record_redeems ON record (shop, body ->> '$.redeems', number)
    WHERE body ->> '$.redeems' IS NOT NULL;
CREATE INDEX IF NOT EXISTS record_redeem_key ON record
    (shop, typename, body ->> '$.redeemKey' COLLATE NOCASE)
    WHERE body ->> '$.redeemKey' IS NOT NULL;
CREATE TABLE IF NOT EXISTS counter (
    shop TEXT NOT NULL, typename TEXT NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (shop, typename));
CREATE TABLE IF NOT EXISTS setting (
    shop TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (shop, name));
"""


class Store:
    """All shops. Thread-safe: one connection behind a lock; a write is on disk when it returns."""

    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.lock = threading.RLock()
        self._shops: dict[str, ShopStore] = {}
        self._db = sqlite3.connect(
            folder / "shops.sqlite3", check_same_thread=False, isolation_level=None
        )
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(TABLES)
        emptied = "SELECT shop FROM setting WHERE name = ? AND value = ?"
        for table in COLUMNS:
            self.run(f"DELETE FROM {table} WHERE shop IN ({emptied})", (EMPTIED, b"true"))
        self.run("DELETE FROM setting WHERE name = ?", (EMPTIED,))

    def shop(self, domain: str) -> "ShopStore":
        """The shop of this domain ("demo.myshopify.com"), made on first sight."""
        with self.lock:
            if domain not in self._shops:
                self.run("INSERT OR IGNORE INTO shop VALUES (?)", (domain,))
                self._shops[domain] = ShopStore(self, domain)
            return self._shops[domain]

    def shops(self) -> list[str]:
        return [domain for (domain,) in self.run("SELECT domain FROM shop ORDER BY domain")]

    def forget_copy(self, name: str) -> None:
        """The copy of this name becomes another."""
        for shop in self._shops.values():
            shop.forget_copy(name)

    def close(self) -> None:
        with self.lock:
            self._db.close()

    def run(self, sql: str, values: tuple = ()) -> list[tuple]:
        with self.lock:
            return self._db.execute(sql, values).fetchall()

    def run_many(self, sql: str, rows: Iterable[tuple]) -> None:
        """Run one statement for every row, all or none."""
        with self.lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._db.executemany(sql, rows)
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")


class ShopStore:
    """The records and settings of one shop."""

    def __init__(self, store: Store, domain: str):
        self._store = store
        self.domain = domain
        self._settings: dict[str, Any] = {}
        """Those that were read or set, as JSON tells them: each call asks for some."""
        self._copy: str | None = None
        """The copy that the records were the same as, but for what was written since."""
        self._written: set[str] = set()
        """The ids of what was written since."""
        self._emptied = False
        """Whether the records that are left are to go before any is looked at."""

    def _run(self, sql: str, values: tuple) -> list[tuple]:
        """Run a statement on the records or id counters."""
        with self._store.lock:
            self._settle()
            return self._store.run(sql, values)

    def all(self, typename: str) -> list[dict]:
        """Every record of one GraphQL object type, in id order."""
        return list(self.iterate(typename))

    def iterate(self, typename: str) -> Iterator[dict]:
        """Like all(), a chunk in memory at a time; records may be written meanwhile."""
        number, gid = -1, ""
        while rows := self._run(
            "SELECT number, gid, body FROM record WHERE shop = ? AND typename = ?"
            " AND (number, gid) > (?, ?) ORDER BY number, gid LIMIT ?",
            (self.domain, typename, number, gid, CHUNK),
        ):
            number, gid, _ = rows[-1]
            yield from (orjson.loads(body) for _, _, body in rows)

    def where(self, typename: str, condition: str, values: tuple = ()) -> list[dict]:
        """The records of a type whose ``body`` meets a condition of SQL, in id order; no other is
        read."""
        rows = self._run(
            "SELECT body FROM record WHERE shop = ? AND typename = ?"
            f" AND ({condition}) ORDER BY number, gid",
            (self.domain, typename, *values),
        )
        return [orjson.loads(body) for (body,) in rows]

    def typenames(self) -> list[str]:
        """The GraphQL types of which the shop has records."""
        sql = "SELECT DISTINCT typename FROM record WHERE shop = ? ORDER BY typename"
        return [typename for (typename,) in self._run(sql, (self.domain,))]

    def count(self, typename: str) -> int:
        sql = "SELECT count(*) FROM record WHERE shop = ? AND typename = ?"
        return self._run(sql, (self.domain, typename))[0][0]

    def page(
        self, typename: str, limit: int, after: str | None = None, reverse: bool = False
    ) -> list[dict]:
        """At most `limit` records that follow the record `after`, in id order or its reverse."""
        way, beyond = ("DESC", "<") if reverse else ("ASC", ">")
        start = f" AND (number, gid) {beyond} (?, ?)" if after else ""
        rows = self._run(
            f"SELECT body FROM record WHERE shop = ? AND typename = ?{start}"
            f" ORDER BY number {way}, gid {way} LIMIT ?",
            (self.domain, typename, *((number(after), after) if after else ()), limit),
        )
        return [orjson.loads(body) for (body,) in rows]

    def codes_of(self, discount: str | None, after: int, limit: int) -> list[dict]:
        """At most `limit` codes of a discount, those with a number above `after`, in id order."""
        rows = self._run(
            "SELECT body FROM record WHERE shop = ? AND body ->> '$.redeems' = ? AND number > ?"
            " ORDER BY number LIMIT ?",
            (self.domain, discount, after, limit),
        )
        return [orjson.loads(body) for (body,) in rows]

    def delete_codes_of(self, discount: str) -> None:
        self._copy = None
        sql = "DELETE FROM record WHERE shop = ? AND body ->> '$.redeems' = ?"
        self._run(sql, (self.domain, discount))

    def find(self, typename: str, field: str, values: Iterable[str]) -> list[dict]:
        """Records whose field is one of the values, upper and lower case alike, in id order.

        The field is one of INDEXED; no record is read in vain.
        """
        if field not in INDEXED:
            raise ValueError(f"{field} is not indexed.")
        rows = []
        left = iter(values)
        column = f"body ->> '$.{field}'"
        while chunk := list(islice(left, CHUNK)):
            marks = ",".join("?" * len(chunk))
            rows += self._run(
                f"SELECT number, gid, body FROM record WHERE shop = ? AND typename = ?"
                f" AND {column} IS NOT NULL AND {column} COLLATE NOCASE IN ({marks})",
                (self.domain, typename, *chunk),
            )
        return [orjson.loads(body) for _, _, body in sorted(set(rows))]

    def numbered(self, typename: str, numbers: Iterable[int]) -> list[dict]:
        """The records of a type that have these numbers, in id order."""
        rows = []
        left = iter({*numbers})
        while chunk := list(islice(left, CHUNK)):
            rows += self._run(
                "SELECT number, gid, body FROM record WHERE shop = ? AND typename = ?"
                f" AND number IN ({','.join('?' * len(chunk))})",
                (self.domain, typename, *chunk),
            )
        return [orjson.loads(body) for _, _, body in sorted(rows)]

    def get(self, gid: str) -> dict | None:
        sql = "SELECT body FROM record WHERE shop = ? AND gid = ?"
        rows = self._run(sql, (self.domain, gid))
        return orjson.loads(rows[0][0]) if rows else None

    def existing(self, gid: str) -> dict:
        """The record with this gid; KeyError without it."""
        record = self.get(gid)
        if record is None:
            raise KeyError(gid)
        return record

    def get_many(self, gids: Iterable[str]) -> dict[str, dict]:
        """The records that exist, by gid."""
        found: dict[str, dict] = {}
        left = iter(gids)
        while chunk := list(islice(left, CHUNK)):
            marks = ",".join("?" * len(chunk))
            sql = f"SELECT gid, body FROM record WHERE shop = ? AND gid IN ({marks})"
            rows = self._run(sql, (self.domain, *chunk))
            found.update((gid, orjson.loads(body)) for gid, body in rows)
        return found

    def put(self, record: dict) -> dict:
        """Insert or replace the record."""
        self.put_many([record])
        return record

    def put_many(self, records: Iterable[dict]) -> None:
        """Insert or replace them in one transaction."""
        with self._store.lock:
            self._settle()
            self._store.run_many(
                "INSERT INTO record (shop, gid, typename, number, body) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (shop, gid) DO UPDATE SET typename = excluded.typename,"
                " body = excluded.body",
                map(self._row, records),
            )

    def _row(self, record: dict) -> tuple[str, str, str, int, str]:
        gid = record["id"]
        self._note(gid)
        return self.domain, gid, record["__typename"], number(gid), orjson.dumps(record).decode()

    def _note(self, gid: str) -> None:
        """A record is written that its copy may have otherwise."""
        if self._copy:
            self._written.add(gid)

    def change(
        self, gid: str, fields: dict, unless: Callable[[dict], bool] = lambda record: False
    ) -> dict | None:
        """Set some fields of a record, with no write of another thread in between.

        Returns the record as it is then, unchanged when `unless` says so of the stored one; None
        when there is none.
        """
        with self._store.lock:
            record = self.get(gid)
            if record is None or unless(record):
                return record
            return self.put({**record, **fields})

    def delete(self, gid: str) -> bool:
        """Delete the record; False when there was none."""
        sql = "DELETE FROM record WHERE shop = ? AND gid = ? RETURNING 1"
        with self._store.lock:
            self._note(gid)
            return bool(self._run(sql, (self.domain, gid)))

    def new_id(self, typename: str) -> str:
        return self.new_ids(typename, 1)[0]

    def new_ids(self, typename: str, count: int) -> list[str]:
        """The next ids of a type. The same calls give the same ids; another shop's differ."""
        start = self.setting("ids_after", IDS_AFTER)
        start += zlib.crc32(f"{self.domain} {typename}".encode())
        sql = (
            "INSERT INTO counter VALUES (?, ?, ? + ?) ON CONFLICT (shop, typename)"
            " DO UPDATE SET last = last + ? RETURNING last"
        )
        rows = self._run(sql, (self.domain, typename, start, count, count))
        last = rows[0][0]
        ids = [f"gid://shopify/{typename}/{n}" for n in range(last - count + 1, last + 1)]
        search_lag.record(ids)
        return ids

    def setting(self, name: str, default=None):
        """A JSON value kept beside the records: plan, tokens, misbehaviour ... Change a copy."""
        if name not in self._settings:
            sql = "SELECT value FROM setting WHERE shop = ? AND name = ?"
            with self._store.lock:
                rows = self._store.run(sql, (self.domain, name))
                if not rows:
                    return default
                self._settings[name] = orjson.loads(rows[0][0])
        return self._settings[name]

    def set_setting(self, name: str, value) -> None:
        text = orjson.dumps(value)
        with self._store.lock:
            sql = "INSERT OR REPLACE INTO setting VALUES (?, ?, ?)"
            self._store.run(sql, (self.domain, name, text))
            if len(self._settings) > SETTINGS_AT_HAND:
                self._settings.clear()
            self._settings[name] = orjson.loads(text)

    def clear(self) -> None:
        """Forget all records and id counters; tokens and settings stay."""
        with self._store.lock:
            if self._copy:
                self._set_emptied(True)
            else:
                self._settle()
                self._delete_all()

    def is_new(self) -> bool:
        """Whether it has no records, and has given no ids since it had none."""
        sql = " UNION ALL ".join(f"SELECT 1 FROM {t} WHERE shop = ?" for t in ("record", "counter"))
        with self._store.lock:
            return self._emptied or not self._run(f"{sql} LIMIT 1", (self.domain, self.domain))

    def ids(self) -> list[str]:
        """Those of all records."""
        sql = "SELECT gid FROM record WHERE shop = ?"
        return [gid for (gid,) in self._run(sql, (self.domain,))]

    def keep(self, name: str) -> None:
        """Keep a copy of the records and id counters by this name, in place of the one before."""
        with self._store.lock:
            self._settle()
            self._store.forget_copy(name)
            copy = ShopStore(self._store, name)
            for table in COLUMNS:
                copy._take(self.domain, table)
            self._copy, self._written = name, set()

    def restore(self, name: str) -> None:
        """Make the records and id counters what they were when they were kept by this name.

        To take back what was written since then takes a tenth of the time of a whole copy. So a
        shop that was emptied has its records until then, or until it is asked for any.
        """
        with self._store.lock:
            if self._copy == name:
                written = iter(self._written)
                while chunk := list(islice(written, CHUNK)):
                    self._take(name, "record", f" AND gid IN ({','.join('?' * len(chunk))})", chunk)
            else:
                self._take(name, "record")
            self._take(name, "counter")
            self._copy, self._written = name, set()
            self._set_emptied(False)

    def forget_copy(self, name: str) -> None:
        """What is kept by this name becomes another."""
        if self._copy == name:
            self._copy = None

    def _take(self, shop: str, table: str, some: str = "", values: Iterable[str] = ()) -> None:
        """Have in a table, or in some of its rows, what another shop has there."""
        self._store.run(f"DELETE FROM {table} WHERE shop = ?{some}", (self.domain, *values))
        columns = f"?, {COLUMNS[table]}"
        sql = f"INSERT INTO {table} SELECT {columns} FROM {table} WHERE shop = ?{some}"
        self._store.run(sql, (self.domain, shop, *values))

    def _settle(self) -> None:
        """Let go what a shop that was emptied still has."""
        if self._emptied:
            self._delete_all()
            self._set_emptied(False)

    def _set_emptied(self, emptied: bool) -> None:
        if emptied != self._emptied:
            self._emptied = emptied
            self.set_setting(EMPTIED, emptied)

    def _delete_all(self) -> None:
        self._copy = None
        for table in COLUMNS:
            self._store.run(f"DELETE FROM {table} WHERE shop = ?", (self.domain,))


def number(gid: str) -> int:
    """The numeric part of a gid; 0 when it has none."""
    found = GID.match(gid)
    return int(found["number"] or 0) if found else 0
