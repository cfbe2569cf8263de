"""`make bench`: every benchmark, one table; ``python -m benchmarks NAME …``: only those."""

import sys

from benchmarks import exports, idle_worker, key_check, keys_page, throttle, web_vitals
from benchmarks.rows import table

MODULES = (key_check, keys_page, web_vitals, exports, throttle, idle_worker)

if __name__ == "__main__":
    modules = {module.__name__.removeprefix("benchmarks."): module for module in MODULES}
    rows = [row for name in sys.argv[1:] or modules for row in modules[name].rows()]
    print(table(rows))
    sys.exit(not all(row.kept for row in rows))
