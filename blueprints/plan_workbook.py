"""The plan of an import as a workbook, for programs and for the page of the import."""

from contextlib import ExitStack

from flask import Response
from werkzeug.wsgi import FileWrapper

import scratch
from blueprints import transfers
from models.job import Job
from transfer.exporting.file import MEDIA_TYPES
from transfer.importing.plan_file import plan_name, write_workbook

XLSX = "xlsx"
CHUNK = 256 * 1024


def workbook_of(job: Job) -> Response:
    """The workbook, which is made before it is sent and gone with the answer."""
    headers = {"Content-Disposition": f'attachment; filename="{plan_name(job, XLSX)}"'}
    with ExitStack() as stack:
        path = stack.enter_context(scratch.folder()) / "plan.xlsx"
        write_workbook(job, path)
        file = stack.enter_context(path.open("rb"))
        response = Response(FileWrapper(file, CHUNK), headers=headers, mimetype=MEDIA_TYPES[XLSX])
        response.call_on_close(stack.pop_all().close)
    return transfers.counted(response)
