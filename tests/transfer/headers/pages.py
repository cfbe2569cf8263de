HEADERS = {
    "Pages": [
        *("ID", "Handle", "Command", "Title", "Body HTML", "Created At", "Updated At"),
        *("Published", "Published At", "Template Suffix"),
        *("Metafield: title_tag [string]", "Metafield: description_tag [string]"),
        "Metafield: <definition>",
        "Metafield: <undefined>",
    ]
}
