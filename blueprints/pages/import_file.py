"""Settings > Jobs > Import: a file is sent in parts, looked at, and planned.

A part that was cut off is sent again; the file goes on with the first part that is not here. The
upload is known by what is signed in its token, so nobody can add to the file of another store.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, render_template, request
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import NotFound

import scratch
from blueprints import transfers
from blueprints.client_address import client_address
from blueprints.job_limits import why_no_page_import
from blueprints.pages.navigation import open_page
from blueprints.staff import record_activity
from blueprints.template_filters import localized
from models import db
from models.import_chunk import ImportChunk
from models.import_plan import BLANK, KEEP
from models.import_sheet import ImportSheet
from models.job import IMPORT, UPLOAD_TAKES, Job, new_id
from queues import enqueue
from transfer.formats.bad_file import BadFile
from transfer.importing.limits import MEGABYTE, Limits
from transfer.importing.receive import NO_ROOM, receive, store_piece, write_file
from transfer.importing.sheet_choice import Chosen, NoType
from transfer.importing.upload import choose, likely_type, preview, samples
from transfer.rows.headers import Headers
from transfer.types import ALL, BY_NAME
from translations import _, number

bp = Blueprint("import_file", __name__, url_prefix="/settings/import")

PIECES = 32
PART = PIECES * ImportChunk.SIZE
"""Bytes of a part, 8 MB; the last one of a file is shorter."""
MOST_OF_NAME = 200
SHOWN_ROWS, SHOWN_COLUMNS = 3, 30


@dataclass(frozen=True)
class Upload:
    """A file on its way: the id of the job that it is for, its name and its size in bytes."""

    job_id: str
    name: str
    size: int

    @property
    def pieces(self) -> int:
        """How many pieces the whole file has."""
        return -(-self.size // ImportChunk.SIZE)

    @property
    def parts(self) -> int:
        return -(-self.size // PART)


@bp.get("/")
def page() -> str:
    return render_template("import/page.html", most=Limits.current().file_bytes // MEGABYTE)


@bp.post("/turn")
def turn() -> Response:
    """Turn imports from these pages on or off for the whole store."""
    on = request.form.get("on") == "true"
    if on != g.shop.page_imports:
        g.shop.page_imports = on
        record_activity("job.page_imports_on" if on else "job.page_imports_off")
        db.session.commit()
    return open_page("import_file.page")


@bp.post("/files")
def begin() -> tuple[dict[str, Any], int]:
    """Where to send a file of this name and size."""
    _need_page_imports()
    name = " ".join(request.form.get("name", "").split())[:MOST_OF_NAME]
    size = request.form.get("size", 0, type=int)
    limits = Limits.current()
    if size <= 0:
        return {"error": _("The file is empty.")}, 422
    if size > limits.file_bytes:
        most = number(limits.file_bytes // MEGABYTE)
        return {"error": _("The file is larger than %(most)s MB.", most=most)}, 422
    if no_room := _why_no_room(size):
        return {"error": no_room}, 429
    signed = {"shop": g.shop.id, "job": new_id(IMPORT), "name": name, "size": size}
    return {"upload": _signer().dumps(signed), "part": PART}, 201


@bp.get("/files/<token>")
def received(token: str) -> dict[str, int]:
    """How many parts are here, from the beginning of the file on."""
    upload = _upload_or_404(token)
    count = ImportChunk.count(upload.job_id, g.shop.id)
    return {"parts": upload.parts if count == upload.pieces else count // PIECES}


@bp.put("/files/<token>/<int:part>")
def send(token: str, part: int) -> tuple[str | dict[str, str], int]:
    """Keep a part; it may come twice, but not once the import was started. Room is looked for
    again: many uploads may have begun before one of them was sent."""
    upload = _upload_or_404(token)
    size = min(PART, upload.size - part * PART)
    if size <= 0:
        abort(404)
    request.max_content_length = size
    with transfers.upload():
        body = request.get_data()
    if len(body) != size:
        abort(400)
    if _is_started(upload):
        abort(404, _("This file is no longer here. Choose it again."))
    if no_room := _why_no_room(size):
        return {"error": no_room}, 429
    for place in range(0, size, ImportChunk.SIZE):
        piece = part * PIECES + place // ImportChunk.SIZE
        store_piece(upload.job_id, g.shop.id, piece, body[place : place + ImportChunk.SIZE])
    return "", 204


@bp.post("/read")
def describe() -> str:
    """What the file holds: its sheets, their columns and first rows. Where no name says it, the
    type that most of its columns are of is proposed."""
    upload = _upload_or_404(request.form.get("upload", ""))
    chosen_type = request.form.get("type", "")
    try:
        with _file(upload) as path:
            try:
                chosen = _chosen(path, upload, chosen_type)
            except NoType:
                likely = likely_type(path, Limits.current(), name=upload.name)
                if chosen_type or likely is None:
                    raise
                chosen_type = likely.name
                chosen = _chosen(path, upload, chosen_type)
            looked = preview(path, chosen, Limits.current())
            sheets = [_sheet(sheet, rows) for sheet, rows in samples(path, looked, SHOWN_ROWS)]
    except NoType as error:
        return _render_read(upload, needs_type=True, error=_why(error))
    except BadFile as error:
        return _render_read(upload, error=_why(error))
    return _render_read(upload, chosen_type=chosen_type, sheets=sheets, looked=looked)


@bp.post("/")
def start() -> Response | str:
    """Plan the import, once. Nothing is changed before somebody applies the plan."""
    upload = _upload_or_404(request.form.get("upload", ""))
    if _is_started(upload):
        return open_page("import_plan.page", job_id=upload.job_id)
    if refusal := why_no_page_import(g.shop):
        return _render_read(upload, error=refusal)
    options = {
        "blank": request.form.get("blank", KEEP),
        "strict": request.form.get("strict") == "true",
        "confirm": {},
    }
    if options["blank"] not in BLANK:
        abort(400)
    try:
        with _file(upload) as path:
            job = receive(
                path,
                _chosen(path, upload, request.form.get("type", "")),
                shop_id=g.shop.id,
                started_by=g.user,
                dry_run=True,
                options=options,
                job_id=upload.job_id,
            )
        job.record("job.started", client_address())
        db.session.commit()
        enqueue(job)
    except BadFile as error:
        if not _is_started(upload):
            return _render_read(upload, error=_why(error))
    except (IntegrityError, NotFound):  # another request was faster
        db.session.rollback()
        if not _is_started(upload):
            raise
    return open_page("import_plan.page", job_id=upload.job_id)


def _why(error: BadFile) -> str:
    """What is wrong with the file; where its type can be chosen on the page, where that is."""
    if not (isinstance(error, NoType) and error.advice):
        return localized(str(error))
    advice = _(
        "Choose it under “%(field)s”, or name the file or its sheet after it, like products.csv.",
        field=_("What does the file hold?"),
    )
    return f"{localized(error.fact)} {advice}"


def _chosen(path: Path, upload: Upload, chosen_type: str) -> Chosen:
    """The sheets of the file, by their names or of the type that was chosen."""
    data_type = BY_NAME.get(chosen_type)
    return choose(path, Limits.current(), name=upload.name, data_type=data_type)


def _sheet(sheet: ImportSheet, rows: list[list[str]]) -> dict[str, Any]:
    """What the page shows of a sheet: its columns, whether each is known, and some rows."""
    known = Headers(BY_NAME[sheet.type])
    columns = [(header, known.find(header) is not None) for header in sheet.headers if header]
    return {"sheet": sheet, "columns": columns, "rows": rows}


def _render_read(upload: Upload, chosen_type: str = "", **context: Any) -> str:
    return render_template(
        "import/_read.html",
        upload=upload,
        token=request.form.get("upload", ""),
        chosen_type=chosen_type or request.form.get("type", ""),
        data_types=BY_NAME,
        importable=[data_type for data_type in ALL if data_type.importable],
        SHOWN_COLUMNS=SHOWN_COLUMNS,
        **context,
    )


def _is_started(upload: Upload) -> bool:
    """Whether the import of the file was started."""
    return Job.named(upload.job_id, shop_id=g.shop.id) is not None


@contextmanager
def _file(upload: Upload) -> Iterator[Path]:
    """The whole file; of one that is not here as a whole a 404."""
    if _is_started(upload) or ImportChunk.count(upload.job_id, g.shop.id) != upload.pieces:
        abort(404, _("This file is no longer here. Choose it again."))
    with scratch.folder() as folder:
        path = folder / "upload"
        write_file(path, upload.job_id)
        yield path


def _upload_or_404(token: str) -> Upload:
    """The upload that is signed in the token, of this store."""
    _need_page_imports()
    try:
        signed = _signer().loads(token, max_age=int(UPLOAD_TAKES.total_seconds()))
    except BadData:
        signed = None
    if signed is None or signed["shop"] != g.shop.id:
        abort(404, _("This file is no longer here. Choose it again."))
    return Upload(signed["job"], signed["name"], signed["size"])


def _why_no_room(size: int) -> str:
    """Why the store may not keep so many bytes more of its imports; empty when it may."""
    limits = Limits.current()
    if limits.bytes_left(g.shop.id) < size:
        return localized(NO_ROOM.format(limits.shop_bytes // MEGABYTE))
    return ""


def _need_page_imports() -> None:
    """Stop the call while the store has imports from its pages turned off."""
    if not g.shop.page_imports:
        abort(403, why_no_page_import(g.shop))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SETTINGS"].SECRET_KEY, salt="import file")
