"""Settings > API Keys: what of its keys a shop should look at, from what is known of their use."""

from typing import NamedTuple

from flask import Blueprint, g, render_template, url_for

from models import now
from models.api_key import ApiKey
from models.key_request import KeyNetwork
from models.key_use import UNUSED_AFTER, PermissionUse, unused_of
from translations import N_, _

SHOWN = 5
"""How many keys are named with each finding; its number counts all."""


class Finding(NamedTuple):
    """``label`` and ``action`` in words, the keys with the address of the dialog that changes
    them, and what is known beside their names."""

    name: str
    label: str
    action: str
    keys: list[tuple[ApiKey, str, str]]


bp = Blueprint("key_safety", __name__, url_prefix="/settings/keys/safety")


@bp.get("")
def card() -> str:
    found = findings(ApiKey.of(g.shop))
    return render_template("keys/_safety.html", found=found, FOUND_KEYS=SHOWN)


def findings(keys: list[ApiKey]) -> list[Finding]:
    """What is wrong with these keys of the shop, without what nothing is wrong with. Keys that do
    not work, or that rotation replaces, need no look. Two queries, however many keys there are."""
    looked = [key for key in keys if key.works and not key.retiring]
    if not looked:
        return []
    old, used = now() - UNUSED_AFTER, PermissionUse.of_shop(g.shop.id)
    networks = KeyNetwork.new_of(g.shop.id)
    idle = [key for key in looked if (key.last_used_at or key.created_at) <= old]
    busy = [key for key in looked if key.created_at <= old and key not in idle]
    found = (
        ("new-network", _change, [key for key in looked if key.id in networks]),
        ("unused", _delete, idle),
        ("wide", _change, [key for key in busy if unused_of(key, used.get(key.id, ()))]),
        ("no-expiry", _change, [key for key in looked if key.expires_at is None]),
        ("no-addresses", _change, [key for key in looked if not key.allowed_addresses]),
    )
    return [
        Finding(
            name,
            _(WORDS[name][0]),
            WORDS[name][1],
            [(k, url(k), networks.get(k.id, "") if name == "new-network" else "") for k in of],
        )
        for name, url, of in found
        if of
    ]


WORDS = {
    "new-network": (
        N_("Seen from a new network in the last 7 days"),
        N_("Limit the addresses of %(name)s"),
    ),
    "unused": (N_("Not used in 90 days"), N_("Delete the unused %(name)s")),
    "wide": (N_("May do more than it has used in 90 days"), N_("Narrow %(name)s")),
    "no-expiry": (N_("Never expires"), N_("Set an expiry for %(name)s")),
    "no-addresses": (N_("Works from any IP address"), N_("Limit the addresses of %(name)s")),
}
"""Each finding, and what is done about it."""


def _change(key: ApiKey) -> str:
    return url_for("keys.ask_permissions", key_id=key.id)


def _delete(key: ApiKey) -> str:
    return url_for("keys.ask_delete", key_id=key.id)
