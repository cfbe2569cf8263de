from tests.transfer.readers.reading import number, text

SEED = {"products": 4, "collections": 6, "pages": 4, "articles": 2, "menus": 4}
QUERY = """query { menus(first: 20) { nodes { id handle title isDefault items {
  id title type resourceId tags url items { id title type resourceId tags url items {
  id title type resourceId tags url } } } } } }"""
NOT_FILLED: dict[str, str] = {}
NOT_SAID = {"two lines": "A title has one."}


def rows(nodes):
    return {"Menus": [row for node in nodes for row in _menu(node)]}


def _menu(node):
    found = list(_items(node["items"], {}))
    for place, item in enumerate(found):
        item |= {
            "ID": number(node["id"]),
            "Handle": node["handle"],
            "Command": "MERGE",
            "Title": node["title"],
            "Is Default": "true" if node["isDefault"] else "",
            "Top Row": "" if place else "true",
        }
    return found


def _items(items, parent):
    for position, item in enumerate(items, 1):
        yield {
            "Menu Item: ID": number(item["id"]),
            "Menu Item: Title": item["title"],
            "Menu Item: Command": "MERGE",
            "Menu Item: Resource Type": item["type"],
            "Menu Item: Resource ID": number(item["resourceId"]),
            "Menu Item: Resource Handle": _handle(item),
            "Menu Item: Collection Tags": ", ".join(item["tags"]),
            "Menu Item: URL": item["url"],
            "Menu Item: Parent ID": number(parent.get("id")),
            "Menu Item: Parent Title": text(parent.get("title")),
            "Menu Item: Position": str(position),
        }
        yield from _items(item.get("items", []), item)


def _handle(item):
    named = item["type"] in ("COLLECTION", "PAGE", "BLOG", "PRODUCT")
    return item["url"].split("/")[2] if named else ""
