HEADERS = {
    "Metaobjects": [
        *("ID", "Handle", "Command", "Display Name", "Status", "Updated At"),
        *("Definition: Handle", "Definition: Name", "Top Row", "Row #", "Field", "Value"),
    ]
}
