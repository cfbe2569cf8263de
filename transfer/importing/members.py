"""The rows of one nested set of an object, beside the members that the store has.

A row is about a member of a set when one of the set's cells is filled. Members are found by the
set's keys in their order; of a set without keys the rows are the whole list, each at its place.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod
from typing import TypeAlias

from transfer.importing.cells import Comparison
from transfer.importing.columns import FileColumns, SetColumns
from transfer.importing.snapshot import KnownMember
from transfer.types.forms import BadCell, parse_boolean, parse_list, short
from transfer.types.writing import Combinations, Key, Reference, places

Row: TypeAlias = tuple[int, dict[str, str]]
"""A row's number and its cells by header."""
COMMANDS = ("NEW", "MERGE", "UPDATE", "REPLACE", "DELETE", "IGNORE")
ALIASES = {"": "MERGE", "ADD": "MERGE"}
NAME_LENGTH = 80


@dataclass(frozen=True)
class Member:
    """A member of a nested set as it is to be. ``ref`` is its id in the store, None of a new one;
    ``row`` the number of its row in the file, 0 where the file does not name it; ``name`` what a
    person calls it, ``Red / M``.

    ``action`` is ``create``, ``update``, ``delete``, or empty where nothing changes. ``before`` and
    ``after`` are the cells that differ, ``cells`` all of them afterwards, ``beside`` those of other
    columns that name one without an id, or tell the place of one that is deleted.
    """

    ref: str | None
    row: int
    name: str
    action: str = ""
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)


def command_of(header: str, cell: str) -> str:
    """The command of a cell, in any case; or BadCell."""
    text = cell.strip()
    command = ALIASES.get(text.upper(), text.upper())
    if command not in COMMANDS:
        raise BadCell(f"The {header} “{short(text)}” is none of {', '.join(COMMANDS)}.")
    return command


def rows_of(
    columns: FileColumns, of_set: SetColumns, rows: Iterable[Row], *, creates: bool = False
) -> list[Row]:
    """The rows that are about members of a set, of an object that they create or of one that is
    there."""
    members = of_set.members
    filling = [
        header
        for header in of_set.headers
        if header != members.command and columns.columns[header].column.form.constant is None
    ]
    part = [header for header in filling if columns.columns[header].block.part == members.part]
    kinds = {one.casefold() for one in members.also} if creates else set()

    def is_of_set(cells: Mapping[str, str]) -> bool:
        headers = filling
        if members.only:
            named = cells.get(members.only[0], "").strip().casefold()
            if named != members.only[1].casefold():
                headers = part if named in kinds else []
        return any(cells.get(header, "").strip() for header in headers)

    return [
        (number, cells) for number, row in rows for cells in _each(of_set, row) if is_of_set(cells)
    ]


def _each(of_set: SetColumns, cells: dict[str, str]) -> list[dict[str, str]]:
    """The cells of each member that a row names; of those after the first in a list only their key
    and the command."""
    members = of_set.members
    if members.combined:
        return _combinations(members.combined, cells)
    if not members.listed:
        return [cells]
    header = members.keys[0].headers[0]
    parts = [part for part in re.split(members.listed, cells.get(header, "")) if part.strip()]
    if len(parts) < 2:
        return [cells]
    first, *others = parts
    left = {h: cell for h, cell in cells.items() if h not in of_set.headers or h == members.command}
    return [{**cells, header: first}, *({**left, header: one} for one in others)]


def _combinations(combined: Combinations, cells: dict[str, str]) -> list[dict[str, str]]:
    """The cells of each member that a row stands for, those of the last column changing first; or
    BadCell."""
    if not _asks_for(combined, cells):
        return [cells]
    listed = {header: parse_list(cells.get(header, "")) or [""] for header in combined.of}
    count = prod(map(len, listed.values()))
    if count > combined.most:
        raise BadCell(f"{combined.asked}: it asks for {count:,}, of at most {combined.most:,}.")
    if count > 1:
        for header in combined.of_one:
            if cells.get(header, "").strip():
                raise BadCell(f"{header}: the row is about {count:,}, and only one can have it.")
    return [
        {**cells, **dict(zip(listed, values, strict=True))} for values in product(*listed.values())
    ]


def _asks_for(combined: Combinations, cells: Mapping[str, str]) -> bool:
    cell = cells.get(combined.asked, "")
    try:
        return bool(cell.strip()) and parse_boolean(cell)
    except BadCell as error:
        raise BadCell(f"{combined.asked}: {error}") from None


def moved_columns(
    key: Key,
    rows: Sequence[Mapping[str, str]],
    others: Sequence[Mapping[str, str]],
    *,
    more: bool = False,
) -> dict[str, str]:
    """By the columns of a key's values those in which the others have values of the same; empty
    where they have the same columns, or are of something else. Whether the others may be of
    ``more`` beside."""
    here, there = _named_by(key, rows), _named_by(key, others)
    beside = Counter(there.values()) - Counter(here.values())
    if not here or here == there or not Counter(here.values()) <= Counter(there.values()):
        return {}
    if beside and not more:
        return {}
    place = {name: header for header, name in there.items()}
    return {header: place[name] for header, name in here.items()}


def _named_by(key: Key, rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """By the columns of a key's values of what they are, as the first row has it that tells."""
    found = {}
    for header, of in zip(key.headers, key.of, strict=False):
        names = (cells.get(of, "").strip().casefold() for cells in rows)
        if name := next(filter(None, names), ""):
            found[header] = name
    return found


@dataclass
class SetPlan:
    """Plans one set. ``where`` gives the words for a row's number; of members that a row names the
    columns ``emptied`` are blank."""

    columns: FileColumns
    of_set: SetColumns
    known: Sequence[KnownMember]
    comparison: Comparison
    where: Callable[[int], str]
    creates: bool = False
    emptied: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        there, several = self.columns.places, self.of_set.members.several
        self._keys: list[tuple[str, ...]] = []
        self._unless: dict[tuple[str, ...], tuple[str, ...]] = {}
        for key in self.of_set.members.keys:
            headers = tuple(h for h in key.headers if h in there)
            if headers and (key.headers[0] in there or not several):
                self._keys.append(headers)
                self._unless.setdefault(headers, key.unless)
        if self.of_set.members.side:
            whole = [key.headers for key in self.of_set.members.keys if key.headers in self._keys]
            self._keys = whole or self._keys
        self._found: dict[int, Member] = {}
        self._rows: dict[int, Mapping[str, str]] = {}
        self._made: list[Member] = []
        self._made_rows: list[Mapping[str, str]] = []
        self._new: dict[tuple[tuple[str, ...], str] | None, int | None] = {}
        self._indexes: dict[tuple[str, ...], dict[str, list[int]]] = {}
        self._moved: dict[str, str] = {}
        self._cells: list[dict[str, str]] = []
        self._claims: dict[int, int] | None = None

    def planned(self, rows: Sequence[Row], *, whole: bool) -> tuple[Member, ...]:
        """The set as the rows ask for it, then what is deleted; empty when nothing changes.
        ``whole`` rows leave no other member in it."""
        self._cells = [cells for _, cells in rows]
        self._moved = self._columns_of_store(self._cells)
        if self.of_set.members.once and not self.creates:
            self._tell_what_stays([row for row in rows if not self._is_edit(row[1])])
            rows, whole = [row for row in rows if self._is_edit(row[1])], False
            if not rows:
                return ()
        for place, (number, cells) in enumerate(rows):
            try:
                self._check_filled(cells)
                whole = self._row(place, number, cells, len(rows)) or whole
            except BadCell as error:
                raise BadCell(f"{self.where(number)}{error}") from None
        whole = whole or bool(rows and not self.of_set.members.keys)
        whole = whole and not (self.of_set.members.lasting or self.of_set.closed)
        members = []
        for place, one in enumerate(self.known):
            kept = self._found.get(place) or self._member(one, 0)
            if whole and place not in self._found:
                kept = self._deleted(one, 0)
            members.append(kept)
        if self.of_set.members.under:
            members = self._without_below(members)
        members = self._in_order(self._with_one([*members, *self._made]))
        if not any(member.action for member in members):
            return ()
        return tuple(sorted(members, key=lambda member: member.action == "delete"))

    def _is_edit(self, cells: Mapping[str, str]) -> bool:
        """Whether a row says in so many words that a member which is made once is to be made, or to
        go."""
        members = self.of_set.members
        command = cells.get(members.edited, "").strip() if members.edited else ""
        ref = members.keys[0].headers[0]
        return command.upper() == "DELETE" or bool(command and not cells.get(ref, "").strip())

    def _check_filled(self, cells: Mapping[str, str]) -> None:
        """Refuse a row that leaves blank what it cannot be understood without."""
        header = self.of_set.members.filled(cells)
        if header in self.columns.columns and not cells.get(header, "").strip():
            raise BadCell(f"{header}: it is empty, so it is not known what the row means.")

    def _tell_what_stays(self, rows: Sequence[Row]) -> None:
        """Tell of each cell that asks for another member than there is: they stay as they are."""
        once, notes = self.of_set.members.once, self.comparison.notes
        left = list(range(len(self.known)))
        for number, cells in rows:
            named = (
                place
                for headers in self._keys
                if (wanted := self._wanted(headers, cells))
                for place in self._index(headers).get(wanted, [])
                if place in left
            )
            at = next(named, None)
            if at is None:
                notes.warn(f"{self.where(number)}“{self._name(cells)}” is not there. {once}")
                continue
            left.remove(at)
            known = self.known[at].cells
            if (
                command_of(self.of_set.members.command, cells.get(self.of_set.members.command, ""))
                == "DELETE"
            ):
                notes.warn(f"{self.where(number)}“{self._name(cells)}” is not removed. {once}")
                continue
            for header in self.comparison.differences(self.of_set.written, cells, known):
                if self._is_id((header,)):
                    continue
                notes.warn(f"{self.where(number)}{header}: “{short(known[header])}” stays. {once}")

    def all_deleted(self) -> tuple[Member, ...]:
        """The members of the set as those of an object that is deleted."""
        return tuple(self._deleted(one, 0) for one in self.known)

    def _without_below(self, members: list[Member]) -> list[Member]:
        """The members of a tree; with those that go, those below them go too."""
        above, own = self.of_set.members.under, self.of_set.members.keys[0].headers[0]
        gone: set[str] = set()
        left = []
        for place, member in enumerate(members):
            cells = self.known[place].cells
            if cells.get(above) in gone and member.action != "delete":
                member = self._deleted(self.known[place], member.row)
            if member.action == "delete" and cells.get(own):
                gone.add(cells[own])
            left.append(member)
        return left

    def _with_one(self, members: list[Member]) -> list[Member]:
        """The members with true in the column ``single`` of one at most: the first that gets it.
        None loses it but to another."""
        header = self.of_set.members.single
        stays = [one for one in members if one.action != "delete"]
        new = next((one for one in stays if one.after.get(header) == "true"), None)
        for one in members if stays and not new else ():
            if one.action == "delete" and one.before.get(header) == "true":
                sentence = f"{self.where(one.row)}{header}: “{one.name}” is deleted."
                self.comparison.notes.warn(f"{sentence} {self.of_set.members.inherits}")
        if header not in self.columns.places:
            return members
        return [self._single(one, header, new) for one in members]

    def _single(self, member: Member, header: str, new: Member | None) -> Member:
        if member is new or member.action == "delete":
            return member
        if new is None:
            if member.before.get(header) != "true":
                return member
            self.comparison.notes.warn(
                f"{self.where(member.row)}{header}: “{member.name}” keeps it until another gets it."
            )
            after = {h: cell for h, cell in member.after.items() if h != header}
            before = {h: cell for h, cell in member.before.items() if h in after}
            action = member.action if after else ""
            cells = member.cells | {header: "true"}
            return replace(member, action=action, before=before, after=after, cells=cells)
        if member.cells.get(header) != "true" and member.after.get(header) != "false":
            return member
        was = {header: member.before.get(header, member.cells.get(header, ""))}
        lost = {header: "false"}
        if member.action == "create":
            cells = member.cells | lost
            return replace(member, after=member.after | lost, cells=cells)
        return replace(
            member,
            action="update",
            before=member.before | was,
            after=member.after | lost,
            cells=member.cells | lost,
        )

    def _in_order(self, members: list[Member]) -> list[Member]:
        """The members in the order that the file's column of positions gives those that it names;
        one that moves for it is updated."""
        header = self.of_set.members.position
        by_rows = header not in self.columns.places
        named = all(member.row or member.action == "delete" for member in members)
        if by_rows and not (self.of_set.members.ordered and named):
            return members
        gone = [member for member in members if member.action == "delete"]
        stays = [member for member in members if member.action != "delete"]
        rows = [self._rows.get(place, {}) for place in range(len(self.known))] + self._made_rows
        wanted = [
            self._position(header, member, cells)
            for member, cells in zip(members, rows, strict=True)
            if member.action != "delete"
        ]
        if by_rows:
            order = sorted(range(len(stays)), key=lambda at: stays[at].row)
            wanted = [order.index(at) + 1 for at in range(len(stays))]
        moved = []
        for place, at in enumerate(places(wanted)):
            member = stays[at]
            if place != at and wanted[at] is not None and member.action != "create":
                now, then = {header: member.cells.get(header, "")}, {header: str(place + 1)}
                member = replace(
                    member,
                    action=member.action or "update",
                    before=member.before | now,
                    after=member.after | then,
                    cells=member.cells | then,
                )
            moved.append(member)
        return [*moved, *gone]

    def _position(self, header: str, member: Member, cells: Mapping[str, str]) -> int | None:
        """The place that a row gives its member, from 1 on; None where it has that already."""
        value = self.columns.value(header, cells.get(header, ""))
        if not isinstance(value, int) or value < 1:
            return None
        there = member.action != "create" and str(value) == member.cells.get(header)
        return None if there else value

    def _row(self, place: int, number: int, cells: dict[str, str], count: int) -> bool:
        """Plan one row; whether it says that the rows are the whole set."""
        header = self.of_set.members.command
        command = command_of(header, cells.get(header, ""))
        found = self._find(place, cells, count)
        if command == "IGNORE":
            for ignored in found:
                self._found.setdefault(ignored, self._member(self.known[ignored], number))
            return False
        self._note_unknown_id(number, cells)
        if not found:
            self._unknown(command, number, cells)
        for at in found:
            if at not in self._found:
                self._rows[at] = cells
                self._stored_member(at, command, number, cells)
            elif self.of_set.members.side and command in ("MERGE", "REPLACE"):
                filled = {header: cell for header, cell in cells.items() if cell.strip()}
                again = self._updated(self.known[at], number, filled)
                self._found[at] = self._repeated(self._found[at], again.after, number)
            else:
                self._twice(number, self._found[at].name)
        if command == "REPLACE":
            self.comparison.notes.replaces = True
        return command == "REPLACE"

    def _note_unknown_id(self, number: int, cells: Mapping[str, str]) -> None:
        """Note the id of a row that the object has no member with: another object may have it."""
        sentence = self.of_set.members.elsewhere
        headers = self.of_set.members.keys[0].headers if sentence else ()
        named = self._wanted(headers, cells)
        if not named or self._index(headers).get(named):
            return
        header, cell = headers[0], cells[headers[0]].strip()
        [typename] = self.columns.columns[header].column.form.typenames
        one = Reference(typename, str(self.columns.value(header, cell)))
        words = f"{self.where(number)}{header}: {sentence.format(short(cell))}"
        self.comparison.notes.elsewhere.setdefault(one, words)

    def _stored_member(self, at: int, command: str, number: int, cells: dict[str, str]) -> None:
        """A row of a member that the store has."""
        if command == "DELETE":
            self._found[at] = self._deleted(self.known[at], number)
        elif command == "NEW":
            self._conflict(number, f"“{self._name(cells)}” exists already.")
            self._found[at] = self._member(self.known[at], number)
        else:
            self._found[at] = self._updated(self.known[at], number, cells)

    def _unknown(self, command: str, number: int, cells: dict[str, str]) -> None:
        """A row of which the store has no member."""
        if command in ("UPDATE", "DELETE"):
            self._conflict(number, f"there is no “{self._name(cells)}” to change.")
            return
        past = self.of_set.members.past
        if past and not self.creates and cells.get(past, "").strip():
            self.comparison.notes.warn(
                f"{self.where(number)}“{self._name(cells)}” is not made: its {past} is not known "
                "here. Leave that cell empty to make it."
            )
            return
        asked = self.of_set.members.ask
        if asked and not self.columns.compared(asked, cells.get(asked, "")):
            return
        if self.of_set.closed:
            self.comparison.notes.warn(
                f"{self.where(number)}“{self._name(cells)}” is not there, and cannot be added here."
            )
            return
        identity = self._own_identity(cells)
        if identity:
            self.comparison.check_zeros(identity[0], cells, (one.cells for one in self.known))
        written = self.of_set.written
        if identity and identity in self._new and not self.of_set.members.repeats:
            place = self._new[identity]
            if self.of_set.members.side and place is not None:
                after = self.comparison.created(written, cells)
                self._made[place] = self._repeated(self._made[place], after, number)
            else:
                self._twice(number, self._name(cells))
            return
        self._new[identity] = None
        self.comparison.tell_assumed(self.of_set.headers, cells)
        if after := self.comparison.created(written, cells):
            for header in self.of_set.members.required:
                if header not in after:
                    raise BadCell(f"The {header} is empty.")
            self._new[identity] = len(self._made)
            beside = self._names_of_values() if self._moved else {}
            beside |= self.comparison.created(self.of_set.members.beside, cells)
            name, all_cells = self._name(cells), beside | after
            new = Member(None, number, name, "create", {}, after, all_cells, beside)
            self._made.append(new)
            self._made_rows.append(cells)

    def _own_identity(self, cells: dict[str, str]) -> tuple[tuple[str, ...], str] | None:
        """What two rows of one new member share: its first key, or all where keys name several."""
        if self.of_set.members.once or (self.creates and self.of_set.members.only):
            return None
        if self.of_set.members.several:
            return self.of_set.written, self._identity(self.of_set.written, cells)
        identities = ((headers, self._identity(headers, cells)) for headers in self._naming(cells))
        return next((found for found in identities if found[1]), None)

    def _repeated(self, member: Member, after: dict[str, str], number: int) -> Member:
        """A member with what a further row says of it; the first row that says something counts."""
        for header, cell in after.items():
            if header in member.after and self.columns.differ(header, cell, member.after[header]):
                self.comparison.notes.warn(
                    f"{self.where(number)}{header} contradicts an earlier row about "
                    f"“{member.name}”, which is taken."
                )
        if member.action == "delete":
            return member
        more = {header: cell for header, cell in after.items() if header not in member.after}
        if not more:
            return member
        before = {header: member.cells.get(header, "") for header in more}
        return replace(
            member,
            action=member.action or "update",
            before=member.before if member.action == "create" else member.before | before,
            after=member.after | more,
            cells=member.cells | more,
        )

    def _updated(self, known: KnownMember, number: int, cells: dict[str, str]) -> Member:
        self.comparison.check_fixed(self.of_set.members.fixed, cells, known.cells)
        members, changeable = self.of_set.members, self.of_set.changeable
        self.comparison.tell_read_only(self.of_set.read_only, cells, known.cells)
        if members.given and known.cells.get(members.given_by):
            changeable = tuple(h for h in changeable if h not in members.given)
            self.comparison.tell_read_only(members.given, cells, known.cells)
        asked = {**dict.fromkeys(self.emptied, ""), **cells}
        after = self.comparison.differences(changeable, asked, known.cells)
        if after.keys() <= self.of_set.options:
            return self._member(known, number)
        empties = self.of_set.members.empties
        lost = (other for header in after for other in empties.get(header, ()))
        before = {header: known.cells.get(header, "") for header in (*after, *lost)}
        keys = (header for key in self._keys for header in key) if known.ref is None else ()
        named = {h: cell for h in keys if h not in before and (cell := known.cells.get(h))}
        all_cells = known.cells | after
        name = self._name(known.cells)
        return Member(known.ref, number, name, "update", before, after, all_cells, named)

    def _member(self, known: KnownMember, number: int) -> Member:
        return Member(known.ref, number, self._name(known.cells), cells=known.cells)

    def _deleted(self, known: KnownMember, number: int) -> Member:
        written = ((header, known.cells.get(header, "")) for header in self.of_set.written)
        before = {header: cell for header, cell in written if cell}
        position = self.of_set.members.position
        place = {position: known.cells[position]} if known.cells.get(position) else {}
        name = self._name(known.cells)
        return Member(known.ref, number, name, "delete", before, beside=place)

    def _conflict(self, number: int, sentence: str) -> None:
        if self.comparison.options.strict:
            raise BadCell(sentence)
        self.comparison.notes.warn(f"{self.where(number)}{sentence}")

    def _twice(self, number: int, name: str) -> None:
        self.comparison.notes.warn(
            f"{self.where(number)}“{name}” is there twice; the first is taken."
        )

    def _find(self, place: int, cells: dict[str, str], count: int) -> list[int]:
        """The place of the member that a row is about, if there is one, or of all that it names;
        BadCell where it could be two."""
        set_of_several = self.of_set.members.several
        if not self.of_set.members.keys:
            return [place] if place < len(self.known) else []
        unknown_id, several, is_another = "", "", False
        for rank, headers in enumerate(self._naming(cells)):
            if self._is_id(headers):
                self.columns.value(headers[0], cells[headers[0]])  # BadCell of what can be none
            wanted = self._wanted(headers, cells)
            if not wanted or any(cells.get(h, "").strip() for h in self._unless[headers]):
                continue
            found = self._index(headers).get(wanted, [])
            if set_of_several and found:
                return found
            if is_another:
                found = [n for n in found if self._claimed().get(n, rank) >= rank]
            is_another = is_another or not (found or self._is_id(headers))
            if self.of_set.members.repeats and len(found) > 1:
                return next(([n] for n in found if n not in self._found), [])
            if len(found) > 1:
                exact = [cells[h].strip() for h in headers]
                same = [n for n in found if [self.known[n].cells[h] for h in headers] == exact]
                found = same if len(same) == 1 else found
            if len(found) == 1:
                if unknown_id:
                    self.comparison.notes.warn(
                        f"The store has no {unknown_id}; “{self._name(cells)}” was found by its "
                        f"{' and '.join(headers)}."
                    )
                return found
            several = several or (" and ".join(headers) if found else "")
            if not found and self._is_id(headers):
                unknown_id = f"{headers[0]} {short(cells[headers[0]].strip())}"
        if several:
            raise BadCell(f"{several}: more than one has “{self._name(cells)}”.")
        if self._is_stand_in_for(cells):
            return [0]
        one_of_one = count == len(self.known) == 1 and not set_of_several
        return [0] if one_of_one and self._names_none(cells) else []

    def _is_stand_in_for(self, cells: Mapping[str, str]) -> bool:
        """Whether the only member is there because the object has none like that of a row, which
        is to have its place."""
        header, cell = self.of_set.members.stand_in
        if len(self.known) != 1 or self._found or self.known[0].cells.get(header) != cell:
            return False
        return cells.get(header, "").strip() not in ("", cell) and 0 not in self._claimed()

    def _claimed(self) -> dict[int, int]:
        """The places of the members that rows name, with the first key by which one does: a row
        that says of itself that it is about another does not mean one of them by a later key."""
        if self._claims is None:
            self._claims = {}
            for cells in self._cells:
                for rank, headers in enumerate(self._naming(cells)):
                    wanted = self._wanted(headers, cells)
                    if found := self._index(headers).get(wanted, []) if wanted else []:
                        self._claims |= {n: min(rank, self._claims.get(n, rank)) for n in found}
                        break
        return self._claims

    def _naming(self, cells: Mapping[str, str]) -> list[tuple[str, ...]]:
        """The keys that a row is looked for by: of a side those that it fills wholly, if any."""
        if not self.of_set.members.side:
            return self._keys
        filled = [k for k in self._keys if all(cells.get(h, "").strip() for h in k)]
        return filled or self._keys

    def _names_none(self, cells: dict[str, str]) -> bool:
        """Whether the only row need not name the only member."""
        members = self.of_set.members
        return len(members.keys) > 1 and not any(
            cells.get(header, "").strip()
            for key in members.keys[: members.alone]
            for header in key.headers
        )

    def _index(self, headers: tuple[str, ...]) -> dict[str, list[int]]:
        """The places of the members by a key."""
        if headers not in self._indexes:
            index: dict[str, list[int]] = {}
            by_id = self.of_set.members.keys[0].headers[:1] == headers[:1]
            for place, one in enumerate(self.known):
                if not by_id and self.of_set.is_called_off(one.cells, self.columns):
                    continue
                if identity := self._identity(headers, one.cells):
                    index.setdefault(identity, []).append(place)
            self._indexes[headers] = index
        return self._indexes[headers]

    def _columns_of_store(self, rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
        """By the columns of a key's values those in which the store has values of the same: the
        first option of a file may be the second of the store."""
        found: dict[str, str] = {}
        for key in self.of_set.members.keys:
            found |= moved_columns(key, rows, [one.cells for one in self.known])
        return found

    def _names_of_values(self) -> dict[str, str]:
        """The cells that say of what the values of a key are, as the first row tells them."""
        headers = {header for key in self.of_set.members.keys for header in key.of}
        cells = {
            header: next(filter(None, (c.get(header, "") for c in self._cells)), "")
            for header in headers
        }
        return {header: cell for header, cell in cells.items() if cell}

    def _wanted(self, headers: Iterable[str], cells: Mapping[str, str]) -> str:
        """The identity of the member that a row of the file names by a key."""
        if self._moved:
            moved = {there: cells.get(here, "") for here, there in self._moved.items()}
            cells = {**cells, **moved}
        return self._identity(headers, cells)

    def _identity(self, headers: Iterable[str], cells: Mapping[str, str]) -> str:
        return self.columns.normal_key(headers, cells).casefold()

    def _is_id(self, headers: tuple[str, ...]) -> bool:
        bound = self.columns.columns.get(headers[0])
        return bool(bound and bound.column.form.typenames)

    def _name(self, cells: Mapping[str, str]) -> str:
        """What a person calls a member: the first of its keys that is no id, else its id."""
        keys = [key.headers for key in self.of_set.members.keys if key.headers]
        keys = sorted(keys, key=self._is_id) or [self.of_set.headers[:3]]
        named = (" / ".join(filter(None, (cells.get(h, "").strip() for h in k))) for k in keys)
        return next(filter(None, named), "")[:NAME_LENGTH]
