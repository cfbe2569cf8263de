"""How a data type is declared: what is read, where each cell sits, how a row is written back.

Nothing here does any work. ``transfer/reading`` makes queries and objects of a declaration,
``transfer/rows`` rows, ``transfer/importing`` changes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import orjson

from transfer.types.forms import TEXT, Form
from transfer.types.personal import Declared
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import Value, Writing


def literal(text: str) -> str:
    """A GraphQL string literal."""
    return orjson.dumps(text).decode()


Item: TypeAlias = dict[str, Any]
"""An object or a child as Shopify's JSON has it."""


@dataclass(frozen=True)
class Connection:
    """Children of an object: a connection field of its node, in Shopify's order.

    ``types`` are the GraphQL types of its nodes (by them a result line is known as this
    connection's); empty where the pass has only this connection. ``within`` is the selection that
    it sits in below the node, with ``%s`` in its place. ``connections`` are those of its nodes;
    only passes that are ``plain`` or joined by an ``owner`` may have them. ``undefined`` is the
    owner type of metafields of which only those without a definition are kept. ``count`` is where
    in the object Shopify tells how many there are (dotted). ``searched`` ones can be asked for from
    an id on: Shopify pages through no more than 25,000. ``owner_term`` is Shopify's search term for
    those of a few of the type's objects.
    """

    name: str
    fields: str
    types: tuple[str, ...] = ()
    arguments: str = ""
    within: str = "%s"
    repeated: tuple["Repeated", ...] = ()
    connections: tuple["Connection", ...] = ()
    undefined: str = ""
    count: str = ""
    searched: bool = False
    owner_term: str = ""


@dataclass(frozen=True)
class Repeated:
    """Fields asked once for each fact of the shop (a metafield definition, a catalog), under the
    fact's ``alias``. ``name`` is what an object of JSONL keeps them under, by the fact's name. An
    import asks what is ``written`` in the place of ``field``, if anything is."""

    facts: str
    name: str
    field: Callable[[Any], str]
    written: Callable[[Any], str] | None = None


@dataclass(frozen=True)
class Attach:
    """Where what a further pass brings goes: to the member of the object's list ``to`` (without
    it to the object itself) whose ``at`` equals the line's ``by`` (dotted paths).

    There it is put as ``name``: a dict keyed by the line's ``key``, without ``key`` a list; without
    ``name`` the fields themselves are added. JSONL has it under this name if it is ``shown``.
    """

    name: str = ""
    to: str = ""
    at: str = "id"
    by: str = "id"
    key: str = ""
    shown: bool = True


@dataclass(frozen=True)
class Pass:
    """One query over a root field. The first pass of a type brings its objects, a further one
    belongs to them by ``attach``.

    A further pass of the same ``root`` brings the same objects, so it needs no more. In any other,
    a line names its object as ``owner: <field> { id }`` somewhere in ``fields``: either each child
    does, or the node (or the one connection's) does that has ``connections`` of its own; it then
    comes with their children in lists.

    ``paged`` passes are read page by page because bulk operations may cut them. ``plain`` passes
    are because no bulk query can: connections may stand inside
    lists, and come as lists in their place. ``single`` roots are one object. ``within`` is the
    selection that the root field sits in, with ``%s`` in its place. ``each`` names facts: the pass
    is run once for each, and ``arguments`` is then a function of the fact. ``search`` narrows it,
    ``searched`` roots take the type's filters. ``needs`` names facts without which the pass is not
    run; ``about`` says, where the app may not read it, what is left out. ``undefined`` is that of
    connections, for metafields that the pass itself brings. One for ``writing`` is read for imports
    alone. ``few`` brings the same for a few objects, where the pass itself cannot be narrowed.

    ``ids`` names a list of the first pass's objects: those of its members are asked for, many at a
    time (``root`` is ``nodes``). ``search`` then finds a few objects that have such members, to
    see what the app may read. Where rows of a ``part`` alone show what it brings, it is not run for
    a file that has none of them; nor is one that is ``shown_by`` columns that begin so for a file
    without such a column.
    """

    root: str
    fields: str = "id"
    connections: tuple[Connection, ...] = ()
    repeated: tuple[Repeated, ...] = ()
    attach: Attach | None = None
    plain: bool = False
    paged: bool = False
    single: bool = False
    within: str = "%s"
    each: str = ""
    arguments: str | Callable[[Any], str] = ""
    search: str = ""
    searched: bool = True
    ids: str = ""
    needs: str = ""
    undefined: str = ""
    about: str = ""
    scopes: tuple[str, ...] = ()
    writing: bool = False
    part: str = ""
    shown_by: str = ""
    few: "Pass | None" = None


@dataclass(frozen=True)
class Column:
    """One column. ``path`` is where the value sits in the block's object, dotted; ``a|b`` is the
    first that is there, ``.`` the object itself, ``#`` a child's place in its connection.

    ``write`` is the dotted path in the mutation's input (``transfer/types/writing.py``); without it
    the column is read-only.
    ``top_only`` columns are blank on an object's further rows; the others are repeated.
    A blank cell of a column that never ``clears`` empties nothing, whatever is asked for.

    Read back, ``form_for`` gives the form by the fact for which a column is repeated, ``form_in``
    by the other cells of its row. ``cleared`` is what is written for a cell that is emptied.
    A blank cell means nothing unless that of the column ``blank_with`` is blank too.

    A cell of a ``checked`` column is not sent; where Shopify makes something else of a new object,
    that is told.

    A cell of a column that ``acts`` asks for something to be done and is kept nowhere; an undo of
    a number is its opposite. A cell counts only where the column ``unless`` is blank, and where
    it is not just the sum of the numbers in the columns ``sum_of``. ``assigned``
    are values that Shopify gives and does not take, each with what an undo writes in its place.
    Something new has one of the values ``assumed`` in a column that is not written; a cell that
    wants another is told.
    A column that is for ``imports`` alone says what another says otherwise: no export writes it.
    A cell of a ``lenient`` one that names what the store does not have is left out, and that is
    told once: the rest of its object is imported.
    """

    header: str
    path: str = "id"
    form: Form = TEXT
    top_only: bool = False
    write: str = ""
    aliases: tuple[str, ...] = ()
    clears: bool = True
    form_for: Callable[[Any], Form] | None = None
    form_in: Callable[[Mapping[str, str], ShopFacts], Form] | None = None
    cleared: Value = None
    blank_with: str = ""
    acts: bool = False
    checked: bool = False
    unless: str = ""
    sum_of: tuple[str, ...] = ()
    assigned: Mapping[str, str] = field(default_factory=dict)
    imports: bool = False
    lenient: bool = False
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """Columns that stand together. ``of`` names the connection, list or ``Children`` whose members
    they show, side by side with others on the same rows; without it they show the object itself.

    ``part`` is for children that stand in one list and are not alike: the block shows that part
    of a child, blank where the child has none. ``at`` tells where in the object Shopify has what
    the paths start from, when that is not ``of``.

    Inside ``Each``, ``find(fact)`` gives the function from the object or child to what the paths
    start from, or to None for blank cells; ``{}`` in a header is the fact's name.
    """

    columns: tuple[Column, ...]
    of: str = ""
    part: str = ""
    at: str = ""
    find: Callable[[Any], Callable[[Item], Any]] | None = None


@dataclass(frozen=True)
class Each:
    """Blocks that are repeated together for each fact: each location, catalog, definition."""

    facts: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Children:
    """Rows that are made of an object: a list flattened (a menu's levels), filtered, or several
    stacked below each other (an order's lines, refunds, payments), each child a dict.

    ``parts`` says of which fields and connections of the object those rows are made that have a
    part of blocks; the columns of others take all of it."""

    name: str
    of: Callable[[Item], list[Item]]
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


ROW = Column("Row #", "#row", aliases=("Row",))
TOP_ROW = Column("Top Row", "#top", aliases=("TopRow",))
NUMBERING = Block(columns=(ROW, TOP_ROW))
"""Row # counts over the whole sheet; Top Row is true on an object's first row."""
NUMBERING_TOP_FIRST = Block(columns=(TOP_ROW, ROW))


@dataclass(frozen=True)
class Sheet:
    """``only`` tells which objects are on it, when not all are."""

    name: str
    blocks: tuple[Block | Each, ...]
    aliases: tuple[str, ...] = ()
    children: tuple[Children, ...] = ()
    only: Callable[[Item], bool] | None = None


@dataclass(frozen=True)
class Filter:
    """``term`` is Shopify's search term, if it is not the name. ``range`` takes ``>=10`` or
    ``<2026-01-01``.

    A ``name`` is not searched for: ``term`` are facts, and the pass that is run for ``each`` of
    them is run for those of this name alone. ``values`` are all that a text can be, where Shopify
    names them: another finds nothing, so it is refused. One that begins with ``<channel>`` stands
    for every channel's.
    """

    name: str
    term: str = ""
    form: Literal["text", "range", "boolean", "name"] = "text"
    values: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "term", self.term or self.name)


CHANNEL = "<channel>"
PUBLISHED_STATUSES = (
    *("online_store_channel", "published", "visible", "unpublished", "unavailable"),
    *(f"{CHANNEL}-{state}" for state in ("published", "visible", "intended", "hidden")),
)


@dataclass(frozen=True, kw_only=True, eq=False)  # there is one of each
class DataType:
    """One kind of store data a key may export or import.

    ``name`` is what programs say (snake_case), ``label`` and ``about`` what merchants read;
    ``counted`` says how many objects in their language, as ``2 products``, of what is imported.
    ``count`` is the root field that counts the objects (with its arguments where they are not
    ``query: $query, limit: null``), empty where Shopify has none. ``facts`` is what is asked of
    the shop before the passes (``transfer/reading/shop_facts.py``). ``references`` gives what in an
    object holds references as a metafield does (``type``, ``value``), beside its metafields.
    Files may also have ``imported_sheets``, which no export writes.
    ``personal`` tells of its own paths, columns and filters what kind of personal data they have,
    or that they have none (``transfer/types/personal.py``).
    """

    name: str
    label: str
    about: str
    counted: Callable[[int], str] | None = None
    importable: bool = True
    read_scopes: tuple[str, ...] = ()
    write_scopes: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    passes: tuple[Pass, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    imported_sheets: tuple[Sheet, ...] = ()
    filters: tuple[Filter, ...] = ()
    count: str = ""
    references: Callable[[Item], list[Item]] | None = None
    writing: Writing | None = None
    personal: Declared = field(default_factory=dict)

    def sheet(self, name: str) -> Sheet:
        """The sheet with this name; without a name the first."""
        every = (*self.sheets, *self.imported_sheets)
        return next(sheet for sheet in every if not name or sheet.name == name)

    @property
    def export_scopes(self) -> tuple[str, ...]:
        """The access scopes that an export reads with."""
        read = (step for step in self.passes if not step.writing)
        further = (scope for step in read for scope in step.scopes)
        return tuple(dict.fromkeys((*self.read_scopes, *further)))

    @property
    def scopes(self) -> tuple[str, ...]:
        """Every access scope that this type asks for."""
        return (*self.export_scopes, *self.write_scopes)
