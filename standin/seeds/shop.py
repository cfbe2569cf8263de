"""The Shop: there is one, and every seeding makes sure of it."""

from collections.abc import Iterator

from standin.seeds.base import Seeder


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    return iter(())
