"""A new variant with stock at more locations than Shopify takes with it."""

from collections import Counter
from typing import Any

from tests.transfer.importing.boxes import gid
from transfer.importing.columns import compiled
from transfer.importing.inputs import calls
from transfer.importing.plan import plan
from transfer.importing.snapshot import Snapshot
from transfer.types import BY_NAME
from transfer.types.shop_facts import Location, ShopFacts

PLACES = 12
VARIANT: dict[str, Any] = {
    **{"id": gid(1), "position": 1, "sku": "S", "barcode": None, "price": "1.00"},
    **{"selectedOptions": [{"name": "Size", "value": "S"}], "product": {"isGiftCard": False}},
    "inventoryItem": {"id": gid(1, "InventoryItem"), "tracked": True},
}
TEE = {
    **{"id": gid(7, "Product"), "handle": "tee", "title": "Tee", "variants": [VARIANT]},
    **{"options": [{"id": gid(1, "ProductOption"), "name": "Size"}], "media": []},
}


def test_stock_at_the_first_ten_comes_with_the_variant_and_the_rest_after_it():
    places = tuple(Location(gid(n, "Location"), f"Depot {n}") for n in range(1, PLACES + 1))
    stock = {f"Inventory Available: {place.name}": "5" for place in places}
    row = {"Handle": "tee", "Option1 Name": "Size", "Option1 Value": "M", **stock}
    columns = compiled(BY_NAME["products"], [*row], ShopFacts(locations=places))
    columns = columns.narrowed(row)
    snapshot = Snapshot(columns)
    snapshot.add_item(TEE)
    change = plan(columns, [(1, row)], snapshot)
    sent = calls(columns, change, TEE, {})
    assert Counter(call.mutation for call in sent) == {
        "productVariantsBulkCreate": 1,
        "inventoryActivate": PLACES - 10,
    }
    created: dict[str, Any] = sent[0].variables
    [variant] = created["variants"]
    taken = [level["locationId"] for level in variant["inventoryQuantities"]]
    others = [call.variables["locationId"] for call in sent[1:]]
    assert taken + others == [place.id for place in places]
