"""Shopify's own words about what it does not take, with the column that they are about."""

from collections.abc import Iterable, Mapping
from typing import Any

from transfer.importing.columns import FileColumns
from transfer.types.writing import Mutation


def refusal(columns: FileColumns, mutation: Mutation, errors: Iterable[Mapping[str, Any]]) -> str:
    """The userErrors of a mutation as a comment."""
    return "; ".join(_error(columns, mutation, error) for error in errors)


def _error(columns: FileColumns, mutation: Mutation, error: Mapping[str, Any]) -> str:
    """An error in Shopify's words, behind the header of the column that writes to its field."""
    header = _header(columns, mutation, [str(part) for part in error.get("field") or ()])
    return f"{header}: {error['message']}" if header else str(error["message"])


def _header(columns: FileColumns, mutation: Mutation, field: list[str]) -> str:
    inside = mutation.input.split(".")
    names = [part for part in field if not part.isdigit()]
    if names[: len(inside)] == inside:
        names = names[len(inside) :]
    for members in columns.writing.members:
        if members.into and names[:1] == [members.into]:
            return _header_for(columns, members.of, ".".join(names[1:]), dict(members.within))
        if mutation in (members.create, members.update) and mutation.takes_list:
            return _header_for(columns, members.of, ".".join(names), {})
    return _header_for(columns, "", ".".join(names), {})


def _header_for(columns: FileColumns, of: str, path: str, within: dict[str, str]) -> str:
    """The header of the column of the object, or of a nested set, that writes to a path."""
    for header, bound in columns.columns.items():
        if bound.block.of != of or not bound.column.write:
            continue
        write = bound.column.write.rpartition(":")[2]
        plain = ".".join(part for part in within.get(write, write).split(".") if not part.isdigit())
        if path and plain == path:
            return header
    return ""
