"""/api/v1/files and /uploads: addresses for uploads to Shopify's storage and downloads from it.

The bytes themselves never come here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, g, request
from itsdangerous import BadData, URLSafeTimedSerializer

from blueprints import guards
from blueprints.api.new_uploads import NewFiles, NewUploads, parse
from blueprints.api.parameters import refuse_all_but
from blueprints.client_address import client_address
from blueprints.errors import Problem, not_found
from models import db
from models.activity import KEY, record
from models.import_limits import APPROVAL
from shopify.admin import Admin, BadQuery, ShopifyRefused, ShopifyUnavailable
from shops.access import admin_for
from transfer.files.stored import by_id, page
from transfer.files.uploads import AT_ONCE, Answer, Upload, Wanted, complete, stage
from transfer.reading.filters import SINCE, BadFilter

bp = Blueprint("files", __name__, url_prefix="/api/v1")

VALID_FOR = timedelta(hours=24)
"""How long an upload may be completed: as long as Shopify's storage keeps it."""
PATIENCE = 10.0
FILTERS = {"filename": "filename", "media_type": "media_type", SINCE: SINCE}
FILES_WAIT = (
    "This key cannot upload files: its imports wait for approval, and an upload changes the store "
    "at once. Import a sheet of files with their addresses instead."
)
MAY_BE_PERSONAL = (
    "This key does not see all personal data, and a file may be a customer's: it neither uploads "
    "nor downloads files."
)
UNKNOWN_UPLOAD = "This upload has expired or was not started with this key. Start it again."


@bp.post("/uploads")
@guards.checks_permission
def start_uploads() -> dict[str, Any]:
    guards.need("files:import")
    guards.need_personal_data(MAY_BE_PERSONAL)
    _need_no_approval()
    wanted = [Wanted(**one.model_dump()) for one in parse(NewUploads).files]
    with _shopify() as admin:
        answers = stage(admin, g.shop_id, wanted)
    return {"files": [_staged(*pair) for pair in zip(wanted, answers, strict=True)]}


@bp.post("/files")
@guards.checks_permission
def create() -> dict[str, Any]:
    guards.need("files:import")
    guards.need_personal_data(MAY_BE_PERSONAL)
    _need_no_approval()
    uploads = [_upload_from(number, one) for number, one in enumerate(parse(NewFiles).files)]
    with _shopify() as admin:
        answers = complete(admin, g.shop_id, uploads)
    if made := sum(bool(answer.file) for answer in answers):
        of = {"actor_kind": KEY, "actor": g.caller.name, "key_id": g.key_id}
        record(g.shop_id, "files.uploaded", **of, address=client_address(), count=made)
        db.session.commit()
    return {"files": [_as_json(answer) for answer in answers]}


@bp.get("/files/status")
@guards.checks_permission
def status() -> dict[str, Any]:
    guards.need("files:import")
    guards.need_personal_data(MAY_BE_PERSONAL)
    refuse_all_but("id")
    ids = request.args.getlist("id")
    if not 0 < len(ids) <= AT_ONCE or any(not _is_id(one) for one in ids):
        raise _invalid("id", f"Name 1 to {AT_ONCE} files by their IDs, gid://shopify/….")
    with _shopify() as admin:
        found = by_id(admin, ids)
    return {"files": [found[one] for one in ids if one in found]}


@bp.get("/files/<path:file_id>")
@guards.checks_permission
def show(file_id: str) -> dict[str, Any]:
    guards.need("files:import")
    guards.need_personal_data(MAY_BE_PERSONAL)
    file_id = f"gid://shopify/{file_id}"
    with _shopify() as admin:
        found = by_id(admin, [file_id]) if _is_id(file_id) else {}
    if file_id not in found:
        raise not_found("file")
    return found[file_id]


@bp.get("/files")
@guards.checks_permission
def index() -> dict[str, Any]:
    guards.need("files:export")
    guards.need_personal_data(MAY_BE_PERSONAL)
    refuse_all_but(*FILTERS, "after")
    filters = {
        FILTERS[name]: text.split(",") if name == "media_type" else text
        for name, text in request.args.items()
        if name != "after"
    }
    with _shopify() as admin:
        try:
            files, after = page(admin, filters, request.args.get("after"))
        except BadFilter as error:
            raise _invalid("filters", str(error)) from None
        except BadQuery:
            if "after" not in request.args:
                raise
            raise _invalid("after", "after is what the page before answered.") from None
    return {"files": files, "after": after}


def _need_no_approval() -> None:
    """Stop the call of a key whose imports wait for approval: an upload would not."""
    if g.caller.imports == APPROVAL:
        raise Problem(403, "approval_needed", FILES_WAIT)


@contextmanager
def _shopify() -> Iterator[Admin]:
    """The shop's Admin API; what goes wrong there is a problem in words."""
    try:
        admin = admin_for(g.shop_id, patience=PATIENCE)
        db.session.rollback()
        yield admin
    except ShopifyUnavailable as error:
        later = {"Retry-After": "10"}
        raise Problem(503, "shopify_unavailable", str(error), headers=later) from error
    except ShopifyRefused as error:
        raise Problem(409, "not_ready", str(error)) from error


def _staged(one: Wanted, answer: Answer) -> dict[str, Any]:
    if not answer.target:
        return _as_json(answer) | {"target": None, "upload": None}
    signed = {"shop": g.shop_id, "key": g.key_id, "file": asdict(one)}
    signed |= {"source": answer.target.source, "replaces": answer.replaces}
    target: dict[str, Any] = {"url": answer.target.url, "type": one.mime_type}
    target["fields"] = [{"name": name, "value": value} for name, value in answer.target.fields]
    staged = {"result": "upload", "file": None, "error": None}
    return staged | {"target": target, "upload": _signer().dumps(signed)}


def _as_json(answer: Answer) -> dict[str, Any]:
    if answer.file:
        return {"result": "stored", "file": answer.file, "error": None}
    return {"result": "failed", "file": None, "error": answer.problem}


def _upload_from(number: int, one: Any) -> Upload:
    """What an upload was started as, if this key of this shop started it."""
    try:
        signed = _signer().loads(one.upload, max_age=int(VALID_FOR.total_seconds()))
    except BadData:
        raise _invalid(f"files.{number}.upload", UNKNOWN_UPLOAD) from None
    if (signed["shop"], signed["key"]) != (g.shop_id, g.key_id):
        raise _invalid(f"files.{number}.upload", UNKNOWN_UPLOAD)
    return Upload(Wanted(**signed["file"]), signed["source"], signed["replaces"], one.alt)


def _signer() -> URLSafeTimedSerializer:
    secret = current_app.config["SETTINGS"].SECRET_KEY
    return URLSafeTimedSerializer(secret, salt="upload of a file")


def _is_id(text: str) -> bool:
    kind, _, number = text.removeprefix("gid://shopify/").partition("/")
    if not text.isascii():
        return False
    return text.startswith("gid://shopify/") and kind.isalnum() and number.isdecimal()


def _invalid(field: str, detail: str) -> Problem:
    return Problem(422, "invalid", detail, errors=[{"field": field, "detail": detail}])
