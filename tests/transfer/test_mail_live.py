"""Under ``make run`` the stand-in shows the mail that the app sent."""

import os
import subprocess
import sys
import time

import httpx

from scripts.local import settings
from tests.cast import FETCH
from tests.processes import ROOT, live

PATIENCE = 120


def test_the_stand_in_shows_what_was_sent(tmp_path):
    (tmp_path / "body.txt").write_text("The API changes.\n")
    with live(tmp_path) as running:
        save_address(running, "demo.myshopify.com", "ops@example.com")
        environment = settings(running.folder / "var", running.port)
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", "notify", "Change"]
            + ["--body-file", str(tmp_path / "body.txt"), "--send"],
            cwd=ROOT,
            env=os.environ | environment,
            check=True,
        )
        [mail] = shown(running)
    assert (mail["subject"], mail["to"]) == ("Change", "ops@example.com")
    assert "The API changes." in mail["text"] and "<p>The API changes.</p>" in mail["html"]


def save_address(running, shop: str, address: str) -> None:
    token = running.standin.tell(shop, "id-token")["id_token"]
    answer = httpx.put(
        f"{running.url}/settings/email",
        data={"email": address},
        headers=FETCH | {"Authorization": f"Bearer {token}"},
        timeout=60,
    )
    answer.raise_for_status()


def shown(running) -> list[dict]:
    """The messages, once there are some."""
    for _ in range(PATIENCE * 10):
        if found := httpx.get(f"{running.standin.url}/_standin/demo/mail", timeout=60).json():
            return found
        time.sleep(0.1)
    raise AssertionError("no mail was shown")
