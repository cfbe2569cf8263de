"""Companies: B2B company information.

A row is one contact at one location. The names of the six columns on store credit could not be
read from real files: they follow those of customers. ``Location: Catalogs`` stands behind the
addresses, as in most files.
"""

from itertools import zip_longest

from transfer.types import addresses, metafields
from transfer.types.base import (
    NUMBERING,
    Attach,
    Block,
    Children,
    Column,
    Connection,
    DataType,
    Filter,
    Item,
    Pass,
    Sheet,
)
from transfer.types.forms import (
    BOOLEAN,
    INTEGER,
    LIST,
    MERGE,
    MOMENT,
    MONEY,
    NO_CHANGE,
    NUMBER,
    REPLACE,
    UNREADABLE,
    either,
    form,
    id_of,
)
from translations import N_

ADDRESS = """firstName lastName recipient phone address1 address2 zip city zoneCode countryCode"""
TITLES = form(lambda catalogs: ", ".join(catalog["title"] for catalog in catalogs))
TAX_SETTING = either("exempt", "collect")
PAY_NOW = form(lambda buyer: "false" if buyer["paymentTermsTemplate"] else "true", "boolean")

OBJECTS = Pass(
    "companies",
    fields="""id name externalId note customerSince lifetimeDuration createdAt updatedAt
      mainContact { customer { id email } } contactsCount { count } locationsCount { count }
      ordersCount { count } totalSpent { amount }""",
    repeated=metafields.fields("COMPANY"),
    connections=(
        Connection(
            "locations",
            types=("CompanyLocation",),
            count="locationsCount.count",
            fields=f"""id name externalId phone note locale
              taxSettings {{ taxExempt taxExemptions taxRegistrationId }}
              buyerExperienceConfiguration {{ checkoutToDraft editableShippingAddress
                paymentTermsTemplate {{ name }}
                deposit {{ ... on DepositPercentage {{ percentage }} }} }}
              shippingAddress {{ {ADDRESS} }} billingAddress {{ {ADDRESS} }}""",
        ),
        Connection(
            "contacts",
            types=("CompanyContact",),
            count="contactsCount.count",
            fields="id customer { id email firstName lastName }",
        ),
        metafields.connection("COMPANY"),
    ),
)
PLACED = Pass(
    "companyLocations",
    fields="id owner: company { id }",
    connections=(
        Connection(
            "roleAssignments",
            types=("CompanyContactRoleAssignment",),
            fields="id companyContact { id } role { name }",
        ),
        Connection(
            "catalogs",
            types=("CompanyLocationCatalog", "MarketCatalog", "AppCatalog"),
            fields="id title",
        ),
    ),
    attach=Attach(to="locations"),
    about="contacts' locations and catalogs are",
    scopes=("read_products",),
)
CREDIT = Pass(
    "companyLocations",
    fields="id owner: company { id }",
    connections=(
        Connection(
            "storeCreditAccounts",
            types=("StoreCreditAccount",),
            fields="id balance { amount currencyCode }",
        ),
    ),
    attach=Attach(to="locations"),
    about="store credit is",
    scopes=("read_store_credit_accounts",),
)


def rows(company: Item) -> list[Item]:
    """A row for each contact of each location, those without a location at the end.

    The accounts of a location's store credit stand beside its contacts.
    """
    contacts = {contact["id"]: contact["customer"] for contact in company["contacts"]}
    left = dict(contacts)
    found = []
    for location in company["locations"]:
        people = []
        for assignment in location.get("roleAssignments", ()):
            gid = assignment["companyContact"]["id"]
            left.pop(gid, None)
            people.append({"role": assignment["role"]["name"], **(contacts.get(gid) or {})})
        accounts = location.get("storeCreditAccounts", ())
        for person, account in list(zip_longest(people, accounts)) or [(None, None)]:
            found.append({"location": location, "customer": person, "account": account})
    return found + [{"customer": person} for person in left.values()]


NAMES = (
    *("First Name", "Last Name", "Recipient", "Phone", "Address 1", "Address 2", "Zip", "City"),
    *("Province Code", "Country Code"),
)
FIELDS = addresses.FIELDS | {"Province Code": "zoneCode", "Country Code": "countryCode"}
"""Of a CompanyAddress."""


def _address(word: str, path: str) -> tuple[Column, ...]:
    """The columns of a location's shipping or billing address."""
    start = f"Location: {word}"
    return addresses.address_columns(
        f"{start} {{}}", NAMES, path, FIELDS, lambda name: (f"{start} Address: {name}",)
    )


COMPANY = Block(
    (
        Column("ID", "id", id_of("Company")),
        Column("Name", "name"),
        Column("Command", "id", MERGE),
        Column("External ID", "externalId"),
        Column("Notes", "note"),
        Column("Customer Since", "customerSince", MOMENT),
        Column("Lifetime Duration", "lifetimeDuration"),
        Column("Created At", "createdAt", MOMENT),
        Column("Updated At", "updatedAt", MOMENT),
        Column("Main Contact: Customer ID", "mainContact.customer.id", id_of("Customer")),
        Column("Main Contact: Customer Email", "mainContact.customer.email"),
        Column("Contact Count", "contactsCount.count", INTEGER),
        Column("Location Count", "locationsCount.count", INTEGER),
        Column("Order Count", "ordersCount.count", INTEGER),
        Column("Total Spent", "totalSpent.amount", MONEY),
    )
)
BUYER = "buyerExperienceConfiguration"
LOCATION = Block(
    (
        Column("Location: ID", "id", id_of("CompanyLocation")),
        Column("Location: Name", "name"),
        Column("Location: Command", "id", MERGE),
        Column("Location: External ID", "externalId"),
        Column("Location: Phone", "phone"),
        Column("Location: Notes", "note"),
        Column("Location: Locale", "locale"),
        Column("Location: Tax ID", "taxSettings.taxRegistrationId"),
        Column("Location: Tax Setting", "taxSettings.taxExempt", TAX_SETTING),
        Column("Location: Tax Exemptions", "taxSettings.taxExemptions", LIST),
        Column(
            "Location: Allow Shipping To Any Address", f"{BUYER}.editableShippingAddress", BOOLEAN
        ),
        Column("Location: Checkout To Draft", f"{BUYER}.checkoutToDraft", BOOLEAN),
        Column("Location: Checkout Payment Terms", f"{BUYER}.paymentTermsTemplate.name"),
        Column("Location: Checkout Payment Deposit", f"{BUYER}.deposit.percentage", NUMBER),
        Column("Location: Checkout Pay Now Only", BUYER, PAY_NOW),
        *_address("Shipping", "shippingAddress"),
        *_address("Billing", "billingAddress"),
        Column("Location: Catalogs", "catalogs", TITLES),
        Column("Location: Catalogs Command", "id", REPLACE),
    ),
    of="rows",
    part="location",
    at="locations",
)
CUSTOMER = Block(
    (
        Column("Customer: ID", "id", id_of("Customer")),
        Column("Customer: Email", "email"),
        Column("Customer: Command", "id", MERGE),
        Column("Customer: First Name", "firstName"),
        Column("Customer: Last Name", "lastName"),
        Column("Customer: Location Role", "role"),
    ),
    of="rows",
    part="customer",
    at="contacts.customer",
)
STORE_CREDIT = Block(
    (
        Column("Store Credit: ID", "id", id_of("StoreCreditAccount")),
        Column("Store Credit: Currency", "balance.currencyCode"),
        Column("Store Credit: Amount", "balance.amount", MONEY),
        Column("Store Credit: Adjust", "id", NO_CHANGE),
        Column("Store Credit: Expire At", form=UNREADABLE),
        Column("Store Credit: Send Receipt", form=UNREADABLE),
    ),
    of="rows",
    part="account",
)

companies = DataType(
    name="companies",
    label=N_("Companies"),
    about=N_("B2B company information"),
    read_scopes=(
        *("read_companies", "read_customers", "read_orders", "read_payment_terms"),
        *metafields.SCOPES,
    ),
    facts=("metafields:COMPANY",),
    passes=(OBJECTS, PLACED, CREDIT),
    sheets=(
        Sheet(
            "Companies",
            aliases=("Company",),
            children=(Children("rows", rows),),
            blocks=(
                COMPANY,
                NUMBERING,
                LOCATION,
                CUSTOMER,
                STORE_CREDIT,
                metafields.columns("COMPANY", header="Metafield: {}"),
                metafields.undefined_columns("COMPANY", header="Metafield: {}"),
            ),
        ),
    ),
    filters=(
        Filter("name"),
        Filter("external_id"),
        Filter("id", form="range"),
        Filter("created_at", form="range"),
        Filter("updated_at", form="range"),
    ),
    count="companiesCount(limit: null)",
)
