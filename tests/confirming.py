"""Confirms notification addresses under ``make run``, as the reader of the mail does."""

import re
import time
from typing import Any

import httpx

from tests.processes import PLAIN

LINK, TOKEN = (
    re.compile(r"https?://\S+/notifications/confirm\S+"),
    re.compile(r'name="token" value="([^"]+)"'),
)
PATIENCE = 120


def confirm(site: Any, shop: str) -> None:
    """Open the link of the shop's confirmation mail, once the stand-in shows it, and click."""
    page = httpx.get(_link(site, shop), **PLAIN)
    token = TOKEN.search(page.text)
    assert token is not None, page.text
    url = f"{site.url}/notifications/confirm"
    httpx.post(url, data={"token": token[1]}, **PLAIN).raise_for_status()


def _link(site: Any, shop: str) -> str:
    for _ in range(PATIENCE * 10):
        for mail in httpx.get(f"{site.standin.url}/_standin/{shop}/mail", **PLAIN).json():
            if (link := LINK.search(mail["text"])) and shop in mail["text"]:
                return link[0]
        time.sleep(0.1)
    raise AssertionError("no confirmation mail was shown")
