"""What nobody can go without: a CSV file's rows read and stored in SQLite, and nothing else.

``python -m benchmarks.importing.plain FILE FOLDER DATABASE TYPE`` prints a ``Spent``.
"""

import csv
import sqlite3
import sys
import time
from contextlib import closing

from benchmarks.importing.spent import Spent
from benchmarks.peak import peak


def main(file: str, _folder: str, database: str, _type: str) -> Spent:
    start = time.process_time()
    with (
        open(file, encoding="utf-8-sig", newline="") as text,
        closing(sqlite3.connect(database)) as connection,
    ):
        rows = csv.reader(text)
        columns = [f"c{number}" for number in range(len(next(rows)))]
        connection.execute(f"CREATE TABLE imported ({', '.join(columns)})")
        marks = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO imported VALUES ({marks})", rows)
        connection.commit()
    return Spent(time.process_time() - start, 0, peak())


if __name__ == "__main__":
    print(main(*sys.argv[1:]).as_text())
