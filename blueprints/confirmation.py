"""The page behind the link of a confirmation mail: its reader confirms the address with a click.

Opening the link alone confirms nothing: mail scanners open the links of strangers' mail.
"""

from flask import Blueprint, abort, render_template, request

from blueprints.client_address import client_address
from models import db
from models.contact import CONFIRM_PATH, Confirmation, confirm, read_confirmation
from translations import _

bp = Blueprint("confirmation", __name__)


@bp.get(CONFIRM_PATH)
def ask() -> str:
    token = request.args.get("token", "")
    shop = _confirmation(token).shop
    return render_template("confirmation/ask.html", shop=shop, token=token)


@bp.post(CONFIRM_PATH)
def save() -> str:
    shop = _confirmation(request.form.get("token", "")).shop
    confirm(shop, client_address())
    db.session.commit()
    return render_template("confirmation/done.html", shop=shop)


def _confirmation(token: str) -> Confirmation:
    """What the link confirms; the request ends for one that is not ours, or is too old."""
    found = read_confirmation(token)
    if found is None:
        abort(404, _("This link is not valid. The store may have changed its address since."))
    if found.expired and found.shop.confirmed_email is None:
        abort(403, _("This link has expired. Send a new one from the API Keys page."))
    return found
