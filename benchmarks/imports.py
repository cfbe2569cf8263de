"""Rows of a CSV file of products to planned objects, nothing of which has changed, beside a program
that reads the rows and stores them in SQLite: nobody can do with less.

Each side is a process of its own, so that its peak memory is its own; what is measured is processor
time without that of starting. What the store has comes from files of result lines: to read those is
what an export does (``exports``), so it has a row of its own. ``python -m benchmarks imports``
prints this part alone, with BENCH_FULL=1 at full size: the ratios are the same.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.export import lines
from benchmarks.export.product_lines import products
from benchmarks.export.run import run
from benchmarks.exports import FULL
from benchmarks.importing.spent import Spent
from benchmarks.rows import Row

ROWS, SAMPLE, FEW, BOOK_ROWS = 1_000_000, 100_000, 20_000, 200_000
MOST_TIMES, MOST, FLAT = 4.0, 300_000_000, 32_000_000
MOST_OF_BOOK = 3.0


def rows() -> Iterator[Row]:
    count = ROWS if os.environ.get(FULL) else SAMPLE
    with TemporaryDirectory() as folder:
        many, few = Path(folder, "many"), Path(folder, "few")
        many_file, few_file = _exported(many, count), _exported(few, FEW)
        plain = _run("plain", many, many_file)
        ours = _run("ours", many, many_file)
        small = _run("ours", few, few_file)
        book_rows = min(count, BOOK_ROWS)
        book = _exported(Path(folder, "book"), book_rows, "xlsx")
        read = _run("calamine", book.parent, book)
        of_book = _run("ours", book.parent, book)
    times = ours.rows / plain.rows
    yield Row(
        f"products to a plan, {count:,} unchanged rows",
        f"{times:.1f} times as long ({count / ours.rows:,.0f} rows/s)",
        "csv.reader and executemany into SQLite",
        f"at most {MOST_TIMES:.0f} times",
        times <= MOST_TIMES,
    )
    yield Row(
        "what the store has, read for it",
        f"{ours.store / plain.rows:.1f} times as long",
        "the same; an export reads as much",
        "",
        True,
    )
    yield Row(
        "its memory",
        _mb(ours.memory),
        f"{_mb(small.memory)} for {FEW:,}",
        f"under {_mb(MOST)}, at most {_mb(FLAT)} more",
        ours.memory < MOST and ours.memory - small.memory <= FLAT,
    )

    times = of_book.rows / read.rows
    yield Row(
        f"a workbook of products to a plan, {book_rows:,} rows",
        f"{times:.1f} times as long ({book_rows / of_book.rows:,.0f} rows/s)",
        "calamine alone",
        f"at most {MOST_OF_BOOK:.0f} times",
        times <= MOST_OF_BOOK,
    )


def _exported(folder: Path, variants: int, format: str = "csv") -> Path:
    """A file as an export writes it, of result lines in the folder."""
    lines.write(folder, products(variants))
    return run("ours", "products", format, folder / "scattered").file


def _run(side: str, folder: Path, file: Path) -> Spent:
    database = folder / f"{side}.db"
    module = f"benchmarks.importing.{side}"
    command = [sys.executable, "-m", module, str(file), str(folder / "scattered"), str(database)]
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    database.unlink()
    return Spent.from_text(said.decode())


def _mb(memory: int) -> str:
    return f"{memory / 1e6:.0f} MB"
