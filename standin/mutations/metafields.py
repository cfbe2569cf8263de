"""metafieldsSet and metafieldsDelete: all of a call or nothing of it."""

import re
from collections.abc import Callable
from datetime import date, datetime
from zlib import crc32

import orjson

from standin.computed import digest
from standin.context import Context, now

MAX_PER_CALL = 25
PLAIN_TYPES = (
    "boolean, color, date, date_time, id, json, language, link, money, multi_line_text_field,"
    " number_decimal, number_integer, rating, rich_text_field, single_line_text_field, url"
)
MEASUREMENTS = (
    "antenna_gain, area, battery_charge_capacity, battery_energy_capacity, capacitance,"
    " concentration, data_storage_capacity, data_transfer_rate, dimension, display_density,"
    " distance, duration, electric_current, electrical_resistance, energy, frequency, illuminance,"
    " inductance, luminous_flux, mass_flow_rate, power, pressure, resolution, rotational_speed,"
    " sound_level, speed, temperature, thermal_power, voltage, volume, volumetric_flow_rate, weight"
)
REFERENCES = (
    "article, collection, company, customer, file, metaobject, mixed, order, page, product,"
    " product_taxonomy_value, variant"
)
KNOWN_TYPES = frozenset(
    [*PLAIN_TYPES.split(", "), *MEASUREMENTS.split(", ")]
    + [f"{name}_reference" for name in REFERENCES.split(", ")]
)
"""https://shopify.dev/docs/apps/build/metafields/list-of-data-types"""
OWNER_TYPES = {
    "DraftOrder": "DRAFTORDER",
    "ProductVariant": "PRODUCTVARIANT",
    "CompanyLocation": "COMPANY_LOCATION",
    "MediaImage": "MEDIA_IMAGE",
}


def set_all(context: Context, args: dict) -> dict:
    inputs = [{"namespace": own_namespace(context)} | given for given in args["metafields"]]
    if len(inputs) > MAX_PER_CALL:
        message = f"Exceeded the maximum metafields input limit of {MAX_PER_CALL}."
        return _payload(None, [_error(["metafields"], message, "LESS_THAN_OR_EQUAL_TO", None)])
    owners: dict[str, dict] = {}
    written: list[dict] = []
    found: list[dict] = []
    for index, given in enumerate(inputs):
        owner = owners.get(given["ownerId"]) or context.record(given["ownerId"])
        if not owner:
            found.append(_field_error(index, "ownerId", "Owner does not exist.", "INVALID"))
            continue
        owner = owners[given["ownerId"]] = dict(owner)
        old = _existing(context, owner, given)
        record = _record(context, owner, old, given)
        if problem := _problem(context, index, given, old, record):
            found.append(problem)
            continue
        record["id"] = old["id"] if old else context.shop.new_id("Metafield")
        kept = [reference for reference in owner.get("metafields") or () if not _is(reference, old)]
        owner["metafields"] = [*kept, record["id"]]
        written.append(record)
    if found:
        return _payload(None, found)
    context.shop.put_many([*owners.values(), *written])
    return _payload(written, [])


def write_into(
    context: Context, owner: dict, inputs: list[dict], place: list[str], whole: bool = False
) -> list[dict]:
    """Put MetafieldInputs into an owner that is about to be stored; its userErrors.

    ``whole``: the owner has no other metafields then, as productSet has it.
    """
    found, kept = [], []
    for index, given in enumerate(inputs):
        given = {"namespace": own_namespace(context)} | given
        old = _existing(context, owner, given)
        record = _record(context, owner, old, given)
        if problem := _problem(context, index, given, old, record):
            field = [*place, "metafields", str(index), problem["field"][-1]]
            found.append({"field": field, "message": problem["message"], "code": "INVALID_INPUT"})
            continue
        record["id"] = old["id"] if old else context.shop.new_id("Metafield")
        left = [one for one in owner.get("metafields") or () if not _is(one, old)]
        owner["metafields"] = [*left, record]
        kept.append(record["id"])
    if whole and not found:
        fields = [context.existing(one) for one in owner.get("metafields") or ()]
        owner["metafields"] = [field for field in fields if field["id"] in kept]
    return found


def delete(context: Context, args: dict) -> dict:
    deleted = []
    for wanted in args["metafields"]:
        wanted = {"namespace": own_namespace(context)} | wanted
        owner = context.record(wanted["ownerId"])
        old = owner and _existing(context, owner, wanted)
        deleted.append(dict(wanted) if old else None)
        if owner and old:
            left = [r for r in owner["metafields"] if not _is(r, old)]
            context.shop.put({**owner, "metafields": left})
            context.shop.delete(old["id"])
            context.forget()
    return {"deletedMetafields": deleted, "userErrors": []}


def own_namespace(context: Context) -> str:
    """The app's own namespace, which Shopify takes where none is given."""
    return f"app--{crc32(context.config.client_id.encode())}"


def _existing(context: Context, owner: dict, wanted: dict) -> dict | None:
    for reference in owner.get("metafields") or ():
        field = context.record(reference)
        if field and (field["namespace"], field["key"]) == (wanted["namespace"], wanted["key"]):
            return field
    return None


def _record(context: Context, owner: dict, old: dict | None, given: dict) -> dict:
    kind = given.get("type") or (old or {}).get("type") or _defined(context, owner, given)
    return {
        **(old or {"__typename": "Metafield", "createdAt": now()}),
        "namespace": given["namespace"],
        "key": given["key"],
        "type": kind,
        "value": given["value"],
        "owner": owner.get("id"),
        "ownerType": _owner_type(owner),
        "updatedAt": now(),
    }


def _defined(context: Context, owner: dict, given: dict) -> str | None:
    """The type that a metafield definition gives this metafield."""
    for definition in context.shop.iterate("MetafieldDefinition"):
        if [definition.get(key) for key in ("namespace", "key", "ownerType")] == [
            given["namespace"],
            given["key"],
            _owner_type(owner),
        ]:
            return definition["type"]["name"]
    return None


def _problem(
    context: Context, index: int, given: dict, old: dict | None, record: dict
) -> dict | None:
    if not given["value"]:
        return _field_error(index, "value", "Value can't be blank.", "BLANK")
    if not record["type"]:
        return _field_error(index, "type", "Type can't be blank", "BLANK")
    if "compareDigest" in given and given["compareDigest"] != (
        digest(context, old, {}) if old else None
    ):
        text = "The resource has been updated since it was loaded. Try again with an updated"
        return _field_error(
            index, "compareDigest", f"{text} `compareDigest` value.", "STALE_OBJECT"
        )
    if not fits(record["type"], record["value"]):
        text = f"Value is invalid for type {record['type']}."
        return _field_error(index, "value", text, "INVALID_VALUE")
    return None


def fits(kind: str, value: str) -> bool:
    """Whether a value has the form of its metafield type; types without a rule take anything."""
    try:
        if kind.startswith("list."):
            items = orjson.loads(value)
            inner = kind.removeprefix("list.")
            return isinstance(items, list) and all(
                fits(inner, v if isinstance(v, str) else orjson.dumps(v).decode()) for v in items
            )
        if kind.endswith("_reference"):
            return value.startswith("gid://shopify/")
        if kind in FORMS:
            FORMS[kind](value)
    except (ValueError, KeyError, TypeError):
        return False
    return True


def _boolean(value: str) -> None:
    if value not in ("true", "false"):
        raise ValueError(value)


def _color(value: str) -> None:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        raise ValueError(value)


FORMS: dict[str, Callable[[str], object]] = {
    "boolean": _boolean,
    "color": _color,
    "date": date.fromisoformat,
    "date_time": datetime.fromisoformat,
    "json": orjson.loads,
    "money": lambda value: orjson.loads(value)["currency_code"],
    "number_decimal": float,
    "number_integer": int,
    "rating": lambda value: float(orjson.loads(value)["value"]),
    "dimension": lambda value: orjson.loads(value)["unit"],
    "volume": lambda value: orjson.loads(value)["unit"],
    "weight": lambda value: orjson.loads(value)["unit"],
}


def _owner_type(owner: dict) -> str:
    return OWNER_TYPES.get(owner["__typename"], owner["__typename"].upper())


def _is(reference, record: dict | None) -> bool:
    """Whether an owner's reference, a gid or the metafield itself, is this record."""
    own = reference if isinstance(reference, str) else reference["id"]
    return record is not None and own == record["id"]


def _field_error(index: int, name: str, message: str, code: str) -> dict:
    return _error(["metafields", str(index), name], message, code, index)


def _error(field: list[str], message: str, code: str, index: int | None) -> dict:
    return {"field": field, "message": message, "code": code, "elementIndex": index}


def _payload(metafields: list | None, errors: list[dict]) -> dict:
    return {"metafields": metafields, "userErrors": errors}


MUTATIONS = {"metafieldsSet": set_all, "metafieldsDelete": delete}
