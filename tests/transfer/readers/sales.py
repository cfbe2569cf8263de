"""What orders and draft orders share, by hand."""

from decimal import Decimal

from tests.transfer.readers.reading import lower, money, number, tags, text, yes

ADDRESS = (
    "firstName lastName name company phone address1 address2 zip city province provinceCode"
    " country countryCodeV2"
)
ADDRESS_NAMES = {
    "First Name": "firstName",
    "Last Name": "lastName",
    "Name": "name",
    "Company": "company",
    "Phone": "phone",
    "Address 1": "address1",
    "Address 2": "address2",
    "Zip": "zip",
    "City": "city",
    "Province": "province",
    "Province Code": "provinceCode",
    "Country": "country",
    "Country Code": "countryCodeV2",
}
WHO = """customer { id email phone firstName lastName note state tags taxExempt numberOfOrders
  amountSpent { amount } emailMarketingConsent { marketingState }
  smsMarketingConsent { marketingState } }
  purchasingEntity { ... on PurchasingCompany { company { id name externalId }
    location { id name externalId } } }"""
TAX = "taxLines { title rate priceSet { shopMoney { amount } } }"

CUSTOMER = {
    "Customer: ID": ("customer.id", number),
    "Customer: Email": ("customer.email", text),
    "Customer: Phone": ("customer.phone", text),
    "Customer: First Name": ("customer.firstName", text),
    "Customer: Last Name": ("customer.lastName", text),
    "Customer: Note": ("customer.note", text),
    "Customer: State": ("customer.state", lower),
    "Customer: Tags": ("customer.tags", tags),
    "Customer: Email Marketing Status": ("customer.emailMarketingConsent.marketingState", lower),
    "Customer: SMS Marketing Status": ("customer.smsMarketingConsent.marketingState", lower),
    "Customer: Tax Exempt": ("customer.taxExempt", yes),
    "Customer: Orders Count": ("customer.numberOfOrders", text),
    "Customer: Total Spent": ("customer.amountSpent.amount", money),
}
COMPANY = {
    "Company: ID": ("purchasingEntity.company.id", number),
    "Company: Name": ("purchasingEntity.company.name", text),
    "Company: External ID": ("purchasingEntity.company.externalId", text),
    "Company: Location ID": ("purchasingEntity.location.id", number),
    "Company: Location Name": ("purchasingEntity.location.name", text),
    "Company: Location External ID": ("purchasingEntity.location.externalId", text),
}


def address(word, field):
    return {
        f"{word}: {header}": (f"{field}.{name}", text) for header, name in ADDRESS_NAMES.items()
    }


WHOLE = CUSTOMER | COMPANY | address("Billing", "billingAddress")
WHOLE |= address("Shipping", "shippingAddress")


def bag(value):
    return "" if value is None else money(value["shopMoney"]["amount"])


def minus(value):
    if value is None:
        return ""
    amount = Decimal(value["shopMoney"]["amount"])
    return money(f"{-amount:f}" if amount else "0")


def taxes(prefix, between, found):
    """Titles, rates and prices of the first three."""
    cells: dict[str, str] = {}
    for place in range(3):
        line = found[place] if place < len(found) else None
        cells |= {
            f"{prefix}Tax {place + 1}{between} Title": line["title"] if line else "",
            f"{prefix}Tax {place + 1}{between} Rate": str(line["rate"]) if line else "",
            f"{prefix}Tax {place + 1}{between} Price": bag(line["priceSet"]) if line else "",
        }
    return cells


def tax_total(found):
    return money(
        str(sum((Decimal(t["priceSet"]["shopMoney"]["amount"]) for t in found), Decimal()))
    )
