"""Columns that orders and draft orders share, in the order of real files."""

from dataclasses import replace
from decimal import Decimal

from transfer.types import codes
from transfer.types.addresses import address_columns
from transfer.types.base import Block, Column, Item
from transfer.types.forms import (
    AMOUNT,
    BOOLEAN,
    INTEGER,
    LOWER,
    MONEY,
    NUMBER,
    STRIPPED,
    TAGS,
    TEXT,
    form,
    id_of,
    lines_of,
    money,
    parse_decimal,
    same_decimal,
)

ADDRESS = """firstName lastName name company phone address1 address2 zip city province provinceCode
  country countryCodeV2"""
CUSTOMER_FIELDS = """id email phone firstName lastName note state tags taxExempt numberOfOrders
  amountSpent { amount } emailMarketingConsent { marketingState }
  smsMarketingConsent { marketingState }"""
COMPANY_FIELDS = """purchasingEntity { ... on PurchasingCompany {
  company { id name externalId } location { id name externalId } } }"""
BAG = "{ shopMoney { amount } }"
PAID = "{ presentmentMoney { amount currencyCode } }"
"""The money of a bag in the currency that the customer pays in."""
BOTH = "{ shopMoney { amount } presentmentMoney { amount } }"
TAXES = f"taxLines {{ title rate priceSet {BAG} }}"

ZERO = Decimal(0)


def amount(bag: Item | None) -> Decimal:
    """The shop's side of a MoneyBag; 0 for none."""
    return ZERO if bag is None else Decimal(bag["shopMoney"]["amount"])


def written(value: Decimal) -> str:
    """A sum as money, never in exponents: ``12.50``."""
    return money(f"{value:f}")


def divided(total: Decimal, count: int) -> Decimal:
    """One of equal parts, rounded to the decimals of the total, to two where it has fewer."""
    exponent = total.as_tuple().exponent
    places = min(exponent, -2) if isinstance(exponent, int) else -2
    return (total / count).quantize(Decimal((0, (1,), places)))


def minus(value: Decimal) -> str:
    """What is taken off, as real files have it: ``-2.50``; 0 stays ``0.00``."""
    return written(-value if value else ZERO)


MINUS = form(
    lambda off: minus(amount(off)) if isinstance(off, dict) else written(Decimal(off)),
    "number",
    parse=parse_decimal,
    canonical=same_decimal,
)


def tax_total(lines: list[Item]) -> str:
    """The sum of tax lines."""
    return written(sum((amount(line["priceSet"]) for line in lines), ZERO))


TAX_TOTAL = form(tax_total, "number")
PROPERTIES = lines_of("key")


def shop_money(header: str, field: str) -> Column:
    """A column of the shop's side of a MoneyBag."""
    return Column(header, f"{field}.shopMoney.amount", AMOUNT)


def tax_columns(
    prefix: str, count: int, path: str = "taxLines", write: str = ""
) -> tuple[Column, ...]:
    """Title, rate (``0.2``) and price of the first taxes; ``prefix`` ends before ``Tax 1``."""
    between = ":" if not prefix else ""
    parts = {
        "Title": ("title", TEXT),
        "Rate": ("rate", NUMBER),
        "Price": ("priceSet.shopMoney.amount", AMOUNT),
    }
    return tuple(
        Column(
            f"{prefix}Tax {place + 1}{between} {name}",
            f"{path}.{place}.{field}",
            form,
            write=f"{write}.{place}.{name.lower()}" if write else "",
        )
        for place in range(count)
        for name, (field, form) in parts.items()
    )


EMAIL = form(str, parse=str.strip, canonical=str.casefold)
CUSTOMER = Block(
    (
        Column(
            "Customer: ID",
            "customer.id",
            id_of("Customer"),
            write="=customer.id",
            unless="Customer: Email",
            clears=False,
        ),
        Column("Customer: Email", "customer.email", EMAIL, write="=customer.email", clears=False),
        Column("Customer: Phone", "customer.phone", STRIPPED, write="=customer.phone"),
        Column("Customer: First Name", "customer.firstName", write="=customer.firstName"),
        Column("Customer: Last Name", "customer.lastName", write="=customer.lastName"),
        Column("Customer: Note", "customer.note", write="=customer.note"),
        Column("Customer: State", "customer.state", LOWER),
        Column("Customer: Tags", "customer.tags", TAGS, write="=customer.tags"),
        Column(
            "Customer: Email Marketing Status",
            "customer.emailMarketingConsent.marketingState",
            LOWER,
        ),
        Column(
            "Customer: SMS Marketing Status",
            "customer.smsMarketingConsent.marketingState",
            LOWER,
        ),
        Column("Customer: Tax Exempt", "customer.taxExempt", BOOLEAN, write="=customer.taxExempt"),
        Column("Customer: Orders Count", "customer.numberOfOrders", INTEGER),
        Column("Customer: Total Spent", "customer.amountSpent.amount", MONEY),
    )
)


NAMES = (
    *("First Name", "Last Name", "Name", "Company", "Phone", "Address 1", "Address 2", "Zip"),
    *("City", "Province", "Province Code", "Country", "Country Code"),
)


def address(word: str, path: str) -> Block:
    """The columns of the ``Billing`` or ``Shipping`` address."""

    def aliases(name: str) -> tuple[str, ...]:
        return (f"{word}: {name.replace(' ', '')}",) if name[-1].isdigit() else ()

    instead = {"Country": "Country Code", "Province": "Province Code"}
    columns = address_columns(
        f"{word}: {{}}",
        NAMES,
        path,
        aliases=aliases,
        write=path,
        forms={"Country Code": codes.COUNTRY},
        instead=instead,
    )
    name = f"{path}.name"
    return Block(tuple(replace(c, write=f"={c.write}") if c.write == name else c for c in columns))


BILLING = address("Billing", "billingAddress")
SHIPPING = address("Shipping", "shippingAddress")
COMPANY = Block(
    (
        Column(
            "Company: ID",
            "purchasingEntity.company.id",
            id_of("Company"),
            write="=company.id",
            clears=False,
        ),
        Column(
            "Company: Name", "purchasingEntity.company.name", write="=company.name", clears=False
        ),
        Column(
            "Company: External ID",
            "purchasingEntity.company.externalId",
            write="=company.externalId",
            clears=False,
        ),
        Column(
            "Company: Location ID",
            "purchasingEntity.location.id",
            id_of("CompanyLocation"),
            write="=location.id",
            clears=False,
        ),
        Column(
            "Company: Location Name",
            "purchasingEntity.location.name",
            write="=location.name",
            clears=False,
        ),
        Column(
            "Company: Location External ID",
            "purchasingEntity.location.externalId",
            write="=location.externalId",
            clears=False,
        ),
    )
)
