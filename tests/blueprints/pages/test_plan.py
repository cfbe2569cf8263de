"""Settings > Plan, and what a plan without API access closes."""

from datetime import timedelta

import pytest

from models import db, now
from models.activity import Activity
from models.api_key import ApiKey
from shopify import access_token
from tests.cast import (
    ALICE,
    BOB,
    CLIENT_ID,
    CLIENT_SECRET,
    Merchant,
    Script,
    id_token,
    make_key,
    shop_of,
)
from tests.markup import one, select

LONG_AGO, JUST_BEFORE = timedelta(hours=1), timedelta(seconds=3)


@pytest.fixture(autouse=True)
def on_pro(standin):
    yield
    for domain in (ALICE, BOB):
        standin.tell(domain, "plan", name="Pro")


def arrive(app, shop, standin, *, plan: str, **columns) -> Merchant:
    """The merchant of a shop with a token that the stand-in takes, on this plan at Shopify."""
    standin.tell(shop.domain, "plan", name=plan)
    shop.save_tokens(
        **access_token.exchange(
            origin=app.config["SETTINGS"].SHOPIFY_ORIGIN.format(shop=shop.domain),
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            id_token=id_token(shop.domain),
        )
    )
    for name, value in columns.items():
        setattr(shop, name, value)
    db.session.commit()
    return Merchant(app, shop.domain)


def stored(domain: str) -> str:
    db.session.expire_all()
    return shop_of(domain).plan


def test_the_plan_is_known_from_the_first_visit_on(app, standin):
    assert Merchant(app, ALICE).get("/settings/keys/").status_code == 200
    assert stored(ALICE) == "Pro"
    assert db.session.query(Activity).count() == 0


def test_the_page_asks_shopify_every_time_and_names_plan_and_rights(app, shop, standin):
    alice = arrive(app, shop, standin, plan="Free")
    page = alice.get("/settings/plan/")
    assert "API access needs the Pro plan." in page.text
    rows = [
        [cell.get_text().strip() for cell in row.select("td")] for row in select(page, "tbody tr")
    ]
    assert rows == [
        ["✓Included", "✓Included"],
        ["–Not included", "✓Included"],
        ["–Not included", "Unlimited"],
        ["1", "5"],
    ]
    change = one(page, "a[target=_top]")
    assert change["href"] == "https://admin.shopify.com/store/alice/charges/altera/pricing_plans"
    assert change.get_text() == "Change plan" and "primary" in change["class"]
    standin.tell(ALICE, "plan", name="Pro")
    page = alice.get("/settings/plan/")
    assert "API access is included." in page.text
    assert "primary" not in one(page, "a[target=_top]")["class"]  # there is none above it


def test_a_change_is_recorded_once(app, shop, standin):
    alice = arrive(app, shop, standin, plan="Free")
    alice.get("/settings/plan/")
    alice.get("/settings/plan/")
    [change] = db.session.scalars(db.select(Activity).filter_by(shop_id=shop.id))
    assert (change.kind, change.actor_kind) == ("plan.changed", "system")
    assert change.detail == {"old": "Pro", "new": "Free"}


@pytest.mark.parametrize(
    ("path", "age"),
    [
        ("keys/", timedelta(seconds=5)),
        ("keys/card", timedelta(seconds=5)),
        ("keys/new", timedelta(seconds=5)),
        ("jobs/", timedelta(minutes=5)),
        ("activity/", timedelta(minutes=5)),
    ],
)
def test_pages_ask_again_what_depends_on_the_plan_at_the_next_click(app, shop, standin, path, age):
    alice = arrive(app, shop, standin, plan="Free", plan_checked_at=now() - age + JUST_BEFORE)
    alice.get(f"/settings/{path}")
    assert stored(ALICE) == "Pro"
    shop.plan_checked_at = now() - age
    db.session.commit()
    alice.get(f"/settings/{path}")
    assert stored(ALICE) == "Free"


def test_what_the_welcome_link_claims_is_asked_again(app, shop, standin):
    alice = arrive(app, shop, standin, plan="Free")
    alice.get("/settings/keys/?plan_handle=pro")
    assert stored(ALICE) == "Free"
    assert alice.get(f"/settings/plan/?plan_handle=pro&shop={BOB}").status_code == 400


def test_without_api_access_the_keys_stay_readable_and_none_is_created(app, shop, standin):
    key, _ = make_key(shop, "products:export", name="Nightly")
    shop.plan = "Free"
    db.session.commit()
    alice = Merchant(app, ALICE)
    page = alice.get("/settings/keys/").text
    assert "Nightly" in page
    assert "API keys need the Pro plan." in page
    made = alice.post("/settings/keys/", data={"permission": "products:export", "request_id": "r"})
    assert made.status_code == 422
    assert "API keys need the Pro plan." in made.text
    assert db.session.query(ApiKey).count() == 1


def test_calls_without_api_access_are_told_the_plan_and_keys_work_again_later(app, shop):
    program = Script(app, make_key(shop, "products:export")[1])
    shop.plan = "Free"
    db.session.commit()
    refused = program.get("/key")
    assert (refused.status_code, refused.json["code"]) == (403, "plan_without_api")
    assert "needs the Pro plan" in refused.json["detail"]
    assert "this store is on Free" in refused.json["detail"]
    assert "Settings > Plan" in refused.json["detail"]
    shop.plan = "Pro"
    db.session.commit()
    assert program.get("/key").status_code == 200


@pytest.mark.parametrize("plan", ["pro", "PRO", "Pro ", "Gold"])
def test_names_are_matched_exactly(app, shop, plan):
    shop.plan = plan
    db.session.commit()
    assert Script(app, make_key(shop)[1]).get("/key").json["code"] == "plan_without_api"


def test_a_shop_that_was_never_asked_about_is_not_locked_out(app, shop):
    shop.plan, shop.plan_checked_at = "", None
    db.session.commit()
    assert Script(app, make_key(shop)[1]).get("/key").status_code == 200


def test_a_plan_of_one_shop_says_nothing_of_another(app, shop, other_shop, standin):
    arrive(app, shop, standin, plan="Free").get("/settings/plan/")
    bob = arrive(app, other_shop, standin, plan="Pro")
    assert "API access is included." in bob.get("/settings/plan/").text
    assert (stored(ALICE), stored(BOB)) == ("Free", "Pro")
    assert Script(app, make_key(other_shop)[1]).get("/key").status_code == 200


def test_when_shopify_does_not_answer_the_page_keeps_the_last_known_plan(app, shop):
    shop.plan_checked_at = now() - LONG_AGO
    db.session.commit()
    page = Merchant(app, ALICE).get("/settings/plan/").text
    assert "This is the last known plan." in page
    assert stored(ALICE) == "Pro"
