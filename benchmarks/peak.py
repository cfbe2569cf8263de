"""The most memory that this process has held."""

import re
import resource
import sys
from pathlib import Path


def peak() -> int:
    """Bytes. Linux tells it for this program alone; ``getrusage`` there counts the parent's too."""
    status = Path("/proc/self/status")
    if status.exists():
        [kilobytes] = re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())
        return int(kilobytes) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
