"""Alice's and Bob's stores, and a Shopify that answers from a script."""

import pytest

from tests.cast import ALICE, BOB
from tests.post import Post
from tests.scripted import scripted_server
from tests.transfer.store import Store


@pytest.fixture
def store(app, standin):
    """Alice's store."""
    return Store(app, standin, ALICE)


@pytest.fixture
def other_store(app, standin):
    """Bob's store."""
    return Store(app, standin, BOB)


@pytest.fixture
def scripted():
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
