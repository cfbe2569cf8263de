"""A file on its way to its plan, in a process of its own whose memory is measured.

``python -m tests.transfer.importing.measured FILE NAME TYPE SHOP_ID KEY_ID`` prints an ``Outcome``
as JSON: NAME is the file's, TYPE is empty where that says the type.
"""

import json
import os
import re
import resource
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from app import create_app
from config import read
from models import db
from models.import_object import ImportObject
from models.job import Job
from tests.forked import Program
from transfer.formats.bad_file import BadFile
from transfer.importing import planning, steps, store
from transfer.importing.limits import Limits
from transfer.importing.receive import receive
from transfer.importing.upload import choose
from transfer.types import BY_NAME

STATUS = Path("/proc/self/status")


class Outcome(NamedTuple):
    """What a person is told, how many objects have which action, and how much memory the process
    held at most beyond what it began with, and the process that reads a workbook, in MB."""

    told: str
    actions: Mapping[str, int]
    own: int
    reader: int


def measured(environment: Mapping[str, str], folder: Path, file: Path, *of: object) -> Outcome:
    """The outcome of a file; ``of`` are the other arguments of the program."""
    log = folder / "measured.log"
    command = ["tests.transfer.importing.measured", str(file), *map(str, of)]
    program = Program(command, dict(environment), log)
    assert program.wait(300) == 0, log.read_text()
    return Outcome(*json.loads(log.read_text().splitlines()[-1]))


def main(file: str, name: str, type_name: str, shop_id: str, key_id: str) -> Outcome:
    app = create_app(read(os.environ))
    with app.app_context():
        Path("/proc/self/clear_refs").write_text("5")  # the peak of memory begins again
        start = _kilobytes("VmRSS")
        told, actions = _planned(Path(file), name, type_name, int(shop_id), int(key_id))
        own = _kilobytes("VmHWM") - start
    reader = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return Outcome(told, actions, own // 1024, reader // 1024)


def _planned(
    file: Path, name: str, type_name: str, shop_id: int, key_id: int
) -> tuple[str, dict[str, int]]:
    """Plan the file; what is told, and the counts of its objects' actions."""
    try:
        sheets = choose(file, Limits.current(), name=name, data_type=BY_NAME.get(type_name))
        job = receive(file, sheets, shop_id=shop_id, key_id=key_id, dry_run=True)
    except BadFile as error:
        return str(error), {}
    db.session.commit()
    if not (steps.begin(job.id) and steps.unpack(job.id)):
        return Job.fresh(job.id).error or "", {}
    assert not store.prepare(job.id), "all of a large store is not read here"
    while planning.make_plan(job.id):
        """All of it is planned."""
    comments = db.session.scalars(db.select(ImportObject.comment).filter_by(job_id=job.id).limit(5))
    return " ".join([*Job.fresh(job.id).warnings, *comments]), ImportObject.counts(job.id)


def _kilobytes(of: str) -> int:
    [kilobytes] = re.findall(rf"{of}:\s+(\d+) kB", STATUS.read_text())
    return int(kilobytes)


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
