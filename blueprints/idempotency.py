"""The header Idempotency-Key on any POST of the API: a call that is repeated is done once.

Only an answer that did something is kept. A call that was refused may be made again; one that was
never answered, because the server was stopped in the middle of it, is not done a second time.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import IO, Any

from flask import Flask, Response, current_app, g, json, request

from blueprints import transfers
from blueprints.errors import Problem
from models import db
from models.idempotency import LONGEST, RepeatableCall

HEADER, REPLAYED = "Idempotency-Key", "Idempotent-Replayed"
CHUNK, MEGABYTE = 256 * 1024, 1024 * 1024
WRONG = f"Idempotency-Key has 1 to {LONGEST} printable ASCII characters."
MISMATCH = "This Idempotency-Key was used for another call. Choose a new one for each call."
IN_PROGRESS = (
    "The first call with this Idempotency-Key is not answered yet. If its answer never came, look "
    "in the list of jobs whether it was done."
)


class _Hashed:
    """A body that is hashed as it is read."""

    def __init__(self, body: IO[bytes]):
        self._body = body
        target = f"{request.method} {request.path}?{request.query_string.decode('latin-1')}\n"
        self._hash = sha256(target.encode())

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def read(self, *size: int) -> bytes:
        return self._seen(self._body.read(*size))

    def readline(self, *size: int) -> bytes:
        return self._seen(self._body.readline(*size))

    def __iter__(self) -> Iterator[bytes]:
        return (self._seen(line) for line in self._body)

    def _seen(self, data: bytes) -> bytes:
        self._hash.update(data)
        return data


def register(app: Flask) -> None:
    app.after_request(_store_answer)


def replay() -> Response | None:
    """The first answer to a call that is repeated; None to one that is to be done."""
    name = request.headers.get(HEADER)
    if request.method != "POST" or name is None:
        return None
    if not (0 < len(name) <= LONGEST and name.isascii() and name.isprintable()):
        raise Problem(422, "invalid", WRONG, errors=[{"field": HEADER, "detail": WRONG}])
    first = RepeatableCall.claim(g.key_id, g.shop_id, name)
    body = _Hashed(request.environ["wsgi.input"])
    request.environ["wsgi.input"] = body
    if first is None:
        g.repeatable = (name, body)
        return None
    if first.digest is None:
        later = {"Retry-After": "1"}
        raise Problem(409, "idempotency_in_progress", IN_PROGRESS, headers=later)
    kept = (first.digest, first.answer, first.status, first.location)
    return _again(body, *kept)


def _again(
    body: _Hashed, digest: str, answer: dict[str, Any], status: int | None, location: str
) -> Response:
    settings = current_app.config["SETTINGS"]
    request.max_content_length = settings.IMPORT_MAX_MB * MEGABYTE
    db.session.rollback()
    with transfers.upload():
        while request.stream.read(CHUNK):
            pass
    if body.digest != digest:
        raise Problem(422, "idempotency_mismatch", MISMATCH)
    response = Response(json.dumps(answer), status or 200, mimetype="application/json")
    response.headers[REPLAYED] = "true"
    if location:
        response.headers["Location"] = location
    return response


def _store_answer(response: Response) -> Response:
    """Keep the answer to a call that may be repeated, or forget that it was refused."""
    name, body = g.pop("repeatable", (None, None))
    if name is None:
        return response
    db.session.rollback()
    if response.status_code < 400 and response.is_json:
        answer, location = json.loads(response.get_data()), response.headers.get("Location", "")
        RepeatableCall.store_answer(
            g.key_id, name, body.digest, response.status_code, answer, location[:200]
        )
    else:
        RepeatableCall.release(g.key_id, name)
    return response
