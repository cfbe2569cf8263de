"""Cells of a file beside those of the store: what differs, and what is told of the others."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from transfer.formats.xlsx_reader_process import NO_VALUE
from transfer.importing.columns import FileColumns
from transfer.types.forms import NUMBER_TEXT, BadCell, same_decimal, short
from transfer.types.writing import Reference

ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!"
    r"|UNKNOWN!|GETTING_DATA)"
)
"""What spreadsheet programs show where a formula has no value."""
SHORTENED = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d{1,2}")
"""What they make of a long number, such as a barcode."""
KEEP, CLEAR = "keep", "clear"
ADD, TAKE = ("MERGE", "ADD"), "DELETE"
MOST_WARNINGS = 100
MORE_WARNINGS = "More rows have warnings than are told here."
"""Ends the warnings about an object of many rows."""


@dataclass(frozen=True)
class Options:
    """How a file is to be understood. A ``blank`` cell is kept as the store has it, or clears that.
    With ``strict`` a command that does not fit what the store has is a failure. Where some objects
    of the store are ``unseen``, only NEW creates one. With ``partly`` REPLACE empties only
    columns that are there."""

    strict: bool = False
    blank: str = KEEP
    unseen: bool = False
    partly: bool = False

    @classmethod
    def of(cls, options: Mapping[str, object]) -> "Options":
        """Of a job's options."""
        return cls(bool(options.get("strict")), CLEAR if options.get("blank") == CLEAR else KEEP)


@dataclass
class Notes:
    """What was seen in an object's rows and is not done: sentences; the columns of blank cells that
    face a value and are kept; those that differ and cannot be written; of cells that are left out,
    why. Whether a command takes away what the file does not name. Ids of members that the object
    does not have, each with the sentence that refuses its row if the store has it ``elsewhere``."""

    warnings: list[str] = field(default_factory=list)
    blanks: list[str] = field(default_factory=list)
    read_only: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    replaces: bool = False
    elsewhere: dict[Reference, str] = field(default_factory=dict)

    def warn(self, sentence: str) -> None:
        if len(self.warnings) <= MOST_WARNINGS and sentence not in self.warnings:
            full = len(self.warnings) == MOST_WARNINGS
            self.warnings.append(MORE_WARNINGS if full else sentence)


@dataclass(frozen=True)
class Comparison:
    """Compares cells of a file with those of the store. ``around`` are the object's own cells."""

    columns: FileColumns
    options: Options
    notes: Notes
    around: Mapping[str, str]

    def differences(
        self, headers: Iterable[str], cells: Mapping[str, str], known: Mapping[str, str]
    ) -> dict[str, str]:
        """The file's cells that mean something else than the store's, as Shopify keeps them; or
        BadCell."""
        after = {}
        row: dict[str, str] = {}
        for header in headers:
            if (cell := cells.get(header)) is None or cell == (there := known.get(header, "")):
                continue
            row = row or {**self.around, **known, **cells}  # most rows differ in nothing
            if self._is_sum(header, cell, cells):
                continue
            if cell.strip() and not self._counts(header, cell, row, cells):
                self.tell_read_only([header], cells, known)
            elif not cell.strip():
                if self._means_blank(header, cells, row) and self._clears(header, there):
                    after[header] = ""
            elif self._zeros_lost(header, cell, there):
                self.notes.warn(
                    f"{header}: “{cell}” is “{there}” without its leading zeros, as a spreadsheet "
                    "leaves it. It is not changed."
                )
            else:
                kept = self._kept_or_left(header, cell, there, row)
                if kept is not None and self.columns.differ(header, kept, there, row):
                    after[header] = kept
        return after

    def _kept_or_left(
        self, header: str, cell: str, there: str, row: Mapping[str, str]
    ) -> str | None:
        """A cell as Shopify is to keep it; None, and noted, where the import goes on without."""
        try:
            return self.kept(header, cell, there, row)
        except BadCell as error:
            if not self.columns.columns[header].column.lenient:
                raise
            self.notes.left_out.append(str(error))
            return None

    def _is_sum(self, header: str, cell: str, cells: Mapping[str, str]) -> bool:
        """Whether a cell follows from others of its row, which all are in the file."""
        column = self.columns.columns[header].column
        place = header.removeprefix(column.header.partition("{}")[0])
        parts = [one.format(place) for one in column.sum_of]
        if not parts or not all(part in cells for part in parts):
            return False
        try:
            return int(cell) == sum(int(cells[part] or 0) for part in parts)
        except ValueError:
            return False

    def _counts(
        self, header: str, cell: str, row: Mapping[str, str], cells: Mapping[str, str]
    ) -> bool:
        """Whether a cell can be written beside the others of its row."""
        column = self.columns.columns[header].column
        if cells.get(column.unless, "").strip():
            return False
        return not column.assigned or self.columns.value(header, cell, row) not in column.assigned

    def kept(self, header: str, cell: str, there: str, row: Mapping[str, str]) -> str:
        """A cell as Shopify is to keep it, what its column's own command adds to or takes from what
        is there included; or BadCell."""
        if SHORTENED.fullmatch(cell.strip()) and self._is_text(header):
            raise BadCell(
                f"{header}: “{cell.strip()}” is a long number that a spreadsheet has shortened. "
                "Format the column as text and enter it again."
            )
        kept = self.columns.kept(header, cell, row)
        command = _command(header, row)
        if command in (*ADD, TAKE):
            return self._combined(header, command, kept, there)
        return kept

    def created(self, headers: Iterable[str], cells: Mapping[str, str]) -> dict[str, str]:
        """The cells of something new."""
        filled = ((header, cells.get(header, "")) for header in headers)
        row = {**self.around, **cells}
        made = {
            header: self._kept_or_left(header, cell, "", row)
            for header, cell in filled
            if cell.strip() and self._counts(header, cell, row, cells)
        }
        return {header: cell for header, cell in made.items() if cell}

    def fixed_changes(
        self, headers: Iterable[str], cells: Mapping[str, str], known: Mapping[str, str]
    ) -> dict[str, str]:
        """The columns that cannot change once the object is there and are to have another value,
        with what they have."""
        pairs = ((h, cells.get(h, ""), known.get(h, "")) for h in headers)
        others = [(h, cell, there) for h, cell, there in pairs if cell != there and cell.strip()]
        row = {**known, **cells} if others else {}
        return {h: there for h, cell, there in others if self.columns.differ(h, cell, there, row)}

    def check_fixed(
        self,
        headers: Iterable[str],
        cells: Mapping[str, str],
        known: Mapping[str, str],
        instead: str = "",
    ) -> None:
        """Refuse another value where a column cannot change once the object is there."""
        for header, there in self.fixed_changes(headers, cells, known).items():
            why = f"{header}: it cannot be changed, the store has “{short(there)}”."
            raise BadCell(f"{why} {instead}".strip())

    def tell_read_only(
        self, headers: Iterable[str], cells: Mapping[str, str], known: Mapping[str, str]
    ) -> None:
        """Note the columns that cannot be written and differ."""
        for header in headers:
            cell, there = cells.get(header, ""), known.get(header, "")
            if cell == there or not cell.strip() or shown(cell) == shown(there):
                continue
            if self.columns.differ(header, cell, there):
                self.notes.read_only.append(header)

    def tell_assumed(self, headers: Iterable[str], cells: Mapping[str, str]) -> None:
        """Note the columns in which something new is to have what Shopify does not give it."""
        for header in headers:
            assumed, cell = self.columns.columns[header].column.assumed, cells.get(header, "")
            if assumed and cell.strip() and cell.strip().casefold() not in assumed:
                self.notes.read_only.append(header)

    def _means_blank(self, header: str, cells: Mapping[str, str], row: Mapping[str, str]) -> bool:
        """Whether a blank cell says anything, beside that of another column, or of its own command:
        nothing is added or taken."""
        other = self.columns.columns[header].column.blank_with
        if _command(header, row) in (*ADD, TAKE):
            return False
        return not other or not cells.get(other, "x").strip()

    def _clears(self, header: str, there: str) -> bool:
        """Whether a blank cell empties what the store has; if not, it is noted that it does not."""
        if not there or self.columns.compared(header, there) == self.columns.compared(header, ""):
            return False
        if self.options.blank == KEEP:
            self.notes.blanks.append(header)
            return False
        column = self.columns.columns[header].column
        if self.options.partly and not column.clears:  # an undo of what was not there before
            name, colon, path = column.write.partition(":")
            return bool(colon and path and self.columns.writing.step(name).clear)
        return column.clears and column.form.cell_type != "boolean"

    def _combined(self, header: str, command: str, kept: str, there: str) -> str:
        """The list that is there with the cell's members, or without them, however they are
        written."""
        form, facts = self.columns.form(header), self.columns.facts
        old, named = form.value(there, facts) or [], form.value(kept, facts) or []
        if not isinstance(old, list) or not isinstance(named, list):
            return kept
        if command == TAKE:
            taken = {str(one).casefold() for one in named}
            members = [one for one in old if str(one).casefold() not in taken]
        else:
            known = {str(one).casefold() for one in old}
            members = old + [one for one in named if str(one).casefold() not in known]
        return form.render(facts)(members) if members else form.empty

    def check_zeros(
        self, headers: Iterable[str], cells: Mapping[str, str], known: Iterable[Mapping[str, str]]
    ) -> None:
        """Refuse a name that is the store's but for the zeros in front of it."""
        for of_known in known:
            for header in headers:
                cell, there = cells.get(header, ""), of_known.get(header, "")
                if self._zeros_lost(header, cell, there):
                    raise BadCell(
                        f"{header}: “{cell.strip()}” is “{there}” without its leading zeros, as a "
                        "spreadsheet leaves it. Format the column as text and enter it again."
                    )

    def _zeros_lost(self, header: str, cell: str, there: str) -> bool:
        """``123`` where the store has ``00123``."""
        digits = there.isdigit() and there.startswith("0") and self._is_text(header)
        return digits and there.lstrip("0") == cell.strip()

    def _is_text(self, header: str) -> bool:
        return self.columns.form(header).cell_type == "text"


def shown(cell: str) -> str:
    """A cell in the form in which those are the same that a spreadsheet program makes of it."""
    text = cell.strip().casefold()
    return same_decimal(text) if NUMBER_TEXT.fullmatch(text) else text


def _command(header: str, row: Mapping[str, str]) -> str:
    """The command that a column has of its own, in the column after it."""
    return row.get(f"{header} Command", "").strip().upper()


def check_errors(cells: Mapping[str, str]) -> None:
    """Refuse what a spreadsheet shows in the place of a value."""
    for header, cell in cells.items():
        if cell == NO_VALUE:
            raise BadCell(
                f"The {header} is a formula without a result. Open the file in a spreadsheet "
                "program, save it and send it again."
            )
        if "#" in cell and ERROR.fullmatch(cell.strip()):
            raise BadCell(f"The {header} is “{cell.strip()}”, an error of the spreadsheet.")
