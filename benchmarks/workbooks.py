"""A workbook read into rows of texts, beside calamine, which keeps all of it in memory.

Each side is a process of its own with those that it starts; what is measured is processor time,
that of a process that reads for it included, but not what it takes to load our modules: a worker
has loaded them. The workbook has shared strings, as Excel writes them: those of our own exports
stand in their cells and take less. ``python -m benchmarks workbooks`` prints this part alone, with
BENCH_FULL=1 at full size: 40 MB.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import xlsxwriter

from benchmarks.exports import FULL
from benchmarks.rows import Row

ROWS, SAMPLE, FEW = 900_000, 200_000, 20_000
MOST_TIMES, MOST = 2.0, 300_000_000
BARCODE = 4_000_000_000_000
HEADER = [
    *("ID", "Handle", "Title", "Vendor", "Type", "Tags"),
    *("Variant SKU", "Variant Barcode", "Variant Price"),
]


class Spent(NamedTuple):
    rows: int
    processor: float
    peak: int


def rows() -> Iterator[Row]:
    count = ROWS if os.environ.get(FULL) else SAMPLE
    with TemporaryDirectory() as folder:
        file, small = Path(folder, "products.xlsx"), Path(folder, "few.xlsx")
        write(file, count)
        write(small, FEW)
        size = file.stat().st_size
        calamine, ours, few = run("calamine", file), run("ours", file), run("ours", small)
    if not calamine.rows == ours.rows == count + 1:
        raise SystemExit("The two sides did not read the same rows.")
    times = ours.processor / calamine.processor
    yield Row(
        f"rows of a workbook of {size / 1e6:.0f} MB",
        f"{times:.1f} times as long ({count / ours.processor:,.0f} rows/s)",
        "calamine",
        f"at most {MOST_TIMES:.0f} times",
        times <= MOST_TIMES,
    )
    yield Row(
        "its memory",
        f"{ours.peak / 1e6:.0f} MB ({few.peak / 1e6:.0f} MB for {FEW:,} rows)",
        f"calamine: {calamine.peak / 1e6:.0f} MB",
        f"under {MOST / 1e6:.0f} MB",
        ours.peak < MOST,
    )


def write(path: Path, count: int) -> None:
    """A workbook of so many rows, of which many texts are there once."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Products")
        sheet.write_row(0, 0, HEADER)
        for number in range(1, count + 1):
            product = number // 3
            texts = [str(7_000_000_000_000 + product), f"handle-{product}", f"Kettle {product}"]
            texts += ["Acme", "Kitchen", "a, b, c", f"SKU-{number}", str(BARCODE + number * 7919)]
            sheet.write_row(number, 0, texts)
            sheet.write_number(number, len(HEADER) - 1, 19.99 + number % 50)


def run(side: str, file: Path) -> Spent:
    command = [sys.executable, "-m", "benchmarks.importing.read_workbook", side, str(file)]
    figures = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return Spent(figures["rows"], figures["processor"], figures["peak"])
