"""What is worked out for the lines of orders and draft orders."""

from decimal import Decimal

import pytest

from transfer.types.sale_columns import divided


@pytest.mark.parametrize(
    ("total", "count", "each"),
    [
        ("10.00", 3, "3.33"),
        ("10.0", 3, "3.33"),
        ("20.00", 3, "6.67"),
        ("1.000", 3, "0.333"),
        ("1000", 7, "142.86"),
        ("0.0", 3, "0.00"),
    ],
)
def test_a_part_has_the_decimals_of_the_whole(total, count, each):
    assert str(divided(Decimal(total), count)) == each
