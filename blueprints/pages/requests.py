"""Settings > API Keys > a key > Requests: its calls of the last 7 days, searched, and as CSV."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from flask import Blueprint, Response, abort, g, render_template, request, stream_with_context
from htmx_flask import make_response
from sqlalchemy import Select, or_
from werkzeug.datastructures import MultiDict

from blueprints import signed_links, transfers
from blueprints.template_filters import in_app
from models import db
from models.api_key import ApiKey
from models.key_request import KeyRequest
from models.shop import Shop
from transfer.formats.csv_writer import table
from translations import N_, _

bp = Blueprint("requests", __name__, url_prefix="/settings/keys/<int:key_id>/requests")
files = Blueprint("request_files", __name__, url_prefix="/downloads")

PAGE, BATCH = 50, 500
LONGEST = 64
MAX_BEFORE, MAX_ID = 2**63 - 1, 2**31 - 1
"""The largest values of the id columns."""
STATUSES = {
    "": N_("Any status"),
    "2": N_("Succeeded (2xx)"),
    "4": N_("Refused (4xx)"),
    "5": N_("Failed (5xx)"),
}
COLUMNS = (
    N_("Time"),
    N_("Method"),
    N_("Route"),
    N_("Status"),
    N_("Bytes"),
    N_("Milliseconds"),
    N_("Job"),
    N_("Request ID"),
    N_("Further calls, not listed"),
)


@dataclass(frozen=True)
class RequestQuery:
    """``before`` is the last id of the page before."""

    words: str = ""
    status: str = ""
    before: int | None = None

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self:
        """The filters of a form or URL; unknown values filter nothing."""
        status, before = data.get("status", ""), data.get("before", "", type=str)
        number = int(before) if before.isascii() and before.isdecimal() and before else None
        return cls(
            words=data.get("words", "").replace("\0", "").strip()[:LONGEST],
            status=status if status in STATUSES else "",
            before=min(number, MAX_BEFORE) if number is not None else None,
        )

    def as_arguments(self) -> dict[str, str]:
        """The query arguments of these filters in a URL, without the page."""
        named = {"words": self.words, "status": self.status}
        return {name: value for name, value in named.items() if value}

    def select(self, shop: Shop, key_id: int) -> Select[KeyRequest]:
        """The calls of this key of the shop that the filters find, newest first."""
        found = db.select(KeyRequest).filter_by(key_id=key_id, shop_id=shop.id)
        if self.status:
            least = int(self.status) * 100
            found = found.where(KeyRequest.status >= least, KeyRequest.status < least + 100)
        for word in self.words.split():
            texts = (
                KeyRequest.method,
                KeyRequest.route,
                KeyRequest.job_id,
                KeyRequest.request_id,
                db.cast(KeyRequest.status, db.String),
            )
            found = found.where(or_(*(text.icontains(word, autoescape=True) for text in texts)))
        return found.order_by(KeyRequest.id.desc())

    def page(self, shop: Shop, key_id: int) -> tuple[list[KeyRequest], int | None]:
        """A page, and the ``before`` of the page after it, if there is one."""
        found = self.select(shop, key_id).limit(PAGE + 1)
        if self.before is not None:
            found = found.where(KeyRequest.id < self.before)
        rows = list(db.session.scalars(found))
        return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


@bp.get("/")
def page(key_id: int) -> str:
    return render_template("requests/page.html", statuses=STATUSES, **_list(key_id))


@bp.get("/list")
def rows(key_id: int) -> Response:
    """The list for other filters; the page's URL follows it."""
    found = _list(key_id)
    url = in_app("requests.page", key_id=str(key_id), **found["query"].as_arguments())
    return make_response(render_template("requests/_list.html", **found), replace_url=url)


@bp.get("/older")
def older(key_id: int) -> str:
    """The next page of the same list."""
    return render_template("requests/_rows.html", **_list(key_id))


@bp.get("/file")
def ask_file(key_id: int) -> tuple[str, int, dict[str, str]]:
    """Download everything that the filters find as CSV."""
    key, query = _own_key_or_404(key_id), RequestQuery.parse(request.args)
    return signed_links.start_download(
        "request_files.download", key=str(key.id), **query.as_arguments()
    )


@files.get("/requests.csv")
def download() -> Response:
    key_id = int(g.link["key"])
    query = RequestQuery.parse(MultiDict(g.link)).select(g.shop, key_id)
    file = table([_(name) for name in COLUMNS], _cells(query.execution_options(yield_per=BATCH)))
    headers = {"Content-Disposition": 'attachment; filename="requests.csv"'}
    response = Response(stream_with_context(file), headers=headers, mimetype="text/csv")
    return transfers.counted(response)


def _cells(query: Select[KeyRequest]) -> Iterator[list[str]]:
    for call in db.session.scalars(query):
        yield [
            call.at.astimezone(g.shop.zone).strftime("%Y-%m-%d %H:%M:%S %z"),
            call.method,
            call.route,
            str(call.status),
            str(call.bytes),
            str(call.milliseconds),
            call.job_id,
            call.request_id,
            str(call.unlisted),
        ]


def _own_key_or_404(key_id: int) -> ApiKey:
    """A key that the shop has or had."""
    own = db.select(ApiKey).filter_by(id=min(key_id, MAX_ID), shop_id=g.shop.id)
    return db.session.scalar(own) or abort(404, _("This key no longer exists. Reload the page."))


def _list(key_id: int) -> dict[str, Any]:
    key, query = _own_key_or_404(key_id), RequestQuery.parse(request.args)
    calls, before = query.page(g.shop, key.id)
    return {"key": key, "query": query, "calls": calls, "before": before}
