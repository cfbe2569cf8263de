"""Every answer to a program is noted: when, which route, its status, size, time, job and id."""

import atexit
import re
from collections.abc import Iterable, Iterator
from functools import partial
from time import perf_counter
from typing import cast

from flask import Flask, Response, g, request

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
    app.after_request(partial(_note, log))


def _note(log: RequestLog, response: Response) -> Response:
    refusal = g.get("refusal")
    key_id = g.get("key_id") or (refusal.key_id if refusal else None)
    if key_id is None:
        return response
    rule = request.url_rule
    job = g.get("job_id") or (request.view_args or {}).get("job_id", "")
    call = Call(
        key_id=key_id,
        shop_id=g.get("shop_id") or (refusal.shop_id if refusal else 0),
        at=now(),
        method=request.method[:8],
        route=rule.rule[:LONGEST_ROUTE] if rule else "",
        status=response.status_code,
        bytes=0,
        milliseconds=0,
        job_id=job if JOB_ID.fullmatch(job) else "",
        request_id=request_id(),
        address="" if refusal else client_address(),
    )
    begun = g.get("begun") or perf_counter()
    if response.is_streamed:
        body = cast("Iterable[bytes]", response.response)
        response.response = _streamed(body, log, call, begun)
    else:
        size = response.calculate_content_length() or 0
        log.add(call._replace(bytes=size, milliseconds=_since(begun)))
    return response


def _since(begun: float) -> int:
    return round((perf_counter() - begun) * 1000)


def _streamed(body: Iterable[bytes], log: RequestLog, call: Call, begun: float) -> Iterator[bytes]:
    """The body; the call is noted once that is sent or broken off."""
    size = 0
    try:
        for chunk in body:
            yield chunk
            size += len(chunk)
    finally:
        if close := getattr(body, "close", None):
            close()
        log.add(call._replace(bytes=size, milliseconds=_since(begun)))
