"""What each type's file must hold, read from the stand-in and written by hand, without our engine.

A reader has ``SEED``, a ``QUERY`` with ``nodes`` somewhere in it (a page: it takes ``$after`` and
asks ``pageInfo`` where the objects may be many), and ``rows(nodes)``: for each
sheet the rows, each a dict of cells by header. Cells that are not there are empty ones;
``NOT_FILLED`` are headers that no seed can fill, ``NOT_SAID`` what no text of the type can hold
(see ``HARD``), each with the reason.
"""

from collections import Counter
from importlib import import_module

from transfer.types import ALL


def seed_of_all() -> Counter[str]:
    """So many records of each kind that every type has all of its columns."""
    seeds: Counter[str] = Counter()
    for kind in ALL:
        seeds |= Counter(import_module(f"{__name__}.{kind.name}").SEED)
    return seeds
