"""The signed-in staff member: what the activity log keeps of what they did, and their name."""

from datetime import timedelta
from functools import partial
from typing import Any

from flask import Flask, current_app, g
from flask.globals import app_ctx

from background import notes
from blueprints.client_address import client_address
from models import db
from models.activity import STAFF, record
from models.api_key import ApiKey
from models.staff_member import StaffMember
from shops.staff import ask_name
from translations import _


def register(app: Flask) -> None:
    app.add_template_global(staff_words)


def learn_name(id_token: str) -> None:
    """Ask Shopify for the name of the visitor whose verified ID token this is, once in a while.

    The name is written in the background: a page is shown while the database takes no writes.
    """
    if any(one.staff_id == g.user and one.is_known for one in g.shop.staff):
        return
    answer = ask_name(g.shop, id_token, current_app.config["SETTINGS"])
    work = partial(_keep_name, g.shop_id, g.user, *answer)
    notes.run(("name of staff", g.shop_id, g.user), work, app_ctx.app)


def _keep_name(shop_id: int, staff_id: str, name: str | None, ask_again: timedelta) -> None:
    StaffMember.store(shop_id, staff_id, name, ask_again)
    db.session.commit()


def staff_words(staff_id: str) -> str:
    """A staff member of this shop: ``Dana Jones``, or ``Staff 8812`` where the name is unknown."""
    if "staff_names" not in g:
        g.staff_names = {one.staff_id: one.name for one in g.shop.staff}
    name: str | None = g.staff_names.get(staff_id)
    return name or _("Staff %(staff)s", staff=staff_id)


def record_activity(kind: str, key: ApiKey | None = None, **detail: Any) -> None:
    """Add an activity of this kind to the caller's transaction; ``key``, already flushed, is the
    API key that it is about."""
    record(
        g.shop.id,
        kind,
        actor_kind=STAFF,
        actor=g.user,
        key_id=key.id if key else None,
        subject=key.name if key else "",
        address=client_address(),
        **detail,
    )
