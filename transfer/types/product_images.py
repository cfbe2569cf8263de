"""Addresses of images: which are the same file, and what is behind one."""

import re
from urllib.parse import quote, unquote

from transfer.types.forms import file_name

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


def content_type(address: str) -> str:
    """What Shopify calls what is behind an address, a MediaContentType."""
    if VIDEO_HOSTS.match(address):
        return "EXTERNAL_VIDEO"
    return ENDINGS.get(file_name(address).rpartition(".")[2].lower(), "IMAGE")
