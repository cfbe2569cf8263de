"""Uploads: where a program sends a file, and what becomes of it once it is there.

A file is known by its name and the SHA-256 of its content: one that the store has already is not
uploaded again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from mimetypes import guess_type
from typing import Any

from models import db, now
from models.uploaded_file import UploadedFile
from shopify.admin import Admin, ShopifyUnavailable
from shopify.staged_uploads import Target, target_input, targets
from transfer.files.stored import as_json, by_id, by_name
from transfer.types.files import ENDINGS, LARGEST, LISTED, MEGABYTE

AT_ONCE = 50
"""So many files one call takes."""
SEEN_AFTER, CLOCKS_DIFFER = timedelta(seconds=30), timedelta(minutes=1)
"""When a file that Shopify has made can be found, and how far its clock may be from ours."""
REPLACED = ("IMAGE", "FILE")
FAILED = "failed"

File = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """A file on a user's machine; ``replace`` gives the store's file of this name its content."""

    name: str
    size: int
    sha256: str
    replace: bool = False

    @property
    def type(self) -> str:
        return ENDINGS.get(self.name.rpartition(".")[2].lower(), "FILE")

    @property
    def mime_type(self) -> str:
        return guess_type(self.name)[0] or "application/octet-stream"


@dataclass(frozen=True)
class Upload:
    """A file in Shopify's storage: ``source`` is its address there, ``replaces`` the ID of the file
    that gets its content."""

    file: Wanted
    source: str
    replaces: str = ""
    alt: str | None = None


@dataclass(frozen=True)
class Answer:
    """What becomes of one file: it is to be sent to the ``target``, the store has it (``file``), or
    it is not taken (``problem``)."""

    target: Target | None = None
    replaces: str = ""
    file: File | None = None
    problem: str = ""


def stage(admin: Admin, shop_id: int, wanted: Sequence[Wanted]) -> list[Answer]:
    """Where each file is to be sent, unless the store has it or does not take it."""
    known = _still_stored(admin, shop_id, wanted)
    answers = [_without_upload(one, known) for one in wanted]
    asking = [number for number, answer in enumerate(answers) if answer is None]
    replacing = [wanted[number].name for number in asking if wanted[number].replace]
    there = by_name(admin, replacing)
    sent = []
    for number in asking:
        one = wanted[number]
        answers[number] = answer = _replacing(one, there.get(one.name, []))
        if not answer.problem:
            sent.append(number)
    inputs = [
        target_input(one.type, one.name, one.mime_type, one.size)
        for one in (wanted[number] for number in sent)
    ]
    for number, target in zip(sent, targets(admin, inputs) if inputs else (), strict=True):
        before = answers[number] or Answer()
        answers[number] = (
            Answer(problem=f"Shopify does not accept it: {target.problem}.")
            if target.problem
            else replace(before, target=target)
        )
    return [answer or Answer() for answer in answers]


def complete(admin: Admin, shop_id: int, uploads: Sequence[Upload]) -> list[Answer]:
    """Create files from what was uploaded. What was completed before is told again."""
    known = _still_stored(admin, shop_id, [one.file for one in uploads])
    answers = [_without_upload(one.file, known) for one in uploads]
    tried = [
        (one.file.name, one.file.sha256, "")
        for one, answer in zip(uploads, answers, strict=True)
        if answer is None and not one.replaces
    ]
    UploadedFile.store(shop_id, tried)
    db.session.commit()
    made: dict[tuple[str, str], File] = {}
    for replacing in (False, True):
        numbers = [
            number
            for number, answer in enumerate(answers)
            if answer is None and bool(uploads[number].replaces) == replacing
        ]
        first: dict[tuple[str, str], int] = {}
        for number in numbers:
            first.setdefault((uploads[number].file.name, uploads[number].file.sha256), number)
        given = [uploads[number] for number in first.values()]
        for key, answer in zip(first, _sent(admin, given, replacing), strict=True):
            if answer.file:
                made[key] = answer.file
            for number in numbers:
                one = uploads[number].file
                if (one.name, one.sha256) == key:
                    answers[number] = answer
    changed = [str(made[key]["id"]) for key in made if _replaced(uploads, key)]
    UploadedFile.forget(shop_id, changed)
    UploadedFile.release(shop_id, {name for name, _, _ in tried})
    UploadedFile.store(shop_id, ((*key, str(file["id"])) for key, file in made.items()))
    db.session.commit()
    return [answer or Answer() for answer in answers]


def _replaced(uploads: Iterable[Upload], key: tuple[str, str]) -> bool:
    return any(one.replaces and (one.file.name, one.file.sha256) == key for one in uploads)


def _still_stored(
    admin: Admin, shop_id: int, wanted: Sequence[Wanted]
) -> dict[tuple[str, str], File]:
    """The files that the store still has of these names and contents; those that are gone, failed
    or have another size are forgotten."""
    contents = {(one.name, one.sha256): one.size for one in wanted}
    rows = UploadedFile.with_names(shop_id, {one.name for one in wanted})
    of = {(row.name, row.sha256): (row.file_id, row.used_at) for row in rows}
    db.session.rollback()  # no connection is kept while Shopify is asked
    found = {key: file_id for key, (file_id, _) in of.items() if key in contents and file_id}
    tried = {key: at for key, (file_id, at) in of.items() if key in contents and not file_id}
    known = _made_unheard(admin, tried, contents)
    UploadedFile.store(shop_id, ((*key, str(file["id"])) for key, file in known.items()))
    db.session.commit()
    there = by_id(admin, found.values())
    for key, file_id in found.items():
        file = there.get(file_id)
        if file and file["status"] != FAILED and file["size"] in (None, contents[key]):
            known[key] = file
    UploadedFile.forget(shop_id, [one for key, one in found.items() if key not in known])
    UploadedFile.note_use(shop_id, [one for key, one in found.items() if key in known])
    db.session.commit()
    return known


def _made_unheard(
    admin: Admin, tried: dict[tuple[str, str], datetime], contents: dict[tuple[str, str], int]
) -> dict[tuple[str, str], File]:
    """The files that Shopify made though its answer was lost: of the name and size, and as new.

    Raises ShopifyUnavailable while that cannot be seen yet: a file has its name once it is ready.
    """
    there = by_name(admin, (name for name, _ in tried))
    known = {}
    for key, at in tried.items():
        for file in there[key[0]]:
            made_at = datetime.fromisoformat(file["created_at"])
            if made_at > at - CLOCKS_DIFFER and file["size"] == contents[key]:
                known[key] = file
        if key not in known and now() - at < SEEN_AFTER:
            raise ShopifyUnavailable("Shopify has not said yet whether it has the file. Try again.")
    return known


def _without_upload(one: Wanted, known: dict[tuple[str, str], File]) -> Answer | None:
    """What is known without an upload; None where the file is to be sent."""
    if file := known.get((one.name, one.sha256)):
        return Answer(file=file)
    if one.size > LARGEST[one.type]:
        most = LARGEST[one.type] // MEGABYTE
        return Answer(
            problem=f"It is larger than the {most:,} MB that Shopify accepts for its type."
        )
    return None


def _replacing(one: Wanted, there: list[File]) -> Answer:
    """The file whose content is to be replaced, if there is one of this name."""
    if not one.replace or not there:
        return Answer()
    if one.type not in REPLACED:
        return Answer(problem="Shopify keeps the content of a video or 3D model for good.")
    if len(there) > 1:
        return Answer(problem=f"The store has {len(there)} files of this name.")
    return Answer(replaces=there[0]["id"])


def _sent(admin: Admin, uploads: Sequence[Upload], replacing: bool) -> list[Answer]:
    """The answers of one mutation. Where Shopify refuses some files, it takes none: the others are
    sent again without them."""
    answers = [Answer() for _ in uploads]
    left = list(range(len(uploads)))
    while left:
        given = [_input(uploads[number], replacing) for number in left]
        made, problems = _mutated(admin, given, replacing)
        if not problems:
            for number, file in zip(left, made, strict=True):
                answers[number] = Answer(file=file)
            return answers
        for place, text in problems.items():
            answers[left[place]] = Answer(problem=text)
        left = [number for place, number in enumerate(left) if place not in problems]
    return answers


def _input(upload: Upload, replacing: bool) -> dict[str, str]:
    given = {"originalSource": upload.source}
    if upload.alt is not None:
        given["alt"] = upload.alt
    if replacing:
        return given | {"id": upload.replaces}
    return given | {"filename": upload.file.name, "contentType": upload.file.type}


def _mutated(
    admin: Admin, given: list[dict[str, str]], replacing: bool
) -> tuple[list[File], dict[int, str]]:
    """The files that are made, or what is wrong with which of them."""
    name, document = MUTATIONS[replacing]
    answer = admin.query(document, {"files": given})[name]
    problems: dict[int, str] = {}
    for error in answer["userErrors"]:
        place = [part for part in error["field"] or () if part.isdecimal()]
        for number in [int(place[0])] if place else range(len(given)):
            problems.setdefault(number, error["message"])
    return [as_json(file) for file in answer["files"] or ()], problems


def _mutation(name: str, input_type: str) -> tuple[str, str]:
    document = f"""mutation {name}($files: [{input_type}!]!) {{ {name}(files: $files) {{
      files {{ {LISTED} }} userErrors {{ field message }} }} }}"""
    return name, document


MUTATIONS = {
    False: _mutation("fileCreate", "FileCreateInput"),
    True: _mutation("fileUpdate", "FileUpdateInput"),
}
"""What makes files, and what gives those that are there another content."""
