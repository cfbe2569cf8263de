"""The one SELECT of the hot path outlives what happens to its connection."""

import pytest

from models import db
from tests.cast import holder, make_key

pytestmark = pytest.mark.both_databases


def test_a_key_is_found_after_the_engine_was_disposed_of(app, shop):
    key, text = make_key(shop, "products:export")
    assert holder(text).key_id == key.id
    key_id = key.id
    db.session.close()
    db.engine.dispose()
    assert holder(text).key_id == key_id
