"""The products export to xlsx, from a file of result lines, as ``export_loop`` does to CSV."""

import sys

from benchmarks.peak import peak
from benchmarks.plain_loop import FACTS
from transfer.formats.xlsx_file import SheetOf, write
from transfer.join import parent_number, sorted_lines
from transfer.objects import together
from transfer.rows import layout
from transfer.types import BY_NAME


def main(source: str, target: str) -> None:
    kind = BY_NAME["products"]
    with open(source, "rb") as file, open(target, "wb") as out:
        lines = (line.rstrip(b"\n") for line in file)
        with sorted_lines(lines, parent_number) as objects:
            sheet = SheetOf("Products", layout(kind.sheets[0], FACTS), together(kind, {0: objects}))
            for chunk in write([sheet]):
                out.write(chunk)


if __name__ == "__main__":
    main(*sys.argv[1:])
    print(peak())
