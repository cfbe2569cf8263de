"""Stores for the calls that move data, and the database of the jobs."""

import pytest

from tests.cast import ALICE, BOB, Script
from tests.transfer.store import Store
from worker import make_database


@pytest.fixture(scope="session")
def jobs_database(application):
    """The jobs database, made; no worker looks at it."""
    make_database(application.config["SETTINGS"].jobs_database_url)


@pytest.fixture
def store(app, standin, jobs_database):
    """Alice's store."""
    return Store(app, standin, ALICE)


@pytest.fixture
def other_store(app, standin, jobs_database):
    """Bob's store."""
    return Store(app, standin, BOB)


@pytest.fixture
def program(app, store):
    """A program with a key of Alice's: it may export products and redirects, import redirects."""
    return Script(app, store.key_text)


@pytest.fixture
def bobs_program(app, other_store):
    """A program with a key of Bob's that may do the same in his store."""
    return Script(app, other_store.key_text)
