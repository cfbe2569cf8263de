"""The shop of the benchmarks: what is asked of it before its data."""

ZONE = "America/New_York"


def _definition(place: int, key: str, kind: str) -> dict:
    return {
        "alias": f"m{place}",
        "name": f"custom.{key} [{kind}]",
        "namespace": "custom",
        "key": key,
        "type": kind,
    }


LOCATIONS = [
    {"id": "gid://shopify/Location/61", "name": "Harbour Shop"},
    {"id": "gid://shopify/Location/62", "name": "Warehouse"},
]
CHANNELS = [
    {"alias": "web", "name": "Online Store", "publication": "gid://shopify/Publication/1"},
    {"alias": "pos", "name": "Point of Sale", "publication": "gid://shopify/Publication/2"},
]
FACTS = {
    "zone": ZONE,
    "locations": LOCATIONS,
    "catalogs": [],
    "channels": CHANNELS,
    "metafields:PRODUCT": [
        _definition(0, "care", "multi_line_text_field"),
        _definition(1, "season", "number_integer"),
        _definition(2, "size_chart", "metaobject_reference"),
    ],
    "metafields:PRODUCTVARIANT": [_definition(0, "batch", "single_line_text_field")],
    "order_status_url": [{"alias": "statusPageUrl", "name": "Order Status URL"}],
    "metafields:ORDER": [_definition(0, "gift_note", "single_line_text_field")],
}
