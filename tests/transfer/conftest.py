"""Alice's and Bob's stores, and a Shopify that answers from a script."""

import pytest

from tests.cast import ALICE, BOB
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
