"""Parse and validate the body of POST /exports."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Annotated, Any, Literal

import orjson
from flask import g, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema

from blueprints import guards
from blueprints.errors import Problem
from models import iso
from models.job import EXPORT, Job, new_id
from models.personal_data import ALL as ALL_SEEN
from models.personal_data import NONE
from transfer.reading.filters import SINCE, BadFilter, changed, iso_moment, search
from transfer.rows.chosen_columns import UnknownColumn, check
from transfer.rows.personal import only_personal, personal_filters
from transfer.types import ALL, BY_NAME

TypeName = Annotated[str, WithJsonSchema({"type": "string", "enum": list(BY_NAME)})]
"""A data type's name; what is none is refused in words of its own, see ``_type_errors``."""
FormatName = Literal["csv", "xlsx", "jsonl"]
Types = Annotated[list[TypeName], Field(min_length=1, max_length=len(BY_NAME))]
Names = Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)]
FieldError = dict[str, str]
NO_FILTER = (
    "“{}” looks for personal data, which this key does not see. Leave the filter out, or use a key "
    "that sees all personal data."
)
NO_COLUMN = "“{}” is personal data, which this key does not see. Leave the column out."


class NewExport(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    types: Literal["all"] | Types
    format: FormatName = "csv"
    filters: dict[str, dict[str, Any]] = {}
    columns: dict[str, Names] = {}
    updated_since: str | None = None
    since_last: bool = False
    bom: bool = True


def parse_new_export() -> Job:
    """The export that the request describes, not yet in the session.

    Raises one Problem that names every field that is wrong, or the permission that is missing.
    """
    wanted = _body()
    names = _all_types() if wanted.types == "all" else wanted.types
    for name in names:
        guards.need(f"{name}:export")
    _stop_at([*_filter_errors(wanted, names), *_option_errors(wanted, names)])
    series = _series(wanted, names)
    filters, whole = _since(wanted, names, series)
    return Job(
        id=new_id(EXPORT),
        shop_id=g.shop_id,
        key_id=g.key_id,
        kind=EXPORT,
        types=names,
        format=wanted.format,
        filters=filters,
        options={
            "columns": wanted.columns,
            "bom": wanted.bom,
            "whole": whole,
            "personal_data": g.caller.personal_data,
        },
        series=series,
    )


def _body() -> NewExport:
    try:
        wanted = NewExport.model_validate_json(request.get_data())
    except ValidationError as error:
        _stop_at(_in_words(error))
    if wanted.types != "all":
        _stop_at(_type_errors(wanted.types))
    return wanted


def _in_words(error: ValidationError) -> list[FieldError]:
    """What pydantic found, as one field and one sentence each."""
    found = error.errors(include_url=False)
    as_list = [e for e in found if e["loc"][:2] != ("types", "literal['all']")]
    return [_sentence(e) for e in as_list]


def _sentence(error: Any) -> FieldError:
    place = [part for part in error["loc"] if "[" not in str(part)]
    field = ".".join(map(str, place)) or "body"
    expected = error.get("ctx", {}).get("expected", "")
    sentence = {
        "missing": f"Say {field}.",
        "json_invalid": "The body is not JSON.",
        "extra_forbidden": f"There is no field {field}.",
        "literal_error": f"The {field} is one of {expected}.",
    }.get(error["type"], f"{field}: {error['msg']}.")
    return {"field": field, "detail": sentence}


def _all_types() -> list[str]:
    """Every type that the key may export."""
    there = [data_type.name for data_type in ALL]
    return [name for name in there if f"{name}:export" in g.permissions] or there[:1]


def _type_errors(names: list[str]) -> Iterator[FieldError]:
    for number, name in enumerate(names):
        field = f"types.{number}"
        if name not in BY_NAME:
            yield {"field": field, "detail": f"“{name[:40]}” is none of {', '.join(BY_NAME)}."}
        elif name in names[:number]:
            yield {"field": field, "detail": f"“{name}” is there twice."}


def _filter_errors(wanted: NewExport, names: list[str]) -> Iterator[FieldError]:
    for name, filters in wanted.filters.items():
        if name not in names:
            yield {"field": f"filters.{name}", "detail": "Filters are for types of this export."}
            continue
        try:
            search(BY_NAME[name], filters)
        except BadFilter as error:
            yield {"field": f"filters.{name}", "detail": str(error)}
            continue
        if g.caller.personal_data != ALL_SEEN:
            for looked_for in personal_filters(BY_NAME[name], filters):
                detail = NO_FILTER.format(looked_for)
                yield {"field": f"filters.{name}", "detail": detail}


def _option_errors(wanted: NewExport, names: list[str]) -> Iterator[FieldError]:
    for name, columns in wanted.columns.items():
        if name not in names:
            yield {"field": f"columns.{name}", "detail": "Columns are of types of this export."}
            continue
        try:
            check(BY_NAME[name], columns)
        except UnknownColumn as error:
            yield {"field": f"columns.{name}", "detail": str(error)}
        if g.caller.personal_data == NONE:
            for header in only_personal(BY_NAME[name], columns):
                yield {"field": f"columns.{name}", "detail": NO_COLUMN.format(header)}
    if wanted.columns and wanted.format == "jsonl":
        yield {"field": "columns", "detail": "JSONL has no columns: leave them out, or take CSV."}
    if not wanted.bom and wanted.format != "csv":
        yield {"field": "bom", "detail": "Only CSV files have a byte order mark."}
    if wanted.since_last and wanted.updated_since is not None:
        yield {"field": "since_last", "detail": "Say either since_last or updated_since."}
    if wanted.updated_since is not None:
        try:
            iso_moment(wanted.updated_since)
        except BadFilter as error:
            yield {"field": "updated_since", "detail": str(error)}


def _series(wanted: NewExport, names: list[str]) -> str:
    """The same for exports of the same types, filters and columns."""
    parts = [sorted(names), wanted.filters, wanted.columns]
    return sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _since(
    wanted: NewExport, names: list[str], series: str
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The filters with the moment since when objects are wanted; and the types that come whole
    all the same, because Shopify cannot tell when those changed."""
    since = wanted.updated_since
    if wanted.since_last and (last := Job.last_completed(g.key_id, series)):
        since = iso(last.started_at)
    if since is None:
        return wanted.filters, []
    filtered = [name for name in names if changed(BY_NAME[name])]
    filters = wanted.filters | {
        name: {SINCE: since} | wanted.filters.get(name, {}) for name in filtered
    }
    return filters, [name for name in names if name not in filtered]


def _stop_at(errors: Iterable[FieldError]) -> None:
    """Raise a Problem that lists these errors, if there are any."""
    if found := list(errors):
        raise Problem(422, "invalid", found[0]["detail"], errors=found)
