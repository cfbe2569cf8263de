"""Changes to the mutations that make them: the cheapest that do.

What an object says of itself goes into one mutation, with the members that it takes; members have
theirs, of all of one object together; steps follow with what belongs to saved objects and members.
An id that Shopify has yet to give stands in the variables as a placeholder.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import orjson

from models.import_object import CREATE, DELETE, UPDATE
from transfer.importing.columns import FileColumns
from transfer.importing.placeholders import THIS_OBJECT, placeholder_of
from transfer.importing.plan import Change, Member
from transfer.reading.objects import path_getter
from transfer.rows.columns import BoundColumn
from transfer.types.base import Item
from transfer.types.forms import BadCell
from transfer.types.writing import (
    OURS,
    Input,
    Json,
    Members,
    MemberValues,
    Mutation,
    Parts,
    Reference,
    Step,
    input_of,
    new_member,
    put_in,
    references_in,
    with_ids,
)


@dataclass(frozen=True)
class Call:
    """A mutation to be sent, by the name of its field. ``adds`` is the nested set to which it adds
    members, if it does: one that was cut off must not be sent again unseen. One that is ``later``
    is sent once every object of the import was written."""

    mutation: str
    variables: Input
    adds: str = ""
    place: int | None = None
    """Which of the new members of that set it adds, where it adds one."""
    later: bool = False

    def as_json(self) -> dict[str, Any]:
        """It as it is stored, without a copy of its variables, which would cost more than them."""
        return {
            "mutation": self.mutation,
            "variables": self.variables,
            "adds": self.adds,
            "place": self.place,
            "later": self.later,
        }


def calls(
    columns: FileColumns,
    change: Change,
    item: Item | None,
    resolved: Mapping[Reference, str],
    *,
    later: bool = False,
) -> list[Call]:
    """The mutations that make a change, in the order in which they are sent. ``item`` is the object
    as the store has it, ``resolved`` the ids of what its cells refer to. Those that are sent
    ``later``, when the others are done, move no member. BadCell tells of cells that each may stand,
    but not together."""
    if change.remakes:
        made = _remade(columns, change, item or {}, resolved)
    else:
        made = _Calls(columns, change, item or {}, resolved, moves=not later).made()
    return [replace(call, later=later) for call in made]


def _remade(
    columns: FileColumns, change: Change, item: Item, resolved: Mapping[Reference, str]
) -> list[Call]:
    """The call that deletes an object, and those that create it as it is to be."""
    gone = replace(change, action=DELETE, remakes=False)
    stays = {
        name: kept
        for name, of_set in change.sets.items()
        if (kept := tuple(one for one in of_set if one.action != DELETE))
    }
    new = replace(change, action=CREATE, known=None, sets=stays, remakes=False)
    return [
        *_Calls(columns, gone, item, resolved, moves=False).made(),
        *_Calls(columns, new, {}, resolved, moves=True).made(),
    ]


def references(columns: FileColumns, change: Change) -> Iterator[Reference]:
    """What the cells of a change refer to, of those before it as far as they are needed."""
    rows = [(change.after, _around(change))]
    without_keys = {one.name for one in columns.writing.members if not one.keys}
    for name, of_set in change.sets.items():
        for member in of_set:
            if member.action != DELETE:
                row = {**_around(change), **member.cells, **member.after}
                rows.append((member.cells if name in without_keys else member.after, row))
    for cells, row in rows:
        for header, cell in columns.counting(cells).items():
            if header in columns.sent:
                yield from references_in(columns.value(header, cell, row))
    if change.action in (CREATE, UPDATE) and columns.writing.refers(change.after):
        yield from columns.writing.refers(_around(change))
    for members in columns.writing.members:
        for member in change.sets.get(members.name, ()):
            if member.action == CREATE:
                yield from members.refers(member.after)
    for header, cell in change.before.items():
        if columns.columns[header].column.write in columns.writing.joins:
            yield from references_in(columns.value(header, cell, change.before))


def _around(change: Change) -> dict[str, str]:
    """The object's own cells as they are to be."""
    return {**(change.known.cells if change.known else {}), **change.after}


def items_of(mutation: Mutation, variables: Input) -> list[Json]:
    """The list that a mutation takes, in its variables."""
    value: Json = variables
    for name in mutation.items.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, list) else []


def with_items(mutation: Mutation, variables: Input, items: list[Json]) -> Input:
    """The variables with another list in its place."""
    copy: Input = orjson.loads(orjson.dumps(variables))
    put_in(copy, mutation.items, items)
    return copy


def unguarded(mutation: Mutation, variables: Input) -> Input:
    """The variables without what its items say of the store as it was read."""
    items = items_of(mutation, variables)
    left: list[Json] = [
        {name: value for name, value in item.items() if name != mutation.guard}
        for item in items
        if isinstance(item, dict)
    ]
    return with_items(mutation, variables, left)


@dataclass
class _StepItem:
    """What a step does for one object or member and one fact."""

    step: Step
    fact: Any
    owner: str
    """The id, or its placeholder, of the object or member."""
    new: bool
    holder: tuple[str, int]
    """The nested set and the place of the member in it; ``("", 0)`` is the object."""
    values: dict[str, Json]
    header: str
    """The first column that asks for it."""
    stored: Json = None

    @property
    def identity(self) -> Input:
        """The part by which it is the same item: fact and owner."""
        made = dict(self.step.item(self.fact)) if self.step.item else {}
        if self.step.owner:
            put_in(made, self.step.owner, self.owner)
        return made

    @property
    def clears(self) -> bool:
        """Whether its cells are emptied; or false, where a cell says whether there is one."""
        if self.step.clear is None:
            return False
        if "" in self.values:
            return not self.values[""]
        return all(value is None for value in self.values.values())

    def data(self) -> Json:
        """The item, or None to leave it out."""
        made = self.identity
        if self.step.more:
            made |= self.step.more(self.fact)
        for path, value in self.values.items():
            if path:
                put_in(made, path, value)
        return self.step.finish(made, self.stored) if self.step.finish else made


@dataclass
class _Batch:
    """Items of one mutation with the same other variables."""

    mutation: Mutation
    variables: Input
    target: str | None
    most: int
    items: list[Json] = field(default_factory=list)

    def calls(self) -> Iterator[Call]:
        for start in range(0, len(self.items), self.most):
            value: Json = self.items[start : start + self.most]
            sent = self.mutation.variables(self.target, value)
            for path, other in self.variables.items():
                put_in(sent, path, other)
            yield Call(self.mutation.name, sent)


class _Calls:
    def __init__(
        self,
        columns: FileColumns,
        change: Change,
        item: Item,
        resolved: Mapping[Reference, str],
        *,
        moves: bool,
    ):
        self._moves = moves
        self._columns, self._change, self._item = columns, change, item
        self._writing, known = columns.writing, change.known
        self._new = change.action == CREATE
        self._resolved = resolved
        if not self._new:  # a file that is still to be made has no place in what is there
            self._resolved = {
                one: gid
                for one, gid in resolved.items()
                if not (one.address and gid.startswith(OURS))
            }
        self._target = THIS_OBJECT
        if known is not None and (known.ref or known.creator):
            self._target = known.ref or placeholder_of(known.creator or 0)
        self._added_with: frozenset[str] = frozenset()
        """The sets whose new members an earlier call takes along."""
        self._written_of: dict[tuple[tuple[str, ...], str], list[tuple[BoundColumn, str]]] = {}
        self._placed: set[int] = set()
        """Which of the step items a mutation has taken along."""

    def made(self) -> list[Call]:
        kind = self._writing.kind(self._parts) if self._writing.kind else self._writing
        mutation: Mutation | None = getattr(kind, self._change.action, None)
        if self._change.action == DELETE and mutation:
            return [Call(mutation.name, mutation.variables(self._target))]
        if self._change.action == CREATE and mutation:
            own = [self._creation(mutation)]
            sets = [c for m in self._writing.members if not m.into for c in self._of_set(m)]
            return [*own, *sets, *self._steps(), *self._made(), *self._of_parent()]
        if self._change.action == UPDATE:
            sets = [call for members in self._writing.members for call in self._of_set(members)]
            own = self._own_update(mutation, sets) if mutation else []
            steps = [*self._steps(), *self._made()]
            moves = self._orders({call.mutation for call in steps})
            return [*self._first(), *own, *sets, *steps, *moves, *self._of_parent()]
        return []

    # ------------------------------------------------------------------ values of cells

    def _value(
        self, bound: BoundColumn, cell: str, row: Mapping[str, str], *, known: bool = False
    ) -> Json:
        value = self._columns.value(bound.header, cell, row)
        if value is None:
            value = bound.column.cleared
        if value is None or isinstance(value, str | int | float):
            return value  # as most are: nothing in it refers to an object
        there: dict[Reference, str] = {}
        for reference in references_in(value):
            if reference in self._resolved or reference.address:
                continue
            if not (known and "://" in reference.name):
                if reference.optional:
                    continue
                raise BadCell(f"{bound.header}: “{reference.name}” was not found.")
            there[reference] = reference.name  # the id of what the store has
        return with_ids(value, {**self._resolved, **there} if there else self._resolved)

    def _values(
        self,
        cells: Mapping[str, str],
        row: Mapping[str, str],
        members: Members | None = None,
        *,
        known: bool = False,
    ) -> dict[str, Json]:
        """The values of cells by the paths that they are written to, but for those of steps. Of
        ``known`` cells those are left out that refer to what was not looked up."""
        found: dict[str, Json] = {}
        for bound, path in self._written(tuple(cells), members):
            try:
                found[path] = self._value(bound, cells[bound.header], row, known=known)
            except BadCell:
                if not known:
                    raise
        return found

    def _written(
        self, headers: tuple[str, ...], members: Members | None
    ) -> list[tuple[BoundColumn, str]]:
        """The columns of these that count, and are not those of steps, with the paths that they are
        written to. The members of a set mostly have the same."""
        key = (headers, members.name if members else "")
        if key not in self._written_of:
            columns, paths = self._columns.columns, members.paths if members else None
            self._written_of[key] = [
                (columns[header], path)
                for header in self._columns.counting(dict.fromkeys(headers, ""))
                if header in columns
                and (path := columns[header].column.write if paths is None else paths.get(header))
                and ":" not in path
            ]
        return self._written_of[key]

    @cached_property
    def _members(self) -> dict[str, tuple[MemberValues, ...]]:
        """The members of the sets that change, by the name of the set."""
        return {
            members.name: tuple(
                self._member(members, member) for member in self._change.sets[members.name]
            )
            for members in self._writing.members
            if members.name in self._change.sets
        }

    def _member(self, members: Members, member: Member) -> MemberValues:
        if member.action == DELETE:
            return MemberValues(member.ref, DELETE, {}, self._all_of_deleted(members, member))
        row = {**_around(self._change), **member.cells, **member.after}
        all_values = self._values(member.cells, row, members, known=True)
        written = self._values(member.after, row, members)
        all_values |= written
        if member.action == CREATE:
            written = {path: value for path, value in written.items() if value is not None}
            return MemberValues(member.ref, CREATE, written, all_values, member.row)
        written = {path: value for path, value in written.items() if path not in members.apart}
        for group in members.together:
            if not written.keys().isdisjoint(group):
                there = {path: all_values[path] for path in group if path in all_values}
                written = there | written
        return MemberValues(member.ref, member.action and UPDATE, written, all_values)

    def _all_of_deleted(self, members: Members, member: Member) -> dict[str, Json]:
        """What names a member that goes, where that is not its id."""
        if members.named == ("id",):
            return {}
        cells = {**member.cells, **member.before}
        return self._values(cells, {**_around(self._change), **cells}, members, known=True)

    @cached_property
    def _parts(self) -> Parts:
        return Parts(
            self._target,
            self._item,
            self._members,
            values=self._own_values,
            ids=self._resolved,
            facts=self._columns.facts,
            new=self._new,
        )

    @cached_property
    def _own_values(self) -> dict[str, Json]:
        """The object's own values that change, by the paths of their columns."""
        row = _around(self._change)
        found: dict[str, Json] = {}
        for header, cell in self._columns.counting(self._change.after).items():
            bound = self._columns.columns[header]
            if bound.column.write:
                found[bound.column.write] = self._value(bound, cell, row)
        return found

    # ------------------------------------------------------------------ the object itself

    def _creation(self, mutation: Mutation) -> Call:
        own = self._values(self._change.after, self._change.after)
        made = input_of({path: value for path, value in own.items() if value is not None})
        for members in self._writing.members:
            if members.into and members.name in self._members:
                made[members.into] = [
                    self._in_creation(members, place, member)
                    for place, member in enumerate(self._members[members.name])
                    if member.action != DELETE
                ]
        self._place(made, ("", 0), "creation")
        if self._writing.finish:
            made = self._writing.finish(made)
        if self._writing.complete:
            made = self._writing.complete(made, self._parts)
        variables = mutation.variables(None, made)
        if self._writing.beside:
            for path, value in self._writing.beside(self._parts).items():
                put_in(variables, path, value)
        return Call(mutation.name, variables)

    def _in_creation(self, members: Members, place: int, member: MemberValues) -> Input:
        """A member in the input that creates the object."""
        made = input_of(
            {members.within.get(path, path): value for path, value in member.written.items()}
        )
        if members.positions:
            put_in(made, members.positions, place + 1)
        self._place(made, (members.name, place), "creation")
        return made

    def _of_parent(self) -> Iterator[Call]:
        """What changes in what the object is in; one that is made has all of it already."""
        parent = self._writing.parent
        if parent is None or self._change.after.keys().isdisjoint(parent.columns):
            return
        bound = self._columns.columns[parent.header]
        named = self._own_values.get(bound.column.write)
        target = named or (self._item.get(parent.at) or {}).get("id")
        if isinstance(target, str) and not target.startswith(OURS):
            values = {
                path: self._own_values[self._columns.columns[header].column.write]
                for header, path in parent.columns.items()
                if header in self._change.after
            }
            yield Call(parent.update.name, parent.update.variables(target, input_of(values)))

    def _first(self) -> list[Call]:
        if not self._writing.first:
            return []
        return [Call(one.name, variables) for one, variables in self._writing.first(self._parts)]

    def _own_update(self, mutation: Mutation, sets: list[Call]) -> list[Call]:
        """The object's own mutation: its cells, and the members that it takes."""
        own = self._values(self._change.after, _around(self._change))
        own = self._with_together(own)
        values: dict[str, Json] = {}
        for path, value in own.items():
            if path in self._writing.only_new:
                continue
            if path in self._writing.joins:
                values |= self._joined(path, value)
            else:
                values[path] = value
                values |= self._writing.along.get(path, {})
        for members in self._writing.members:
            if members.into and members.whole and members.name in self._members:
                values[members.into] = list(self._whole(members))
        added, adds = self._added(sets)
        made = input_of(values)
        if self._writing.complete:
            made = self._writing.complete(made, self._parts)
        if not made and not added:
            return []
        self._place(made, ("", 0), "update")
        return [Call(mutation.name, mutation.variables(self._target, made) | added, adds)]

    def _with_together(self, own: dict[str, Json]) -> dict[str, Json]:
        """What is written, with the paths that always are written together with one of it."""
        groups = [g for g in self._writing.together if not own.keys().isdisjoint(g)]
        if not groups or self._change.known is None:
            return own
        paths = {path for group in groups for path in group}
        there = {
            header: cell
            for header, cell in self._change.known.cells.items()
            if self._columns.columns[header].column.write in paths
        }
        return self._values(there, _around(self._change)) | own

    def _joined(self, path: str, value: Json) -> dict[str, Json]:
        """What a list gains and loses."""
        join, now = self._writing.joins[path], list(value) if isinstance(value, list) else []
        before: dict[str, str] = {
            header: cell
            for header, cell in self._change.before.items()
            if self._columns.columns[header].column.write == path
        }
        known = self._values(before, before).get(path)
        was = list(known) if isinstance(known, list) else []
        found: dict[str, Json] = {
            join.join: [one for one in now if one not in was],
            join.leave: [one for one in was if one not in now],
        }
        return {name: ids for name, ids in found.items() if ids}

    def _whole(self, members: Members) -> Iterator[Json]:
        """The list of a nested set that the object's own mutation takes."""
        for place, member in enumerate(self._members[members.name]):
            named = {
                path: member.ref if path == "id" else member.all.get(path)
                for path in members.named
                if member.action != CREATE
            }
            if members.wrapped:
                if member.action:
                    yield {member.action: input_of(named | member.written)}
                continue
            if members.changed:
                if member.action:
                    gone = members.emptied if member.action == DELETE else {}
                    yield input_of({**member.written, **named, **gone})
                continue
            if member.action == DELETE:
                continue
            made = {members.within.get(path, path): value for path, value in member.all.items()}
            if members.positions:
                made[members.positions] = place + 1
            found = named | made
            yield input_of({p: value for p, value in found.items() if value is not None})

    def _added(self, sets: list[Call]) -> tuple[Input, str]:
        """The new members that the object's own mutation takes as a variable of their own, and the
        name of their set; not those that another call takes already."""
        for members in self._writing.members:
            if not members.added or any(call.adds == members.name for call in sets):
                continue
            new = self._inputs(members, CREATE)
            extra = members.finish(new, self._parts) if members.finish and new else {}
            if new:
                return {members.added: [*new], **extra}, members.name
        return {}, ""

    # ------------------------------------------------------------------ nested sets

    def _inputs(self, members: Members, action: str) -> list[Input]:
        """The inputs that create or update members."""
        made = []
        for place, member in enumerate(self._members.get(members.name, ())):
            if member.action != action or (action == UPDATE and not member.written):
                continue
            one = input_of(member.written)
            if action == UPDATE:
                one["id"] = member.ref
            self._place(one, (members.name, place), "addition" if action == CREATE else "update")
            made.append(one)
        return made

    def _of_set(self, members: Members) -> Iterator[Call]:
        """The mutations of a nested set that has its own."""
        if members.whole:
            return
        gone: list[Json] = [
            members.removed(member.ref, self._target)
            for member in self._members.get(members.name, ())
            if member.action == DELETE and member.ref
        ]
        changed = self._inputs(members, UPDATE)
        own = members.delete if members.delete is not members.update else None
        first = own and members.gone_first(self._parts)
        if own and first:
            yield from self._sent(members, own, [], gone)
        if members.update:
            also = gone if members.update is members.delete else []
            yield from self._sent(members, members.update, changed, also)
        if members.create:
            yield from self._sent(members, members.create, self._inputs(members, CREATE), [])
        if own and not first:
            yield from self._sent(members, own, [], gone)

    def _sent(
        self, members: Members, mutation: Mutation, inputs: list[Input], gone: list[Json]
    ) -> Iterator[Call]:
        if not inputs and not gone:
            return
        parts = replace(self._parts, added=self._added_with)
        extra = members.finish(inputs, parts) if members.finish and inputs else {}
        if not inputs and not gone:
            return
        owner: Input = {members.owner: self._target} if members.owner else {}
        adds = members.name if mutation is members.create else ""
        for name in self._sets_added_with(extra):
            adds = name
            self._added_with |= {name}
        if mutation.takes_list:
            yield Call(
                mutation.name, mutation.variables(None, [*inputs, *gone]) | owner | extra, adds
            )
            return
        for place, one in enumerate(inputs):
            ref = one.pop("id", None)
            target = ref if isinstance(ref, str) else None
            variables = mutation.variables(target, one) | owner | extra
            yield Call(mutation.name, variables, adds, place if adds else None)
        for ref in gone:
            yield Call(mutation.name, mutation.variables(str(ref)) | owner)

    def _sets_added_with(self, extra: Input) -> Iterator[str]:
        """The sets whose new members a call of another set takes along."""
        for members in self._writing.members:
            if members.added and members.added in extra:
                yield members.name

    def _orders(self, before: Collection[str]) -> Iterator[Call]:
        """The moves that bring the members of each set into their order, whatever calls came
        ``before`` them."""
        for members in self._writing.members:
            if not self._moves or not members.order or members.name not in self._members:
                continue
            listed = self._members[members.name]
            gone = {member.ref for member in listed if member.action == DELETE}
            stays = [one["id"] for one in self._item.get(members.of) or ()]
            new = [new_member(members.of, n) for n, _ in enumerate(_created(listed))]
            now: list[str] = [*(ref for ref in stays if ref not in gone), *new]
            names = iter(new)
            wanted = [
                next(names) if member.action == CREATE else str(member.ref)
                for member in listed
                if member.action != DELETE
            ]
            left = [ref for ref in now if ref not in wanted]
            moves: list[Json] = []
            mixed = members.position in self._columns.places and any(
                mutation.name in before for mutation in members.order.mixed_by
            )
            for place, ref in enumerate([*wanted, *left]):
                if mixed or now[place] != ref:
                    now.remove(ref)
                    now.insert(place, ref)
                    moves.append(members.order.move(ref, place))
            if moves:
                send = members.order.send
                variables = send.variables(self._target, moves)
                owner: Input = {members.owner: self._target} if members.owner else {}
                yield Call(send.name, variables | ({} if send.target else owner))

    def _made(self) -> Iterator[Call]:
        """What the steps send that make their calls of all that the change is made of."""
        for step in self._writing.after:
            for mutation, variables in step.makes(self._parts) if step.makes else ():
                yield Call(mutation.name, variables)

    # ------------------------------------------------------------------ steps

    @cached_property
    def _step_items(self) -> list[_StepItem]:
        """What each step does, in the order of the steps."""
        found = list(self._items_of(self._change.after, self._change.after, ("", 0), self._item))
        for members in self._writing.members:
            children = {one.get("id"): one for one in self._item.get(members.of) or ()}
            for place, member in enumerate(self._change.sets.get(members.name, ())):
                if member.action in (CREATE, UPDATE):
                    child = children.get(member.ref, {})
                    cells = member.cells or member.after
                    found += self._items_of(member.after, cells, (members.name, place), child)
        self._check_against(found)
        order = {step.name: place for place, step in enumerate(self._writing.after)}
        found.sort(key=lambda item: order[item.step.name])
        taken = {(item.step.name, item.holder, _key(item.fact)) for item in found}
        return [
            item
            for item in found
            if not item.step.unless or (item.step.unless, item.holder, _key(item.fact)) not in taken
        ]

    def _check_against(self, items: list[_StepItem]) -> None:
        """Refuse what is set and adjusted at the same time."""
        named = {(item.step.name, item.holder, _key(item.fact)): item for item in items}
        for item in items:
            other = named.get((item.step.against, item.holder, _key(item.fact)))
            if other is not None and item.data() is not None:
                both = f"{other.header} and {item.header}"
                raise BadCell(f"{both}: give the quantity, or by how much it changes.")

    def _items_of(
        self,
        cells: Mapping[str, str],
        row: Mapping[str, str],
        holder: tuple[str, int],
        stored: Item,
    ) -> Iterator[_StepItem]:
        items: dict[tuple[str, str], _StepItem] = {}
        for header, cell in cells.items():
            bound = self._columns.columns.get(header)
            name, colon, path = bound.column.write.partition(":") if bound else ("", "", "")
            if not bound or not colon:
                continue
            step = self._writing.step(name)
            if step.makes:
                continue
            fact = self._columns.fact_of(bound)
            value = self._value(bound, cell, row)
            item = items.get((name, _key(fact)))
            if item is None:
                owner, new = self._owner(step, holder, stored)
                item = _StepItem(step, fact, owner, new, holder, {}, header)
                if step.stored and not new:
                    item.stored = step.stored(stored, fact)
                if step.whole:
                    item.values |= self._all_of_step(step, fact, row)
                items[name, _key(fact)] = item
            item.values[path] = value
        yield from items.values()

    def _all_of_step(self, step: Step, fact: Any, row: Mapping[str, str]) -> dict[str, Json]:
        found = {}
        for header, cell in row.items():
            bound = self._columns.columns.get(header)
            name, colon, path = bound.column.write.partition(":") if bound else ("", "", "")
            if bound and colon and name == step.name and self._columns.fact_of(bound) == fact:
                found[path] = self._value(bound, cell, row)
        return found

    def _owner(self, step: Step, holder: tuple[str, int], stored: Item) -> tuple[str, bool]:
        """The id at which a step is aimed, and whether it is still to be had."""
        name, place = holder
        if not name:
            return self._target, self._new
        listed = self._change.sets[name]
        if listed[place].action == CREATE:
            members = next(one for one in self._writing.members if one.name == name)
            before = sum(one.action == CREATE for one in listed[:place])
            return new_member(members.of, before, step.at), True
        found = path_getter(step.at)(stored) if stored else listed[place].ref
        return str(found), False

    def _place(self, made: Input, holder: tuple[str, int], how: str) -> None:
        """Let the input of an object or member take along what its steps have for it."""
        for number, item in enumerate(self._step_items):
            make = getattr(item.step, how)
            if item.holder != holder or make is None or number in self._placed or item.clears:
                continue
            most = item.step.most_added if how == "addition" else 0
            if most and len(_listed(made, item.step.into)) >= most:
                continue
            value = item.data()
            taken = make(value) if isinstance(value, dict) else None
            if taken is not None:
                self._placed.add(number)
                there = made.setdefault(item.step.into, [])
                if isinstance(there, list):
                    there.append(taken)

    def _steps(self) -> Iterator[Call]:
        """What follows: of items that mean the same the last one counts."""
        last: dict[bytes, _StepItem] = {}
        for number, item in enumerate(self._step_items):
            if number in self._placed or (item.new and item.clears):
                continue
            mark = orjson.dumps([item.step.group or item.step.name, item.identity, item.owner])
            if mark in last and not item.clears and not last[mark].clears:
                item.values = last[mark].values | item.values
            last[mark] = item
        batches: dict[bytes, _Batch] = {}
        begins: dict[bytes, Call] = {}
        for item in last.values():
            self._put_into(batches, begins, item)
        yield from begins.values()
        for batch in batches.values():
            yield from batch.calls()

    @cached_property
    def _begun(self) -> set[tuple[tuple[str, int], str]]:
        """For which members and facts a creation begins what steps would begin."""
        taken = [self._step_items[number] for number in self._placed]
        return {(item.holder, _key(item.fact)) for item in taken if item.step.begin}

    def _put_into(
        self, batches: dict[bytes, _Batch], begins: dict[bytes, Call], item: _StepItem
    ) -> None:
        step = item.step
        if item.clears and step.clear:
            mutation, value = step.clear, step.cleared(item.identity)
        else:
            mutation, value = step.send, item.data()
        is_begun = item.stored is not None or (item.holder, _key(item.fact)) in self._begun
        if step.begin and not is_begun and (isinstance(value, dict) or not step.instead):
            given = value if isinstance(value, dict) else item.identity
            begun = step.begin.variables(None, step.begun(given))
            begins.setdefault(orjson.dumps(begun), Call(step.begin.name, begun))
            if step.instead:
                return
        if value is None:
            return
        target = item.owner if mutation.target else None
        variables = step.variables(item.fact) | step.aims(item.values.get(""), item.stored)
        mark = orjson.dumps([mutation.name, target, variables], default=str)
        batch = batches.setdefault(mark, _Batch(mutation, variables, target, step.most))
        batch.items.append(value)


def _created(listed: Sequence[MemberValues]) -> list[MemberValues]:
    return [member for member in listed if member.action == CREATE]


def _listed(made: Input, name: str) -> list[Json]:
    there = made.get(name)
    return there if isinstance(there, list) else []


def _key(fact: Any) -> str:
    return "" if fact is None else f"{type(fact).__name__} {fact}"
