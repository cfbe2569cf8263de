"""Pictures for the stand-in's files: plain PNG stripes, made from the file's name alone."""

import struct
import zlib
from functools import lru_cache

SIZES = ((1200, 1200), (1600, 1200), (1200, 1500), (800, 800))
STRIPE = 40  # pixels


def size_of(name: str) -> tuple[int, int]:
    """Width and height of the picture of this name."""
    return SIZES[zlib.crc32(name.encode()) % len(SIZES)]


@lru_cache(maxsize=64)
def picture(name: str) -> bytes:
    """The PNG of this name: two soft colours in stripes."""
    width, height = size_of(name)
    seed = zlib.crc32(name.encode())
    dark = bytes(96 + (seed >> shift & 63) for shift in (0, 8, 16))
    palette = dark + bytes(min(255, part + 48) for part in dark)
    stripes = bytes(x // STRIPE % 2 for x in range(width + height))
    rows = b"".join(b"\0" + stripes[y : y + width] for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)
