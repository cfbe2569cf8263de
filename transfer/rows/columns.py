"""The columns of a sheet, bound to what they are repeated for: the one walk over a declaration.

Headers, narrowing, counting, planning and the documentation all take their columns from here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from transfer.types.base import Block, Column, DataType, Each, Item, Sheet
from transfer.types.forms import Form
from transfer.types.shop_facts import Fact, ShopFacts


@dataclass(frozen=True)
class BoundColumn:
    """A column with its block and, where blocks are repeated, the fact that it stands for.

    ``repeated_for`` names those facts. Before a shop's facts are known such a column stands once,
    and its ``header`` has ``{}`` in the place of the fact's name.
    """

    header: str
    column: Column
    block: Block
    fact: Fact | None = None
    repeated_for: str = ""

    @property
    def start(self) -> Callable[[Item], Any]:
        """From the object or child to what a repeated column's path starts from."""
        if self.block.find is None:
            raise LookupError(f"{self.header} is repeated, but its block has no find")
        return self.block.find(self.fact)

    @property
    def form(self) -> Form:
        """The form of its cells, which a fact may decide."""
        form_for = self.column.form_for
        return form_for(self.fact) if form_for and self.fact else self.column.form

    @property
    def names(self) -> tuple[str, ...]:
        """Every header that files may give the column."""
        called = (self.column.header, *self.column.aliases)
        if self.fact is None:
            return called
        named = getattr(self.fact, "names", (self.fact.name,))
        return tuple(header.replace("{}", name) for header in called for name in named)


def bound_columns(sheet: Sheet, facts: ShopFacts | None = None) -> Iterator[BoundColumn]:
    """The columns in their order, those of ``Each`` once for each fact when the facts are known."""
    for part in sheet.blocks:
        if not isinstance(part, Each):
            for column in part.columns:
                yield BoundColumn(column.header, column, part)
        elif facts is None:
            for block in part.blocks:
                for column in block.columns:
                    yield BoundColumn(column.header, column, block, None, part.facts)
        else:
            for fact in facts.named(part.facts):
                for block in part.blocks:
                    for column in block.columns:
                        header = column.header.replace("{}", fact.name)
                        yield BoundColumn(header, column, block, fact, part.facts)


def exported_columns(sheet: Sheet, facts: ShopFacts | None = None) -> Iterator[BoundColumn]:
    """Those that an export writes."""
    return (bound for bound in bound_columns(sheet, facts) if not bound.column.imports)


def all_columns(data_type: DataType, facts: ShopFacts | None = None) -> Iterator[BoundColumn]:
    """The columns of all sheets of a type."""
    for sheet in data_type.sheets:
        yield from bound_columns(sheet, facts)
