"""The nginx of this machine, under the file that we ship."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from scripts import proxy
from tests.cast import free_port
from tests.processes import ROOT, wait_for_answer


@contextmanager
def nginx(app_url: str, folder: Path) -> Iterator[str]:
    """The address of nginx before this one server; it keeps its files in the folder."""
    port, app = free_port(), httpx.URL(app_url)
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    text = text.replace("web-1:8000", f"{app.host}:{app.port}")
    text = text.replace("listen 8080", f"listen {port}")
    text = "\n".join(line for line in text.splitlines() if "web-2:" not in line)
    home = folder / "nginx"
    home.mkdir()
    text = text.replace("/tmp/", f"{home}/")
    file = home / "nginx.conf"
    file.write_text(text)
    program = proxy.find_nginx()
    assert program, "There is no nginx. `make test` installs it on Debian."
    command = [program, "-e", "stderr", "-p", str(home), "-c", str(file)]
    command += ["-g", "daemon off; user root;"]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for_answer(process, f"{url}/healthz", home / "log")
            yield url
        finally:
            process.terminate()
            process.wait(30)
