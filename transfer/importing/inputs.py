"""Changed cells to the input of a mutation."""

from transfer.importing.columns import FileColumns
from transfer.types.writing import Input, input_of


def changed_input(columns: FileColumns, cells: dict[str, str]) -> Input:
    """The input that writes these normal cells."""
    return input_of({c.write: cells[c.header] for c in columns.written if c.header in cells})
