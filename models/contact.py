"""The address that a shop's notices go to, and its confirmation by whoever reads its mail.

The link in the confirmation mail is a signed token of the shop and a digest of the address: it
opens nothing but this address, and nothing once the shop has another one.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlencode

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from models import db, now
from models.activity import SYSTEM, record
from models.notice import Notice
from models.notices import CONFIRM
from models.shop import Shop
from translations import _

LINK_GOOD_FOR = timedelta(days=7)
CONFIRMATIONS_AN_HOUR = 5
CONFIRM_PATH = "/notifications/confirm"


def address_error(text: str) -> str | None:
    """What is wrong with this address, for the merchant to read."""
    if not text:
        return _("Enter an email address.")
    try:
        normal_address(text)
    except EmailNotValidError:
        return _("Enter an address like name@example.com.")
    return None


def normal_address(text: str) -> str:
    """The one way to write an address that has no error.

    Its name is of ASCII: no other is taken by every mail server (RFC 6531).
    """
    found = validate_email(text, check_deliverability=False, strict=True, allow_smtputf8=False)
    return found.normalized


def send_confirmation(shop: Shop) -> bool:
    """Write the mail that asks the contact to confirm its address; whether this was done.

    Not if the shop has sent CONFIRMATIONS_AN_HOUR of them in the last hour. Does not commit.
    """
    if shop.contact_email is None:
        return False
    if Notice.count_of_last_hour(shop.id, [CONFIRM]) >= CONFIRMATIONS_AN_HOUR:
        return False
    return Notice.add(shop.id, CONFIRM, shop.contact_email, {})


def confirmation_link(shop: Shop, address: str) -> str:
    """Where the reader of mail to this address confirms it, as long as the shop has it."""
    token = _signer().dumps({"shop": shop.id, "address": _digest(address)})
    query = urlencode({"token": token, "locale": shop.language or "en"})
    return f"{current_app.config['SETTINGS'].APP_URL}{CONFIRM_PATH}?{query}"


@dataclass(frozen=True)
class Confirmation:
    """A link that was signed here for the address that the shop has now."""

    shop: Shop
    expired: bool


def read_confirmation(token: str) -> Confirmation | None:
    """What a link of ours is good for; None for any other text."""
    try:
        content, signed_at = _signer().loads(token, return_timestamp=True)
    except BadData:
        return None
    shop = db.session.get(Shop, content["shop"])
    if (
        shop is None
        or shop.uninstalled_at is not None
        or content["address"] != _digest(shop.contact_email or "")
    ):
        return None
    return Confirmation(shop, expired=now() - signed_at > LINK_GOOD_FOR)


def confirm(shop: Shop, address: str) -> None:
    """Note that the reader of the contact's mail confirmed it, and record it. Does not commit."""
    if shop.contact_confirmed_at is None:
        shop.contact_confirmed_at = now()
        record(
            shop.id, "email.confirmed", actor_kind=SYSTEM, address=address, new=shop.contact_email
        )


def _digest(address: str) -> str:
    return sha256(address.encode()).hexdigest()[:32]


def _signer() -> URLSafeTimedSerializer:
    secret = current_app.config["SETTINGS"].SECRET_KEY
    return URLSafeTimedSerializer(secret, salt="confirm a notification address")
