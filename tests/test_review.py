"""What Shopify reviews and a machine can see; the guide to the review names tests that exist."""

import ast
import re
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from shopify.admin import API_VERSION
from tests.markup import first

ROOT = Path(__file__).parent.parent
OURS = ("blueprints", "models", "shopify", "transfer")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = (
    "/settings/keys/",
    "/settings/plan/",
    "/settings/activity/",
    "/settings/jobs/",
    "/settings/import/",
    "/settings/export/",
)
MONEY_THEME_STOREFRONT = re.compile(
    r"\b(refundCreate|orderCapture|appSubscriptionCreate|appPurchaseOneTimeCreate|themeFiles\w+"
    r"|scriptTag\w+|/assets\.json)"
)


REQUIRED = {
    "App Store": "1.1.1 1.1.13 1.1.15 1.2.1 1.2.2 1.2.3 2.1.1 2.1.2 2.1.4 2.2.3 2.2.4 2.2.7 2.3.1"
    " 2.3.2 2.3.4 3.1 3.2 3.2.1",
    "Security checks": "framed cache query webhook tokens version secret encrypted servers",
    "Built for Shopify": "LCP CLS INP storefront checkout 3.1 3.2.2 4.1.1 4.1.2 4.1.3 4.1.4 4.1.5"
    " 4.1.6 4.2.2 4.2.3 4.2.4 4.2.5 4.3.3 4.3.4 4.3.6 4.3.7",
}
"""What Shopify asks of the code, by the parts of the guide, as numbers or words of its lines."""
RED = re.compile(r"error|critical|problem|invalid|asking|failed")
LONGEST_NAME = 20


def requirements(part: str) -> list[list[str]]:
    """The lines of a part of the guide: requirement, how it is met, and the test."""
    text = (ROOT / "docs" / "review.md").read_text().split(f"\n## {part}\n")[1].split("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("| ")][2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def sources():
    return [path for folder in OURS for path in sorted((ROOT / folder).rglob("*.py"))]


def named_tests():
    return re.findall(r"`(tests/\S+\.py)::(\w+)`", (ROOT / "docs" / "review.md").read_text())


@pytest.mark.parametrize("path", sorted({path for path, _ in named_tests()}))
def test_every_test_that_the_review_names_exists(path):
    functions = {
        node.name
        for node in ast.walk(ast.parse((ROOT / path).read_text()))
        if isinstance(node, ast.FunctionDef)
    }
    assert {name for file, name in named_tests() if file == path} <= functions


@pytest.mark.parametrize("part", REQUIRED)
def test_every_requirement_is_in_the_guide_with_where_it_is_met_or_why_not(part):
    lines = requirements(part)
    named = re.findall(r"[\w.]+", " ".join(line[0] for line in lines))
    assert set(REQUIRED[part].split()) <= set(named)
    for line in lines:
        assert any(line[1:]), line[0]


@pytest.mark.parametrize("page", PAGES)
def test_app_bridge_is_the_first_script_of_every_page(merchant, page):
    answer = merchant.get(page)
    assert answer.status_code == 200
    bridge = merchant.client.application.config["SETTINGS"].APP_BRIDGE_URL
    script = first(r"<script[^>]*>", answer.text)
    assert script == f'<script src="{bridge}">'
    assert answer.text.index(script) < answer.text.index("</head>")


def test_every_page_of_the_menu_is_looked_at(application):
    pages = {
        rule.rule
        for rule in application.url_map.iter_rules()
        if rule.endpoint.endswith(".page") and not rule.arguments
    }
    assert pages == set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_no_answer_sets_a_cookie(merchant, page):
    assert "Set-Cookie" not in merchant.get(page).headers


@pytest.mark.parametrize("page", PAGES)
def test_pages_talk_to_this_server_and_shopify_only(merchant, page):
    policy = merchant.get(page).headers["Content-Security-Policy"]
    bridge = "{0.scheme}://{0.netloc}".format(
        urlsplit(merchant.client.application.config["SETTINGS"].APP_BRIDGE_URL)
    )
    allowed = {
        source
        for rule in policy.split(";")
        for source in rule.split()[1:]
        if not rule.strip().startswith("frame-ancestors")
    }
    assert allowed <= {"'none'", "'self'", "data:", bridge}
    assert "network_access" not in (ROOT / "shopify.app.toml").read_text()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_one_primary_action_and_one_banner(merchant, page):
    text = merchant.get(page).text
    assert text.count('class="button primary"') <= 1
    assert text.count('class="banner') <= 1


def test_red_is_for_errors_and_destruction():
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", (ROOT / "static" / "app.css").read_text())
    red = [selector.strip() for selector, body in rules if "-critical" in body]
    assert red and [selector for selector in red if not RED.search(selector)] == []


def test_names_in_the_navigation_are_short():
    words = ["Settings", tomllib.loads((ROOT / "shopify.app.toml").read_text())["name"]]
    for path in (ROOT / "translations").rglob("messages.po"):
        words += re.findall(r'^msgid "Settings"\nmsgstr "(.+)"$', path.read_text(), re.MULTILINE)
    assert len(words) == 6 and all(len(word) <= LONGEST_NAME for word in words), words


def test_only_graphql_is_spoken_and_in_one_version():
    addresses = {
        address
        for path in sources()
        for address in re.findall(r"/admin/(?:api|oauth)/[^\s\"'`]*", path.read_text())
    }
    assert addresses == {"/admin/api/{API_VERSION}/graphql.json", "/admin/oauth/access_token"}
    assert API_VERSION == "2026-10"


MOVES_MONEY = {
    ROOT / "transfer" / "types" / "order_refunds.py": "refundCreate",
    ROOT / "transfer" / "types" / "order_payments.py": "orderCapture",
}
"""Where an import gives money back, to the payment that it came from, or takes what was authorized:
only where a row of a file asks for it."""


def test_no_money_theme_or_storefront_is_touched():
    found = {
        word
        for path in sources()
        if path != ROOT / "shopify" / "admin.py"  # which lists mutations by their rules
        for word in MONEY_THEME_STOREFRONT.findall(path.read_text())
        if word != MOVES_MONEY.get(path)
    }
    assert found == set()


def test_no_page_opens_a_dialog_by_itself():
    for path in TEMPLATES:
        text = path.read_text()
        if "{% extends" in text or path.name == "base.html":
            assert "<dialog" not in text and 'hx-trigger="load' not in text, path


def test_nobody_is_asked_for_a_domain_and_no_form_leaves_natively():
    for path in TEMPLATES:
        text = path.read_text()
        assert not re.search(r"name=\"(shop|domain)\"", text), path
        forms = re.findall(r"<form[^>]*\b(?:method|action)=[^>]*>", text)
        if path.match("confirmation/ask.html"):  # opened from a mail, outside the admin
            assert '{% extends "plain.html" %}' in text and "url_for('confirmation." in forms.pop()
        assert forms == [], path


def test_the_apps_navigation_is_the_admins():
    base = (ROOT / "templates" / "base.html").read_text()
    [inside] = re.findall(r"<s-app-nav>(.*?)</s-app-nav>", base)
    assert inside.count("<s-link") == 1 and "Home" not in inside
    assert [path for path in TEMPLATES if "ui-nav-menu" in path.read_text()] == []
