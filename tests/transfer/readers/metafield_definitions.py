from tests.transfer.readers.reading import beside, cells, number, text, yes

SEED = {"metafield_definitions": 20}
FIELDS = """nodes { id namespace key name ownerType description pinnedPosition metafieldsCount
  type { category name } access { admin storefront customerAccount }
  capabilities { adminFilterable { enabled } smartCollectionCondition { enabled }
    uniqueValues { enabled } cartToOrderCopyable { enabled } }
  validations { name type value } }"""
PAGE = "query {{ metafieldDefinitions(ownerType: {}, first: 30) {{ {} }} }}"
OWNERS = ("PRODUCTVARIANT", "CUSTOMER", "ORDER", "DRAFTORDER", "COMPANY", "COLLECTION")
QUERY = PAGE.format("PRODUCT", FIELDS)
MORE = [PAGE.format(owner, FIELDS) for owner in (*OWNERS, "PAGE", "ARTICLE")]
NOT_FILLED: dict[str, str] = {}
NOT_SAID: dict[str, str] = {}
OWN = {
    "ID": ("id", text),
    "Namespace": ("namespace", text),
    "Key": ("key", text),
    "Command": ("id", lambda gid: "MERGE"),
    "Name": ("name", text),
    "Owner Type": ("ownerType", text),
    "Description": ("description", text),
    "Pinned: Is Pinned": ("pinnedPosition", lambda position: yes(position is not None)),
    "Pinned: Position": ("pinnedPosition", text),
    "Type: Category": ("type.category", text),
    "Type: Name": ("type.name", text),
    "Access: Admin API": ("access.admin", text),
    "Access: Storefront API": ("access.storefront", text),
    "Access: Customer Account API": ("access.customerAccount", text),
    "Capability: Admin Filterable": ("capabilities.adminFilterable.enabled", yes),
    "Capability: Smart Collection Condition": (
        "capabilities.smartCollectionCondition.enabled",
        yes,
    ),
    "Capability: Unique Values": ("capabilities.uniqueValues.enabled", yes),
    "Capability: Cart to Order Copyable": ("capabilities.cartToOrderCopyable.enabled", yes),
    "Metafields Count": ("metafieldsCount", text),
}
VALIDATION = {
    "Validation: Name": ("name", text),
    "Validation: Type": ("type", text),
    "Validation: Value": ("value", text),
}


def rows(*owners):
    nodes = sorted((n for nodes in owners for n in nodes), key=lambda n: int(number(n["id"])))
    return {
        "Metafield Definitions": [
            row
            for node in nodes
            for row in beside({}, cells(node, OWN), _validations(node["validations"]))
        ]
    }


def _validations(found):
    return [cells(validation, VALIDATION) for validation in found]
