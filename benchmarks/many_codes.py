"""How much memory it takes to plan a discount with very many codes, beside one with few.

Each side is a process of its own, so that its peak memory is its own: it unpacks the file, plans
it, and writes nothing. ``python -m benchmarks.many_codes COUNT`` prints the bytes of one side;
``python -m benchmarks.many_codes COUNT write`` makes the codes too, and prints the bytes and the
seconds.
"""

import csv
import os
import subprocess
import sys
import time
from collections.abc import Iterator

from benchmarks.applying import site
from benchmarks.exports import FULL
from benchmarks.peak import peak
from benchmarks.rows import Row
from benchmarks.servers import ROOT
from jobs.workflows import import_file
from models import db
from models.job import COMPLETED, PLANNED
from tests.transfer.store import Store
from transfer.importing.limits import Limits
from transfer.importing.receive import receive
from transfer.importing.upload import choose
from transfer.types import BY_NAME

FEW, MANY, WHOLE = 10_000, 50_000, 1_000_000
MOST_TIMES = 1.25
HEADERS = ("Title", "Type", "Method", "Value Type", "Value", "Code")
OWN = ("Bench", "Amount off Order", "Code", "Percentage", "10")


def rows() -> Iterator[Row]:
    count = WHOLE if os.environ.get(FULL) else MANY
    few, many = _alone(FEW), _alone(count)
    yield Row(
        f"peak memory to plan {count:,} codes of one discount",
        f"{many / few:.2f} times, {many / 1e6:.0f} MB",
        f"{FEW:,} codes, {few / 1e6:.0f} MB",
        f"at most {MOST_TIMES} times",
        many <= MOST_TIMES * few,
    )


def _alone(count: int) -> int:
    command = [sys.executable, "-m", "benchmarks.many_codes", str(count)]
    return int(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)


def _peak(count: int, *, writes: bool = False) -> int:
    """The most memory of this process when it has planned, or has made, so many codes."""
    with site() as where:
        store = where.store("codes")
        store.tell("seed", products=0)
        path = where.folder / "codes.csv"
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADERS)
            writer.writerows((*OWN, f"BENCH-{number:07}") for number in range(count))
        chosen = choose(path, Limits.current(), data_type=BY_NAME["discounts"])
        job = receive(path, chosen, shop_id=store.shop.id, key_id=store.key.id, dry_run=not writes)
        db.session.commit()
        import_file(lambda step, *arguments: step(*arguments), where.wait, job.id)
        db.session.refresh(job)
        ends = COMPLETED if writes else PLANNED
        done = (job.status, sum(job.counts.values()), job.counts.get("failed", 0))
        if done != (ends, count, 0):
            raise SystemExit(f"The import is {job.status}: {job.error} {job.counts}")
        if writes and (made := _count(store)) != count:
            raise SystemExit(f"The discount has {made:,} codes.")
        return peak()


def _count(store: Store) -> int:
    """How many codes the discount has in the store."""
    of_kind = "... on DiscountCodeBasic { codesCount { count } }"
    found = store.graphql(
        f"{{ discountNodes(first: 2) {{ nodes {{ discount {{ {of_kind} }} }} }} }}"
    )
    [node] = found["discountNodes"]["nodes"]
    return int(node["discount"]["codesCount"]["count"])


if __name__ == "__main__":
    begun = time.monotonic()
    most = _peak(int(sys.argv[1]), writes="write" in sys.argv)
    print(most, *[round(time.monotonic() - begun)] * ("write" in sys.argv))
