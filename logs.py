"""Logs: one line an event, with the request, shop and key it belongs to, and no secret.

JSON for machines, or words for a terminal (``LOG_FORMAT``). Everything goes to standard error
through structlog, whoever logs: ours, gunicorn, DBOS, a library.
"""

import logging
import re
import secrets
from collections.abc import MutableMapping
from datetime import timedelta
from typing import Any

import structlog
from dbos import DBOS
from flask import Flask, Response, g, has_request_context, request
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.http.message import Request as GunicornRequest
from gunicorn.http.wsgi import Response as GunicornResponse
from structlog.typing import EventDict, Processor, WrappedLogger

from metrics import count_call

QUIET = ("alembic", "dbos", "httpcore", "httpx")
"""Whose words below a warning nobody needs."""
GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
SECRET = re.compile(
    r"altera_[0-9A-Za-z]{46}|shp(?:at|rt|ua|ss|ca)_\w+"
    r"|(?<![\w-])(?=[\w-]*eyJ)[\w-]++\.[\w-]++\.[\w-]*"
    r"|(?<=Bearer )\S+|(?<=token=)[^&\s]+|(?<=hmac=)[^&\s]+"
)
"""Our keys, Shopify's tokens, ID tokens, and what stands where one is expected. It looks at no
letter of a long word twice, whatever somebody has us log."""
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
OBEYED = re.compile(r"(?!\n)[\x00-\x1f\x7f-\x9f]")
"""What a terminal obeys; line breaks left out."""
ENDPOINT, LOG_FIELDS = "altera.endpoint", "altera.log_fields"
"""Where a request's environment keeps its endpoint, and its ids for the log, beyond its end."""

log = structlog.get_logger("altera.request")


def configure(form: str, level: str = "info") -> None:
    """Have the whole process log in this format, from this level on."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _whose,
        structlog.processors.format_exc_info,
        _without_secrets,
    ]
    last: Processor = structlog.processors.JSONRenderer()
    if form == "text":
        shared.append(_for_a_terminal)
        last = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # DBOS gives its logger a handler of its own when it has none.
    logging.getLogger("dbos").handlers[:] = [logging.NullHandler()]
    logging.getLogger("dbos").propagate = True


def register(app: Flask) -> None:
    """Note which endpoint answers, and whose the request is, as far as ``LOG_REQUESTS`` asks."""
    wanted = app.config["SETTINGS"].LOG_REQUESTS
    every = wanted == "all"

    def note_ids(response: Response) -> Response:
        environ = request.environ
        environ[ENDPOINT] = request.endpoint
        if every or (response.status_code >= 500 and wanted != "none"):
            environ[LOG_FIELDS] = _ids()
        if LOG_FIELDS in environ or environ["PATH_INFO"].startswith("/api/"):
            response.headers.add("X-Request-Id", request_id())
        return response

    app.after_request(note_ids)


class RequestLogger(Logger):
    """gunicorn's logger: its own words go the way of all others, and each request, once its
    answer is sent, is counted and, as the app has noted, logged."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True

    def access(
        self,
        resp: GunicornResponse,
        req: GunicornRequest,
        environ: MutableMapping[str, Any],
        request_time: timedelta,
    ) -> None:
        seconds, status = request_time.total_seconds(), _status(resp)
        count_call(environ.get(ENDPOINT), status, seconds)
        if (fields := environ.get(LOG_FIELDS)) is not None:
            log.info(
                "request",
                method=environ["REQUEST_METHOD"],
                path=environ["PATH_INFO"],
                status=status,
                seconds=round(seconds, 3),
                **fields,
            )


def _status(resp: GunicornResponse) -> int:
    """Of the app's answer, or of gunicorn's own to a malformed request, which has only a status
    line; 0 where there was no answer."""
    return int(str(resp.status or 0).partition(" ")[0])


def _whose(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add the ids of the request or of the job in which this is logged."""
    if has_request_context():
        return {**_ids(), **event}
    if workflow := DBOS.workflow_id:
        event.setdefault("workflow", workflow)
    return event


def request_id() -> str:
    """The id of this request: the client's own, if it sent one of this shape."""
    here = g._get_current_object()
    found: str | None = here.get("request_id")
    if found is None:
        given = request.environ.get("HTTP_X_REQUEST_ID", "")
        found = given if given and GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
        here.request_id = found
    return found


def _ids() -> dict[str, Any]:
    """``request_id``, and ``shop_id`` and ``key_id`` where they are known."""
    ids = {
        "request_id": request_id(),
        "shop_id": g.get("shop_id"),
        "key_id": g.get("key_id"),
    }
    return {name: value for name, value in ids.items() if value is not None}


def _for_a_terminal(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """What a terminal would obey stands as an escape, and a line break but in a traceback: a
    caller's text cannot look like a line of ours."""
    return {
        name: (OBEYED if name == "exception" else CONTROL).sub(lambda c: ascii(c[0])[1:-1], value)
        if isinstance(value, str)
        else value
        for name, value in event.items()
    }


def _without_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The last defence: nobody is to log a secret, and who does logs three dots."""
    return {
        name: SECRET.sub("…", value) if isinstance(value, str) else value
        for name, value in event.items()
    }
