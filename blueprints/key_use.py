"""The use of keys: every answer to a program is counted, and the pages show what it comes to."""

import atexit
from datetime import datetime
from functools import partial

from flask import Flask, Response, g, request

from background import notes
from blueprints.client_address import client_address
from models import db, now
from models.api_key import ApiKey
from models.key_check import record_use
from models.key_counter import KeyCounter
from models.key_use import UNUSED_AFTER, PermissionUse, Use, unused_permissions

FAILED = 400
STEP, LEAST = 4, 2
"""Units of the drawing: from one day's bar to the next, and the least height of a bar."""


def register(app: Flask) -> None:
    with app.app_context():
        counter = app.extensions["key_counter"] = KeyCounter(db.engine)
    atexit.register(counter.flush)
    app.after_request(partial(_count, app, counter))
    app.add_template_filter(bars)
    app.add_template_global(use_of)
    app.add_template_global(needed_by)
    app.add_template_global(new_for)
    app.add_template_global(unused_permissions)


def _count(app: Flask, counter: KeyCounter, response: Response) -> Response:
    """A call that was refused to the key is no use of it, and one that failed of no permission."""
    if (key_id := g.get("key_id")) is not None:
        failed = response.status_code >= FAILED
        counter.count(key_id, failed=failed, needed=() if failed else g.get("needed", ()))
        if g.get("use_due") and "refusal" not in g:
            client = request.headers.get("User-Agent", "")
            work = partial(record_use, g.caller, client_address(), client)
            notes.run(("use", key_id), work, app)
    return response


def use_of(key: ApiKey) -> Use:
    """The last 30 days of a key; one query for all the keys of a page."""
    if "uses" not in g:
        g.uses = Use.of_shop(g.shop.id)
    return g.uses.get(key.id) or Use.of_days({})


def needed_by(key: ApiKey) -> dict[str, datetime]:
    """When each permission of the key was last needed, in the last 90 days."""
    return PermissionUse.of(key)


def new_for(key: ApiKey, permission: str) -> bool:
    """Whether the key has had this permission for so short that every use of it is known."""
    return key.granted_since(permission) > now() - UNUSED_AFTER


def bars(use: Use, figure: str, height: int) -> str:
    """The path of an SVG that draws ``calls`` or ``failures``, one stroke a day from the ground.

    The busiest day is ``height`` high; a day with any has at least ``LEAST``, which can be seen.
    """
    most = max(day.calls for day in use.days)
    drawn = []
    for number, day in enumerate(use.days):
        if count := getattr(day, figure):
            x = number * STEP + STEP // 2
            drawn.append(f"M{x} {height}v-{max(LEAST, round(height * count / most))}")
    return "".join(drawn)
