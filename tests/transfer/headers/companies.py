PLACE = (
    *("First Name", "Last Name", "Recipient", "Phone", "Address 1", "Address 2", "Zip", "City"),
    *("Province Code", "Country Code"),
)

HEADERS = {
    "Companies": [
        *("ID", "Name", "Command", "External ID", "Notes", "Customer Since", "Lifetime Duration"),
        *("Created At", "Updated At", "Main Contact: Customer ID", "Main Contact: Customer Email"),
        *("Contact Count", "Location Count", "Order Count", "Total Spent", "Row #", "Top Row"),
        *("Location: ID", "Location: Name", "Location: Command", "Location: External ID"),
        *("Location: Phone", "Location: Notes", "Location: Locale", "Location: Tax ID"),
        *("Location: Tax Setting", "Location: Tax Exemptions"),
        *("Location: Allow Shipping To Any Address", "Location: Checkout To Draft"),
        *("Location: Checkout Payment Terms", "Location: Checkout Payment Deposit"),
        "Location: Checkout Pay Now Only",
        *(f"Location: Shipping {name}" for name in PLACE),
        *(f"Location: Billing {name}" for name in PLACE),
        *("Location: Catalogs", "Location: Catalogs Command"),
        *("Customer: ID", "Customer: Email", "Customer: Command", "Customer: First Name"),
        *("Customer: Last Name", "Customer: Location Role"),
        *("Store Credit: ID", "Store Credit: Currency", "Store Credit: Amount"),
        *("Store Credit: Adjust", "Store Credit: Expire At", "Store Credit: Send Receipt"),
        "Metafield: <definition>",
        "Metafield: <undefined>",
    ]
}
