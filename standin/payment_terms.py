"""The templates of payment terms: Shopify's own, the same in every shop."""

TEMPLATES = [
    {
        "__typename": "PaymentTermsTemplate",
        "id": f"gid://shopify/PaymentTermsTemplate/{number}",
        "name": name,
        "translatedName": name,
        "paymentTermsType": kind,
        "dueInDays": days,
    }
    for number, name, kind, days in (
        (1, "Due on receipt", "RECEIPT", None),
        (2, "Net 7", "NET", 7),
        (3, "Net 15", "NET", 15),
        (4, "Net 30", "NET", 30),
        (5, "Net 45", "NET", 45),
        (6, "Net 60", "NET", 60),
        (7, "Net 90", "NET", 90),
        (9, "Due on fulfillment", "FULFILLMENT", None),
    )
]
