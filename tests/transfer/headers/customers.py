HEADERS = {
    "Customers": [
        *("ID", "Email", "Command", "First Name", "Last Name", "Phone", "Language", "State"),
        *("Email Marketing: Status", "Email Marketing: Level", "Email Marketing: Updated At"),
        *("SMS Marketing: Status", "SMS Marketing: Level", "SMS Marketing: Updated At"),
        *("SMS Marketing: Source", "Created At", "Updated At", "Note", "Verified Email"),
        *("Tax Exempt", "Tax Exemptions", "Tags", "Tags Command", "Total Spent", "Total Orders"),
        *("Last Order: ID", "Last Order: Name"),
        *("Row #", "Top Row"),
        *("Address ID", "Address Command", "Address First Name", "Address Last Name"),
        *("Address Phone", "Address Company", "Address Line 1", "Address Line 2", "Address City"),
        *("Address Province", "Address Province Code", "Address Country", "Address Country Code"),
        *("Address Zip", "Address Is Default"),
        *("Account Activation URL", "Send Account Activation Email", "Send Welcome Email"),
        *("Password", "Multipass Identifier"),
        *("Store Credit: Amount", "Store Credit: Adjust"),
        *("Store Credit Transaction: ID", "Store Credit Transaction: Command"),
        *("Store Credit Transaction: Amount", "Store Credit Transaction: Created At"),
        *("Store Credit Transaction: Expire At", "Store Credit Transaction: Event"),
        *("Store Credit Transaction: Balance", "Store Credit Transaction: Send Receipt"),
        "Metafield: <definition>",
        "Metafield: <undefined>",
    ]
}
