"""Changed cells to the input of a mutation."""

from transfer.importing.columns import FileColumns
from transfer.types.writing import Input, input_of


def changed_input(columns: FileColumns, cells: dict[str, str]) -> Input:
    """The input that writes these normal cells."""
    changed = (column for column in columns.written if column.header in cells)
    return input_of({c.write: c.form.value(cells[c.header], columns.facts) for c in changed})
