"""Every answer to a program is noted: when, which route, its status, size, time, job and id.

It runs at every call, so it asks each proxy once, and where a call came from only when its key was
not seen there before.
"""

import atexit
import re
from collections.abc import Iterable, Iterator
from functools import partial
from time import perf_counter
from typing import Any, cast

from flask import Flask, Request, Response, g
from flask import request as _request

from blueprints.client_address import client_address
from logs import request_id
from models import db, now
from models.key_request import LONGEST_ROUTE
from models.request_log import Call, RequestLog

JOB_ID = re.compile(r"(?:exp|imp)_[0-9A-Za-z]{20}", re.ASCII)


def register(app: Flask) -> None:
    with app.app_context():
        log = app.extensions["request_log"] = RequestLog(db.engine)
    atexit.register(log.flush)
    app.after_request(partial(_record_request, log))


def _record_request(log: RequestLog, response: Response) -> Response:
    request: Request = cast("Any", _request)._get_current_object()
    of = vars(g._get_current_object())
    refusal, key_id, shop_id = of.get("refusal"), of.get("key_id"), of.get("shop_id")
    if refusal is not None:
        key_id, shop_id = refusal.key_id, refusal.shop_id
    if key_id is None:
        return response
    environ, route, address = request.environ, request.url_rule, ""
    if refusal is None:
        place = (key_id, environ.get("REMOTE_ADDR"), environ.get("HTTP_X_FORWARDED_FOR"))
        address = client_address() if log.is_new(place) else ""
    job = of.get("job_id") or (request.view_args or {}).get("job_id", "")
    begun = of.get("begun") or perf_counter()
    call = partial(
        Call,
        key_id,
        shop_id,
        now(),
        environ["REQUEST_METHOD"][:8],
        route.rule[:LONGEST_ROUTE] if route else "",
        response.status_code,
        job if job and JOB_ID.fullmatch(job) else "",
        request_id(),
        address,
    )
    body = cast("Any", response.response)
    if isinstance(body, list):
        log.add(call(sum(map(len, body)), _since(begun)))
    else:
        response.response = _streamed(body, log, call, begun)
    return response


def _since(begun: float) -> int:
    return round((perf_counter() - begun) * 1000)


def _streamed(
    body: Iterable[bytes], log: RequestLog, call: "partial[Call]", begun: float
) -> Iterator[bytes]:
    """The body; the call is noted once that is sent or broken off."""
    size = 0
    try:
        for chunk in body:
            yield chunk
            size += len(chunk)
    finally:
        if close := getattr(body, "close", None):
            close()
        log.add(call(size, _since(begun)))
