"""A key that ends or changes does so in every process at once."""

import secrets
from datetime import timedelta

import httpx
import pytest

from models import db, now
from tests.cast import free_port, make_key
from tests.processes import running

pytestmark = pytest.mark.both_databases

CALLS = 20
"""So many hardly ever reach one of two workers alone."""


@pytest.fixture(scope="module")
def address(environment, application, tmp_path_factory):
    """Two workers of one thread each, on the tests' database."""
    port = free_port()
    command = ["gunicorn", "--config", "/dev/null", "--no-control-socket", "--workers", "2"]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "error", "app:create_app()"]
    log = tmp_path_factory.mktemp("workers") / "log"
    settings = environment | {"TRUSTED_PROXIES": "127.0.0.0/8"}
    with running(command, settings, log, f"http://127.0.0.1:{port}/healthz"):
        yield f"http://127.0.0.1:{port}/api/v1/key"


def answers(address, text):
    """The codes of many calls from an address that nobody has called from."""
    where = f"2001:db8::{secrets.token_hex(2)}"
    headers = {"Authorization": f"Bearer {text}", "X-Forwarded-For": where}
    with httpx.Client(headers=headers, verify=False) as client:
        return {client.get(address).status_code for _ in range(CALLS)}


@pytest.mark.parametrize("column", ["deleted_at", "disabled_at", "retires_at", "expires_at"])
def test_incident_7_a_key_that_is_over_is_over_in_every_worker(address, shop, column):
    key, text = make_key(shop, "products:export", name=column)
    assert answers(address, text) == {200}
    setattr(key, column, now() - timedelta(seconds=1))
    db.session.commit()
    assert answers(address, text) == {401}


def test_incident_7_an_address_list_holds_in_every_worker(address, shop):
    key, text = make_key(shop, "products:export", name="bound")
    assert answers(address, text) == {200}
    key.allowed_addresses = "203.0.113.0/24"
    db.session.commit()
    assert answers(address, text) == {403}
