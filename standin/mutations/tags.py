"""tagsAdd and tagsRemove."""

from standin.context import Context, now
from standin.mutations.user_errors import refused, user_error

TAGGED = {"Product", "Customer", "Order", "DraftOrder", "Article"}


def add(context: Context, args: dict) -> dict:
    return _change(context, args, lambda tags, given: [*tags, *given])


def remove(context: Context, args: dict) -> dict:
    def without(tags: list[str], given: list[str]) -> list[str]:
        gone = {tag.casefold() for tag in given}
        return [tag for tag in tags if tag.casefold() not in gone]

    return _change(context, args, without)


def normal(tags: list[str]) -> list[str]:
    """Tags as they are kept: trimmed, without blanks and without doubles in another case."""
    kept: dict[str, str] = {}
    for tag in tags:
        if tag.strip():
            kept.setdefault(tag.strip().casefold(), tag.strip())
    return sorted(kept.values(), key=str.lower)


def _change(context: Context, args: dict, how) -> dict:
    record = context.record(args["id"])
    if not record or record["__typename"] not in TAGGED:
        return refused([user_error(["id"], f"No object found for id {args['id']}")], "node")
    given = [tag for text in args["tags"] for tag in text.split(",")]
    changed = {**record, "tags": normal(how(record.get("tags") or [], given)), "updatedAt": now()}
    return {"node": context.shop.put(changed), "userErrors": []}


MUTATIONS = {"tagsAdd": add, "tagsRemove": remove}
