"""Every route asked with what no link of ours holds: an answer in words, never a fault of ours."""

import re
from urllib.parse import quote

import pytest

from tests.cast import Script, make_key
from transfer.permissions import PERMISSIONS

ODD = (
    "\0",
    "a\0b",
    "99999999999999999999",
    "2147483648",
    "-1",
    "0",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "%",
    "x" * 3000,
    "..",
    "\r\nSet-Cookie: a=b",
)
CALLED = [
    *("endpoint", "_method", "_scheme", "_external", "_anchor", "self", "shop_id", "key", "to"),
    *("before", "page", "q", "state", "order", "words", "day", "kind", "locale", "host"),
]


def routes(application):
    for rule in application.url_map.iter_rules():
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            yield rule, method


def paths(rule, odd):
    """The rule's address, with this where it has a variable."""
    path = rule.rule
    for name in rule.arguments:
        for written in (f"<{name}>", f"<int:{name}>", f"<path:{name}>"):
            path = path.replace(written, quote(odd, safe=""))
    return path


def another_pass(odd):
    """Whether the short run has one like it: four bytes are too much for PostgreSQL alone."""
    return odd in ("a\0b", "2147483648", "0")


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(odd, id=ascii(odd)[:24], marks=[pytest.mark.everything] * another_pass(odd))
        for odd in ODD
    ],
)
def test_whatever_an_address_holds_no_route_fails(app, merchant, shop, odd):
    program = Script(app, make_key(shop, *PERMISSIONS)[1])
    query = "&".join(f"{name}={quote(odd)}" for name in CALLED)
    failed = []
    for rule, method in routes(app):
        path = f"{paths(rule, odd)}?{query}"
        if rule.rule.startswith("/api/v1"):
            answer = program.open(method, path.removeprefix("/api/v1"))
        else:
            answer = merchant._send(method, path)
        if answer.status_code == 500 or "Set-Cookie" in answer.headers:
            failed.append((method, rule.rule, answer.status_code))
    assert failed == []


def test_the_first_tab_keeps_the_address_and_leads_nowhere_else(merchant):
    sent = "preset=files&_external=1&_scheme=javascript&_anchor=x&endpoint=auth.home"
    answer = merchant.get(f"/settings/?{sent}")
    assert (answer.status_code, answer.location) == (302, f"/settings/keys/?{sent}")


@pytest.mark.parametrize(
    "page", ["http://[", "http://[?host=a", "#?", "?=&&=%", "//\\", "\xff?host=\xfe"]
)
def test_whatever_page_a_fragment_says_it_is_for_no_route_fails(app, merchant, shop, page):
    headers = {"HX-Current-URL": page}
    make_key(shop, "products:export")
    failed = []
    for rule, method in routes(app):
        if rule.rule.startswith("/settings"):
            answer = merchant._send(method, paths(rule, "1"), headers=headers)
            failed += [(method, rule.rule)] * (answer.status_code == 500)
    assert failed == []


def test_no_answer_leads_to_the_host_that_a_request_names(app, merchant):
    """Host is whatever the caller sends, and behind TLS the app does not know its own scheme."""
    followed: list[tuple[str, str, str]] = []
    left: list[tuple[str, str, str]] = []
    for rule, method in routes(app):
        path = paths(rule, "1")
        for odd in (path.rstrip("/") or "/", f"{path}/", path.replace("/", "//"), f"/{path}"):
            answer = merchant._send(method, odd, headers={"Host": "evil.example"})
            if place := answer.headers.get("Location"):
                (followed if re.match("/(?!/)", place) else left).append((method, odd, place))
    assert left == [] and followed
