"""A plan as a file: an object a line for programs, or for people the file itself as a workbook in
which every cell that changes is coloured and has the old value in a note.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import xlsxwriter

from models import db
from models.import_object import DELETE, WRITES, ImportObject
from models.import_row import ImportRow
from models.import_sheet import ImportSheet
from models.job import Job
from transfer.formats.xlsx_writer import MAX_NAME, MAX_TEXT
from transfer.importing.changes import FieldChange, changes
from transfer.importing.columns import BEHIND_RANK, BETWEEN
from transfer.importing.difference_text import difference_text
from transfer.importing.header_check import ADDED
from transfer.rows.headers import own_headers
from transfer.types import BY_NAME
from transfer.types.shop_facts import ShopFacts

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

OBJECTS_AT_ONCE, PARTS_AT_ONCE = 200, 5
UNCHANGED = "unchanged"
MOST_NOTES = 50_000
"""So many notes a workbook gets, as each is kept in memory until its end; further cells that change
are coloured only."""
MOST_OF_NOTE = 500
UNNAMEABLE = "[]:*?/\\'"
"""What the name of a sheet may not have."""
COLORS = {
    "create": "#D9F2E3",
    "update": "#FFF1C2",
    "delete": "#FADBD8",
    "failed": "#F5B7B1",
}


@dataclass(frozen=True)
class PlannedObject:
    """An object of a plan with what it changes and the numbers of its rows."""

    planned: ImportObject
    sheet: ImportSheet
    rows: list[int]
    changes: list[FieldChange] = field(default_factory=list)
    name: str = ""
    """What its first row calls it."""

    @property
    def lines(self) -> list[int]:
        """Its rows by their lines in the sheet."""
        return [self.sheet.line(number) for number in self.rows]

    @property
    def key(self) -> str:
        """Its natural key, as a person reads it: as the file has it, if it does."""
        return self.name or self.planned.key.rpartition(BEHIND_RANK)[2].replace(BETWEEN, " / ")

    @property
    def warnings(self) -> list[str]:
        """What a person should know of it."""
        return warnings(self.planned)

    @property
    def remark(self) -> str:
        """What its comment says beside the cells that differ."""
        before, after = self.planned.before, self.planned.after
        writing = BY_NAME[self.sheet.type].writing
        counted = {one.name for one in writing.members if one.counted} if writing else set()
        members = [
            (one["name"], one["action"], one["cells"], other["cells"])
            for one, other in zip(before["members"], after["members"], strict=True)
            if one["set"] not in counted
        ]
        listed = difference_text(before["cells"], after["cells"], members)
        return " ".join(self.planned.comment.replace(listed, "", 1).split()).removeprefix(", ")

    def as_json(self) -> dict[str, Any]:
        planned = self.planned
        return {
            "type": self.sheet.type,
            "sheet": self.sheet.name,
            "key": self.key,
            "id": planned.ref and planned.ref.rpartition("/")[2],
            "action": planned.action,
            "rows": self.lines,
            "changes": [asdict(change) for change in self.changes],
            "warnings": warnings(planned),
            "blanks": planned.notes.get("blanks", []),
        }


def warnings(planned: ImportObject) -> list[str]:
    """What a person should know of it: why it is not written, or what its rows say and is not
    done."""
    if planned.action in WRITES or planned.action == UNCHANGED:
        return list(planned.notes.get("warnings", ()))
    return [planned.comment] if planned.comment else []


def objects(
    job: Job, *, only_changes: bool = False, numbers: Collection[int] = (), named: bool = True
) -> Iterator[PlannedObject]:
    """The objects of a plan in the order of the file, a few in memory at a time: all of them, or
    those with these ``numbers``. ``only_changes`` leaves out those that are unchanged or skipped.
    Those that are not ``named`` come without their rows and what the file calls them.
    """
    after, at_once = 0, _at_once(job)
    asked = {"only_changes": only_changes, "named": named}
    while some := following(job, after, numbers=numbers, **asked):
        yield from some
        if len(some) < at_once:
            return
        after = some[-1].planned.number


def _at_once(job: Job) -> int:
    return PARTS_AT_ONCE if job.import_state.parts else OBJECTS_AT_ONCE


def following(
    job: Job,
    after: int,
    *,
    only_changes: bool = False,
    numbers: Collection[int] = (),
    named: bool = True,
) -> list[PlannedObject]:
    """The next of them, behind the number ``after``."""
    query = db.select(ImportObject).where(
        ImportObject.job_id == job.id, ImportObject.number > after
    )
    if only_changes:
        query = query.where(ImportObject.action.in_((*WRITES, "failed")))
    if numbers:
        query = query.where(ImportObject.number.in_(numbers))
    query = query.order_by(ImportObject.number).limit(_at_once(job))
    found = list(db.session.scalars(query))
    if named:
        return with_changes(job, found)
    return [PlannedObject(one, job.sheet_of(one.number), [], changes(one)) for one in found]


def with_changes(job: Job, some: Sequence[ImportObject]) -> list[PlannedObject]:
    """Objects of a plan with their rows, what they change, and what the file calls them."""
    if not some:
        return []
    numbers = [planned.number for planned in some]
    rows, cells = ImportRow.numbers_of(job.id, numbers), ImportRow.cells_of(job.id, numbers)
    found: list[PlannedObject] = []
    for planned in some:
        number, sheet = planned.number, job.sheet_of(planned.number)
        name = _name(sheet.type, tuple(sheet.headers), cells.get(number, []))
        found.append(PlannedObject(planned, sheet, rows.get(number, []), changes(planned), name))
    return found


def _name(type: str, headers: tuple[str, ...], cells: list[str]) -> str:
    """What a row calls its object by the first of its natural keys that it fills."""
    for places in _key_places(type, headers):
        parts = [cells[place].strip() if place < len(cells) else "" for place in places]
        if all(parts):
            return " / ".join(parts)
    return ""


@lru_cache(maxsize=32)
def _key_places(type: str, headers: tuple[str, ...]) -> list[list[int]]:
    """Where in a file's rows the cells of each natural key stand that it has columns for."""
    writing = BY_NAME[type].writing
    columns = own_headers(headers, BY_NAME[type])
    keys = [key.headers for key in writing.keys] if writing else []
    return [[columns.index(header) for header in key] for key in keys if {*key} <= {*columns}]


def plan_lines(some: Iterable[PlannedObject]) -> bytes:
    """An object a line."""
    lines = (orjson.dumps(each.as_json(), option=orjson.OPT_APPEND_NEWLINE) for each in some)
    return b"".join(lines)


def plan_name(job: Job, ending: str) -> str:
    return f"{job.types[0] if len(job.types) == 1 else 'import'}-plan.{ending}"


def write_workbook(job: Job, path: Path) -> None:
    """Write the file of the import as a workbook that shows what its plan changes."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(path, options)
    formats = {name: book.add_format({"bg_color": color}) for name, color in COLORS.items()}
    header = book.add_format({"bold": True})
    writer = _Writer(job, formats)
    names: set[str] = set()
    for sheet in job.sheets:
        page = book.add_worksheet(_free_name(sheet, names))
        page.freeze_panes(1, 1)
        for column, text in enumerate((*sheet.headers, *ADDED)):
            page.write_string(0, column, text[:MAX_TEXT], header)
        writer.write(page, sheet)
    book.close()


class _Writer:
    """Writes the rows of sheets with what is planned for them."""

    def __init__(self, job: Job, formats: Mapping[str, "Format"]):
        self._job, self._formats = job, formats
        self._notes = 0

    def write(self, page: "Worksheet", sheet: ImportSheet) -> None:
        facts = ShopFacts.from_json(self._job.import_state.facts.get(sheet.type, {}))
        headers = own_headers(sheet.headers, BY_NAME[sheet.type], facts)
        places = {name: place for place, name in reversed(list(enumerate(headers)))}
        after = sheet.offset
        while rows := self._following(after, sheet):
            about = ImportObject.of_numbers(self._job.id, {row.object for row in rows})
            changed = {number: _by_row(planned) for number, planned in about.items()}
            for row in rows:
                cells = changed.get(row.object, {}).get(row.number, {})
                placed = {places[name]: cell for name, cell in cells.items() if name in places}
                self._row(page, sheet, row, about.get(row.object), placed)
            after = rows[-1].number

    def _following(self, after: int, sheet: ImportSheet) -> list[ImportRow]:
        query = db.select(ImportRow).where(
            ImportRow.job_id == self._job.id,
            ImportRow.number > after,
            ImportRow.number <= sheet.last,
        )
        return list(db.session.scalars(query.order_by(ImportRow.number).limit(OBJECTS_AT_ONCE)))

    def _row(
        self,
        page: "Worksheet",
        sheet: ImportSheet,
        row: ImportRow,
        planned: ImportObject | None,
        changed: Mapping[int, FieldChange],
    ) -> None:
        line, action = sheet.line(row.number) - 1, planned.action if planned else ""
        format_ = self._formats.get(action)
        for place in range(len(sheet.headers)):
            cell = row.cells[place] if place < len(row.cells) else ""
            change = changed.get(place)
            text = (cell or change.after if change else cell)[:MAX_TEXT]
            coloured = format_ if change or action in (DELETE, "failed") else None
            if text or coloured:
                page.write_string(line, place, text, coloured)
            if change and action != "create":
                self._add_comment(page, line, place, f"Was: {change.before or '(blank)'}")
        page.write_string(line, len(sheet.headers), action, format_)
        comment = planned.comment if planned else ""
        page.write_string(line, len(sheet.headers) + 1, comment[:MAX_TEXT])

    def _add_comment(self, page: "Worksheet", line: int, place: int, text: str) -> None:
        if self._notes < MOST_NOTES:
            self._notes += 1
            page.write_comment(line, place, text[:MOST_OF_NOTE])


def _by_row(planned: ImportObject) -> dict[int, dict[str, FieldChange]]:
    """What changes, by the number of the row and the header of the cell that says so."""
    before, after = planned.before, planned.after
    found = {planned.number: _cells("", before["cells"], after["cells"])}
    for one, other in zip(before["members"], after["members"], strict=True):
        if one["row"]:
            of_row = found.setdefault(one["row"], {})
            of_row |= _cells(one["name"], one["cells"], other["cells"])
    return found


def _cells(
    member: str, before: Mapping[str, str], after: Mapping[str, str]
) -> dict[str, FieldChange]:
    return {
        header: FieldChange(header, member, before.get(header, ""), after.get(header, ""))
        for header in {**before, **after}
    }


def _free_name(sheet: ImportSheet, names: set[str]) -> str:
    """A name that a sheet of the workbook may have and none has yet."""
    called = sheet.name or BY_NAME[sheet.type].label
    wanted = "".join(letter for letter in called if letter not in UNNAMEABLE)
    name, count = wanted[:MAX_NAME] or sheet.type, 1
    while name.lower() in names:
        count += 1
        name = f"{wanted[: MAX_NAME - 5]} ({count})"
    names.add(name.lower())
    return name
