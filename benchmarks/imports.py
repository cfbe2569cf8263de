"""Rows of files to planned objects, nothing of which has changed: of CSV beside a program that
reads the rows and stores them in SQLite, as nobody can do with less; of a workbook beside calamine
alone.

Each side is a process of its own, so that its peak memory is its own; what is measured is processor
time without that of starting, and the two sides take turns for several rounds, of which the median
counts; at full size one round is long enough. What the store has comes from files of result lines:
to read those is what an export does (``exports``), so it has a row of its own. ``python -m
benchmarks imports`` prints this part alone, with BENCH_FULL=1 at full size: the ratios are the
same.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.export import lines
from benchmarks.export.order_lines import orders
from benchmarks.export.product_lines import products
from benchmarks.export.run import run
from benchmarks.exports import FULL
from benchmarks.importing.spent import Spent
from benchmarks.rows import Row

BOOK_ROWS, BOOK_SAMPLE = 200_000, 30_000
SAMPLE_ROUNDS = 3
MOST_TIMES, MOST_OF_BOOK = 4.0, 3.0
MOST, FLAT = 300_000_000, 32_000_000


class Kind(NamedTuple):
    """A type, the objects of which ``full`` are planned, or by default ``sample``; and ``few`` to
    see whether memory grows."""

    name: str
    objects: Callable[[int], Iterable[lines.Passes]]
    unit: str
    full: int
    sample: int
    few: int


KINDS = (
    Kind("products", products, "rows", 1_000_000, 30_000, 10_000),
    Kind("orders", partial(orders, lines=(5,)), "of 5 lines", 100_000, 2_500, 1_000),
)


def rows() -> Iterator[Row]:
    for kind in KINDS:
        yield from _of_text(kind, kind.full if os.environ.get(FULL) else kind.sample)
    yield from _of_workbook(BOOK_ROWS if os.environ.get(FULL) else BOOK_SAMPLE)


def _of_text(kind: Kind, count: int) -> Iterator[Row]:
    with TemporaryDirectory() as folder:
        many, few = Path(folder, "many"), Path(folder, "few")
        many_file = _exported(kind, many, count, "csv")
        few_file = _exported(kind, few, kind.few, "csv")
        rounds = [
            (_run("ours", kind.name, many, many_file), _run("plain", kind.name, many, many_file))
            for _ in range(_rounds())
        ]
        small = _run("ours", kind.name, few, few_file)
    times = median(ours.rows / plain.rows for ours, plain in rounds)
    yield Row(
        f"{kind.name} to a plan, {count:,} {kind.unit}, unchanged",
        f"{times:.1f} times as long",
        "csv.reader and executemany into SQLite",
        f"at most {MOST_TIMES:.0f} times",
        times <= MOST_TIMES,
    )
    read = median(ours.store / plain.rows for ours, plain in rounds)
    yield Row(
        "what the store has, read for it",
        f"{read:.1f} times as long",
        "the same; an export reads as much",
        "",
        True,
    )
    memory = max(ours.memory for ours, _ in rounds)
    yield Row(
        "its memory",
        _mb(memory),
        f"{_mb(small.memory)} for {kind.few:,}",
        f"under {_mb(MOST)}, at most {_mb(FLAT)} more",
        memory < MOST and memory - small.memory <= FLAT,
    )


def _of_workbook(count: int) -> Iterator[Row]:
    kind = KINDS[0]
    with TemporaryDirectory() as name:
        folder = Path(name, "book")
        file = _exported(kind, folder, count, "xlsx")
        rounds = [
            (_run("ours", kind.name, folder, file), _run("calamine", kind.name, folder, file))
            for _ in range(_rounds())
        ]
    times = median(ours.rows / calamine.rows for ours, calamine in rounds)
    yield Row(
        f"a workbook of products to a plan, {count:,} rows",
        f"{times:.1f} times as long",
        "calamine alone",
        f"at most {MOST_OF_BOOK:.0f} times",
        times <= MOST_OF_BOOK,
    )


def _rounds() -> int:
    return 1 if os.environ.get(FULL) else SAMPLE_ROUNDS


def _exported(kind: Kind, folder: Path, count: int, format: str) -> Path:
    """A file as an export writes it, of result lines in the folder."""
    lines.write(folder, kind.objects(count))
    return run("ours", kind.name, format, folder / "scattered").file


def _run(side: str, name: str, folder: Path, file: Path) -> Spent:
    database = folder / f"{side}.db"
    command: Sequence[str] = (
        *(sys.executable, "-m", f"benchmarks.importing.{side}"),
        *(str(file), str(folder / "scattered"), str(database), name),
    )
    output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    database.unlink()
    return Spent.from_text(output.decode())


def _mb(memory: int) -> str:
    return f"{memory / 1e6:.0f} MB"
