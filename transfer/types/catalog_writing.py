"""How catalogs are written: contexts, price list, publication, products, prices, in this order.

Each of these is an object of its own, with mutations that add to it and take from it. A price list
and a publication are made where a file needs one that the catalog does not have.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from transfer.types.forms import (
    BadCell,
    Form,
    form,
    id_of,
    names_cell,
    number_of,
    parse_id,
    parse_list,
    parse_names,
    short,
)
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import (
    WITH_CODE,
    Input,
    Json,
    Key,
    Members,
    MemberValues,
    Mutation,
    Parts,
    Reference,
    Step,
    Writing,
    of_object,
)

Calls = Iterator[tuple[Mutation, Input]]

MARKET, COMPANY, APP = "MarketCatalog", "CompanyLocationCatalog", "AppCatalog"
TYPES = {MARKET: "Market", COMPANY: "Company Location", APP: "App"}
CONTEXTS = {MARKET: ("marketIds", "markets"), COMPANY: ("companyLocationIds", "companyLocations")}
"""Of each type the list of the input, and of the object, that has what the catalog is for."""
PRODUCTS_AT_ONCE, AT_ONCE = 50, 250
NO_CHANGE: Input = {"type": "PERCENTAGE_DECREASE", "value": 0}
RULE = ("minimum", "maximum", "increment")
NO_PUBLICATION = (
    "Publication: Autopublish: the catalog has no publication and shows all products. It gets one "
    "with its first Product: Command."
)
BETWEEN = " / "
"""Between the names of a company and of its location."""


# ---------------------------------------------------------------------------- cells


def _type(cell: str) -> str:
    word = " ".join(cell.split()).lower()
    for typename, name in TYPES.items():
        if word in (name.lower(), typename.lower()):
            return typename
    raise BadCell(f"“{short(cell)}” is none of {', '.join(TYPES.values())}.")


def type_of(row: Mapping[str, str]) -> str:
    """The type of a row's catalog; that of a market where it does not say."""
    try:
        return _type(row.get("Type", ""))
    except BadCell:
        return MARKET


def id_form(row: Mapping[str, str], facts: ShopFacts) -> Form:
    """The ID of a catalog, a number of the type that the row tells."""

    def parse(cell: str, facts: ShopFacts) -> str:
        found = parse_id(cell, tuple(TYPES))
        return found if "://" in found else f"gid://shopify/{type_of(row)}/{found}"

    return Form(lambda facts: number_of, parse=parse, typenames=tuple(TYPES))


def contexts_form(row: Mapping[str, str], facts: ShopFacts) -> Form:
    """What a catalog is for: markets by their handles, company locations by their names or IDs."""
    if type_of(row) == APP:
        return form(_names, parse=str.strip)  # its channel, which an import cannot choose
    if type_of(row) == COMPANY:
        return form(_location_names, parse=_locations, canonical=_locations_in_any_order)
    return form(_names, parse=_markets, canonical=_in_any_order)


def _markets(cell: str) -> list[Reference]:
    return [Reference("Market", handle.lower()) for handle in parse_list(cell)]


def _locations(cell: str) -> list[Reference]:
    """``Company / Location``, or the ID of a location."""
    return [Reference("CompanyLocation", _location(one)) for one in parse_names(cell)]


def _location(name: str) -> str:
    if BETWEEN in name and not name.startswith("gid://"):
        return name
    return parse_id(name, ("CompanyLocation",))


def _location_names(value: str | list[Reference]) -> str:
    if isinstance(value, str):
        return value
    names = [number_of(one.name) if "://" in one.name else one.name for one in value]
    return names_cell(names, ",")


def _locations_in_any_order(cell: str) -> str:
    return names_cell(sorted({name.casefold() for name in parse_names(cell)}), ",")


def _names(value: str | list[Reference]) -> str:
    return value if isinstance(value, str) else ",".join(one.name for one in value)


def _in_any_order(cell: str) -> str:
    return ",".join(sorted(set(parse_list(cell.lower()))))


def sku_form(row: Mapping[str, str], facts: ShopFacts) -> Form:
    """A SKU among the variants of the row's product."""
    handle = row.get("Product: Handle", "").strip().lower()
    return form(_sku, parse=lambda cell: Reference("ProductVariant", f"{handle}.sku:{cell}"))


def variant_id_form(row: Mapping[str, str], facts: ShopFacts) -> Form:
    """The ID of a variant; where there is no SKU to find it by, it must be one of the store's."""
    by_id = id_of("ProductVariant")
    if row.get("Variant: SKU", "").strip():
        return by_id
    return replace(
        by_id,
        render=lambda facts: lambda value: by_id.render(facts)(_name(value)),
        parse=lambda cell, facts: Reference("ProductVariant", str(by_id.value(cell, facts))),
    )


def _name(value: str | Reference) -> str:
    return value.name if isinstance(value, Reference) else value


def _sku(value: str | Reference) -> str:
    return value.name.partition(".sku:")[2] if isinstance(value, Reference) else value


TYPE = form(lambda name: TYPES.get(name, "App"), parse=_type)
INCLUDED = form(lambda included: "MERGE" if included else "", parse=lambda cell: True)
"""Exports tell by the command of a row whether its product belongs to the catalog."""


# ---------------------------------------------------------------------------- mutations

CREATE = Mutation(
    "catalogCreate",
    ("input: CatalogCreateInput!",),
    input="input",
    saved="catalog",
    errors=WITH_CODE,
)
UPDATE = Mutation(
    "catalogUpdate",
    ("id: ID!", "input: CatalogUpdateInput!"),
    input="input",
    target="id",
    saved="catalog",
    errors=WITH_CODE,
)
DELETE = Mutation(
    "catalogDelete",
    ("id: ID!", "deleteDependentResources: Boolean = true"),
    target="id",
    errors=WITH_CODE,
)
CONTEXT = Mutation(
    "catalogContextUpdate",
    (
        "catalogId: ID!",
        "contextsToAdd: CatalogContextInput",
        "contextsToRemove: CatalogContextInput",
    ),
    target="catalogId",
    errors=WITH_CODE,
    repeated=("CONTEXT_ALREADY_ASSIGNED_TO_CATALOG",),
)
NEW_PRICE_LIST = Mutation(
    "priceListCreate", ("input: PriceListCreateInput!",), input="input", errors=WITH_CODE
)
PRICE_LIST = Mutation(
    "priceListUpdate",
    ("id: ID!", "input: PriceListUpdateInput!"),
    input="input",
    target="id",
    errors=WITH_CODE,
)
NEW_PUBLICATION = Mutation(
    "publicationCreate", ("input: PublicationCreateInput!",), input="input", errors=WITH_CODE
)
PUBLICATION = Mutation(
    "publicationUpdate",
    ("id: ID!", "input: PublicationUpdateInput!"),
    input="input",
    target="id",
    errors=WITH_CODE,
)
PRICES = Mutation(
    "priceListFixedPricesAdd",
    ("priceListId: ID!", "prices: [PriceListPriceInput!]!"),
    input="prices",
    target="priceListId",
    errors=WITH_CODE,
)
NO_PRICES = Mutation(
    "priceListFixedPricesDelete",
    ("priceListId: ID!", "variantIds: [ID!]!"),
    input="variantIds",
    target="priceListId",
    errors=WITH_CODE,
    gone=("PRICE_NOT_FIXED",),
)
RULES = Mutation(
    "quantityRulesAdd",
    ("priceListId: ID!", "quantityRules: [QuantityRuleInput!]!"),
    input="quantityRules",
    target="priceListId",
    errors=WITH_CODE,
)
NO_RULES = Mutation(
    "quantityRulesDelete",
    ("priceListId: ID!", "variantIds: [ID!]!"),
    input="variantIds",
    target="priceListId",
    errors=WITH_CODE,
)


# ---------------------------------------------------------------------------- calls


def _complete(made: Input, parts: Parts) -> Input:
    """What a new catalog is for. Those of apps belong to the apps."""
    type = str(parts.values.get("=type") or parts.item.get("__typename"))
    if type == APP:
        raise BadCell("The catalog of an app cannot be changed, only the app can.")
    if not parts.new:
        return made
    name, _ = CONTEXTS[type]
    return {"status": "ACTIVE", **made, "context": {name: parts.values.get("=contexts")}}


def _contexts(parts: Parts) -> Calls:
    wanted = parts.values.get("=contexts")
    if not parts.item or not isinstance(wanted, list):
        return
    name, of = CONTEXTS[parts.item["__typename"]]
    there = [one["id"] for one in parts.item.get(of) or ()]
    changed: Input = {}
    if added := [gid for gid in wanted if gid not in there]:
        changed["contextsToAdd"] = {name: added}
    if gone := [gid for gid in there if gid not in wanted]:
        changed["contextsToRemove"] = {name: [*gone]}
    if changed:
        yield CONTEXT, CONTEXT.variables(parts.target, changed)


def _price_list(parts: Parts) -> Calls:
    given, stored = parts.below("price_list:"), parts.item.get("priceList") or {}
    if not given:
        return
    parent = _parent(given, (stored.get("parent") or {}))
    made: Input = {name: given[name] for name in ("name", "currency") if name in given}
    if stored:
        if "currency" in made and stored.get("fixedPricesCount"):
            raise BadCell(
                "Price List: Currency: another currency would delete the "
                f"{stored['fixedPricesCount']} fixed prices of the catalog."
            )
        if parent:
            made["parent"] = parent
        yield PRICE_LIST, PRICE_LIST.variables(stored["id"], made)
        return
    if "currency" not in made:
        raise BadCell("Price List: Currency is empty.")
    title = str(parts.values.get("title") or parts.item.get("title"))
    made = {"name": title, **made, "parent": parent or {"adjustment": NO_CHANGE}}
    yield NEW_PRICE_LIST, NEW_PRICE_LIST.variables(None, {**made, "catalogId": parts.target})


def _parent(given: Input, stored: Mapping[str, Mapping[str, Json]]) -> Input:
    """How prices follow from those of the shop: what Shopify takes only together."""
    named = {path: value for path, value in given.items() if path.startswith("parent.")}
    if not named:
        return {}
    old = stored.get("adjustment") or NO_CHANGE
    type = named.get("parent.adjustment.type", old["type"])
    made: Input = {
        "adjustment": {"type": type, "value": named.get("parent.adjustment.value", old["value"])}
    }
    mode = named.get("parent.settings.compareAtMode")
    mode = mode or (stored.get("settings") or {}).get("compareAtMode")
    return made | ({"settings": {"compareAtMode": mode}} if mode else {})


def _lines(parts: Parts) -> tuple[MemberValues, ...]:
    return parts.members.get("lines", ())


def _product(line: MemberValues) -> Json:
    """The product of a row: a new row may name it by its handle alone."""
    return line.all.get("=product") or line.all.get("=product_id")


def _publication(parts: Parts) -> Calls:
    stored = parts.item.get("publication") or {}
    kept = {
        _product(line)
        for line in _lines(parts)
        if line.action != "delete" and line.all.get("=included")
    }
    added = [
        _product(line)
        for line in _lines(parts)
        if line.action != "delete" and line.written.get("=included") is True
    ]
    gone = [
        _product(line)
        for line in _lines(parts)
        if line.action == "delete" and line.all.get("=included") and _product(line) not in kept
    ]
    added, gone = list(dict.fromkeys(added)), list(dict.fromkeys(gone))
    given = parts.below("publication:")
    if not stored:
        if not (added or (parts.new and given)):
            if given:
                raise BadCell(NO_PUBLICATION)
            return
        made: Input = {"catalogId": parts.target, "defaultState": "EMPTY", **given}
        yield NEW_PUBLICATION, NEW_PUBLICATION.variables(None, made)
        given = {}
    gid = stored.get("id") or of_object("publication.id")
    if given:
        yield PUBLICATION, PUBLICATION.variables(gid, given)
    for name, products in (("publishablesToAdd", added), ("publishablesToRemove", gone)):
        for part in _parts_of(products, PRODUCTS_AT_ONCE):
            yield PUBLICATION, PUBLICATION.variables(gid, {name: part})


def _told_of_products(catalog: Mapping[str, Json], new: Iterable[Mapping[str, str]]) -> str:
    """What becomes of a catalog without a publication by its first products."""
    if catalog.get("publication") or not any(cells.get("Product: Command") for cells in new):
        return ""
    return "So far the catalog shows all products; then it shows only those that it is given."


def _variant(line: MemberValues) -> Json:
    return line.all.get("=sku") or line.all.get("=variant_id")


def _prices(parts: Parts) -> Calls:
    """A fixed price replaces that of the variant as a whole; one without a price is deleted."""
    added: list[Json] = []
    gone: list[Json] = []
    for line in _lines(parts):
        variant, price = _variant(line), line.all.get("=price")
        if line.action == "delete":
            gone += [variant] if price is not None else []
        elif line.written.keys() & {"=price", "=compare_at"}:
            compare_at = line.all.get("=compare_at")
            if price is None and compare_at is not None:
                raise BadCell("Variant: Price is empty, but there is a compare-at price.")
            if price is None:
                gone += [variant] if line.action == "update" else []
                continue
            one: Input = {"variantId": variant, "price": _money(price, parts)}
            if compare_at is not None:
                one["compareAtPrice"] = _money(compare_at, parts)
            added.append(one)
    yield from _of_price_list(parts, "Variant: Price", ((PRICES, added), (NO_PRICES, gone)))


def _money(amount: Json, parts: Parts) -> Json:
    currency = parts.values.get("price_list:currency")
    currency = currency or (parts.item.get("priceList") or {}).get("currency")
    return {"amount": amount, "currencyCode": currency}


def _rules(parts: Parts) -> Calls:
    """A rule that allows any quantity again, because cells of it were emptied, is deleted."""
    added: list[Json] = []
    gone: list[Json] = []
    for line in _lines(parts):
        variant, rule = _variant(line), {name: line.all.get(f"={name}") for name in RULE}
        there = any(value is not None for value in rule.values())
        if {*rule.values()} <= {None, 1} and None in line.written.values():
            there = False
        if line.action == "delete":
            gone += [variant] if there else []
        elif line.written.keys() & {f"={name}" for name in RULE}:
            if not there:
                gone += [variant] if line.action == "update" else []
                continue
            given = {name: value for name, value in rule.items() if value is not None}
            added.append({"variantId": variant, "minimum": 1, "increment": 1, **given})
    yield from _of_price_list(parts, "Variant: Quantity", ((RULES, added), (NO_RULES, gone)))


def _of_price_list(
    parts: Parts, column: str, wanted: Iterable[tuple[Mutation, list[Json]]]
) -> Calls:
    stored = parts.item.get("priceList") or {}
    gid = stored.get("id") or of_object("priceList.id")
    for mutation, items in wanted:
        if items and not stored and not parts.below("price_list:"):
            raise BadCell(f"{column}: the catalog has no price list. Give Price List: Currency.")
        if not all(one.get("variantId") if isinstance(one, dict) else one for one in items):
            raise BadCell(f"{column}: the row names no variant.")
        for part in _parts_of(items, AT_ONCE):
            yield mutation, mutation.variables(gid, part)


def _parts_of(items: list[Json], size: int) -> Iterator[list[Json]]:
    return (items[start : start + size] for start in range(0, len(items), size))


WRITING = Writing(
    typename="Catalog",
    keys=(Key(("Title",)),),
    create=CREATE,
    update=UPDATE,
    delete=DELETE,
    members=(
        Members(
            of="lines",
            keys=(
                Key(("Product: ID", "Variant: ID")),
                Key(("Product: Handle", "Variant: SKU")),
            ),
            alone=None,
            command="Product: Command",
            named=(),
            only_new=("=product_id", "=product", "=variant_id", "=sku"),
            lenient=True,
            tells=_told_of_products,
        ),
    ),
    required=("Title", "Type", "Type Values"),
    fixed=("Type",),
    complete=_complete,
    after=(
        Step("contexts", send=CONTEXT, makes=_contexts),
        Step("price_list", send=PRICE_LIST, begin=NEW_PRICE_LIST, makes=_price_list),
        Step("publication", send=PUBLICATION, begin=NEW_PUBLICATION, makes=_publication),
        Step("prices", send=PRICES, clear=NO_PRICES, makes=_prices),
        Step("rules", send=RULES, clear=NO_RULES, makes=_rules),
    ),
)
