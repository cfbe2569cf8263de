"""How collections are written: rules as the conditions of a source, chosen products as selections.

A file has the rules of all sources in one list. They are written back to the one source that has
conditions; where a collection is made of more than such a list can say, its rules are left alone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from transfer.types import metafields
from transfer.types.base import Item
from transfer.types.collection_rules import is_smart, must_match
from transfer.types.forms import (
    CAPITALISED,
    TEXT,
    WEIGHT_UNITS,
    WEIGHT_WORDS,
    BadCell,
    Form,
    form,
    money,
    number_of,
    parse_boolean,
    parse_decimal,
    parse_id,
    parse_integer,
    parse_list,
    same_decimal,
    short,
    true_or_false,
)
from transfer.types.sales_channels import PUBLISHED
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import (
    PLACE,
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
    Value,
    Writing,
)

TITLE, OTHERS = "Products", "Collections"
"""What the sources are called that an import makes."""
AT_ONCE = 250
"""As many products go into one list of an input."""
JOB = "job { id done }"
CREATE = Mutation(
    "collectionCreate",
    ("collection: CollectionCreateInput!",),
    input="collection",
    saved="collection",
)
UPDATE = Mutation(
    "collectionUpdate",
    ("collection: CollectionUpdateInput!",),
    input="collection",
    target="collection.id",
    saved="collection",
    returns=JOB,
)
DELETE = Mutation("collectionDelete", ("input: CollectionDeleteInput!",), target="input.id")
REORDER = Mutation(
    "collectionReorderProducts",
    ("id: ID!", "moves: [MoveInput!]!"),
    input="moves",
    target="id",
    returns=JOB,
    errors=WITH_CODE,
)
TEXTS = {
    "Equals": "EQUALS",
    "Not Equals": "NOT_EQUALS",
    "Contains": "CONTAINS",
    "Not Contains": "DOES_NOT_CONTAIN",
    "Starts With": "STARTS_WITH",
    "Ends With": "ENDS_WITH",
}
NUMBERS = {
    "Equals": "EQUALS",
    "Not Equals": "NOT_EQUALS",
    "Greater Than": "GREATER_THAN",
    "Less Than": "LESS_THAN",
}
FILLED = {"Is Not Empty": "IS_SET", "Is Empty": "IS_NOT_SET"}
EQUAL = {"Equals": "EQUALS", "Not Equals": "NOT_EQUALS"}
WHOLE = {name: NUMBERS[name] for name in ("Equals", "Greater Than", "Less Than")}
SAME = {"Equals": "EQUALS"}
RELATIONS = {**TEXTS, **NUMBERS, **FILLED}
"""The words of ``Rule: Relation`` and the codes of relations."""
OLDER_RELATIONS = {
    "tagged with": "Equals",
    "not tagged with": "Not Equals",
    "includes": "Equals",
    "does not contain": "Not Contains",
    "is set": "Is Not Empty",
    "is not set": "Is Empty",
}
METAFIELD = re.compile(r"(variant )?metafield\s*:\s*([^.\s]+)\.(\S+)", re.IGNORECASE)
MATCH = {"all": "ALL", "all conditions": "ALL", "any": "ANY", "any condition": "ANY"}


@dataclass(frozen=True)
class Kind:
    """A kind of condition: its field in the input, the codes of its relations by their words. One
    of ``several`` values takes a list and how they must match."""

    field: str
    relations: Mapping[str, str]
    several: bool = False


KINDS = {
    "Tag": Kind(
        "productTag", {"Equals": "TAGGED_WITH", "Not Equals": "NOT_TAGGED_WITH"}, several=True
    ),
    "Title": Kind("productTitle", TEXTS, several=True),
    "Type": Kind("productType", TEXTS, several=True),
    "Vendor": Kind("productVendor", TEXTS, several=True),
    "Status": Kind("productStatus", EQUAL, several=True),
    "Category": Kind("productCategory", EQUAL, several=True),
    "Category With Descendants": Kind("productCategory", EQUAL, several=True),
    "Variant Title": Kind("variantTitle", TEXTS, several=True),
    "Variant Price": Kind("variantPrice", NUMBERS),
    "Variant Compare At Price": Kind("variantCompareAtPrice", {**NUMBERS, **FILLED}),
    "Variant Weight": Kind("variantWeight", NUMBERS),
    "Variant Inventory": Kind("variantInventory", WHOLE),
    "Collection": Kind("collection", EQUAL),
}
OLDER_COLUMNS = {
    "is price reduced": "Variant Compare At Price",
    "product category id": "Category",
    "product category id with descendants": "Category With Descendants",
}
METAFIELDS = {
    "boolean": Kind("metafieldBoolean", SAME),
    "number_integer": Kind("metafieldInteger", WHOLE),
    "number_decimal": Kind("metafieldDecimal", WHOLE),
    "single_line_text_field": Kind("metafieldString", SAME, several=True),
    "list.single_line_text_field": Kind("metafieldStringList", {"Equals": "INCLUDES"}, True),
    "metaobject_reference": Kind("metafieldMetaobject", SAME),
    "list.metaobject_reference": Kind("metafieldMetaobjectList", {"Equals": "INCLUDES"}, True),
}
"""Kinds of conditions by the type of the metafield that they look at."""
AS_TEXT = METAFIELDS["single_line_text_field"]


# ---------------------------------------------------------------------------- cells of rules


def _plain(cell: str) -> str:
    return " ".join(re.split(r"[\s_-]+", cell.strip().lower()))


COLUMNS_BY_WORD = {name.lower(): name for name in KINDS} | OLDER_COLUMNS
RELATIONS_BY_WORD = {name.lower(): name for name in RELATIONS} | OLDER_RELATIONS


def _column(cell: str, facts: ShopFacts) -> Value:
    """The word for a column of products, or the definition and the type of a metafield."""
    if found := METAFIELD.fullmatch(cell.strip()):
        owner = "PRODUCTVARIANT" if found[1] else "PRODUCT"
        place = (found[2], found[3])
        known = facts.metafields.get(owner, ())
        type = next((one.type for one in known if (one.namespace, one.key) == place), "")
        words = "Variant Metafield" if found[1] else "Metafield"
        definition = Reference("MetafieldDefinition", f"{owner}.{'.'.join(place)}")
        return {"of": f"{words}: {'.'.join(place)}", "type": type, "definitionId": definition}
    column = COLUMNS_BY_WORD.get(_plain(cell))
    if column is None:
        raise BadCell(f"“{short(cell)}” is none of {', '.join(KINDS)} or Metafield: custom.key.")
    return column


def _relation(cell: str) -> str:
    relation = RELATIONS_BY_WORD.get(_plain(cell))
    if relation is None:
        raise BadCell(f"“{short(cell)}” is none of {', '.join(RELATIONS)}.")
    return relation


def _shown_column(value: str | dict[str, Any]) -> str:
    return str(value["of"]) if isinstance(value, dict) else value


def _match(cell: str) -> str:
    text = _plain(cell)
    return MATCH[text] if text in MATCH else ("ALL" if parse_boolean(cell) else "ANY")


def _shown_match(value: Item | str) -> str:
    if isinstance(value, str):
        return "any condition" if value == "ANY" else "all conditions"
    return must_match(value)


def _product_cell(value: str | Reference) -> str:
    return value.name if isinstance(value, Reference) else value


def _lowered(cell: str) -> str:
    return cell.strip().lower()


LOWERED = form(str, parse=_lowered)
PRODUCT = form(_product_cell, parse=lambda cell: Reference("Product", _lowered(cell)))
COLUMN = Form(lambda facts: _shown_column, parse=_column)
RELATION = form(str, parse=_relation)
MUST_MATCH = form(_shown_match, parse=_match)


def _amount(cell: str, facts: ShopFacts) -> Value:
    return {"amount": parse_decimal(cell), "currencyCode": facts.currency}


def _shown_amount(value: dict[str, str]) -> str:
    amount = value["amount"]
    return str(int(float(amount))) if float(amount).is_integer() else money(amount)


def _weight(cell: str) -> Value:
    found = re.fullmatch(r"(\S+?)\s*([A-Za-z]+)", cell.strip())
    units = {word: code for code, word in WEIGHT_UNITS.items()} | WEIGHT_WORDS
    unit = units.get(found[2].lower()) if found else None
    if found is None or unit is None:
        raise BadCell(f"“{short(cell)}” is not a weight. Write it like 1.5 kg.")
    return {"value": float(parse_decimal(found[1])), "unit": unit}


def _shown_weight(value: dict[str, Any]) -> str:
    return f"{value['value']} {WEIGHT_UNITS[value['unit']]}"


def _names(value: Reference | list[Reference]) -> str:
    found = value if isinstance(value, list) else [value]
    return ", ".join(one.name for one in found)


def _references(to: str) -> Form:
    return form(_names, parse=lambda cell: [Reference(to, one.lower()) for one in parse_list(cell)])


def _one_reference(to: str) -> Form:
    return form(_names, parse=lambda cell: Reference(to, cell.strip().lower()))


CATEGORY = form(number_of, parse=lambda cell: parse_id(cell, ("TaxonomyCategory",)))
CONDITIONS = {
    "Variant Price": Form(lambda facts: _shown_amount, parse=_amount, canonical=same_decimal),
    "Variant Compare At Price": Form(
        lambda facts: _shown_amount, parse=_amount, canonical=same_decimal
    ),
    "Variant Weight": form(_shown_weight, parse=_weight),
    "Variant Inventory": form(str, parse=parse_integer),
    "Status": CAPITALISED,
    "Category": CATEGORY,
    "Category With Descendants": CATEGORY,
    "Collection": _references("Collection"),
    "boolean": form(true_or_false, parse=parse_boolean),
    "number_integer": form(str, parse=parse_integer),
    "number_decimal": form(str, parse=parse_decimal, canonical=same_decimal),
    "metaobject_reference": _one_reference("Metaobject"),
    "list.metaobject_reference": _references("Metaobject"),
}
"""The forms of ``Rule: Condition`` by the column or the metafield's type that it goes with."""


def condition_form(row: Mapping[str, str], facts: ShopFacts) -> Form:
    """The form of a rule's condition, by the column that the rule looks at."""
    try:
        column = _column(row.get("Rule: Product Column", ""), facts)
    except BadCell:
        return TEXT
    return CONDITIONS.get(str(column["type"] if isinstance(column, dict) else column), TEXT)


# ---------------------------------------------------------------------------- rules to sources


@dataclass(frozen=True)
class Rules:
    """What a list of rules amounts to: conditions that include, collections whose products belong
    to it, collections whose products do not."""

    conditions: list[Json]
    included: list[Json]
    excluded: list[Json]


def _rules(members: Iterable[MemberValues], match: str, whole: set[str]) -> Rules:
    found = Rules([], [], [])
    for member in members:
        if member.action == "delete":
            continue
        column, relation = member.all.get("=column"), str(member.all.get("=relation") or "")
        value = member.all.get("=condition")
        if column is None:
            raise BadCell("Rule: Product Column: it is empty, but the rule has other cells.")
        if column == "Collection":
            of = found.excluded if relation == "Not Equals" else found.included
            of += value if isinstance(value, list) else []
        else:
            found.conditions.append(_condition(column, relation, value, match, whole))
    return found


def _condition(column: Json, relation: str, value: Json, match: str, whole: set[str]) -> Json:
    made: Input = {}
    if isinstance(column, dict):
        name, kind = str(column["of"]), METAFIELDS.get(str(column["type"]), AS_TEXT)
        made["definitionId"] = column["definitionId"]
    else:
        name, kind = str(column), KINDS[str(column)]
    if relation not in kind.relations:
        raise BadCell(f"Rule: Relation: “{relation}” does not go with {name}.")
    made["relation"] = kind.relations[relation]
    if relation in FILLED:
        return {kind.field: made}
    if value is None:
        raise BadCell(f"Rule: Condition: it is empty for {name}.")
    if not kind.several:
        return {kind.field: made | {"value": value}}
    values = value if isinstance(value, list) else _values(str(value), whole)
    opposite = "ANY" if match == "ALL" else "ALL"
    made["matchType"] = opposite if len(values) > 1 else "ALL"
    if name.startswith("Category"):
        descendants = name != "Category"
        values = [{"categoryId": one, "includeDescendants": descendants} for one in values]
    return {kind.field: made | {"values": values}}


def _values(cell: str, whole: set[str]) -> list[Json]:
    """The values between commas; a text that the store has with its commas is one."""
    return [cell] if cell in whole else list(parse_list(cell))


def _with_commas(collection: Item) -> set[str]:
    """Values of the collection's conditions that have commas in them."""
    return {
        value
        for source in collection.get("sources") or ()
        for condition in (source.get("inclusion") or {}).get("conditions") or ()
        for values in condition.values()
        if isinstance(values, list)
        for value in values
        if isinstance(value, str) and "," in value
    }


def beyond(collection: Item) -> str:
    """What a collection is made of that rules do not say, as a reason; empty where they say all."""
    sources = _with_products(collection)
    if len(sources) > 1:
        return "it has several sources of products"
    for source in sources:
        if source["shareable"]:
            return "its conditions are shared with other collections"
        if source["targetType"] == "VARIANTS":
            return "it is made of variants"
        if (source.get("exclusion") or {}).get("conditions"):
            return "it has exclusions"
    return ""


def _with_products(collection: Item) -> list[Item]:
    return [s for s in collection.get("sources") or () if s.get("inclusion")]


def _own_source(collection: Item) -> Item | None:
    """The one source of conditions, or BadCell where rules do not say all that the collection is
    made of."""
    if why := beyond(collection):
        raise _too_much(why)
    return next(iter(_with_products(collection)), None)


def _too_much(why: str) -> BadCell:
    return BadCell(
        f"Its rules cannot be changed by a file, because {why}. Change them in the Shopify admin."
    )


def complete(made: Input, parts: Parts) -> Input:
    """A collection's input with its sources and its image."""
    if "image" in made:
        made["image"] = _image(made["image"], parts.item)
    rules, linked = parts.members.get("rules"), parts.members.get("linked", ())
    match = parts.values.get("=match")
    if not parts.item:
        return made | _first_sources(rules or (), str(match or "ALL"), _added(linked))
    if rules is not None or match is not None:
        made |= _new_rules(parts, rules, match)
    added, removed = _added(linked), _removed(linked)
    if added or removed:
        made |= _selections(parts.item, added, removed)
    return made


def _image(given: Json, collection: Item) -> Json:
    """None for an image that was taken away; one of which only the text changes keeps its id, and
    another image the text."""
    image = given if isinstance(given, dict) else {}
    stored = collection.get("image") or {}
    if "src" in image:
        return {"altText": stored.get("altText"), **image} if image["src"] else None
    if not stored.get("id"):
        raise BadCell("Image Alt Text: there is no image. Give the Image Src.")
    return {"id": stored["id"], **image}


def _first_sources(rules: Iterable[MemberValues], match: str, chosen: list[Json]) -> Input:
    found = _rules(rules, match, set())
    sources: list[Json] = []
    if found.conditions or found.excluded:
        sources.append({"source": _of_conditions(found, match)})
    if found.included:
        sources.append({"subCollections": {"title": OTHERS, "collectionIds": found.included}})
    sources += _chosen(chosen)
    return {"sources": sources} if sources else {}


def _of_conditions(found: Rules, match: str) -> Input:
    source: Input = {"title": TITLE}
    source["inclusion"] = {"matchType": match, "conditions": found.conditions}
    if found.excluded:
        excluded: list[Json] = [{"collection": {"values": found.excluded}}]
        source["exclusion"] = {"matchType": "ANY", "conditions": excluded}
    return source


def _chosen(products: list[Json]) -> list[Json]:
    """Sources of chosen products, each of as many as a list may have."""
    return [
        {
            "source": {
                "title": TITLE,
                "inclusion": {"selections": products[start : start + AT_ONCE]},
            }
        }
        for start in range(0, len(products), AT_ONCE)
    ]


def _new_rules(parts: Parts, rules: Iterable[MemberValues] | None, match: Json) -> Input:
    collection = parts.item
    wanted = str(match or ("ANY" if must_match(collection) == "any condition" else "ALL"))
    if rules is not None and beyond(collection):
        made = _first_sources(rules, wanted, [])
        old: list[Json] = [s["id"] for s in collection["sources"] if _says_rules(s)]
        return {"sourcesToDelete": old, "sourcesToCreate": made.get("sources", [])}
    own = _own_source(collection)
    if rules is None and own is None:
        raise BadCell("Must Match: the collection has no conditions.")
    if rules is None and own:
        return {"sourcesToUpdate": [_changed(own, {"matchType": wanted})]}
    found = _rules(rules or (), wanted, _with_commas(collection))
    if own and found.excluded:
        raise _too_much("a rule leaves out another collection")
    updates: list[Json] = []
    created: list[Json] = []
    if own:
        old = [one["id"] for one in own["inclusion"]["conditions"]]
        inclusion: Input = {"matchType": wanted, "conditionsToDelete": old}
        updates.append(_changed(own, inclusion | {"conditionsToCreate": found.conditions}))
    elif found.conditions or found.excluded:
        created.append({"source": _of_conditions(found, wanted)})
    others = [s["id"] for s in collection["sources"] if s.get("collections") is not None]
    if others and found.included:
        updates.append({"subCollections": {"id": others[0], "collectionIds": found.included}})
    elif found.included:
        created.append({"subCollections": {"title": OTHERS, "collectionIds": found.included}})
    gone: list[Json] = [*others] if not found.included else []
    made = {"sourcesToUpdate": updates, "sourcesToCreate": created, "sourcesToDelete": gone}
    return {name: sources for name, sources in made.items() if sources}


def _says_rules(source: Item) -> bool:
    """Whether rules tell of it; others have only products chosen by hand."""
    if source.get("collections") is not None:
        return True
    sides = (source.get("inclusion"), source.get("exclusion"))
    return any(side and side["conditions"] for side in sides)


def _changed(source: Item, inclusion: Input) -> Json:
    return {"condition": {"id": source["id"], "inclusion": inclusion}}


# ---------------------------------------------------------------------------- chosen products


def _product(member: MemberValues) -> Json:
    """The id of a product: by its handle, else as the file has it."""
    return member.all.get("=product") or member.all.get("=id")


def _added(members: Iterable[MemberValues]) -> list[Json]:
    new = (_product(member) for member in members if member.action == "create")
    return [{"productId": gid} for gid in new if gid]


def _removed(members: Iterable[MemberValues]) -> list[Json]:
    return [{"productId": one.ref} for one in members if one.action == "delete" and one.ref]


def _selections(collection: Item, added: list[Json], removed: list[Json]) -> Input:
    """Chosen products, in the first source that can have them; none of the sources keeps what is
    taken away."""
    sources = _choosing(collection)
    if not sources:
        return {"sourcesToCreate": _chosen(added)}
    inclusions: list[Input] = [{} for _ in sources]
    if added:
        inclusions[0]["selectionsToAdd"] = added[:AT_ONCE]
    for inclusion in inclusions if removed else ():
        inclusion["selectionsToRemove"] = removed[:AT_ONCE]
    pairs = zip(sources, inclusions, strict=True)
    made: Input = {"sourcesToUpdate": [_changed(source, one) for source, one in pairs if one]}
    if added[AT_ONCE:]:
        made["sourcesToCreate"] = _chosen(added[AT_ONCE:])
    return made


def _choosing(collection: Item) -> list[Item]:
    """The sources from which chosen products may be taken; they are added to the first."""
    sources = collection.get("sources") or ()
    return [s for s in sources if s.get("inclusion") and not s["shareable"]]


def more_selections(parts: Parts) -> Iterator[tuple[Mutation, Input]]:
    """What the collection's own mutation could not take."""
    sources = _choosing(parts.item)
    removed = _removed(parts.members.get("linked", ()))
    for start in range(AT_ONCE, len(removed), AT_ONCE) if sources else ():
        inclusion: Input = {"selectionsToRemove": removed[start : start + AT_ONCE]}
        made: Input = {"sourcesToUpdate": [_changed(source, inclusion) for source in sources]}
        yield UPDATE, UPDATE.variables(parts.target, made)


def moves(parts: Parts) -> Iterator[tuple[Mutation, Input]]:
    """Products to the positions that the file has, where a collection is sorted by hand."""
    order = parts.values.get("sortOrder") or parts.item.get("sortOrder")
    found = []
    for member in parts.members.get("linked", ()):
        place = member.written.get(PLACE)
        gid = member.ref or _product(member)
        if member.action != "delete" and isinstance(place, int) and gid:
            found.append((place, str(gid)))
    if found and order != "MANUAL" and parts.values.get("sortOrder"):
        return  # it was sorted by hand until now
    if found and order != "MANUAL":
        raise BadCell("Product: Position: only a collection with the Sort Order Manual has any.")
    made: list[Json] = [{"id": gid, "newPosition": str(max(n - 1, 0))} for n, gid in sorted(found)]
    for start in range(0, len(made), AT_ONCE):
        yield REORDER, REORDER.variables(parts.target, made[start : start + AT_ONCE])


def _told_of_rules(collection: Item, new: object) -> str:
    """What becomes of a collection that had no rules."""
    if is_smart(collection) or not collection.get("sources"):
        return ""
    return "It was a custom collection: the products chosen by hand stay beside the rules."


def _told_of_choice(collection: Item, new: object) -> str:
    """What becomes of a collection that had rules alone."""
    if not is_smart(collection):
        return ""
    return "It is a smart collection: its rules stay, and the products are added beside them."


LINKED = Members(
    of="linked",
    keys=(Key(("Product: ID",)), Key(("Product: Handle",))),
    alone=None,
    command="Product: Command",
    only_new=("=id", "=product"),
    brought_by="rules",
    lenient=True,
    tells=_told_of_choice,
)
WRITING = Writing(
    typename="Collection",
    keys=(Key(("Handle",), "handle"),),
    create=CREATE,
    update=UPDATE,
    delete=DELETE,
    members=(Members(of="rules", keys=(), kept=True, beyond=beyond, tells=_told_of_rules), LINKED),
    required=("Title",),
    lost="Menus and references no longer lead to it.",
    facts=("metafields:PRODUCT", "metafields:PRODUCTVARIANT"),
    complete=complete,
    along={"handle": {"redirectNewHandle": True}},
    address=lambda cells: f"/collections/{cells.get('Handle')}",
    together=(("seo.title", "seo.description"),),
    after=(
        metafields.WRITTEN_ALONG,
        Step("selections", send=UPDATE, makes=more_selections),
        Step("order", send=REORDER, makes=moves),
        *PUBLISHED,
    ),
)
