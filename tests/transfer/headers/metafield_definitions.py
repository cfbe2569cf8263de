HEADERS = {
    "Metafield Definitions": [
        *("ID", "Namespace", "Key", "Command", "Name", "Owner Type", "Description"),
        *("Pinned: Is Pinned", "Pinned: Position", "Type: Category", "Type: Name"),
        *("Access: Admin API", "Access: Storefront API", "Access: Customer Account API"),
        *("Capability: Admin Filterable", "Capability: Smart Collection Condition"),
        *("Capability: Unique Values", "Capability: Cart to Order Copyable"),
        *("Metafields Count", "Row #", "Top Row"),
        *("Validation: Name", "Validation: Type", "Validation: Value"),
    ]
}
