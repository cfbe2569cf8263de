"""Strong ETag of an export's file, so that a cut download can resume with Range (RFC 9110)."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from models.job import Job
from models.personal_data import ALL, REPLACED, Personal
from models.shop import stand_ins_secret
from transfer.exporting.file import PAGES, facts_of
from transfer.reading.references import looks_up
from transfer.types import BY_NAME

FOLDER = Path(__file__).parent.parent
BYTES_COME_FROM = (
    "exporting/file.py",
    "exporting/summary.py",
    "formats/*_writer.py",
    "reading/*.py",
    "rows/*.py",
    "types/*.py",
)
"""The modules of ``transfer/`` whose code decides the bytes of a file."""


def etag(job: Job) -> str | None:
    """The ETag of a completed export's file: the same for this job until the code that makes the
    file changes. None where a download reads something from Shopify again, whose bytes may differ.
    """
    seen = job.personal_data
    for name in job.types:
        read_again = PAGES in job.operations[name]["passes"].values()
        if read_again or looks_up(BY_NAME[name], facts_of(job, name, seen)):
            return None
    return sha256(f"{job.id} {_code()}{_hidden(job, seen)}".encode()).hexdigest()[:32]


def _hidden(job: Job, seen: Personal) -> str:
    """What else decides the bytes: how much personal data the key sees, and which stand-ins stand
    in its place."""
    if seen == ALL:
        return ""
    secret = stand_ins_secret(job.shop_id) if seen == REPLACED else b""
    return f" {seen} {sha256(secret).hexdigest()}"


def sources() -> list[Path]:
    """The files of the modules that decide the bytes."""
    return sorted(path for pattern in BYTES_COME_FROM for path in FOLDER.glob(pattern))


@cache
def _code() -> str:
    digest = sha256()
    for path in sources():
        digest.update(path.read_bytes())
    return digest.hexdigest()
