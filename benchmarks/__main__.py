"""`make bench`: every benchmark, one table."""

import sys

from benchmarks import export_products, key_check, keys_page
from benchmarks.rows import table

MODULES = (key_check, keys_page, export_products)

if __name__ == "__main__":
    rows = [row for module in MODULES for row in module.rows()]
    print(table(rows))
    sys.exit(not all(row.kept for row in rows))
