"""Why a person has to apply an import, whatever its limits say."""

from models import db
from models.api_key import ApiKey
from models.import_limits import APPROVAL
from models.job import Job
from models.key_rules import SECOND_PERSON
from models.shop import Shop
from translations import N_

PEOPLE = ("customers", "orders", "draft_orders", "companies")
"""The data types whose imports a shop may have looked at by a second person."""
OF_KEY, OF_SHOP = "key", "second_person"
"""Why: the imports of the key wait for it, or the shop asks for a second person."""
KEY_WAITS = (
    "Imports with this key wait for approval: a person applies them under Settings > Jobs in "
    "Altera."
)
SHOP_WAITS = (
    "Imports of customers and orders need a second person in this store: someone applies them "
    "under Settings > Jobs in Altera."
)
SENTENCES = {OF_KEY: KEY_WAITS, OF_SHOP: SHOP_WAITS}
"""For programs, by why."""
STARTED = N_(
    "You started this import. In this store another staff member has to apply imports of customers "
    "and orders."
)
MADE_KEY = N_(
    "You created the key of this import. In this store another staff member has to apply imports "
    "of customers and orders."
)


def approval_of(job: Job, key: ApiKey | None = None) -> str:
    """Why a person has to apply this import, as things are now; empty when none has to. ``key`` is
    its key, where that has just been read."""
    key = key or _key_of(job)
    if key and key.imports == APPROVAL:
        return OF_KEY
    return OF_SHOP if _needs_second_person(job) else ""


def why_another(job: Job, staff: str) -> str:
    """Why another staff member has to apply this import, a message for ``_()``; empty where this
    one may. Whoever has created its key could have sent it too."""
    if not _needs_second_person(job):
        return ""
    if job.started_by:
        return STARTED if job.started_by == staff else ""
    key = _key_of(job)
    return MADE_KEY if key and key.created_by == staff else ""


def _key_of(job: Job) -> ApiKey | None:
    return db.session.get_one(ApiKey, job.key_id, populate_existing=True) if job.key_id else None


def _needs_second_person(job: Job) -> bool:
    if not {*PEOPLE} & {*job.types}:
        return False
    shop = db.session.get_one(Shop, job.shop_id, populate_existing=True)
    return bool(shop.key_rules.get(SECOND_PERSON))
