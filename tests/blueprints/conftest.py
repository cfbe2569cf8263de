"""Stores whose jobs can be asked for, and programs with their keys."""

import pytest

from tests.cast import ALICE, BOB, Merchant, Script


@pytest.fixture
def store(store, jobs_database):
    return store


@pytest.fixture
def other_store(other_store, jobs_database):
    return other_store


@pytest.fixture
def program(app, store):
    """A program with a key of Alice's: it may export products and redirects, import redirects."""
    return Script(app, store.key_text)


@pytest.fixture
def bobs_program(app, other_store):
    """A program with a key of Bob's that may do the same in his store."""
    return Script(app, other_store.key_text)


@pytest.fixture
def alice(app, store):
    """Alice, in the admin of her shop, whose store stands in the stand-in."""
    return Merchant(app, ALICE)


@pytest.fixture
def bob(app, other_store):
    return Merchant(app, BOB)
