"""The plan of the shop: Pro at first, picked on a page or by a program."""

import pytest

from standin.server import create_standin
from tests.standin.serving import SHOP, settings

PAGE = "/store/demo/charges/altera/pricing_plans"
BACK = "/store/demo/apps/altera?plan_handle=free"


@pytest.fixture
def client(tmp_path):
    app = create_standin(settings(tmp_path))
    with app.test_client() as client:
        yield client
    app.extensions["standin"].store.close()


@pytest.fixture
def shop(client):
    return client.application.extensions["standin"].store.shop(SHOP)


def test_a_program_sets_the_plan(client, shop):
    answer = client.post(f"/_standin/{SHOP}/plan", json={"name": "Free"})
    assert (answer.status_code, answer.json) == (200, {"name": "Free"})
    assert shop.setting("plan") == "Free"


@pytest.mark.parametrize("name", ["Gold", "", None, 3, ["Pro"]])
def test_an_unknown_plan_is_refused_by_name(client, shop, name):
    answer = client.post(f"/_standin/{SHOP}/plan", json={"name": name})
    assert answer.status_code == 422
    assert "Free and Pro" in answer.text
    assert shop.setting("plan") is None


def test_the_page_starts_on_pro_and_a_click_changes_it(client, shop):
    assert "Choose Free" in client.get(PAGE).text
    assert "Choose Pro" not in client.get(PAGE).text

    answer = client.post(PAGE, data={"name": "Free"})
    assert (answer.status_code, answer.location) == (303, BACK)
    assert shop.setting("plan") == "Free"
    assert "Choose Pro" in client.get(PAGE).text
