"""metaobjectDefinitionCreate, Update and Delete; standardMetaobjectDefinitionEnable.

https://shopify.dev/docs/apps/build/metaobjects/metaobject-limits
"""

import re

from standin.context import Context, now
from standin.mutations.metafields import KNOWN_TYPES
from standin.mutations.user_errors import refused, user_error
from standin.seeds.metaobject_definitions import field_type, standard

MAX_FIELDS = 40
MAX_DEFINITIONS = 128
NAME = re.compile(r"[A-Za-z0-9_-]+")
RESERVED = ("shopify--", "app--", "$app")
CAPABILITIES = ("publishable", "translatable", "onlineStore", "renderable")


def create(context: Context, args: dict) -> dict:
    given = args["definition"]
    kind = given["type"]
    errors = _type_errors(context, kind)
    if not (given.get("name") or "").strip():
        given = {**given, "name": kind.replace("_", " ").replace("-", " ").capitalize()}
    record = {
        "__typename": "MetaobjectDefinition",
        "type": kind,
        "fieldDefinitions": [],
        "displayNameKey": None,
        "description": None,
        "hasThumbnailField": False,
        "access": {"admin": "PUBLIC_READ_WRITE", "storefront": "NONE"},
        "capabilities": {name: {"enabled": False} for name in CAPABILITIES},
        "metaobjects": [],
        "metaobjectsCount": 0,
        "createdAt": now(),
    }
    operations = [{"create": field} for field in given.get("fieldDefinitions") or ()]
    errors += _change(context, record, {**given, "fieldDefinitions": operations})
    if errors:
        return refused(errors, "metaobjectDefinition")
    record["id"] = context.shop.new_id("MetaobjectDefinition")
    return {"metaobjectDefinition": context.shop.put(record), "userErrors": []}


def enable(context: Context, args: dict) -> dict:
    """A definition that Shopify itself has made, and that nobody changes."""
    kind = args["type"]
    made = standard(kind)
    if made is None:
        text = "A standard definition was not found for the type."
        return refused([_error(["type"], text, "RECORD_NOT_FOUND")], _PAYLOAD)
    if any(d["type"] == kind for d in context.shop.iterate("MetaobjectDefinition")):
        return refused([_error(["type"], "Type has already been taken", "TAKEN")], _PAYLOAD)
    record = {**made, "id": context.shop.new_id("MetaobjectDefinition")}
    record |= {"createdAt": now(), "updatedAt": now()}
    return {_PAYLOAD: context.shop.put(record), "userErrors": []}


def update(context: Context, args: dict) -> dict:
    found = context.record(args["id"])
    if not found or found["__typename"] != "MetaobjectDefinition":
        return refused([_error(["id"], "Record not found", "RECORD_NOT_FOUND")], _PAYLOAD)
    if found["type"].startswith(RESERVED):
        text = "This definition cannot be changed."
        return refused([_error(["definition"], text, "IMMUTABLE")], _PAYLOAD)
    record = {**found, "fieldDefinitions": [dict(f) for f in found["fieldDefinitions"]]}
    if errors := _change(context, record, args["definition"]):
        return refused(errors, _PAYLOAD)
    known = {field["key"]: field for field in record["fieldDefinitions"]}
    entries = [
        {
            **entry,
            "fields": [
                _entry_field(field, entry["fields"]) for field in record["fieldDefinitions"]
            ],
        }
        for entry in context.shop.iterate("Metaobject")
        if entry["type"] == record["type"]
        and [field["key"] for field in entry["fields"]] != list(known)
    ]
    context.shop.put_many([record, *entries])
    return {"metaobjectDefinition": record, "userErrors": []}


def delete(context: Context, args: dict) -> dict:
    """With its entries, and the metafield definitions that refer to it."""
    found = context.record(args["id"])
    if not found or found["__typename"] != "MetaobjectDefinition":
        return refused([_error(["id"], "Record not found", "RECORD_NOT_FOUND")], "deletedId")
    for entry in list(context.shop.iterate("Metaobject")):
        if entry["type"] == found["type"]:
            context.shop.delete(entry["id"])
    for definition in list(context.shop.iterate("MetafieldDefinition")):
        if any(found["id"] in limit["value"] for limit in definition["validations"]):
            context.shop.delete(definition["id"])
    context.shop.delete(found["id"])
    return {"deletedId": found["id"], "userErrors": []}


_PAYLOAD = "metaobjectDefinition"


def _type_errors(context: Context, kind: str) -> list[dict]:
    place = ["definition", "type"]
    if kind.startswith(RESERVED[:2]):
        return [_error(place, "Type is a reserved name.", "RESERVED_NAME")]
    if len(kind) < 3:
        return [_error(place, "Type is too short (minimum is 3 characters)", "TOO_SHORT")]
    if len(kind) > 255:
        return [_error(place, "Type is too long (maximum is 255 characters)", "TOO_LONG")]
    if not NAME.fullmatch(kind):
        text = "Type contains one or more invalid characters."
        return [_error(place, text, "INVALID")]
    if any(d["type"] == kind for d in context.shop.iterate("MetaobjectDefinition")):
        return [_error(place, "Type has already been taken", "TAKEN")]
    if context.shop.count("MetaobjectDefinition") >= MAX_DEFINITIONS:
        text = f"The maximum of {MAX_DEFINITIONS} definitions is reached."
        return [_error(["definition"], text, "MAX_DEFINITIONS_EXCEEDED")]
    return []


def _change(context: Context, record: dict, given: dict) -> list[dict]:
    """Put the input into the record; the userErrors when that may not be."""
    errors = []
    if "name" in given:
        record["name"] = given["name"]
        if not (given["name"] or "").strip():
            errors.append(_error(["definition", "name"], "Name can't be blank", "BLANK"))
    if "description" in given:
        record["description"] = given["description"] or None
    access = given.get("access") or {}
    if "admin" in access:
        text = "Admin access can only be specified on metaobject definitions owned by the app."
        place = ["definition", "access", "admin"]
        errors.append(_error(place, text, "ADMIN_ACCESS_INPUT_NOT_ALLOWED"))
    record["access"] = {**record["access"], **{k: access[k] for k in access if k != "admin"}}
    for name, wanted in (given.get("capabilities") or {}).items():
        handle = (wanted.get("data") or {}).get("urlHandle")
        if name == "onlineStore" and wanted["enabled"] and not handle:
            place = ["definition", "capabilities", "onlineStore", "data", "urlHandle"]
            errors.append(_error(place, "URL handle can't be blank", "URL_HANDLE_BLANK"))
        record["capabilities"] = {**record["capabilities"], name: wanted}
    errors += _change_fields(context, record, given)
    if "displayNameKey" in given:
        record["displayNameKey"] = given["displayNameKey"]
    keys = [field["key"] for field in record["fieldDefinitions"]]
    if record["displayNameKey"] and record["displayNameKey"] not in keys:
        text = f'Field definition "{record["displayNameKey"]}" does not exist'
        place = ["definition", "displayNameKey"]
        errors.append(_error(place, text, "UNDEFINED_OBJECT_FIELD"))
    record["updatedAt"] = now()
    return errors


def _change_fields(context: Context, record: dict, given: dict) -> list[dict]:
    errors, listed = [], []
    for index, operation in enumerate(given.get("fieldDefinitions") or ()):
        place = ["definition", "fieldDefinitions", str(index)]
        if len(operation) != 1:
            text = "Exactly one of create, update and delete must be given."
            errors.append(_error(place, text, "INVALID"))
            continue
        [(what, field)] = operation.items()
        known = {one["key"]: one for one in record["fieldDefinitions"]}
        listed.append(field["key"])
        if what == "create":
            problem = _new_field_error(context, known, field)
            if problem:
                errors.append(_error(place, *problem, key=field["key"], index=index))
            else:
                record["fieldDefinitions"].append(_field(field))
        elif field["key"] not in known:
            text = f'Field definition "{field["key"]}" does not exist'
            code = "UNDEFINED_OBJECT_FIELD"
            errors.append(_error(place, text, code, key=field["key"], index=index))
        elif what == "delete":
            record["fieldDefinitions"].remove(known[field["key"]])
        else:
            known[field["key"]].update(_field({**field, "type": None}, only_given=True))
    if len(record["fieldDefinitions"]) > MAX_FIELDS:
        text = f"A definition can have at most {MAX_FIELDS} fields."
        errors.append(_error(["definition", "fieldDefinitions"], text, "INPUT_LIMIT_EXCEEDED"))
    if given.get("resetFieldOrder"):
        order = {key: place for place, key in enumerate(listed)}
        record["fieldDefinitions"].sort(key=lambda f: (order.get(f["key"], len(order)), f["key"]))
    return errors


def _new_field_error(context: Context, known: dict, field: dict) -> tuple[str, str] | None:
    if field["key"] in known:
        return f'Field definition "{field["key"]}" is already taken', "OBJECT_FIELD_TAKEN"
    if not 2 <= len(field["key"]) <= 64 or not NAME.fullmatch(field["key"]):
        return "Key must be 2 to 64 letters, digits, underscores or hyphens.", "INVALID"
    if field["type"].removeprefix("list.") not in KNOWN_TYPES:
        return f"Type {field['type']} is not a valid type.", "INVALID_TYPE"
    for limit in field.get("validations") or ():
        if limit["name"].startswith("metaobject_definition_id"):
            gids = re.findall(r"gid://shopify/\w+/\d+", limit["value"])
            if not gids or not all(context.record(gid) for gid in gids):
                return "Validations value for metaobject definition is invalid.", "INVALID_OPTION"
    return None


def _field(given: dict, only_given: bool = False) -> dict:
    plain = {"key", "name", "description", "required"}
    made = {name: given[name] for name in plain if name in given}
    if not only_given:
        label = given["key"].replace("_", " ").capitalize()
        made = {"name": label, "description": None, "required": False} | made
        made["type"] = field_type(given["type"])
    if "validations" in given or not only_given:
        kind = {"type": (given.get("type") or "single_line_text_field").removeprefix("list.")}
        made["validations"] = [{**kind, **limit} for limit in given.get("validations") or ()]
    return made


def _entry_field(definition: dict, fields: list[dict]) -> dict:
    old = next((field for field in fields if field["key"] == definition["key"]), {})
    return {
        "key": definition["key"],
        "type": definition["type"]["name"],
        "value": old.get("value"),
        "definition": definition,
    }


def _error(
    place: list[str], text: str, code: str, key: str | None = None, index: int | None = None
) -> dict:
    return user_error(place, text, code, elementKey=key, elementIndex=index)


MUTATIONS = {
    "standardMetaobjectDefinitionEnable": enable,
    "metaobjectDefinitionCreate": create,
    "metaobjectDefinitionUpdate": update,
    "metaobjectDefinitionDelete": delete,
}
