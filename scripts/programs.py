"""Programs that are no Python packages: Debian's, installed where this may be done."""

import os
import shutil
import subprocess
from collections.abc import Iterable


def find_program(names: Iterable[str], path: str | None = None) -> str | None:
    """The path of the first of these programs that is installed."""
    return next(filter(None, (shutil.which(name, path=path) for name in names)), None)


def install(*words: str) -> None:
    """As root on Debian, install this package (options of apt-get before it); else do nothing."""
    if not (shutil.which("apt-get") and os.geteuid() == 0):
        return
    if _apt("install", "-y", *words, errors=subprocess.DEVNULL):
        _apt("update")  # it knows no packages yet, or old ones
        _apt("install", "-y", *words)


def _apt(*words: str, errors: int | None = None) -> int:
    """Run apt-get and return its exit code."""
    command = ["apt-get", "-qq", *words]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=errors, env=environment)
    return done.returncode
