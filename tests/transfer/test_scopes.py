"""Which permission needs which of Shopify's access scopes, and that no other is declared."""

import pytest

from models.job import EXPORT
from tests.transfer.reading.test_queries import KNOWN, PASSES, runs
from tests.transfer.test_registry_contract import needed
from transfer.permissions import PERMISSIONS
from transfer.reading import queries, references, shop_facts
from transfer.scopes import needs, reasons
from transfer.types import ALL, BY_NAME

CONTENT = {"read_content", "read_files", "read_metaobjects", "read_products"}
FULFILLMENT = {
    "read_assigned_fulfillment_orders",
    "read_merchant_managed_fulfillment_orders",
    "read_third_party_fulfillment_orders",
}
CREDIT = {"read_store_credit_accounts"}
CREDITED = CREDIT | {"read_store_credit_account_transactions"}
STOCK = {"read_inventory", "read_locations"}
SALES = CONTENT | {"read_orders", "read_customers", "read_companies", "read_inventory"}
PAYOUTS = {"read_shopify_payments_accounts", "read_shopify_payments_payouts"}
NEEDS = {
    "products:export": CONTENT | STOCK | {"read_publications"},
    "collections:export": CONTENT | {"read_publications"},
    "customers:export": CONTENT | CREDITED | {"read_customers", "read_orders"},
    "orders:export": SALES | FULFILLMENT | {"read_all_orders", "read_locations"},
    "discounts:export": {"read_discounts", "read_products", "read_customers"},
    "articles:export": CONTENT,
    "catalogs:export": {"read_products", "read_publications", "read_markets", "read_companies"},
    "companies:export": CREDIT
    | CONTENT
    | {"read_companies", "read_customers", "read_orders", "read_payment_terms"},
    "draft_orders:export": SALES | {"read_draft_orders", "read_payment_terms"},
    "files:export": {"read_files"},
    "menus:export": {"read_online_store_navigation"},
    "metaobjects:export": CONTENT | {"read_metaobject_definitions"},
    "pages:export": CONTENT,
    "redirects:export": {"read_online_store_navigation"},
    "shop:export": CONTENT,
    "metafield_definitions:export": {"read_metaobject_definitions"},
    "metaobject_definitions:export": {"read_metaobject_definitions"},
    "events:export": set(),
    "payouts:export": PAYOUTS,
    "products:import": {
        "write_products",
        "write_inventory",
        "write_publications",
        "write_files",
        "write_shipping",
        "write_online_store_navigation",
    },
    "articles:import": {"write_content", "write_online_store_navigation"},
    "catalogs:import": {"write_products", "write_publications"},
    "collections:import": {
        "write_products",
        "write_publications",
        "write_online_store_navigation",
    },
    "companies:import": {
        "write_companies",
        "write_customers",
        "write_products",
        "write_store_credit_account_transactions",
    },
    "customers:import": {"write_customers", "write_store_credit_account_transactions"},
    "discounts:import": {"write_discounts"},
    "files:import": {"write_files"},
    "menus:import": {"write_online_store_navigation"},
    "metaobjects:import": {"write_metaobjects"},
    "draft_orders:import": {"write_draft_orders", "write_payment_terms"},
    "orders:import": {
        "write_orders",
        "write_fulfillments",
        "write_assigned_fulfillment_orders",
        "write_merchant_managed_fulfillment_orders",
        "write_third_party_fulfillment_orders",
        "write_order_edits",
        "write_payment_terms",
    },
    "pages:import": {"write_content", "write_online_store_navigation"},
    "shop:import": set(),
    "metafield_definitions:import": {"write_products"},
    "metaobject_definitions:import": {"write_metaobject_definitions"},
    "redirects:import": {"write_online_store_navigation"},
}
UNGUARDED = {
    "read_all_orders": "It guards no field: without it Shopify shows the last 60 days.",
    "read_content": "What a metafield refers to may be a page or an article.",
    "read_files": "What a metafield refers to may be a file.",
    "read_metaobjects": "What a metafield refers to may be an entry.",
    "read_metaobject_definitions": "Facts of the shop are asked with it.",
    "read_orders": "Shopify counts a company's orders.",
    "read_payment_terms": "A company's terms are templates.",
    "write_payment_terms": "A draft takes its terms along.",
    "read_products": "What a metafield refers to may be a product; catalogs are of products.",
    "read_publications": "Facts of the shop are asked with it.",
    "read_shopify_payments_payouts": "Shopify asks for it beside that of the account.",
}
"""Scopes that the schema's table does not name for an operation that needs them."""

ASKED = {
    "locations": shop_facts.LOCATIONS,
    "catalogs": shop_facts.CATALOGS,
    "channels": shop_facts.PUBLICATIONS,
    "metafields": shop_facts.DEFINITIONS + references.NODES,
    "metafield_owners": shop_facts.DEFINITIONS,
    "metaobject_types": shop_facts.METAOBJECT_TYPES,
    "order_status_url": shop_facts.STATUS_URL,
    "delivery_profiles": shop_facts.PROFILES,
}
"""The documents that bring a type's facts, and what they lead to."""


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_a_permission_needs_these_scopes(permission):
    assert set(needs(permission)) == NEEDS.get(permission, set())


def test_an_import_without_scopes_is_one_that_cannot_run_yet():
    without = {name for name in PERMISSIONS if name not in NEEDS}
    assert without == {f"{k.name}:import" for k in ALL if k.importable} - NEEDS.keys()
    assert not any(BY_NAME[name.partition(":")[0]].writing for name in without)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
def test_an_export_declares_no_scope_that_it_does_not_need(kind):
    used = {
        scope
        for owner, step in PASSES
        if owner is kind
        for fact in runs(step)
        for enough in needed(queries.root_page(step, KNOWN, fact)).values()
        for scope in enough
    }
    assert set(needs(f"{kind.name}:{EXPORT}")) - used <= UNGUARDED.keys()


def test_an_import_declares_what_its_operations_need():
    for kind in ALL:
        if not kind.writing:
            continue
        may_read = {scope.replace("write_", "read_", 1) for scope in kind.write_scopes}
        declared = {*kind.write_scopes, *kind.read_scopes, *may_read}
        reads = [queries.nodes_page(kind.passes[0], kind.writing.typename, KNOWN)]
        for document in [*reads, *(m.document for m in kind.writing.mutations)]:
            missing = {n: enough for n, enough in needed(document).items() if not enough & declared}
            assert missing == {}


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
def test_an_export_declares_what_its_facts_need(kind):
    for name in kind.facts:
        document = ASKED[name.partition(":")[0]]
        document += references.NODES if kind.references else ""
        wanted = needed(document).items()
        assert {n: enough for n, enough in wanted if not enough & set(kind.export_scopes)} == {}


def test_a_scope_is_asked_for_only_where_it_is_used():
    """What imports write is no reason of exports."""
    why = reasons()
    assert why["write_shipping"] == "Imports of Products."
    assert why["write_online_store_navigation"].startswith(
        "Exports of Menus and Redirects. Imports"
    )
