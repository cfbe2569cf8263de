"""Which sheets of a file are imported: those whose names say what they hold, unless it is said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from models.import_sheet import ImportSheet
from transfer.formats.bad_file import BadFile
from transfer.importing.order import in_order
from transfer.importing.sheet_names import is_exact, sheet_in, type_in
from transfer.types import ALL
from transfer.types.base import DataType

SUMMARY = "export summary"
MOST_NAMES = 20
"""Sheets that a sentence names."""
TYPES = "The data types are {}."
NO_NAME = "ALYS004: the file's name does not say which data type it holds."
SAY_TYPE = "Say it with the type, or call the file by it, like products.csv."
RENAME = "Call a sheet by its data type, or say the type."
EXPORT_ONLY = "{} can only be exported: Shopify lets nobody write them."


class NoType(BadFile):
    """Nothing says which data type a file holds, or it is one that cannot be imported.

    ``fact`` says so without ``advice``: what a program can do about it, where there is something.
    """

    def __init__(self, fact: str, advice: str = ""):
        super().__init__(f"{fact} {advice}".rstrip())
        self.fact, self.advice = fact, advice


@dataclass(frozen=True)
class Chosen:
    """Sheets in the order in which they are applied, and warnings about those left out."""

    sheets: list[ImportSheet]
    warnings: list[str]


def why_not(data_type: DataType) -> str:
    """Why a type cannot be imported; empty when it can."""
    return "" if data_type.importable else EXPORT_ONLY.format(data_type.label)


def choose_one(stem: str, data_type: DataType | None) -> Chosen:
    """The only sheet of a CSV or JSONL file with this name, its ending left out."""
    data_type = data_type or type_in(stem)
    if data_type is None:
        raise NoType(NO_NAME, f"{SAY_TYPE} " + _types())
    return Chosen([_sheet(stem, stem, data_type)], [])


def choose_sheets(
    names: Mapping[str, str],
    stem: str,
    data_type: DataType | None,
    *,
    hidden: Sequence[str] = (),
    others: Sequence[str] = (),
) -> Chosen:
    """The sheets of a workbook, or files of a zip, by what the file calls them: ``names`` gives
    what of that may say a type. ``hidden`` sheets and ``others`` are never taken.

    A workbook with one sheet needs no name for it: what the file is called counts as well.
    """
    found = {name: type_in(text) for name, text in names.items()}
    rest = [name for name, text in names.items() if text.strip().lower() != SUMMARY]
    if data_type is None:
        taken = {name: of for name, of in found.items() if of}
        if not taken and len(rest) == 1 and (of_file := type_in(stem)):
            taken = {rest[0]: of_file}
        taken = _exact(taken, names)
    else:
        taken = {name: data_type for name, of in found.items() if of is data_type}
        if not taken and len(rest) == 1:
            taken = {rest[0]: data_type}
    if not taken:
        raise NoType(
            _no_sheet(data_type, list(names), hidden), "" if data_type else f"{RENAME} {_types()}"
        )
    refused = {name: why for name, of in taken.items() if (why := why_not(of))}
    if len(refused) == len(taken):
        raise NoType(" ".join(dict.fromkeys(refused.values())))
    sheets = [_sheet(name, names[name], of) for name, of in taken.items() if name not in refused]
    left_out = [name for name in (*names, *others) if name not in taken]
    warnings = [f"Left out: {listed(left_out)}."] if left_out else []
    warnings += [f"Left out: {listed([name])}. {why}" for name, why in refused.items()]
    return Chosen(in_order(sheets), warnings)


def listed(names: Sequence[str]) -> str:
    """Some names, as a sentence has them."""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(f"“{name[:60]}”" for name in names[:MOST_NAMES]) + more


def _exact(taken: dict[str, DataType], names: Mapping[str, str]) -> dict[str, DataType]:
    """Without sheets like ``Notes on products`` beside one that is called ``Products``."""
    exact = {of.name for name, of in taken.items() if is_exact(names[name])}
    return {name: of for name, of in taken.items() if of.name not in exact or is_exact(names[name])}


def _sheet(name: str, text: str, data_type: DataType) -> ImportSheet:
    of = sheet_in(text, data_type)
    return ImportSheet(data_type.name, name, of.name if of else "")


def _no_sheet(data_type: DataType | None, sheets: Sequence[str], hidden: Sequence[str]) -> str:
    """Which sheets there are, when none of those that can be seen is one to be taken."""
    sentence = (
        f"ALYS004: no sheet of the workbook is called “{data_type.sheets[0].name}”."
        if data_type
        else "ALYS004: no name of a sheet or file says which data type it holds."
    )
    if sheets:
        sentence += f" The names are {listed(sheets)}."
    if hidden:
        sentence += f" Hidden sheets are not read: {listed(hidden)}. Unhide the one you mean."
    return sentence


def _types() -> str:
    return TYPES.format(", ".join(data_type.name for data_type in ALL if not why_not(data_type)))


def types_of(sheets: Iterable[ImportSheet]) -> list[str]:
    """The data types of sheets, in their order."""
    return list(dict.fromkeys(sheet.type for sheet in sheets))
