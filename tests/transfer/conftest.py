"""Alice's and Bob's stores."""

import pytest

from tests.cast import ALICE, BOB
from tests.transfer.store import Store


@pytest.fixture
def store(app, standin):
    """Alice's store."""
    return Store(app, standin, ALICE)


@pytest.fixture
def other_store(app, standin):
    """Bob's store."""
    return Store(app, standin, BOB)
