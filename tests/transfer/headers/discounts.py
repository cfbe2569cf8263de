HEADERS = {
    "Discounts": [
        *("ID", "Title", "Command", "Code", "Code Command", "Code Used Count"),
        *("Total Used Count", "Type", "Method", "Value Type", "Value"),
        *("Minimum Requirement", "Minimum Value", "Limit Total Times"),
        *("Limit One Use Per Customer", "Limit Uses Per Order", "Status", "Starts At", "Ends At"),
        *("Created At", "Updated At", "Summary", "Row #", "Top Row"),
        *("Applies To: Type", "Applies To: Values"),
        *("Buy X Get Y: Customer Buys Type", "Buy X Get Y: Customer Buys Values"),
        *("Buy X Get Y: Customer Gets Quantity", "Free Shipping: Country Codes"),
        *("Free Shipping: Over Amount", "Eligibility: Customer Type"),
        *("Eligibility: Customer Values", "Purchase Type"),
        "Purchase Type: Recurring Subscription Limit",
        "Combines with Product Discounts",
        "Combines with Order Discounts",
        "Combines with Shipping Discounts",
    ]
}
