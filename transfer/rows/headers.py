"""The headers of a data type's columns, as files may write them."""

import unicodedata

from transfer.types.base import Block, Column, DataType


def names(kind: DataType) -> dict[str, str]:
    """Every header that a type's columns go by, in lower case, to the column's own header."""
    return {
        name.lower(): column.header
        for column in columns(kind)
        for name in (column.header, *column.aliases)
    }


def columns(kind: DataType) -> list[Column]:
    """The fixed columns of a type, those repeated for each location and the like left out."""
    return [
        column
        for sheet in kind.sheets
        for block in sheet.blocks
        if isinstance(block, Block)
        for column in block.columns
    ]


def own(header: list[str], kind: DataType) -> list[str]:
    """A file's header with the columns of the type under their own names."""
    known = names(kind)
    return [known.get(name.lower(), name) for name in map(visible, header)]


def visible(cell: str) -> str:
    """A header without what nobody sees in it: zero-width signs, spaces around it, and spaces of
    other kinds, which pages and office programs leave behind when text is copied."""
    seen = "".join(char for char in cell if unicodedata.category(char) != "Cf")
    return " ".join(seen.split())
