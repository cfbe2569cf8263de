HEADERS = {
    "Metaobject Definitions": [
        *("ID", "Type", "Command", "Name", "Description", "Metaobject Count"),
        *("Access: Storefront API", "Access: Admin API", "Capability: Active-draft status"),
        *("Capability: Translations", "Capability: Publish entries as web pages"),
        *("Capability: Storefronts API access", "Row #", "Top Row"),
        *("Field: Key", "Field: Description", "Field: Type", "Field: Required", "Field: Name"),
        *("Field: Command", "Field: Is Display Name", "Field: Validations"),
    ]
}
