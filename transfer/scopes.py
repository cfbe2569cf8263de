"""The Admin API access scopes that the registry needs, and no more."""

from transfer.types import ALL


def scopes() -> list[str]:
    """Every scope that some data type declares, sorted, each once."""
    return sorted({scope for kind in ALL for scope in kind.scopes})
