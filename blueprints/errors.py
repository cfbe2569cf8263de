"""Error responses: RFC 9457 problems for programs, one plain page for people."""

import logging
from http import HTTPStatus

from flask import Flask, Response, json, render_template, request
from gunicorn.http.errors import NoMoreData, ParseException
from werkzeug.exceptions import (
    BadRequest,
    ClientDisconnected,
    HTTPException,
    RequestTimeout,
    ServiceUnavailable,
)

from http_worker import TooSlow
from logs import request_id
from models import db
from models.database_away import MAY_BE_AWAY, is_away
from models.disk_full import is_disk_full
from models.key_format import masked
from translations import N_, _

log = logging.getLogger(__name__)

CODES = {
    404: ("not_found", "There is nothing at this address. /api/v1/openapi.json lists what is."),
    405: ("method_not_allowed", "This address does not take that method."),
    408: ("too_slow", "The body came too slowly. Send it again, over a faster connection."),
    413: ("too_large", "The body is too large for this call."),
    500: ("internal", "Something went wrong on our side. Try again in a minute."),
}
NAMES = (
    N_("Bad Request"),
    N_("Unauthorized"),
    N_("Forbidden"),
    N_("Not Found"),
    N_("Method Not Allowed"),
    N_("Conflict"),
    N_("Request Entity Too Large"),
    N_("Too Many Requests"),
    N_("Insufficient Storage"),
    N_("Internal Server Error"),
    N_("Service Unavailable"),
)
"""What Werkzeug calls the errors that a person may see."""
PAGES = {
    404: N_("This page does not exist. Open Altera from your Shopify admin."),
    405: N_("This action is not available here. Open Altera from your Shopify admin."),
    413: N_("This form is too large. Go back and shorten it."),
    500: N_("Something went wrong on our side. Try again in a minute."),
}
"""For people, where the code that stopped the request said nothing itself."""
DISK_FULL = N_("Our disk is full. Try again in an hour.")
MALFORMED = "The body is malformed, or ends before its end."
NO_DATABASE = N_("Our database is not responding. Try again in a minute.")


class Problem(Exception):
    """Raise anywhere under /api; becomes the one JSON error shape.

    ``detail`` says what to do; ``code`` is stable, for programs; ``members`` are further fields
    of the body; ``headers`` are added to the answer.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        headers: dict[str, str] | None = None,
        **members: object,
    ):
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.headers, self.members = headers or {}, members


def not_found(what: str) -> Problem:
    """The same answer for what never was and for what belongs to somebody else."""
    return Problem(404, "not_found", f"There is no such {what}.")


def register(app: Flask) -> None:
    app.register_error_handler(Problem, _raised)
    app.register_error_handler(HTTPException, _http_exception)
    app.register_error_handler(OSError, _os_error)
    app.register_error_handler(ClientDisconnected, _cut_off)
    for fault in (TooSlow, NoMoreData, ParseException):
        app.register_error_handler(fault, _bad_body)
    for error in MAY_BE_AWAY:
        app.register_error_handler(error, _database_error)


def _raised(problem: Problem) -> Response:
    """The code that pages share with the API raises it too; there it is a page."""
    if request.path.startswith("/api/"):
        return _problem(problem)
    name = _(HTTPStatus(problem.status).phrase)
    body = render_template("error.html", name=name, detail=_(problem.detail))
    return Response(body, problem.status, problem.headers)


def _problem(problem: Problem) -> Response:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        "request_id": request_id(),
    } | problem.members
    kind = "application/problem+json"
    return Response(masked(json.dumps(body)), problem.status, problem.headers, mimetype=kind)


def _cut_off(error: ClientDisconnected) -> Response:
    """A body without its end: Werkzeug's error hides what the server found."""
    too_slow = isinstance(error.__context__, TooSlow)
    return _http_exception(RequestTimeout() if too_slow else error)


def _bad_body(error: Exception) -> Response:
    """What the server's parser raises while the app reads a body: it is the client's fault."""
    fault = RequestTimeout() if isinstance(error, TooSlow) else BadRequest(MALFORMED)
    return _http_exception(fault)


def _os_error(error: OSError) -> Response:
    """A full disk has words of its own; every other fault is the usual one."""
    if not is_disk_full(error):
        raise error
    return _disk_full(error)


def _disk_full(error: Exception) -> Response:
    log.error("The disk is full: %s", getattr(error, "orig", error))
    db.session.rollback()  # the page reads the shop again
    return _raised(Problem(507, "no_room", DISK_FULL))


def _database_error(error: Exception) -> Response:
    """One that is away for a while is no fault of the request's; every other fault is the usual."""
    if is_disk_full(error):
        return _disk_full(error)
    if not is_away(error):
        raise error
    log.error("The database does not answer: %s", getattr(error, "orig", error))
    if request.path.startswith("/api/"):
        later = {"Retry-After": "10"}
        return _problem(Problem(503, "database_unavailable", NO_DATABASE, headers=later))
    return _http_exception(ServiceUnavailable(_(NO_DATABASE)))


def _http_exception(error: HTTPException) -> Response:
    if isinstance(error.response, Response):
        return error.response
    status, description = error.code or 500, error.description or error.name
    if request.path.startswith("/api/"):
        code, detail = CODES.get(status, ("invalid", description))
        return _problem(Problem(status, code, detail, headers=_headers(error)))
    custom = error.description != type(error).description
    sentence = description if custom else _(PAGES.get(status, description))
    body = render_template("error.html", name=_(error.name), detail=sentence)
    return Response(body, status, _headers(error))


def _headers(error: HTTPException) -> dict[str, str]:
    """The headers that belong to the error, such as Allow and Content-Range."""
    return {name: value for name, value in error.get_headers() if name != "Content-Type"}
