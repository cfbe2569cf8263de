"""The peer of the xlsx export: XlsxWriter alone, handed the cells of a CSV file of the same rows.

``python -m benchmarks.export.bare_xlsx TYPE FORMAT CSV FILE`` prints its time and peak memory.
"""

import csv

import xlsxwriter

from benchmarks.export.facts import FACTS
from benchmarks.export.run import tell
from transfer.rows.layout import layout
from transfer.types import BY_NAME

OPTIONS = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}


def main(name: str, format: str, rows: str, target: str) -> None:
    kinds = layout(BY_NAME[name].sheets[0], FACTS).cell_types
    with open(rows, encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        with xlsxwriter.Workbook(target, OPTIONS) as book:
            book.use_zip64()  # of many rows it writes nothing without it
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, next(reader))
            for number, row in enumerate(reader, 1):
                sheet.write_row(number, 0, map(native, row, kinds))


def native(cell: str, kind: str) -> str | float | bool | None:
    if not cell or kind == "text":
        return cell or None
    return cell == "true" if kind == "boolean" else float(cell)


if __name__ == "__main__":
    tell(main)
