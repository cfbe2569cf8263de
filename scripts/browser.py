"""The browser that tests and pictures use: the one found, else Debian's, else Playwright's own.

Best is Chromium's headless shell: the same pages without Chromium's own windows take a quarter of
its time.
"""

import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from scripts import programs

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_browser() -> str | None:
    """The path of an installed browser."""
    return programs.find_program(NAMES)


def install() -> str | None:
    """Make sure there is a browser, the headless shell where that can be; return what is wrong if
    there still is none."""
    if programs.find_program([SHELL]):
        return None
    for package in (SHELL, "chromium"):
        programs.install(package)
        if find_browser():
            return None
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if not find_spec("playwright") or subprocess.run(command, check=False).returncode:
        return "There is no browser. Install Chromium or Chrome, then run `make test` again."
    return None


def launch(playwright: "Playwright") -> "Browser":
    return playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)


if __name__ == "__main__":
    sys.exit(install())
