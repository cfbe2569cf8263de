"""`make bench`: every benchmark, one table."""

import sys

from benchmarks import export_products, export_xlsx, key_check, keys_page, throttle, web_vitals
from benchmarks.rows import table

MODULES = (key_check, keys_page, web_vitals, export_products, export_xlsx, throttle)

if __name__ == "__main__":
    rows = [row for module in MODULES for row in module.rows()]
    print(table(rows))
    sys.exit(not all(row.kept for row in rows))
