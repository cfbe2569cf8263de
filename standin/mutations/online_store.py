"""What pages, articles and blogs have in common: titles, handles, when they are shown."""

from collections.abc import Callable

from standin.context import Context, now
from standin.mutations.products import slug
from standin.mutations.user_errors import user_error

LONGEST = 255


def set_title(record: dict, given: dict, place: str) -> list[dict]:
    if "title" in given:
        record["title"] = (given["title"] or "").strip()
    if not record.get("title"):
        return [user_error([place, "title"], "Title can't be blank", "BLANK")]
    if len(record["title"]) > LONGEST:
        text = f"Title is too long (maximum is {LONGEST} characters)"
        return [user_error([place, "title"], text, "TOO_LONG")]
    return []


def set_handle(
    record: dict, given: dict, place: str, having: Callable[[str], list[dict]]
) -> list[dict]:
    """Its handle as given, which nothing else may have; else one made of its title."""

    def is_taken(handle: str) -> bool:
        return any(other["id"] != record.get("id") for other in having(handle))

    if given.get("handle"):
        record["handle"] = slug(given["handle"])
        if is_taken(record["handle"]):
            return [user_error([place, "handle"], "Handle has already been taken", "TAKEN")]
    elif not record.get("handle"):
        base, number = slug(record.get("title") or ""), 0
        record["handle"] = base
        while is_taken(record["handle"]):
            number += 1
            record["handle"] = f"{base}-{number}"
    return []


def publish(record: dict, given: dict, place: str) -> list[dict]:
    """Show it now or from a date on, or hide it."""
    shown, at = given.get("isPublished"), given.get("publishDate")
    if shown and at and at > now():
        text = "Can't set isPublished to true and also set a future publish date"
        return [user_error([place], text, "INVALID_PUBLISH_DATE")]
    if shown is False:
        record["isPublished"], record["publishedAt"] = False, None
    elif at:
        record["isPublished"], record["publishedAt"] = at <= now(), at
    elif shown:
        if not record["isPublished"]:
            record["publishedAt"] = now()
        record["isPublished"] = True
    elif "publishDate" in given and not record["isPublished"]:
        record["publishedAt"] = None
    return []


def leave_redirect(context: Context, old: str, new: str) -> None:
    """Lead visitors of the old path to the new one, whose own redirect then goes."""
    for one in context.shop.find("UrlRedirect", "path", [old, new]):
        context.shop.delete(one["id"])
    gid = context.shop.new_id("UrlRedirect")
    context.shop.put({"__typename": "UrlRedirect", "id": gid, "path": old, "target": new})
