"""One side of a benchmark, run as a program of its own."""

import resource
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple


class Run(NamedTuple):
    """Seconds of processor time, the most memory in bytes, and the file that was written."""

    seconds: float
    memory: int
    file: Path

    def beside(self, peer: "Run") -> float:
        """How fast this was, the peer's speed being 1."""
        return peer.seconds / self.seconds


def run(side: str, name: str, format: str, source: Path) -> Run:
    """Run a module of this package over files of lines; it prints its peak and nothing else."""
    target = source.parent / f"{side}-{name}.{format}"
    module = f"benchmarks.export.{side}"
    command = [sys.executable, "-m", module, name, format, str(source), str(target)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(seconds, int(output), target)
