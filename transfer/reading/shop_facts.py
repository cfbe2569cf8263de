"""Facts of a shop that are asked before its data: they decide which columns there are.

Data types name those that they need; ``zone`` and ``online_store`` are always asked. The first
pages of all lists are asked in one question with them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
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

OF_SHOP = """shop { name ianaTimezone currencyCode weightUnit myshopifyDomain
  primaryDomain { url host } plan { partnerDevelopment publicDisplayName } }"""
SHOP = f"query {{ {OF_SHOP} }}"
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


def ask(admin: Admin, names: Iterable[str]) -> tuple[ShopFacts, Asked]:
    """The facts that every type goes with, and those of each of these names, each asked once."""
    once = list(dict.fromkeys(names))
    first = _first_pages(admin, [name for name in once if name.partition(":")[0] in LISTS])
    asked: Asked = {
        name: _read(name, page["nodes"]) for name, page in first.items() if _is_all(page)
    }
    if left := [name for name in once if name not in asked]:
        asked |= zip(left, side_by_side(partial(_ask, admin, first), left), strict=True)
    return _always(first["shop"]), asked


def _first_pages(admin: Admin, names: list[str]) -> dict[str, Item]:
    """The ``shop``, and the first page of each of these lists that the app may read."""
    aliases = {f"list{number}": name for number, name in enumerate(names)}
    denied: list[list[str | int]] = []
    try:
        answer = admin.query(together(aliases), denied=denied)
    except AccessDenied:
        return {"shop": admin.query(SHOP)["shop"]}
    refused = {path[0] for path in denied if path}
    pages = {name: answer[alias] for alias, name in aliases.items() if alias not in refused}
    return {"shop": answer["shop"], **pages}


def together(aliases: Mapping[str, str]) -> str:
    """One document for the shop and the first pages of lists, by their aliases."""
    if not aliases:
        return SHOP
    fields = [OF_SHOP]
    for alias, name in aliases.items():
        of_list, _, owner = name.partition(":")
        field = LISTS[of_list].partition("page:")[2].rpartition("}")[0].replace("$owner", owner)
        fields.append(f"{alias}:{field}")
    return f"query ($after: String) {{ {' '.join(fields)} }}"


def _is_all(page: Item) -> bool:
    return "nodes" in page and not page["pageInfo"]["hasNextPage"]


def _ask(admin: Admin, first: Mapping[str, Item], name: str) -> tuple[Fact, ...] | None:
    of_list, _, owner = name.partition(":")
    try:
        if of_list in READERS:
            return tuple(READERS[of_list](admin))
        variables = {"owner": owner} if owner else {}
        nodes = admin.nodes(LISTS[of_list], "page", begun=first.get(name), **variables)
        return _read(name, nodes)
    except AccessDenied:
        return None


def _read(name: str, nodes: Iterable[Item]) -> tuple[Fact, ...]:
    """The facts of this name from all nodes of its list."""
    of_list, _, owner = name.partition(":")
    return tuple(metafields(nodes, owner) if owner else OF_NODES[of_list](nodes))


def _always(shop: Item) -> ShopFacts:
    """The facts that every type goes with."""
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


def locations(nodes: Iterable[Item]) -> list[Location]:
    """Each active location, by name."""
    return [Location(node["id"], node["name"]) for node in nodes]


def blogs(nodes: Iterable[Item]) -> list[Blog]:
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
        for number, node in enumerate(nodes)
    ]


def catalogs(nodes: Iterable[Item]) -> list[Catalog]:
    """Each catalog of a market or a company. A sales channel's own catalog has no prices and is
    left out."""
    priced = [n for n in nodes if not n["id"].startswith(CHANNEL)]
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


def channels(nodes: Iterable[Item]) -> list[Channel]:
    """Each sales channel, in Shopify's order."""
    named = [(node["id"], channel_name(node)) for node in nodes]
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


def metaobject_types(nodes: Iterable[Item]) -> list[MetaobjectType]:
    """Each type of metaobjects, Shopify's own included."""
    return [
        MetaobjectType(
            f"t{number}",
            node["type"],
            node["id"],
            {field["key"]: field["type"]["name"] for field in node["fieldDefinitions"]},
        )
        for number, node in enumerate(nodes)
    ]


def metafields(nodes: Iterable[Item], owner: str) -> list[MetafieldDefinition]:
    """Each definition: pinned ones by their position, then the others, then Shopify's own. The
    global namespace is not written.

    What search engines read has columns of its own, also where a store has defined it."""
    if owner in WITH_SEO:
        nodes = [n for n in nodes if n["namespace"] != "global" or n["key"] not in SEO]
    return [
        MetafieldDefinition(
            f"m{number}",
            column_name(node["namespace"], node["key"], node["type"]["name"]),
            node["namespace"],
            node["key"],
            node["type"]["name"],
        )
        for number, node in enumerate(sorted(nodes, key=_place))
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


def delivery_profiles(nodes: Iterable[Item]) -> list[DeliveryProfile]:
    """Each shipping profile."""
    return [DeliveryProfile(node["id"], node["name"], node["default"]) for node in nodes]


LISTS = {
    "blogs": BLOGS,
    "locations": LOCATIONS,
    "catalogs": CATALOGS,
    "channels": PUBLICATIONS,
    "metafields": DEFINITIONS,
    "metaobject_types": METAOBJECT_TYPES,
    "delivery_profiles": PROFILES,
}
"""What the facts of a name are asked with, as ``Admin.nodes`` takes it."""
OF_NODES: dict[str, Callable[[Iterable[Item]], Sequence[Fact]]] = {
    "blogs": blogs,
    "locations": locations,
    "catalogs": catalogs,
    "channels": channels,
    "metaobject_types": metaobject_types,
    "delivery_profiles": delivery_profiles,
}
READERS: dict[str, Callable[[Admin], Sequence[Fact]]] = {
    "order_status_url": order_status_url,
    "metafield_owners": metafield_owners,
}
"""Facts that are asked otherwise."""
