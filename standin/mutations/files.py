"""fileCreate, fileUpdate and fileDelete.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/fileCreate
"""

import time
from urllib.parse import urlsplit

from standin import media
from standin.context import Context, now
from standin.mutations.user_errors import refused, user_error

RENAMED = {"MediaImage", "GenericFile"}


def create(context: Context, args: dict) -> dict:
    made, errors = [], []
    for index, given in enumerate(args["files"]):
        record, problem = from_input(context, given, ["files", str(index)])
        if problem:
            errors.append(problem)
        else:
            made.append(record)
    if errors:
        return refused(errors, "files")
    context.shop.put_many(made)
    return {"files": made, "userErrors": []}


def update(context: Context, args: dict) -> dict:
    changed: list[dict] = []
    owners: dict[str, dict] = {}
    errors: list[dict] = []
    for index, given in enumerate(args["files"]):
        place = ["files", str(index)]
        record = context.record(given["id"])
        if not record or record["__typename"] not in media.KINDS.values():
            text = f"File id {given['id']} does not exist."
            errors.append(user_error([*place, "id"], text, "FILE_DOES_NOT_EXIST"))
            continue
        record = media.settle(context, record)
        if record["fileStatus"] != "READY":
            errors.append(user_error([*place, "id"], "Non-ready files.", "NON_READY_STATE"))
            continue
        record, problem = _changed(context, record, given, place)
        errors += problem
        errors += _refer(context, owners, record, given, place)
        changed.append(record)
    if errors:
        return refused(errors, "files")
    context.shop.put_many([*changed, *owners.values()])
    return {"files": changed, "userErrors": []}


def delete(context: Context, args: dict) -> dict:
    missing = [gid for gid in args["fileIds"] if not _file(context, gid)]
    if missing:
        text = f"File id {missing[0]} does not exist."
        error = user_error(["fileIds"], text, "FILE_DOES_NOT_EXIST")
        return refused([error], "deletedFileIds")
    gone = set(args["fileIds"])
    for typename in ("Product", "ProductVariant"):
        for owner in list(context.shop.iterate(typename)):
            if gone & set(owner.get("media") or ()):
                left = [gid for gid in owner["media"] if gid not in gone]
                context.shop.put({**owner, "media": left, "image": None})
    for gid in gone:
        context.shop.delete(gid)
    return {"deletedFileIds": args["fileIds"], "userErrors": []}


def from_input(context: Context, given: dict, place: list[str]) -> tuple[dict, dict | None]:
    """The unstored file of a FileCreateInput or CreateMediaInput, or its userError."""
    source, alt = given.get("originalSource") or "", given.get("alt")
    name = given.get("filename") or media.file_name(source)
    kind = given.get("contentType") or given.get("mediaContentType") or media.content_type(source)
    if urlsplit(source).scheme not in {"http", "https"}:
        text = "Image URL is invalid"
        return {}, user_error([*place, "originalSource"], text, "INVALID_IMAGE_SOURCE_URL")
    if alt and len(alt) > media.MAX_ALT:
        text = f"Alt value exceeds the limit of {media.MAX_ALT} characters."
        return {}, user_error([*place, "alt"], text, "ALT_VALUE_LIMIT_EXCEEDED")
    if kind == "FILE" and name.lower().endswith((".html", ".htm")):
        text = "Files of this type are not accepted."
        return {}, user_error([*place, "originalSource"], text, "UNACCEPTABLE_ASSET")
    if not _same_ending(name, media.file_name(source)):
        text = "The filename does not match the extension of its source."
        code = "MISMATCHED_FILENAME_AND_ORIGINAL_SOURCE"
        return {}, user_error([*place, "filename"], text, code)
    staged = "/staged-uploads/" in source
    if kind in {"VIDEO", "MODEL_3D"} and not staged:
        text = "Videos and 3D models need a staged upload."
        return {}, user_error([*place, "originalSource"], text, "INVALID")
    mode = given.get("duplicateResolutionMode") or "APPEND_UUID"
    if mode == "REPLACE" and not given.get("filename"):
        text = "A filename is required for the duplicate resolution mode REPLACE."
        code = "MISSING_FILENAME_FOR_DUPLICATE_MODE_REPLACE"
        return {}, user_error([*place, "filename"], text, code)
    if mode == "RAISE_ERROR" and media.unique_name(context, name) != name:
        text = "A file with the same name already exists."
        return {}, user_error([*place, "filename"], text, "FILENAME_ALREADY_EXISTS")
    return media.make(context, source, kind, name, alt), None


def _same_ending(name: str, source: str) -> bool:
    """Whether a file may have this name; a source without an extension says nothing."""
    endings = [one.rpartition(".")[2].lower().replace("jpeg", "jpg") for one in (name, source)]
    return "." not in source or endings[0] == endings[1]


def with_alt(record: dict, alt: str | None, place: list[str]) -> tuple[dict, list[dict]]:
    """A file under another alt text, and the userErrors."""
    record = {**record, "alt": alt or None}
    if record.get("image"):
        record["image"] = {**record["image"], "altText": record["alt"]}
    if len(alt or "") <= media.MAX_ALT:
        return record, []
    text = f"Alt value exceeds the limit of {media.MAX_ALT} characters."
    return record, [user_error([*place, "alt"], text, "ALT_VALUE_LIMIT_EXCEEDED")]


def acknowledge(context: Context, args: dict) -> dict:
    """Make files ready again whose last update failed; they have what they had before it."""
    records, errors = [], []
    for index, gid in enumerate(args["fileIds"]):
        place = ["fileIds", str(index)]
        record = context.record(gid)
        if not record or record["__typename"] not in media.KINDS.values():
            text = f"File id {gid} does not exist."
            errors.append(user_error(place, text, "FILE_DOES_NOT_EXIST"))
            continue
        record = media.settle(context, record)
        if record["fileStatus"] != "FAILED" or not media.was_ready(record):
            text = "The file has no failed update."
            errors.append(user_error(place, text, "INVALID_FAILED_MEDIA_STATE"))
        records.append(record)
    if errors:
        return refused(errors, "files")
    ready = {"fileStatus": "READY", "status": "READY", "fileErrors": [], "mediaErrors": []}
    made = [{**record, **ready, "updatedAt": now()} for record in records]
    context.shop.put_many(made)
    return {"files": made, "userErrors": []}


def _changed(
    context: Context, record: dict, given: dict, place: list[str]
) -> tuple[dict, list[dict]]:
    record = dict(record)
    errors: list[dict] = []
    if "alt" in given:
        record, errors = with_alt(record, given["alt"], place)
    if name := given.get("filename"):
        old = media.stored_name(record)
        if record["__typename"] not in RENAMED:
            text = "The filename of this type of file cannot be changed."
            code = "UNSUPPORTED_MEDIA_TYPE_FOR_FILENAME_UPDATE"
            errors.append(user_error([*place, "filename"], text, code))
        elif name.rpartition(".")[2].lower() != old.rpartition(".")[2].lower():
            text = "The extension of the filename cannot be changed."
            errors.append(user_error([*place, "filename"], text, "INVALID_FILENAME_EXTENSION"))
        elif name != old and media.unique_name(context, name) != name:
            text = "A file with the same name already exists."
            errors.append(user_error([*place, "filename"], text, "FILENAME_ALREADY_EXISTS"))
        else:
            record = _renamed(record, old, name)
    source = given.get("originalSource")
    if source and given.get("previewImageSource"):
        text = "Specify either originalSource or previewImageSource."
        errors.append(user_error(place, text, "INVALID"))
    elif source and record["__typename"] not in RENAMED:
        text = "The source of this type of file cannot be changed."
        errors.append(user_error([*place, "originalSource"], text, "MEDIA_CANNOT_BE_MODIFIED"))
    elif source:
        record |= {
            media.SOURCE: source,
            media.NAME: media.stored_name(record),
            media.READY_AT: time.time() + media.SECONDS,
            "fileStatus": "PROCESSING",
            "status": "PROCESSING",
        }
    record["updatedAt"] = now()
    return record, errors


def _renamed(record: dict, old: str, name: str) -> dict:
    if record.get("image"):
        url = record["image"]["url"].replace(f"/{old}", f"/{name}")
        record["image"] = {**record["image"], "url": url}
        record["preview"] = {"image": record["image"], "status": "READY"}
    if record.get("url"):
        record["url"] = record["url"].replace(f"/{old}", f"/{name}")
    if media.NAME in record:
        record[media.NAME] = name
    return record


def _refer(
    context: Context, owners: dict[str, dict], record: dict, given: dict, place: list[str]
) -> list[dict]:
    """Attach the file to products, or detach it."""
    errors = []
    for field, attach in (("referencesToAdd", True), ("referencesToRemove", False)):
        for gid in given.get(field) or ():
            owner = owners.get(gid) or context.record(gid)
            if not owner or owner["__typename"] != "Product":
                text = "The reference target does not exist."
                code = "REFERENCE_TARGET_DOES_NOT_EXIST"
                errors.append(user_error([*place, field], text, code))
                continue
            left = [one for one in owner.get("media") or () if one != record["id"]]
            owners[gid] = {**owner, "media": [*left, record["id"]] if attach else left}
    return errors


def _file(context: Context, gid: str) -> dict | None:
    record = context.record(gid)
    return record if record and record["__typename"] in media.KINDS.values() else None


MUTATIONS = {
    "fileCreate": create,
    "fileUpdate": update,
    "fileDelete": delete,
    "fileAcknowledgeUpdateFailed": acknowledge,
}
