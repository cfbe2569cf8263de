"""How a data type is declared: what is read, where each cell sits, how a row is written back.

Nothing here does any work. ``transfer/documents.py`` makes queries of a declaration,
``transfer/objects.py`` and ``transfer/rows.py`` objects and rows, ``transfer/changes.py`` changes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from transfer.cells import TEXT, Form


@dataclass(frozen=True)
class Connection:
    """Children of an object: a connection field of its node, in Shopify's order.

    ``types`` are the GraphQL types of its nodes (by them a result line is known as this
    connection's); empty where the pass has only this connection. ``count`` is the field that
    counts them, needed where they have rows of their own.
    """

    name: str
    fields: str
    types: tuple[str, ...] = ()
    arguments: str = ""
    count: str = ""
    repeated: tuple["Repeated", ...] = ()


@dataclass(frozen=True)
class Repeated:
    """Fields asked once for each fact of the shop (a metafield definition, a catalog), under the
    fact's ``alias``. ``name`` is what an object of JSONL keeps them under, by the fact's name."""

    facts: str
    name: str
    field: Callable[[dict], str]


@dataclass(frozen=True)
class Attach:
    """Where the lines of a further pass go: to the child of ``to`` whose ``at`` equals the line's
    ``by`` (dotted paths), as ``name``, a dict keyed by the line's ``key``."""

    to: str
    at: str
    by: str
    name: str
    key: str


@dataclass(frozen=True)
class Pass:
    """One query over a root connection. The first pass of a type brings its objects.

    A further pass belongs to the objects by ``attach``; each of its child lines names the object
    as ``owner: <field> { id }`` somewhere in ``fields``, so that it is sorted to it.
    ``needs`` names facts without which the pass is not run.
    """

    root: str
    fields: str = "id"
    connections: tuple[Connection, ...] = ()
    repeated: tuple[Repeated, ...] = ()
    attach: Attach | None = None
    needs: str = ""
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """One column. ``path`` is where the value sits in the block's object, dotted; ``a|b`` is the
    first that is there, ``.`` the object itself, ``#`` a child's place in its connection.

    ``write`` is the name in the mutation's input; without it the column is read-only.
    ``top_only`` columns are blank on an object's further rows; the others are repeated.
    """

    header: str
    path: str = "id"
    form: Form = TEXT
    top_only: bool = False
    write: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """Columns that stand together. ``of`` names the connection whose children they show, side by
    side with other connections' on the same rows; without it they show the object itself.

    Inside ``Each``, ``find(fact)`` gives the function from the object or child to what the paths
    start from, or to None for blank cells; ``{}`` in a header is the fact's name.
    """

    columns: tuple[Column, ...]
    of: str = ""
    find: Callable[[dict], Callable[[dict], Any]] | None = None


@dataclass(frozen=True)
class Each:
    """Blocks that are repeated together for each fact: each location, catalog, definition."""

    facts: str
    blocks: tuple[Block, ...]


NUMBERING = Block(columns=(Column("Row #"), Column("Top Row")))
"""Row # counts over the whole sheet; Top Row is true on an object's first row."""


@dataclass(frozen=True)
class Sheet:
    name: str
    blocks: tuple[Block | Each, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filter:
    """``term`` is Shopify's search term. ``range`` takes ``>=10`` or ``<2026-01-01``."""

    name: str
    term: str
    form: Literal["text", "range", "boolean"] = "text"


@dataclass(frozen=True)
class Writing:
    """How a flat type (one row, one object) is written back.

    ``key`` is the header of the natural key beside ``ID``, ``key_term`` its field and search term.
    ``read`` takes ``$ids`` and gives ``nodes``; ``search`` takes ``$query`` and ``$after`` and
    gives ``found``. The mutations take ``$id`` and ``$input`` as they need them, and their one
    answer ``result`` has ``userErrors`` and, when there is an object, ``object { id }``.
    ``required`` cells are never empty; ``unlike`` cells never all the same.
    """

    typename: str
    key: str
    key_term: str
    required: tuple[str, ...]
    unlike: tuple[str, ...]
    read: str
    search: str
    create: str
    update: str
    delete: str


@dataclass(frozen=True, kw_only=True)
class DataType:
    """One kind of store data a key may export or import.

    ``name`` is what programs say (snake_case), ``label`` and ``about`` what merchants read.
    ``count`` names the root field that counts the objects, ``facts`` what is asked of the shop
    before the passes (see ``transfer/facts.py``). Without sheets it cannot be exported yet.
    """

    name: str
    label: str
    about: str
    importable: bool = True
    read_scopes: tuple[str, ...] = ()
    write_scopes: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    passes: tuple[Pass, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    filters: tuple[Filter, ...] = ()
    count: str = ""
    writing: Writing | None = None

    @property
    def scopes(self) -> tuple[str, ...]:
        """Every access scope that this type asks for."""
        further = (scope for step in self.passes for scope in step.scopes)
        return (*self.read_scopes, *self.write_scopes, *further)
