"""A person at a terminal: runs the command line on a real pseudo-terminal and types into it."""

import os
import pty
import re
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
PATIENCE = 60


NPX = ("npx", "./cli")
DIRECT = ("node", "cli/bin/altera.js")
"""The same program, which npx takes seven times as long to start."""


class Terminal:
    """The command line in the project's folder, with a home of its own."""

    def __init__(self, home: Path, program: tuple[str, ...] = NPX):
        self.home, self.program = home, program
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "TERM": "xterm",
            "npm_config_update_notifier": "false",
        }

    def run(self, *words: str, type_in: str | None = None) -> tuple[int, str]:
        """Return the exit code and all that the terminal showed; types a line when asked."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [*self.program, *words],
            cwd=ROOT,
            env=self.environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        shown = self._watch(ours, type_in)
        os.close(ours)
        return process.wait(PATIENCE), re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)

    def _watch(self, terminal: int, type_in: str | None) -> str:
        shown, deadline = b"", time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                piece = os.read(terminal, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece
            if type_in and b"key" in shown.lower() and shown.rstrip().endswith(b":"):
                os.write(terminal, type_in.encode() + b"\r")
                type_in = None
        return shown.decode(errors="replace")
