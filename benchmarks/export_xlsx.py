"""Export of products to xlsx beside the bare speed of its writer, over the same rows.

``python -m benchmarks.export_xlsx`` prints this part alone.
"""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.export_products import run
from benchmarks.product_lines import write
from benchmarks.rows import Row, table

LINES, ROUNDS = 20_000, 3
GOAL, MOST = 0.8, 200_000_000


def rows() -> Iterator[Row]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "lines.jsonl", LINES)
        run("export_loop", folder)
        runs = [(run("xlsx_loop", folder), run("bare_xlsx", folder)) for _ in range(ROUNDS)]
    ratio = median(peer.seconds / ours.seconds for ours, peer in runs)
    yield Row(
        f"products to xlsx, {LINES:,} lines",
        f"{ratio:.2f} ({LINES / runs[0][0].seconds:,.0f} lines/s)",
        "XlsxWriter alone",
        f"at least {GOAL:.2f}",
        ratio >= GOAL,
    )
    memory = max(ours.memory for ours, _ in runs)
    yield Row("its memory", f"{memory / 1e6:.0f} MB", "", "under 200 MB", memory < MOST)


if __name__ == "__main__":
    print(table(list(rows())))
