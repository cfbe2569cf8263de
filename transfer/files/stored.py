"""The files of a store, as the API describes them."""

from collections.abc import Iterable
from typing import Any

from shopify.admin import Admin
from transfer.reading.filters import search
from transfer.rows.getters import getter
from transfer.types.base import Item
from transfer.types.files import FILE, LISTED, files
from transfer.types.shop_facts import ShopFacts

PAGE = 250
COLUMNS = {
    "name": "File Name",
    "type": "Type",
    "mime_type": "Mime Type",
    "alt": "Alt Text",
    "error": "Errors",
    "url": "Link",
    "size": "Size Bytes",
}
_FACTS = ShopFacts()
_GET = {column.header: getter(column, _FACTS) for column in FILE.columns}
NODES = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on File {{ {LISTED} }} }} }}"
LIST = f"""query ($first: Int!, $after: String, $query: String) {{
  files(first: $first, after: $after, query: $query, sortKey: ID) {{
    nodes {{ {LISTED} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
USED = """query ($first: Int!, $query: String!) {
  files(first: $first, query: $query, sortKey: ID) { nodes { id } } }"""


def as_json(file: Item) -> dict[str, Any]:
    """One file: its columns of an export, with the address of the content as it was uploaded."""
    cells: dict[str, Any] = {name: _GET[header](file) for name, header in COLUMNS.items()}
    original = (file.get("original") or {}).get("url")
    return {
        **cells,
        "id": file["id"],
        "status": file["fileStatus"].lower(),
        "url": original or cells["url"] or None,
        "size": int(cells["size"]) if cells["size"] else None,
        "created_at": file["createdAt"],
        "updated_at": file["updatedAt"],
    }


def by_id(admin: Admin, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The files of these IDs that are there."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    found = admin.query(NODES, {"ids": wanted})["nodes"]
    return {file["id"]: as_json(file) for file in found if file}


def by_name(admin: Admin, names: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """The files that have these very names. A search finds more: names in other letters, and those
    that hold such a name as a word."""
    wanted = list(dict.fromkeys(names))
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in wanted}
    if not wanted:
        return found
    asked = {"first": PAGE, "after": None, "query": search(files, {"filename": wanted})}
    more = True
    while more:
        answer = admin.query(LIST, asked)["files"]
        for file in answer["nodes"]:
            if (name := _GET["File Name"](file)) in found:
                found[name].append(as_json(file))
        info = answer["pageInfo"]
        asked["after"], more = info["endCursor"], info["hasNextPage"]
    return found


def page(
    admin: Admin, filters: dict[str, Any], after: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """A page of the store's files, and where the next one begins."""
    asked = {"first": PAGE, "after": after, "query": search(files, filters) or None}
    found = admin.query(LIST, asked)["files"]
    used = _used(admin, [file["id"] for file in found["nodes"]])
    entries = [as_json(file) | {"used_in": used.get(file["id"], "")} for file in found["nodes"]]
    info = found["pageInfo"]
    return entries, info["endCursor"] if info["hasNextPage"] else None


def _used(admin: Admin, ids: list[str]) -> dict[str, str]:
    """What uses the files of a page. Shopify tells it by a search alone."""
    numbers = sorted(int(gid.rpartition("/")[2]) for gid in ids)
    if not numbers:
        return {}
    query = f"id:>={numbers[0]} id:<={numbers[-1]} used_in:product"
    found = admin.query(USED, {"first": PAGE, "query": query})["files"]["nodes"]
    return {str(file["id"]): "product" for file in found}
