"""Two sizes of a window, of which ``make test`` takes one for each test and ``make test-all`` both.

About half of the tests are on a desk and half on a phone, so that each page is seen on both. That
every page, dialog and question fits is looked at on every size: test_screens.py. Where a size
changes nothing but the look, one visit takes both in turn, or the last one alone in ``make test``.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.browser.admin import Admin

Window = dict[str, Any]


def sizes(desk: Window, phone: Window) -> tuple[pytest.MarkDecorator, pytest.MarkDecorator]:
    """Marks for a test: on a desk, and on a phone with ``--everything``; and the other way."""
    everything = pytest.mark.everything
    on_desk = [pytest.param(desk, id="desk"), pytest.param(phone, id="phone", marks=everything)]
    on_phone = [pytest.param(desk, id="desk", marks=everything), pytest.param(phone, id="phone")]
    return pytest.mark.parametrize("window", on_desk), pytest.mark.parametrize("window", on_phone)


def in_turn(admin: "Admin", *windows: Window) -> Iterator[None]:
    """Give the window that is open each of these sizes."""
    for window in windows:
        if admin.page.viewport_size != window["viewport"]:
            admin.page.set_viewport_size(window["viewport"])
        yield


def in_turn_or_last(admin: "Admin", *windows: Window) -> Iterator[None]:
    """With ``--everything`` each of these sizes, else the last one alone."""
    return in_turn(admin, *(windows if admin.everything else windows[-1:]))
