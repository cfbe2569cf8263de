HEADERS = {
    "Catalogs": [
        *("ID", "Command", "Title", "Type", "Type Values", "Status", "Top Row", "Row #"),
        *("Price List: ID", "Price List: Name", "Price List: Currency"),
        *("Price List: Fixed Prices Count", "Price List: Adjustment Type"),
        *("Price List: Adjustment Value", "Price List: Compare At Mode"),
        *("Publication: ID", "Publication: Name", "Publication: Autopublish"),
        *("Product: Command", "Product: ID", "Product: Handle"),
        *("Variant: ID", "Variant: SKU", "Variant: Price", "Variant: Compare At Price"),
        *("Variant: Quantity Minimum", "Variant: Quantity Maximum"),
        "Variant: Quantity Increment",
    ]
}
