"""Files made of an address. Shopify fetches them later: READY, or FAILED, after a while.

An address on this machine is really fetched; others, which the stand-in cannot reach, are taken to
hold a picture. https://shopify.dev/docs/api/admin-graphql/latest/mutations/fileCreate
"""

import re
import time
import uuid
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit
from urllib.request import urlopen

from standin import misbehave, uploaded
from standin.context import Context, now
from standin.png import size_of
from standin.store import ShopStore

SECONDS = 0.3
LOCAL = {"localhost", "127.0.0.1"}
KINDS = {
    "IMAGE": "MediaImage",
    "VIDEO": "Video",
    "EXTERNAL_VIDEO": "ExternalVideo",
    "MODEL_3D": "Model3d",
    "FILE": "GenericFile",
}
TYPES = {"MediaImage": "IMAGE", "GenericFile": "FILE"}
EXTENSIONS = {
    "IMAGE": ("png", "jpg", "jpeg", "gif", "webp", "svg", "heic", "avif"),
    "VIDEO": ("mp4", "mov"),
    "MODEL_3D": ("glb", "usdz"),
}
HOSTS = ("youtube.com", "youtu.be", "vimeo.com")
MAX_ALT = 512
IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
READY_AT, SOURCE, NAME = "_readyAt", "_source", "_name"
UNREADY = {"UPLOADED", "PROCESSING", "FAILED"}
"""The states of a file that is not READY."""


def content_type(source: str) -> str:
    """What Shopify takes the file at an address to be, where nobody says."""
    if any(host in (urlsplit(source).hostname or "") for host in HOSTS):
        return "EXTERNAL_VIDEO"
    ending = file_name(source).rpartition(".")[2].lower()
    return next((kind for kind, names in EXTENSIONS.items() if ending in names), "FILE")


def file_name(source: str) -> str:
    """The last part of an address' path: ``shoe.png``."""
    return unquote(urlsplit(source).path).rpartition("/")[2]


def make(context: Context, source: str, kind: str, name: str, alt: str | None) -> dict:
    """A file that is still to be fetched, not stored yet; its name is unique in the shop."""
    typename = KINDS[kind]
    record: dict = {
        "__typename": typename,
        "id": context.shop.new_id(typename),
        "alt": alt,
        "fileStatus": "UPLOADED",
        "fileErrors": [],
        "mediaErrors": [],
        "mediaWarnings": [],
        "mediaContentType": kind,
        "status": "UPLOADED",
        "createdAt": now(),
        "updatedAt": now(),
        SOURCE: source,
        NAME: unique_name(
            context, _plain(name) if "/staged-uploads/" in source else name or "file"
        ),
        READY_AT: time.time() + SECONDS,
    }
    context.file_names.add(record[NAME])
    if kind == "EXTERNAL_VIDEO":
        host = "VIMEO" if "vimeo" in source else "YOUTUBE"
        record |= {"host": host, "originUrl": source, "embedUrl": source}
    return record


def _plain(name: str) -> str:
    """An uploaded file's name in Shopify's form: what is no letter, digit, . or - becomes _."""
    return re.sub(r"[^\w.-]+", "_", name) or "file"


def unique_name(context: Context, name: str) -> str:
    """The name, or with a UUID behind it where a file has it already."""
    taken = context.file_names
    if not taken:
        records = (record for kind in KINDS.values() for record in context.shop.all(kind))
        taken.update(stored_name(record) for record in records)
    if name not in taken:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem or ending}_{uuid.uuid4()}{dot}{ending if stem else ''}"


def stored_name(record: dict) -> str:
    """The file name of a record, whether it is ready or not."""
    if NAME in record:
        return record[NAME]
    image = record.get("image") or {}
    source = record.get("originalSource") or {}
    return file_name(image.get("url") or record.get("url") or source.get("url") or "")


def settle(context: Context, record: dict) -> dict:
    """The record as it is now: fetched when its time has come."""
    if time.time() < record.get(READY_AT, 0):
        return {**record, "fileStatus": "PROCESSING", "status": "PROCESSING"}
    if READY_AT not in record:
        return record
    stored = context.shop.get(record["id"])
    if stored and READY_AT not in stored:  # another field of it was asked for meanwhile
        return stored
    done = {key: value for key, value in record.items() if key != READY_AT}
    staged = _staged(context, record[SOURCE])
    there = staged or _exists(context, record[SOURCE])
    failed = misbehave.take(context.shop, "media_fails") or not there
    broken = staged and record["__typename"] == "MediaImage" and not _is_image(staged)
    state = "FAILED" if failed or broken else "READY"
    done |= {"fileStatus": state, "status": state, "updatedAt": now()}
    if failed or broken:
        code = "IMAGE_DOWNLOAD_FAILURE"
        if record["__typename"] != "MediaImage":
            code = "GENERIC_FILE_DOWNLOAD_FAILURE"
        text = "The file could not be downloaded. Make sure that its address can be reached."
        if broken and not failed:
            code, text = "UNSUPPORTED_IMAGE_FILE_TYPE", "The image is of a type that is not taken."
        problem = {"__typename": "FileError", "code": code, "message": text, "details": None}
        done["fileErrors"] = [problem]
        done["mediaErrors"] = [problem | {"__typename": "MediaError"}]
    else:
        done |= _content(context, done, _kept(context, done, staged))
    return context.shop.put(done)


def settle_due(context: Context) -> None:
    """Fetch the files whose time has come and that may fail."""
    fails = context.shop.setting("misbehave", {}).get("media_fails")
    due = f"body ->> '$.{READY_AT}' <= ?"
    if not fails:
        near = " OR ".join(f"instr(body, '//{host}')" for host in sorted(LOCAL))
        due = f"({near}) AND {due}"
    for kind in KINDS.values():
        for record in context.shop.where(kind, due, (time.time(),)):
            if fails or urlsplit(record.get(SOURCE) or "").hostname in LOCAL:
                settle(context, record)


def unready(shop: ShopStore) -> list[dict]:
    """The files in one of the states UNREADY."""
    state = f"coalesce(body ->> '$.{READY_AT}' > ?, body ->> '$.fileStatus' <> 'READY')"
    return [one for kind in KINDS.values() for one in shop.where(kind, state, (time.time(),))]


def state(record: dict) -> str:
    """The state of a file; that of one whose time has come is told without fetching it."""
    if READY_AT not in record:
        return record["fileStatus"]
    return "PROCESSING" if time.time() < record[READY_AT] else "READY"


def was_ready(record: dict) -> bool:
    """Whether the file has ever been fetched."""
    return any(record.get(name) for name in ("image", "url", "sources"))


def content_path(data: Path, of: str) -> Path:
    """Where the content of an uploaded file is kept, ``<domain>/<number of its ID>``."""
    return data / "cdn" / re.sub(r"[^a-z0-9/-]", "_", of)


def _staged(context: Context, source: str) -> Path | None:
    """The content of a source in our own storage of staged uploads."""
    _, found, key = source.partition(f"{context.config.origin}/staged-uploads/")
    path = uploaded.path_of(context.config.data, unquote(key)) if found else None
    return path if path and path.is_file() else None


def _is_image(path: Path) -> bool:
    """Whether it begins as a picture of a type that Shopify takes."""
    with path.open("rb") as file:
        start = file.read(256)
    svg = b"<svg" in start or start.lstrip().startswith(b"<?xml")
    return svg or start.startswith(IMAGES) or start[8:12] == b"WEBP" or start[4:8] == b"ftyp"


def _kept(context: Context, record: dict, staged: Path | None) -> tuple[str, int | None]:
    """The address of a file's content, and its size where it was uploaded: the upload itself is
    forgotten after a while."""
    url = f"{context.config.origin}/cdn/shop/files/{quote(record[NAME])}?v={int(time.time())}"
    if not staged:
        return url, None
    domain, number = context.shop.domain, int(record["id"].rpartition("/")[2])
    path = content_path(context.config.data, f"{domain}/{number}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.hardlink_to(staged)
    return f"{url}&of={domain}/{number}", path.stat().st_size


def _content(context: Context, record: dict, kept: tuple[str, int | None]) -> dict:
    name, (url, size) = record[NAME], kept
    if record["__typename"] == "MediaImage":
        width, height = size_of(name)
        image = {
            "__typename": "Image",
            "id": context.shop.new_id("ImageSource"),
            "url": url,
            "altText": record["alt"],
            "width": width,
            "height": height,
        }
        mime = f"image/{name.rpartition('.')[2].lower().replace('jpg', 'jpeg')}"
        found = {"image": image, "preview": {"image": image, "status": "READY"}, "mimeType": mime}
        return found | ({"originalSource": {"url": url, "fileSize": size}} if size else {})
    if record["__typename"] == "GenericFile":
        return {
            "url": url,
            "mimeType": "application/octet-stream",
            "originalFileSize": size or 1000,
        }
    if record["__typename"] == "Video":
        source = {"url": url, "format": "mp4", "mimeType": "video/mp4", "width": 1280}
        source |= {"height": 720, "fileSize": size or 1_000_000}
        return {"filename": name, "originalSource": source, "sources": [source], "duration": 14_000}
    if record["__typename"] == "Model3d":
        source = {"url": url, "format": "glb", "mimeType": "model/gltf-binary"}
        source |= {"filesize": size or 500_000}
        return {"filename": name, "originalSource": source, "sources": [source]}
    return {}


def _exists(context: Context, source: str) -> bool:
    if urlsplit(source).hostname not in LOCAL or re.search(r"/cdn/shop/files/", source):
        return True
    try:
        with urlopen(source, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def reader(field: str):
    """(context, source, arguments) -> the field of a file as it is now."""

    def read(context: Context, source: dict, args: dict):
        return settle(context, source).get(field)

    return read


FIELDS = {
    f"{typename}.{field}": reader(field)
    for typename in KINDS.values()
    for field in (
        "duration",
        "fileErrors",
        "fileStatus",
        "filename",
        "image",
        "mediaErrors",
        "mimeType",
        "originalFileSize",
        "originalSource",
        "preview",
        "sources",
        "status",
        "updatedAt",
        "url",
    )
}
"""What changes when a file has been fetched, for every type of file."""
