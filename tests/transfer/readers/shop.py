from tests.transfer.readers.reading import cells, text, when, yes

SEED = {"metafield_definitions": 21}
QUERY = """query { shop { id myshopifyDomain name createdAt updatedAt primaryDomain { host }
  shopOwnerName email contactEmail shopAddress { phone address1 address2 city province
    provinceCode country countryCodeV2 zip }
  ianaTimezone currencyCode taxesIncluded taxShipping currencyFormats { moneyFormat }
  plan { publicDisplayName } features { storefront } weightUnit
  points: metafield(namespace: "loyalty", key: "points") { value }
  motto: metafield(namespace: "custom", key: "motto") { value } } }"""
NOT_FILLED: dict[str, str] = {}
NOT_SAID: dict[str, str] = {}
UNITS = {"KILOGRAMS": "kg", "POUNDS": "lb"}
SHOP = {
    "Shopify Domain": ("myshopifyDomain", text),
    "Name": ("name", text),
    "Created At": ("createdAt", when),
    "Updated At": ("updatedAt", when),
    "Domain": ("primaryDomain.host", text),
    "Owner": ("shopOwnerName", text),
    "Email": ("email", text),
    "Customer Email": ("contactEmail", text),
    "Phone": ("shopAddress.phone", text),
    "Address1": ("shopAddress.address1", text),
    "Address2": ("shopAddress.address2", text),
    "City": ("shopAddress.city", text),
    "Province": ("shopAddress.province", text),
    "Province Code": ("shopAddress.provinceCode", text),
    "Country": ("shopAddress.country", text),
    "Country Code": ("shopAddress.countryCodeV2", text),
    "Zip": ("shopAddress.zip", text),
    "Time Zone": ("ianaTimezone", text),
    "Currency": ("currencyCode", text),
    "Taxes Included": ("taxesIncluded", yes),
    "Tax Shipping": ("taxShipping", yes),
    "Money Format": ("currencyFormats.moneyFormat", text),
    "Shopify Plan": ("plan.publicDisplayName", text),
    "Has StoreFront": ("features.storefront", yes),
    "Weight Unit": ("weightUnit", UNITS.get),
    "Metafield: custom.motto [multi_line_text_field]": ("motto.value", text),
    "Metafield: loyalty.points [number_integer]": ("points.value", text),
}


def rows(nodes):
    return {"Shop": [cells(node, SHOP) for node in nodes]}
