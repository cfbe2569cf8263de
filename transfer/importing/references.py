"""What cells refer to, found in the store: names to ids, many at a time.

Names are asked for one by one in a query of many fields where Shopify has a field for that; else
they are searched for, and what the search finds is compared with the name. A name that several
objects have is not resolved.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import unquote

from shopify.admin import PAGE_INFO, AccessDenied, Admin
from transfer.reading.filters import quoted
from transfer.reading.shop_facts import LOCATIONS, PUBLICATIONS, channel_name
from transfer.types.base import Item, literal
from transfer.types.forms import ID_NUMBER, plural, same_address, short
from transfer.types.metafields import reference_cell
from transfer.types.order_buyers import AT, BETWEEN, EXTERNAL_ID
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import Reference

AT_ONCE = 250
"""So many ids go into one query; a name asked for by a field of its own costs a point."""
SEARCHED_AT_ONCE = 50
GID = "gid://shopify/"
SHOPIFYS = re.compile(r"https?://(?:cdn\.shopify\.com/s/files/|[^/]+/cdn/shop/)", re.IGNORECASE)
"""How addresses of files begin that a store has at Shopify."""
SKU = "sku:"
BETWEEN_NAMES = " / "
LOCATION_FIELDS = "name company { name }"
LONGEST_NAME = 1100
"""Characters of a product's handle, a dot and a variant's title at the longest."""
INTERFACES = {
    "Catalog": ("MarketCatalog", "CompanyLocationCatalog", "AppCatalog"),
    "Variant": ("ProductVariant",),
    "File": ("MediaImage", "GenericFile", "Video", "Model3d", "ExternalVideo"),
}
MEMBER_OF = {"Variant": "Product"}
"""What is named without that whose member it is."""
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"

Part = TypeVar("Part")
Found = dict[Reference, list[str]]
"""The ids that each name may stand for; one, if the name is good."""


@dataclass(frozen=True)
class Kind:
    """How objects of a GraphQL type are found by name. ``word`` is what people call one.

    ``field`` is a root field for one name, ``listed`` the query for all of them, of which ``named``
    gives the name; without either they are searched for by ``find``. Letter case counts if
    ``exact``.
    """

    word: str
    field: Callable[[str], str] | None = None
    listed: str = ""
    named: Callable[[Item], str] = lambda node: str(node["name"])
    find: "Callable[[Admin, list[Reference]], Found] | None" = None
    exact: bool = False
    several: str = ""

    @property
    def words(self) -> str:
        """What people call several of them."""
        return self.several or plural(self.word)

    def same(self, name: str) -> str:
        """The name in the form in which names are compared."""
        return name.strip() if self.exact else name.strip().lower()


def resolve(
    admin: Admin, facts: ShopFacts, references: Iterable[Reference]
) -> tuple[dict[Reference, str], dict[Reference, str]]:
    """The id of each reference that the store has, and a sentence for each other."""
    ids: dict[Reference, str] = {}
    reasons: dict[Reference, str] = {}
    for to, wanted in _by_type(references).items():
        kind = KINDS.get(to, Kind(to))
        try:
            found = _from_shop_facts(facts, to, kind, wanted) or _from_store(admin, kind, wanted)
        except AccessDenied:
            reasons |= dict.fromkeys(wanted, f"The app may not read {kind.words}.")
            continue
        for reference in wanted:
            match found.get(reference, []):
                case [gid]:
                    ids[reference] = gid
                case []:
                    reasons[reference] = missing(reference)
                case several:
                    reasons[reference] = (
                        f"The store has {len(several)} {kind.words} “{short(reference.name)}”. "
                        "Write the ID of the one that is meant."
                    )
    return ids, reasons


def files_at(admin: Admin, wanted: Iterable[Reference]) -> dict[Reference, str]:
    """The ids of the store's own files, of those that addresses lead to."""
    found: dict[Reference, str] = {}
    near = [one for one in dict.fromkeys(wanted) if SHOPIFYS.match(one.address)]
    for part in _parts(near, SEARCHED_AT_ONCE):
        names = dict.fromkeys(unquote(one.name) for one in part)
        text = " OR ".join(f"filename:{quoted(name)}" for name in names)
        nodes = [(node, _address(node)) for node in _search(admin, "files", FILE_FIELDS, text)]
        for one in part:
            ids = (node["id"] for node, address in nodes if same_address(address, one.address))
            if gid := next(ids, ""):
                found[one] = gid
    return found


def redirects_between(
    admin: Admin, wanted: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """The ids of the redirects that lead from these paths to these targets."""
    found: dict[tuple[str, str], str] = {}
    for part in _parts(list(dict.fromkeys(wanted)), SEARCHED_AT_ONCE):
        text = " OR ".join(f"path:{quoted(path)}" for path, _ in part)
        nodes = _search(admin, "urlRedirects", "path target", text)
        there = {(node["path"], node["target"]): str(node["id"]) for node in nodes}
        found |= {one: there[one] for one in part if one in there}
    return found


def _address(file: Item) -> str:
    return str((file.get("image") or file).get("url") or "")


def missing(reference: Reference) -> str:
    """The sentence that tells of what is not there."""
    word = KINDS.get(reference.to, Kind(reference.to)).word
    return f"The store has no {word} “{short(reference.name)}”."


def _parts(wanted: "Sequence[Part]", size: int) -> "Iterator[Sequence[Part]]":
    return (wanted[start : start + size] for start in range(0, len(wanted), size))


def _by_type(references: Iterable[Reference]) -> dict[str, list[Reference]]:
    found: dict[str, list[Reference]] = {}
    for reference in dict.fromkeys(references):
        found.setdefault(reference.to, []).append(reference)
    return found


def _from_shop_facts(facts: ShopFacts, to: str, kind: Kind, wanted: list[Reference]) -> Found:
    """By the facts of the shop, if those have been asked for."""
    named = {
        "Location": [(one.name, one.id) for one in facts.locations],
        "Publication": [(one.name, one.publication) for one in facts.channels],
    }.get(to, [])
    return _matched(kind, wanted, named) if named else {}


def _from_store(admin: Admin, kind: Kind, wanted: list[Reference]) -> Found:
    by_id = [one for one in wanted if one.name.startswith(GID)]
    named = [one for one in wanted if not one.name.startswith(GID)]
    found = _by_id(admin, {one: one.name for one in by_id})
    if kind.field:
        found |= _by_field(admin, kind.field, named)
    elif kind.listed:
        nodes = admin.nodes(kind.listed, "page")
        found |= _matched(kind, named, ((kind.named(node), node["id"]) for node in nodes))
    elif kind.find:
        found |= kind.find(admin, named)
    numbers = [one for one in named if not found.get(one) and ID_NUMBER.fullmatch(one.name)]
    for typename in _typenames(named[0].to) if numbers else ():
        numbers = [one for one in numbers if not found.get(one)]
        found |= _by_id(admin, {one: f"{GID}{typename}/{one.name}" for one in numbers})
    return found


def _typenames(to: str) -> tuple[str, ...]:
    """The types that the ids of an interface's objects name, or the type itself."""
    return INTERFACES.get(to, (to,))


def _by_id(admin: Admin, wanted: dict[Reference, str]) -> Found:
    """Those whose ids the store has, of the right type."""
    found: Found = {}
    right = {one: gid for one, gid in wanted.items() if gid.split("/")[3] in _typenames(one.to)}
    for part in _parts(sorted(set(right.values())), AT_ONCE):
        nodes = admin.query(NODES, {"ids": list(part)})["nodes"]
        there = {node["id"] for node in nodes if node}
        found |= {one: [gid] for one, gid in right.items() if gid in there}
    return found


def ids_by_field(admin: Admin, field: Callable[[str], str], names: Iterable[str]) -> list[str]:
    """The ids of what a root field finds by these names."""
    return list(owners_by_field(admin, field, names).values())


def owners_by_field(
    admin: Admin, field: Callable[[str], str], names: Iterable[str]
) -> dict[str, str]:
    """The id of what a root field finds by each of these names."""
    found = _by_field(admin, field, [Reference("", name) for name in names])
    return {one.name: gid for one, [gid] in found.items()}


def _by_field(admin: Admin, field: Callable[[str], str], wanted: list[Reference]) -> Found:
    found: Found = {}
    for part in _parts(wanted, AT_ONCE):
        asked = {f"n{place}": field(one.name) for place, one in enumerate(part)}
        fields = " ".join(f"{alias}: {text} {{ id }}" for alias, text in asked.items() if text)
        answer = admin.query(f"query {{ {fields} }}") if fields else {}
        for place, one in enumerate(part):
            if node := answer.get(f"n{place}"):
                found[one] = [node["id"]]
    return found


def _matched(kind: Kind, wanted: Iterable[Reference], named: Iterable[tuple[str, str]]) -> Found:
    """The wanted ones among names with their ids."""
    by_name: dict[str, list[str]] = {}
    for name, gid in named:
        by_name.setdefault(kind.same(name), []).append(gid)
    return {one: by_name.get(kind.same(one.name), []) for one in wanted}


def _searched(
    root: str, term: str, fields: str, name: Callable[[Item], str], exact: bool = False
) -> Callable[[Admin, list[Reference]], Found]:
    """A function that searches for names by a term and compares what is found."""
    kind = Kind("", exact=exact)

    def find(admin: Admin, wanted: list[Reference]) -> Found:
        found: Found = {}
        for part in _parts(wanted, SEARCHED_AT_ONCE):
            text = " OR ".join(f"{term}:{quoted(one.name)}" for one in part)
            nodes = _search(admin, root, fields, text)
            found |= _matched(kind, part, ((name(node), node["id"]) for node in nodes))
        return found

    return find


def _search(admin: Admin, root: str, fields: str, text: str) -> Iterator[Item]:
    document = f"""query ($after: String, $query: String) {{
      page: {root}(first: 250, after: $after, query: $query) {{
        nodes {{ __typename id {fields} }} {PAGE_INFO}
      }}
    }}"""
    return admin.nodes(document, "page", query=text)


def _variants(admin: Admin, wanted: list[Reference]) -> Found:
    """``sku:`` and a SKU of any product, or what names a variant within its product."""
    anywhere = [one for one in wanted if one.name.startswith(SKU)]
    within = [one for one in wanted if not one.name.startswith(SKU)]
    found = _of_products(admin, within) if within else {}
    for part in _parts(anywhere, SEARCHED_AT_ONCE):
        text = " OR ".join(f"sku:{quoted(one.name.removeprefix(SKU))}" for one in part)
        nodes = list(_search(admin, "productVariants", "sku", text))
        for one in part:
            found[one] = [n["id"] for n in nodes if n["sku"] == one.name.removeprefix(SKU)]
    return found


def _of_products(admin: Admin, wanted: list[Reference]) -> Found:
    """``handle.variant title`` or ``handle.sku:`` and a SKU: split at any dot behind which there is
    a product's variant."""
    splits = {one: list(_splits(one.name)) for one in wanted}
    handles = {Reference("Product", handle.lower()) for one in splits.values() for handle, _ in one}
    products = _by_field(admin, _by_handle("product"), sorted(handles, key=lambda one: one.name))
    numbers = {one.name: gid.rpartition("/")[2] for one, [gid] in products.items()}
    asked = {
        (one, numbers[handle.lower()], title)
        for one, found in splits.items()
        for handle, title in found
        if handle.lower() in numbers
    }
    found: Found = {}
    for part in _parts(sorted(asked, key=lambda row: (row[0].name, row[1])), SEARCHED_AT_ONCE):
        text = " OR ".join(f"(product_id:{n} {_term(title)})" for _, n, title in part)
        nodes = list(_search(admin, "productVariants", "title sku product { id }", text))
        for one, number, title in part:
            sku = title.removeprefix(SKU) if title.startswith(SKU) else None
            ids = [
                node["id"]
                for node in nodes
                if (node["title"] == title if sku is None else node["sku"] == sku)
                and node["product"]["id"].endswith(f"/{number}")
            ]
            found[one] = found.get(one, []) + ids
    return found


def _term(title: str) -> str:
    if title.startswith(SKU):
        return f"sku:{quoted(title.removeprefix(SKU))}"
    return f"title:{quoted(title)}"


def owners_of(reference: Reference) -> Iterator[tuple[Reference, str]]:
    """The objects of which it may be a member, where members are named with their objects, each
    with the SKU, or the name, that the member has then; empty where it is named otherwise."""
    if reference.to == "ProductVariant":
        for handle, title in _splits(reference.name):
            sku = title.removeprefix(SKU) if title.startswith(SKU) else ""
            yield Reference("Product", handle.lower()), sku
    if reference.to == "CompanyLocation":
        company, _, location = reference.name.rpartition(BETWEEN_NAMES)
        yield Reference("Company", company), location


def _splits(name: str) -> Iterator[tuple[str, str]]:
    """``a.b.c`` as ``("a", "b.c")`` and ``("a.b", "c")``."""
    parts = name.split(".") if len(name) <= LONGEST_NAME else []
    for place in range(1, len(parts)):
        yield ".".join(parts[:place]).strip(), ".".join(parts[place:]).strip()


def _by_handle(root: str) -> Callable[[str], str]:
    """The root field that finds a product or a collection by its handle."""
    return lambda name: f"{root}ByIdentifier(identifier: {{handle: {literal(name.lower())}}})"


def _articles(admin: Admin, wanted: list[Reference]) -> Found:
    """Articles by their handles, or by ``blog.article``."""
    found: Found = {}
    for part in _parts(wanted, SEARCHED_AT_ONCE):
        names = dict.fromkeys(one.name.rpartition(".")[2] for one in part)
        text = " OR ".join(f"handle:{quoted(name)}" for name in names)
        nodes = list(_search(admin, "articles", "handle blog { handle }", text))
        for one in part:
            blog, _, handle = one.name.strip().lower().rpartition(".")
            found[one] = [
                node["id"]
                for node in nodes
                if node["handle"].lower() == handle and blog in ("", node["blog"]["handle"].lower())
            ]
    return found


def _entries(admin: Admin, wanted: list[Reference]) -> Found:
    """Metaobjects by ``type.handle``, or by a handle that only one of any type has."""
    found = _by_field(admin, _entry, [one for one in wanted if "." in one.name])
    alone = [one for one in wanted if "." not in one.name]
    definitions = admin.nodes(_listed("metaobjectDefinitions", "type", 50), "page")
    types = [str(node["type"]) for node in definitions] if alone else []
    full = {Reference(one.to, f"{type}.{one.name}"): one for one in alone for type in types}
    for reference, ids in _by_field(admin, _entry, list(full)).items():
        found.setdefault(full[reference], []).extend(ids)
    return found


def _entry(name: str) -> str:
    """The root field that finds a metaobject by ``type.handle``; empty for any other name."""
    type, dot, handle = name.partition(".")
    if not (type and handle):
        return ""
    return (
        f"metaobjectByHandle(handle: {{type: {literal(type)}, handle: {literal(handle.lower())}}})"
    )


def _definition(name: str) -> str:
    """The root field that finds a metafield definition by ``PRODUCT.namespace.key``."""
    owner, namespace, key = [*name.split(".", 2), "", ""][:3]
    if not (owner.replace("_", "").isalpha() and key):
        return ""
    return (
        f"metafieldDefinition(identifier: {{ownerType: {owner.upper()}, "
        f"namespace: {literal(namespace)}, key: {literal(key)}}})"
    )


def _customer(name: str) -> str:
    """The root field that finds a customer by the email address."""
    return f"customerByIdentifier(identifier: {{emailAddress: {literal(name.lower())}}})"


def _company_locations(admin: Admin, wanted: list[Reference]) -> Found:
    """By the names of company and location: searched for, and those that a search does not find
    yet among all; or as the cells of orders name them."""
    kind = Kind("")

    def name(node: Item) -> str:
        return f"{node['company']['name']}{BETWEEN_NAMES}{node['name']}"

    by_cells = [one for one in wanted if one.name.startswith(EXTERNAL_ID) or BETWEEN in one.name]
    found = _locations_by_cells(admin, by_cells)
    wanted = [one for one in wanted if one not in found]
    for part in _parts(wanted, SEARCHED_AT_ONCE):
        last = dict.fromkeys(one.name.rpartition(BETWEEN_NAMES)[2] for one in part)
        text = " OR ".join(f"name:{quoted(one)}" for one in last)
        nodes = _search(admin, "companyLocations", LOCATION_FIELDS, text)
        found |= _matched(kind, part, ((name(node), node["id"]) for node in nodes))
    if left := [one for one in wanted if not found.get(one)]:
        nodes = admin.nodes(_listed("companyLocations", LOCATION_FIELDS, 100), "page")
        found |= _matched(kind, left, ((name(node), node["id"]) for node in nodes))
    return found


def _locations_by_cells(admin: Admin, wanted: list[Reference]) -> Found:
    """Company locations by ``external_id:`` and that, or by name and company."""
    found: Found = {}
    fields = "name externalId company { externalId name }"
    for part in _parts(wanted, SEARCHED_AT_ONCE):
        named = {one: one.name.split(BETWEEN) for one in part}
        text = " OR ".join(
            f"external_id:{quoted(first.removeprefix(EXTERNAL_ID))}"
            if first.startswith(EXTERNAL_ID)
            else f"name:{quoted(first)}"
            for first, *_ in named.values()
        )
        nodes = list(_search(admin, "companyLocations", fields, text))
        for one, cells in named.items():
            found[one] = [node["id"] for node in nodes if _is_location(node, cells)]
    return found


def _is_location(node: Item, cells: list[str]) -> bool:
    first, *company = cells
    if first.startswith(EXTERNAL_ID):
        return bool(node["externalId"] == first.removeprefix(EXTERNAL_ID))
    of = node["company"]
    external, name = [*company, "", ""][:2]
    by_name = not name or str(of["name"]).casefold() == name.casefold()
    is_of = of["externalId"] == external if external else by_name
    return is_of and str(node["name"]).casefold() == first.casefold()


def _at_locations(admin: Admin, names: Iterable[str]) -> dict[str, str]:
    """The ids of company locations by ids and names of theirs."""
    places = {name: Reference("CompanyLocation", name) for name in names}
    found = _from_store(admin, KINDS["CompanyLocation"], list(places.values())) if places else {}
    return {name: ids[0] for name, one in places.items() if len(ids := found.get(one, [])) == 1}


OF_LOCATIONS = """query ($ids: [ID!]!) { nodes(ids: $ids) {
  ... on CompanyLocation { id company { id } } } }"""
CONTACTS = """query ($ids: [ID!]!) { nodes(ids: $ids) {
  ... on Customer { id companyContactProfiles { id company { id } } } } }"""


def _companies(admin: Admin, places: Mapping[str, str]) -> dict[str, str]:
    """The companies of locations, all by the names of these."""
    nodes = admin.query(OF_LOCATIONS, {"ids": sorted(set(places.values()))})["nodes"]
    companies = {node["id"]: node["company"]["id"] for node in nodes if node}
    return {name: companies[gid] for name, gid in places.items() if gid in companies}


def _companies_of_locations(admin: Admin, wanted: list[Reference]) -> Found:
    """The companies that have the locations of these names."""
    found: Found = {}
    for part in _parts(wanted, AT_ONCE):
        places = {one: one.name.removeprefix(AT) for one in part}
        companies = _companies(admin, _at_locations(admin, set(places.values())))
        found |= {one: [companies[at]] for one, at in places.items() if at in companies}
    return found


def _contacts(admin: Admin, wanted: list[Reference]) -> Found:
    """The contacts that customers are of the companies that have these locations."""
    found: Found = {}
    for part in _parts(wanted, AT_ONCE):
        named = {one: one.name.removeprefix(AT).partition("\x1e") for one in part}
        places = {place for place, _, _ in named.values()}
        companies = _companies(admin, _at_locations(admin, places))
        people = {name: Reference("Customer", name) for _, _, name in named.values()}
        ids = _from_store(admin, KINDS["Customer"], list(people.values()))
        gids = sorted({gid for of_one in ids.values() for gid in of_one})
        nodes = admin.query(CONTACTS, {"ids": gids})["nodes"] if gids else []
        profiles = {node["id"]: node["companyContactProfiles"] for node in nodes if node}
        for one, (place, _, name) in named.items():
            mine = [p for gid in ids.get(people[name], []) for p in profiles.get(gid, [])]
            found[one] = [p["id"] for p in mine if p["company"]["id"] == companies.get(place)]
    return found


def _payment_terms(admin: Admin, wanted: list[Reference]) -> Found:
    """Shopify's few templates of payment terms, by their names, or by type and days: ``net 30``."""
    fields = "id name paymentTermsType dueInDays"
    found = admin.query(f"query {{ paymentTermsTemplates {{ {fields} }} }}")
    named = []
    for one in found["paymentTermsTemplates"]:
        kind = f"{one['paymentTermsType']} {one['dueInDays'] or ''}".strip()
        named += [(name, one["id"]) for name in dict.fromkeys((one["name"].lower(), kind.lower()))]
    return _matched(Kind(""), wanted, named)


def _listed(root: str, fields: str, size: int = 250) -> str:
    return f"""query ($after: String) {{
      page: {root}(first: {size}, after: $after) {{ nodes {{ id {fields} }} {PAGE_INFO} }}
    }}"""


def _categories(admin: Admin, wanted: list[Reference]) -> Found:
    """Categories of Shopify's taxonomy by their whole path: Shopify searches by the last part."""
    kind, found = KINDS["TaxonomyCategory"], Found()
    for part in _parts(wanted, SEARCHED_AT_ONCE):
        asked = {
            f"n{place}": f"categories(first: 50, search: {literal(one.name.rpartition(' > ')[2])})"
            for place, one in enumerate(part)
        }
        fields = " ".join(f"{n}: {text} {{ nodes {{ id fullName }} }}" for n, text in asked.items())
        answer = admin.query(f"query {{ taxonomy {{ {fields} }} }}")["taxonomy"] or {}
        for place, one in enumerate(part):
            nodes = (answer.get(f"n{place}") or {}).get("nodes") or []
            found |= _matched(kind, [one], ((node["fullName"], node["id"]) for node in nodes))
    return found


def _handle(node: Item) -> str:
    return str(node["handle"])


FILE_FIELDS = """... on MediaImage { image { url } } ... on GenericFile { url }
... on Video { filename } ... on Model3d { filename }"""
KINDS: dict[str, Kind] = {
    "Product": Kind("product", _by_handle("product")),
    "Collection": Kind("collection", _by_handle("collection")),
    "Metaobject": Kind("metaobject", find=_entries),
    "MetaobjectDefinition": Kind(
        "metaobject definition", lambda name: f"metaobjectDefinitionByType(type: {literal(name)})"
    ),
    "MetafieldDefinition": Kind("metafield definition", _definition),
    "ProductVariant": Kind("variant", find=_variants),
    "Page": Kind("page", find=_searched("pages", "handle", "handle", _handle)),
    "Variant": Kind(
        "variant with the SKU",
        several="variants with the SKU",
        find=_searched("productVariants", "sku", "sku", lambda node: node["sku"] or "", exact=True),
        exact=True,
    ),
    "Segment": Kind("segment", listed=_listed("segments", "name"), exact=True),
    "Blog": Kind("blog", listed=_listed("blogs", "handle"), named=_handle),
    "ShopPolicy": Kind("policy"),
    "Article": Kind("article", find=_articles),
    "File": Kind(
        "file",
        find=_searched("files", "filename", FILE_FIELDS, reference_cell, exact=True),
        exact=True,
    ),
    "Location": Kind("location", listed=LOCATIONS),
    "Publication": Kind("sales channel", listed=PUBLICATIONS, named=channel_name),
    "Market": Kind("market", listed=_listed("markets", "handle"), named=_handle),
    "DeliveryProfile": Kind("shipping profile", listed=_listed("deliveryProfiles", "name", 50)),
    "CompanyLocation": Kind("company location", find=_company_locations),
    "Company": Kind("company", find=_companies_of_locations),
    "CompanyContact": Kind("contact of a company", find=_contacts, several="contacts of companies"),
    "Customer": Kind("customer", _customer),
    "PaymentTermsTemplate": Kind("payment terms", find=_payment_terms, several="payment terms"),
    "TaxonomyCategory": Kind("product category", find=_categories),
    "Catalog": Kind(
        "catalog", listed=_listed("catalogs", "title"), named=lambda node: str(node["title"])
    ),
}
"""The types that are found by name; of any other there are only ids."""
