"""The facts of a shop as a job keeps them."""

import json
from dataclasses import fields
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from transfer.types.shop_facts import KINDS, Fact, MetafieldDefinition, ShopFacts

OLD = {
    "zone": "America/New_York",
    "locations": [{"id": "gid://shopify/Location/1", "name": "North Depot"}],
    "catalogs": [
        {"alias": "c0", "name": "Nordics", "publication": None, "price_list": "gid://shopify/P/7"}
    ],
    "channels": [{"alias": "pos", "name": "Point of Sale", "publication": "gid://shopify/P/5"}],
    "metafields:PRODUCT": [
        {"alias": "m0", "name": "a.b [color]", "namespace": "a", "key": "b", "type": "color"}
    ],
    "metafields:PRODUCTVARIANT": [],
    "redacted": ["email", "addresses.zip"],
}
"""As jobs of version 0.1 kept them."""


def facts():
    names = {f.name for f in fields(ShopFacts)} & KINDS.keys() - {"metafields"}
    lists = {name: st.lists(st.builds(KINDS[name])).map(tuple) for name in names}
    definitions = st.lists(st.builds(MetafieldDefinition)).map(tuple)
    owned = st.dictionaries(st.sampled_from(["PRODUCT", "ORDER"]), definitions)
    texts = st.lists(st.text()).map(tuple)
    return st.builds(ShopFacts, metafields=owned, redacted=texts, domains=texts, **lists)


@given(facts())
def test_facts_come_back_from_json_as_they_were(found):
    assert ShopFacts.from_json(json.loads(json.dumps(found.as_json()))) == found


def test_jobs_of_earlier_versions_keep_their_facts():
    found = ShopFacts.from_json(OLD)
    assert found.zone == "America/New_York" and found.redacted == ("email", "addresses.zip")
    assert [d.name for d in found.named("metafields:PRODUCT")] == ["a.b [color]"]
    assert found.named("metafields:PRODUCTVARIANT") == found.named("metaobject_types") == ()
    catalogs = OLD["catalogs"]
    assert isinstance(catalogs, list)
    [catalog] = catalogs
    kept: dict[str, object] = {**OLD} | {"catalogs": [catalog | {"currency": ""}]}
    assert {name: found.as_json()[name] for name in OLD} == kept


def test_every_kind_of_fact_can_be_kept():
    assert set(KINDS.values()) == set(get_args(Fact))
    assert KINDS.keys() <= {f.name for f in fields(ShopFacts)}
