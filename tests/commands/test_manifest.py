"""What Shopify is told of the app is what the registry and the settings say, and no more."""

import tomllib

import pytest

from commands import manifest
from scripts.manifest import FILES, ROOT
from shopify.admin import API_VERSION
from shops.webhooks import COMPLIANCE, HANDLED
from transfer.scopes import reasons, scopes
from transfer.types import ALL


@pytest.mark.parametrize("name", FILES)
def test_the_files_of_the_repository_are_as_they_would_be_made_now(name):
    assert (ROOT / name).read_text() == FILES[name](), "run: python -m scripts.manifest"


def test_the_command_prints_it_for_the_apps_own_settings(app):
    printed = app.test_cli_runner().invoke(manifest.manifest, catch_exceptions=False).output
    told, settings = tomllib.loads(printed), app.config["SETTINGS"]
    assert told["client_id"] == settings.SHOPIFY_CLIENT_ID
    assert (told["application_url"], told["handle"]) == (settings.APP_URL, settings.APP_HANDLE)
    assert settings.SHOPIFY_CLIENT_SECRET not in printed


def test_shopify_installs_the_app_and_sends_every_topic_that_is_handled(application):
    told = tomllib.loads(FILES["shopify.app.toml"]())
    assert told["auth"]["redirect_urls"] == [f"{told['application_url']}/"]
    assert len(told["name"]) <= 30
    assert told["embedded"] and told["access_scopes"]["use_legacy_install_flow"] is False
    assert told["webhooks"]["api_version"] == API_VERSION == "2026-10"
    own, privacy = told["webhooks"]["subscriptions"]
    assert {*own["topics"], *privacy["compliance_topics"]} == set(HANDLED)
    assert privacy["compliance_topics"] == list(COMPLIANCE)
    routes = {rule.rule for rule in application.url_map.iter_rules() if "POST" in rule.methods}
    assert {own["uri"], privacy["uri"]} <= routes


def test_the_scopes_are_those_of_the_types_and_no_more():
    asked, declared = set(scopes()), {scope for kind in ALL for scope in kind.scopes}
    assert asked <= declared
    for scope in declared - asked:
        assert scope.replace("read_", "write_", 1) in asked
    for scope in asked:
        assert scope.replace("read_", "write_", 1) not in asked - {scope}


def test_every_scope_has_its_reason():
    for scope, why in reasons().items():
        kinds = [kind for kind in ALL if scope in kind.scopes]
        assert kinds and all(kind.label in why for kind in kinds), scope
        assert why.endswith(".")
