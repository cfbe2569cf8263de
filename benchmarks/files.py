"""Files up and down with the command line, beside curl in a loop and eight curl at once.

curl gets what the command line has to find out: where each file goes, and where each one is. It
does not make files of what it uploaded, either, nor wait until Shopify has looked at them. Beside
it stands a script that ends where the command line does: it asks for targets, lets eight curl send
to them, makes the files and waits for them. Each side moves as many bytes to and from the stand-in,
on the same machine. BENCH_FULL=1 moves 500 files of 200 KB and a video of 1 GB; by default there
are fewer, and the video is smaller.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

import httpx

from app import create_app
from benchmarks.exports import FULL
from benchmarks.rows import Row
from benchmarks.servers import ROOT, environment, serving
from config import read
from models import db
from tests.cast import CLIENT_ID, CLIENT_SECRET
from tests.processes import standin
from tests.transfer.store import Store

FEW, MANY, SIZE, AT_ONCE, A_CALL = 320, 500, 200_000, 8, 50
SMALL_VIDEO, VIDEO, WHOLE_VIDEO = 20_000_000, 200_000_000, 1_000_000_000
FLAT = 48_000_000
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Site:
    """An API, a key of a store that may do what *File management* may, and a folder of files."""

    url: str
    key: str
    folder: Path

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.key}"}
        address = f"{self.url}/api/v1{path}"
        answer = httpx.request(method, address, headers=headers, timeout=60, json=body)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found


def rows() -> Iterator[Row]:
    whole = bool(os.environ.get(FULL))
    count = MANY if whole else FEW
    with TemporaryDirectory() as name, _sites(Path(name)) as (site, other):
        files = _files(site.folder / "up", count)
        targets, _ = _targets(site, files)
        loop = _curl(targets, 1)
        eight = _curl(targets, AT_ONCE)
        ours, _ = _altera(site, "upload", str(site.folder / "up"))
        scripted = _scripted(other, files)
        yield _row(f"{count} files of 200 KB up", count, ours, loop, eight)
        yield Row(
            "the same, targets and files made too",
            f"{ours / scripted:.2f} times as long",
            f"a script with 8 curl at once, {count / scripted:.0f} files/s",
            "at most 1.00 times",
            ours <= scripted,
        )
        wanted = _addresses(site, site.folder / "curl")
        loop, eight = _curl(wanted, 1), _curl(wanted, AT_ONCE)
        ours, _ = _altera(site, "download", str(site.folder / "down"))
        yield _row("the same files down", count, ours, loop, eight)
        yield _memory(site, WHOLE_VIDEO if whole else VIDEO)


def _row(what: str, count: int, ours: float, loop: float, eight: float) -> Row:
    return Row(
        what,
        f"{ours / eight:.2f} times as long ({count / ours:.0f} files/s)",
        f"8 curl at once; curl in a loop {loop / eight:.2f}",
        "at most 1.00 times",
        ours <= eight,
    )


def _memory(site: Site, size: int) -> Row:
    peaks = []
    for number, bytes_ in enumerate((SMALL_VIDEO, size)):
        path = site.folder / f"video-{number}.mp4"
        with path.open("wb") as file:
            file.write(os.urandom(1000))
            file.truncate(bytes_)
        peaks.append(_altera(site, "upload", str(path))[1])
        path.unlink()
    small, large = peaks
    return Row(
        f"memory for a video of {size // 1_000_000:,} MB",
        f"{large // 1_000_000} MB",
        f"{small // 1_000_000} MB for {SMALL_VIDEO // 1_000_000} MB",
        f"at most {FLAT // 1_000_000} MB more",
        large - small <= FLAT,
    )


@contextmanager
def _sites(folder: Path) -> Iterator[list[Site]]:
    """The same API with the keys of two stores, so that what one uploads is new to the other."""
    limits = {"STANDIN_BUCKET": "20000", "STANDIN_RESTORE_RATE": "50000"}
    with standin(folder, **limits) as server:
        settings = environment(folder) | {
            "SHOPIFY_CLIENT_ID": CLIENT_ID,
            "SHOPIFY_CLIENT_SECRET": CLIENT_SECRET,
            "SHOPIFY_ORIGIN": server.url.replace("localhost", "127.0.0.1") + "/{shop}",
        }
        app = create_app(read(settings))
        with app.app_context():
            db.create_all()
            stores = [Store(app, server, f"bench-{name}.myshopify.com") for name in "ab"]
            for store in stores:
                store.key.permissions = ["files:export", "files:import"]
            db.session.commit()
            keys = [store.key_text for store in stores]
        with serving("app:create_app()", settings) as url:
            yield [Site(url, key, folder) for key in keys]


def _files(folder: Path, count: int) -> list[Path]:
    folder.mkdir()
    paths = [folder / f"photo-{number:03d}.png" for number in range(count)]
    for path in paths:
        path.write_bytes(PNG + os.urandom(SIZE - len(PNG)))
    return paths


def _scripted(site: Site, files: list[Path]) -> float:
    """How long a script needs until the store has these files: call by call, eight curl between."""
    started = time.monotonic()
    left: list[str] = []
    for part in _calls(len(files)):
        commands, uploads = _targets(site, files[part])
        _curl(commands, AT_ONCE)
        asked = [{"upload": upload} for upload in uploads]
        left += [one["file"]["id"] for one in site.ask("POST", "/files", {"files": asked})["files"]]
    while left:
        ids = urlencode([("id", one) for one in left[:A_CALL]])
        found = site.ask("GET", f"/files/status?{ids}")["files"]
        if any(one["status"] == "failed" for one in found):
            raise RuntimeError("Shopify did not take a file")
        ready = {one["id"] for one in found if one["status"] == "ready"}
        left = [one for one in left if one not in ready]
    return time.monotonic() - started


def _calls(count: int) -> list[slice]:
    """So many things in parts of as many as one call takes."""
    return [slice(start, start + A_CALL) for start in range(0, count, A_CALL)]


def _targets(site: Site, files: list[Path]) -> tuple[list[list[str]], list[str]]:
    """What curl is told to send each file, and what the API calls each upload."""
    commands, uploads = [], []
    for part in (files[calls] for calls in _calls(len(files))):
        asked = [
            {"name": path.name, "size": SIZE, "sha256": sha256(path.read_bytes()).hexdigest()}
            for path in part
        ]
        answers = site.ask("POST", "/uploads", {"files": asked})["files"]
        for path, answer in zip(part, answers, strict=True):
            target = answer["target"]
            fields = [f"{one['name']}={one['value']}" for one in target["fields"]]
            forms = [part for text in [*fields, f"file=@{path}"] for part in ("-F", text)]
            commands.append(["-o", "/dev/null", *forms, target["url"]])
            uploads.append(answer["upload"])
    return commands, uploads


def _addresses(site: Site, folder: Path) -> list[list[str]]:
    """What curl is told to fetch: every file of the store."""
    folder.mkdir()
    found: list[dict[str, str]] = []
    after: str | None = ""
    while after is not None:
        page = site.ask("GET", f"/files?after={after}" if after else "/files")
        found += page["files"]
        after = page["after"]
    return [["-o", str(folder / file["name"]), file["url"]] for file in found]


def _curl(commands: list[list[str]], at_once: int) -> float:
    """How long so many curl at once need for these."""
    started = time.monotonic()
    running: list[subprocess.Popen[bytes]] = []
    for one in commands:
        if len(running) == at_once:
            _one_less(running)
        running.append(subprocess.Popen(["curl", "-sf", *one]))
    while running:
        _one_less(running)
    return time.monotonic() - started


def _one_less(running: list[subprocess.Popen[bytes]]) -> None:
    """Wait until one of them is done, whichever is first."""
    while True:
        for process in running:
            if (code := process.poll()) is not None:
                if code:
                    raise RuntimeError(f"curl ended with {code}")
                running.remove(process)
                return
        time.sleep(0.001)


def _altera(site: Site, command: str, path: str) -> tuple[float, int]:
    """How long the command line needs, and its peak memory in bytes."""
    words = ["node", str(ROOT / "cli" / "bin" / "altera.js"), "files", command, path, "--quiet"]
    own = {"ALTERA_URL": site.url, "ALTERA_API_KEY": site.key, "HOME": str(site.folder)}
    started = time.monotonic()
    process = subprocess.Popen(words, env={"PATH": os.environ["PATH"], **own})
    most = 0
    while process.poll() is None:
        most = max(most, _peak_of(process.pid))
        time.sleep(0.02)
    took = time.monotonic() - started
    if process.returncode:
        sys.exit(f"altera files {command} ended with {process.returncode}")
    return took, most


def _peak_of(pid: int) -> int:
    """The most memory that the process has held so far; 0 once it is over, or elsewhere than on
    Linux."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0
