"""What the app's access scopes let it read and write."""

from functools import lru_cache

from standin.schema import admin


@lru_cache(maxsize=64)
def denied(granted: frozenset[str]) -> dict[str, str]:
    """Every "Type" and "Type.field" that these scopes do not open, with the sentence on what would.

    No scopes at all stand for every scope that exists. A write scope includes its read scope.
    """
    if not granted:
        return {}
    held = granted | {f"read_{s.removeprefix('write_')}" for s in granted if s.startswith("write_")}
    return {
        name: sentence
        for name, (enough, sentence) in admin().access.items()
        if held.isdisjoint(enough)
    }


def existing() -> list[str]:
    return sorted({scope for enough, _ in admin().access.values() for scope in enough})
