"""metafieldDefinitionCreate, Update, Delete, Pin and Unpin; standardMetafieldDefinitionEnable.

https://shopify.dev/docs/apps/build/metafields/definitions
"""

import re
from dataclasses import dataclass

from standin.context import Context
from standin.mutations import work
from standin.mutations.metafields import KNOWN_TYPES, fits, own_namespace
from standin.mutations.user_errors import refused, user_error
from standin.seeds.metaobject_definitions import field_type

MAX_PINNED = 20
MAX_OF_OWNER = 256
NAMESPACE, KEY = re.compile(r"[A-Za-z0-9_-]{3,255}"), re.compile(r"[A-Za-z0-9_-]{2,64}")
CAPABILITIES = (
    "adminFilterable",
    "smartCollectionCondition",
    "uniqueValues",
    "analyticsQueryable",
    "cartToOrderCopyable",
)


@dataclass(frozen=True)
class Template:
    """One of Shopify's standard definitions, for products and their variants.

    https://shopify.dev/docs/apps/build/metafields/list-of-standard-definitions
    """

    number: int
    name: str
    type: str
    longest: int

    @property
    def id(self) -> str:
        return f"gid://shopify/StandardMetafieldDefinitionTemplate/{self.number}"


TEMPLATES = {
    ("descriptors", "subtitle"): Template(1, "Product subtitle", "single_line_text_field", 70),
    ("descriptors", "care_guide"): Template(2, "Care guide", "multi_line_text_field", 500),
}
TEMPLATE_IDS = {template.id: names for names, template in TEMPLATES.items()}
TEMPLATE_OWNERS = ("PRODUCT", "PRODUCTVARIANT")
CREATED, UPDATED, DELETED = "createdDefinition", "updatedDefinition", "deletedDefinitionId"


def create(context: Context, args: dict) -> dict:
    given = args["definition"]
    namespace = given.get("namespace") or own_namespace(context)
    known = list(context.shop.iterate("MetafieldDefinition"))
    record = _blank(given["ownerType"], namespace, given["key"])
    errors = _creation_errors(context, known, record, given)
    if not errors:
        record["type"] = field_type(given["type"])
        errors = _change(context, record, given, known)
    if errors:
        return refused(errors, CREATED)
    record["id"] = context.shop.new_id("MetafieldDefinition")
    record["metafieldsCount"] = sum(1 for _ in _values(context, record))
    return {CREATED: context.shop.put(record), "userErrors": []}


def enable(context: Context, args: dict) -> dict:
    """A definition made of one of Shopify's templates."""
    owner, names = args["ownerType"], (args.get("namespace") or "", args.get("key") or "")
    if args.get("id") and any(names):
        text = "Give the id of a template, or its namespace and key."
        return refused([_error(["id"], text, "INVALID_INPUT_COMBINATION")], CREATED)
    if args.get("id"):
        names = TEMPLATE_IDS.get(args["id"], names)
    template = TEMPLATES.get(names)
    if template is None or owner not in TEMPLATE_OWNERS:
        text = "A standard definition was not found for the input."
        return refused([_error(None, text, "TEMPLATE_NOT_FOUND")], CREATED)
    known = list(context.shop.iterate("MetafieldDefinition"))
    namespace, key = names
    record = _blank(owner, namespace, key) | {
        "name": template.name,
        "type": field_type(template.type),
        "standardTemplate": {
            "__typename": "StandardMetafieldDefinitionTemplate",
            "id": template.id,
            "name": template.name,
            "namespace": namespace,
            "key": key,
        },
        "validations": [
            {"type": template.type, "name": "max", "value": str(template.longest)},
        ],
    }
    if _named(context, known, record):
        text = "The standard definition has been enabled already."
        return refused([_error(None, text, "TAKEN")], CREATED)
    if any(not fits(template.type, field["value"]) for _, field in _values(context, record)):
        text = "Existing metafields have values that do not fit the type."
        return refused([_error(None, text, "UNSTRUCTURED_ALREADY_EXISTS")], CREATED)
    changes = {name: args[name] for name in ("access", "capabilities", "pin") if args.get(name)}
    if errors := _change(context, record, changes, known):
        codes = {"PINNED_LIMIT_REACHED": "LIMIT_EXCEEDED"}
        errors = [{**one, "code": codes.get(one["code"], one["code"])} for one in errors]
        return refused(errors, CREATED)
    record["id"] = context.shop.new_id("MetafieldDefinition")
    record["metafieldsCount"] = sum(1 for _ in _values(context, record))
    return {CREATED: context.shop.put(record), "userErrors": []}


def update(context: Context, args: dict) -> dict:
    given = args["definition"]
    known = list(context.shop.iterate("MetafieldDefinition"))
    found = _named(context, known, given)
    if not found:
        return refused([_error(["definition"], "Definition not found.", "NOT_FOUND")], UPDATED)
    record = dict(found)
    if errors := _change(context, record, given, known):
        return refused(errors, UPDATED)
    stored = context.shop.put(record)
    checks = "validations" in given
    job = work.begin(context, "Job", lambda then: None) if checks else None
    return {UPDATED: stored, "validationJob": job, "userErrors": []}


def delete(context: Context, args: dict) -> dict:
    known = list(context.shop.iterate("MetafieldDefinition"))
    wanted = args.get("identifier") or {}
    found = context.record(args["id"]) if args.get("id") else _named(context, known, wanted)
    if not found:
        return refused([_error(["id"], "Definition not found.", "NOT_FOUND")], DELETED)
    everything = args.get("deleteAllAssociatedMetafields", False)
    kind = found["type"]["name"]
    if not everything:
        if kind == "id":
            text = "Deleting an id type metafield definition requires deletion of its metafields."
            return refused([_error(["id"], text, "ID_TYPE_DELETION_ERROR")], DELETED)
        if kind.endswith("_reference"):
            text = "Deleting a reference type definition requires deletion of its metafields."
            return refused([_error(["id"], text, "REFERENCE_TYPE_DELETION_ERROR")], DELETED)
    else:
        for owner, field in list(_values(context, found)):
            left = [f for f in owner["metafields"] if context.existing(f)["id"] != field["id"]]
            context.shop.put({**owner, "metafields": left})
            context.shop.delete(field["id"])
    context.shop.delete(found["id"])
    return {DELETED: found["id"], "deletedDefinition": None, "userErrors": []}


def pin(context: Context, args: dict) -> dict:
    return _pinned(context, args, True, "pinnedDefinition", "ALREADY_PINNED")


def unpin(context: Context, args: dict) -> dict:
    return _pinned(context, args, False, "unpinnedDefinition", "NOT_PINNED")


def _pinned(context: Context, args: dict, wanted: bool, name: str, code: str) -> dict:
    known = list(context.shop.iterate("MetafieldDefinition"))
    found = context.record(args["definitionId"]) if args.get("definitionId") else None
    found = found or _named(context, known, args.get("identifier") or {})
    if not found:
        return refused([_error(None, "Definition not found.", "NOT_FOUND")], name)
    if (found["pinnedPosition"] is not None) == wanted:
        text = f"Definition is {'already' if wanted else 'not'} pinned."
        return refused([_error(None, text, code)], name)
    record = dict(found)
    if errors := _change(context, record, {"pin": wanted}, known):
        return refused(errors, name)
    return {name: context.shop.put(record), "userErrors": []}


def _blank(owner: str, namespace: str, key: str) -> dict:
    return {
        "__typename": "MetafieldDefinition",
        "ownerType": owner,
        "namespace": namespace,
        "key": key,
        "type": None,
        "description": None,
        "validations": [],
        "pinnedPosition": None,
        "access": {"admin": "PUBLIC_READ_WRITE", "storefront": "NONE", "customerAccount": "NONE"},
        "capabilities": {name: {"eligible": True, "enabled": False} for name in CAPABILITIES},
        "validationStatus": "ALL_VALID",
        "metafieldsCount": 0,
    }


def _creation_errors(context: Context, known: list[dict], record: dict, given: dict) -> list[dict]:
    namespace, key, owner = record["namespace"], given["key"], given["ownerType"]
    found = []
    if not NAMESPACE.fullmatch(namespace):
        text = "Namespace must be 3 to 255 letters, digits, underscores or hyphens."
        found.append(_error(["definition", "namespace"], text, "INVALID_CHARACTER"))
    if not KEY.fullmatch(key):
        text = "Key must be 2 to 64 letters, digits, underscores or hyphens."
        found.append(_error(["definition", "key"], text, "INVALID_CHARACTER"))
    if namespace.startswith("shopify") or (namespace, key) in TEMPLATES:
        text = "The namespace and key combination is reserved for a standard definition."
        found.append(_error(["definition"], text, "RESERVED_NAMESPACE_KEY"))
    if _named(context, known, record):
        text = f"Key is in use for {owner.title()} metafields on the '{namespace}' namespace."
        found.append(_error(["definition", "key"], text, "TAKEN"))
    if given["type"].removeprefix("list.") not in KNOWN_TYPES:
        text = f"Type name {given['type']} is not a valid type."
        found.append(_error(["definition", "type"], text, "INCLUSION"))
    elif any(not fits(given["type"], field["value"]) for _, field in _values(context, record)):
        text = "Existing metafields have values that do not fit the type."
        found.append(_error(["definition", "type"], text, "UNSTRUCTURED_ALREADY_EXISTS"))
    if sum(one["ownerType"] == owner for one in known) >= MAX_OF_OWNER:
        text = f"The limit of {MAX_OF_OWNER} definitions for the owner type is reached."
        found.append(_error(["definition"], text, "RESOURCE_TYPE_LIMIT_EXCEEDED"))
    return found


def _change(context: Context, record: dict, given: dict, known: list[dict]) -> list[dict]:
    """Put the input into the record; the userErrors when that may not be."""
    found = []
    if "name" in given:
        record["name"] = given["name"]
        if not (given["name"] or "").strip():
            found.append(_error(["definition", "name"], "Name can't be blank", "BLANK"))
    if "description" in given:
        record["description"] = given["description"] or None
    access = given.get("access") or {}
    if "admin" in access and record["namespace"] != own_namespace(context):
        text = "Admin access can only be specified on namespaces that belong to the app."
        place = ["definition", "access", "admin"]
        found.append(_error(place, text, "ADMIN_ACCESS_INPUT_NOT_ALLOWED"))
    record["access"] = {**record["access"], **access}
    for name, wanted in (given.get("capabilities") or {}).items():
        if wanted["enabled"] and name == "cartToOrderCopyable" and record["ownerType"] != "ORDER":
            text = f"The capability {name} is not valid for this definition."
            found.append(_error(["definition", "capabilities"], text, "INVALID_CAPABILITY"))
        kept = record["capabilities"].get(name) or {"eligible": True}
        record["capabilities"] = {**record["capabilities"], name: {**kept, **wanted}}
    if "validations" in given:
        kind = record["type"]["name"].removeprefix("list.")
        record["validations"] = [
            {"type": limit_type(kind, limit["name"]), **limit}
            for limit in given["validations"] or ()
        ]
        for limit in record["validations"]:
            gids = re.findall(r"gid://shopify/MetaobjectDefinition/\d+", limit["value"])
            named = limit["name"].startswith("metaobject_definition_id")
            if named and not (gids and all(context.record(gid) for gid in gids)):
                text = "Validations value for option metaobject_definition_id is invalid."
                found.append(_error(["definition", "validations"], text, "INVALID_OPTION"))
    if "pin" in given and given["pin"] != (record["pinnedPosition"] is not None):
        of_owner = [d["pinnedPosition"] for d in known if d["ownerType"] == record["ownerType"]]
        pinned = [position for position in of_owner if position is not None]
        if given["pin"] and len(pinned) >= MAX_PINNED:
            text = f"Limit of {MAX_PINNED} pinned definitions."
            found.append(_error(["definition", "pin"], text, "PINNED_LIMIT_REACHED"))
        record["pinnedPosition"] = max(pinned, default=0) + 1 if given["pin"] else None
    return found


def limit_type(kind: str, name: str) -> str:
    """The type of a validation of metafields of a type: a text's length is a number."""
    is_length = name in ("min", "max") and kind in (
        "single_line_text_field",
        "multi_line_text_field",
    )
    return "number_integer" if is_length else kind


def _named(context: Context, known: list[dict], wanted: dict) -> dict | None:
    names = (wanted.get("namespace") or own_namespace(context), wanted.get("key"))
    place = (wanted.get("ownerType"), *names)
    return next((d for d in known if (d["ownerType"], d["namespace"], d["key"]) == place), None)


def _values(context: Context, definition: dict):
    """(owner, metafield) of each metafield under the definition that is a record of its own."""
    for field in context.shop.iterate("Metafield"):
        if all(field[name] == definition[name] for name in ("namespace", "key", "ownerType")):
            owner = context.record(field["owner"])
            if owner:
                yield owner, field


def _error(place: list[str] | None, text: str, code: str) -> dict:
    return user_error(place, text, code)


MUTATIONS = {
    "standardMetafieldDefinitionEnable": enable,
    "metafieldDefinitionCreate": create,
    "metafieldDefinitionUpdate": update,
    "metafieldDefinitionDelete": delete,
    "metafieldDefinitionPin": pin,
    "metafieldDefinitionUnpin": unpin,
}
