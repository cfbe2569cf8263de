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
        if header in (members.paths or {}):
            own = members.paths[header]
            path = path if path and path not in only_new else own
    keys = {h for part in (writing, *writing.members) for key in part.keys for h in key.headers}
    if header == "ID" or (header in keys and (not path or path in only_new)):
        return NAMES
    if not path:
        return YES if header in {members.position for members in writing.members} else NO
    return NEW if header in fixed or path in only_new else YES
