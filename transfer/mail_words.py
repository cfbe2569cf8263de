"""What each mail says: who did what, when, from where, and what to do."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from models import notices
from models.key_format import preview
from models.notice import Notice
from models.shop import Shop
from transfer.permissions import PERMISSIONS, words

FULL_KEY = re.compile(r"altera_[0-9A-Za-z]{46}")
NEVER = "never"
PAGE = "Settings > API Keys"
WHY = {
    "permission": "the key does not have the permission that the call needs",
    "address": "the call came from an address that the key does not allow",
    "deleted": "the key was deleted",
    "expired": "the key has expired",
    "disabled": "the key is disabled",
    "retired": "the key was rotated and its old secret has ended",
    "plan": "the store's plan does not include API access",
}


@dataclass(frozen=True)
class Words:
    """One mail, all of it plain text. ``former``: it goes to an address that is no longer used."""

    subject: str
    said: list[str]
    details: list[tuple[str, str]]
    advice: str
    former: bool = False


def of(notice: Notice, shop: Shop) -> Words:
    """The words of a notice, with no line break in the subject and no full key anywhere."""
    subject, said, details, advice = _told(notice, shop)
    return Words(
        subject=_line(subject)[:200],
        said=[_clean(text) for text in said],
        details=[(label, _line(value)) for label, value in details if value],
        advice=_clean(advice),
        former=notice.kind == notices.EMAIL_CHANGED,
    )


def _told(notice: Notice, shop: Shop) -> tuple[str, list[str], list[tuple[str, str]], str]:
    facts, kind = notice.facts, notice.kind
    if kind == notices.FROM_US:
        return facts["subject"], facts["body"].split("\n\n"), [], ""
    key, detail, store = facts.get("key", ""), facts.get("detail", {}), shop.name or shop.domain
    happened = _happened(facts, shop.zone)
    added = _permissions(detail.get("added", []))
    held = _permissions(detail.get("permissions", []))
    ends = _ends(detail.get("expires_at"), shop.zone)
    undo = f"If nobody of you did this, delete the key now under {PAGE}, and look at Activity."
    match kind:
        case notices.CREATED:
            return (
                f"API key “{key}” was created for {store}",
                [f"A new API key, “{key}”, can now reach the data of {store}."],
                [*happened, ("May", held), ("Expires", ends)],
                undo,
            )
        case notices.ROTATED:
            return (
                f"API key “{key}” of {store} was rotated",
                [f"The API key “{key}” of {store} has a new secret. The old one is ending."],
                happened,
                f"Put the new key into the programs that use it. {undo}",
            )
        case notices.WIDENED:
            return (
                f"API key “{key}” of {store} may do more",
                [f"The API key “{key}” of {store} was given more permissions."],
                [*happened, ("Added", added)],
                f"If nobody of you did this, untick them or delete the key under {PAGE}.",
            )
        case notices.DELETED:
            return (
                f"API key “{key}” of {store} was deleted",
                [f"The API key “{key}” of {store} was deleted. Programs that use it are refused."],
                happened,
                f"If a program still needs access, create a new key under {PAGE}.",
            )
        case notices.LEAKED:
            return (
                f"Leaked: API key “{key}” of {store} was revoked",
                [
                    f"Somebody sent us the full API key “{key}” of {store}: it is not secret"
                    " any more. It was revoked at once and every call with it is refused."
                ],
                [("When", _moment(facts["at"], shop.zone)), ("Sent from", facts["address"])],
                f"Look under Activity for what it was used for, find where it was published,"
                f" and create a new key under {PAGE}.",
            )
        case notices.CALL_REFUSED:
            why = WHY.get(detail.get("reason", ""), "the key may not make this call")
            return (
                f"A call with API key “{key}” of {store} was refused",
                [
                    f"A call with the API key “{key}” of {store} was refused: {why}.",
                    "More refused calls of this key today make no more mail.",
                ],
                [*happened, ("Needs", _permissions([detail.get("needs") or ""]))],
                f"If the program is yours, change the key under {PAGE}."
                " If not, delete the key there.",
            )
        case notices.EXPIRES_SOON | notices.EXPIRES_TODAY:
            today = kind == notices.EXPIRES_TODAY
            when = "today" if today else "in less than 7 days"
            return (
                f"API key “{key}” of {store} expires {'today' if today else 'soon'}",
                [f"The API key “{key}” of {store} expires {when}. Then its calls are refused."],
                [("Expires", ends)],
                f"If it is still needed, choose a later date or rotate it under {PAGE}.",
            )
        case notices.JOB_FAILED:
            types = ", ".join(detail.get("types") or [])
            return (
                f"{_job(detail)} of {store} failed",
                [f"{_job(detail)} of {store} failed and is not tried again."],
                [*happened, ("Data", types), ("Why", detail.get("error") or "")],
                "Start it again when the reason is gone.",
            )
        case notices.EMAIL_CHANGED:
            return (
                f"Mail about the API keys of {store} now goes elsewhere",
                [
                    f"The API notification address of {store} was changed. This is the last mail"
                    " to the old one."
                ],
                [*happened, ("New address", detail.get("new") or "")],
                f"If nobody of you did this, put the address back under {PAGE}.",
            )
    raise ValueError(f"no words for a notice of kind {kind}")


def _happened(facts: dict, zone: ZoneInfo) -> list[tuple[str, str]]:
    if "at" not in facts:
        return []
    who = {
        "staff": f"Staff member {facts['actor']}",
        "key": f"A program with the key “{facts['actor'] or facts['key']}”",
    }.get(facts["actor_kind"], "Altera")
    when = _moment(facts["at"], zone)
    return [("Who", who), ("When", when), ("From", facts["address"] or "an unknown address")]


def _job(detail: dict) -> str:
    return {"export": "An export", "import": "An import"}.get(
        detail.get("job", ""), "An export or import"
    )


def _moment(iso: str, zone: ZoneInfo) -> str:
    local = datetime.fromisoformat(iso).astimezone(zone)
    return f"{local.day} {local:%B %Y, %H:%M} {local.tzname()}"


def _ends(iso: str | None, zone: ZoneInfo) -> str:
    return _moment(iso, zone) if iso and iso != NEVER else iso or ""


def _permissions(names: list[str]) -> str:
    return ", ".join(words(name) if name in PERMISSIONS else name for name in names)


def _clean(text: str) -> str:
    return FULL_KEY.sub(lambda found: preview(found[0]), text)


def _line(text: str) -> str:
    """One line: whatever is no printable character becomes a space."""
    kept = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(_clean(kept).split())
