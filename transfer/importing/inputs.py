"""Changed cells to the input of a mutation."""

from collections.abc import Mapping

from transfer.importing.columns import FileColumns
from transfer.types.writing import Input, input_of


def changed_input(columns: FileColumns, cells: Mapping[str, str]) -> Input:
    """The input that writes these cells."""
    return input_of(
        {
            columns.columns[header].column.write: columns.value(header, cell)
            for header, cell in cells.items()
        }
    )
