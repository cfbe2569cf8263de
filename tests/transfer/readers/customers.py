from tests.transfer.readers.reading import (
    at,
    beside,
    cells,
    lower,
    money,
    number,
    tags,
    text,
    when,
    yes,
)

SEED = {"metafield_definitions": 14, "products": 3, "customers": 12, "orders": 6}
QUERY = """query ($after: String) { customers(first: 6, after: $after) { nodes {
  id email firstName lastName phone locale state createdAt updatedAt note verifiedEmail taxExempt
  taxExemptions tags amountSpent { amount } numberOfOrders lastOrder { id name processedAt }
  multipassIdentifier
  orders(first: 9) { nodes { processedAt } }
  emailMarketingConsent { marketingState marketingOptInLevel consentUpdatedAt }
  smsMarketingConsent { marketingState marketingOptInLevel consentUpdatedAt consentCollectedFrom }
  defaultAddress { id }
  addressesV2(first: 3) { nodes { id firstName lastName phone company address1 address2 city
    province provinceCode country countryCodeV2 zip } }
  storeCreditAccounts(first: 2) { nodes { balance { amount } transactions(first: 3) { nodes {
    ... on Node { id } amount { amount } createdAt event balanceAfterTransaction { amount }
    ... on StoreCreditAccountCreditTransaction { expiresAt } } } } }
  points: metafield(namespace: "loyalty", key: "points") { value }
  shoe: metafield(namespace: "custom", key: "shoe_size") { value }
} pageInfo { hasNextPage endCursor } } }"""
NOT_FILLED: dict[str, str] = {}


def first(orders):
    return min((order["processedAt"] for order in orders), default=None)


NOT_SAID: dict[str, str] = {}
OWN = {
    "ID": ("id", number),
    "Email": ("email", text),
    "Command": ("id", lambda gid: "MERGE"),
    "First Name": ("firstName", text),
    "Last Name": ("lastName", text),
    "Phone": ("phone", text),
    "Language": ("locale", text),
    "State": ("state", lower),
    "Email Marketing: Status": ("emailMarketingConsent.marketingState", lower),
    "Email Marketing: Level": ("emailMarketingConsent.marketingOptInLevel", lower),
    "Email Marketing: Updated At": ("emailMarketingConsent.consentUpdatedAt", when),
    "SMS Marketing: Status": ("smsMarketingConsent.marketingState", lower),
    "SMS Marketing: Level": ("smsMarketingConsent.marketingOptInLevel", lower),
    "SMS Marketing: Updated At": ("smsMarketingConsent.consentUpdatedAt", when),
    "SMS Marketing: Source": ("smsMarketingConsent.consentCollectedFrom", lower),
    "Created At": ("createdAt", when),
    "Updated At": ("updatedAt", when),
    "Note": ("note", text),
    "Verified Email": ("verifiedEmail", yes),
    "Tax Exempt": ("taxExempt", yes),
    "Tax Exemptions": ("taxExemptions", lambda codes: ", ".join(codes)),
    "Tags": ("tags", tags),
    "Tags Command": ("id", lambda gid: "REPLACE"),
    "Total Spent": ("amountSpent.amount", money),
    "Total Orders": ("numberOfOrders", text),
    "Last Order: ID": ("lastOrder.id", number),
    "Last Order: Name": ("lastOrder.name", text),
    "Last Order: Processed At": ("lastOrder.processedAt", when),
    "First Order: Processed At": ("orders.nodes", lambda nodes: when(first(nodes))),
}
TOP = {
    "Multipass Identifier": ("multipassIdentifier", text),
    "Metafield: custom.shoe_size [number_decimal]": ("shoe.value", text),
    "Metafield: loyalty.points [number_integer]": ("points.value", text),
}
ADDRESS = {
    "Address ID": ("id", number),
    "Address Command": ("id", lambda gid: "MERGE"),
    "Address First Name": ("firstName", text),
    "Address Last Name": ("lastName", text),
    "Address Phone": ("phone", text),
    "Address Company": ("company", text),
    "Address Line 1": ("address1", text),
    "Address Line 2": ("address2", text),
    "Address City": ("city", text),
    "Address Province": ("province", text),
    "Address Province Code": ("provinceCode", text),
    "Address Country": ("country", text),
    "Address Country Code": ("countryCodeV2", text),
    "Address Zip": ("zip", text),
}
TRANSACTION = {
    "Store Credit Transaction: ID": ("id", number),
    "Store Credit Transaction: Amount": ("amount.amount", money),
    "Store Credit Transaction: Created At": ("createdAt", when),
    "Store Credit Transaction: Expire At": ("expiresAt", when),
    "Store Credit Transaction: Event": ("event", lower),
    "Store Credit Transaction: Balance": ("balanceAfterTransaction.amount", money),
}


def rows(nodes):
    return {"Customers": [row for node in nodes for row in _customer(node)]}


def _customer(node):
    default = at(node, "defaultAddress.id")
    addresses = [
        cells(address, ADDRESS) | {"Address Is Default": yes(address["id"] == default)}
        for address in node["addressesV2"]["nodes"]
    ]
    accounts = node["storeCreditAccounts"]["nodes"]
    credit = [cells(t, TRANSACTION) for a in accounts for t in a["transactions"]["nodes"]]
    balance = money(accounts[0]["balance"]["amount"]) if len(accounts) == 1 else ""
    top = cells(node, TOP) | {"Store Credit: Amount": balance}
    top["Store Credit: Adjust"] = "0" if accounts else ""
    return beside(top, cells(node, OWN), addresses, credit)
