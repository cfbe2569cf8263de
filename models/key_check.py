"""The check of a key at every call: who is calling, if the key works at this moment."""

import hmac
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from models import db, limit_lock_wait, now, peppers
from models.api_key import ApiKey
from models.hot_read import HotRead, as_datetime
from models.key_format import preview as preview_of
from models.key_format import well_formed
from models.personal_data import Personal
from models.shop import Shop
from models.workload import WorkloadKey, WorkloadRule

LAST_USED_EVERY = timedelta(minutes=1)
MAX_ADDRESS, MAX_CLIENT = 45, 80
Moment = datetime | str | None
"""As a driver gives it; see ``hot_read.moment``."""


class Caller(NamedTuple):
    """Who is calling: the columns of one key and of its installed shop."""

    key_id: int
    shop_id: int
    shop_domain: str
    shop_name: str
    plan: str
    name: str
    preview: str
    allowed_addresses: str
    calls_per_minute: int
    imports: str
    import_limits: str
    environment: str
    personal_data: Personal
    permissions: frozenset[str]
    expires_at: datetime | None
    last_used_at: datetime | None
    rule_ends_at: datetime | None
    over: str | None
    """Why the key does not work: deleted, disabled, retired or expired; None for one that does."""
    workload_digest: bytes | None = None
    """Of a short-lived key of a trusted workload: by what its own row is found. The other fields
    are of its rule's key."""


def find(text: str) -> Caller | None:
    """Who holds this key, whether it works or is ``over``; None for what is no key of ours.

    Reads the row at every call, so that revoking, disabling, narrowing and expiry bite at once in
    every process.
    """
    if not well_formed(text):
        return None
    for pepper in peppers.versions().values():
        digest = peppers.digest(pepper, text)
        row = _LOOKUP.one(db.engine, digest)
        if row is not None and hmac.compare_digest(bytes(row[0]), digest):
            return _caller(*row[1:])
        row = _WORKLOAD_LOOKUP.one(db.engine, digest)
        if row is not None and hmac.compare_digest(bytes(row[0]), digest):
            return _of_workload(text, digest, *row[1:])
    return None


def is_use_due(caller: Caller) -> bool:
    """Whether the use of this key should be written: at most once a minute."""
    used = caller.last_used_at
    return used is None or now() - used >= LAST_USED_EVERY


def record_use(caller: Caller, address: str, client: str) -> None:
    """Note that the key was used, from where and with which program.

    Three columns by one UPDATE: a check that runs beside a revocation never writes back a stale
    row. Of ``client``, the User-Agent, the printable part is kept, as far as the column goes.
    """
    with db.engine.begin() as connection:
        limit_lock_wait(connection)
        connection.execute(
            _TOUCH,
            {
                "key_id": caller.key_id,
                "at": now(),
                "address": address[:MAX_ADDRESS],
                "client": "".join(filter(str.isprintable, client))[:MAX_CLIENT],
            },
        )


def _caller(
    permissions: str,
    expires_at: Moment,
    last_used_at: Moment,
    deleted_at: Moment,
    disabled_at: Moment,
    retires_at: Moment,
    rule_ends_at: Moment,
    *facts: Any,
) -> Caller:
    until = as_datetime(expires_at)
    over = _over(deleted_at, disabled_at, as_datetime(retires_at), until)
    allowed = frozenset(permissions.split())
    moments = (until, as_datetime(last_used_at), as_datetime(rule_ends_at))
    return Caller._make((*facts, allowed, *moments, over, None))


def _of_workload(text: str, digest: bytes, expires_at: Moment, *rule: Any) -> Caller | None:
    """The caller with a short-lived key: its rule's key as it is now, until the sooner end. Its
    own end comes every few minutes, and is nothing to tell anybody: None."""
    caller, until = _caller(*rule), as_datetime(expires_at)
    if until is None or until <= now():
        return None
    ends = until if caller.expires_at is None else min(until, caller.expires_at)
    return caller._replace(preview=preview_of(text), expires_at=ends, workload_digest=digest)


def _over(
    deleted_at: Moment,
    disabled_at: Moment,
    retires_at: datetime | None,
    expires_at: datetime | None,
) -> str | None:
    if deleted_at is not None:
        return "deleted"
    if disabled_at is not None:
        return "disabled"
    if retires_at is not None and retires_at <= now():
        return "retired"
    if expires_at is not None and expires_at <= now():
        return "expired"
    return None


_keys, _shops = ApiKey.__table__, Shop.__table__
_workloads, _rules = WorkloadKey.__table__, WorkloadRule.__table__
_COLUMNS = (
    _keys.c.permissions,
    _keys.c.expires_at,
    _keys.c.last_used_at,
    _keys.c.deleted_at,
    _keys.c.disabled_at,
    _keys.c.retires_at,
    _keys.c.rule_ends_at,
    _keys.c.id,
    _keys.c.shop_id,
    _shops.c.domain,
    _shops.c.name,
    _shops.c.plan,
    _keys.c.name,
    _keys.c.preview,
    _keys.c.allowed_addresses,
    _keys.c.calls_per_minute,
    _keys.c.imports,
    _keys.c.import_limits,
    _keys.c.environment,
    _keys.c.personal_data,
)
_LOOKUP = HotRead(
    db.select(_keys.c.digest, *_COLUMNS)
    .join(_shops, _keys.c.shop_id == _shops.c.id)
    .where(
        _keys.c.digest == db.bindparam("digest"),
        _shops.c.uninstalled_at.is_(None),
    )
)
_WORKLOAD_LOOKUP = HotRead(
    db.select(_workloads.c.digest, _workloads.c.expires_at, *_COLUMNS)
    .join(_keys, _workloads.c.key_id == _keys.c.id)
    .join(_rules, _rules.c.key_id == _keys.c.id)
    .join(_shops, _keys.c.shop_id == _shops.c.id)
    .where(
        _workloads.c.digest == db.bindparam("digest"),
        _workloads.c.generation == _rules.c.generation,
        _shops.c.uninstalled_at.is_(None),
    )
)
_TOUCH = (
    db.update(_keys)
    .where(_keys.c.id == db.bindparam("key_id"))
    .values(
        last_used_at=db.bindparam("at"),
        last_address=db.bindparam("address"),
        last_client=db.bindparam("client"),
    )
)
