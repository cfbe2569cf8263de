"""The rules of a shop for its keys: how long one may live, from where and for what it is used.

A rule that is new or narrower gives the keys that break it a week; then their calls are refused.
A key that is made or changed has to keep to the rules at once.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from models import db, now
from models.activity import SYSTEM, record
from models.addresses import networks
from models.api_key import ApiKey
from models.shop import Shop
from translations import _, ngettext

LONGEST, ADDRESSES, NOT_ALL, SECOND_PERSON = RULES = (
    "longest_days",
    "addresses",
    "no_full_access",
    "second_person",
)
"""``key_rules`` of a shop has by these names what is asked: a number of days, or true; and under
SINCE since when the first three are asked, ISO 8601."""
OF_KEYS = (LONGEST, ADDRESSES, NOT_ALL)
SINCE = "since"
LEFT = timedelta(days=7)
LAST_DAY = timedelta(days=1)
"""A key that is chosen to end on a day ends when that is over."""
SOME_ADDRESSES = {4: 8, 6: 16}
"""How long the prefix of a range is at least, by the version of its addresses: a wider one stands
for addresses from anywhere."""


def wanted(rules: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked, without since when."""
    return {name: rules[name] for name in RULES if rules.get(name)}


def changed(before: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """The rules as they are kept: those that are new or narrower are so from this moment on."""
    since, old = {}, before.get(SINCE, {})
    for name in OF_KEYS:
        if not asked.get(name):
            continue
        was = before.get(name)
        narrower = not was or (name == LONGEST and asked[name] < was)
        since[name] = now().isoformat() if narrower else old[name]
    return {**{name: asked[name] for name in RULES if asked.get(name)}, SINCE: since}


def broken(
    rules: Mapping[str, Any],
    *,
    expires_at: datetime | None,
    created_at: datetime,
    allowed_addresses: str,
    has_all: bool,
    for_workload: bool = False,
) -> list[str]:
    """The names of the rules that such a key breaks. What a trusted workload is given lives for
    minutes, however long it is trusted."""
    found = []
    days = None if for_workload else rules.get(LONGEST)
    if days and too_long(expires_at, created_at, days):
        found.append(LONGEST)
    if rules.get(ADDRESSES) and not _names_some(allowed_addresses):
        found.append(ADDRESSES)
    if rules.get(NOT_ALL) and has_all:
        found.append(NOT_ALL)
    return found


def too_long(expires_at: datetime | None, created_at: datetime, days: int) -> bool:
    """Whether a key lives longer than that, the rest of its last day not counted."""
    return expires_at is None or expires_at > created_at + timedelta(days=days) + LAST_DAY


def latest_end(rules: Mapping[str, Any], wanted: datetime | None) -> datetime | None:
    """When a key ends that is made now and was to end then, or never, under these rules."""
    if not (days := rules.get(LONGEST)):
        return wanted
    latest = now() + timedelta(days=days)
    return latest if wanted is None else min(wanted, latest)


def broken_by(key: ApiKey, rules: Mapping[str, Any], every: frozenset[str]) -> list[str]:
    """The names of the rules that this key breaks; ``every`` are all permissions there are."""
    return broken(
        rules,
        expires_at=key.expires_at,
        created_at=key.created_at,
        allowed_addresses=key.allowed_addresses,
        has_all=every <= key.permissions,
        for_workload=key.for_workload,
    )


def sentence(rule: str, rules: Mapping[str, Any]) -> str:
    """What a rule asks, for people and programs."""
    if rule == LONGEST:
        return ngettext(
            "Keys of this store live for at most %(num)s day.",
            "Keys of this store live for at most %(num)s days.",
            rules[LONGEST],
        )
    if rule == ADDRESSES:
        return _("Keys of this store need a list of the IP addresses that may use them.")
    if rule == NOT_ALL:
        return _("Keys of this store may not have every permission.")
    return _("Imports of customers and orders need a second person.")


def set_end(key: ApiKey, rules: Mapping[str, Any], every: frozenset[str]) -> None:
    """Set from when on the key is refused for the rules that it breaks. Does not commit."""
    since = [rules[SINCE][name] for name in broken_by(key, rules, every)]
    ends = min(map(datetime.fromisoformat, since)) + LEFT if since else None
    if ends != key.rule_ends_at:
        key.rule_ends_at, key.rule_ended_at = ends, None


def end_broken() -> int:
    """Tell of the keys whose week is over, in every shop; return how many. Commits nothing."""
    over = db.session.execute(
        db.update(ApiKey)
        .where(
            ApiKey.deleted_at.is_(None),
            ApiKey.rule_ends_at <= now(),
            ApiKey.rule_ended_at.is_(None),
            ApiKey.shop_id.in_(db.select(Shop.id).where(Shop.uninstalled_at.is_(None))),
        )
        .values(rule_ended_at=now())
        .returning(ApiKey.id, ApiKey.shop_id, ApiKey.name)
    ).all()
    for key_id, shop_id, name in over:
        record(shop_id, "key.rule_ended", actor_kind=SYSTEM, key_id=key_id, subject=name)
    return len(over)


def _names_some(allowed_addresses: str) -> bool:
    """Whether these are addresses of somebody, and not of everybody."""
    ranges = networks(allowed_addresses)
    return bool(ranges) and all(one.prefixlen >= SOME_ADDRESSES[one.version] for one in ranges)
