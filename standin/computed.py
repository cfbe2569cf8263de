"""Fields whose value follows from a record or an argument instead of being stored.

COMPUTED is keyed "Type.field", or "*.field" for every type that has the field. A function takes
(context, source, arguments) and gives what a stored field would hold: gids, dicts, lists, scalars.
"""

import hashlib

import orjson

from standin import media, redeem_codes
from standin.context import Context
from standin.mutations.products import NAMES, category
from standin.store import number


def can_mark_as_paid(context: Context, source: dict, args: dict) -> bool:
    """Whether something of an order is still to be paid."""
    due = float(source["totalOutstandingSet"]["shopMoney"]["amount"])
    return due > 0 and not source.get("cancelledAt")


def legacy_id(context: Context, source: dict, args: dict):
    return str(number(source["id"]))


def metafields(context: Context, source: dict, args: dict) -> list:
    """The owner's metafields, of one namespace or with some "namespace.key" keys if asked."""
    found = source.get("metafields") or []
    context.fetch(found)
    wanted = [
        f"{args['namespace']}.{key}" if args.get("namespace") else key
        for key in args.get("keys") or ()
    ]
    return [
        _owned(field, source)
        for reference in found
        if (field := context.record(reference))
        and (not args.get("namespace") or field["namespace"] == args["namespace"])
        and (not wanted or f"{field['namespace']}.{field['key']}" in wanted)
    ]


def metafield(context: Context, source: dict, args: dict) -> dict | None:
    """One metafield by namespace and key, or by a key that holds both ("custom.care")."""
    namespace, key = args.get("namespace"), args["key"]
    if namespace is None and "." in key:
        namespace, key = key.split(".", 1)
    context.fetch(source.get("metafields") or ())
    for reference in source.get("metafields") or ():
        field = context.record(reference)
        if field and (field["namespace"], field["key"]) == (namespace, key):
            return _owned(field, source)
    return None


def _owned(field: dict, source: dict) -> dict:
    """The metafield with its owner, which those of a seed do not name."""
    return field if "owner" in field else {**field, "owner": source["id"]}


def json_value(context: Context, source: dict, args: dict):
    value, kind = source.get("value"), source.get("type", "")
    if value is None:
        return None
    kind = kind.get("name", "") if isinstance(kind, dict) else kind
    plain = kind.startswith(("list.", "number_", "rich_text")) or kind in (
        "boolean", "json", "money", "rating", "dimension", "volume", "weight", "link",
    )  # fmt: skip
    if not plain:
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value


def reference(context: Context, source: dict, args: dict):
    value = source.get("value") or ""
    return value if value.startswith("gid://") else None


def references(context: Context, source: dict, args: dict) -> list:
    value = source.get("value") or ""
    if not value.startswith("["):
        return []
    return [v for v in orjson.loads(value) if isinstance(v, str) and v.startswith("gid://")]


def digest(context: Context, source: dict, args: dict) -> str:
    return hashlib.sha256((source.get("value") or "").encode()).hexdigest()


def quantities(context: Context, source: dict, args: dict) -> list[dict]:
    """The inventory quantities of the states asked for, 0 where the record has none."""
    known = {q["name"]: q for q in source.get("quantities") or ()}
    return [known.get(name) or {"name": name, "quantity": 0} for name in args["names"]]


def inventory_level(context: Context, source: dict, args: dict):
    for level in source.get("inventoryLevels") or ():
        record = context.record(level)
        place = record and record.get("location")
        if place and (place if isinstance(place, str) else place["id"]) == args["locationId"]:
            return record
    return None


def metaobject_field(context: Context, source: dict, args: dict):
    return next((f for f in source.get("fields") or () if f["key"] == args["key"]), None)


def metaobject_definition(context: Context, source: dict, args: dict):
    if stored := source.get("definition"):
        return stored
    definitions = context.shop.all("MetaobjectDefinition")
    return next((d for d in definitions if d["type"] == source["type"]), None)


def metaobject_capabilities(context: Context, source: dict, args: dict):
    """Without a status where the definition has none any more."""
    stored = source.get("capabilities")
    definition = context.record(metaobject_definition(context, source, args))
    if not stored or not definition or definition["capabilities"]["publishable"]["enabled"]:
        return stored
    return {**stored, "publishable": None}


def display_name(context: Context, source: dict, args: dict):
    """What the entry has in the field that names entries now."""
    definition = context.record(metaobject_definition(context, source, args)) or {}
    key = definition.get("displayNameKey")
    found = (f["value"] for f in source.get("fields") or () if key and f["key"] == key)
    return next(found, None) or source["displayName"]


def has_product(context: Context, source: dict, args: dict) -> bool:
    return args["id"] in (source.get("products") or ())


def published(context: Context, source: dict, args: dict) -> bool:
    """Whether the resource is on the publication asked for."""
    for entry in source.get("resourcePublications") or source.get("resourcePublicationsV2") or ():
        record = context.record(entry)
        place = record and record.get("publication")
        if place and (place if isinstance(place, str) else place["id"]) == args["publicationId"]:
            return True
    return False


def variant_image(context: Context, source: dict, args: dict) -> dict | None:
    """The image of the variant's own media, also of one that has been fetched meanwhile."""
    pictures = [context.record(gid) for gid in source.get("media") or ()]
    shown = [media.settle(context, picture).get("image") for picture in pictures if picture]
    return next(filter(None, shown), source.get("image"))


def categories(context: Context, source: dict, args: dict) -> list:
    """The taxonomy's categories, or those whose names have the words searched for."""
    words = (args.get("search") or "").casefold().split()
    found = (category(f"gid://shopify/TaxonomyCategory/{code}") for code in NAMES)
    return [one for one in found if one and all(w in one["name"].casefold() for w in words)]


def contact_profiles(context: Context, source: dict, args: dict) -> list:
    """As whom the customer buys for companies."""
    contacts = context.shop.iterate("CompanyContact")
    return [one["id"] for one in contacts if one.get("customer") == source["id"]]


COMPUTED = {
    "Customer.companyContactProfiles": contact_profiles,
    "Order.canMarkAsPaid": can_mark_as_paid,
    **media.FIELDS,
    **redeem_codes.FIELDS,
    "ProductVariant.image": variant_image,
    "*.legacyResourceId": legacy_id,
    "*.metafield": metafield,
    "*.metafields": metafields,
    "*.publishedOnPublication": published,
    "Collection.hasProduct": has_product,
    "InventoryItem.inventoryLevel": inventory_level,
    "InventoryLevel.quantities": quantities,
    "Metafield.compareDigest": digest,
    "Metafield.jsonValue": json_value,
    "Metafield.reference": reference,
    "Metafield.references": references,
    "Metaobject.capabilities": metaobject_capabilities,
    "Metaobject.definition": metaobject_definition,
    "Metaobject.displayName": display_name,
    "Metaobject.field": metaobject_field,
    "MetaobjectField.jsonValue": json_value,
    "MetaobjectField.reference": reference,
    "MetaobjectField.references": references,
    "Taxonomy.categories": categories,
}
