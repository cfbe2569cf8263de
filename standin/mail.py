"""The messages that the app sent: it drops them as *.eml files into a folder."""

import email
import email.policy
import time
from email.message import EmailMessage
from pathlib import Path

from flask import Blueprint, current_app, render_template

from standin.shops import domain_of

STARTED = time.time()

bp = Blueprint("mail", __name__)


def messages(folder: Path | None) -> list[dict]:
    """What was sent since the stand-in started, oldest first."""
    if not folder or not folder.is_dir():
        return []
    files = [(path.stat().st_mtime, path) for path in folder.glob("*.eml")]
    return [_as_dict(path) for at, path in sorted(files) if at >= STARTED]


@bp.get("/_standin/<shop>/mail")
def as_json(shop):
    domain_of(shop)
    return messages(current_app.extensions["standin"].config.mail_folder)


@bp.get("/store/<name>/mail")
def page(name):
    name = domain_of(name).removesuffix(".myshopify.com")
    sent = messages(current_app.extensions["standin"].config.mail_folder)
    return render_template("mail.html", name=name, messages=sent[::-1])


def _as_dict(path: Path) -> dict:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return {
        "file": path.name,
        "from": message.get("From", ""),
        "to": message.get("To", ""),
        "subject": message.get("Subject", ""),
        "date": message.get("Date", ""),
        "text": _part(message, "plain"),
        "html": _part(message, "html"),
    }


def _part(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body((kind,))
    return part.get_content() if part else None
