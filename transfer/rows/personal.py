"""Which columns and filters of a data type have personal data."""

from collections.abc import Iterable
from functools import cache

from transfer.reading.filters import SINCE
from transfer.rows.chosen_columns import chosen
from transfer.rows.columns import BoundColumn, all_columns, exported_columns
from transfer.types.base import DataType
from transfer.types.personal import PUBLIC, TEXT, Kind, declared, declared_filter


def declared_kind(data_type: DataType, bound: BoundColumn) -> Kind | None:
    """What kind of data a column has; None where nobody has declared it. Of several paths that it
    takes its value from the first that is personal counts."""
    by_header = declared(f"={bound.header}", data_type.personal)
    if by_header is not None:
        return by_header
    kinds = [declared(path, data_type.personal) for path in _paths(data_type, bound)]
    return next((kind for kind in kinds if kind != PUBLIC), PUBLIC)


def kind_of(data_type: DataType, bound: BoundColumn) -> Kind:
    """What kind of data a column has; what is not declared is personal."""
    kind = declared_kind(data_type, bound)
    return TEXT if kind is None else kind


@cache
def personal_columns(data_type: DataType) -> dict[str, Kind]:
    """The headers of a type's columns with personal data, ``{}`` for the name of a fact, each with
    its kind; but for the ID of the object itself."""
    kinds = {bound.column.header: kind_of(data_type, bound) for bound in all_columns(data_type)}
    return {header: kind for header, kind in kinds.items() if kind not in (PUBLIC, "own")}


def is_personal(data_type: DataType, wanted: str) -> bool:
    """Whether the filter of this name looks for personal data."""
    return declared_filter(data_type.name, wanted, data_type.personal) != PUBLIC


def personal_filters(data_type: DataType, names: Iterable[str]) -> list[str]:
    """Those of these filters that look for personal data."""
    return [name for name in names if name != SINCE and is_personal(data_type, name)]


def only_personal(data_type: DataType, wanted: Iterable[str]) -> list[str]:
    """Those names of wanted columns that are the header of a personal one, or mean such alone."""
    hidden = personal_columns(data_type)
    headers = {" ".join(header.lower().split()) for header in hidden}
    found = []
    for name in wanted:
        if " ".join(name.lower().split()) in headers:
            found.append(name)
            continue
        meant = [
            bound.column.header
            for sheet in data_type.sheets
            for bound in chosen(exported_columns(sheet), [name])
        ]
        if meant and all(header in hidden for header in meant):
            found.append(name)
    return found


def _paths(data_type: DataType, bound: BoundColumn) -> list[str]:
    """The dotted paths that a column is read from; that of one which takes the whole object, or
    part of it, is its header."""
    column, start = bound.column, bound.block.at or bound.block.of
    if column.path.startswith("#"):
        return []
    within = ".".join(filter(None, (data_type.name, start, bound.block.part)))
    if column.path.endswith(".") or (column.path == "id" and not column.form.typenames):
        return [f"{within}.?"]  # its header alone tells
    named = (
        ".".join(name for name in choice.split(".") if not name.isdigit())
        for choice in column.path.split("|")
    )
    return [f"{within}.{choice}" for choice in named]
