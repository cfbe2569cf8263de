"""Under ``make run`` the stand-in shows the mail that the app sent."""

import time

import httpx

from scripts.local import settings
from tests.cast import FETCH
from tests.confirming import confirm
from tests.forked import Program
from tests.processes import PLAIN

PATIENCE = 120


def test_the_stand_in_shows_what_was_sent(live_site, tmp_path):
    (tmp_path / "body.txt").write_text("The API changes.\n")
    save_address(live_site, "demo.myshopify.com", "ops@example.com")
    environment = settings(live_site.folder / "var", live_site.port) | live_site.told
    command = ["flask", "--app", "app", "notify", "Change"]
    command += ["--body-file", str(tmp_path / "body.txt"), "--send"]
    assert Program(command, environment, tmp_path / "notify.log").wait(180) == 0
    [mail] = shown(live_site, "Change")
    assert (mail["subject"], mail["to"]) == ("Change", "ops@example.com")
    assert "The API changes." in mail["text"] and "<p>The API changes.</p>" in mail["html"]


def save_address(site, shop: str, address: str) -> None:
    token = site.standin.tell(shop, "id-token")["id_token"]
    answer = httpx.put(
        f"{site.url}/settings/email",
        data={"email": address},
        headers=FETCH | {"Authorization": f"Bearer {token}"},
        **PLAIN,
    )
    answer.raise_for_status()
    confirm(site, shop)


def shown(site, subject: str = "") -> list[dict]:
    """The messages with this in their subject, once there are some."""
    for _ in range(PATIENCE * 10):
        mails = httpx.get(f"{site.standin.url}/_standin/demo/mail", **PLAIN).json()
        if found := [mail for mail in mails if subject in mail["subject"]]:
            return found
        time.sleep(0.1)
    raise AssertionError("no mail was shown")
