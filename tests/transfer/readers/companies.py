import json
from itertools import zip_longest

from tests.transfer.headers.companies import PLACE
from tests.transfer.readers.reading import (
    at,
    beside,
    cells,
    money,
    number,
    percentage,
    text,
    when,
    yes,
)

SEED = {
    **{"metafield_definitions": 17, "products": 4, "customers": 12, "companies": 4},
    "catalogs": 3,
}


def titles(catalogs):
    found = [catalog["title"] for catalog in catalogs]
    plain = not any("," in title for title in found)
    return ", ".join(found) if plain else json.dumps(found, ensure_ascii=False)


ADDRESS = "firstName lastName recipient phone address1 address2 zip city zoneCode countryCode"
QUERY = f"""query ($after: String) {{ companies(first: 2, after: $after, sortKey: ID) {{ nodes {{
  id name externalId note customerSince lifetimeDuration createdAt updatedAt
  mainContact {{ customer {{ id email }} }} contactsCount {{ count }} locationsCount {{ count }}
  ordersCount {{ count }} totalSpent {{ amount }}
  points: metafield(namespace: "loyalty", key: "points") {{ value }}
  sector: metafield(namespace: "custom", key: "sector") {{ value }}
  contacts(first: 3) {{ nodes {{ id customer {{ id email firstName lastName }} }} }}
  locations(first: 3) {{ nodes {{ id name externalId phone note locale
    taxSettings {{ taxExempt taxExemptions taxRegistrationId }}
    buyerExperienceConfiguration {{ checkoutToDraft editableShippingAddress
      paymentTermsTemplate {{ name }} deposit {{ ... on DepositPercentage {{ percentage }} }} }}
    shippingAddress {{ {ADDRESS} }} billingAddress {{ {ADDRESS} }}
    catalogs(first: 3) {{ nodes {{ title }} }}
    storeCreditAccounts(first: 2) {{ nodes {{ id balance {{ amount currencyCode }} }} }}
    roleAssignments(first: 4) {{ nodes {{ role {{ name }}
      companyContact {{ customer {{ id email firstName lastName }} }} }} }} }} }}
}} pageInfo {{ hasNextPage endCursor }} }} }}"""
NOT_FILLED: dict[str, str] = {}
NOT_SAID: dict[str, str] = {}

OWN = {
    "ID": ("id", number),
    "Name": ("name", text),
    "Command": ("id", lambda gid: "MERGE"),
    "External ID": ("externalId", text),
    "Notes": ("note", text),
    "Customer Since": ("customerSince", when),
    "Lifetime Duration": ("lifetimeDuration", text),
    "Created At": ("createdAt", when),
    "Updated At": ("updatedAt", when),
    "Main Contact: Customer ID": ("mainContact.customer.id", number),
    "Main Contact: Customer Email": ("mainContact.customer.email", text),
    "Contact Count": ("contactsCount.count", text),
    "Location Count": ("locationsCount.count", text),
    "Order Count": ("ordersCount.count", text),
    "Total Spent": ("totalSpent.amount", money),
}
BUYER = "buyerExperienceConfiguration"
FIELDS = dict(zip(PLACE, ADDRESS.split(), strict=True))
LOCATION = {
    "Location: ID": ("id", number),
    "Location: Name": ("name", text),
    "Location: Command": ("id", lambda gid: "MERGE"),
    "Location: External ID": ("externalId", text),
    "Location: Phone": ("phone", text),
    "Location: Notes": ("note", text),
    "Location: Locale": ("locale", text),
    "Location: Tax ID": ("taxSettings.taxRegistrationId", text),
    "Location: Tax Setting": ("taxSettings.taxExempt", lambda e: "exempt" if e else "collect"),
    "Location: Tax Exemptions": ("taxSettings.taxExemptions", ", ".join),
    "Location: Allow Shipping To Any Address": (f"{BUYER}.editableShippingAddress", yes),
    "Location: Checkout To Draft": (f"{BUYER}.checkoutToDraft", yes),
    "Location: Checkout Payment Terms": (f"{BUYER}.paymentTermsTemplate.name", text),
    "Location: Checkout Payment Deposit": (f"{BUYER}.deposit.percentage", percentage),
    "Location: Checkout Pay Now Only": (f"{BUYER}.paymentTermsTemplate", lambda t: yes(not t)),
    **{f"Location: Shipping {h}": (f"shippingAddress.{f}", text) for h, f in FIELDS.items()},
    **{f"Location: Billing {h}": (f"billingAddress.{f}", text) for h, f in FIELDS.items()},
    "Location: Catalogs": ("catalogs.nodes", titles),
    "Location: Catalogs Command": ("id", lambda gid: "REPLACE"),
}
PERSON = {
    "Customer: ID": ("id", number),
    "Customer: Email": ("email", text),
    "Customer: Command": ("id", lambda gid: "MERGE"),
    "Customer: First Name": ("firstName", text),
    "Customer: Last Name": ("lastName", text),
}
ACCOUNT = {
    "Store Credit: ID": ("id", number),
    "Store Credit: Currency": ("balance.currencyCode", text),
    "Store Credit: Amount": ("balance.amount", money),
    "Store Credit: Adjust": ("id", lambda gid: "0"),
}


def rows(nodes):
    return {"Companies": [row for node in nodes for row in _company(node)]}


def _company(node):
    top = {
        "Metafield: custom.sector [single_line_text_field]": text(at(node, "sector.value")),
        "Metafield: loyalty.points [number_integer]": text(at(node, "points.value")),
    }
    return beside(top, cells(node, OWN), list(_rows(node)))


def _rows(node):
    placed = set()
    for location in node["locations"]["nodes"]:
        people = location["roleAssignments"]["nodes"]
        accounts = location["storeCreditAccounts"]["nodes"]
        placed |= {at(person, "companyContact.customer.id") for person in people}
        for person, account in list(zip_longest(people, accounts)) or [(None, None)]:
            customer = at(person, "companyContact.customer")
            role = {"Customer: Location Role": text(at(person, "role.name"))}
            yield (
                cells(location, LOCATION) | cells(customer, PERSON) | role | cells(account, ACCOUNT)
            )
    for contact in node["contacts"]["nodes"]:
        if contact["customer"]["id"] not in placed:
            yield cells(None, LOCATION) | cells(contact["customer"], PERSON) | cells(None, ACCOUNT)
