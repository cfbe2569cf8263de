"""`make run`, as a person starts and stops it."""

import os
import subprocess
import sys
import time

from tests.cast import free_port
from tests.processes import ROOT


def test_asked_twice_to_stop_it_stops_all_that_it_started(tmp_path):
    settings = {"PORT": str(free_port(pair=True)), "VAR": str(tmp_path / "var")}
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.run"],
        cwd=ROOT,
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert any("Open http://localhost:" in line for line in process.stdout)
    process.terminate()
    time.sleep(0.1)
    process.terminate()
    process.communicate(timeout=60)  # over when no program holds the pipe any more
    assert process.returncode == 0
