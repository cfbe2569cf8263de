"""Facts of a shop that are asked before its data: they decide which columns there are.

Data types name those that they need; ``zone`` and ``online_store`` are always asked.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial

from shopify.admin import PAGE_INFO, AccessDenied, Admin
from transfer.reading.side_by_side import side_by_side
from transfer.types.base import Item
from transfer.types.shop_facts import (
    OWNERS,
    Blog,
    Catalog,
    Channel,
    DeliveryProfile,
    Fact,
    Location,
    MetafieldDefinition,
    MetafieldOwner,
    MetaobjectType,
    OrderStatusUrl,
    ShopFacts,
)

SHOP = """query { shop { name ianaTimezone currencyCode weightUnit myshopifyDomain
  primaryDomain { url host } plan { partnerDevelopment publicDisplayName } } }"""
UNPAID = ("Development", "Plus Trial", "Trial")
"""Plans of stores that nobody pays for yet."""
LOCATIONS = f"""query ($after: String) {{
  page: locations(first: 100, after: $after, includeLegacy: true) {{
    nodes {{ id name }} {PAGE_INFO}
  }}
}}"""
BLOGS = f"""query ($after: String) {{
  page: blogs(first: 100, after: $after) {{
    nodes {{ id handle title commentPolicy templateSuffix }} {PAGE_INFO}
  }}
}}"""
CATALOGS = f"""query ($after: String) {{
  page: catalogs(first: 50, after: $after) {{
    nodes {{ id title publication {{ id }} priceList {{ id currency }} }} {PAGE_INFO}
  }}
}}"""
PUBLICATIONS = f"""query ($after: String) {{
  page: publications(first: 20, after: $after) {{
    nodes {{ id catalog {{ id title }} channels(first: 5) {{ nodes {{ name }} }} }} {PAGE_INFO}
  }}
}}"""
DEFINITIONS = f"""query ($owner: MetafieldOwnerType!, $after: String) {{
  page: metafieldDefinitions(ownerType: $owner, first: 100, after: $after) {{
    nodes {{ namespace key pinnedPosition type {{ name }} }} {PAGE_INFO}
  }}
}}"""
DEFINED = "metafieldDefinitions(ownerType: {}, first: 1) {{ nodes {{ id }} }}"
METAOBJECT_TYPES = f"""query ($after: String) {{
  page: metaobjectDefinitions(first: 50, after: $after) {{
    nodes {{ id type fieldDefinitions {{ key type {{ name }} }} }} {PAGE_INFO}
  }}
}}"""
PROFILES = f"""query ($after: String) {{
  page: deliveryProfiles(first: 50, after: $after) {{ nodes {{ id name default }} {PAGE_INFO} }}
}}"""
WITH_SEO = ("PRODUCT", "COLLECTION", "PAGE", "ARTICLE")
SEO = ("title_tag", "description_tag")
STATUS_URL = "query { orders(first: 1) { nodes { statusPageUrl } } }"
CHANNEL = "gid://shopify/AppCatalog/"
CHANNELS = {"Online Store": "web", "Point of Sale": "pos"}
WORDS = {
    "locations": "Stock by location",
    "catalogs": "Prices by catalog",
    "channels": "Publishing to sales channels",
    "order_status_url": "Order Status URL",
    "metaobject_types": "Metaobjects",
    "delivery_profiles": "Variant Shipping Profile",
}

Asked = dict[str, tuple[Fact, ...] | None]
"""Facts by their name; None for those that the app may not read."""


def always(admin: Admin) -> ShopFacts:
    """The facts that every type goes with."""
    shop = admin.query(SHOP)["shop"]
    plan, domain = shop["plan"], shop["primaryDomain"]
    return ShopFacts(
        zone=shop["ianaTimezone"],
        name=shop["name"],
        currency=shop["currencyCode"],
        weight_unit=shop["weightUnit"],
        online_store=domain["url"],
        domains=tuple(dict.fromkeys((shop["myshopifyDomain"], domain["host"]))),
        development=plan["partnerDevelopment"] or plan["publicDisplayName"] in UNPAID,
    )


def ask(admin: Admin, names: Iterable[str]) -> Asked:
    """The facts of each of these names, each asked once."""
    once = list(dict.fromkeys(names))
    return dict(zip(once, side_by_side(partial(_ask, admin), once), strict=True))


def _ask(admin: Admin, name: str) -> tuple[Fact, ...] | None:
    name_of_list, _, owner = name.partition(":")
    try:
        return tuple(metafields(admin, owner) if owner else READERS[name_of_list](admin))
    except AccessDenied:
        return None


def among(asked: Asked, names: tuple[str, ...], known: ShopFacts) -> tuple[ShopFacts, list[str]]:
    """The facts of these names beside those ``known`` already, and a sentence for each that the app
    may not read."""
    facts = known
    left_out = []
    for name in names:
        facts = facts.having(name, asked[name] or ())
        if asked[name] is None:
            words = WORDS.get(name, "Metafields")
            left_out.append(f"{words}: left out, the app may not read it.")
    return facts, left_out


def locations(admin: Admin) -> list[Location]:
    """Each active location, by name."""
    return [Location(node["id"], node["name"]) for node in admin.nodes(LOCATIONS, "page")]


def blogs(admin: Admin) -> list[Blog]:
    """Each blog, in Shopify's order."""
    return [
        Blog(
            f"b{number}",
            node["handle"],
            node["id"],
            node["title"],
            node["commentPolicy"],
            node["templateSuffix"] or "",
        )
        for number, node in enumerate(admin.nodes(BLOGS, "page"))
    ]


def catalogs(admin: Admin) -> list[Catalog]:
    """Each catalog of a market or a company. A sales channel's own catalog has no prices and is
    left out."""
    priced = [n for n in admin.nodes(CATALOGS, "page") if not n["id"].startswith(CHANNEL)]
    return [
        Catalog(
            f"c{number}",
            node["title"],
            node["publication"] and node["publication"]["id"],
            node["priceList"] and node["priceList"]["id"],
            (node["priceList"] or {}).get("currency", ""),
        )
        for number, node in enumerate(priced)
    ]


def channels(admin: Admin) -> list[Channel]:
    """Each sales channel, in Shopify's order."""
    named = [(node["id"], channel_name(node)) for node in admin.nodes(PUBLICATIONS, "page")]
    return [
        Channel(CHANNELS.get(name, f"s{number}"), name, gid)
        for number, (gid, name) in enumerate(named)
        if name
    ]


def channel_name(publication: Item) -> str:
    """Blank for the publication of a market's or a company's catalog."""
    names: list[str] = [
        channel["name"] for channel in (publication["channels"] or {"nodes": []})["nodes"]
    ]
    catalog = publication["catalog"] or {"id": "", "title": ""}
    return [*names, catalog["title"] if catalog["id"].startswith(CHANNEL) else ""][0]


def order_status_url(admin: Admin) -> list[OrderStatusUrl]:
    """One fact where Shopify shows the app the address of an order's page: it cannot be null, so
    it is not asked where it is customer data that the app may not see."""
    admin.query(STATUS_URL)
    return [OrderStatusUrl("statusPageUrl", "Order Status URL")]


def metafield_owners(admin: Admin) -> list[MetafieldOwner]:
    """What has definitions of metafields that the app may read: which those are depends on its
    scopes."""
    try:
        defined = _defined(admin, OWNERS)
    except AccessDenied:
        defined = []
        for owner in OWNERS:
            with suppress(AccessDenied):
                defined += _defined(admin, (owner,))
    return [MetafieldOwner(owner.lower(), owner, owner) for owner in defined]


def _defined(admin: Admin, owners: tuple[str, ...]) -> list[str]:
    fields = " ".join(f"{owner}: {DEFINED.format(owner)}" for owner in owners)
    answer = admin.query(f"query {{ {fields} }}")
    return [owner for owner in owners if answer[owner]["nodes"]]


def metaobject_types(admin: Admin) -> list[MetaobjectType]:
    """Each type of metaobjects, Shopify's own included."""
    nodes = admin.nodes(METAOBJECT_TYPES, "page")
    return [
        MetaobjectType(
            f"t{number}",
            node["type"],
            node["id"],
            {field["key"]: field["type"]["name"] for field in node["fieldDefinitions"]},
        )
        for number, node in enumerate(nodes)
    ]


def metafields(admin: Admin, owner: str) -> list[MetafieldDefinition]:
    """Each definition: pinned ones by their position, then the others, then Shopify's own. The
    global namespace is not written.

    What search engines read has columns of its own, also where a store has defined it."""
    found = list(admin.nodes(DEFINITIONS, "page", owner=owner))
    if owner in WITH_SEO:
        found = [n for n in found if n["namespace"] != "global" or n["key"] not in SEO]
    nodes = sorted(found, key=_place)
    return [
        MetafieldDefinition(
            f"m{number}",
            column_name(node["namespace"], node["key"], node["type"]["name"]),
            node["namespace"],
            node["key"],
            node["type"]["name"],
        )
        for number, node in enumerate(nodes)
    ]


def _place(definition: Item) -> tuple[int | str, ...]:
    pinned, namespace = definition["pinnedPosition"], definition["namespace"]
    if namespace.startswith("shopify"):
        return (2, namespace, definition["key"])
    return (1,) if pinned is None else (0, pinned)


def column_name(namespace: str, key: str, type: str) -> str:
    """``namespace.key [type]``; a dot within either is written ``\\.``. The global namespace is
    not written."""
    parts = [part.replace(".", "\\.") for part in (namespace, key)]
    return f"{parts[1] if namespace == 'global' else '.'.join(parts)} [{type}]"


def delivery_profiles(admin: Admin) -> list[DeliveryProfile]:
    """Each shipping profile."""
    nodes = admin.nodes(PROFILES, "page")
    return [DeliveryProfile(node["id"], node["name"], node["default"]) for node in nodes]


READERS: dict[str, Callable[[Admin], Sequence[Fact]]] = {
    "blogs": blogs,
    "locations": locations,
    "catalogs": catalogs,
    "channels": channels,
    "order_status_url": order_status_url,
    "metafield_owners": metafield_owners,
    "metaobject_types": metaobject_types,
    "delivery_profiles": delivery_profiles,
}
