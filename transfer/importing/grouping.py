"""Which rows of a file are about one object.

Where every row is a whole object, each is a change of its own, in the order of the file: rows with
one key follow each other as they would if they were sent one by one.
"""

from collections.abc import Iterable, Iterator


def object_numbers(
    rows: Iterable[list[str]], first: int = 2
) -> Iterator[tuple[int, int, list[str]]]:
    """The number of each row and of its object, which is that of the object's first row."""
    return ((number, number, cells) for number, cells in enumerate(rows, first))
