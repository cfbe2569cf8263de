"""Customers: customer accounts and contact information.

The order is that of the old full export with the newer columns in their place; what stands behind
``Multipass Identifier`` on store credit is named in the same style, as are ``Tax Exemptions`` and
``Last Order: ID``. The first order is found among all orders of each customer: Shopify tells only
the last.
"""

from transfer.types import codes, metafields
from transfer.types.addresses import address_columns
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
from transfer.types.customer_writing import (
    ASSIGNED,
    COMMAND,
    CONSENT,
    COUNTRY,
    EMAIL,
    LEVEL,
    PHONE,
    TRIGGER,
    WRITING,
    invitation_form,
)
from transfer.types.forms import (
    BOOLEAN,
    INTEGER,
    LOWER,
    MERGE,
    MOMENT,
    MONEY,
    REPLACE,
    SHORT_CODE,
    TAGS,
    UNREADABLE,
    Form,
    Render,
    id_of,
)
from transfer.types.personal import PUBLIC, TEXT, columns
from transfer.types.shop_facts import ShopFacts
from transfer.types.store_credit import ADJUST, AMOUNT, CREDITS, transactions_of
from translations import N_, ngettext

OBJECTS = Pass(
    "customers",
    fields="""id email firstName lastName phone locale state createdAt updatedAt note
      verifiedEmail taxExempt taxExemptions tags amountSpent { amount } numberOfOrders
      lastOrder { id name processedAt }
      multipassIdentifier defaultAddress { id }
      emailMarketingConsent { marketingState marketingOptInLevel consentUpdatedAt }
      smsMarketingConsent {
        marketingState marketingOptInLevel consentUpdatedAt consentCollectedFrom }""",
    repeated=metafields.fields("CUSTOMER"),
    connections=(
        Connection(
            "addressesV2",
            types=("MailingAddress",),
            fields="""id firstName lastName phone company address1 address2 city province
              provinceCode country countryCodeV2 zip""",
        ),
        metafields.connection("CUSTOMER"),
    ),
)
CREDIT = Pass(
    "customers",
    connections=(
        Connection(
            "storeCreditAccounts",
            types=("StoreCreditAccount",),
            fields="id owner { ... on Customer { id } } balance { amount currencyCode }",
            connections=(
                Connection(
                    "transactions",
                    types=CREDITS,
                    fields="""__typename ... on Node { id } amount { amount } createdAt event
                      balanceAfterTransaction { amount }
                      ... on StoreCreditAccountCreditTransaction { expiresAt }""",
                ),
            ),
        ),
    ),
    attach=Attach(name="storeCredit"),
    about="store credit is",
    scopes=("read_store_credit_accounts", "read_store_credit_account_transactions"),
)


ORDERS = Pass(
    "customers",
    connections=(Connection("orders", types=("Order",), fields="id processedAt"),),
    attach=Attach(),
    about="first orders are",
    scopes=("read_orders",),
)


def addresses(customer: Item) -> list[Item]:
    """The customer's addresses, each with whether it is the default."""
    default = (customer.get("defaultAddress") or {}).get("id")
    return [address | {"default": address["id"] == default} for address in customer["addressesV2"]]


def transactions(customer: Item) -> list[Item]:
    """What was added to and taken from the customer's store credit, in all currencies."""
    return transactions_of(customer)


def _first(facts: ShopFacts) -> Render:
    """When the earliest of a customer's orders was processed."""
    moment = MOMENT.render(facts)
    return lambda orders: moment(min(o["processedAt"] for o in orders)) if orders else ""


def _consent(word: str, aliases: tuple[str, ...]) -> tuple[Column, ...]:
    """What a customer has agreed to receive, in what way, and when."""
    consent = f"{word.lower()}MarketingConsent"
    columns = (
        ("Status", "marketingState", CONSENT, aliases),
        ("Level", "marketingOptInLevel", LEVEL, ()),
        ("Updated At", "consentUpdatedAt", MOMENT, ()),
    )
    return tuple(
        Column(
            f"{word} Marketing: {header}",
            f"{consent}.{field}",
            form,
            write=f"{consent}:{field}",
            aliases=names,
            clears=False,
            assigned=ASSIGNED if header == "Status" else {},
        )
        for header, field, form, names in columns
    )


CUSTOMER = Block(
    (
        Column("ID", "id", id_of("Customer")),
        Column("Email", "email", EMAIL, write="email"),
        Column("Command", "id", MERGE),
        Column("First Name", "firstName", write="firstName"),
        Column("Last Name", "lastName", write="lastName"),
        Column("Phone", "phone", PHONE, write="phone"),
        Column("Language", "locale", write="locale", clears=False),
        Column("State", "state", LOWER),
        *_consent("Email", aliases=("Email Marketing Status", "Accepts Marketing")),
        *_consent("SMS", aliases=("SMS Marketing Status",)),
        Column("SMS Marketing: Source", "smsMarketingConsent.consentCollectedFrom", LOWER),
        Column("Created At", "createdAt", MOMENT),
        Column("Updated At", "updatedAt", MOMENT),
        Column("Note", "note", write="note"),
        Column("Verified Email", "verifiedEmail", BOOLEAN),
        Column("Tax Exempt", "taxExempt", BOOLEAN, write="taxExempt"),
        Column(
            "Tax Exemptions",
            "taxExemptions",
            codes.TAX_EXEMPTIONS,
            write="taxExemptions",
            cleared=[],
        ),
        Column("Tags", "tags", TAGS, write="tags", cleared=[]),
        Column("Tags Command", "id", REPLACE),
        Column("Total Spent", "amountSpent.amount", MONEY),
        Column("Total Orders", "numberOfOrders", INTEGER),
        Column("First Order: Processed At", "orders", Form(_first)),
        Column("Last Order: ID", "lastOrder.id", id_of("Order")),
        Column("Last Order: Name", "lastOrder.name"),
        Column("Last Order: Processed At", "lastOrder.processedAt", MOMENT),
    )
)
NAMES = (
    *("First Name", "Last Name", "Phone", "Company", "Line 1", "Line 2", "City", "Province"),
    *("Province Code", "Country", "Country Code", "Zip"),
)


def _aliases(name: str) -> tuple[str, ...]:
    word, _, number = name.rpartition(" ")
    return (f"Address{number}", f"Address {number}") if word == "Line" else ()


ADDRESSES = Block(
    (
        Column("Address ID", "id", id_of("MailingAddress")),
        Column("Address Command", "id", MERGE),
        *address_columns(
            "Address {}",
            NAMES,
            aliases=_aliases,
            write="address",
            forms={"Country": COUNTRY, "Country Code": codes.COUNTRY, "Province Code": SHORT_CODE},
            instead={"Country": "Country Code", "Province": "Province Code"},
        ),
        Column(
            "Address Is Default",
            "default",
            BOOLEAN,
            aliases=("Address Default",),
            write="setAsDefault",
            clears=False,
        ),
    ),
    of="addresses",
    at="addressesV2",
)
ACCOUNT = Block(
    (
        Column("Account Activation URL", form=UNREADABLE),
        Column(
            "Send Account Activation Email",
            "sent",
            TRIGGER,
            top_only=True,
            write="=invite",
            form_in=invitation_form,
            acts=True,
            clears=False,
        ),
        Column("Send Welcome Email", form=UNREADABLE),
        Column("Password", form=UNREADABLE),
        Column(
            "Multipass Identifier",
            "multipassIdentifier",
            top_only=True,
            write="multipassIdentifier",
        ),
        Column(
            "Store Credit: Amount",
            "storeCredit",
            AMOUNT,
            top_only=True,
            write="=balance",
            unless="Store Credit: Adjust",
            clears=False,
        ),
        Column(
            "Store Credit: Adjust",
            "storeCredit",
            ADJUST,
            top_only=True,
            write="=adjust",
            acts=True,
            clears=False,
        ),
    )
)
CREDIT_LINES = Block(
    (
        Column("Store Credit Transaction: ID", "id", id_of(*CREDITS)),
        Column("Store Credit Transaction: Command", "asked", COMMAND, write="=command"),
        Column("Store Credit Transaction: Amount", "amount.amount", AMOUNT, write="=amount"),
        Column("Store Credit Transaction: Created At", "createdAt", MOMENT),
        Column("Store Credit Transaction: Expire At", "expiresAt", MOMENT, write="=expires"),
        Column("Store Credit Transaction: Event", "event", LOWER),
        Column("Store Credit Transaction: Balance", "balanceAfterTransaction.amount", MONEY),
        Column("Store Credit Transaction: Send Receipt", "sent", TRIGGER, write="=notify"),
    ),
    of="transactions",
)

customers = DataType(
    name="customers",
    label=N_("Customers"),
    counted=lambda count: ngettext("%(num)s customer", "%(num)s customers", count),
    about=N_("Customer accounts and contact information"),
    read_scopes=("read_customers", "read_orders", *metafields.SCOPES),
    write_scopes=("write_customers", "write_store_credit_account_transactions"),
    facts=("metafields:CUSTOMER",),
    passes=(OBJECTS, CREDIT, ORDERS),
    sheets=(
        Sheet(
            "Customers",
            aliases=("Customer",),
            children=(Children("addresses", addresses), Children("transactions", transactions)),
            blocks=(
                CUSTOMER,
                NUMBERING,
                ADDRESSES,
                ACCOUNT,
                CREDIT_LINES,
                metafields.columns("CUSTOMER", header="Metafield: {}"),
                metafields.undefined_columns("CUSTOMER", header="Metafield: {}"),
            ),
        ),
    ),
    filters=(
        Filter("email"),
        Filter("phone"),
        Filter("state", values=("disabled", "enabled", "invited", "declined")),
        Filter("tag"),
        Filter("tag_not"),
        Filter("country"),
        Filter("id", form="range"),
        Filter("total_spent", form="range"),
        Filter("orders_count", form="range"),
        Filter("created_at", "customer_date", "range"),
        Filter("updated_at", form="range"),
    ),
    count="customersCount",
    writing=WRITING,
    personal={
        "customers.id": "own",
        "metafields": TEXT,
        **columns(
            PUBLIC,
            """First Order: Processed At; Account Activation URL; Send Account Activation Email;
            Send Welcome Email; Password; Store Credit: Amount; Store Credit: Adjust""",
        ),
        **columns(TEXT, "Address Command; Metafield: {}"),
    },
)
