HEADERS = {
    "Shop": [
        *("Shopify Domain", "Name", "Created At", "Updated At", "Domain", "Owner", "Email"),
        *("Customer Email", "Phone", "Address1", "Address2", "City", "Province", "Province Code"),
        *("Country", "Country Code", "Zip", "Time Zone", "Currency", "Taxes Included"),
        *("Tax Shipping", "Money Format", "Shopify Plan", "Has StoreFront"),
        *(
            "MultiLocation Enabled",
            "Weight Unit",
            "Metafield: <definition>",
            "Metafield: <undefined>",
        ),
    ]
}
