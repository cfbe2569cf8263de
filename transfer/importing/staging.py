"""Videos and 3D models: Shopify takes them from its own storage only, so we bring them there.

https://shopify.dev/docs/apps/build/online-store/product-media
"""

from collections.abc import Iterator, Mapping

import orjson

from scratch import folder
from shopify.admin import Admin
from shopify.staged_uploads import NotTaken, upload
from transfer.importing.fetching import NotFetched, endpoints, fetch
from transfer.types.files import LARGEST as LARGEST_FILES
from transfer.types.forms import file_name
from transfer.types.product_images import content_type
from transfer.types.writing import Input, Json

LARGEST = {kind: LARGEST_FILES[kind] for kind in ("VIDEO", "MODEL_3D")}
"""What must be staged, and how large it may be."""
MIME_TYPES = {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "glb": "model/gltf-binary",
    "usdz": "model/vnd.usdz+zip",
}
WORDS = {"VIDEO": "The video", "MODEL_3D": "The 3D model"}


class NotStaged(Exception):
    """Why a file could not be brought to Shopify's storage, as a sentence."""


def to_stage(variables: Json) -> Iterator[tuple[dict[str, Json], str]]:
    """The parts of a mutation's variables with a file that must be staged, each with its type."""
    parts: list[Json] = [variables]
    for part in parts:  # it grows by what is in it
        if isinstance(part, list):
            parts += part
        elif isinstance(part, dict):
            parts += part.values()
            source = part.get("originalSource")
            if isinstance(source, str) and "://" in source:
                kind = part.get("contentType") or part.get("mediaContentType")
                kind = kind or content_type(source)
                if kind in LARGEST:
                    yield part, str(kind)


def bring(admin: Admin, variables: Input) -> dict[str, str]:
    """Bring the files of a mutation to Shopify's storage: their addresses there by those where they
    were; or NotStaged. Shopify's own address is trusted, wherever it is."""
    known: dict[str, str] = {}
    for part, kind in to_stage(variables):
        source = str(part["originalSource"])
        if source not in known:
            known[source] = _brought(admin, source, str(part.get("filename") or ""), kind)
    return known


def staged(variables: Input, addresses: Mapping[str, str]) -> Input:
    """The variables with the addresses of files in Shopify's storage."""
    if not addresses:
        return variables
    copy: Input = orjson.loads(orjson.dumps(variables))
    for part, _ in list(to_stage(copy)):
        source = str(part["originalSource"])
        part["originalSource"] = addresses.get(source, source)
    return copy


def _brought(admin: Admin, source: str, name: str, kind: str) -> str:
    name = name or file_name(source)
    ending = name.rpartition(".")[2].lower()
    if ending not in MIME_TYPES:
        raise NotStaged(f"{WORDS[kind]} is none of {', '.join(MIME_TYPES)}.")
    try:
        with folder() as place, (place / "file").open("w+b") as file:
            size = fetch(source, file, most=LARGEST[kind], trusted=endpoints(admin.origin))
            file.seek(0)
            mime_type = MIME_TYPES[ending]
            found = upload(
                admin, file, resource=kind, filename=name, mime_type=mime_type, size=size
            )
    except NotFetched as error:
        raise NotStaged(f"{WORDS[kind]} was not fetched: {error}") from None
    except NotTaken as error:
        raise NotStaged(f"{WORDS[kind]} was not taken: {error}") from None
    return found.url
