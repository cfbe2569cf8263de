"""Believable records of every data type. One module a type; make(seeder, first, how_many) yields
records numbered from `first` on, and whatever they belong to or that belongs to them."""

from standin.seeds import (
    articles,
    catalogs,
    collections,
    companies,
    customers,
    discounts,
    draft_orders,
    events,
    files,
    menus,
    metafield_definitions,
    metaobject_definitions,
    metaobjects,
    orders,
    pages,
    payouts,
    products,
    redirects,
    shop,
)

# In the order of making: what is referred to comes first. Beside each how many the demo shop has.
SEEDS = {
    "shop": (shop, 1),
    "metafield_definitions": (metafield_definitions, 21),
    "metaobject_definitions": (metaobject_definitions, 4),
    "files": (files, 12),
    "metaobjects": (metaobjects, 12),
    "products": (products, 50),
    "collections": (collections, 12),
    "customers": (customers, 25),
    "companies": (companies, 3),
    "catalogs": (catalogs, 2),
    "discounts": (discounts, 12),
    "pages": (pages, 6),
    "articles": (articles, 8),
    "menus": (menus, 3),
    "redirects": (redirects, 24),
    "orders": (orders, 20),
    "draft_orders": (draft_orders, 5),
    "events": (events, 15),
    "payouts": (payouts, 4),
}
