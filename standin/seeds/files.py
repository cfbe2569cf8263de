"""Files of the shop that belong to no product: pictures, documents, a video now and then."""

import re
from collections.abc import Iterator

from standin.seeds.base import Seeder, timestamp
from standin.seeds.product_fields import image_file

DOCUMENT, VIDEO = "manual-{:03d}.pdf", "workshop-{:03d}.mp4"
SMALLEST = {"manual": 48_000, "workshop": 2_400_000}
NAME = re.compile(r"(manual|workshop)-(\d+)\.\w+")


def size_of(name: str) -> int:
    """The bytes of a seeded document or video; 0 for any other name."""
    found = NAME.fullmatch(name)
    return SMALLEST[found[1]] + int(found[2]) - 1 if found else 0


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    for i in range(first, first + how_many):
        if i % 5 == 4:
            yield _video(seeder, i)
        elif i % 3 == 1:
            yield _document(seeder, i)
        else:
            alt = f"Banner {i + 1}: the hut in snow" if i % 2 else None
            yield image_file(seeder, i, f"banner-{i + 1:03d}.png", alt)


def _state(i: int) -> dict:
    """Ready; one document in twelve could not be taken."""
    dates = {"createdAt": timestamp(i), "updatedAt": timestamp(i)}
    if i % 12 != 7:
        return {"fileStatus": "READY", "fileErrors": [], **dates}
    error = {
        "__typename": "FileError",
        "code": "FILE_STORAGE_LIMIT_EXCEEDED",
        "message": "Storage limit exceeded",
        "details": None,
    }
    return {"fileStatus": "FAILED", "fileErrors": [error], **dates}


def _document(seeder: Seeder, i: int) -> dict:
    name = DOCUMENT.format(i + 1)
    return {
        "__typename": "GenericFile",
        "id": seeder.id("GenericFile"),
        "alt": None,
        "url": seeder.file_url(name),
        "mimeType": "application/pdf",
        "originalFileSize": size_of(name),
        **_state(i),
    }


def _video(seeder: Seeder, i: int) -> dict:
    name = VIDEO.format(i + 1)
    source = {
        "url": seeder.file_url(name),
        "format": "mp4",
        "mimeType": "video/mp4",
        "width": 1280,
        "height": 720,
        "fileSize": size_of(name),
    }
    return {
        "__typename": "Video",
        "id": seeder.id("Video"),
        "alt": 'In the "Küche" 🔨',
        "filename": name,
        "duration": 14_000,
        "originalSource": source,
        "sources": [source],
        "mediaContentType": "VIDEO",
        "status": "READY",
        "mediaErrors": [],
        "mediaWarnings": [],
        **_state(i),
    }
