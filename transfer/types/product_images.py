"""Addresses of images: which are the same file, and what is behind one."""

import re
from typing import TypeGuard
from urllib.parse import quote, unquote

from transfer.types.forms import file_name
from transfer.types.writing import Input, Json, Reference

VIDEO_HOSTS = re.compile(r"https?://(?:[\w-]+\.)*(?:youtube\.com|youtu\.be|vimeo\.com)/", re.I)
UNIQUE = re.compile(r"(?:_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})+(?=\.|$)")
"""What Shopify puts behind the name of a file that is there already."""
ENDINGS = {"mp4": "VIDEO", "mov": "VIDEO", "glb": "MODEL_3D", "usdz": "MODEL_3D"}


def same_image(address: str) -> str:
    """What addresses of one file have in common: its name, percent-encoded. A video elsewhere is
    its address."""
    text = address.strip()
    if VIDEO_HOSTS.match(text):
        return text
    return quote(UNIQUE.sub("", unquote(file_name(text))), safe="")


def image(cell: str) -> Reference:
    """What a cell with an address stands for: the file that the same import creates of it, if it
    does, else the address."""
    address = cell.strip()
    name = address if VIDEO_HOSTS.match(address) else file_name(address)
    return Reference("File", name, address)


def address_of(value: Reference | str) -> str:
    """What a cell shows of it."""
    return value.address if isinstance(value, Reference) else value


def is_file(source: Json) -> TypeGuard[str]:
    """Whether what stands for an address is the id of a file."""
    return isinstance(source, str) and source.startswith("gid://")


def as_file(given: Input) -> Input:
    """An input that takes a file: by its id where it has one in the place of an address."""
    source = given.get("originalSource")
    if not is_file(source):
        return given
    others = ("originalSource", "contentType")
    return {"id": source, **{name: one for name, one in given.items() if name not in others}}


def content_type(address: str) -> str:
    """What Shopify calls what is behind an address, a MediaContentType."""
    if VIDEO_HOSTS.match(address):
        return "EXTERNAL_VIDEO"
    return ENDINGS.get(file_name(address).rpartition(".")[2].lower(), "IMAGE")
