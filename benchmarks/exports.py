"""Exports of products and orders to CSV, JSONL and xlsx, each beside its peers over the same shop.

Each side is a process of its own, so that its peak memory is its own; what is measured is
processor time without that of starting, which few objects would tell more of than many. The plain
loop must write the same bytes; XlsxWriter is handed the same cells. The public flattener and DuckDB
do less than that (their modules say what), so they are compared by the time that the same shop
takes. docs/speed.md says where the time goes.
``python -m benchmarks exports`` prints this part alone, with BENCH_FULL=1 at full size: the ratios
are the same.
"""

import filecmp
import os
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from python_calamine import CalamineWorkbook

from benchmarks.export import flat, lines
from benchmarks.export.order_lines import orders
from benchmarks.export.product_lines import products
from benchmarks.export.run import Run, run
from benchmarks.rows import Row

LEAST = {"csv": 0.5, "jsonl": 0.4, "xlsx": 1.5, "flat": 1.0}
"""Of the plain loop's speed, of XlsxWriter's, of the public flattener's."""
MOST, FLAT = 200_000_000, 32_000_000


class Kind(NamedTuple):
    """``full`` are exported, or by default ``sample``; and ``few`` to see whether memory grows.
    XlsxWriter, which takes longer than all else together, writes the few by default."""

    objects: Callable[[int], Iterable[lines.Passes]]
    unit: str
    full: int
    sample: int
    few: int

    @property
    def many(self) -> int:
        return self.full if os.environ.get(FULL) else self.sample


FULL = "BENCH_FULL"
"""The variable of the environment that asks for the full size, which takes over an hour."""
KINDS = {
    "products": Kind(products, "variants", 300_000, 30_000, 6_000),
    "orders": Kind(orders, "orders", 100_000, 8_000, 2_000),
}


def rows() -> Iterator[Row]:
    for name, kind in KINDS.items():
        with TemporaryDirectory() as folder:
            many, few = Path(folder, "many"), Path(folder, "few")
            lines.write(many, kind.objects(kind.many))
            lines.write(few, kind.objects(kind.few))
            if name == "products":
                flat.write(many / "ordered", many / "flat.jsonl")
            for format in ("csv", "jsonl"):
                yield from _text(name, format, many, few)
            yield from _xlsx(name, many, few)


def _text(name: str, format: str, many: Path, few: Path) -> Iterator[Row]:
    count = KINDS[name].many
    ours = run("ours", name, format, many / "scattered")
    plain = run("plain", name, format, many / "ordered")
    if not filecmp.cmp(ours.file, plain.file, shallow=False):
        raise SystemExit("The two sides did not write the same file.")
    yield _speed(name, format, count, ours, plain, "orjson and csv alone", LEAST[format])
    plain.file.unlink()
    yield from _beside_others(name, format, many, ours)
    yield _memory(ours, run("ours", name, format, few / "scattered"), KINDS[name].few)
    ours.file.unlink()


def _beside_others(name: str, format: str, many: Path, ours: Run) -> Iterator[Row]:
    count = KINDS[name].many
    if name == "products":
        public = run("flattener", name, format, many / "flat.jsonl")
        beside = f"shopify-bulk {version('shopify-bulk')}, fewer columns"
        yield _speed(name, format, count, ours, public, beside, LEAST["flat"])
    duck = run("duck", name, format, many / "scattered")
    beside = f"DuckDB {version('duckdb')}, no cells, {_mb(duck.memory)}"
    yield _speed(name, format, count, ours, duck, beside)
    duck.file.unlink()


def _memory(ours: Run, small: Run, few: int) -> Row:
    return Row(
        "its memory",
        _mb(ours.memory),
        f"{_mb(small.memory)} for {few:,}",
        f"under {_mb(MOST)}, at most {_mb(FLAT)} more",
        ours.memory < MOST and ours.memory - small.memory <= FLAT,
    )


def _xlsx(name: str, many: Path, few: Path) -> Iterator[Row]:
    """The cells are compared where there are few: to read the many back takes all memory."""
    small, ours = (run("ours", name, "xlsx", source / "scattered") for source in (few, many))
    bare = _bare(name, few)
    if not same_cells(small.file, bare.file):
        raise SystemExit("The two sides did not write the same cells.")
    kind, beside = KINDS[name], "XlsxWriter alone"
    if os.environ.get(FULL):
        yield _speed(name, "xlsx", kind.many, ours, _bare(name, many), beside, LEAST["xlsx"])
    else:
        yield _speed(name, "xlsx", kind.few, small, bare, beside, LEAST["xlsx"])
    yield _memory(ours, small, kind.few)


def _bare(name: str, source: Path) -> Run:
    """XlsxWriter that is handed the cells of the export."""
    cells = run("ours", name, "csv", source / "scattered").file
    return run("bare_xlsx", name, "xlsx", cells)


def same_cells(one: Path, other: Path) -> bool:
    """Whether the first sheets of two workbooks have the same cells."""
    sheets = [CalamineWorkbook.from_path(str(p)).get_sheet_by_index(0) for p in (one, other)]
    rows = zip_longest(*(sheet.iter_rows() for sheet in sheets))
    return all(mine == theirs for mine, theirs in rows)


def _speed(
    name: str, format: str, count: int, ours: Run, peer: Run, beside: str, least: float = 0
) -> Row:
    unit, ratio = KINDS[name].unit, ours.beside(peer)
    return Row(
        f"{name} to {format}, {count:,} {unit}",
        f"{ratio:.2f} ({count / ours.seconds:,.0f} {unit}/s)",
        beside,
        f"at least {least:.2f}" if least else "",
        ratio >= least,
    )


def _mb(memory: int) -> str:
    return f"{memory / 1e6:.0f} MB"
