"""How a data type is written back: keys, nested sets and the mutations that Shopify offers for it.

A ``Mutation`` makes its own GraphQL document; a ``Column`` says by ``write`` where its value goes
in the mutation's input. Paths are dotted; a number in one is a place in a list, as in
``optionValues.0.name``. ``step:path`` is a path in an item of the ``Step`` of that name. ``=name``
is in no input: what a declaration completes is made of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import orjson

from transfer.types.shop_facts import ShopFacts

Json: TypeAlias = "str | int | float | bool | None | list[Json] | dict[str, Json]"
Input: TypeAlias = dict[str, Json]


OURS = "gid://altera/"
"""Before what stands for an id that is still to be had."""
MARK = f"{OURS}Mark"
"""Stands for a tag of an object that is being created, by which it is found after a kill where
nothing else tells that it was made."""
NEW_MEMBER = f"{OURS}New/"
OF_OBJECT = f"{OURS}Of/"


COMPLETED = "="
"""What a path begins with that is in no input."""
PLACE = "=position"
"""What a column writes that has the place of a member in its list."""


@dataclass(frozen=True)
class Reference:
    """Another object, as a cell names it: what a form's ``parse`` gives in the place of an id that
    only the store knows. ``to`` is its GraphQL type, ``Product``, ``name`` how it is called there:
    a handle, an e-mail address, a file's name. One with an ``address`` is never looked up in the
    store: the address stands for it, unless the same import creates a file of that address. One
    that is ``optional`` stands for nothing where the store does not have it."""

    to: str
    name: str
    address: str = ""
    optional: bool = False


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
        case Reference(address=address) if address:
            return ids.get(value, address)
        case Reference(optional=True):
            return ids.get(value)
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


WITH_CODE = "userErrors { field message code }"
"""What is asked of errors that have a code; those of Shopify's type UserError have none."""


@dataclass(frozen=True)
class Trace:
    """What a call leaves behind where nothing else tells that it was done: one more in a list of
    the object. ``of`` gives that list, each with an ``id``; ``same`` tells whether one of it may be
    what a call with these variables has left."""

    of: Callable[[dict[str, Any]], list[dict[str, Any]]]
    same: Callable[[dict[str, Any], Input], bool]


@dataclass(frozen=True)
class Mutation:
    """One mutation field of the Admin API.

    ``arguments`` are written as the schema has them, ``"id: ID!"``, with a default where it is
    always the same: ``"synchronous: Boolean = true"``. Each becomes a variable of its name.
    ``input`` is the variable, or the dotted path in one, that takes the columns' values; without
    it they are variables themselves. ``target`` takes the id of the object that is written.
    ``saved`` is the payload's field of the saved object or objects, ``returns`` what else is asked
    for. Mutations that demand ``@idempotent`` take the key in the variable ``idempotencyKey``.
    ``most`` says of how many objects one call may write: what it takes of one stands in a list, of
    which ``input``, or ``target``, is the first item.
    ``repeated`` are the codes of the errors by which one that is sent again says that it was done,
    ``gone`` those by which one that deletes a list says that a part of it is not there any more.
    ``guard`` is the field of an item that says over what it may be written: Shopify refuses what
    others have changed since that was read. ``instead`` is sent where Shopify refuses this one for
    what only that may make. ``busy`` are the words by which Shopify asks for patience: nothing was
    done, and it is sent again.

    ``notifies`` are the paths in its variables that decide whether Shopify writes to a customer:
    each is false unless a cell asks for it, whatever Shopify's default is. One that ``sends`` is
    there to write to a customer, and is called only where a cell asks for it. ``pays_back`` tells
    of the variables whether a customer gets money back by it. ``final`` is the word for what no
    undo takes back of it, as plans count it. One with a ``session`` commits what that begins: its
    variables have ``edits``, each a ``mutation`` with its ``variables``, which are sent in between
    and with it make one call. One that no row asks for has a sentence, ``dispensable``, for what
    is left undone where Shopify refuses it: the row is done all the same.

    One that is there only for what is ``empty`` has a query for that: it takes the ``$id`` of the
    target, and counts in ``count { count }`` what is in it. It is sent where that is nothing.

    ``done`` tells, of the object as the store has it and the variables, whether the mutation was
    made, or is the ``Trace`` by which that is found: one that was cut off is then not sent again.
    ``of`` is the GraphQL type that the object's id names in it, where that is another than it has
    in the store. What goes on after its answer is waited for as ``follow`` says.
    """

    field: str
    arguments: tuple[str, ...]
    input: str = ""
    target: str = ""
    saved: str = ""
    returns: str = ""
    errors: str = "userErrors { field message }"
    idempotent: bool = False
    repeated: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    guard: str = ""
    busy: str = ""
    instead: "Instead | None" = None
    notifies: tuple[str, ...] = ()
    sends: bool = False
    empty: str = ""
    pays_back: Callable[[Input], bool] | None = None
    final: str = ""
    dispensable: str = ""
    session: "Mutation | None" = None
    named: str = ""
    of: str = ""
    follow: "Follow | None" = None
    done: Callable[[dict[str, Any], Input], bool] | Trace | None = None
    most: int = 0

    @property
    def items(self) -> str:
        """The dotted path of the list that it takes."""
        return (self.input or self.target).partition(".0")[0]

    def writes_to_customer(self, variables: Input) -> bool:
        """Whether Shopify writes to a customer where these are sent."""
        return self.sends or any(_is_true(variables, path.split(".")) for path in self.notifies)

    @property
    def name(self) -> str:
        """What a call of it is known by: its field, or what it is ``named`` where a type sends one
        field in two ways."""
        return self.named or self.field

    @property
    def takes_list(self) -> bool:
        """Whether its input is a list of objects or members, not one of them."""
        declared = (argument.partition(": ") for argument in self.arguments)
        return any(name == self.input and kind.startswith("[") for name, _, kind in declared)

    @property
    def document(self) -> str:
        """Its answer is ``result``, with ``userErrors`` and, when something is saved, ``object``
        with its ``id``."""
        return self.asking()

    def asking(self, fields: str = "") -> str:
        """The document, asking for more fields of what is saved."""
        declared = [f"${argument}" for argument in self.arguments]
        names = [argument.partition(":")[0] for argument in self.arguments]
        given = ", ".join(f"{name}: ${name}" for name in names)
        wanted = f"id {fields}".strip()
        saved = f"object: {self.saved} {{ {wanted} }}" if self.saved else ""
        selection = " ".join(filter(None, (saved, self.returns, self.errors)))
        directive = ""
        if self.idempotent:
            declared.append("$idempotencyKey: String!")
            directive = " @idempotent(key: $idempotencyKey)"
        return (
            f"mutation ({', '.join(declared)}) "
            f"{{ result: {self.field}({given}){directive} {{ {selection} }} }}"
        )

    def aimed(self, variables: Input) -> Input:
        """The variables with the object's id as this mutation takes it."""
        gid = variables.get(self.target)
        if not (self.of and isinstance(gid, str)):
            return variables
        return {**variables, self.target: f"gid://shopify/{self.of}/{gid.rpartition('/')[2]}"}

    def variables(self, target: str | None = None, value: Json = None) -> Input:
        """The variables that write ``value`` (the input, or a list of inputs) to the object with
        the id ``target``."""
        variables: Input = {}
        if isinstance(value, dict) and not self.input:
            variables.update(value)
        elif value is not None:
            _put_at(variables, self.input.split("."), value)
        if self.target and target is not None:
            _put_at(variables, self.target.split("."), target)
        for path in self.notifies:
            first, *rest = path.split(".")
            if rest:
                variables.setdefault(first, {})
            _silence(variables, [first, *rest])
        return variables


DELETE_REDIRECT = Mutation(
    "urlRedirectDelete",
    ("id: ID!",),
    target="id",
    dispensable="The redirect that its other handle left stays",
)


@dataclass(frozen=True)
class Instead:
    """The mutation that is sent where another is refused with one of the ``codes``. Of that one's
    input it takes the fields named ``takes``, and it has some that are ``given``. One that changes
    an object which cannot be deleted has a sentence for that, ``told``: only an undo sends it, and
    to others the ``advice`` is given."""

    codes: tuple[str, ...]
    mutation: Mutation
    takes: tuple[str, ...] = ()
    given: Input = field(default_factory=dict, hash=False)
    told: str = ""
    advice: str = ""

    def variables(self, refused: Mutation, sent: Input) -> Input:
        """Its variables, of those with which the other was sent."""
        given: Json = sent
        for name in filter(None, refused.input.split(".")):
            given = given.get(name) if isinstance(given, dict) else None
        there = given if isinstance(given, dict) else {}
        target = sent.get(refused.target) if refused.target else None
        taken = {n: there[n] for n in self.takes if n in there}
        return self.mutation.variables(str(target) if target else None, {**self.given, **taken})


@dataclass(frozen=True)
class Key:
    """Columns that together name an object, or a member within its object. ``term`` is Shopify's
    search term for the first of them, empty where it cannot be searched for; ``searched`` gives
    what to search for by it, of the cell in the form by which cells are compared. ``also`` is a
    search for objects that may have the key and are not found by the term. A ``further`` one is
    looked for also where those before it are filled and find nothing. A member's key does not count
    in rows that fill one of the headers of ``unless``. One that ``groups`` only holds the rows of a
    new object together: nothing in the store is found by it. A root ``field`` of Shopify's that
    finds an object by the first of them is asked in the place of a search. Columns ``of`` say of
    what each of a member's values is: in another order they name the same member."""

    headers: tuple[str, ...]
    term: str = ""
    also: str = ""
    searched: Callable[[str], tuple[str, ...]] = lambda normal: (normal,)
    unless: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    groups: bool = False
    further: bool = False
    field: Callable[[str], str] | None = None


@dataclass(frozen=True)
class Order:
    """A mutation that moves members of a nested set: ``move`` makes
    one of an id and of the place, from 0 on, that the member is to have. After a call that they
    are ``mixed_by`` their order is not known, so all are moved."""

    send: Mutation
    move: Callable[[str, int], Input]
    mixed_by: tuple[Mutation, ...] = ()


@dataclass(frozen=True)
class MemberValues:
    """A member of a nested set, by the paths of its columns: ``written`` are the values that
    change, ``all`` all of them afterwards. ``ref``, ``action`` and the number of its ``row`` are
    those of the plan."""

    ref: str | None
    action: str
    written: dict[str, Json]
    all: dict[str, Json]
    row: int = 0


@dataclass(frozen=True)
class Parts:
    """What a change of an object is made of, for what its columns cannot say each for itself:
    ``target`` is its id, ``item`` what the store has of it, ``members`` those of each nested set
    that changes, as they are to be. ``added`` are the sets whose new members a call that is sent
    before takes along. ``values`` are the object's own that change, by the paths of their columns,
    those of steps too; ``item`` is empty for a ``new`` object, and for one that the same import
    creates before. ``ids`` has what was found of all that the change refers to, ``facts`` are those
    of the shop."""

    target: str
    item: dict[str, Any]
    members: Mapping[str, tuple[MemberValues, ...]]
    added: frozenset[str] = frozenset()
    values: Mapping[str, Json] = field(default_factory=dict)
    ids: Mapping[Reference, str] = field(default_factory=dict)
    facts: ShopFacts = field(default_factory=ShopFacts)
    new: bool = False

    def created(self, name: str) -> list[MemberValues]:
        """The new members of a nested set."""
        return [one for one in self.members.get(name, ()) if one.action == "create"]

    def below(self, prefix: str) -> Input:
        """The values whose paths begin with a prefix, by the rest of the path; none that is
        emptied."""
        return {
            path.removeprefix(prefix): value
            for path, value in self.values.items()
            if path.startswith(prefix) and value is not None
        }


def of_object(path: str) -> str:
    """Stands for what the object will have at a path once the calls that are sent before are
    answered."""
    return f"{OF_OBJECT}{path}"


def new_member(of: str, number: int, at: str = "id") -> str:
    """Stands for what the n-th new member of the list ``of`` will have at a path once it is
    created."""
    return f"{NEW_MEMBER}{of}/{number}/{at}"


@dataclass(frozen=True)
class Combinations:
    """Rows that are about many members: where the column ``asked`` is true, one for each
    combination of the values that the columns ``of`` list between commas, ``most`` at the most.
    Each has what else the row says, but not its cells ``of_one``, which can be those of one
    alone."""

    asked: str
    of: tuple[str, ...]
    of_one: tuple[str, ...]
    most: int


@dataclass(frozen=True)
class Members:
    """A nested set: the members of the list ``of`` (as in ``Block``), each on a row of its own.

    They stand in the list ``into`` of the input that creates the object; ``within`` says where in
    it a column goes, if not to its ``write``. ``positions`` is the path of a member's place in the
    list, from 1 on, ``position`` the header of the column that says it. ``whole`` says that
    ``update`` of the object takes that list too: all that it is to be, or ``wrapped`` only what
    changes, as ``{"create": {…}}``, ``{"update": {…}}`` and ``{"delete": {…}}``. Members that are
    there are named by the paths ``named``.

    Otherwise members have mutations of their own, which take the object's id as ``owner`` and a
    list of members, or one member each. ``added`` is the variable of the object's own update that
    takes new members; ``removed`` makes what ``delete`` takes of the ids of member and object.
    ``order`` moves them. Members that go are deleted last, so that a refusal leaves them, or first
    where ``gone_first`` says so. Of paths that are ``together`` all are written when one is; those
    that stand ``apart`` are never a reason to write a member. ``finish`` completes the inputs of
    one call, and gives the call's further variables.

    An object's only row is about its only member if it fills none of the keys before the place
    ``alone``: none but the last; with None, none at all.

    ``command`` is the header of the members' own command. A cell of their first key may name
    several, between matches of the regular expression ``listed``; a row may be about all that are
    ``combined`` of its cells. In a tree, ``under`` is the
    header of the id of the member above: one that goes takes those below it along. Where a key
    ``repeats``, the rows that have it are the members that have it, in their order. Of a set that
    is ``guarded`` no member may have changed since the plan: the mutation would put it back, or do
    again what somebody has done meanwhile.

    Where several sets are stacked below each other, ``only`` is ``(header, cell)``: the rows that
    are of this set. ``part`` is the part of a row (as in ``Block``) that no other set has: a row
    that fills it and is of no set is told. ``paths`` says where the columns go in it that it has,
    in the place of their ``write``; of a new object rows of the kinds ``also`` are of the set too
    where they fill its part. A row of one with ``several`` is about all members that it names, not
    about one of them. Paths that are ``options`` say how a change is made: no row is one for their
    sake. Members that are made with their object and stay as they are then have a sentence for
    that, ``once``; rows that fill the command ``edited`` make and delete them all the same.
    ``refers`` gives what a new member refers to beside its cells.

    ``changed`` says that the list of a ``whole`` set has only the members that change; one that
    goes is ``emptied``. Paths that are ``only_new`` are written to new members alone; a file that
    has something else in a column that is ``fixed`` is refused. Of a ``lenient`` set new members
    that refer to what is not there are left out, and told.

    An object that has no members of its own may have one that is a ``stand_in``, with this cell in
    this column: the first row that names another takes its place.

    A row whose first key is the id of a member of another object is refused, where the set has a
    sentence for that, ``elsewhere``, of the cell.

    Columns that are ``given`` cannot change in a member that fills the column ``given_by``: they
    are those of what that names.

    Members that Shopify completes later are asked for by ``watched``, a query that takes the
    objects' ``$ids``: its ``nodes`` have the list, as a connection, of ``id``, ``state`` and
    ``problems { message }``. New ones that fail are taken away by ``discard``, which takes a list
    of ids: they have nothing to show, and each further import would leave one more.

    Of columns that are lost when another one changes, the cells before are part of the plan too:
    ``empties``, as for objects. A plan says how many members go with an object that is deleted,
    where they have a ``word``; of a set that is ``counted`` it only says how many come and go.

    Rows of an object that tell members of the set ``brought_by`` tell none of this one: only what
    those bring.

    ``filled`` gives the column that a row with these cells must fill, if any.

    A set that is ``endless`` may have more members than memory holds: where the rows of an object
    go on and say nothing but one member more, they are planned and written in parts. What makes its
    calls must not ask the store for those that are there.

    A set that is ``kept`` stays where a file that replaces an object has none of its columns: the
    object cannot be without it. Rows that name all members of one that is ``ordered`` give them
    their order, where the file has no column of positions.

    Members of a set that is ``lasting`` are never taken away;
    ``opposite`` makes the row that takes back what a new one did; new ones that a call with a
    ``Trace`` has left are taken back by the cells ``called_off`` in their own rows, and those that
    have these cells are found only by keys that begin as the first. A new member is made only of
    rows that ``ask`` for it: that fill this column. Of the members one at most has true in the
    column ``single``: it takes that from the other; ``inherits`` is a sentence on who gets it where
    the one that has it is deleted, and the rows give it to none. A row with an id in the column
    ``past`` that an object which is there does not have tells of another store: no member is made
    of it.

    Where rows do not say all that the members of an object are made of, ``beyond`` tells of it:
    such a set changes only by REPLACE, and what rows do not say goes. ``tells`` makes a sentence of
    the object and the cells of members that are added to it, on what becomes of it by them.
    ``lost`` is a sentence on what no undo brings back of members that are taken away.

    The last of the keys may be empty: where an object has one member, the only row is about it if
    it fills none of the others.

    Where the rows of the list ``of`` show several things side by side, ``side`` is the part that is
    the member, known by its ``ref``. Rows may repeat it. The object has those parts in the list
    ``at``. Columns ``beside`` it help to name it.
    """

    of: str
    keys: tuple[Key, ...]
    into: str = ""
    within: Mapping[str, str] = field(default_factory=dict)
    positions: str = ""
    position: str = ""
    past: str = ""
    elsewhere: str = ""
    stand_in: tuple[str, str] = ("", "")
    edited: str = ""
    given: tuple[str, ...] = ()
    given_by: str = ""
    whole: bool = False
    wrapped: bool = False
    named: tuple[str, ...] = ("id",)
    command: str = ""
    listed: str = ""
    combined: Combinations | None = None
    alone: int | None = -1
    under: str = ""
    only: tuple[str, str] | None = None
    part: str = ""
    also: tuple[str, ...] = ()
    once: str = ""
    refers: Callable[[Mapping[str, str]], tuple[Reference, ...]] = lambda cells: ()
    several: bool = False
    options: tuple[str, ...] = ()
    paths: Mapping[str, str] | None = None
    create: Mutation | None = None
    update: Mutation | None = None
    delete: Mutation | None = None
    owner: str = ""
    added: str = ""
    removed: Callable[[str, str], Json] = lambda ref, owner: ref
    order: Order | None = None
    gone_first: Callable[[Parts], bool] = lambda parts: False
    together: tuple[tuple[str, ...], ...] = ()
    apart: tuple[str, ...] = ()
    changed: bool = False
    emptied: Input = field(default_factory=dict)
    only_new: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    lenient: bool = False
    finish: Callable[[list[Input], Parts], Input] | None = None
    watched: str = ""
    discard: Mutation | None = None
    brought_by: str = ""
    endless: bool = False
    kept: bool = False
    ordered: bool = False
    lasting: bool = False
    opposite: Callable[[Mapping[str, str]], dict[str, str]] | None = None
    called_off: Mapping[str, str] = field(default_factory=dict)
    ask: str = ""
    single: str = ""
    inherits: str = ""
    side: str = ""
    ref: str = "id"
    at: str = ""
    beside: tuple[str, ...] = ()
    repeats: bool = False
    guarded: bool = False
    word: str = ""
    counted: bool = False
    filled: Callable[[Mapping[str, str]], str] = lambda cells: ""
    beyond: Callable[[dict[str, Any]], str] = lambda item: ""
    lost: str = ""
    tells: Callable[[dict[str, Any], Sequence[Mapping[str, str]]], str] = lambda item, new: ""
    empties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What a plan calls the set: its list, or of those stacked in one list its rows' cell, or
        the side that it is."""
        return self.only[1] if self.only else self.side or self.of


@dataclass(frozen=True)
class Step:
    """A mutation that follows with the id of the saved object or member: stock, prices,
    publications. Columns belong to it by ``write="<name>:<path>"``.

    Each object, member and shop fact that has such cells makes one item of the mutation's input:
    ``item(fact)`` is the part that the fact decides, ``more(fact)`` what only ``send`` takes of it,
    ``owner`` the path at which the id stands in it that is found at ``at`` in the object or member.
    Columns that are not repeated have the fact that ``fact`` finds among those of the shop; they
    cannot be written where it finds none. ``variables(fact)`` are sent beside the items, and so is
    what ``aims`` makes of an item's only value and of what is stored.

    ``clear`` is sent instead for items whose cells were emptied or are false; ``cleared`` makes
    what it takes of an item. ``most`` items go into one call. With ``whole`` an item has all cells
    of the step, not only those that differ. Of steps of one ``group`` the last
    counts where items mean the same. An item is left out where the step named ``unless`` has
    one for the same fact. Items of steps that send the same are sent together.

    ``stored`` reads what is there now from the object or member and the fact, and ``finish``
    completes an item with it, or leaves it out with None. Where nothing is, ``begin`` is sent
    first, with what ``begun`` makes of the item; it makes up for the item where ``instead``.

    ``creation`` makes what is put into the list ``into`` of the input that creates the object, or
    the member in the object's; ``addition`` of the input that adds a member to an object that is
    there; ``update`` puts items there when the object or member is updated anyway. What they make
    None of is sent afterwards, and so is what an addition has more than ``most_added``.

    Where items cannot say it, ``makes`` gives the calls, in their order, of ``send``, ``begin``,
    ``clear`` and ``others``, with their variables.
    """

    name: str
    send: Mutation
    clear: Mutation | None = None
    item: Callable[[Any], Input] | None = None
    more: Callable[[Any], Input] | None = None
    owner: str = ""
    at: str = "id"
    most: int = 250
    fact: Callable[[ShopFacts], Any] | None = None
    variables: Callable[[Any], Input] = lambda fact: {}
    aims: Callable[[Json, Json], Input] = lambda value, stored: {}
    cleared: Callable[[Input], Json] = lambda item: item
    whole: bool = False
    unless: str = ""
    against: str = ""
    group: str = ""
    takes: Callable[[Any], bool] = lambda fact: True
    stored: Callable[[dict[str, Any], Any], Json] | None = None
    finish: Callable[[Input, Json], Json] | None = None
    begin: Mutation | None = None
    begun: Callable[[Input], Input] = lambda item: item
    instead: bool = False
    into: str = ""
    creation: Callable[[Input], Json] | None = None
    addition: Callable[[Input], Json] | None = None
    most_added: int = 0
    update: Callable[[Input], Json] | None = None
    makes: "Callable[[Parts], Iterable[tuple[Mutation, Input]]] | None" = None
    others: tuple[Mutation, ...] = ()


@dataclass(frozen=True)
class Join:
    """Where an update writes what is new in a list, and what is no longer in it."""

    join: str
    leave: str


@dataclass(frozen=True)
class Parent:
    """What objects of a type are in, where each of their rows shows it too: the blog of an article.

    ``to`` is its GraphQL type and ``word`` what people call one, ``header`` the column that names
    it, ``at`` where an object has it. ``columns`` are its own, with the paths of their values in
    the ``input`` of its mutations; ``fact`` names those of the shop that are such, and ``item``
    makes of one what an object has of it. ``named`` fills in the name in a row's cells by what
    else they say of it. ``defaults`` completes the input of a new one by its name.

    One that the store does not have is made before the first object that is in it. What objects in
    one parent say of it counts where it stands first in the file. An undo deletes what the import
    has made, if nothing is in it.
    """

    to: str
    word: str
    header: str
    at: str
    fact: str
    item: Callable[[Any], dict[str, Any]]
    columns: Mapping[str, str]
    create: Mutation
    update: Mutation
    delete: Mutation
    named: Callable[[dict[str, str], ShopFacts], dict[str, str]]
    defaults: Callable[[str], Input]

    @property
    def mutations(self) -> tuple[Mutation, ...]:
        return self.create, self.update, self.delete


@dataclass(frozen=True)
class Latest:
    """Columns that say how something stood ``at`` a moment: of the file and the store the later one
    is right."""

    headers: tuple[str, ...]
    at: str


@dataclass(frozen=True)
class Kind:
    """The mutations of the objects of one kind, where a type has several."""

    create: Mutation | None = None
    update: Mutation | None = None
    delete: Mutation | None = None


@dataclass(frozen=True)
class Follow:
    """Work that goes on after the answer of a mutation: it is at ``field`` of the payload, with an
    ``id``, and is ``done`` or not. ``query`` takes that id and has it as ``node``; ``problems``
    makes a sentence of what could not be done, empty where all was. Where it takes ``details``,
    which cost more, these are asked for if the node's number ``failed`` is not 0."""

    field: str
    query: str
    problems: Callable[[dict[str, Any]], str]
    failed: str = ""
    details: str = ""


@dataclass(frozen=True)
class Writing:
    """How the objects of a type are created, updated and deleted.

    ``typename`` is the GraphQL type that ids name. An object is found by its ``ID``, else by the
    first of ``keys`` that the file has; in a file without any of them by a member of it:
    ``through`` has keys of members, of which the first group counts that the file has; a row whose
    member is nowhere creates an object where the type is ``made_through`` them.
    ``required`` cells are never empty; ``unlike`` cells never all the same. Paths that are
    ``only_new`` are written to new objects alone, those that are ``never_new`` to others; a file
    that has something else in a column that is ``fixed`` is refused, with the sentence ``instead``
    on what to do; where ``remade`` is a sentence on what is lost by that, REPLACE deletes the
    object and creates it again. Where a type
    ``skips_unnamed`` rows, those without an id and a key are none of an object's. Objects that
    Shopify completes later are asked for by ``watched``, a query
    that takes their ``$ids``: its ``nodes`` have ``id``, ``state`` and ``problems { message }``.

    ``finish`` completes the input that creates an object, ``complete`` that and each that updates
    one; of nothing it makes what there is to update beside the object's columns. ``facts`` are
    asked of the shop besides those of an export. ``joins`` has the lists that an update
    changes by members, ``along`` what goes along with a path in an update. Of paths that are
    ``together`` all are written when one is. Of columns that Shopify ``empties`` when another one
    changes, the cells before are part of the plan, so that an undo brings them back. ``fields``
    are asked of an object besides those of an export, for ``first``: the mutations, with their
    variables, that an update begins with. ``after`` are the steps that follow a saved object, in
    their order. ``defaults`` give the cells of something new that the file leaves blank,
    of the facts and its other cells.

    ``warnings_of_new`` gives sentences on what to know before objects with such cells are created.
    ``lost`` is a sentence on what an undo does not bring back of an object that is deleted.
    ``means`` puts a row's cells into other columns where these say the same. ``parent`` is what
    objects are in. Of columns that are
    ``latest`` older cells change nothing. ``undeletable`` gives a sentence on an object that
    Shopify would not delete, ``uncreated`` on cells of something past that is not made again.

    Paths that are ``options`` say how a change is made: none is made for their sake. ``refuses``
    tells, of an object as the store has it, why Shopify does not take a value at a path; the cell
    is then left out, and that is told. ``beside`` are further variables of the mutation that
    creates an object, by their paths; ``refers`` is what a new one refers to beside its cells.
    ``address`` makes the path of an object's page of its cells. Shopify leaves a redirect at one
    that changes, and an undo of that deletes it.
    A store for development or trial takes so many new ones ``a_minute``. Of a new one a dry run
    asks what it would come to: ``preview`` takes the same input and makes nothing.
    Without the access scope ``seen_with`` a store shows only some objects, so that what is not
    found is created only by the command NEW. Where ``names_repeat`` several objects may have one
    natural key, and a row must then name the ID. ``once`` is a sentence for each cell that only a
    new object takes. Where a type has several ``kinds`` of objects, ``kind``
    tells by what is written and what the store has which one it is. ``ref`` makes the id that an
    object has in the store of that which a mutation gives it. Where objects of other types depend
    on one and its members, what is removed of it is ``removed_last``, after all else that the
    import writes.
    """

    typename: str
    keys: tuple[Key, ...]
    create: Mutation | None = None
    update: Mutation | None = None
    delete: Mutation | None = None
    members: tuple[Members, ...] = ()
    through: tuple[tuple[Key, ...], ...] = ()
    made_through: bool = False
    required: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    only_new: tuple[str, ...] = ()
    never_new: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    instead: str = ""
    remade: str = ""
    skips_unnamed: bool = False
    watched: str = ""
    facts: tuple[str, ...] = ()
    finish: Callable[[Input], Input] | None = None
    complete: Callable[[Input, Parts], Input] | None = None
    joins: Mapping[str, Join] = field(default_factory=dict)
    along: Mapping[str, Input] = field(default_factory=dict)
    together: tuple[tuple[str, ...], ...] = ()
    empties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[str, Callable[[ShopFacts, Mapping[str, str]], str]] = field(
        default_factory=dict
    )
    fields: str = ""
    first: Callable[[Parts], Sequence[tuple[Mutation, Input]]] | None = None
    firsts: tuple[Mutation, ...] = ()
    after: tuple[Step, ...] = ()
    means: Callable[[dict[str, str]], dict[str, str]] | None = None
    parent: Parent | None = None
    warnings_of_new: Callable[[Mapping[str, str]], tuple[str, ...]] = lambda cells: ()
    lost: str = ""
    latest: tuple[Latest, ...] = ()
    undeletable: Callable[[dict[str, Any]], str] = lambda item: ""
    uncreated: Callable[[Mapping[str, str]], str] = lambda cells: ""
    options: tuple[str, ...] = ()
    refuses: Callable[[dict[str, Any], str, Json], str] | None = None
    names_repeat: bool = False
    beside: Callable[[Parts], Mapping[str, Json]] | None = None
    refers: Callable[[Mapping[str, str]], tuple[Reference, ...]] = lambda cells: ()
    address: Callable[[Mapping[str, str]], str] | None = None
    a_minute: int = 0
    preview: Mutation | None = None
    seen_with: str = ""
    once: str = ""
    kinds: tuple[Kind, ...] = ()
    kind: Callable[[Parts], Kind] | None = None
    ref: Callable[[str], str] = lambda gid: gid
    removed_last: bool = False

    @property
    def creations(self) -> tuple[Mutation, ...]:
        """The mutations that create objects of the type."""
        every = (self.create, *(one.create for one in self.kinds))
        return tuple(one for one in every if one)

    @property
    def deletions(self) -> tuple[Mutation, ...]:
        """The mutations that delete them."""
        every = (self.delete, *(one.delete for one in self.kinds))
        return tuple(one for one in every if one)

    @property
    def mutations(self) -> tuple[Mutation, ...]:
        """Every mutation that an import of the type may send."""
        parts: tuple[Writing | Kind | Members, ...] = (self, *self.kinds, *self.members)
        own = (m for part in parts for m in (part.create, part.update, part.delete))
        orders = (members.order.send for members in self.members if members.order)
        discards = (members.discard for members in self.members)
        steps = (m for s in self.after for m in (s.begin, s.send, s.clear, *s.others))
        parents = self.parent.mutations if self.parent else ()
        parents += (DELETE_REDIRECT,) if self.address else ()
        named = (*own, *self.firsts, *orders, *discards, *steps, *parents, self.preview)
        every = [one for one in named if one]
        every += [one.instead.mutation for one in every if one.instead]
        return tuple(dict.fromkeys(every))

    def step(self, name: str) -> Step:
        """The step of this name."""
        return next(step for step in self.after if step.name == name)


def input_of(values: Mapping[str, Json]) -> Input:
    """``{"seo.title": "A", "optionValues.0.name": "B"}`` as the nested input that it stands for."""
    made: Input = {}
    for path, value in values.items():
        if not path.startswith(COMPLETED):
            _put_at(made, path.split("."), value)
    return made


def _silence(holder: Json, path: list[str]) -> None:
    """Put false at the path where nothing stands, in each member of a list on the way."""
    name, *rest = path
    if isinstance(holder, list):
        for one in holder:
            _silence(one, path)
    elif isinstance(holder, dict) and rest:
        _silence(holder.get(name), rest)
    elif isinstance(holder, dict) and holder.get(name) is None:
        holder[name] = False


def _is_true(holder: Json, path: list[str]) -> bool:
    """Whether true stands at the path, in any member of a list on the way."""
    if isinstance(holder, list):
        return any(_is_true(one, path) for one in holder)
    if not path:
        return holder is True
    return isinstance(holder, dict) and _is_true(holder.get(path[0]), path[1:])


def places(wanted: Sequence[int | None]) -> list[int]:
    """Who stands at each place: those who want one there, counted from 1 on, or next to it; the
    others around them in their order."""
    found: list[int | None] = [None] * len(wanted)
    named = sorted((place, at) for at, place in enumerate(wanted) if place is not None)
    for place, at in named:
        free = [n for n, there in enumerate(found) if there is None]
        found[next((n for n in free if n >= place - 1), free[-1])] = at
    others = (at for at, place in enumerate(wanted) if place is None)
    return [next(others) if at is None else at for at in found]


def put_in(holder: Input, path: str, value: Json) -> None:
    """Put the value at the dotted path."""
    _put_at(holder, path.split("."), value)


def _put_at(holder: Input | list[Json], path: list[str], value: Json) -> None:
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
        _put_at(there, rest, value)
        value = there
    elif isinstance(there, dict) and isinstance(value, dict):
        value = there | value
    if isinstance(holder, list):
        holder[int(name)] = value
    else:
        holder[name] = value
