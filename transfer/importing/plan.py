"""Rows to changes: what the rows of an object ask for, beside the object as it is.

Everything is compared as cells: those of the file, in the form in which Shopify keeps them, with
those that an export would write now.

Commands, as the incumbents understand them: NEW creates and skips what exists; MERGE, and a
blank cell, updates or creates; UPDATE and DELETE skip what is missing; IGNORE skips. REPLACE is
MERGE, and what the file does not name goes: members of nested sets, values that it leaves blank or
has no column for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from models.import_object import CREATE, DELETE, UPDATE
from transfer.importing.cells import CLEAR, Comparison, Notes, Options, check_errors
from transfer.importing.columns import FileColumns
from transfer.importing.difference_text import difference_text
from transfer.importing.members import Member, Row, SetPlan, command_of, rows_of
from transfer.importing.snapshot import TOTALS, Known, KnownMember, Snapshot
from transfer.types.base import ROW, TOP_ROW, Item
from transfer.types.forms import BadCell, counted, short
from transfer.types.writing import Members, Reference, Value, references_in, with_ids

EXISTS = "It exists already."
MISSING = "There is none to change."
STAYS = "Shopify does not delete it."
NOT_REPLACED = "There is only this one, and it is not replaced. Write the Command MERGE."
UNSEEN = (
    "It was not found. Altera sees only the last 60 days of this store, so it may exist already. "
    "Write the Command NEW to create it."
)
COUNTED = {CREATE: "added", DELETE: "removed"}
NO_OPTIONS = Options()
NUMBERING = {ROW.header, TOP_ROW.header}


@dataclass(frozen=True)
class Change:
    """What is to be done: ``create``, ``update``, ``delete``, ``unchanged``, ``skipped`` or
    ``failed``.

    ``known`` is the object that it is done to. ``before`` and ``after`` are its own cells that
    differ; ``sets`` has, by name, the nested sets of which a member changes: the whole list as it
    is to be, then what is deleted. ``key`` is the natural key afterwards, ``comment`` what differs
    or why nothing is done, ``warnings`` what the file says and is not done.

    ``blanks`` are the columns of blank cells that face a value and are kept, ``read_only`` those
    that differ and cannot be written, ``left_out`` tells of cells without which it is done.
    ``replaces`` tells that a command takes away what the file does not name. ``later`` is what it
    refers to that is created later, ``guarded`` are the sets of which no member may change before
    it is done. An update that ``remakes`` the object deletes it and creates it again. It is refused
    if the store has one of the ids that are ``elsewhere``, with the sentence for that. One that
    takes back a change of its address deletes the ``redirect`` with this id, and leaves none.
    """

    action: str
    known: Known | None = None
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    sets: dict[str, tuple[Member, ...]] = field(default_factory=dict)
    key: str = ""
    comment: str = ""
    warnings: tuple[str, ...] = ()
    blanks: tuple[str, ...] = ()
    read_only: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    replaces: bool = False
    later: frozenset[Reference] = frozenset()
    guarded: tuple[str, ...] = ()
    remakes: bool = False
    elsewhere: Mapping[Reference, str] = field(default_factory=dict)
    redirect: str = ""

    @property
    def leaves(self) -> dict[str, tuple[KnownMember, ...]]:
        """The members of the sets that change as it leaves them."""
        return {
            name: tuple(KnownMember(m.ref, m.cells) for m in members if m.action != DELETE)
            for name, members in self.sets.items()
        }


def id_of(columns: FileColumns, cells: dict[str, str]) -> str | None:
    """The id that a row names, None without one; or BadCell."""
    if not cells.get("ID", "").strip():
        return None
    form = columns.key_form("ID", cells)
    return str(form.value(cells["ID"], columns.facts))


def plan(
    columns: FileColumns,
    rows: Sequence[Row],
    snapshot: Snapshot,
    options: Options = NO_OPTIONS,
    *,
    offset: int = 0,
    known: Known | None = None,
) -> Change:
    """What the rows of an object ask for, by their cells as the file has them. ``offset`` is that
    of their numbers from the lines that people see; ``known`` is the object where that is known."""
    return _Plan(columns, rows, snapshot, options, offset, known).change()


class _Plan:
    """Plans one object."""

    def __init__(
        self,
        columns: FileColumns,
        rows: Sequence[Row],
        snapshot: Snapshot,
        options: Options,
        offset: int,
        known: Known | None,
    ):
        self._columns, self._rows, self._snapshot = columns, rows, snapshot
        self._options, self._offset, self._notes = options, offset, Notes()
        self._cells = rows[0][1] if len(rows) == 1 else {}
        self._of = known

    def change(self) -> Change:
        try:
            self._cells = self._cells or self._own_cells()
            key = self._columns.key_of(self._cells)
            change = self._change(key)
        except BadCell as error:
            key = self._columns.key_of(self._cells)
            change = Change("failed", key=key, comment=str(error))
        notes = self._notes
        if notes == Notes():
            return change
        return replace(
            change,
            comment=" ".join(filter(None, (change.comment, *notes.warnings))),
            warnings=tuple(notes.warnings),
            blanks=tuple(notes.blanks),
            read_only=tuple(notes.read_only),
            left_out=tuple(notes.left_out),
            replaces=notes.replaces,
            elsewhere={} if self._names_another_store(change.known) else notes.elsewhere,
        )

    def _names_another_store(self, known: Known | None) -> bool:
        """Whether the rows name their object by an id that this store does not have: the ids of its
        members then tell nothing either."""
        if not self._notes.elsewhere:
            return False
        ref = id_of(self._columns, self._cells)
        return ref is not None and (known is None or known.ref != ref)

    def _own_cells(self) -> dict[str, str]:
        """The object's own cells: of each column the first that is filled. Further rows repeat
        them or leave them blank; where they contradict it, that is told."""
        numbers = [number for number, _ in self._rows]
        if numbers[-1] - numbers[0] >= len(numbers):
            self._notes.warn("Its rows are apart in the file; they are taken together.")
        for number, row in self._rows[1:]:
            if not self._columns.names(row):
                self._notes.warn(
                    f"{self._where(number)}no key is filled, so it belongs to the row above."
                )
                break
        cells = dict(self._rows[0][1])
        for header in self._columns.own:
            if header not in cells or header in NUMBERING:
                continue
            for number, row in self._rows[1:]:
                cell = row.get(header, "")
                if cell == cells[header] or not cell.strip():
                    continue
                if not cells[header].strip():
                    cells[header] = cell
                elif self._columns.differ(header, cell, cells[header]):
                    self._notes.warn(
                        f"{self._where(number)}{header} contradicts the object's first row, which "
                        "is taken."
                    )
        return cells

    def _change(self, key: str) -> Change:
        for number, cells in self._rows:
            try:
                check_errors(cells)
            except BadCell as error:
                raise BadCell(f"{self._where(number)}{error}") from None
        command = command_of("Command", self._cells.get("Command", ""))
        known = self._of or self._stored_object(key)
        if command == "IGNORE":
            return Change("skipped", known, key=key, comment="Its Command is IGNORE.")
        if self._columns.writing.skips_unnamed and not self._is_named():
            headers = self._columns.writing.keys[0].headers
            return Change("skipped", comment=f"It has neither an ID nor a {', '.join(headers)}.")
        made = self._columns.writing.made_through and key
        if known is None and self._columns.through and not made:
            raise BadCell(self._no_member())
        if known is None:
            if command in ("UPDATE", "DELETE"):
                self._comparison(self._options, {}).created(self._columns.writable, self._cells)
                return self._conflict(None, key, MISSING)
            if self._options.unseen and command != "NEW":
                raise BadCell(UNSEEN)
            return self._creation(key)
        if command == "NEW":
            return self._conflict(known, key, EXISTS)
        single = self._columns.data_type.passes[0].single and not self._options.partly
        if command == "REPLACE" and single:
            return self._conflict(known, key, NOT_REPLACED)
        if command == "DELETE" and not self._columns.writing.deletions:
            return self._conflict(known, key, STAYS)
        if command == "DELETE":
            if why := self._columns.writing.undeletable(known.item or {}):
                raise BadCell(why)
            before = {header: known.cells.get(header, "") for header in self._columns.writable}
            key = self._columns.key_of(known.cells)
            sets = self._all_deleted(known)
            comment = self._told_of_deletion(sets, (known.item or {}).get(TOTALS, {}))
            return Change(DELETE, known, before, sets=sets, key=key, comment=comment)
        return self._update(known, replaces=command == "REPLACE")

    def _remade(self, known: Known) -> Change:
        """Delete the object and create it as the file has it: what is fixed in it is to be
        another."""
        made = self._creation(self._columns.key_of(self._cells))
        gone = self._all_deleted(known)
        names = dict.fromkeys((*made.sets, *gone))
        sets = {name: (*made.sets.get(name, ()), *gone.get(name, ())) for name in names}
        cells = {header: known.cells.get(header, "") for header in self._columns.writable}
        before = {header: cell for header, cell in cells.items() if cell or header in made.after}
        self._notes.warn(self._columns.writing.remade)
        comment = self._comment(before, made.after, sets)
        return Change(UPDATE, known, before, made.after, sets, made.key, comment, remakes=True)

    def _told_of_deletion(
        self, sets: Mapping[str, Sequence[Member]], totals: Mapping[str, int]
    ) -> str:
        """What goes with an object that is deleted, and what cannot come back. ``totals`` are those
        of sets of which not all members are here."""
        words = {one.name: one.word for one in self._columns.writing.members if one.word}
        gone = {words[name]: len(of_set) for name, of_set in sets.items() if name in words}
        for name, total in totals.items():
            kept, gone[words[name]] = gone.get(words[name], 0), total
            named = counted(total, words[name])
            self._notes.warn(f"It has {named}, of which an undo brings back {kept:,}.")
        named = " and ".join(counted(count, word) for word, count in gone.items())
        one = sum(gone.values()) == 1
        told = f"Its {named} {'is' if one else 'are'} deleted too." if gone else ""
        return " ".join(filter(None, (told, self._columns.writing.lost)))

    def _all_deleted(self, known: Known) -> dict[str, tuple[Member, ...]]:
        """The members that go with an object, so that it is known what an undo has to make."""
        comparison = self._comparison(self._options, known.cells)
        found = {}
        for name, of_set in self._columns.sets.items():
            members = known.members.get(name, ())
            planner = SetPlan(self._columns, of_set, members, comparison, self._where)
            if gone := planner.all_deleted():
                found[name] = gone
        return found

    def _conflict(self, known: Known | None, key: str, comment: str) -> Change:
        action = "failed" if self._options.strict else "skipped"
        return Change(action, known, key=key, comment=comment)

    def _stored_object(self, key: str) -> Known | None:
        """The object that the rows are about: by its id, else by its natural key; or BadCell."""
        if self._columns.data_type.passes[0].single:
            only = self._snapshot.only()
            if only and key and key != self._columns.key_of(only.cells):
                headers = self._columns.key_headers
                named = ", ".join(short(self._cells.get(header, "").strip()) for header in headers)
                raise BadCell(f"{' and '.join(headers)}: “{named}” is another store.")
            return only
        ref = id_of(self._columns, self._cells)
        if known := self._snapshot.with_ref(ref):
            return known
        wanted = self._columns.wanted_keys(self._cells)
        key = next((one for one in wanted if self._snapshot.with_key(one)), key)
        known = self._snapshot.with_key(key)
        if known is None:
            return None
        alike = self._snapshot.all_with_key(key)
        own = key == self._columns.key_of(known.cells) and not self._columns.writing.names_repeat
        if len(alike) > 1 and not own:
            having = [one for one in alike if self._has_named(one)]
            if len(having) != 1:
                raise BadCell("Several objects have this name; name the one you mean by its ID.")
            [known] = having
        if ref and known.ref != ref:
            headers = self._columns.natural(key)[0].headers
            self._notes.warn(
                f"The store has no ID {self._cells['ID'].strip()}; it was found by its "
                f"{' and '.join(headers)}."
            )
        return known

    def _has_named(self, known: Known) -> bool:
        """Whether an object has a member that the rows name, of those by which it can be found."""
        members = [one.cells for of_set in known.members.values() for one in of_set]
        for key in (key for group in self._columns.writing.through for key in group):
            named, there = (
                {self._columns.normal_key(key.headers, cells).casefold() for cells in of}
                for of in ([row for _, row in self._rows], members)
            )
            if (named & there) - {""}:
                return True
        return False

    def _no_member(self) -> str:
        """Why a member by which the file names its objects leads to none."""
        headers = [header for key in self._columns.keys for header in key.headers]
        header = next((h for h in headers if self._cells.get(h, "").strip()), "")
        if not header:
            return f"{' and '.join(headers)}: empty, so it is not known what the row is about."
        return f"{header}: the store has none with “{short(self._cells[header].strip())}”."

    def _is_named(self) -> bool:
        keys = (key.headers for key in self._columns.writing.keys)
        headers = ("ID", *(header for key in keys for header in key))
        return any(self._cells.get(header, "").strip() for header in headers)

    def _creation(self, key: str) -> Change:
        if not self._columns.writing.creations:
            raise BadCell("The store does not have it, and none can be created.")
        if why := self._columns.writing.uncreated(self._cells):
            return self._conflict(None, key, why)
        comparison = self._comparison(self._options, {})
        columns, never_new = self._columns.columns, self._columns.writing.never_new
        headers = [h for h in self._columns.writable if columns[h].column.write not in never_new]
        written = comparison.created(headers, self._cells)
        written = self._without_assigned(written)
        for header, default in self._columns.writing.defaults.items():
            if header not in written and (cell := default(self._columns.facts, self._cells)):
                written |= comparison.created([header], {header: cell})
        for header in self._columns.writing.required:
            if header not in written:
                raise BadCell(f"The {header} is empty.")
        self._check_unlike(written)
        self._check_alike(written)
        comparison.tell_read_only(self._columns.never_written, self._cells, {})
        sets = self._sets({}, comparison, replaces=False, creates=True)
        return Change(
            CREATE, after=written, sets=sets, key=key, comment=self._comment({}, written, sets)
        )

    def _update(self, known: Known, *, replaces: bool) -> Change:
        self._notes.replaces = self._notes.replaces or replaces
        options = replace(self._options, blank=CLEAR) if replaces else self._options
        comparison = self._comparison(options, known.cells)
        writing = self._columns.writing
        differs = comparison.fixed_changes(writing.fixed, self._cells, known.cells)
        if differs and replaces and writing.remade:
            return self._remade(known)
        comparison.check_fixed(writing.fixed, self._cells, known.cells, writing.instead)
        emptied = self._emptied_in("", replaces=replaces)
        cells = {**dict.fromkeys(emptied, ""), **self._cells}
        after = comparison.differences(self._columns.changeable, cells, known.cells)
        after = self._without_refused(after, known)
        for header, cell in after.items():
            if header in self._columns.writing.required and not cell:
                raise BadCell(f"The {header} is empty.")
        after = self._without_older(after, known.cells)
        comparison.tell_read_only(self._columns.read_only, self._cells, known.cells)
        for header in self._notes.read_only if self._columns.writing.once else ():
            if self._columns.columns[header].column.write:
                there = short(known.cells.get(header, ""))
                self._notes.warn(f"{header}: “{there}” stays. {self._columns.writing.once}")
        sets = self._sets(known.members, comparison, replaces=replaces, item=known.item)
        if not sets and after.keys() <= self._columns.options:
            after = {}
        members = [member for of_set in sets.values() for member in of_set]
        loses = any(
            not cell for one in (after, *(m.after for m in members)) for cell in one.values()
        )
        deleted = any(member.action == DELETE for member in members)
        self._notes.replaces = self._notes.replaces and (loses or deleted)
        key = self._columns.key_of(known.cells | after)
        if not after and not sets:
            return Change("unchanged", known, key=key)
        self._check_unlike(known.cells | after)
        changed = key != self._columns.key_of(known.cells) and not writing.names_repeat
        other = self._snapshot.with_key(key) if changed else None
        if other is not None and other.identity != known.identity:
            headers = self._columns.key_headers
            taken = ", ".join(f"“{short(after[h])}”" for h in headers if h in after)
            raise BadCell(f"{' and '.join(headers)}: {taken} is that of another object.")
        before = {header: known.cells.get(header, "") for header in after}
        before |= self._emptied(known, after)
        guarded = tuple(
            one.name
            for one in self._columns.writing.members
            if one.guarded and (one.whole or one.name in sets)
        )
        comment = self._comment(before, after, sets)
        return Change(UPDATE, known, before, after, sets, key, comment, guarded=guarded)

    def _without_assigned(self, after: dict[str, str]) -> dict[str, str]:
        """Without what goes with a value that only Shopify gives: how, and since when."""
        for latest in self._columns.writing.latest:
            if any(self._is_assigned(header) for header in latest.headers):
                gone = {*latest.headers, latest.at}
                after = {header: cell for header, cell in after.items() if header not in gone}
        return after

    def _is_assigned(self, header: str) -> bool:
        cell, assigned = self._cells.get(header, ""), self._columns.columns[header].column.assigned
        return bool(assigned and cell.strip() and self._columns.value(header, cell) in assigned)

    def _without_older(self, after: dict[str, str], known: Mapping[str, str]) -> dict[str, str]:
        """What differs, without what the store has of a later moment."""
        after = self._without_assigned(after)
        for latest in self._columns.writing.latest:
            headers = {*latest.headers, latest.at}
            at, there = self._cells.get(latest.at, ""), known.get(latest.at, "")
            if headers.isdisjoint(after) or not at.strip() or not there:
                continue
            dates = (str(self._columns.value(latest.at, cell)) for cell in (at, there))
            if next(dates) < next(dates):
                self._notes.warn(
                    f"{' and '.join(latest.headers)}: left as the store has it, of {there}, which "
                    f"is later than the file's {latest.at}."
                )
                after = {header: cell for header, cell in after.items() if header not in headers}
        return after

    def _without_refused(self, after: dict[str, str], known: Known) -> dict[str, str]:
        """The cells that Shopify takes; of the others it is told why."""
        refuses = self._columns.writing.refuses
        if refuses is None or known.item is None:
            return after
        taken = {}
        for header, cell in after.items():
            path = self._columns.columns[header].column.write
            value = self._columns.value(header, cell, {**known.cells, **after})
            why = refuses(
                known.item, path, with_ids(value, dict.fromkeys(references_in(value), ""))
            )
            if why:
                self._notes.warn(f"{header}: {why}")
            else:
                taken[header] = cell
        return taken

    def _tell_rows_of_no_set(self, *, creates: bool) -> None:
        """Tell of rows that fill the part of a set and do not say that they are of it."""
        stacked = [one for one in self._columns.writing.members if one.only and one.part]
        stacked.sort(key=lambda one: bool(one.once))
        columns = self._columns.columns
        for number, cells in self._rows if stacked else ():
            for members in stacked:
                header, kind = members.only or ("", "")
                named = cells.get(header, "").strip()
                also = {one.casefold() for one in members.also}
                if named and (creates or members.once or named.casefold() not in also):
                    continue
                part = (h for h in self._columns.places if columns[h].block.part == members.part)
                if filled := next((h for h in part if cells[h].strip()), ""):
                    shown = f"“{short(named)}”" if named else "empty"
                    self._notes.warn(
                        f"{self._where(number)}{filled} was not imported: the {header} is {shown}. "
                        f"Write “{kind}” there."
                    )
                    break

    def _emptied(self, known: Known, after: Mapping[str, str]) -> dict[str, str]:
        """The cells before that are lost because others change."""
        empties = self._columns.writing.empties
        headers = (h for header in after for h in empties.get(header, ()) if h not in after)
        return {header: cell for header in headers if (cell := known.cells.get(header, ""))}

    def _sets(
        self,
        known: Mapping[str, tuple[KnownMember, ...]],
        comparison: Comparison,
        *,
        replaces: bool,
        creates: bool = False,
        item: Item | None = None,
    ) -> dict[str, tuple[Member, ...]]:
        """The nested sets in which a member changes. ``item`` is the object as the store has it."""
        found = {}
        self._tell_rows_of_no_set(creates=creates)
        for name, of_set in self._columns.sets.items():
            named = set(of_set.headers) & self._columns.places.keys()
            if not named and (not replaces or of_set.closed or of_set.members.kept):
                continue
            if creates if of_set.closed else self._is_brought(of_set.members):
                continue  # Shopify fills it
            there = known.get(name, ())
            planner = SetPlan(
                self._columns,
                of_set,
                there,
                comparison,
                self._where,
                creates=creates,
                emptied=self._emptied_in(name, replaces=replaces),
            )
            rows = rows_of(self._columns, of_set, self._rows, creates=creates)
            if members := planner.planned(rows, whole=replaces):
                self._check_beyond(of_set.members, item or {}, replaces=replaces)
                new = [member.after for member in members if member.action == CREATE]
                if item and new and (told := of_set.members.tells(item, new)):
                    self._notes.warn(told)
                if of_set.members.lost and any(member.action == DELETE for member in members):
                    self._notes.warn(of_set.members.lost)
                found[name] = members
        return found

    def _is_brought(self, members: Members) -> bool:
        """Whether what rows say of a set is only what another one brings."""
        other = self._columns.sets.get(members.brought_by)
        return bool(other and rows_of(self._columns, other, self._rows))

    def _check_beyond(self, members: Members, item: Item, *, replaces: bool) -> None:
        """Refuse to change a set that is made of more than rows say, but by REPLACE."""
        if not (why := members.beyond(item)):
            return
        if not replaces:
            raise BadCell(
                f"Its {members.name} cannot be changed by a file, because {why}. Change them in "
                "the Shopify admin, or write the Command REPLACE, which takes that away."
            )
        self._notes.warn(
            f"The {members.name} of the file take the place of all that it is made of, though "
            f"{why}. An undo brings back only what an export shows."
        )

    def _emptied_in(self, name: str, *, replaces: bool) -> tuple[str, ...]:
        """The columns of the object, or of a nested set, that are emptied without being there."""
        return self._columns.emptied[name] if replaces and not self._options.partly else ()

    def _comparison(self, options: Options, known: Mapping[str, str]) -> Comparison:
        own = {header: self._cells[header] for header in self._columns.own if header in self._cells}
        return Comparison(self._columns, options, self._notes, {**known, **own})

    def _check_unlike(self, cells: dict[str, str]) -> None:
        """Refuse what Shopify would refuse, so that a dry run tells it too."""
        headers = self._columns.writing.unlike
        if headers and len({cells.get(header) for header in headers}) == 1:
            raise BadCell(f"The {' and the '.join(headers)} are the same.")

    def _check_alike(self, cells: dict[str, str]) -> None:
        """Refuse cells of columns that say the same thing, where they do not. What has to be looked
        up in the store first is not compared."""
        values: dict[str, tuple[str, Value]] = {}
        for header in cells:
            bound = self._columns.columns[header]
            value = self._columns.value(header, cells[header], cells)
            if bound.fact is not None or any(references_in(value)):
                continue
            other, there = values.setdefault(bound.column.write, (header, value))
            if value != there:
                raise BadCell(f"{other} and {header}: they contradict each other.")

    def _where(self, number: int) -> str:
        """Where something stands, for an object of several rows."""
        return f"Row {number - self._offset}: " if len(self._rows) > 1 else ""

    def _comment(
        self, before: dict[str, str], after: dict[str, str], sets: dict[str, tuple[Member, ...]]
    ) -> str:
        """What differs, in words that fit into a cell."""
        words = {one.name: one.word for one in self._columns.writing.members if one.counted}
        counts = [
            f"{counted(count, words[name])} {done}"
            for name in sets.keys() & words.keys()
            for action, done in COUNTED.items()
            if (count := sum(one.action == action for one in sets[name]))
        ]
        others = [
            (one.name, one.action, one.before, one.after)
            for name, members in sets.items()
            if name not in words
            for one in members
        ]
        return ", ".join(filter(None, (difference_text(before, after, others), *counts)))
