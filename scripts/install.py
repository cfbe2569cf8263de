"""Install the packages of a pinned file with two pips at a time, in little more than half the time.

    python -m scripts.install requirements/test.txt [options of pip]

The file is one of ``requirements``: it has each package that is needed, with the hashes of what may
be installed. So no pip looks for what a package needs, and none installs what the other does.
"""

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

PIP = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
PINNED = ("--no-deps", "--require-hashes")


def halves(requirements: str) -> list[str]:
    """The lines of the file in two parts; packages go to either in turn."""
    packages = re.findall(r"^\S.*\n(?:[ \t].*\n)*", requirements, re.MULTILINE)
    return ["".join(packages[first::2]) for first in (0, 1)]


def main(file: str, *options: str) -> int:
    """The first exit code of pip that is not 0, else 0."""
    with TemporaryDirectory() as folder:
        pips = []
        for number, part in enumerate(halves(Path(file).read_text())):
            path = Path(folder) / f"{number}.txt"
            path.write_text(part)
            pips.append(subprocess.Popen([*PIP, *PINNED, *options, "-r", path]))
        return next(filter(None, [pip.wait() for pip in pips]), 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
