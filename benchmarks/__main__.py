"""`make bench`: every benchmark, one table; ``python -m benchmarks NAME …``: only those.

A row is printed as soon as it is measured.
"""

import sys

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
    throttle,
    token_exchange,
    idle_worker,
)

if __name__ == "__main__":
    modules = {module.__name__.removeprefix("benchmarks."): module for module in MODULES}
    print(line(HEADER), flush=True)
    kept = True
    for name in sys.argv[1:] or modules:
        for row in modules[name].rows():
            print(line(row.cells()), flush=True)
            kept = kept and row.kept
    sys.exit(not kept)
