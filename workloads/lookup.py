"""The ids of a public repository, as its platform tells them to anybody."""

import re
from collections.abc import Collection
from threading import BoundedSemaphore
from urllib.parse import quote, urlsplit

from workloads.careful_fetch import NotFetched, fetch_json
from workloads.providers import Provider

AT_ONCE = 2
"""Look-ups at once are few, so that slow servers do not take up ours."""
_slots = BoundedSemaphore(AT_ONCE)


def repository_path(address: str, provider: Provider) -> str:
    """``octo/shop`` of ``https://github.com/octo/shop.git``, ``git@…:octo/shop`` or itself."""
    text = address.strip()
    if text.startswith("git@"):
        text = text.partition(":")[2]
    elif "://" in text:
        text = urlsplit(text).path
    elif text.partition("/")[0] in ("github.com", "gitlab.com"):
        text = text.partition("/")[2]
    parts = text.partition("/-/")[0].removesuffix(".git").strip("/").split("/")
    if provider.name == "github":
        parts = parts[:2]
    good = len(parts) > 1 and all(part and part not in (".", "..") for part in parts)
    return "/".join(parts) if good else ""


def look_up(
    address: str, provider: Provider, issuer: str, *, github: str, private: Collection[str]
) -> dict[str, str]:
    """The ids of this repository by their claims. Raises NotFetched."""
    path = repository_path(address, provider)
    if provider.lookup is None or not path:
        raise NotFetched("this is no address of a repository")
    template, places = provider.lookup
    safe = "/" if provider.name == "github" else ""
    if provider.issuer_form and not re.fullmatch(provider.issuer_form, issuer):
        raise NotFetched("this is no address of an issuer")
    url = template.format(github=github, issuer=issuer, path=quote(path, safe=safe))
    if not _slots.acquire(blocking=False):
        raise NotFetched("too many repositories are being looked up")
    try:
        answer = fetch_json(url, private)
    finally:
        _slots.release()
    found = {}
    for claim, place in places.items():
        value: object = answer
        for name in place:
            value = value.get(name) if isinstance(value, dict) else None
        if not isinstance(value, int | str):
            raise NotFetched("the answer names no ids")
        found[claim] = str(value)
    return found
