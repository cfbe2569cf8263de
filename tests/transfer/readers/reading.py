"""Cells by hand."""

from datetime import datetime
from decimal import Decimal
from itertools import zip_longest
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")


def at(item, path):
    """The value at a dotted path; None where it ends early."""
    for name in path.split("."):
        item = item.get(name) if item is not None else None
    return item


def text(value):
    return "" if value is None else str(value)


def number(gid):
    return "" if gid is None else gid.split("/")[-1].split("?")[0]


def money(value):
    if value is None:
        return ""
    exponent = Decimal(value).as_tuple().exponent
    assert isinstance(exponent, int)
    places = max(2, -exponent)
    return f"{Decimal(value):.{places}f}"


def shortest(value):
    """A decimal with no more decimals than it needs, but one."""
    return "" if value is None else str(float(value))


def percentage(value):
    return "" if value is None else f"{value:g}"


def when(value):
    if value is None:
        return ""
    return datetime.fromisoformat(value).astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S %z")


def yes(value):
    return "" if value is None else str(value).lower()


def lower(value):
    return text(value).lower()


def tags(value):
    return ", ".join(sorted(value or ()))


def lines(attributes):
    """Custom attributes, a line each."""
    return "\n".join(f"{a['key']}: {a['value'] or ''}" for a in attributes)


def cells(item, columns):
    """``{header: (path, form)}`` of one object; blank cells when there is none."""
    if item is None:
        return dict.fromkeys(columns, "")
    return {header: form(at(item, path)) for header, (path, form) in columns.items()}


def beside(top, repeated, *groups):
    """Rows of one object: its own cells, then lists of cells side by side."""
    blanks = [dict.fromkeys(group[0], "") if group else {} for group in groups]
    found = []
    for place, parts in enumerate(zip_longest(*groups) if any(groups) else [()]):
        row = dict(repeated) | (top if place == 0 else dict.fromkeys(top, ""))
        for part, blank in zip(parts, blanks, strict=False):
            row |= blank if part is None else part
        found.append(row)
    return found
