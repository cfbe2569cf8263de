"""One side of a benchmark, run as a program of its own."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks.peak import peak


class Run(NamedTuple):
    """Seconds of processor time without that of starting, the most memory in bytes, and the file
    that was written."""

    seconds: float
    memory: int
    file: Path

    def beside(self, peer: "Run") -> float:
        """How fast this was, the peer's speed being 1."""
        return peer.seconds / self.seconds


def run(side: str, name: str, format: str, source: Path) -> Run:
    """Run a module of this package, which does ``tell``, over files of lines."""
    target = source.parent / f"{side}-{name}.{format}"
    module = f"benchmarks.export.{side}"
    command = [sys.executable, "-m", module, name, format, str(source), str(target)]
    output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    seconds, memory = output.split()
    return Run(float(seconds), int(memory), target)


def tell(side: Callable[..., None]) -> None:
    """Do a side's work with the arguments of this program, and print what it took."""
    start = time.process_time()
    side(*sys.argv[1:])
    print(time.process_time() - start, peak())
