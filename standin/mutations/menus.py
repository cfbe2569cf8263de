"""menuCreate, menuUpdate, menuDelete: a menu is given with all its items, of three levels at most.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/menuUpdate
"""

from collections.abc import Iterator

from standin.context import Context
from standin.mutations.products import slug
from standin.mutations.user_errors import refused, user_error

LEVELS = 3
FOLDERS = {
    "PAGE": ("Page", "pages"),
    "COLLECTION": ("Collection", "collections"),
    "PRODUCT": ("Product", "products"),
    "BLOG": ("Blog", "blogs"),
    "ARTICLE": ("Article", "blogs"),
    "METAOBJECT": ("Metaobject", "pages"),
    "SHOP_POLICY": ("ShopPolicy", "policies"),
}
PATHS = {
    "FRONTPAGE": "/",
    "SEARCH": "/search",
    "CATALOG": "/collections/all",
    "COLLECTIONS": "/collections",
}


def create(context: Context, args: dict) -> dict:
    record: dict = {"__typename": "Menu", "isDefault": False, "items": []}
    if errors := _write(context, record, args):
        return refused(errors, "menu")
    record["id"] = context.shop.new_id("Menu")
    return {"menu": context.shop.put(record), "userErrors": []}


def update(context: Context, args: dict) -> dict:
    record = _find(context, args["id"])
    if not record:
        return refused([user_error(["id"], "Menu does not exist", "NOT_FOUND")], "menu")
    if record["isDefault"] and slug(args.get("handle") or record["handle"]) != record["handle"]:
        text = "The handle of a default menu can't be changed"
        return refused([user_error(["handle"], text)], "menu")
    if errors := _write(context, record, args):
        return refused(errors, "menu")
    return {"menu": context.shop.put(record), "userErrors": []}


def delete(context: Context, args: dict) -> dict:
    record = _find(context, args["id"])
    if not record:
        error = user_error(["id"], "Menu does not exist", "MENU_DOES_NOT_EXIST")
        return refused([error], "deletedMenuId")
    if record["isDefault"]:
        text = "Default menus can't be deleted"
        return refused([user_error(["id"], text, "UNABLE_TO_DELETE_DEFAULT_MENU")], "deletedMenuId")
    context.shop.delete(record["id"])
    return {"deletedMenuId": record["id"], "userErrors": []}


def _write(context: Context, record: dict, args: dict) -> list[dict]:
    errors = []
    record["title"] = args["title"].strip()
    if not record["title"]:
        errors.append(user_error(["title"], "Title can't be blank"))
    if args.get("handle"):
        record["handle"] = slug(args["handle"])
        others = context.shop.find("Menu", "handle", [record["handle"]])
        if any(other["id"] != record.get("id") for other in others):
            errors.append(user_error(["handle"], "Handle has already been taken"))
    known = {item["id"] for item in _walk(record["items"])}
    record["items"] = _items(context, args["items"], ["items"], 1, known, errors)
    return errors


def _walk(items: list[dict]) -> Iterator[dict]:
    for item in items:
        yield item
        yield from _walk(item["items"])


def _items(
    context: Context, given: list[dict], place: list[str], level: int, known: set, errors: list
) -> list[dict]:
    """The items that an input asks for: those with an id stay, the others are new."""
    if given and level > LEVELS:
        text = f"Nesting too deep. The maximum is {LEVELS} levels"
        errors.append(user_error(place, text, "NESTING_TOO_DEEP"))
        return []
    made = []
    for index, one in enumerate(given):
        where = [*place, str(index)]
        gid = one.get("id")
        if gid and gid not in known:
            errors.append(user_error([*where, "id"], "Menu item does not exist", "NOT_FOUND"))
        if not one["title"].strip():
            errors.append(user_error([*where, "title"], "Title can't be blank"))
        made.append(
            {
                "__typename": "MenuItem",
                "id": gid or context.shop.new_id("MenuItem"),
                "type": one["type"],
                "title": one["title"].strip(),
                "url": _url(context, one, where, errors),
                "resourceId": one.get("resourceId"),
                "tags": one.get("tags") or [],
                "items": _items(
                    context, one.get("items") or [], [*where, "items"], level + 1, known, errors
                ),
            }
        )
    return made


def _url(context: Context, given: dict, place: list[str], errors: list) -> str | None:
    """Its address: computed for what leads to a resource, which has to be there."""
    if given["type"] not in FOLDERS:
        url = PATHS.get(given["type"], given.get("url"))
        if not url:
            errors.append(user_error([*place, "url"], "Url can't be blank"))
        return url
    typename, folder = FOLDERS[given["type"]]
    found = context.record(given.get("resourceId") or "")
    if not found or found["__typename"] != typename:
        errors.append(user_error([*place, "resourceId"], "Subject does not exist", "NOT_FOUND"))
        return None
    handle = found.get("handle") or found["id"].rpartition("/")[2]
    if given["type"] == "ARTICLE":
        handle = f"{context.existing(found['blog'])['handle']}/{handle}"
    tags = "+".join(given.get("tags") or ())
    return f"/{folder}/{handle}/{tags}" if tags else f"/{folder}/{handle}"


def _find(context: Context, gid: str) -> dict | None:
    record = context.record(gid)
    return dict(record) if record and record["__typename"] == "Menu" else None


MUTATIONS = {"menuCreate": create, "menuUpdate": update, "menuDelete": delete}
