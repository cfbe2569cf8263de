"""One side of the benchmark of workbooks: a program that reads a sheet and tells what it took.

``python -m benchmarks.importing.read_workbook ours FILE`` or ``calamine FILE``.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.peak import peak

CHILDREN = resource.RUSAGE_CHILDREN
KILOBYTE = 1 if sys.platform == "darwin" else 1024


def main(side: str, file: str) -> None:
    rows = (ours if side == "ours" else calamine)(Path(file))
    start, started = time.monotonic(), time.process_time()
    count = sum(1 for _ in rows)
    own, children = time.process_time() - started, resource.getrusage(CHILDREN)
    figures = {
        "rows": count,
        "seconds": time.monotonic() - start,
        "processor": own + children.ru_utime + children.ru_stime,
        "peak": peak() + children.ru_maxrss * KILOBYTE,
    }
    print(json.dumps(figures))


def ours(file: Path) -> Iterator[object]:
    from transfer.formats.xlsx_reader import read_sheets

    return (row for _, rows in read_sheets(file, ["Products"]) for row in rows)


def calamine(file: Path) -> Iterator[object]:
    from python_calamine import CalamineWorkbook

    def rows() -> Iterator[object]:
        yield from CalamineWorkbook.from_path(file).get_sheet_by_name("Products").iter_rows()

    return rows()


if __name__ == "__main__":
    main(*sys.argv[1:])
