"""Settings > API Keys: trusting a workload, what it shows, and what it never shows."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from models import db
from models.activity import Activity
from models.api_key import ApiKey
from models.notice import Notice
from models.shop import Shop
from models.workload import WorkloadKey, WorkloadRule
from tests.cast import Merchant, Script, problem
from tests.markup import one, select
from tests.workload_rules import GITHUB, IDS, issue, make_rule
from tests.workloads.issuer import FIRST, Issuer, encoded, running_issuer
from workloads.careful_fetch import fetch_json
from workloads.issuer_keys import IssuerKeys
from workloads.lookup import repository_path
from workloads.providers import ALL, BY_NAME

AT = "/settings/workloads/"
FORM: dict[str, Any] = {
    "provider": "github",
    "repository": "https://github.com/octo/shop",
    "claim-repository-id": "4711",
    "claim-repository-owner-id": "42",
    "minutes": "5",
    "expires": "never",
    "permission": ["orders:export"],
}


@pytest.fixture(scope="module")
def running() -> Iterator[Issuer]:
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture
def issuer(app: Flask, running: Issuer) -> Iterator[Issuer]:
    """An issuer that the operator lets be private; GitHub's API stands there too."""
    running.reset()
    settings, keys = app.config["SETTINGS"], app.extensions["issuer_keys"]
    listed = {"PRIVATE_ISSUERS": (running.url,), "GITHUB_API_URL": running.url}
    app.config["SETTINGS"] = settings.model_copy(update=listed)
    app.extensions["issuer_keys"] = IssuerKeys(fetch_json, (running.url,))
    yield running
    app.config["SETTINGS"], app.extensions["issuer_keys"] = settings, keys


def rules() -> list[WorkloadRule]:
    db.session.expire_all()
    return list(db.session.scalars(db.select(WorkloadRule).order_by(WorkloadRule.id)))


def activities() -> list[Activity]:
    return list(db.session.scalars(db.select(Activity).order_by(Activity.id)))


def notices() -> list[str]:
    return list(db.session.scalars(db.select(Notice.kind).order_by(Notice.created_at)))


def test_a_workload_is_trusted_and_its_lines_are_shown(merchant: Merchant, shop: Shop) -> None:
    dialog = merchant.get(f"{AT}new")
    assert dialog.status_code == 200
    assert 'name="permission" value="orders:export"' in dialog.text
    assert "checked" not in dialog.text.partition('id="grants"')[2]
    form = FORM | {"name": "Nightly", "claim-ref": "main", "claim-environment": "production"}
    answer = merchant.post(AT, data=form)
    assert answer.status_code == 200, answer.text
    [rule] = rules()
    assert rule.claims == IDS | {"ref": "refs/heads/main", "environment": "production"}
    assert (rule.issuer, rule.minutes, rule.outside_events) == (GITHUB, 5, False)
    assert rule.key.permissions == {"orders:export"}
    assert rule.key.expires_at is None
    for line in ("id-token: write", f"ALTERA_WORKLOAD: {rule.address}"):
        assert line in answer.text
    assert "Nightly" in merchant.get("/settings/keys/").text
    [made] = activities()
    assert (made.kind, made.subject) == ("workload.created", "Nightly")
    assert made.detail["claims"]["repository_id"] == "4711"
    assert notices() == ["workload.created"]


def test_a_double_click_trusts_once(merchant: Merchant, shop: Shop) -> None:
    for _ in range(2):
        assert merchant.post(AT, data=FORM | {"request_id": "twice"}).status_code == 200
    assert len(rules()) == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"permission": []}, "Tick at least one permission."),
        ({"permission": ["orders:delete"]}, "Unknown permission."),
        ({"claim-repository-id": ""}, "names can be registered again"),
        ({"claim-repository-owner-id": "octo"}, "Enter a number"),
        ({"claim-repository-id": "４７１１"}, "Enter a number"),
        ({"minutes": "61"}, "from 5 to 60"),
        ({"minutes": "4"}, "from 5 to 60"),
        ({"minutes": "five"}, "from 5 to 60"),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"allowed_addresses": "office"}, "not an IP address"),
        ({"provider": "other", "issuer": "http://issuer.example"}, "begins with https://"),
        ({"provider": "other", "issuer": "https://issuer.example/?a=b"}, "begins with https://"),
        ({"provider": "other", "issuer": "https://user@issuer.example"}, "begins with https://"),
        ({"provider": "other", "issuer": "https://issuer.example"}, "at least one claim"),
        (
            {"provider": "other", "issuer": "https://issuer.example", "lines": "sub"},
            "Line 1 is not a claim",
        ),
        (
            {"provider": "other", "issuer": "https://issuer.example", "lines": "a = b\naud = c"},
            "Line 2 is not a claim",
        ),
        (
            {"provider": "other", "issuer": "https://i.example", "lines": "a = b" + " " * 60_000},
            "",
        ),
        (
            {"provider": "other", "issuer": GITHUB, "lines": "repository = octo/shop"},
            "Choose GitHub Actions above",
        ),
        (
            {"provider": "other", "issuer": "https://gitlab.com", "lines": "sub = a"},
            "Choose GitLab above",
        ),
        ({"provider": "azure", "issuer": "https://login.example/x/v2.0"}, "begins with https://"),
        ({"provider": "gitlab", "issuer": "https://gitlab.com/path"}, "begins with https://"),
    ],
)
def test_what_is_wrong_is_said_beside_it(
    merchant: Merchant, shop: Shop, changed: dict[str, Any], said: str
) -> None:
    answer = merchant.post(AT, data=FORM | changed)
    if said:
        assert answer.status_code == 422
        assert said in answer.text and 'aria-invalid="true"' in answer.text
        assert rules() == []


@pytest.mark.parametrize(
    ("provider", "values", "claims"),
    [
        (
            "gitlab",
            {"issuer": "https://gitlab.com", "claim-project-id": "5", "claim-namespace-id": "6"},
            {"project_id": "5", "namespace_id": "6"},
        ),
        (
            "google",
            {"claim-sub": "104202513102842937461"},
            {"sub": "104202513102842937461"},
        ),
        (
            "other",
            {"issuer": "https://issuer.example/realms/a", "lines": "sub = jobs: nightly\n\nx = 1"},
            {"sub": "jobs: nightly", "x": "1"},
        ),
    ],
)
def test_every_provider_has_its_own_fields(
    merchant: Merchant,
    shop: Shop,
    provider: str,
    values: dict[str, Any],
    claims: dict[str, str],
) -> None:
    answer = merchant.post(AT, data=FORM | {"provider": provider} | values)
    assert answer.status_code == 200, answer.text
    [rule] = rules()
    assert (rule.provider, rule.claims) == (provider, claims)
    assert rule.address in answer.text
    assert merchant.get(f"{AT}{rule.id}").status_code == 200


@pytest.mark.parametrize("provider", BY_NAME)
def test_the_fields_follow_the_provider(merchant: Merchant, provider: str) -> None:
    answer = merchant.post(f"{AT}fields?act=provider", data=FORM | {"provider": provider})
    for pin in BY_NAME[provider].pins:
        assert f'name="{pin.field}"' in answer.text
    assert ('name="own_audience"' in answer.text) == (provider == "azure")


def test_pins_of_every_provider_are_named_apart() -> None:
    for provider in ALL:
        fields = [pin.field for pin in provider.pins]
        assert len(set(fields)) == len(fields)


def test_the_ids_of_a_public_repository_are_looked_up(merchant: Merchant, issuer: Issuer) -> None:
    issuer.documents["/repos/octo/shop"] = (200, {}, {"id": 99, "owner": {"id": 7}})
    answer = merchant.post(f"{AT}fields?act=lookup", data=FORM)
    assert 'value="99"' in answer.text and 'value="7"' in answer.text
    gitlab = "/api/v4/projects/group%2Fsub%2Fshop"
    issuer.documents[gitlab] = (200, {}, {"id": 5, "namespace": {"id": 6}})
    asked = {"provider": "gitlab", "issuer": issuer.url, "repository": "group/sub/shop"}
    answer = merchant.post(f"{AT}fields?act=lookup", data=FORM | asked)
    assert 'value="5"' in answer.text and 'value="6"' in answer.text


@pytest.mark.parametrize(
    "document",
    [
        (404, {}, {}),
        (200, {}, {}),
        (200, {}, {"id": [], "owner": {"id": 7}}),
        (200, {}, {"id": 1, "owner": None}),
        (302, {"Location": "/elsewhere"}, {}),
    ],
)
def test_a_repository_that_is_not_public_is_said(
    merchant: Merchant, issuer: Issuer, document: tuple[int, dict[str, str], Any]
) -> None:
    issuer.documents["/repos/octo/shop"] = document
    answer = merchant.post(f"{AT}fields?act=lookup", data=FORM)
    assert "No public repository was found there." in answer.text
    assert 'value="4711"' in answer.text


def test_a_lookup_reaches_no_private_place(merchant: Merchant, issuer: Issuer) -> None:
    port = issuer.url.rpartition(":")[2]
    for host in (f"https://127.0.0.1:{port}", f"http://localhost:{port}", "https://[::1]"):
        asked = {"provider": "gitlab", "issuer": host, "repository": "octo/shop"}
        answer = merchant.post(f"{AT}fields?act=lookup", data=FORM | asked)
        assert "No public repository was found there." in answer.text
    assert issuer.asked == []


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://github.com/octo/shop", "octo/shop"),
        ("https://github.com/octo/shop.git", "octo/shop"),
        ("https://github.com/octo/shop/tree/main", "octo/shop"),
        ("git@github.com:octo/shop.git", "octo/shop"),
        ("github.com/octo/shop/", "octo/shop"),
        (" octo/shop ", "octo/shop"),
        ("octo", ""),
        ("../../admin", ""),
        ("https://github.com/", ""),
    ],
)
def test_a_repository_is_known_however_it_is_written(address: str, path: str) -> None:
    assert repository_path(address, BY_NAME["github"]) == path


def test_a_group_of_gitlab_may_be_deep() -> None:
    address = "https://gitlab.com/group/sub/shop/-/pipelines"
    assert repository_path(address, BY_NAME["gitlab"]) == "group/sub/shop"


def test_the_values_of_a_token_fill_the_fields(merchant: Merchant, issuer: Issuer) -> None:
    token = issuer.token("x", iss=GITHUB, repository_id="123", repository_owner_id="456")
    empty = {"provider": "google", "repository": ""}
    answer = merchant.post(f"{AT}fields?act=token", data=empty | {"token": token})
    for value in ('value="123"', 'value="456"', 'value="octo/shop"'):
        assert value in answer.text
    assert token not in answer.text
    assert issuer.asked == []
    wrong = merchant.post(f"{AT}fields?act=token", data=empty | {"token": "altera"})
    assert "This is not a token" in wrong.text


def test_a_change_of_permissions_is_seen_and_mailed(
    app: Flask, merchant: Merchant, shop: Shop
) -> None:
    rule = make_rule(shop, "products:export")
    text = issue(rule)
    at = f"{AT}{rule.id}"
    page = merchant.get(at).text
    assert 'value="4711"' in page and 'value="42"' in page
    form = FORM | {"name": "Nightly", "expires": "keep", "repository": "octo/shop"}
    assert merchant.put(at, data=form).status_code == 200
    [changed] = activities()
    assert (changed.kind, changed.detail["added"], changed.detail["removed"]) == (
        "workload.changed",
        ["orders:export"],
        ["products:export"],
    )
    assert notices() == ["workload.widened"]
    assert Script(app, text).get("/key").json["permissions"]["export"] == ["orders"]


def test_a_change_of_who_is_let_in_ends_the_keys_that_are_out(
    app: Flask, merchant: Merchant, shop: Shop
) -> None:
    rule = make_rule(shop, "orders:export")
    text = issue(rule)
    form = FORM | {"name": "Nightly", "expires": "keep", "claim-ref": "main"}
    assert merchant.put(f"{AT}{rule.id}", data=form).status_code == 200
    problem(Script(app, text).get("/key"), 401, "key_invalid")
    [changed] = activities()
    assert changed.detail["claims"]["ref"] == "refs/heads/main"


def test_nothing_that_is_not_changed_is_recorded(merchant: Merchant, shop: Shop) -> None:
    rule = make_rule(shop, "orders:export")
    form = FORM | {"name": "Nightly", "expires": "keep", "repository": "octo/shop"}
    assert merchant.put(f"{AT}{rule.id}", data=form).status_code == 200
    assert activities() == []


def test_what_another_tab_saved_is_shown_and_not_undone_unseen(
    merchant: Merchant, stranger: Merchant, shop: Shop
) -> None:
    rule = make_rule(shop, "orders:export")
    at, form = f"{AT}{rule.id}", FORM | {"name": "Nightly", "expires": "keep"}
    card = one(merchant.get("/settings/keys/"), "#workloads")["hx-get"]
    assert merchant.get(card).status_code == 204
    opened = {"version": one(merchant.get(at), "[name=version]")["value"]}
    assert merchant.put(at, data=form | opened | {"claim-ref": "main"}).status_code == 200
    assert "octo/shop" in merchant.get(card).text
    assert "octo/shop" not in stranger.get(card).text

    for again in ({}, {"minutes": "60"}):
        told = merchant.put(at, data=form | opened | again)
        assert told.status_code == 422 and "Save again to replace that" in told.text
        assert rules()[0].claims["ref"] == "refs/heads/main"
    assert [found["type"] for found in select(told, "[data-focus]")] == ["submit"]
    seen = {"version": one(told, "[name=version]")["value"]}
    assert merchant.put(at, data=form | seen).status_code == 200
    assert "ref" not in rules()[0].claims


def test_its_row_says_how_far_its_keys_go(merchant: Merchant, shop: Shop) -> None:
    rule = make_rule(shop, "products:import")
    rule.key.imports, rule.key.environment = "approval", "production"
    rule.key.allowed_addresses = "192.0.2.1"
    db.session.commit()
    page = merchant.get("/settings/keys/").text
    row = page[page.index(f'id="workload-{rule.id}"') :].partition("</tr>")[0]
    for words in ("Production", "Wait for approval", "From 1 address only"):
        assert words in row


def test_it_is_disabled_enabled_and_deleted(merchant: Merchant, shop: Shop) -> None:
    rule = make_rule(shop)
    at = f"{AT}{rule.id}"
    for path in (f"{at}/disabled", f"{at}/delete", f"{at}/lines", f"{at}/token"):
        assert merchant.get(path).status_code == 200
    assert merchant.put(f"{at}/disabled").status_code == 200
    assert rules()[0].key.disabled
    assert merchant.delete(f"{at}/disabled").status_code == 200
    assert not rules()[0].key.disabled
    assert merchant.delete(at).status_code == 200
    assert [activity.kind for activity in activities()] == [
        "workload.disabled",
        "workload.enabled",
        "workload.deleted",
    ]
    assert notices() == ["workload.deleted"]
    assert "Nightly" not in merchant.get("/settings/keys/").text
    gone = merchant.get(at)
    assert gone.status_code == 404 and "no longer exists" in gone.text


def test_a_token_is_tried_claim_by_claim_and_not_used_up(
    app: Flask, merchant: Merchant, shop: Shop, issuer: Issuer
) -> None:
    rule = make_rule(shop, issuer=issuer.url)
    at, good = f"{AT}{rule.id}/token", issuer.token(rule.audience)
    for _ in range(2):
        tried = merchant.post(at, data={"token": good})
        assert "This token would be let in." in tried.text
        assert "Does not fit" not in tried.text
        assert good not in tried.text
    assert db.session.scalars(db.select(WorkloadKey)).all() == []
    assert activities() == []
    bad = issuer.token(rule.audience, repository_id="1", event_name="pull_request_target")
    tried = merchant.post(at, data={"token": bad})
    assert "This token would not be let in." in tried.text
    assert tried.text.count("Does not fit") == 2
    assert "Someone outside the repository can start such a run" in tried.text
    assert activities() == []


def test_a_token_with_half_a_letter_is_none(merchant: Merchant, shop: Shop) -> None:
    rule = make_rule(shop)
    claims = b'{"iss":"\\ud800","jti":"\\ud800","sub":"\\ud800"}'
    token = encoded({"alg": "RS256", "kid": "first"}, claims, FIRST)
    for path in (f"{rule.id}/token", "fields?act=token"):
        answer = merchant.post(f"{AT}{path}", data={"token": token})
        assert "This is not a token" in answer.text


def test_a_used_and_a_hostile_token_are_tried(
    merchant: Merchant, shop: Shop, issuer: Issuer
) -> None:
    rule = make_rule(shop, issuer=issuer.url)
    at = f"{AT}{rule.id}/token"
    hostile = issuer.token(rule.audience, repository_id="<script>alert(1)</script>", sub="\0")
    tried = merchant.post(at, data={"token": hostile})
    assert "<script>alert" not in tried.text and "&lt;script&gt;" in tried.text
    for wrong in ("", "altera_" + "0" * 46, "a.b.c"):
        tried = merchant.post(at, data={"token": wrong})
        assert "This is not a token" in tried.text


def test_bob_sees_and_changes_nothing_of_alices(
    merchant: Merchant, stranger: Merchant, shop: Shop
) -> None:
    rule = make_rule(shop)
    at = f"{AT}{rule.id}"
    answers = [
        stranger.get(at),
        stranger.put(at, data=FORM),
        stranger.delete(at),
        stranger.get(f"{at}/lines"),
        stranger.get(f"{at}/token"),
        stranger.post(f"{at}/token", data={"token": "a.b.c"}),
        stranger.get(f"{at}/delete"),
        stranger.get(f"{at}/disabled"),
        stranger.put(f"{at}/disabled"),
        stranger.delete(f"{at}/disabled"),
        stranger.post(f"/settings/keys/grants?key={rule.key_id}"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert not any(rule.handle in answer.text or "octo" in answer.text for answer in answers)
    assert rules()[0].key.works and rules()[0].key.permissions == {"products:export"}
    assert rule.handle not in stranger.get("/settings/keys/").text
    assert merchant.get(at).status_code == 200


def test_a_store_without_an_address_or_on_a_plan_without_keys_trusts_nothing(
    merchant: Merchant, shop: Shop
) -> None:
    shop.contact_email = None
    db.session.commit()
    assert "Save a notification email first." in merchant.post(AT, data=FORM).text
    assert db.session.scalars(db.select(ApiKey)).all() == []


def test_the_boxes_of_a_rule_are_ticked_like_those_of_a_key(merchant: Merchant, shop: Shop) -> None:
    rule = make_rule(shop)
    answer = merchant.post(f"/settings/keys/grants?preset=read-only&key={rule.key_id}")
    assert answer.status_code == 200
    assert answer.text.count("checked") > 15
