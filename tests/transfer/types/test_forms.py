"""Cell forms, each as in real files."""

from zoneinfo import ZoneInfo

import pytest

from transfer.types import forms
from transfer.types.shop_facts import ShopFacts


@pytest.mark.parametrize(
    ("form", "value", "cell"),
    [
        (forms.ID, "gid://shopify/Product/12345678901234567", "12345678901234567"),
        (forms.ID, "gid://shopify/TaxonomyCategory/aa-1-18", "aa-1-18"),
        (forms.MONEY, "59.99", "59.99"),
        (forms.MONEY, "10.0", "10.00"),
        (forms.MONEY, "1000", "1000.00"),
        (forms.MONEY, "1.234", "1.234"),
        (forms.MONEY, "-0.5", "-0.50"),
        (forms.NUMBER, 0.0, "0.0"),
        (forms.NUMBER, "55.0", "55.0"),
        (forms.INTEGER, 0, "0"),
        (forms.BOOLEAN, True, "true"),
        (forms.BOOLEAN, False, "false"),
        (forms.TAGS, ["b", "a b", "C"], "C, a b, b"),
        (forms.TAGS, [], ""),
        (forms.LOWER, "CONTINUE", "continue"),
        (forms.CAPITALISED, "ARCHIVED", "Archived"),
        (forms.WEIGHT_UNIT, "POUNDS", "lb"),
        (forms.WEIGHT_UNIT, "STONES", "stones"),
        (forms.MERGE, "anything", "MERGE"),
    ],
)
def test_form(form, value, cell):
    assert form.render(ShopFacts())(value) == cell


@pytest.mark.parametrize(
    ("zone", "cell"),
    [
        ("America/New_York", "2025-07-01 18:48:46 -0400"),
        ("Asia/Kolkata", "2025-07-02 04:18:46 +0530"),
        ("UTC", "2025-07-01 22:48:46 +0000"),
    ],
)
def test_a_moment_is_told_in_the_shops_zone(zone, cell):
    assert forms.local_time("2025-07-01T22:48:46Z", ZoneInfo(zone)) == cell
    assert forms.MOMENT.render(ShopFacts(zone=zone))("2025-07-01T22:48:46Z") == cell
