"""Browsers are told to come with TLS alone, whoever answers them."""

import httpx
import pytest

from app import create_app
from config import read
from tests.attacks.nginx import nginx
from tests.processes import PLAIN
from tests.servers import web

HSTS = "Strict-Transport-Security"
YEAR = "max-age=31536000"


@pytest.mark.parametrize("path", ["/healthz", "/settings/keys/", "/static/app.css", "/nowhere"])
def test_every_answer_of_an_app_behind_tls_demands_tls(environment, application, path):
    app = create_app(read(environment | {"APP_URL": "https://altera.example.com"}))
    with app.test_client().get(path) as answer:
        assert answer.headers.getlist(HSTS) == [YEAR]
    with application.test_client().get(path) as answer:
        assert HSTS not in answer.headers


def test_nginx_demands_it_once_in_its_own_answers_too(environment, tmp_path):
    with (
        web(environment, tmp_path, APP_URL="https://altera.example.com") as server,
        nginx(server.url, tmp_path) as url,
    ):
        ours = httpx.get(f"{url}/healthz", **PLAIN)
        assert (ours.status_code, ours.headers.get_list(HSTS)) == (200, [YEAR])
        theirs = httpx.get(f"{url}/readyz", **PLAIN)
        assert (theirs.status_code, theirs.headers.get_list(HSTS)) == (404, [YEAR])
