"""Definitions that this import itself creates, as facts of the shop for the sheets behind them: the
types of fields and of metafields, by which cells are read.
"""

from collections.abc import Iterator
from dataclasses import replace

from models import db
from models.import_object import CREATE, DELETE, WRITES, ImportObject
from models.import_sheet import ImportSheet
from models.job import Job
from transfer.reading.shop_facts import column_name
from transfer.types import BY_NAME
from transfer.types.shop_facts import METAFIELDS, MetafieldDefinition, MetaobjectType, ShopFacts

TYPES = "metaobject_types"


def with_planned(job: Job, sheet: ImportSheet, facts: ShopFacts) -> ShopFacts:
    """The facts for a sheet with the definitions that are planned before it."""
    data_type = BY_NAME[sheet.type]
    if TYPES in data_type.facts:
        facts = _with_types(job, sheet, facts)
    for name in data_type.writing.facts if data_type.writing else ():
        if name.startswith(f"{METAFIELDS}:"):
            facts = _with_metafields(job, sheet, facts, name.partition(":")[2])
    return facts


def _with_types(job: Job, sheet: ImportSheet, facts: ShopFacts) -> ShopFacts:
    types = {known.name: known for known in facts.metaobject_types}
    for number, planned in enumerate(_planned(job, sheet, "metaobject_definitions")):
        name = planned.key
        known = types.get(name) or MetaobjectType(f"p{number}", name)
        fields = {
            member["cells"]["Field: Key"]: member["cells"]["Field: Type"]
            for member in planned.after["members"]
            if member["action"] != DELETE
            and {"Field: Key", "Field: Type"} <= member["cells"].keys()
        }
        types[name] = replace(known, fields={**known.fields, **fields})
    return facts.having(TYPES, types.values())


def _with_metafields(job: Job, sheet: ImportSheet, facts: ShopFacts, owner: str) -> ShopFacts:
    known = list(facts.metafields.get(owner, ()))
    there = {(one.namespace, one.key) for one in known}
    for number, planned in enumerate(_planned(job, sheet, "metafield_definitions")):
        cells = planned.after["cells"]
        names = [cells.get(header, "") for header in ("Namespace", "Key", "Type: Name")]
        new = planned.action == CREATE and cells.get("Owner Type") == owner
        if new and tuple(names[:2]) not in there:
            known.append(MetafieldDefinition(f"p{number}", column_name(*names), *names))
    return facts.having(f"{METAFIELDS}:{owner}", known)


def _planned(job: Job, sheet: ImportSheet, type: str) -> Iterator[ImportObject]:
    for other in job.sheets:
        if other.type == type and other.offset < sheet.offset:
            query = db.select(ImportObject).where(
                ImportObject.job_id == job.id,
                ImportObject.number > other.offset,
                ImportObject.number <= other.last,
                ImportObject.action.in_(WRITES),
            )
            yield from db.session.scalars(query.order_by(ImportObject.number))
