"""The columns of a file beside those of its data type, compiled once for a job."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, TypeAlias

import orjson

from transfer.reading.personal import Hiding
from transfer.reading.stand_ins import is_stand_in
from transfer.rows.columns import BoundColumn, bound_columns
from transfer.rows.headers import Headers, own_headers, visible_text
from transfer.rows.layout import CELL, Layout, layout_for_imports, layout_of
from transfer.rows.personal import declared_kind, personal_columns
from transfer.types import BY_NAME
from transfer.types.base import ROW, TOP_ROW, DataType, Item, Pass
from transfer.types.forms import BadCell, Form, short
from transfer.types.personal import PUBLIC, Kind
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import COMPLETED, Key, Members, Value, Writing

BETWEEN, BEHIND_RANK = "\x1f", "\x1e"
"""Between the cells of a key of several columns; behind the place of a key that is not the first of
its type."""
STAND_IN = (
    "{}: “{}” is a stand-in for personal data, from a key that does not see it. It is not "
    "imported: leave the column out."
)
NOT_SEEN = (
    "{}: this key does not see all personal data, so it neither writes it nor looks it up. Leave "
    "the column out."
)
TAKES_AWAY = ("DELETE", "REPLACE")
TAKEN_AWAY = (
    "The Command is {}, which would take away personal data that this key does not see. Use MERGE."
)
ALWAYS_NEW = ("Created At", "Updated At")
"""Columns that differ whenever a store was worked in since its export."""
PLAIN_PATH = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)*")
Cells: TypeAlias = Mapping[str, str]
NO_CELLS: Cells = MappingProxyType({})


@dataclass(frozen=True)
class SetColumns:
    """The columns of a nested set; ``written`` are those that an import can write, ``read_only``
    those of which it is told when they differ, ``changeable`` those that it can write to a member
    that is there. No member can be added to a set that is ``closed``. ``list_of`` gives an object's
    members. ``options`` say how a member is changed, and are no reason to do it."""

    members: Members
    headers: tuple[str, ...]
    written: tuple[str, ...]
    read_only: tuple[str, ...]
    changeable: tuple[str, ...]
    closed: bool
    list_of: Callable[[Item], list[Item]]
    options: frozenset[str] = frozenset()

    def is_called_off(self, cells: Cells, columns: "FileColumns") -> bool:
        """Whether a member counts no more."""
        off = self.members.called_off
        return bool(off) and not any(columns.differ(h, cells[h], cell) for h, cell in off.items())


@dataclass(frozen=True)
class FileColumns:
    """The columns of a data type for one store, by header. ``places`` says where in the file's rows
    those stand that the file has, ``again`` where lists go on that the file has in several columns,
    ``width`` how many cells a row may have.

    ``own`` are the headers of the object's own columns, ``sets`` has those of its nested sets by
    their names. Objects are found by the columns that are ``forced`` and by no others: those that
    the file marks so, ``Variant SKU [ID]``.

    ``personal`` are the places of the file's columns with personal data, with their headers and
    kinds; those that the key does not see are no ``columns``. ``left_alone`` are columns of the
    file that stand in one list with such ones, so that the list stays as it is.
    """

    data_type: DataType
    writing: Writing
    facts: ShopFacts
    sheet: Layout
    columns: dict[str, BoundColumn]
    places: dict[str, int]
    again: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    width: int = 0
    own: tuple[str, ...] = ()
    sets: Mapping[str, SetColumns] = field(default_factory=dict)
    forced: frozenset[str] = frozenset()
    personal: Mapping[int, tuple[str, Kind]] = field(default_factory=dict)
    left_alone: tuple[str, ...] = ()

    def refusal(self, row: Sequence[str]) -> str:
        """Why a row of the file cannot be imported because of personal data; empty if it can: a
        cell is a stand-in, or the key may not touch what it does not see."""
        for place, (header, kind) in self.personal.items():
            if place >= len(row) or not row[place]:
                continue
            if is_stand_in(kind, row[place], words=self.facts.stand_ins):
                return STAND_IN.format(header, short(row[place].strip()))
            if self.facts.hidden and header not in self.columns and row[place].strip():
                return NOT_SEEN.format(header)
        if not self.facts.hidden:
            return ""
        command = row[self.places["Command"]] if "Command" in self.places else ""
        if command.strip().upper() in TAKES_AWAY:
            return TAKEN_AWAY.format(command.strip().upper())
        return ""

    @cached_property
    def _hiding(self) -> Hiding | None:
        return Hiding(self.data_type, self.facts) if self.facts.hidden else None

    @cached_property
    def writable(self) -> list[str]:
        """The headers of the object's own columns that an import can write."""
        return [h for h in self.own if is_writable(self.writing, self.facts, self.columns[h])]

    @cached_property
    def read_type(self) -> DataType:
        """The data type without the passes that only columns show which the file does not have."""
        passes = tuple(step for step in self.data_type.passes if self.shows(step))
        return replace(self.data_type, passes=passes)

    def shows(self, step: Pass) -> bool:
        """Whether the file has any of the columns without which a pass is not run."""
        return not step.shown_by or any(header.startswith(step.shown_by) for header in self.places)

    @cached_property
    def endless_unnamed(self) -> tuple[str, ...]:
        """The sets that are endless of which the file has no column."""
        named = self.places.keys()
        return tuple(
            name
            for name, one in self.sets.items()
            if one.members.endless and named.isdisjoint(one.headers)
        )

    @cached_property
    def changeable(self) -> list[str]:
        """Those of them that it can change in an object that is there."""
        writing = self.writing
        return [
            h
            for h in self.writable
            if h not in writing.fixed and self.columns[h].column.write not in writing.only_new
        ]

    @cached_property
    def options(self) -> frozenset[str]:
        """The headers of own columns that only say how a change is made."""
        return frozenset(
            h for h in self.writable if self.columns[h].column.write in self.writing.options
        )

    @cached_property
    def sent(self) -> frozenset[str]:
        """The headers of all columns that go into a mutation."""
        sets = (of_set.written for of_set in self.sets.values())
        plain = (h for h, bound in self.columns.items() if bound.column.write)
        return frozenset((*plain, *(header for written in sets for header in written)))

    def is_shown(self, header: str) -> bool:
        """Whether an export shows what a column's cell says."""
        return header in self.columns and self.columns[header].column.form.constant is None

    @cached_property
    def read_only(self) -> list[str]:
        """The headers of its own columns that cannot be written, or only to a new object, and of
        which people are told."""
        grouping = {h for key in self.writing.keys if key.groups for h in key.headers}
        known = {*self.changeable, *self.writing.fixed, *grouping}
        writable = set(self.writable)
        return [h for h in self.own if h not in known and (h in writable or tells(self.columns[h]))]

    @cached_property
    def never_written(self) -> list[str]:
        """Those of them that Shopify takes from nobody and shows nobody: a password."""
        return [h for h in self.read_only if self.columns[h].column.form.constant == ""]

    @cached_property
    def compared_back(self) -> frozenset[str]:
        """Own columns whose values a mutation can give back with the object that it saved."""
        paths = {h: self.columns[h].column for h in self.writable}
        return frozenset(
            header
            for header, column in paths.items()
            if PLAIN_PATH.fullmatch(column.path)
            and ":" not in column.write
            and (column.checked or not column.write.startswith(COMPLETED))
            and column.write not in self.writing.joins
            and self.columns[header].fact is None
        )

    @cached_property
    def read_back(self) -> str:
        """The fields that a mutation is asked for, to compare them with what was written."""
        tree: dict[str, Any] = {}
        for header in self.writable:
            if header in self.compared_back:
                column, holder = self.columns[header].column, tree
                for name in column.path.split("."):
                    holder = holder.setdefault(name, {})
                holder |= {name: {} for name in column.form.fields.split()}
        return _selection(tree)

    @cached_property
    def emptied(self) -> dict[str, tuple[str, ...]]:
        """What REPLACE empties though the file does not have it: by the name of each nested set,
        and by "" of the object's own, the columns that name nothing and must not be filled, and
        whose value no other column of the file gives."""
        given = {self._place(self.columns[header]) for header in self.places}
        stay = {h for key in self.writing.keys for h in key.headers} | {*self.writing.required}
        stay |= {h for of_one in self.writing.empties.values() for h in of_one}  # by another cell
        stay |= set(self.writing.parent.columns if self.writing.parent else ())  # not its own
        sets = {name: (of.changeable, of.members) for name, of in self.sets.items()}
        named = {
            name: {h for key in of.keys for h in key.headers} for name, (_, of) in sets.items()
        }
        every: dict[str, tuple[Sequence[str], set[str]]] = {"": (self.changeable, stay)}
        every |= {name: (h, named[name] | {*of.required}) for name, (h, of) in sets.items()}
        return {
            name: tuple(
                header
                for header in headers
                if header not in (*stays, *self.places, *self.options)
                and not self.columns[header].column.acts
                and self._place(self.columns[header]) not in given
            )
            for name, (headers, stays) in every.items()
        }

    @staticmethod
    def _place(bound: BoundColumn) -> tuple[str, str, str]:
        """What a column writes: of two that write the same the file may have either."""
        column = bound.column
        return bound.block.of, column.write or bound.header, str(bound.fact or "")

    def counting(self, cells: Mapping[str, str]) -> dict[str, str]:
        """The cells without those of columns that write what an earlier one of them writes: of a
        category's ID and its name the ID counts."""
        written: set[str] = set()
        kept = {}
        for header, cell in cells.items():
            bound = self.columns.get(header)
            path = bound.column.write if bound and bound.fact is None else ""
            if path not in written:
                kept[header] = cell
            if path:
                written.add(path)
        return kept

    def narrowed(self, headers: Collection[str]) -> "FileColumns":
        """The same for these columns alone, and for those by which objects are known; with the
        nested sets that have any of them."""
        wanted = {*headers, *(header for key in self.writing.keys for header in key.headers)}
        sets = {n: s for n, s in self.sets.items() if not wanted.isdisjoint(s.headers)}
        wanted |= {of_set.members.only[0] for of_set in sets.values() if of_set.members.only}
        columns = {h: bound for h, bound in self.columns.items() if h in wanted}
        return replace(
            self,
            sheet=layout_of(self.data_type.sheet(self.sheet.sheet), columns.values(), self.facts),
            columns=columns,
            own=tuple(h for h in self.own if h in columns),
            sets={
                name: replace(of_set, headers=tuple(h for h in of_set.headers if h in columns))
                for name, of_set in sets.items()
            },
        )

    def fact_of(self, bound: BoundColumn) -> Any:
        """What a step does its work for by this column."""
        return fact_of(self.writing, self.facts, bound)

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """What objects are found by beside their ids: the type's natural keys; in a file that has
        none of these columns keys of members."""
        if self.through:
            return self._through
        return tuple(k for k in self.writing.keys if self.forced >= {*k.headers}) or (
            self.writing.keys
        )

    @cached_property
    def through(self) -> str:
        """The name of the nested set by whose members the file's objects are found; empty where
        they are found by their own keys."""
        named = {header for key in self._through for header in key.headers}
        return next((n for n, of in self.sets.items() if named and named <= set(of.headers)), "")

    @cached_property
    def _through(self) -> tuple[Key, ...]:
        own = {"ID", *(header for key in self.writing.keys for header in key.headers)}
        there = self.forced or self.places.keys()
        if own & there:
            return ()
        groups = ([k for k in g if set(k.headers) <= there] for g in self.writing.through)
        return next((tuple(group) for group in groups if group), ())

    def wanted_keys(self, cells: Mapping[str, str]) -> list[str]:
        """Which of its natural keys an object is looked for by, in their order."""
        found = self.keys_of(cells)
        return [key for place, key in enumerate(found) if not place or self.natural(key)[0].further]

    @property
    def key_headers(self) -> tuple[str, ...]:
        """The columns of the natural key: the first that the file has."""
        keys = (key.headers for key in self.writing.keys)
        return next((k for k in keys if set(k) <= set(self.places)), self.writing.keys[0].headers)

    @cached_property
    def _reach(self) -> int:
        """As many cells as a row has that has them all."""
        return max(self.places.values(), default=-1) + 1

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """A row's cells by header, as the file has them, or as others that say the same."""
        missing = self._reach - len(row)
        whole = row if missing <= 0 else [*row, *[""] * missing]
        cells = {header: whole[place] for header, place in self.places.items()}
        for header, places in self.again.items():
            more = [row[place] for place in places if place < len(row) and row[place].strip()]
            between = ";" if self.columns[header].block.of else ", "
            cells[header] = between.join(filter(None, (cells[header], *more)))
        if self.writing.parent:
            cells = self.writing.parent.named(cells, self.facts)
        return self.writing.means(cells) if self.writing.means else cells

    def form(self, header: str, row: Cells = NO_CELLS) -> Form:
        """The form of a column's cells; ``row`` are the cells beside it, which decide it for some
        columns."""
        bound = self.columns[header]
        in_row = bound.column.form_in
        return in_row(row, self.facts) if in_row else bound.form

    def value(self, header: str, cell: str, row: Cells = NO_CELLS) -> Value:
        """What a cell says, None of a blank one; or BadCell, with the column's header."""
        try:
            value: Value = self.form(header, row).value(cell, self.facts)
        except BadCell as error:
            raise BadCell(f"{header}: {error}") from None
        return value

    def kept(self, header: str, cell: str, row: Cells = NO_CELLS) -> str:
        """A cell in the form in which Shopify keeps it and an export shows it; or BadCell."""
        value, form = self.value(header, cell, row), self.form(header, row)
        return form.empty if value is None else form.render(self.facts)(value)

    def compared(self, header: str, cell: str, row: Cells = NO_CELLS) -> str:
        """A cell in the form in which those that mean the same are the same."""
        try:
            return self.form(header, row).normal(cell, self.facts)
        except BadCell:
            return cell

    def differ(self, header: str, one: str, other: str, row: Cells = NO_CELLS) -> bool:
        """Whether two cells mean different things."""
        return self.compared(header, one, row) != self.compared(header, other, row)

    def keys_of(self, cells: Mapping[str, str]) -> list[str]:
        """What an object is found by beside its id: its natural keys as keys are compared, in the
        order of the type's; none that is empty, or that Shopify would not take."""
        found = []
        for place, key in enumerate(self.keys):
            normal = "" if key.groups else self.normal_key(key.headers, cells)
            last = key is self.writing.keys[-1]
            if normal and (last or "" not in normal.split(BETWEEN)):
                normal = normal.casefold() if self.through else normal
                found.append(f"{place}{BEHIND_RANK}{normal}" if place else normal)
        return found

    def names(self, cells: Mapping[str, str]) -> bool:
        """Whether a row names its object, by an id or a key."""
        headers = ("ID", *(header for key in self.keys for header in key.headers))
        return any(cells.get(header, "").strip() for header in headers)

    def natural(self, key: str) -> tuple[Key, str]:
        """Which of the type's natural keys one of ``keys_of`` is, and what its cells say."""
        place, sign, normal = key.partition(BEHIND_RANK)
        return (self.keys[int(place)], normal) if sign else (self.keys[0], key)

    def names_of(
        self, own: Mapping[str, str], members: Mapping[str, Iterable[Mapping[str, str]]]
    ) -> list[str]:
        """The keys by which rows of the file can mean an object, by its own cells and by those of
        the members of its nested sets."""
        if not self.through:
            return self.keys_of(own)
        found = (self.keys_of(cells) for cells in members.get(self.through, ()))
        return list(dict.fromkeys(key for keys in found for key in keys))

    def names_of_item(self, item: Item) -> list[str]:
        """Those of an object of the store."""
        members = self.exported_members(item) if self.through else {}
        cells = {name: [of_one for _, of_one in of_set] for name, of_set in members.items()}
        return self.names_of(self.exported(item), cells)

    def key_of(self, cells: Mapping[str, str]) -> str:
        """The first of its natural keys; empty when it has none."""
        return next(iter(self.keys_of(cells)), "")

    def key_form(self, header: str, cells: Cells) -> Form:
        """The form of a key's column, whatever is to be done with the object."""
        named = self.columns[header].column.form_in is not None
        return self.form(header, {**cells, "Command": ""} if named else cells)

    def normal_key(self, headers: Iterable[str], cells: Mapping[str, str]) -> str:
        """The cells of a key in the form by which keys are compared; empty where all are, or where
        Shopify hides the column from the app."""
        headers = list(headers)
        if not all(header in self.columns for header in headers):
            return ""
        forms = ((self.key_form(h, cells), cells.get(h, "")) for h in headers)
        try:
            key = [form.normal(cell, self.facts) for form, cell in forms]
        except BadCell:
            return ""
        return BETWEEN.join(key) if any(key) else ""

    def exported(self, item: Item) -> dict[str, str]:
        """The cells that an export would write of an object itself now."""
        first = self._exported_rows(item)[0]
        return {header: first[header] for header in self.own}

    def exported_members(self, item: Item) -> dict[str, list[tuple[Item, dict[str, str]]]]:
        """The members of its nested sets, each with the cells that an export would write of it."""
        if not self.sets:
            return {}
        rows = self._exported_rows(item)
        found = {}
        for name, of_set in self.sets.items():
            members: Iterable[tuple[Item, dict[str, str]]]
            members = zip(of_set.list_of(item), rows, strict=False)
            if of_set.members.side:
                members = _once(of_set.members, members)
            headers = (*of_set.headers, *of_set.members.beside)
            cells = ((one, {h: row[h] for h in headers}) for one, row in members)
            only = of_set.members.only
            found[name] = [pair for pair in cells if only is None or pair[1][only[0]] == only[1]]
        return found

    def _exported_rows(self, item: Item) -> list[dict[str, str]]:
        seen = self._hiding.hide(deepcopy(item)) if self._hiding else item
        rows = (row.split(CELL) for row in self.sheet.rows(seen, 1))
        return [dict(zip(self.sheet.headers, row, strict=True)) for row in rows]


def tells(bound: BoundColumn) -> bool:
    """Whether people are told that a column cannot be written when they changed it."""
    column = bound.column
    constant = column.form.constant or column.form.typenames
    return not (constant or column in (ROW, TOP_ROW) or bound.header in ALWAYS_NEW)


def file_columns(
    data_type: DataType, headers: Iterable[str], facts: Mapping[str, Any], of: str = ""
) -> FileColumns:
    """The columns of a file for the store with these facts (as JSON). ``of`` is the name of the
    type's sheet, its first if empty."""
    as_text = orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)
    return _compiled(data_type.name, tuple(headers), as_text, of)


@lru_cache(maxsize=32)
def _compiled(name: str, headers: tuple[str, ...], facts_json: bytes, of: str) -> FileColumns:
    return compiled(BY_NAME[name], headers, ShopFacts.from_json(orjson.loads(facts_json)), of)


def compiled(
    data_type: DataType, headers: Sequence[str], facts: ShopFacts, of: str = ""
) -> FileColumns:
    """The columns of a file, made again."""
    if data_type.writing is None:
        raise LookupError(f"{data_type.name} cannot be imported")
    sheet = layout_for_imports(data_type.sheet(of), facts)
    columns = {bound.header: bound for bound in sheet.columns}
    places: dict[str, int] = {}
    again: dict[str, tuple[int, ...]] = {}
    forced = set()
    for place, header in enumerate(own_headers(list(headers), data_type, facts)):
        if visible_text(headers[place]).lower() == f"{header} [id]".lower():
            forced.add(header)
        if header in places:
            again[header] = (*again.get(header, ()), place)
        elif header in columns:
            places[header] = place
    if forced:
        places.pop("ID", None)
    writing = data_type.writing
    writable = {h for h, bound in columns.items() if is_writable(writing, facts, bound)}
    object_headers = tuple(h for h, bound in columns.items() if not bound.block.of)
    bound_there = list(bound_columns(data_type.sheet(of), facts)) if facts.hidden else []
    unseen = {
        (bound.block.of, bound.block.part)
        for bound in bound_there
        if bound.block.of and bound.column.header in facts.hidden
    }
    sets = {
        members.name: _set_columns(members, sheet, columns, writable)
        for members in data_type.writing.members
        if members.of in sheet.lists
        and not _is_unseen(members, unseen)
        and columns.keys() >= {*members.beside}
    }
    return FileColumns(
        data_type,
        data_type.writing,
        facts,
        sheet,
        columns,
        places,
        again,
        len(headers),
        object_headers,
        sets,
        frozenset(forced),
        _personal(data_type, headers, facts),
        tuple(
            header
            for header in places
            if (block := columns[header].block).of
            and block.of in {of_unseen for of_unseen, _ in unseen}
            and not any(header in of_set.headers for of_set in sets.values())
        ),
    )


def _is_unseen(members: Members, unseen: Collection[tuple[str, str]]) -> bool:
    """Whether a nested set has columns that the key does not see: of, with the parts named."""
    part = members.side or members.part
    return any(of == members.of and (not part or part == of_part) for of, of_part in unseen)


def _personal(
    data_type: DataType, headers: Sequence[str], facts: ShopFacts
) -> dict[int, tuple[str, Kind]]:
    """The places of the columns of a file that have personal data, or the ID of a person."""
    known, kinds = Headers(data_type, facts), personal_columns(data_type)
    found: dict[int, tuple[str, Kind]] = {}
    for place, header in enumerate(headers):
        bound = known.find(header)
        kind = kinds.get(bound.column.header) or declared_kind(data_type, bound) if bound else None
        if bound and kind and kind != PUBLIC:
            found[place] = (bound.header, kind)
    return found


def _once(
    members: Members, rows: Iterable[tuple[Item, dict[str, str]]]
) -> Iterator[tuple[Item, dict[str, str]]]:
    """Each part of a set with the first of the rows that show it."""
    seen = set()
    for child, row in rows:
        part = child.get(members.side)
        if part is not None and (ref := part.get(members.ref)) not in seen:
            seen.add(ref)
            yield part, row


def _selection(tree: Mapping[str, Any]) -> str:
    return " ".join(
        f"{name} {{ {_selection(below)} }}" if below else name for name, below in tree.items()
    )


def is_writable(writing: Writing, facts: ShopFacts, bound: BoundColumn) -> bool:
    """Whether an import can write the column: one of a step needs a fact of the shop."""
    name, colon, _ = bound.column.write.partition(":")
    if not colon:
        return bool(name)
    step, fact = writing.step(name), fact_of(writing, facts, bound)
    return (fact is not None or step.fact is None) and step.takes(fact)


def fact_of(writing: Writing, facts: ShopFacts, bound: BoundColumn) -> Any:
    """What a step does its work for: the fact for which the column is repeated, or that which the
    step finds for the others."""
    if bound.fact is not None:
        return bound.fact
    find = writing.step(bound.column.write.partition(":")[0]).fact
    return find(facts) if find else None


def _set_columns(
    members: Members,
    sheet: Layout,
    columns: Mapping[str, BoundColumn],
    writable: Collection[str],
) -> SetColumns:
    of_set = {
        h: bound
        for h, bound in columns.items()
        if bound.block.of == members.of and bound.block.part == (members.side or bound.block.part)
    }
    named = {header for key in members.keys for header in key.headers}
    paths = {h: bound.column.write for h, bound in of_set.items() if h in writable}
    if members.paths is not None:
        paths = {h: path for h, path in members.paths.items() if h in of_set}
    written = tuple(h for h in of_set if h in paths)
    once = {h for h in written if h in members.fixed or paths[h] in members.only_new}
    shown = (
        h
        for h, bound in of_set.items()
        if h not in named
        and h not in (*members.fixed, members.position)
        and (h in once or (h not in writable and tells(bound)))
    )
    return SetColumns(
        members,
        tuple(of_set),
        written,
        tuple(shown),
        () if members.once else tuple(h for h in written if h not in once),
        bool(named) and not named & set(written) and not members.ask,
        sheet.lists[members.of],
        frozenset(h for h, path in paths.items() if path in members.options),
    )
