"""The Admin API access scopes that the registry needs, and no more."""

from collections.abc import Iterable

from models.job import EXPORT
from transfer.types import ALL, BY_NAME

NEEDS_APPROVAL = {
    "read_all_orders": "Orders older than 60 days. Shopify grants it on request, with a reason.",
    "read_shopify_payments": "Shopify grants it on request.",
    "read_shopify_payments_accounts": "Shopify grants it on request.",
    "read_shopify_payments_payouts": "Shopify grants it on request.",
    "read_customers": "Protected customer data: asked for in the Partner Dashboard.",
    "write_customers": "Protected customer data: asked for in the Partner Dashboard.",
    "read_orders": "Protected customer data: asked for in the Partner Dashboard.",
    "write_orders": "Protected customer data: asked for in the Partner Dashboard.",
    "read_draft_orders": "Protected customer data: asked for in the Partner Dashboard.",
    "write_draft_orders": "Protected customer data: asked for in the Partner Dashboard.",
}
"""What has to be asked for beside the scope itself.

https://shopify.dev/docs/apps/launch/protected-customer-data
"""


def scopes() -> list[str]:
    """Every scope that some data type declares, sorted, each once; a write scope is its read
    scope too, which is then left out."""
    declared = {scope for data_type in ALL for scope in data_type.scopes}
    return sorted(scope for scope in declared if _writing(scope) not in declared - {scope})


def needs(permission: str) -> tuple[str, ...]:
    """The scopes that ``"<type>:export"`` reads with, or ``"<type>:import"`` writes with."""
    name, _, direction = permission.partition(":")
    data_type = BY_NAME[name]
    return data_type.export_scopes if direction == EXPORT else data_type.write_scopes


def reasons() -> dict[str, str]:
    """Why each scope is asked for."""
    return {scope: _reason(scope) for scope in scopes()}


def _reason(scope: str) -> str:
    read = scope.replace("write_", "read_", 1)
    exports = _labels(
        data_type.label for data_type in ALL if {read, scope} & set(data_type.export_scopes)
    )
    imports = _labels(data_type.label for data_type in ALL if scope in data_type.write_scopes)
    sentences = [f"Exports of {exports}."] if exports else []
    if imports:
        sentences.append(f"Imports of {imports}.")
    return " ".join([*sentences, *filter(None, [NEEDS_APPROVAL.get(scope)])])


def _labels(labels: Iterable[str]) -> str:
    *others, last = [*labels, ""][:-1] or [""]
    return f"{', '.join(others)} and {last}" if others else last


def _writing(scope: str) -> str:
    return scope.replace("read_", "write_", 1)
