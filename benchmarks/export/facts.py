"""The shop of the benchmarks: what is asked of it before its data."""

from transfer.types.shop_facts import (
    Channel,
    Location,
    MetafieldDefinition,
    OrderStatusUrl,
    ShopFacts,
)

ZONE = "America/New_York"


def _definition(place: int, key: str, type: str) -> MetafieldDefinition:
    return MetafieldDefinition(f"m{place}", f"custom.{key} [{type}]", "custom", key, type)


LOCATIONS = (
    Location("gid://shopify/Location/61", "Harbour Shop"),
    Location("gid://shopify/Location/62", "Warehouse"),
)
CHANNELS = (
    Channel("web", "Online Store", "gid://shopify/Publication/1"),
    Channel("pos", "Point of Sale", "gid://shopify/Publication/2"),
)
FACTS = ShopFacts(
    zone=ZONE,
    locations=LOCATIONS,
    channels=CHANNELS,
    order_status_url=(OrderStatusUrl("statusPageUrl", "Order Status URL"),),
    metafields={
        "PRODUCT": (
            _definition(0, "care", "multi_line_text_field"),
            _definition(1, "season", "number_integer"),
            _definition(2, "size_chart", "metaobject_reference"),
        ),
        "PRODUCTVARIANT": (_definition(0, "batch", "single_line_text_field"),),
        "ORDER": (_definition(0, "gift_note", "single_line_text_field"),),
    },
)
