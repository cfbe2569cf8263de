"""A zip of several files, written as a stream: nothing is kept beyond the piece in hand."""

import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, cast

STAMP = (1980, 1, 1, 0, 0, 0)


class _Pieces:
    """What zipfile has written since the last look."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """zipfile asks for it; there is nothing to do."""

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def write(files: Iterable[tuple[str, Iterable[bytes]]], *, large: bool = True) -> Iterator[bytes]:
    """The archive of these files, each a name and its bytes; the same every time.

    ``large`` ones may be over 2 GiB, in the form (ZIP64) that Excel does not take of a workbook's.
    """
    pieces = _Pieces()
    with zipfile.ZipFile(cast(IO[bytes], pieces), "w") as archive:
        for name, chunks in files:
            entry = zipfile.ZipInfo(name, STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=large) as file:
                for chunk in chunks:
                    file.write(chunk)
                    if taken := pieces.take():
                        yield taken
    yield pieces.take()
