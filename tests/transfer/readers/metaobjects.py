"""References are looked up one by one, by the handles and file names that they lead to."""

from tests.transfer.readers.reading import beside, cells, number, text, when

SEED = {"files": 4, "metaobject_definitions": 4, "metaobjects": 16}
SHOWN = """__typename ... on Metaobject { type handle } ... on MediaImage { image { url } }"""
QUERY = f"""query ($after: String) {{ metaobjectDefinitions(first: 1, after: $after) {{ nodes {{
  name type metaobjects(first: 20) {{ nodes {{ id handle displayName updatedAt
    capabilities {{ publishable {{ status }} }} fields {{ key value type reference {{ {SHOWN} }}
      references(first: 5) {{ nodes {{ {SHOWN} }} }} }} }} }}
}} pageInfo {{ hasNextPage endCursor }} }} }}"""
NOT_FILLED: dict[str, str] = {}
NOT_SAID: dict[str, str] = {}
OWN = {
    "ID": ("id", number),
    "Handle": ("handle", text),
    "Command": ("id", lambda gid: "MERGE"),
    "Display Name": ("displayName", text),
    "Updated At": ("updatedAt", when),
}


def rows(nodes):
    entries = [(entry, node) for node in nodes for entry in node["metaobjects"]["nodes"]]
    entries.sort(key=lambda found: int(number(found[0]["id"])))
    return {"Metaobjects": [row for found in entries for row in _entry(*found)]}


def _entry(entry, definition):
    own = cells(entry, OWN)
    status = entry["capabilities"]["publishable"]["status"].capitalize()
    own["Status"] = "" if definition["type"].startswith("shopify--") else status
    own |= {"Definition: Handle": definition["type"], "Definition: Name": definition["name"]}
    fields = [{"Field": field["key"], "Value": _value(field)} for field in entry["fields"]]
    return beside({}, own, fields)


def _value(field):
    if field["type"].startswith("list."):
        return ", ".join(_shown(target) for target in field["references"]["nodes"])
    return _shown(field["reference"]) if field["reference"] else text(field["value"])


def _shown(target):
    if target["__typename"] == "Metaobject":
        return f"{target['type']}.{target['handle']}"
    return target["image"]["url"].split("/")[-1].split("?")[0]
