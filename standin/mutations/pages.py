"""pageCreate, pageUpdate, pageDelete.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/pageCreate
"""

from standin.context import Context, now
from standin.mutations import metafields
from standin.mutations.online_store import leave_redirect, publish, set_handle, set_title
from standin.mutations.user_errors import refused, user_error

LONGEST_BODY = 512 * 1024


def create(context: Context, args: dict) -> dict:
    record: dict = {
        "__typename": "Page",
        "body": "",
        "templateSuffix": None,
        "isPublished": True,
        "publishedAt": now(),
        "metafields": [],
        "createdAt": now(),
    }
    if errors := _write(context, record, args["page"]):
        return refused(errors, "page")
    record["id"] = context.shop.new_id("Page")
    return {"page": context.shop.put(record), "userErrors": []}


def update(context: Context, args: dict) -> dict:
    record, given = _find(context, args["id"]), args["page"]
    if not record:
        return refused([_missing()], "page")
    old = record["handle"]
    if errors := _write(context, record, given):
        return refused(errors, "page")
    if given.get("redirectNewHandle") and record["handle"] != old:
        leave_redirect(context, f"/pages/{old}", f"/pages/{record['handle']}")
    return {"page": context.shop.put(record), "userErrors": []}


def delete(context: Context, args: dict) -> dict:
    if not _find(context, args["id"]):
        return refused([_missing()], "deletedPageId")
    context.shop.delete(args["id"])
    return {"deletedPageId": args["id"], "userErrors": []}


def _write(context: Context, record: dict, given: dict) -> list[dict]:
    errors = set_title(record, given, "page")
    if "body" in given:
        record["body"] = given["body"] or ""
        if len(record["body"].encode()) > LONGEST_BODY:
            errors.append(user_error(["page", "body"], "Body is too big", "TOO_BIG"))
    if "templateSuffix" in given:
        record["templateSuffix"] = given["templateSuffix"] or None
    errors += set_handle(
        record, given, "page", lambda handle: context.shop.find("Page", "handle", [handle])
    )
    errors += publish(record, given, "page")
    if given.get("metafields"):
        errors += metafields.write_into(context, record, given["metafields"], ["page"])
    record["updatedAt"] = now()
    return errors


def _find(context: Context, gid: str) -> dict | None:
    record = context.record(gid)
    return dict(record) if record and record["__typename"] == "Page" else None


def _missing() -> dict:
    return user_error(["id"], "Page does not exist", "NOT_FOUND")


MUTATIONS = {"pageCreate": create, "pageUpdate": update, "pageDelete": delete}
