"""The registry: the 19 data types in the order of the guide. All else is drawn from it."""

from transfer.types.articles import articles
from transfer.types.catalogs import catalogs
from transfer.types.collections import collections
from transfer.types.companies import companies
from transfer.types.customers import customers
from transfer.types.discounts import discounts
from transfer.types.draft_orders import draft_orders
from transfer.types.events import events
from transfer.types.files import files
from transfer.types.menus import menus
from transfer.types.metafield_definitions import metafield_definitions
from transfer.types.metaobject_definitions import metaobject_definitions
from transfer.types.metaobjects import metaobjects
from transfer.types.orders import orders
from transfer.types.pages import pages
from transfer.types.payouts import payouts
from transfer.types.products import products
from transfer.types.redirects import redirects
from transfer.types.shop import shop

ALL = (
    products,
    collections,
    customers,
    orders,
    discounts,
    articles,
    catalogs,
    companies,
    draft_orders,
    files,
    menus,
    metaobjects,
    pages,
    redirects,
    shop,
    metafield_definitions,
    metaobject_definitions,
    events,
    payouts,
)
BY_NAME = {data_type.name: data_type for data_type in ALL}
