"""Cell forms, each as in real files."""

from zoneinfo import ZoneInfo

import pytest

from transfer import cells


@pytest.mark.parametrize(
    ("form", "value", "cell"),
    [
        (cells.ID, "gid://shopify/Product/12345678901234567", "12345678901234567"),
        (cells.ID, "gid://shopify/TaxonomyCategory/aa-1-18", "aa-1-18"),
        (cells.MONEY, "59.99", "59.99"),
        (cells.MONEY, "10.0", "10.00"),
        (cells.MONEY, "1000", "1000.00"),
        (cells.MONEY, "1.234", "1.234"),
        (cells.MONEY, "-0.5", "-0.50"),
        (cells.NUMBER, 0.0, "0.0"),
        (cells.NUMBER, "55.0", "55.0"),
        (cells.INTEGER, 0, "0"),
        (cells.BOOLEAN, True, "true"),
        (cells.BOOLEAN, False, "false"),
        (cells.TAGS, ["b", "a b", "C"], "C, a b, b"),
        (cells.TAGS, [], ""),
        (cells.LOWER, "CONTINUE", "continue"),
        (cells.CAPITALISED, "ARCHIVED", "Archived"),
        (cells.WEIGHT_UNIT, "POUNDS", "lb"),
        (cells.WEIGHT_UNIT, "STONES", "stones"),
        (cells.MERGE, "anything", "MERGE"),
    ],
)
def test_form(form, value, cell):
    assert form.reader({})(value) == cell


@pytest.mark.parametrize(
    ("zone", "cell"),
    [
        ("America/New_York", "2025-07-01 18:48:46 -0400"),
        ("Asia/Kolkata", "2025-07-02 04:18:46 +0530"),
        ("UTC", "2025-07-01 22:48:46 +0000"),
    ],
)
def test_a_moment_is_told_in_the_shops_zone(zone, cell):
    assert cells.moment("2025-07-01T22:48:46Z", ZoneInfo(zone)) == cell
    assert cells.MOMENT.reader({"zone": zone})("2025-07-01T22:48:46Z") == cell
