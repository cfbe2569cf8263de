"""Two sizes of a window, of which ``make test`` takes one for each test and ``make test-all`` both.

About half of the tests are on a desk and half on a phone, so that each page is seen on both. That
every page, dialog and question fits is looked at on every size: test_screens.py.
"""

from typing import Any

import pytest

Window = dict[str, Any]


def sizes(desk: Window, phone: Window) -> tuple[pytest.MarkDecorator, pytest.MarkDecorator]:
    """Marks for a test: on a desk, and on a phone with ``--everything``; and the other way."""
    everything = pytest.mark.everything
    on_desk = [pytest.param(desk, id="desk"), pytest.param(phone, id="phone", marks=everything)]
    on_phone = [pytest.param(desk, id="desk", marks=everything), pytest.param(phone, id="phone")]
    return pytest.mark.parametrize("window", on_desk), pytest.mark.parametrize("window", on_phone)


def pairs(first: list[Any], second: list[Any]) -> list[Any]:
    """All pairs of two lists of one length; without ``--everything`` the n-th with the n-th."""
    return [
        pytest.param(one, other, marks=[] if n == m else [pytest.mark.everything])
        for n, one in enumerate(first)
        for m, other in enumerate(second)
    ]
