"""Whether an export's file is the same bytes each time it is made, so that a cut one can go on."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from models.job import Job
from transfer.exporting import PAGES, chosen
from transfer.references import looks_up

FOLDER = Path(__file__).parent


def etag(job: Job) -> str | None:
    """An entity tag of a completed export's file: it holds for this job as long as the code that
    makes the file is the same. None where something is read anew each time."""
    for name in job.types:
        read_anew = PAGES in job.operations[name]["passes"].values()
        if read_anew or looks_up(*chosen(job, name)):
            return None
    return sha256(f"{job.id} {_code()}".encode()).hexdigest()[:32]


@cache
def _code() -> str:
    """A digest of all that the making of a file is written in."""
    digest = sha256()
    for path in sorted(FOLDER.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
