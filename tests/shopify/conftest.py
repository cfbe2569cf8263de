"""A Shopify that answers from a script."""

import pytest

from tests.scripted import scripted_server


@pytest.fixture
def scripted():
    with scripted_server() as server:
        yield server
