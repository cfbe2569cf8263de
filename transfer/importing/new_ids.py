"""The ids of what calls have added to an object: found in the store, as no answer tells them."""

from models.import_object import CREATE
from transfer.importing.columns import FileColumns
from transfer.importing.comparison import Comparison
from transfer.importing.work import Work
from transfer.reading.objects import path_getter
from transfer.types.base import Item
from transfer.types.writing import NEW_MEMBER, OF_OBJECT


def new_id(
    columns: FileColumns, comparison: Comparison, work: Work, placeholder: str
) -> str | None:
    """What stands for ``<list>/<n>/<path>``: found in the store by the keys of the n-th member
    that the plan creates there."""
    if work.known is None:
        return None
    if placeholder.startswith(OF_OBJECT):
        return _of_item(work.known.item or {}, placeholder.removeprefix(OF_OBJECT))
    if not placeholder.startswith(NEW_MEMBER):
        return None
    of, number, at = placeholder.removeprefix(NEW_MEMBER).split("/")
    names = {one.name: one.at or one.of for one in columns.writing.members}
    new = [
        one
        for one in work.after["members"]
        if names.get(one["set"]) == of and one["action"] == CREATE
    ]
    planned = new[int(number) : int(number) + 1]
    member = comparison.member(work.known, planned[0]) if planned else None
    children: list[Item] = (work.known.item or {}).get(of) or []
    child = next((one for one in children if member and one.get("id") == member.ref), None)
    if member is None and work.planned.action == CREATE and len(new) == len(children) == 1:
        child = children[0]
    value = path_getter(at)(child) if child else None
    return str(value) if value else None


def _of_item(item: Item, path: str) -> str | None:
    """What an object has at a path; at ``list?path=value`` the id of that one in its list."""
    of, listed, wanted = path.partition("?")
    found = path_getter(of)(item)
    if listed:
        at, _, value = wanted.partition("=")
        get = path_getter(at)
        found = next((one["id"] for one in found or () if str(get(one)) == value), None)
    return str(found) if found else None
