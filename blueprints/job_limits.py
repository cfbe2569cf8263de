"""How many exports and imports a shop may have at once, and start in an hour.

Whoever asks and cancels in a loop would fill the database with what is kept of each.
"""

from datetime import timedelta

from flask import current_app

from models import now
from models.job import Job
from models.shop import Shop
from translations import N_, _, number

HOUR = timedelta(hours=1)
PAGE_IMPORTS_OFF = N_("Imports from this page are turned off.")


def why_no_page_import(shop: Shop) -> str | None:
    """Why staff may not import into the shop from its pages, in a sentence; None when they may."""
    if not shop.page_imports:
        return _(PAGE_IMPORTS_OFF)
    return why_no_job(shop.id)


def why_no_job(shop_id: int) -> str | None:
    """Why the shop may not start another job now, in a sentence; None when it may."""
    settings = current_app.config["SETTINGS"]
    most = settings.SHOP_MAX_UNFINISHED_JOBS
    if Job.unfinished(shop_id) >= most:
        return _(
            "%(most)s exports and imports of this store are queued or running. "
            "Wait until some are finished, or cancel them.",
            most=number(most),
        )
    most = settings.SHOP_MAX_JOBS_PER_HOUR
    if Job.started_since(now() - HOUR, shop_id, most) >= most:
        return _(
            "%(most)s exports and imports of this store were started in the last hour. "
            "Try again later.",
            most=number(most),
        )
    return None
