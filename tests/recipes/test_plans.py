"""Each recipe's file is understood as it stands. What comes of it through the command line is shown
by the tests beside this one, in the long run."""

from models.job import COMPLETED, PLANNED
from tests.recipes.conftest import RECIPES
from transfer.permissions import IMPORTS

IMPORTED: dict[str, tuple[str, dict[str, int]]] = {
    "customers": ("customers", {"created": 4}),
    "b2b-accounts": ("companies", {"created": 4}),
    "b2b-catalogs": ("catalogs", {"created": 1}),
    "b2b-prices": ("products", {"created": 2}),
}
"""Files on which others build, with the type and the results of their rows."""
ONLY_PLANNED: dict[str, tuple[str, dict[str, int]]] = {
    "loyalty-balances-set": ("customers", {"updated": 1, "unchanged": 1}),
    "loyalty-balances": ("customers", {"updated": 1, "failed": 1}),
    "b2b-locations": ("companies", {"updated": 1, "unchanged": 1}),
    "tracking-numbers": ("orders", {"updated": 2}),
    "cancel-orders": ("orders", {"updated": 2}),
    "mark-as-paid": ("orders", {"updated": 1}),
    "refunds": ("orders", {"updated": 3}),
    "archive-orders": ("orders", {"updated": 2}),
    "order-tags": ("orders", {"updated": 2}),
    "historical-orders": ("orders", {"created": 6}),
    "quotes": ("draft_orders", {"created": 3}),
    "discount-codes": ("discounts", {"created": 3}),
}
MAILS = {"tracking-numbers": 1, "quotes": 1}
REFUNDS = {"cancel-orders": 1, "refunds": 2}
WARNED = {"historical-orders": "the default address", "quotes": "another import of this file"}


def test_each_file_is_planned_as_its_recipe_says(store, tmp_path):
    files = {path.stem for path in RECIPES.glob("*.csv")}
    assert files == {*IMPORTED, *ONLY_PLANNED}
    store.tell("seed", products=6, customers=4, orders=12)
    store.key.permissions = list(IMPORTS)
    for name, (of_type, counts) in (IMPORTED | ONLY_PLANNED).items():
        file = (RECIPES / f"{name}.csv").read_bytes()
        dry_run = name in ONLY_PLANNED
        job = store.run_import(store.keep(tmp_path, file, type=of_type, dry_run=dry_run))
        status = PLANNED if dry_run else COMPLETED
        assert (name, job.status, job.error) == (name, status, None)
        assert (name, job.counts) == (name, counts)
        assert (name, job.plan["mails"]) == (name, MAILS.get(name, 0))
        refunds = job.plan["limits"].get("refunds", {"count": 0})["count"]
        assert (name, refunds) == (name, REFUNDS.get(name, 0))
        told = WARNED.get(name)
        assert len(job.warnings) == bool(told), (name, job.warnings)
        assert all(str(told) in words for words in job.warnings), (name, job.warnings)
