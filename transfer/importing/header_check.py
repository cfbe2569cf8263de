"""The header row of a file beside the columns of a data type."""

from collections import Counter

from transfer.formats.bad_file import BadFile
from transfer.rows.headers import Headers, own_headers, visible_text
from transfer.types.base import DataType

ADDED = ("Import Result", "Import Comment")
"""What the results of an import add to the columns of its file; people send them back with it."""
MAY_REPEAT = {"tags", "image src"}
NATIVE = {"handle", "body (html)", "variant grams"}
CONVERT = (
    "ALYS006: this is Shopify's own product export, which is another format. "
    "Export the products with Altera and fill in that file."
)
COMBINED = {"inclusion: type", "condition: field", "source: type"}
SEPARATE = (
    "This sheet has collections by their sources, which is another format. Use the sheets Smart "
    "Collections and Custom Collections as an export writes them."
)


def check(header: list[str], data_type: DataType) -> list[str]:
    """Warnings about the columns of a file, or BadFile when they cannot be those of the type."""
    lower = {visible_text(cell).lower() for cell in header}
    if lower >= NATIVE:
        raise BadFile(CONVERT)
    if lower & COMBINED:
        raise BadFile(SEPARATE)
    columns_of_file = own_headers(header, data_type)
    times = Counter(columns_of_file)
    if twice := [n for n in times if n and times[n] > 1 and n.lower() not in MAY_REPEAT]:
        raise BadFile(f"ALYS007: the column {_list(twice)} is there twice. Remove one.")
    natural = data_type.writing.keys if data_type.writing else ()
    through = data_type.writing.through if data_type.writing else ()
    keys = [("ID",), *(key.headers for group in (natural, *through) for key in group)]
    alone = data_type.passes[0].single
    if not (alone or any(set(key) <= set(columns_of_file) for key in keys)):
        raise BadFile(
            "The first row must name the columns, and one of them must be "
            f"{' or '.join(dict.fromkeys(map(' with '.join, keys)))}."
        )
    known = Headers(data_type)
    seen = [name for name in map(visible_text, header) if name and name not in ADDED]
    unknown = [name for name in seen if known.find(name) is None]
    if not unknown:
        return []
    return [f"ALYS005: these columns are not known and are ignored: {_list(unknown)}."]


def _list(words: list[str]) -> str:
    return ", ".join(f"“{word[:60]}”" for word in words[:20])
