"""The peer of the exports: parse each line with orjson, write the same bytes with csv or orjson.

It does nothing else: it is handed ``ordered`` lines and trusts them to be so, in every file alike;
it keeps no order of its own, makes no cell harmless, and knows these two sheets as they are.
``python -m benchmarks.export.plain TYPE FORMAT FOLDER FILE`` prints its time and peak memory.
"""

import csv
from pathlib import Path

import orjson

from benchmarks.export import plain_orders, plain_products
from benchmarks.export.facts import FACTS
from benchmarks.export.run import tell
from transfer.rows.layout import layout
from transfer.types import BY_NAME

TYPES = {"products": plain_products, "orders": plain_orders}


def main(name: str, format: str, folder: str, target: str) -> None:
    items = TYPES[name].objects(Path(folder))
    if format == "jsonl":
        with open(target, "wb") as out:
            for item in map(TYPES[name].named, items):
                out.write(orjson.dumps(item, option=orjson.OPT_APPEND_NEWLINE))
        return
    with open(target, "w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(layout(BY_NAME[name].sheets[0], FACTS).headers)
        number = 0
        for item in items:
            rows = TYPES[name].rows(item, number + 1)
            number += len(rows)
            writer.writerows(rows)


if __name__ == "__main__":
    tell(main)
