"""Where staged uploads go: multipart POST or plain PUT, and the file for download."""

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
from flask import Blueprint, Response, abort, current_app, request, send_file
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from standin import misbehave, uploaded

CHUNK = 64 * 1024
MAX_FIELD = 64 * 1024

bp = Blueprint("uploads", __name__)


class Refused(Exception):
    """args are the HTTP status, the storage's code and a sentence."""


@bp.errorhandler(Refused)
def refused(problem):
    status, code, text = problem.args
    return _xml(f"<Error><Code>{code}</Code><Message>{text}</Message></Error>", status)


@bp.post("/staged-uploads")
def post():
    """A form: the parameters as they were given, then the file. What follows it is ignored."""
    boundary = parse_options_header(request.content_type)[1].get("boundary")
    if request.mimetype != "multipart/form-data" or not boundary:
        raise Refused(400, "InvalidArgument", "Send multipart/form-data.")
    events = _events(boundary.encode())
    fields = _fields(events)
    key, limit = _policy(fields)
    with _incoming(_place(key), limit) as write:
        for event in events:
            if isinstance(event, Data):
                write(event.data)
                if not event.more_data:
                    break
    while request.stream.read(CHUNK):
        pass
    return _xml(f"<PostResponse><Key>{key}</Key></PostResponse>", 201)


@bp.put("/staged-uploads/<path:key>")
def put(key):
    limit, until = (request.args.get(name, 0, type=int) for name in ("limit", "until"))
    _check(key, limit, until, request.args.get("signature", ""))
    with _incoming(_place(key), limit) as write:
        while part := request.stream.read(CHUNK):
            write(part)
    return Response(status=200)


@bp.get("/staged-uploads/<path:key>")
def get(key):
    path = _place(key)
    if not path.is_file():
        abort(404)
    return send_file(path.absolute(), "application/octet-stream", conditional=True)


def _events(boundary: bytes) -> Iterator[Event]:
    decoder = MultipartDecoder(boundary)
    try:
        while True:
            event = decoder.next_event()
            if isinstance(event, NeedData):
                decoder.receive_data(request.stream.read(CHUNK) or None)
                continue
            yield event
            if isinstance(event, Epilogue):
                return
    except ValueError as error:
        raise Refused(400, "MalformedPOSTRequest", "The form is cut off or malformed.") from error


def _fields(events: Iterator[Event]) -> dict[str, str]:
    """The fields that stand before the file, whose data comes next."""
    fields: dict[str, bytes] = {}
    name = ""
    for event in events:
        if isinstance(event, File):
            return {name: value.decode(errors="replace") for name, value in fields.items()}
        if isinstance(event, Field):
            name, fields[event.name] = event.name, b""
        elif isinstance(event, Data):
            fields[name] += event.data
            if len(fields[name]) > MAX_FIELD:
                raise Refused(400, "InvalidArgument", f"The field {name} is too long.")
    raise Refused(400, "InvalidArgument", "POST requires exactly one file upload per request.")


def _policy(fields: dict[str, str]) -> tuple[str, int]:
    """The key and size limit that the form's parameters allow."""
    try:
        policy = orjson.loads(base64.b64decode(fields["policy"]))
        [first, [_, _, limit]] = policy["conditions"]
        key, until = fields["key"], policy["expiration"]
    except (KeyError, ValueError, TypeError) as error:
        text = "Send every parameter of the target before the file."
        raise Refused(400, "InvalidPolicyDocument", text) from error
    if first != {"key": key}:
        raise Refused(403, "AccessDenied", "Invalid according to policy: key.")
    _check(key, limit, until, fields.get("x-goog-signature", ""))
    return key, limit


def _check(key: str, limit: int, until: int, signature: str) -> None:
    standin = current_app.extensions["standin"]
    if not uploaded.is_signed(standin.config.client_secret, key, limit, until, signature):
        raise Refused(403, "SignatureDoesNotMatch", "Use the target as it was given.")
    shop = standin.store.shop(uploaded.domain_of(key))
    if misbehave.take(shop, "uploads_503"):
        raise Refused(503, "ServiceUnavailable", "Try again.")
    if until < time.time() or misbehave.take(shop, "uploads_expired"):
        raise Refused(400, "ExpiredToken", "Invalid according to policy: expired.")


def _place(key: str) -> Path:
    return uploaded.path_of(current_app.extensions["standin"].config.data, key) or abort(404)


@contextmanager
def _incoming(place: Path, limit: int):
    """A function that writes a part of the file; the file is there when all went well."""
    place.parent.mkdir(parents=True, exist_ok=True)
    part_file = place.parent / "incoming.part"
    size = 0

    def write(part: bytes) -> None:
        nonlocal size
        size += len(part)
        if size > limit:
            raise Refused(400, "EntityTooLarge", "The file is larger than the policy allows.")
        file.write(part)

    try:
        with part_file.open("wb") as file:
            yield write
        if not size:
            raise Refused(400, "EntityTooSmall", "The file is empty.")
        part_file.rename(place)
    finally:
        part_file.unlink(missing_ok=True)


def _xml(body: str, status: int) -> Response:
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>{body}', status, mimetype="text/xml")
