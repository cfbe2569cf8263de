GENERAL = [
    *("ID", "Handle", "Command", "Title", "Body HTML", "Sort Order", "Template Suffix"),
    *("Updated At", "Published", "Published At", "Published Scope"),
    *("Image Src", "Image Width", "Image Height", "Image Alt Text", "Row #", "Top Row"),
]
METAFIELDS = [
    "Published: <channel>",
    "Metafield: title_tag [string]",
    "Metafield: description_tag [string]",
    "Metafield: <definition>",
    "Metafield: <undefined>",
]
HEADERS = {
    "Smart Collections": [
        *GENERAL,
        *("Must Match", "Rule: Product Column", "Rule: Relation", "Rule: Condition"),
        *("Product: ID", "Product: Handle", "Product: Position", "Products Count"),
        *METAFIELDS,
    ],
    "Custom Collections": [
        *GENERAL,
        *("Product: ID", "Product: Handle", "Product: Position", "Product: Command"),
        "Products Count",
        *METAFIELDS,
    ],
}
