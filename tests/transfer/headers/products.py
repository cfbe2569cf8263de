STOCK = (
    *("Available", "Available Adjust", "On Hand", "On Hand Adjust", "Committed", "Reserved"),
    *("Damaged", "Damaged Adjust", "Safety Stock", "Safety Stock Adjust", "Quality Control"),
    *("Quality Control Adjust", "Incoming"),
)

HEADERS = {
    "Products": [
        *("ID", "Handle", "Command", "Title", "Body HTML", "Vendor", "Type", "Tags"),
        *("Tags Command", "Created At", "Updated At", "Status", "Published", "Published At"),
        *("Published Scope", "Template Suffix", "Gift Card", "URL", "Total Inventory Qty"),
        *("Row #", "Top Row", "Category: ID", "Category: Name", "Category"),
        *("Custom Collections", "Smart Collections"),
        *("Image Type", "Image Src", "Image Command", "Image Position", "Image Width"),
        *("Image Height", "Image Alt Text"),
        *("Variant Inventory Item ID", "Variant ID", "Variant Command", "Option1 Name"),
        *("Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value"),
        *("Variant Position", "Variant SKU", "Variant Barcode", "Variant Image", "Variant Weight"),
        *("Variant Weight Unit", "Variant Price", "Variant Compare At Price", "Variant Taxable"),
        *("Variant Tax Code", "Variant Inventory Tracker", "Variant Inventory Policy"),
        *("Variant Fulfillment Service", "Variant Requires Shipping", "Variant Shipping Profile"),
        *("Variant Inventory Qty", "Variant Inventory Adjust", "Variant Cost"),
        *("Variant HS Code", "Variant Country of Origin", "Variant Province of Origin"),
        *(f"Inventory {quantity}: <location>" for quantity in STOCK),
        *("Included / <catalog>", "Price / <catalog>", "Compare At Price / <catalog>"),
        "Published: <channel>",
        *("Metafield: title_tag [string]", "Metafield: description_tag [string]"),
        *("Metafield: <definition>", "Variant Metafield: <definition>"),
        *("Metafield: <undefined>", "Variant Metafield: <undefined>"),
    ]
}
