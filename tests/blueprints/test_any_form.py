"""Forms, filters and addresses filled with anything: an answer in words, never a fault of ours."""

from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from blueprints.keys.list_query import ORDERS, STATES
from blueprints.pages.activity_query import ActivityQuery
from blueprints.pages.activity_wording import KINDS
from models import db
from models.api_key import MAX_NAME, MOST_CALLS_PER_MINUTE, ApiKey
from tests.cast import make_key, shop_of
from tests.chance import examples
from transfer.permissions import PERMISSIONS
from transfer.reading.filters import BadFilter, search
from transfer.types import ALL

pytestmark = pytest.mark.both_databases

ANY = st.text(max_size=80)
BOUNDED = settings(
    max_examples=examples(25),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
KEY_FORM = st.fixed_dictionaries(
    {},
    optional={
        "name": ANY,
        "expires": ANY | st.sampled_from(["30", "date", "never", "keep"]),
        "day": ANY | st.dates().map(str),
        "allowed_addresses": ANY | st.ip_addresses().map(str),
        "calls_per_minute": ANY | st.integers().map(str),
        "permission": st.lists(ANY | st.sampled_from(sorted(PERMISSIONS)), max_size=4),
        "request_id": ANY,
        "overlap": ANY | st.sampled_from(["none", "day"]),
    },
)
ADDRESS = st.fixed_dictionaries(
    {},
    optional={
        "key": ANY | st.integers().map(str),
        "kind": ANY | st.sampled_from(sorted(KINDS)),
        "day": ANY | st.dates().map(str),
        "words": ANY,
        "before": ANY | st.integers().map(str),
        "q": ANY,
        "state": ANY | st.sampled_from(sorted(STATES)),
        "order": ANY | st.sampled_from(sorted(ORDERS)),
        "page": ANY | st.integers().map(str),
        "preset": ANY,
        "column": ANY,
    },
)


@BOUNDED
@given(form=KEY_FORM)
def test_any_key_form_makes_a_sound_key_or_a_sentence(merchant, shop, form):
    form = form | {"permission": form.get("permission", [])}
    answer = merchant.post("/settings/keys/", data=form)
    assert answer.status_code in (200, 422)
    assert answer.status_code == 200 or "error" in answer.text
    for key in db.session.scalars(db.select(ApiKey)):
        assert 0 < len(key.name) <= MAX_NAME and key.name.isprintable()
        assert key.permissions and key.permissions <= set(PERMISSIONS)
        assert 1 <= key.calls_per_minute <= MOST_CALLS_PER_MINUTE
    db.session.execute(db.update(ApiKey).values(deleted_at=db.func.current_timestamp()))
    db.session.commit()


@BOUNDED
@given(form=KEY_FORM)
def test_any_form_leaves_a_key_sound(merchant, shop, form):
    key = db.session.scalar(db.select(ApiKey)) or make_key(shop, "products:export")[0]
    address = f"/settings/keys/{key.id}"
    for method, path in (("PUT", address), ("POST", "/settings/keys/grants")):
        assert merchant._send(method, path, data=form).status_code in (200, 422)
    if "overlap" not in form or form["overlap"] not in ("none", "day"):
        assert merchant.post(f"{address}/rotation", data=form).status_code == 422
    db.session.expire_all()
    kept = db.session.get_one(ApiKey, key.id)
    assert kept.deleted_at is None
    assert kept.permissions and kept.permissions <= set(PERMISSIONS)
    assert kept.name.isprintable() and kept.name


@BOUNDED
@given(typed=ANY | st.emails())
def test_any_address_is_kept_as_an_address_or_refused(merchant, shop, typed):
    before = shop.contact_email
    answer = merchant.put("/settings/email", data={"email": typed})
    db.session.expire_all()
    kept = shop_of(shop.domain).contact_email or ""
    assert answer.status_code in (200, 422)
    assert kept == before if answer.status_code == 422 else "@" in kept and "\n" not in kept


@pytest.mark.parametrize(
    "path", ["activity/", "activity/list", "activity/older", "activity/file", "keys/", "keys/list"]
)
@BOUNDED
@given(sent=ADDRESS)
def test_any_address_of_a_page_is_answered(merchant, shop, path, sent):
    answer = merchant.get(f"/settings/{path}?{urlencode(sent, errors='replace')}")
    assert answer.status_code in (200, 204)


@BOUNDED
@given(sent=ADDRESS)
def test_filters_that_were_read_are_read_the_same_again(sent):
    query = ActivityQuery.parse(sent)
    again = ActivityQuery.parse(MultiDict(query.as_arguments()))
    assert (again.key_id, again.kind, again.day) == (query.key_id, query.kind, query.day)
    assert again.words == query.words


@BOUNDED
@given(
    kind=st.sampled_from(ALL),
    filters=st.dictionaries(
        ANY | st.sampled_from(["title", "status", "path", "created_at_min", "ids"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | ANY,
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY, inner, max_size=2),
            max_leaves=4,
        ),
        max_size=3,
    ),
)
def test_any_filter_is_a_search_or_a_sentence(kind, filters):
    try:
        found = search(kind, filters)
    except BadFilter as error:
        assert str(error).endswith(".")
    else:
        assert isinstance(found, str)
