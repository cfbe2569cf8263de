"""What the guide says of each column: whether an import writes it."""

from transfer.rows.columns import BoundColumn
from transfer.types.base import DataType

NAMES, COMMAND, NEW, YES, NO = "finds it", "command", "new only", "yes", "no"


def written(kind: DataType, bound: BoundColumn) -> str:
    """``yes``, ``no``, only to what is ``new``, or what the column is for otherwise."""
    writing, header, path = kind.writing, bound.header, bound.column.write
    assert writing
    if header == "Command" or header.endswith(" Command"):
        return COMMAND
    fixed, only_new = set(writing.fixed), set(writing.only_new)
    for members in writing.members:
        if members.of != bound.block.of or (members.side and members.side != bound.block.part):
            continue
        fixed |= set(members.fixed)
        only_new |= set(members.only_new)
        paths = members.paths or {}
        if header in paths:
            own = paths[header]
            path = path if path and path not in only_new else own
    of_members = [key for members in writing.members for key in members.keys]
    keys = {header for key in [*writing.keys, *of_members] for header in key.headers}
    if header == "ID" or (header in keys and (not path or path in only_new)):
        return NAMES
    if not path:
        return YES if header in {members.position for members in writing.members} else NO
    return NEW if header in fixed or path in only_new else YES
