"""Shop: store settings and configuration. One row, without ID and Command.

The order of the columns behind ``Updated At`` is inferred from their documentation.
"""

from transfer.types import metafields
from transfer.types.base import Block, Column, DataType, Pass, Sheet
from transfer.types.forms import BOOLEAN, MERGE, MOMENT, UNREADABLE, WEIGHT_UNIT, form
from transfer.types.personal import PUBLIC, columns
from transfer.types.writing import Key, Writing
from translations import N_, ngettext

OBJECTS = Pass(
    "shop",
    plain=True,
    single=True,
    fields="""id myshopifyDomain name createdAt updatedAt primaryDomain { host } shopOwnerName email
      contactEmail
      shopAddress { phone address1 address2 city province provinceCode country countryCodeV2 zip }
      ianaTimezone currencyCode taxesIncluded taxShipping currencyFormats { moneyFormat }
      plan { publicDisplayName } features { storefront } weightUnit""",
    repeated=metafields.fields("SHOP", guarded=True),
)


def _domain(cell: str) -> str:
    return cell.strip().lower()


DOMAIN = form(str, parse=_domain)
SHOP = Block(
    (
        Column("Shopify Domain", "myshopifyDomain", DOMAIN),
        Column("Command", "id", MERGE, imports=True),
        Column("Name", "name"),
        Column("Created At", "createdAt", MOMENT),
        Column("Updated At", "updatedAt", MOMENT),
        Column("Domain", "primaryDomain.host"),
        Column("Owner", "shopOwnerName"),
        Column("Email", "email"),
        Column("Customer Email", "contactEmail"),
        Column("Phone", "shopAddress.phone"),
        Column("Address1", "shopAddress.address1"),
        Column("Address2", "shopAddress.address2"),
        Column("City", "shopAddress.city"),
        Column("Province", "shopAddress.province"),
        Column("Province Code", "shopAddress.provinceCode"),
        Column("Country", "shopAddress.country"),
        Column("Country Code", "shopAddress.countryCodeV2"),
        Column("Zip", "shopAddress.zip"),
        Column("Time Zone", "ianaTimezone"),
        Column("Currency", "currencyCode"),
        Column("Taxes Included", "taxesIncluded", BOOLEAN),
        Column("Tax Shipping", "taxShipping", BOOLEAN),
        Column("Money Format", "currencyFormats.moneyFormat"),
        Column("Shopify Plan", "plan.publicDisplayName"),
        Column("Has StoreFront", "features.storefront", BOOLEAN),
        Column("MultiLocation Enabled", "id", UNREADABLE),
        Column("Weight Unit", "weightUnit", WEIGHT_UNIT),
    )
)

shop = DataType(
    name="shop",
    label=N_("Shop"),
    counted=lambda count: ngettext("%(num)s shop", "%(num)s shops", count),
    about=N_("Store settings and configuration"),
    read_scopes=metafields.SCOPES,
    facts=("metafields:SHOP",),
    passes=(OBJECTS, metafields.SHOP),
    sheets=(
        Sheet(
            "Shop",
            blocks=(
                SHOP,
                metafields.columns("SHOP", header="Metafield: {}"),
                metafields.undefined_columns("SHOP", header="Metafield: {}"),
            ),
        ),
    ),
    writing=Writing(typename="Shop", keys=(Key(("Shopify Domain",)),), after=(metafields.GUARDED,)),
    personal={
        **columns(PUBLIC, "MultiLocation Enabled; Metafield: {}"),
    },
)
