"""urlRedirectCreate, urlRedirectUpdate, urlRedirectDelete."""

from contextlib import suppress
from urllib.parse import urlsplit

from standin.context import Context

MAX_PATH = 1024


def create(context: Context, args: dict) -> dict:
    record = {
        "__typename": "UrlRedirect",
        "path": normal_path(context, args["urlRedirect"].get("path")),
        "target": (args["urlRedirect"].get("target") or "").strip(),
    }
    if found := problems(context, record, "CREATE_FAILED"):
        return {"urlRedirect": None, "userErrors": found}
    record["id"] = context.shop.new_id("UrlRedirect")
    return {"urlRedirect": context.shop.put(record), "userErrors": []}


def update(context: Context, args: dict) -> dict:
    record = _find(context, args["id"])
    if not record:
        return {"urlRedirect": None, "userErrors": [missing()]}
    given = args["urlRedirect"]
    if given.get("path") is not None:
        record["path"] = normal_path(context, given["path"])
    if given.get("target") is not None:
        record["target"] = given["target"].strip()
    if found := problems(context, record, "UPDATE_FAILED"):
        return {"urlRedirect": None, "userErrors": found}
    return {"urlRedirect": context.shop.put(record), "userErrors": []}


def delete(context: Context, args: dict) -> dict:
    if not _find(context, args["id"]):
        return {"deletedUrlRedirectId": None, "userErrors": [missing()]}
    context.shop.delete(args["id"])
    return {"deletedUrlRedirectId": args["id"], "userErrors": []}


def normal_path(context: Context, path: str | None) -> str:
    """The path with its leading slash; an address within the shop becomes its path."""
    path = (path or "").strip()
    if is_address(path):
        with suppress(ValueError):  # such as http://[
            parts = urlsplit(path)
            if parts.hostname == context.shop.domain:
                return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return path
    return path if not path or path.startswith("/") else f"/{path}"


def is_address(path: str) -> bool:
    return path.lower().startswith(("http://", "https://"))


def alike(path: str) -> list[str]:
    """Shopify tells paths apart neither by case nor by a slash at the end."""
    bare = path.rstrip("/")
    return [bare or "/", f"{bare}/"]


def problems(context: Context, record: dict, code: str) -> list[dict]:
    """The userErrors of a redirect that is about to be written."""
    path, target = record["path"], record["target"]
    found = []
    if not path:
        found.append(("path", "Path can't be blank"))
    elif len(path) > MAX_PATH:
        found.append(("path", f"Path is too long (maximum is {MAX_PATH} characters)"))
    elif is_address(path):
        found.append(("path", "Path is invalid"))
    elif any(
        other["id"] != record.get("id")
        for other in context.shop.find("UrlRedirect", "path", alike(path))
    ):
        found.append(("path", "Path has already been taken"))
    if not target:
        found.append(("target", "Target can't be blank"))
    elif path and path == target:
        found.append(("target", "Target can't be the same as path"))
    return [{"field": [field], "message": text, "code": code} for field, text in found]


def missing() -> dict:
    return {"field": ["id"], "message": "Redirect does not exist", "code": "DOES_NOT_EXIST"}


def _find(context: Context, gid: str) -> dict | None:
    record = context.record(gid)
    return dict(record) if record and record["__typename"] == "UrlRedirect" else None


MUTATIONS = {
    "urlRedirectCreate": create,
    "urlRedirectUpdate": update,
    "urlRedirectDelete": delete,
}
