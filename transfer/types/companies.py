"""Companies: B2B company information.

A row is one contact at one location. The names of the six columns on store credit could not be
read from real files: they follow those of customers. ``Location: Catalogs`` stands behind the
addresses, as in most files.
"""

from itertools import zip_longest

from transfer.types import addresses, codes, metafields
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
from transfer.types.company_writing import (
    CATALOGS,
    CUSTOMER_EMAIL,
    CUSTOMER_ID,
    DEPOSIT,
    ROLE,
    TERMS,
    WRITING,
)
from transfer.types.customer_writing import TRIGGER
from transfer.types.forms import (
    BOOLEAN,
    INTEGER,
    MERGE,
    MOMENT,
    MONEY,
    REPLACE,
    SHORT_CODE,
    STRIPPED,
    either,
    form,
    id_of,
    parse_boolean,
    true_or_false,
)
from transfer.types.personal import PUBLIC, TEXT, columns
from transfer.types.store_credit import ADJUST, AMOUNT
from translations import N_, ngettext

ADDRESS = """firstName lastName recipient phone address1 address2 zip city zoneCode countryCode"""
TAX_SETTING = either("exempt", "collect")
PAY_NOW = form(
    lambda buyer: true_or_false(
        buyer if isinstance(buyer, bool) else not buyer["paymentTermsTemplate"]
    ),
    "boolean",
    parse=parse_boolean,
)

OBJECTS = Pass(
    "companies",
    fields="""id name externalId note customerSince lifetimeDuration createdAt updatedAt
      mainContact { customer { id email } } contactsCount { count } locationsCount { count }
      ordersCount { count } totalSpent { amount }""",
    repeated=metafields.fields("COMPANY", guarded=True),
    connections=(
        Connection(
            "locations",
            types=("CompanyLocation",),
            count="locationsCount.count",
            fields=f"""id name externalId phone note locale
              taxSettings {{ taxExempt taxExemptions taxRegistrationId }}
              buyerExperienceConfiguration {{ checkoutToDraft editableShippingAddress
                paymentTermsTemplate {{ id name }}
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
ROLES = Pass(
    "companies",
    connections=(Connection("contactRoles", types=("CompanyContactRole",), fields="id name"),),
    attach=Attach(shown=False),
    about="the roles that contacts may have are",
    writing=True,
)
"""Shopify counts the names of roles as customer data."""
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
CREDITED = Pass(
    "companyLocations",
    fields="id owner: company { id }",
    attach=Attach(name="credited", shown=False),
    about="what was done with store credit is",
    scopes=("read_store_credit_accounts", "read_store_credit_account_transactions"),
    writing=True,
    few=Pass(
        "nodes",
        plain=True,
        ids="locations",
        fields="... on CompanyLocation { id owner: company { id } }",
        connections=(
            Connection(
                "storeCreditAccounts",
                "id",
                within="... on CompanyLocation { %s }",
                connections=(
                    Connection("transactions", "__typename ... on Node { id } amount { amount }"),
                ),
            ),
        ),
        attach=Attach(name="credited", shown=False),
    ),
)
"""Before an import gives credit again it looks for what it has left."""


def rows(company: Item) -> list[Item]:
    """A row for each contact of each location, those without a location at the end.

    The accounts of a location's store credit stand beside its contacts. A person's ``key`` is the
    same whatever the role is.
    """
    contacts = {contact["id"]: contact["customer"] for contact in company["contacts"]}
    left = dict(contacts)
    found = []
    for location in company["locations"]:
        people = []
        for assignment in location.get("roleAssignments", ()):
            gid = assignment["companyContact"]["id"]
            left.pop(gid, None)
            person = {"key": f"{location['id']} {gid}", "role": assignment["role"]["name"]}
            people.append(person | (contacts.get(gid) or {}))
        accounts = location.get("storeCreditAccounts", ())
        for person, account in list(zip_longest(people, accounts)) or [(None, None)]:
            found.append({"location": location, "customer": person, "account": account})
    return found + [{"customer": {"key": gid, **person}} for gid, person in left.items()]


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
        f"{start} {{}}",
        NAMES,
        path,
        FIELDS,
        lambda name: (f"{start} Address: {name}",),
        write=path,
        forms={"Country Code": codes.COUNTRY, "Province Code": SHORT_CODE},
    )


COMPANY = Block(
    (
        Column("ID", "id", id_of("Company")),
        Column("Name", "name", STRIPPED, write="name"),
        Column("Command", "id", MERGE),
        Column("External ID", "externalId", STRIPPED, write="externalId"),
        Column("Notes", "note", write="note"),
        Column("Customer Since", "customerSince", MOMENT, write="customerSince", clears=False),
        Column("Lifetime Duration", "lifetimeDuration"),
        Column("Created At", "createdAt", MOMENT),
        Column("Updated At", "updatedAt", MOMENT),
        Column(
            "Main Contact: Customer ID",
            "mainContact.customer.id",
            CUSTOMER_ID,
            write="main:id",
            unless="Main Contact: Customer Email",
        ),
        Column(
            "Main Contact: Customer Email",
            "mainContact.customer.email",
            CUSTOMER_EMAIL,
            write="main:email",
        ),
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
        Column("Location: Name", "name", STRIPPED, write="name", clears=False),
        Column("Location: Command", "id", MERGE),
        Column("Location: External ID", "externalId", STRIPPED, write="externalId"),
        Column("Location: Phone", "phone", write="phone"),
        Column("Location: Notes", "note", write="note"),
        Column("Location: Locale", "locale", write="locale", clears=False),
        Column("Location: Tax ID", "taxSettings.taxRegistrationId", write="taxRegistrationId"),
        Column("Location: Tax Setting", "taxSettings.taxExempt", TAX_SETTING, write="taxExempt"),
        Column(
            "Location: Tax Exemptions",
            "taxSettings.taxExemptions",
            codes.TAX_EXEMPTIONS,
            write="taxExemptions",
            cleared=[],
        ),
        Column(
            "Location: Allow Shipping To Any Address",
            f"{BUYER}.editableShippingAddress",
            BOOLEAN,
            write=f"{BUYER}.editableShippingAddress",
        ),
        Column(
            "Location: Checkout To Draft",
            f"{BUYER}.checkoutToDraft",
            BOOLEAN,
            write=f"{BUYER}.checkoutToDraft",
        ),
        Column(
            "Location: Checkout Payment Terms",
            f"{BUYER}.paymentTermsTemplate.name",
            TERMS,
            write=f"{BUYER}.paymentTermsTemplateId",
        ),
        Column(
            "Location: Checkout Payment Deposit",
            f"{BUYER}.deposit.percentage",
            DEPOSIT,
            write=f"{BUYER}.deposit.percentage",
        ),
        Column("Location: Checkout Pay Now Only", BUYER, PAY_NOW, write="=pay_now"),
        *_address("Shipping", "shippingAddress"),
        *_address("Billing", "billingAddress"),
        Column("Location: Catalogs", "catalogs", CATALOGS, write="=catalogs", cleared=[]),
        Column("Location: Catalogs Command", "id", REPLACE),
    ),
    of="rows",
    part="location",
    at="locations",
)
CUSTOMER = Block(
    (
        Column("Customer: ID", "id", CUSTOMER_ID, write="=customer_id"),
        Column("Customer: Email", "email", CUSTOMER_EMAIL, write="=customer"),
        Column("Customer: Command", "id", MERGE),
        Column("Customer: First Name", "firstName", write="=first"),
        Column("Customer: Last Name", "lastName", write="=last"),
        Column("Customer: Location Role", "role", ROLE, write="=role", clears=False),
    ),
    of="rows",
    part="customer",
    at="contacts.customer",
)
STORE_CREDIT = Block(
    (
        Column("Store Credit: ID", "id", id_of("StoreCreditAccount")),
        Column("Store Credit: Currency", "balance.currencyCode", SHORT_CODE, write="=currency"),
        Column(
            "Store Credit: Amount",
            "balance.amount",
            AMOUNT,
            write="=balance",
            unless="Store Credit: Adjust",
            clears=False,
        ),
        Column("Store Credit: Adjust", "id", ADJUST, write="=adjust", acts=True, clears=False),
        Column(
            "Store Credit: Expire At", "expires", MOMENT, write="=expires", acts=True, clears=False
        ),
        Column(
            "Store Credit: Send Receipt", "sent", TRIGGER, write="=notify", acts=True, clears=False
        ),
    ),
    of="rows",
    part="account",
)

companies = DataType(
    name="companies",
    label=N_("Companies"),
    counted=lambda count: ngettext("%(num)s company", "%(num)s companies", count),
    about=N_("B2B company information"),
    read_scopes=(
        *("read_companies", "read_customers", "read_orders", "read_payment_terms"),
        *metafields.SCOPES,
    ),
    write_scopes=(
        *("write_companies", "write_customers", "write_products"),
        "write_store_credit_account_transactions",
    ),
    facts=("metafields:COMPANY",),
    passes=(OBJECTS, PLACED, CREDIT, ROLES, CREDITED),
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
    writing=WRITING,
    personal={
        "metafields": TEXT,
        "companies.name": "company",
        "locations.name": "company",
        "location.name": "company",
        "customer.role": TEXT,
        **columns(
            PUBLIC,
            """Location: Checkout Pay Now Only; Location: Catalogs; Store Credit: Adjust;
            Store Credit: Expire At""",
        ),
        **columns(TEXT, "Customer: Command; Metafield: {}"),
    },
)
