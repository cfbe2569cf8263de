"""What is logged, and what never is, by the server as it is deployed."""

import time

import httpx
import orjson
import pytest

from logs import _without_secrets
from models import db
from models.key_format import generate
from tests.cast import ALICE, id_token, make_key
from tests.forked import Program
from tests.processes import PLAIN
from tests.servers import web

KEYS = "/api/v1/key"
DBOS_LOGS = """
import logs
logs.configure("json")
from dbos._logger import dbos_logger, init_logger
init_logger()
dbos_logger.error("a workflow failed")
"""
CARELESS = """
import logging, sys, structlog, logs
form, key, printed = sys.argv[1:]
sys.stdout = open(printed, "w")
logs.configure(form)
structlog.get_logger("ours").info("ours", key=key)
logging.getLogger("library").warning("library %s", key)
try:
    raise ValueError(key)
except ValueError:
    logging.getLogger("library").exception("failed")
"""


@pytest.fixture
def said(tmp_path):
    """What a program says that is this code with these arguments."""

    def said(code, *arguments):
        log = tmp_path / "said.log"
        log.touch()
        assert Program(["-c", code, *arguments], {}, log).wait(60) == 0, log.read_text()
        return log.read_text()

    return said


@pytest.fixture
def serve(environment, tmp_path):
    """A server that logs as it is told; returns a function that starts it."""
    return lambda **more: web(environment, tmp_path, **more)


def requests(server):
    return [line for line in server.logged() if line["event"] == "request"]


def test_every_request_is_a_line_with_its_ids(shop, serve):
    key, text = make_key(shop, "products:export")
    with serve(LOG_REQUESTS="all") as server:
        headers = {"Authorization": f"Bearer {text}", "X-Request-Id": "from-the-proxy-1"}
        answer = httpx.get(server.url + KEYS, headers=headers, **PLAIN)
        page = httpx.get(
            f"{server.url}/settings/keys/", params={"id_token": id_token(ALICE)}, **PLAIN
        )
        assert (answer.status_code, page.status_code) == (200, 200)
    called, shown = [line for line in requests(server) if line["path"] != "/healthz"]
    assert called["request_id"] == answer.headers["X-Request-Id"] == "from-the-proxy-1"
    assert (called["shop_id"], called["key_id"], called["status"]) == (shop.id, key.id, 200)
    assert called["method"] == "GET" and called["path"] == KEYS and called["seconds"] >= 0
    assert (shown["shop_id"], shown["path"]) == (shop.id, "/settings/keys/")
    assert shown["request_id"] == page.headers["X-Request-Id"] != called["request_id"]
    written = server.log.read_text()
    assert text not in written and "id_token" not in written


@pytest.mark.parametrize(("wanted", "lines"), [("errors", 1), ("none", 0)])
def test_a_request_that_fails_can_be_found_by_its_id(shop, serve, wanted, lines):
    key, text = make_key(shop, "products:export")
    headers = {"Authorization": f"Bearer {text}", "X-Request-Id": "not\tan id of a proxy"}
    with serve(LOG_REQUESTS=wanted) as server:
        assert httpx.get(server.url + KEYS, headers=headers, **PLAIN).status_code == 200
        break_keys()
        try:
            answer = httpx.get(server.url + KEYS, headers=headers, **PLAIN)
        finally:
            mend_keys()
    assert answer.status_code == 500
    assert len(requests(server)) == lines
    [raised] = [line for line in server.logged() if "exception" in line]
    assert raised["level"] == "error" and "api_keys" in raised["exception"]
    if lines:
        [line] = requests(server)
        assert line["request_id"] == raised["request_id"] == answer.headers["X-Request-Id"]
        assert line["status"] == 500
    assert text not in server.log.read_text()


def break_keys():
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE api_keys RENAME TO elsewhere")


def mend_keys():
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO api_keys")


def test_for_a_terminal_logs_are_words(shop, serve):
    with serve(LOG_REQUESTS="all", LOG_FORMAT="text") as server:
        httpx.get(server.url + KEYS, **PLAIN)
    assert "request" in server.log.read_text() and "{" not in server.log.read_text()


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param(generate(), id="key"),
        "shpat_0123456789abcdef",
        "shprt_0123456789abcdef",
        id_token(ALICE),
        "Bearer whatever-it-is",
        "id_token=abc.def",
        "hmac=0123abcd",
    ],
)
def test_a_secret_in_any_part_of_a_line_becomes_three_dots(secret):
    event = {"event": f"Called with {secret} in vain", "exception": f"at '{secret}'", "status": 500}
    kept = _without_secrets(None, "error", event)
    hidden = secret.rpartition("=")[2].removeprefix("Bearer ")
    assert hidden not in str(kept)
    assert kept["event"].endswith("… in vain") and kept["status"] == 500


@pytest.mark.parametrize("form", ["json", "text"])
def test_whoever_logs_a_secret_logs_three_dots(form, said, tmp_path):
    """Ours, a library and an exception that nobody caught, as a process is configured."""
    key, printed = generate(), tmp_path / "printed"
    log = said(CARELESS, form, key, str(printed))
    assert printed.read_text() == ""
    assert "ours" in log and "library" in log and "ValueError" in log
    assert key not in log and key[7:] not in log


def test_what_dbos_logs_is_a_line_like_any_other(said):
    [line] = said(DBOS_LOGS).splitlines()
    found = orjson.loads(line)
    assert (found["event"], found["logger"]) == ("a workflow failed", "dbos")


def test_a_text_of_a_caller_neither_moves_the_terminal_nor_looks_like_a_line(said):
    path = "/\x1b[2Jred\n2026-11-25T00:00:00Z [error    ] forged\r\x9b1m"
    code = (
        f"import logging, logs; logs.configure('text'); logging.error('Exception on %s', {path!r})"
    )
    [line] = said(code).splitlines()
    assert line.isprintable() and r"\x1b[2Jred\n2026" in line


@pytest.mark.parametrize("piece", ["eyJ", "eyJ.", "altera_", "shpat_", "token=", "Bearer ", "a-"])
def test_a_long_line_is_searched_in_no_time(piece):
    said = piece * (200_000 // len(piece))
    started = time.monotonic()
    _without_secrets(None, "error", {"event": said})
    assert time.monotonic() - started < 5


def test_words_that_are_no_secret_stay():
    said = "Export exp_0123456789 of altera.myshopify.com took 3 s"
    assert _without_secrets(None, "info", {"event": said}) == {"event": said}
