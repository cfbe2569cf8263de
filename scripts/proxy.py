"""The proxy that the tests put in front of the app: Debian's nginx."""

import os
import sys

from scripts import programs

PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))


def find_nginx() -> str | None:
    """The path of nginx, which stands where only root looks."""
    return programs.find_program(("nginx",), PATH)


def install() -> str | None:
    """Make sure there is nginx; return what is wrong if there still is none."""
    if not find_nginx():
        programs.install("--no-install-recommends", "nginx-light")
    return None if find_nginx() else "There is no nginx. Install it, then run `make test` again."


if __name__ == "__main__":
    sys.exit(install())
