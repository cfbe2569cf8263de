from tests.transfer.readers.reading import beside, cells, text, yes

SEED = {"metaobject_definitions": 4, "metaobjects": 6}
QUERY = """query ($after: String) { metaobjectDefinitions(first: 3, after: $after) { nodes {
  id type name description metaobjectsCount displayNameKey access { admin storefront }
  capabilities { publishable { enabled } translatable { enabled } onlineStore { enabled } }
  fieldDefinitions { key name description required type { name } validations { name value } }
} pageInfo { hasNextPage endCursor } } }"""
NOT_FILLED: dict[str, str] = {}
NOT_SAID: dict[str, str] = {}
OWN = {
    "ID": ("id", text),
    "Type": ("type", text),
    "Command": ("id", lambda gid: "MERGE"),
    "Name": ("name", text),
    "Description": ("description", text),
    "Metaobject Count": ("metaobjectsCount", text),
    "Access: Storefront API": ("access.storefront", text),
    "Access: Admin API": ("access.admin", text),
    "Capability: Active-draft status": ("capabilities.publishable.enabled", yes),
    "Capability: Translations": ("capabilities.translatable.enabled", yes),
    "Capability: Publish entries as web pages": ("capabilities.onlineStore.enabled", yes),
    "Capability: Storefronts API access": (
        "access.storefront",
        {"NONE": "false", "PUBLIC_READ": "true"}.get,
    ),
}
FIELD = {
    "Field: Key": ("key", text),
    "Field: Description": ("description", text),
    "Field: Type": ("type.name", text),
    "Field: Required": ("required", yes),
    "Field: Name": ("name", text),
    "Field: Command": ("key", lambda key: "MERGE"),
}


def rows(nodes):
    return {"Metaobject Definitions": [row for node in nodes for row in _definition(node)]}


def _definition(node):
    fields = [cells(field, FIELD) | _more(field, node) for field in node["fieldDefinitions"]]
    return beside({}, cells(node, OWN), fields)


def _more(field, definition):
    lines = [f"{v['name']}: {v['value']}" for v in field["validations"]]
    return {
        "Field: Is Display Name": yes(field["key"] == definition["displayNameKey"]),
        "Field: Validations": "\n".join(lines),
    }
