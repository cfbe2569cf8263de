"""A notice as an email message, and the ways out: an SMTP server, or a folder of files."""

import os
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email
from flask import current_app

from mail import wording
from models.notice import Notice
from models.shop import Shop
from translations import best, speaking

PATIENCE = 20
"""Seconds that the mail server may take for each answer."""
PORTS = {"smtp": 587, "smtps": 465}
LOCAL = {"localhost", "127.0.0.1", "::1"}


class MailRefused(Exception):
    """This mail will never be taken; the message says why."""


class MailDelayed(Exception):
    """The mail was not taken now; the message says why."""


def message(notice: Notice, shop: Shop, sender: str) -> EmailMessage:
    """The mail in text and HTML, in the language of the shop's contact.

    ``sender`` is ``Name <address>`` or an address. The Message-ID comes from the notice, so a mail
    that is sent twice is known as one. Raises MailRefused when the recipient is no address.
    """
    with speaking(best([shop.language])):
        content = wording.compose(notice, shop)
        text, html = _render("notice.txt", content), _render("notice.html", content)
    name, address = parseaddr(sender)
    mail = EmailMessage()
    mail["From"] = Address(name, addr_spec=address)
    mail["To"] = Address(addr_spec=_recipient(notice.recipient))
    mail["Subject"] = content.subject
    mail["Date"] = format_datetime(notice.created_at)
    mail["Message-ID"] = f"<{notice.id}@{address.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    return mail


def deliver(url: str, mail: EmailMessage) -> None:
    """Hand the mail over, to ``smtp://``, ``smtps://`` or ``file:///folder``.

    Raises MailRefused for an answer that is final for this mail, else MailDelayed.
    """
    parts = urlsplit(url)
    try:
        if parts.scheme == "file":
            _write_file(Path(unquote(parts.path)), mail)
        else:
            _send_by_smtp(parts, mail)
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused_or_delayed(*next(iter(error.recipients.values()))) from None
    except smtplib.SMTPDataError as error:
        raise _refused_or_delayed(error.smtp_code, error.smtp_error) from None
    except smtplib.SMTPNotSupportedError as error:
        raise MailDelayed(str(error)) from None
    except (OSError, smtplib.SMTPException) as error:
        raise MailDelayed(f"{type(error).__name__}: {error}") from None


def _recipient(text: str) -> str:
    try:
        found = validate_email(
            text, check_deliverability=False, test_environment=True, allow_smtputf8=False
        )
    except EmailNotValidError as error:
        raise MailRefused(str(error)) from None
    return found.ascii_email or found.normalized


def _render(name: str, content: wording.MailText) -> str:
    return current_app.jinja_env.get_template(f"mail/{name}").render(mail=content)


def _write_file(folder: Path, mail: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = mail["Message-ID"].strip("<>").partition("@")[0]
    unfinished = folder / f"{name}.part"
    unfinished.write_bytes(bytes(mail))
    os.replace(unfinished, folder / f"{name}.eml")


def _send_by_smtp(parts: SplitResult, mail: EmailMessage) -> None:
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        tls = ssl.create_default_context()
        server = smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=tls)
    else:
        server = smtplib.SMTP(host, port, timeout=PATIENCE)
    with server:
        server.ehlo()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif parts.scheme == "smtp" and parts.username and host not in LOCAL:
            raise MailDelayed("The mail server offers no TLS, so it is not told the password.")
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(mail)


def _refused_or_delayed(code: int, answer: bytes | str) -> MailRefused | MailDelayed:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return (MailRefused if code >= 500 else MailDelayed)(f"{code} {text}"[:300])
