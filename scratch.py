"""Folders for files that need a name while they are made: of the merchant's data nothing stays.

A folder is gone with its block. One whose process was killed in it is removed at the next start:
it is known by a lock that nobody holds.
"""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "altera-scratch-"
LOCK, NEW = "lock", "new"


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of one's own in the folder for temporary files."""
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
        new = Path(name) / NEW
        with new.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            new.rename(new.with_name(LOCK))  # so that whoever sees the lock finds it held
            yield new.parent


def sweep() -> None:
    """Remove the folders of processes that were killed."""
    for lock in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{LOCK}"):
        if not _held(lock):
            shutil.rmtree(lock.parent, ignore_errors=True)


def _held(path: Path) -> bool:
    """Whether its process lives, as far as we may know."""
    try:
        with path.open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    return False
