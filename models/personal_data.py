"""How much personal data a key sees: all of it, stand-ins in its place, or none."""

from typing import Literal, TypeAlias

from translations import N_

Personal: TypeAlias = Literal["all", "replaced", "none"]
ALL: Personal = "all"
REPLACED: Personal = "replaced"
NONE: Personal = "none"
MODES: tuple[Personal, ...] = (ALL, REPLACED, NONE)
"""From the widest to the narrowest."""

LABELS = {ALL: N_("All"), REPLACED: N_("Replaced"), NONE: N_("None")}
SENTENCES = {
    ALL: N_("The key sees names, addresses, notes and all else about customers."),
    REPLACED: N_("Stand-in values take the place of personal data, the same for one person."),
    NONE: N_("Columns with personal data are left out."),
}
EXAMPLE_COLUMNS = ("Email", "First Name", "Last Name", "Phone", "Note", "Total Spent")
EXAMPLES = {
    ALL: ("ada@example.com", "Ada", "Moss", "+45 12 34 56 78", "Rings twice", "120.00"),
    REPLACED: (
        *("customer-3f9c1d20ab54e677@example.invalid", "Customer", "7F3A9C21", "+9990481516234"),
        *("", "120.00"),
    ),
    NONE: (None, None, None, None, None, "120.00"),
}
"""A customer as a key sees one; None for a column that its files do not have."""


def widened(now: Personal, before: Personal) -> bool:
    """Whether more is seen than before."""
    return MODES.index(now) < MODES.index(before)
