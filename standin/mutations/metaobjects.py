"""metaobjectCreate, Update, Upsert, Delete and BulkDelete: entries of a definition.

https://shopify.dev/docs/apps/build/metaobjects
"""

from functools import partial

import orjson

from standin.context import Context, now
from standin.mutations import work
from standin.mutations.metafields import fits
from standin.mutations.user_errors import refused, user_error
from standin.seeds.base import slug

MAX_VALUE = 65_536
MAX_BULK = 250


def create(context: Context, args: dict) -> dict:
    given = args["metaobject"]
    definition = definition_of(context, given["type"])
    if definition is None:
        return refused([_undefined(given["type"], ["metaobject", "type"])], "metaobject")
    return _write(context, definition, None, given, _inputs(given), whole="values" in given)


def update(context: Context, args: dict) -> dict:
    entry = context.record(args["id"])
    if not entry or entry["__typename"] != "Metaobject":
        return refused([_not_found(["id"])], "metaobject")
    given = args["metaobject"]
    definition = definition_of(context, entry["type"])
    if definition is None:
        return refused([_undefined(entry["type"], ["id"])], "metaobject")
    return _write(context, definition, entry, given, _inputs(given), whole="values" in given)


def upsert(context: Context, args: dict) -> dict:
    """With ``values`` the entry gets exactly these: what is left out is cleared."""
    kind, handle = args["handle"]["type"], args["handle"]["handle"]
    definition = definition_of(context, kind)
    if definition is None:
        return refused([_undefined(kind, ["handle", "type"])], "metaobject")
    given = args.get("metaobject") or {}
    if given and args.get("values") is not None:
        text = "Only one of metaobject and values can be given."
        return refused([user_error(["values"], text, "INVALID", **_nowhere())], "metaobject")
    found = by_handle(context, kind, handle)
    given = {"handle": handle} | given
    inputs, whole = _inputs(given), args.get("values") is not None
    if whole:
        inputs = _pairs(args["values"])
    return _write(context, definition, found, given, inputs, whole)


def delete(context: Context, args: dict) -> dict:
    entry = context.record(args["id"])
    if not entry or entry["__typename"] != "Metaobject":
        return refused([_not_found(["id"])], "deletedId")
    _forget(context, entry)
    return {"deletedId": entry["id"], "userErrors": []}


def bulk_delete(context: Context, args: dict) -> dict:
    where = args["where"]
    if where.get("ids") is not None and len(where["ids"]) > MAX_BULK:
        text = f"The input size exceeds the limit of {MAX_BULK}."
        error = user_error(["where", "ids"], text, "INPUT_LIMIT_EXCEEDED", **_nowhere())
        return refused([error], "job")
    job = work.begin(context, "Job", partial(_forget_all, where))
    return {"job": job, "userErrors": []}


def _forget_all(where: dict, context: Context) -> None:
    for entry in list(context.shop.iterate("Metaobject")):
        if entry["id"] in (where.get("ids") or ()) or entry["type"] == where.get("type"):
            _forget(context, entry)


def definition_of(context: Context, kind: str) -> dict | None:
    """The definition of this type."""
    found = (d for d in context.shop.iterate("MetaobjectDefinition") if d["type"] == kind)
    return next(found, None)


def by_handle(context: Context, kind: str, handle: str) -> dict | None:
    """The entry of this type and handle, which is not case-sensitive."""
    found = context.shop.find("Metaobject", "handle", [handle])
    return next((entry for entry in found if entry["type"] == kind), None)


def _write(
    context: Context,
    definition: dict,
    entry: dict | None,
    given: dict,
    inputs: list[dict],
    whole: bool,
) -> dict:
    """Create or change an entry; ``whole`` clears the fields that are not in ``inputs``."""
    old = {field["key"]: field["value"] for field in entry["fields"]} if entry else {}
    values: dict[str, str | None] = {} if whole else dict(old)
    errors = _set_fields(definition, values, inputs)
    for field in definition["fieldDefinitions"]:
        if field["required"] and not values.get(field["key"]):
            text = f"{field['name']} can't be blank"
            errors.append(_of_field(field["key"], text, "OBJECT_FIELD_REQUIRED"))
    status = ((given.get("capabilities") or {}).get("publishable") or {}).get("status")
    publishable = definition["capabilities"]["publishable"]["enabled"]
    if status and not publishable:
        text = "Capability publishable is not enabled on the metaobject definition."
        place = ["metaobject", "capabilities", "publishable"]
        errors.append(user_error(place, text, "CAPABILITY_NOT_ENABLED", **_nowhere()))
    name = values.get(definition["displayNameKey"] or "") or ""
    handle = slug(given.get("handle") or (entry or {}).get("handle") or name)
    handle = handle or f"{definition['type']}-{context.shop.count('Metaobject') + 1}"
    taken = by_handle(context, definition["type"], handle)
    if taken and taken["id"] != (entry or {}).get("id"):
        if given.get("handle"):
            text = "Handle has already been taken"
            place = ["metaobject", "handle"]
            errors.append(user_error(place, text, "TAKEN", **_nowhere()))
        else:
            handle = _free(context, definition["type"], handle)
    if errors:
        return refused(errors, "metaobject")
    record = {
        **(entry or {"__typename": "Metaobject", "createdAt": now()}),
        "type": definition["type"],
        "definition": definition["id"],
        "handle": handle,
        "displayName": name or handle.replace("-", " ").title(),
        "fields": [
            {
                "key": field["key"],
                "type": field["type"]["name"],
                "value": values.get(field["key"]),
                "definition": field,
            }
            for field in definition["fieldDefinitions"]
        ],
        "updatedAt": now(),
    }
    if publishable:
        kept = (record.get("capabilities") or {}).get("publishable") or {"status": "DRAFT"}
        kept = {"publishable": {"status": status or kept["status"]}}
        record["capabilities"] = kept
    else:
        record.setdefault("capabilities", {})
    if not entry:
        record["id"] = context.shop.new_id("Metaobject")
        context.shop.put(_counted(definition, [*definition["metaobjects"], record["id"]]))
    return {"metaobject": context.shop.put(record), "userErrors": []}


def _set_fields(definition: dict, values: dict[str, str | None], inputs: list[dict]) -> list[dict]:
    """Put the inputs into ``values``; the userErrors of those that may not be."""
    known = {field["key"]: field for field in definition["fieldDefinitions"]}
    errors, seen = [], set()
    for index, given in enumerate(inputs):
        key, value = given["key"], given["value"]
        if key not in known:
            text = f'Field definition "{key}" does not exist'
            errors.append(_of_field(key, text, "UNDEFINED_OBJECT_FIELD", index))
        elif key in seen:
            text = f'Field "{key}" duplicates other inputs'
            errors.append(_of_field(key, text, "DUPLICATE_FIELD_INPUT", index))
        elif value and (
            len(value.encode()) > MAX_VALUE or not fits(known[key]["type"]["name"], value)
        ):
            text = f"Value is invalid for the type {known[key]['type']['name']}."
            errors.append(_of_field(key, text, "INVALID_VALUE", index))
        elif problem := _outside(known[key], value):
            errors.append(_of_field(key, problem, "INVALID_VALUE", index))
        else:
            values[key] = value or None
        seen.add(key)
    return errors


def _outside(field: dict, value: str) -> str | None:
    """What the field's validations (``min``, ``max``, ``choices``) say against the value."""
    if not value:
        return None
    limits = {limit["name"]: limit["value"] for limit in field["validations"]}
    if field["type"]["name"] in {"number_integer", "number_decimal"}:
        if "min" in limits and float(value) < float(limits["min"]):
            return f"Value must be greater than or equal to {limits['min']}."
        if "max" in limits and float(value) > float(limits["max"]):
            return f"Value has a maximum of {limits['max']}."
    if "choices" in limits and value not in orjson.loads(limits["choices"]):
        return "Value does not exist in provided choices."
    return None


def _inputs(given: dict) -> list[dict]:
    if given.get("values") is not None:
        return _pairs(given["values"])
    return given.get("fields") or []


def _pairs(values: dict) -> list[dict]:
    """Fields of the JSON form, whose values may be plain JSON."""
    texts = {
        key: value if isinstance(value, str) else orjson.dumps(value).decode()
        for key, value in values.items()
        if value is not None
    }
    return [{"key": key, "value": value} for key, value in texts.items()]


def _free(context: Context, kind: str, handle: str) -> str:
    number = 1
    while by_handle(context, kind, f"{handle}-{number}"):
        number += 1
    return f"{handle}-{number}"


def _forget(context: Context, entry: dict) -> None:
    """Delete the entry, and its place in its definition."""
    context.shop.delete(entry["id"])
    definition = definition_of(context, entry["type"])
    if definition:
        left = [gid for gid in definition["metaobjects"] if gid != entry["id"]]
        context.shop.put(_counted(definition, left))
    context.forget()


def _counted(definition: dict, entries: list[str]) -> dict:
    return {**definition, "metaobjects": entries, "metaobjectsCount": len(entries)}


def _undefined(kind: str, place: list[str]) -> dict:
    text = f'No metaobject definition exists for type "{kind}"'
    return user_error(place, text, "UNDEFINED_OBJECT_TYPE", **_nowhere())


def _not_found(place: list[str]) -> dict:
    return user_error(place, "Record not found", "RECORD_NOT_FOUND", **_nowhere())


def _of_field(key: str, text: str, code: str, index: int | None = None) -> dict:
    place = ["metaobject", "fields", str(index)] if index is not None else ["metaobject"]
    return user_error(place, text, code, elementKey=key, elementIndex=index)


def _nowhere() -> dict:
    return {"elementKey": None, "elementIndex": None}


MUTATIONS = {
    "metaobjectCreate": create,
    "metaobjectUpdate": update,
    "metaobjectUpsert": upsert,
    "metaobjectDelete": delete,
    "metaobjectBulkDelete": bulk_delete,
}
