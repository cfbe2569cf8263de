"""How much personal data a key sees: all of it, stand-ins in its place, or none."""

from typing import Literal, TypeAlias

Personal: TypeAlias = Literal["all", "replaced", "none"]
ALL: Personal = "all"
REPLACED: Personal = "replaced"
NONE: Personal = "none"
MODES: tuple[Personal, ...] = (ALL, REPLACED, NONE)
"""From the widest to the narrowest."""
