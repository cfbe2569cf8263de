"""What Shopify reviews and a machine can see; the guide to the review names tests that exist."""

import ast
import re
from pathlib import Path

import pytest

from shopify.admin import API_VERSION

ROOT = Path(__file__).parent.parent
OURS = ("blueprints", "models", "shopify", "transfer")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = ("/settings/keys/", "/settings/plan/", "/settings/activity/", "/settings/jobs/")
MONEY_THEME_STOREFRONT = re.compile(
    r"\b(refundCreate|orderCapture|appSubscriptionCreate|appPurchaseOneTimeCreate|themeFiles\w+"
    r"|scriptTag\w+|/assets\.json)"
)


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


@pytest.mark.parametrize("page", PAGES)
def test_app_bridge_is_the_first_script_of_every_page(merchant, page):
    answer = merchant.get(page)
    assert answer.status_code == 200
    bridge = merchant.client.application.config["SETTINGS"].APP_BRIDGE_URL
    first = re.search(r"<script[^>]*>", answer.text)[0]
    assert first == f'<script src="{bridge}">'
    assert answer.text.index(first) < answer.text.index("</head>")


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


def test_only_graphql_is_spoken_and_in_one_version():
    addresses = {
        address
        for path in sources()
        for address in re.findall(r"/admin/(?:api|oauth)/[^\s\"'`]*", path.read_text())
    }
    assert addresses == {"/admin/api/{API_VERSION}/graphql.json", "/admin/oauth/access_token"}
    assert API_VERSION == "2026-10"


def test_no_money_theme_or_storefront_is_touched():
    found = {
        word
        for path in sources()
        if path != ROOT / "shopify" / "admin.py"  # which lists mutations by their rules
        for word in MONEY_THEME_STOREFRONT.findall(path.read_text())
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
        assert not re.search(r"<form[^>]*\b(method|action)=", text), path


def test_the_apps_navigation_is_the_admins():
    base = (ROOT / "templates" / "base.html").read_text()
    [inside] = re.findall(r"<s-app-nav>(.*?)</s-app-nav>", base)
    assert inside.count("<s-link") == 1 and "Home" not in inside
    assert [path for path in TEMPLATES if "ui-nav-menu" in path.read_text()] == []
