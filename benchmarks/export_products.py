"""Export of products to CSV beside a plain loop that parses the lines and writes the same cells.

Each side runs in a process of its own over the same file, so that its peak memory is its own; both
must write the same bytes. ``python -m benchmarks.export_products`` prints this part alone.
"""

import filecmp
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.product_lines import write
from benchmarks.rows import Row, table

FEW, MANY = 10_000, 300_000
ROUNDS = {FEW: 3, MANY: 1}
GOAL = 0.35
FLAT = 16 * 1024 * 1024


class Run(NamedTuple):
    """Seconds of processor time, and the most memory in bytes."""

    seconds: float
    memory: int


def rows() -> Iterator[Row]:
    memory = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        for lines in (FEW, MANY):
            write(folder / "lines.jsonl", lines)
            runs = [
                (run("export_loop", folder), run("plain_loop", folder))
                for _ in range(ROUNDS[lines])
            ]
            if not filecmp.cmp(folder / "export_loop", folder / "plain_loop", shallow=False):
                raise SystemExit("The two sides did not write the same file.")
            ratio = median(peer.seconds / ours.seconds for ours, peer in runs)
            memory[lines] = runs[0][0].memory
            speed = lines / runs[0][0].seconds
            yield Row(
                f"products to CSV, {lines:,} lines",
                f"{ratio:.2f} ({speed:,.0f} lines/s)",
                "orjson and csv alone",
                f"at least {GOAL:.2f}",
                ratio >= GOAL,
            )
    grown = memory[MANY] - memory[FEW]
    yield Row(
        "its memory at 300,000 lines",
        f"{memory[MANY] / 1e6:.0f} MB",
        f"{memory[FEW] / 1e6:.0f} MB at 10,000",
        f"at most {FLAT / 1e6:.0f} MB more",
        grown <= FLAT,
    )


def run(module: str, folder: Path) -> Run:
    """Run one side over the lines; it writes a file of its own name and prints its peak."""
    command = [sys.executable, "-m", f"benchmarks.{module}"]
    arguments = [str(folder / "lines.jsonl"), str(folder / module)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = subprocess.run([*command, *arguments], stdout=subprocess.PIPE, check=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(seconds, int(said))


if __name__ == "__main__":
    print(table(list(rows())))
