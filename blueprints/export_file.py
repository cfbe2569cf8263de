"""Stream the file of an export, whole or one Range of it, to a program or a merchant."""

from collections.abc import Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO

from flask import Flask, Response, request
from flask.globals import app_ctx
from werkzeug.wsgi import FileWrapper

from blueprints import transfers
from blueprints.errors import Problem
from models import db
from models.job import COMPLETED, Job
from shopify.admin import ShopifyRefused, ShopifyUnavailable
from shopify.bulk import ResultGone
from shops.access import admin_for
from transfer.exporting.etag import etag
from transfer.exporting.file import ExportFile, file_name, media_type, opened

CHUNK = 256 * 1024


def answer(job: Job) -> Response:
    """The file of a job. Raises Problem where there is none, or no room for another download."""
    if job.status != COMPLETED:
        raise Problem(409, "not_ready", f"There is no file: the export is {job.status}.")
    tag = etag(job)
    with ExitStack() as stack:
        stack.callback(transfers.download())
        file = _opened(job, stack)
        if tag and _wants_one_range():
            response = _part(job, file, tag, stack.enter_context(TemporaryFile()))
        else:
            response = _streamed(job, file, tag)
        response.call_on_close(stack.pop_all().close)
    return response


def _wants_one_range() -> bool:
    """Whether one range of bytes is requested. Several ranges, or another unit, are answered with
    the whole file (RFC 9110, 14.2)."""
    wanted = request.range
    return wanted is not None and wanted.units == "bytes" and len(wanted.ranges) == 1


def _streamed(job: Job, file: ExportFile, tag: str | None) -> Response:
    """The file as it is made; its length is not known."""
    app = app_ctx.app
    response = Response(_followed(app, job.id, file), headers=_headers(job))
    if tag:
        response.set_etag(tag)
        response.accept_ranges = "bytes"
    return response


def _followed(app: Flask, job_id: str, file: ExportFile) -> Iterator[bytes]:
    """The file's bytes; at their end the job is told what a workbook could not hold."""
    yield from file.chunks
    cut = [warning for sheet in file.sheets for warning in sheet.warnings()]
    if cut:
        with app.app_context():
            if job := db.session.get(Job, job_id):  # it may be erased meanwhile
                job.options = job.options | {"cut": cut}
                db.session.commit()


def _part(job: Job, file: ExportFile, tag: str, whole: IO[bytes]) -> Response:
    """The part that is asked for of the file, which is made for it and gone with the answer."""
    for chunk in file.chunks:
        whole.write(chunk)
    size = whole.tell()
    whole.seek(0)
    response = Response(FileWrapper(whole, CHUNK), headers=_headers(job))
    response.content_length = size
    response.set_etag(tag)
    response.make_conditional(request, accept_ranges=True, complete_length=size)
    return response


def _headers(job: Job) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{file_name(job)}"',
        "Content-Type": media_type(job),
    }


def _opened(job: Job, stack: ExitStack) -> ExportFile:
    """The file; the stack closes it. Everything is read from Shopify here, so that what goes wrong
    there is an answer of its own; what goes wrong later cuts the file."""
    try:
        return stack.enter_context(opened(job, admin_for(job.shop_id)))
    except ShopifyUnavailable as error:
        later = {"Retry-After": "30"}
        raise Problem(503, "shopify_unavailable", str(error), headers=later) from error
    except (ShopifyRefused, ResultGone) as error:
        raise Problem(409, "not_ready", str(error)) from error
