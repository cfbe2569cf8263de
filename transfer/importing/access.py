"""Whether the store lets the app write what an import is to write."""

from models import db
from models.import_row import ImportRow
from models.job import HELD, Job
from models.shop import Shop
from transfer.types import BY_NAME

BEGINNING = "The store has not granted"


def without_sentence(warnings: list[str]) -> list[str]:
    """The warnings without what was lacking when the plan was held."""
    return [one for one in warnings if not one.startswith(BEGINNING)]


def granted_scopes(job: Job) -> set[str]:
    """What the store has granted the app by now; empty where that is not known."""
    scopes = db.session.scalars(db.select(Shop.scopes).filter_by(id=job.shop_id)).one()
    return set(scopes.split(",")) - {""}


def lacking(job: Job) -> str:
    """What the store has not granted yet of what the import takes, with the way to grant it; empty
    when it has all."""
    granted = granted_scopes(job)
    wanted = dict.fromkeys(scope for name in job.types for scope in BY_NAME[name].write_scopes)
    missing = [scope for scope in wanted if scope not in granted]
    if not granted or not missing:
        return ""
    return (
        f"{BEGINNING} {', '.join(missing)} yet, so nothing was changed. Open the app "
        "in the Shopify admin, accept the new permissions, and apply the plan."
    )


def hold_for_access(
    job: Job, sentence: str, among: tuple[str, ...], plan: dict[str, object]
) -> None:
    """Keep the plan for when the store has granted what it takes."""
    counts = ImportRow.planned_counts(job.id)
    warnings = [*without_sentence(job.warnings), sentence]
    done = sum(counts.values())
    job.move(HELD, among=among, plan=plan, counts=counts, done=done, warnings=warnings)
