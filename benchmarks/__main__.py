"""`make bench`: every benchmark, one table; ``python -m benchmarks NAME …``: only those.

``idle_worker`` measures ``throttle`` while it waits.

A row is printed as soon as it is measured; the last line tells how long each part took.
"""

import sys
import time
from types import ModuleType

from benchmarks import (
    applying,
    exports,
    files,
    idle_worker,
    imports,
    key_check,
    keys_page,
    plan_page,
    sales,
    throttle,
    token_exchange,
    web_vitals,
    workbooks,
)
from benchmarks.rows import HEADER, line

MODULES = (
    key_check,
    keys_page,
    plan_page,
    web_vitals,
    exports,
    imports,
    workbooks,
    applying,
    files,
    sales,
    token_exchange,
    idle_worker,
)


def _name(module: ModuleType) -> str:
    return module.__name__.removeprefix("benchmarks.")


if __name__ == "__main__":
    modules = {_name(module): module for module in (*MODULES, throttle)}
    print(line(HEADER), flush=True)
    kept = True
    took: dict[str, float] = {}
    for name in sys.argv[1:] or map(_name, MODULES):
        start = time.monotonic()
        for row in modules[name].rows():
            print(line(row.cells()), flush=True)
            kept = kept and row.kept
        took[name] = time.monotonic() - start
    parts = ", ".join(f"{name} {seconds:.0f}" for name, seconds in took.items())
    print(f"{sum(took.values()) / 60:.1f} minutes; in seconds: {parts}")
    sys.exit(not kept)
