"""A workbook's first sheet read by calamine, and nothing else.

``python -m benchmarks.importing.calamine FILE FOLDER DATABASE TYPE`` prints a ``Spent``.
"""

import sys
import time
from pathlib import Path

from python_calamine import CalamineWorkbook

from benchmarks.importing.spent import Spent
from benchmarks.peak import peak


def main(file: str, _folder: str, database: str, _type: str) -> Spent:
    Path(database).touch()  # each side leaves one
    start = time.process_time()
    for _ in CalamineWorkbook.from_path(file).get_sheet_by_index(0).iter_rows():
        """All rows are read."""
    return Spent(time.process_time() - start, 0, peak())


if __name__ == "__main__":
    print(main(*sys.argv[1:]).as_text())
