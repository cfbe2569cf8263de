"""How a data type is written back: keys, nested sets and the mutations that Shopify offers for it.

A ``Mutation`` makes its own GraphQL document; a ``Column`` says by ``write`` where its value goes
in the mutation's input. Paths are dotted; a number in one is a place in a list, as in
``optionValues.0.name``. ``step:path`` is a path in an item of the ``Step`` of that name.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import orjson

Json: TypeAlias = "str | int | float | bool | None | list[Json] | dict[str, Json]"
Input: TypeAlias = dict[str, Json]


@dataclass(frozen=True)
class Reference:
    """Another object, as a cell names it: what a form's ``parse`` gives in the place of an id that
    only the store knows. ``to`` is its GraphQL type, ``Product``, ``name`` how it is called there:
    a handle, an e-mail address, a file's name."""

    to: str
    name: str


@dataclass(frozen=True)
class JsonText:
    """A value that is sent as the text of its JSON, once the ids of its references are known: a
    metafield that lists references."""

    value: "Value"


Value: TypeAlias = (
    "str | int | float | bool | None | Reference | JsonText | list[Value] | dict[str, Value]"
)
"""What a cell says: the JSON of an input, with references in the place of ids."""


def references_in(value: Value) -> Iterator[Reference]:
    """Every reference in a value."""
    match value:
        case Reference():
            yield value
        case JsonText():
            yield from references_in(value.value)
        case list():
            for member in value:
                yield from references_in(member)
        case dict():
            for part in value.values():
                yield from references_in(part)


def with_ids(value: Value, ids: Mapping[Reference, str]) -> Json:
    """A value with the ids of its references in their place."""
    match value:
        case Reference():
            return ids[value]
        case JsonText():
            return orjson.dumps(with_ids(value.value, ids)).decode()
        case list():
            return [with_ids(member, ids) for member in value]
        case dict():
            return {name: with_ids(part, ids) for name, part in value.items()}
        case _:
            return value


@dataclass(frozen=True)
class Mutation:
    """One mutation field of the Admin API.

    ``arguments`` are written as the schema has them, ``"id: ID!"``, with a default where it is
    always the same: ``"synchronous: Boolean = true"``. Each becomes a variable of its name.
    ``input`` is the variable, or the dotted path in one, that takes the columns' values; without
    it they are variables themselves. ``target`` takes the id of the object that is written.
    ``saved`` is the payload's field of the saved object or objects, ``returns`` what else is asked
    for. Mutations that demand ``@idempotent`` take the key in the variable ``idempotencyKey``.
    """

    field: str
    arguments: tuple[str, ...]
    input: str = ""
    target: str = ""
    saved: str = ""
    returns: str = ""
    errors: str = "userErrors { field message }"
    idempotent: bool = False

    @property
    def document(self) -> str:
        """Its answer is ``result``, with ``userErrors`` and, when something is saved, ``object``
        with its ``id``."""
        declared = [f"${argument}" for argument in self.arguments]
        names = [argument.partition(":")[0] for argument in self.arguments]
        given = ", ".join(f"{name}: ${name}" for name in names)
        saved = f"object: {self.saved} {{ id }}" if self.saved else ""
        selection = " ".join(filter(None, (saved, self.returns, self.errors)))
        directive = ""
        if self.idempotent:
            declared.append("$idempotencyKey: String!")
            directive = " @idempotent(key: $idempotencyKey)"
        return (
            f"mutation ({', '.join(declared)}) "
            f"{{ result: {self.field}({given}){directive} {{ {selection} }} }}"
        )

    def variables(self, target: str | None = None, value: Json = None) -> Input:
        """The variables that write ``value`` (the input, or a list of inputs) to the object with
        the id ``target``."""
        variables: Input = {}
        if isinstance(value, dict) and not self.input:
            variables.update(value)
        elif value is not None:
            _put(variables, self.input.split("."), value)
        if self.target and target is not None:
            _put(variables, self.target.split("."), target)
        return variables


@dataclass(frozen=True)
class Key:
    """Columns that together name an object, or a member within its object. ``term`` is Shopify's
    search term for the first of them, empty where it cannot be searched for; ``searched`` gives
    what to search for by it, of the cell in the form by which cells are compared."""

    headers: tuple[str, ...]
    term: str = ""
    searched: Callable[[str], tuple[str, ...]] = lambda normal: (normal,)


@dataclass(frozen=True)
class Members:
    """A nested set: the members of the list ``of`` (as in ``Block``), each on a row of its own.

    They stand in the list ``into`` of the object's input, and ``whole`` says that the mutation
    replaces that list; or they have mutations of their own, which take the object's id as
    ``owner``. ``command`` is the header of the members' own command. In a tree, ``under`` is the
    list of a member's input that holds the members below it.

    Where several sets are stacked below each other, ``only`` is ``(header, cell)``: the rows that
    are of this set; ``paths`` says where a column goes in it, if not to the column's ``write``.
    """

    of: str
    keys: tuple[Key, ...]
    into: str = ""
    whole: bool = False
    command: str = ""
    under: str = ""
    only: tuple[str, str] | None = None
    paths: Mapping[str, str] | None = None
    create: Mutation | None = None
    update: Mutation | None = None
    delete: Mutation | None = None
    owner: str = ""

    @property
    def name(self) -> str:
        """What a plan calls the set: its list, or of those stacked in one list its rows' cell."""
        return self.only[1] if self.only else self.of


@dataclass(frozen=True)
class Step:
    """A mutation that follows with the id of the saved object or member: stock, prices,
    publications. Columns belong to it by ``write="<name>:<path>"``.

    Each object, member and shop fact that has such cells makes one item of the mutation's input:
    ``item(fact)`` is the part that the fact decides, ``more(fact)`` what only ``send`` takes of it,
    ``owner`` the path at which the id stands in it that is found at ``at`` in the object or member.
    ``clear`` is sent instead for items whose cells were emptied or are false. ``most`` items go
    into one call.
    """

    name: str
    send: Mutation
    clear: Mutation | None = None
    item: Callable[[Any], Input] | None = None
    more: Callable[[Any], Input] | None = None
    owner: str = ""
    at: str = "id"
    most: int = 250


@dataclass(frozen=True)
class Writing:
    """How the objects of a type are created, updated and deleted.

    ``typename`` is the GraphQL type that ids name. An object is found by its ``ID``, else by the
    first of ``keys`` that the file has. ``required`` cells are never empty; ``unlike`` cells never
    all the same. ``finish`` completes an input that columns cannot make each for itself. ``after``
    are the steps that follow a saved object, in their order.
    """

    typename: str
    keys: tuple[Key, ...]
    create: Mutation | None = None
    update: Mutation | None = None
    delete: Mutation | None = None
    members: tuple[Members, ...] = ()
    required: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    finish: Callable[[Input], Input] | None = None
    after: tuple[Step, ...] = ()

    @property
    def mutations(self) -> tuple[Mutation, ...]:
        """Every mutation that an import of the type may send."""
        parts: tuple[Writing | Members, ...] = (self, *self.members)
        own = (m for part in parts for m in (part.create, part.update, part.delete))
        steps = (m for step in self.after for m in (step.send, step.clear))
        return tuple(mutation for mutation in (*own, *steps) if mutation)


def input_of(values: Mapping[str, Json]) -> Input:
    """``{"seo.title": "A", "optionValues.0.name": "B"}`` as the nested input that it stands for."""
    made: Input = {}
    for path, value in values.items():
        _put(made, path.split("."), value)
    return made


def _put(holder: Input | list[Json], path: list[str], value: Json) -> None:
    """Put the value at the path; what stands there already is added to."""
    name, *rest = path
    there: Json = None
    if isinstance(holder, list):
        holder.extend([None] * (int(name) + 1 - len(holder)))
        there = holder[int(name)]
    else:
        there = holder.get(name)
    if rest:
        if not isinstance(there, dict | list):
            there = [] if rest[0].isdigit() else {}
        _put(there, rest, value)
        value = there
    elif isinstance(there, dict) and isinstance(value, dict):
        value = there | value
    if isinstance(holder, list):
        holder[int(name)] = value
    else:
        holder[name] = value
