"""Merchants whose stores stand in the stand-in."""

import pytest

from tests.cast import ALICE, BOB, Merchant


@pytest.fixture
def alice(app, store):
    return Merchant(app, ALICE)


@pytest.fixture
def bob(app, other_store):
    return Merchant(app, BOB)
