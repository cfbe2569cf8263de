"""The export of a type, from files of its scattered result lines. The ids that a pass is asked for
are found and let go: its file has what is brought of them.

``python -m benchmarks.export.ours TYPE FORMAT FOLDER FILE`` prints its time and peak memory.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

from benchmarks.export.facts import FACTS
from benchmarks.export.run import tell
from transfer.formats import csv_writer, jsonl_writer, xlsx_writer
from transfer.reading import undefined
from transfer.reading.completeness import complete
from transfer.reading.external_sort import Sorted
from transfer.reading.objects import ids_within, sorted_pass, together
from transfer.rows.layout import layout
from transfer.types import BY_NAME
from transfer.types.base import DataType

NETWORK_CHUNK = 64 * 1024


def main(name: str, format: str, folder: str, target: str) -> None:
    data_type = BY_NAME[name]
    with ExitStack() as stack:
        passes: dict[int, Sorted] = {}
        for path in sorted(Path(folder).glob("*.jsonl")):
            number = int(path.stem)
            step = data_type.passes[number]
            if step.ids:
                deque(ids_within(passes[0], step.ids), maxlen=0)
            file = stack.enter_context(path.open("rb"))
            lines = undefined.without_defined(lines_of(file), step, FACTS)
            passes[number] = stack.enter_context(sorted_pass(lines, step, data_type.passes[0]))
        with open(target, "wb") as out:
            items = undefined.named(
                complete(together(data_type, passes), data_type), data_type, FACTS
            )
            out.writelines(chunks(data_type, format, items))


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """Lines without their ends, as ``shopify.bulk`` makes them of what the network brings."""
    rest = b""
    while chunk := file.read(NETWORK_CHUNK):
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        yield from lines


def chunks(data_type: DataType, format: str, items: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    [sheet] = data_type.sheets
    columns = layout(sheet, FACTS)
    if format == "jsonl":
        return jsonl_writer.write(data_type, FACTS, items)
    if format == "xlsx":
        return xlsx_writer.write([xlsx_writer.SheetOf(sheet.name, columns, items)])
    return csv_writer.write(columns, items)


if __name__ == "__main__":
    tell(main)
