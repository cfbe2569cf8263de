"""Composes the text of a notice's mail in the current language, safe to use in a header."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app

from mail.texts import LABELS, OTHER_REASON, REASONS, text_of
from models import notices
from models.contact import confirmation_link
from models.import_limits import MODE_LABELS
from models.key_format import masked
from models.key_rules import RULES, sentence
from models.notice import Notice
from models.personal_data import LABELS as PERSONAL_LABELS
from models.shop import Shop
from transfer.permissions import PERMISSIONS, words
from translations import _, dated, number, zone_name

NEVER = "never"


@dataclass(frozen=True)
class MailText:
    """A mail before layout, all plain text; ``link`` is the address of its button, or empty."""

    subject: str
    paragraphs: list[str]
    details: list[tuple[str, str]]
    advice: str
    link: str
    link_label: str
    footer: str


def compose(notice: Notice, shop: Shop) -> MailText:
    """The text of a notice's mail: no line break in its subject, and no full key anywhere."""
    payload, footer = notice.payload, _footer(notice, shop)
    if notice.kind == notices.FROM_US:
        return _clean(payload["subject"], payload["body"].split("\n\n"), [], "", "", footer)
    detail = payload.get("detail", {})
    text = text_of(notice.kind, detail)
    names = _names(payload, shop)
    values = _values(payload, detail, shop.zone)
    details = [(_(LABELS[name]), values[name]) for name in text.details]
    link, label = _link(shop, text.tab), _("Open Altera")
    if notice.kind == notices.JOB_HELD:
        link += detail.get("id", "")
    if notice.kind == notices.DIGEST:
        details = [_in_short(each["kind"], each["payload"], shop) for each in payload["notices"]]
    if notice.kind == notices.CONFIRM:
        link, label = confirmation_link(shop, notice.recipient), _("Confirm address")
    return _clean(
        _(text.subject, **names),
        [_(paragraph, **names) for paragraph in text.paragraphs],
        details,
        " ".join(_(sentence, **names) for sentence in text.advice),
        link,
        footer,
        label,
    )


def _names(payload: dict[str, Any], shop: Shop) -> dict[str, str]:
    """What the messages of TEXTS may name."""
    reason = payload.get("detail", {}).get("reason", "")
    return {
        "key": payload.get("key", ""),
        "store": shop.name or shop.domain,
        "shop": shop.domain,
        "page": _page(),
        "reason": _(REASONS.get(reason, OTHER_REASON)),
        "count": number(payload.get("count", 0)),
    }


def _in_short(kind: str, payload: dict[str, Any], shop: Shop) -> tuple[str, str]:
    """When it happened, and the subject that its own mail would have had."""
    at, subject = payload.get("at"), text_of(kind, payload.get("detail", {})).subject
    return _day_and_time(at, shop.zone) if at else "–", _(subject, **_names(payload, shop))


def _clean(
    subject: str,
    paragraphs: Iterable[str],
    details: Iterable[tuple[str, str]],
    advice: str,
    link: str,
    footer: str,
    link_label: str = "",
) -> MailText:
    return MailText(
        subject=_line(subject)[:200],
        paragraphs=[masked(paragraph) for paragraph in paragraphs],
        details=[(label, _line(value)) for label, value in details if value],
        advice=masked(advice),
        link=link,
        link_label=link_label,
        footer=footer,
    )


def _page() -> str:
    """The way to the keys, as the pages name it."""
    return " > ".join((_("Settings"), _("API Keys")))


def _link(shop: Shop, tab: str) -> str:
    """The tab's address in the Shopify admin."""
    handle = current_app.config["SETTINGS"].APP_HANDLE
    return f"{shop.admin_url}/apps/{handle}/settings/{tab}/"


def _footer(notice: Notice, shop: Shop) -> str:
    """Why this mail comes to this address, and where that is set."""
    known = notice.kind != notices.CONFIRM  # no words of a stranger's choice before that
    name = f"{shop.name} ({shop.domain})" if shop.name and known else shop.domain
    names = {"address": notice.recipient, "shop": name}
    if notice.kind == notices.EMAIL_CHANGED:
        why = _(
            "You receive this email because %(address)s was the notification address of %(shop)s "
            "in Altera.",
            **names,
        )
    else:
        why = _(
            "You receive this email because %(address)s is the notification address of %(shop)s "
            "in Altera.",
            **names,
        )
    place = " > ".join((_("Apps"), "Altera", _page()))
    return " ".join(
        (why, _("You can change it in the Shopify admin under %(place)s.", place=place))
    )


def _values(payload: dict[str, Any], detail: dict[str, Any], zone: ZoneInfo) -> dict[str, str]:
    """The details by the names of LABELS; empty for what is not known."""
    ends, at, old_ends = detail.get("expires_at"), payload.get("at"), detail.get("old_ends")
    where = payload.get("address", "")
    return {
        "who": _who(payload) if at else "",
        "when": _day_and_time(at, zone) if at else "",
        "from": (where or _("unknown")) if at else "",
        "sent_from": where,
        "may": _permissions(detail.get("permissions", [])),
        "added": _permissions(detail.get("added", [])),
        "imports": _(MODE_LABELS[mode]) if (mode := detail.get("imports")) else "",
        "personal": _(PERSONAL_LABELS[seen]) if (seen := detail.get("personal_data")) else "",
        "jobs_of": detail.get("jobs_of", ""),
        "rules": _rules(detail["rules"]) if "rules" in detail else "",
        "broken": ", ".join(detail.get("keys", [])),
        "refused_from": _day_and_time(late, zone) if (late := detail.get("ends")) else "",
        "expires": _("never") if ends == NEVER else _day_and_time(ends, zone) if ends else "",
        "old_ends": _day_and_time(old_ends, zone) if old_ends else "",
        "needs": _permissions([detail.get("needs") or ""]),
        "data": ", ".join(_(name.replace("_", " ")) for name in detail.get("types") or []),
        "why": _(why) if (why := detail.get("error")) else "",
        "new_address": detail.get("new") or "",
    }


def _rules(rules: dict[str, Any]) -> str:
    return " ".join(sentence(name, rules) for name in RULES if name in rules) or _("none")


def _who(payload: dict[str, Any]) -> str:
    actor = payload["actor"]
    return {
        "staff": payload.get("name") or _("Staff member %(staff)s", staff=actor),
        "key": _("A program with the key “%(key)s”", key=actor or payload["key"]),
    }.get(payload["actor_kind"], "Altera")


def _day_and_time(iso: str, zone: ZoneInfo) -> str:
    local = datetime.fromisoformat(iso).astimezone(zone)
    return f"{dated(local.date(), long=True)}, {local:%H:%M} {zone_name(local)}"


def _permissions(names: list[str]) -> str:
    return ", ".join(words(name) if name in PERMISSIONS else name for name in names)


def _line(text: str) -> str:
    """The text on one line: characters that are not printable become spaces."""
    kept = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(masked(kept).split())
