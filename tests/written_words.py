"""What the guide says of each column: whether an import writes it."""

from transfer.rows.columns import BoundColumn
from transfer.types.base import DataType

NAMES, COMMAND, NEW, YES, NO = "finds it", "command", "new only", "yes", "no"


def written(kind: DataType, bound: BoundColumn) -> str:
    """``yes``, ``no``, only to what is ``new``, or what the column is for otherwise."""
    writing, header, path = kind.writing, bound.header, bound.column.write
    assert writing
    combined = (members.combined for members in writing.members)
    asks = {combinations.asked for combinations in combined if combinations}
    if header == "Command" or header.endswith(" Command") or header in asks:
        return COMMAND
    block = bound.block
    sets = [one for one in writing.members if one.of == block.of and one.side in ("", block.part)]
    fixed = {*writing.fixed, *(header for members in sets for header in members.fixed)}
    only_new = path in writing.only_new or any(path in members.only_new for members in sets)
    holding = [one for one in sets if header in (one.paths or {})]
    if holding:  # each set says where the column goes in it
        paths = [(members, (members.paths or {})[header]) for members in holding]
        path = paths[0][1]
        only_new = all(bool(members.once) or own in members.only_new for members, own in paths)
    of_members = [key for members in writing.members for key in members.keys]
    keys = {header for key in [*writing.keys, *of_members] for header in key.headers}
    if header == "ID" or (header in keys and (not path or only_new)):
        return NAMES
    if not path:
        return YES if header in {members.position for members in writing.members} else NO
    return NEW if header in fixed or only_new else YES
