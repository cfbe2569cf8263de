"""The nightly backup of the documents runs as a GitHub workflow does, with no secret stored."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import yaml

from tests.processes import PLAIN, ROOT, Live, live
from tests.workloads.issuer import ASK, Issuer, running_issuer

SHOP = "demo.myshopify.com"
ADDRESS = re.compile(r"http://localhost:[0-9]+/workloads/wl_[0-9A-Za-z]{20}")
FULL_KEY = re.compile(r"altera_[0-9A-Za-z]{46}")


def send(site: Live, method: str, path: str, **data: object) -> httpx.Response:
    """A request as the framed page sends it."""
    token = site.standin.tell(SHOP, "id-token")["id_token"]
    headers = {"Authorization": f"Bearer {token}", "HX-Request": "true"}
    answer = httpx.request(method, site.url + path, data=data, headers=headers, **PLAIN)
    assert answer.status_code == 200, answer.text
    return answer


def trust(site: Live, issuer: Issuer) -> str:
    """Trust the repository on the page; the address that it shows to paste."""
    send(site, "PUT", "/settings/email", email="ops@example.com")
    answer = send(
        site,
        "POST",
        "/settings/workloads/",
        name="Nightly",
        provider="other",
        issuer=issuer.url,
        lines="repository_id = 4711\nrepository_owner_id = 42",
        minutes="5",
        expires="never",
        permission=["products:export", "redirects:export"],
    )
    [address] = set(ADDRESS.findall(answer.text))
    return address


class Runner:
    """A runner of GitHub's that has no secret: its environment, and the files of a job."""

    def __init__(self, issuer: Issuer, folder: Path) -> None:
        self.folder, self.printed = folder, ""
        self.files = {name: folder / name for name in ("GITHUB_ENV", "GITHUB_PATH")}
        for file in self.files.values():
            file.touch()
        kept = {name: os.environ[name] for name in ("PATH", "NODE_PATH") if name in os.environ}
        self.environment = kept | {
            "HOME": str(folder),
            "RUNNER_TEMP": str(folder),
            "GITHUB_ACTIONS": "true",
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{issuer.url}{ASK}?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of-this-run",
        }
        self.environment |= {name: str(file) for name, file in self.files.items()}

    def run(self, script: str, **more: str) -> None:
        """A step of a job; what it adds to environment and path is there for the next one."""
        done = subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=self.folder,
            env=self.environment | more,
            capture_output=True,
            text=True,
            timeout=300,
        )
        self.printed += done.stdout + done.stderr
        assert done.returncode == 0, done.stdout + done.stderr
        added = self.files["GITHUB_ENV"].read_text().splitlines()
        self.environment |= dict(line.split("=", 1) for line in added)
        paths = self.files["GITHUB_PATH"].read_text().splitlines()
        self.environment["PATH"] = ":".join([*paths, self.environment["PATH"]])

    @property
    def shown(self) -> str:
        """The job's log as GitHub keeps it: what is to be masked is, and the commands are not."""
        masks = re.findall(r"^::add-mask::(.+)$", self.printed, re.M)
        log = re.sub(r"^::add-mask::.*\n", "", self.printed, flags=re.M)
        for secret in masks:
            log = log.replace(secret, "***")
        return log


def workflow() -> dict[str, Any]:
    """The first workflow of the document about trusted workloads."""
    [first, *_] = re.findall(
        r"```yaml\n(.*?)```", (ROOT / "docs/workloads.md").read_text(), re.DOTALL
    )
    parsed: dict[str, Any] = yaml.safe_load(first)
    return parsed


def test_the_nightly_backup_runs_with_no_stored_secret(tmp_path: Path) -> None:
    """Both ways that the documents show: by the environment, and by the action."""
    with running_issuer() as issuer, live(tmp_path, PRIVATE_ISSUERS=issuer.url) as site:
        address = trust(site, issuer)
        nightly = workflow()
        assert nightly["permissions"]["id-token"] == "write"
        assert list(nightly["env"]) == ["ALTERA_WORKLOAD"]
        [job] = nightly["jobs"].values()
        [step] = job["steps"]
        runner = Runner(issuer, tmp_path)
        action = yaml.safe_load((ROOT / "action/action.yml").read_text())
        [put] = action["runs"]["steps"]
        assert action["inputs"]["workload"]["required"]
        assert set(put["env"]) == {"ALTERA_WORKLOAD", "ALTERA_CLI"}
        cli = str(ROOT / "action/../cli/bin/altera.js")
        runner.run(put["run"], ALTERA_WORKLOAD=address, ALTERA_CLI=cli)
        assert runner.environment["ALTERA_WORKLOAD"] == address
        runner.run(step["run"].replace("npx altera", "altera"))
        book = openpyxl.load_workbook(tmp_path / "backup.xlsx", read_only=True)
        assert {"Products", "Redirects"} <= set(book.sheetnames)
        assert not FULL_KEY.search(runner.shown) and "eyJ" not in runner.shown
        assert FULL_KEY.search(runner.printed), "the key was masked, so it was there"
        [[exchanges]] = site.rows(
            "altera.db", "SELECT count(*) FROM activities WHERE kind = ?", "workload.exchanged"
        )
        assert exchanges >= 2
