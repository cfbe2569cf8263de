"""Files made of an address. Shopify fetches them later: READY, or FAILED, after a while.

An address on this machine is really fetched; others, which the stand-in cannot reach, are taken to
hold a picture. https://shopify.dev/docs/api/admin-graphql/latest/mutations/fileCreate
"""

import re
import time
import uuid
from urllib.parse import unquote, urlsplit
from urllib.request import urlopen

from standin import misbehave
from standin.context import Context, now
from standin.png import size_of

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
READY_AT, SOURCE, NAME = "_readyAt", "_source", "_name"


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
        NAME: unique_name(context, name or "file"),
        READY_AT: time.time() + SECONDS,
    }
    if kind == "EXTERNAL_VIDEO":
        host = "VIMEO" if "vimeo" in source else "YOUTUBE"
        record |= {"host": host, "originUrl": source, "embedUrl": source}
    return record


def unique_name(context: Context, name: str) -> str:
    """The name, or with a UUID behind it where a file has it already."""
    taken = {stored_name(record) for kind in KINDS.values() for record in context.shop.all(kind)}
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
    failed = misbehave.take(context.shop, "media_fails") or not _there(context, record[SOURCE])
    state = "FAILED" if failed else "READY"
    done |= {"fileStatus": state, "status": state, "updatedAt": now()}
    if failed:
        code = "IMAGE_DOWNLOAD_FAILURE"
        if record["__typename"] != "MediaImage":
            code = "GENERIC_FILE_DOWNLOAD_FAILURE"
        text = "The file could not be downloaded. Make sure that its address can be reached."
        problem = {"__typename": "FileError", "code": code, "message": text, "details": None}
        done["fileErrors"] = [problem]
        done["mediaErrors"] = [problem | {"__typename": "MediaError"}]
    else:
        done |= _content(context, done)
    return context.shop.put(done)


def was_ready(record: dict) -> bool:
    """Whether the file has ever been fetched."""
    return any(record.get(name) for name in ("image", "url", "sources"))


def _content(context: Context, record: dict) -> dict:
    name = record[NAME]
    url = f"{context.config.origin}/cdn/shop/files/{name}?v={int(time.time())}"
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
        return {"image": image, "preview": {"image": image, "status": "READY"}, "mimeType": mime}
    if record["__typename"] == "GenericFile":
        return {"url": url, "mimeType": "application/octet-stream", "originalFileSize": 1000}
    if record["__typename"] == "Video":
        source = {"url": url, "format": "mp4", "mimeType": "video/mp4", "width": 1280}
        source |= {"height": 720, "fileSize": 1_000_000}
        return {"filename": name, "originalSource": source, "sources": [source], "duration": 14_000}
    if record["__typename"] == "Model3d":
        source = {"url": url, "format": "glb", "mimeType": "model/gltf-binary"}
        source |= {"filesize": 500_000}
        return {"filename": name, "originalSource": source, "sources": [source]}
    return {}


def _there(context: Context, source: str) -> bool:
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
        "url",
    )
}
"""What changes when a file has been fetched, for every type of file."""
