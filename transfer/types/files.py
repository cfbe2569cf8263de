"""Files: media files and documents. One row is one file; ``ID`` is the whole GID."""

import re
from collections.abc import Mapping

from transfer.types.base import Block, Column, DataType, Filter, Item, Pass, Sheet
from transfer.types.forms import (
    CAPITALISED,
    INTEGER,
    MERGE,
    MOMENT,
    NUMBER,
    BadCell,
    Form,
    clock,
    file_name,
    form,
    gid_of,
    parse_code,
    short,
)
from transfer.types.personal import PUBLIC, TEXT, all_of, columns
from transfer.types.product_images import ENDINGS as VIDEO_ENDINGS
from transfer.types.product_images import VIDEO_HOSTS
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import (
    WITH_CODE,
    Input,
    Key,
    Mutation,
    Parts,
    Writing,
)
from translations import N_, ngettext

KINDS = {
    "MediaImage": "IMAGE",
    "Video": "VIDEO",
    "ExternalVideo": "EXTERNAL_VIDEO",
    "Model3d": "MODEL_3D",
}
ADDRESS = re.compile(r"https?://[^\s/]+/?\S*$", re.IGNORECASE)
UNITS = ("Bytes", "KB", "MB", "GB", "TB")
MEGABYTE = 1_000_000
LARGEST = {
    "FILE": 20 * MEGABYTE,
    "IMAGE": 20 * MEGABYTE,
    "MODEL_3D": 500 * MEGABYTE,
    "VIDEO": 1000 * MEGABYTE,
}
"""The bytes that a file may have, by its type."""
ENDINGS = {
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "webp", "svg", "heic", "avif"), "IMAGE"),
    **VIDEO_ENDINGS,
}
"""The type of a file by the end of its name; any other is a FILE."""
AT_ONCE = 250
"""So many files one mutation takes."""
URLS = "image.url|video.url|model.url|url|originUrl"
SIZES = "upload.fileSize|video.fileSize|model.filesize|originalFileSize"


def _file_type(value: str) -> str:
    """``IMAGE``, ``VIDEO`` and so on, by the id; every other file is a ``FILE``."""
    return KINDS.get(value.split("/")[3], "FILE") if "://" in value else value


def _name(cell: str) -> str:
    name = cell.strip()
    if "/" in name or "\\" in name:
        raise BadCell(f"“{short(name)}” is not the name of a file: it has a slash.")
    return name


def _address(cell: str) -> str:
    address = cell.strip()
    if not ADDRESS.match(address):
        raise BadCell(f"“{short(address)}” is not an address. Write it like https://….")
    return address


def _size(count: int) -> str:
    """In decimal units: ``1690`` to ``1.69 KB``."""
    size, unit = float(count), 0
    while size >= 1000 and unit < len(UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{size:.2f}".rstrip("0").rstrip(".") + f" {UNITS[unit]}"


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:.3f}".rstrip("0").rstrip(".")


def _mime_type(file: Item) -> str:
    """Empty for documents and the like, as in real files."""
    if _file_type(file["id"]) == "FILE":
        return ""
    source = file.get("video") or file.get("model") or file
    return source.get("mimeType") or ""


def _errors(errors: list[Item]) -> str:
    return ", ".join(error["details"] or error["message"] for error in errors)


def _by_name(address: str) -> str:
    """An address by the name of its file alone, if it has one."""
    name = file_name(address)
    return f"https://{name}" if name.strip() else address


def _is_external(row: Mapping[str, str]) -> bool:
    return VIDEO_HOSTS.match(row.get("Link", "").strip()) is not None


def name_form(row: Mapping[str, str], facts: ShopFacts) -> Form:
    """The name tells which file it is; that of every video of YouTube is ``watch``."""
    return NO_NAME if _is_external(row) else NAME


def link_form(row: Mapping[str, str], facts: ShopFacts) -> Form:
    """A link to a name that the store has is that file; REPLACE takes its content again. A video
    elsewhere is known by its whole address."""
    if _is_external(row):
        return EXTERNAL_LINK
    return NEW_LINK if row.get("Command", "").strip().upper() == "REPLACE" else LINK


NAME = form(file_name, parse=_name)
NO_NAME = form(file_name, parse=_name, canonical=lambda name: "")
KIND = form(_file_type, parse=parse_code).among(
    "EXTERNAL_VIDEO", "FILE", "IMAGE", "MODEL_3D", "VIDEO"
)
LINK = form(str, parse=_address, canonical=_by_name)
EXTERNAL_LINK = form(str, parse=_address)
NEW_LINK = form(str, parse=_address, canonical=lambda address: address.partition("?")[0])
OBJECTS = Pass(
    "files",
    fields="""id alt createdAt fileStatus fileErrors { message details }
      ... on MediaImage { mimeType image { url width height } upload: originalSource { fileSize } }
      ... on Video { filename duration
        video: originalSource { url mimeType width height fileSize } }
      ... on Model3d { filename model: originalSource { url mimeType filesize } }
      ... on ExternalVideo { originUrl }
      ... on GenericFile { mimeType url originalFileSize }""",
)
LISTED = (
    f"""{OBJECTS.fields} updatedAt ... on MediaImage {{ original: originalSource {{ url }} }}"""
)
"""What programs are told of a file: with the address of what was uploaded."""
FILE = Block(
    (
        Column("ID", "id", gid_of(*KINDS, "GenericFile")),
        Column(
            "File Name", f"filename|{URLS}", NAME, write="filename", clears=False, form_in=name_form
        ),
        Column("Command", "id", MERGE),
        Column("Link", URLS, LINK, write="originalSource", clears=False, form_in=link_form),
        Column("Alt Text", "alt", write="alt", cleared=""),
        Column("Created At", "createdAt", MOMENT),
        Column("Type", "id", KIND, write="contentType", clears=False),
        Column("Mime Type", ".", form(_mime_type)),
        Column("Width", "image.width|video.width", INTEGER),
        Column("Height", "image.height|video.height", INTEGER),
        Column("Duration", "duration", form(lambda milliseconds: clock(milliseconds // 1000))),
        Column("Status", "fileStatus", CAPITALISED),
        Column("Errors", "fileErrors", form(_errors)),
        Column("Size Bytes", SIZES, INTEGER),
        Column("Size MB", SIZES, form(_megabytes, NUMBER.cell_type)),
        Column("Size", SIZES, form(_size)),
    )
)


def _name_in_link(link: str) -> tuple[str, ...]:
    """What to search for by a link as links are compared."""
    return (file_name(link),)


def _complete(made: Input, parts: Parts) -> Input:
    """By default Shopify would keep a new file of a known name under another name. A video
    elsewhere has no name of its own. Shopify takes other content, and another name, only for images
    and files that are no media."""
    if not parts.new:
        if parts.item and _file_type(str(parts.item["id"])) not in ("IMAGE", "FILE"):
            for header, path in (("Link", "originalSource"), ("File Name", "filename")):
                if path in made:
                    raise BadCell(f"{header}: Shopify keeps that of a video or 3D model for good.")
        return made
    if VIDEO_HOSTS.match(str(made.get("originalSource", ""))):
        return {name: value for name, value in made.items() if name != "filename"}
    return {**made, "duplicateResolutionMode": "RAISE_ERROR"}


files = DataType(
    name="files",
    label=N_("Files"),
    counted=lambda count: ngettext("%(num)s file", "%(num)s files", count),
    about=N_("Media files and documents"),
    read_scopes=("read_files",),
    write_scopes=("write_files",),
    passes=(OBJECTS,),
    sheets=(Sheet("Files", aliases=("File",), blocks=(FILE,)),),
    filters=(
        Filter("filename"),
        Filter(
            "media_type", values=("external_video", "generic_file", "image", "model_3d", "video")
        ),
        Filter("status", values=("failed", "processing", "ready", "uploaded")),
        Filter("used_in"),
        Filter("id", form="range"),
        Filter("product_id", form="range"),
        Filter("created_at", form="range"),
        Filter("updated_at", form="range"),
    ),
    writing=Writing(
        typename="File",
        keys=(
            Key(("File Name",), "filename"),
            Key(("Link",), "filename", "media_type:EXTERNAL_VIDEO", _name_in_link),
        ),
        skips_unnamed=True,
        watched="""query ($ids: [ID!]!) { nodes(ids: $ids) {
          id ... on File { state: fileStatus problems: fileErrors { message } } } }""",
        create=Mutation(
            "fileCreate",
            ("files: [FileCreateInput!]!",),
            input="files.0",
            saved="files",
            errors=WITH_CODE,
            most=AT_ONCE,
        ),
        update=Mutation(
            "fileUpdate",
            ("files: [FileUpdateInput!]!",),
            input="files.0",
            target="files.0.id",
            saved="files",
            errors=WITH_CODE,
            most=AT_ONCE,
        ),
        delete=Mutation(
            "fileDelete",
            ("fileIds: [ID!]!",),
            target="fileIds.0",
            errors=WITH_CODE,
            most=AT_ONCE,
        ),
        required=("Link",),
        lost="It goes wherever it is used; an undo brings it back only if its address still works.",
        only_new=("contentType",),
        complete=_complete,
    ),
    personal={
        **all_of("file", "filename files.url originUrl image.url video.url model.url"),
        **all_of(TEXT, "files.alt fileErrors"),
        **columns(PUBLIC, "Type; Mime Type"),
    },
)
