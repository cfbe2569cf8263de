"""What is asked of a discount: one of eight GraphQL types, each with a name of its own.

No bulk query may have more than five connections, and Shopify counts them in each type, so items
and what a customer buys come in passes of their own. Codes are read page by page: stores have had
the first hundred of many thousands from a bulk operation that ended well.
"""

from transfer.types.base import Attach, Connection, Pass

CODE, AUTOMATIC = "DiscountCode", "DiscountAutomatic"
BASIC, BXGY, SHIPPING, APP = "Basic", "Bxgy", "FreeShipping", "App"
OWN = """title status startsAt endsAt createdAt updatedAt asyncUsageCount
  combinesWith { orderDiscounts productDiscounts shippingDiscounts } discountClasses
  context { __typename
    ... on DiscountCustomerSegments { segments { id name } }
    ... on DiscountCustomers { customers { id email } } }"""
OF_METHOD = {
    CODE: "usageLimit appliesOncePerCustomer expectedCodes: codesCount { count }",
    AUTOMATIC: "",
}
CYCLES = {CODE: "recurringCycleLimit", AUTOMATIC: "automaticCycleLimit: recurringCycleLimit"}
PURCHASE = "appliesOnOneTimePurchase appliesOnSubscription"
MINIMUM = """summary minimumRequirement { __typename
  ... on DiscountMinimumSubtotal { greaterThanOrEqualToSubtotal { amount } }
  ... on DiscountMinimumQuantity { greaterThanOrEqualToQuantity } }"""
EFFECT = """... on DiscountPercentage { percentage }
  ... on DiscountAmount { amount { amount } appliesOnEachItem }"""
GETS = f"""customerGets {{ {PURCHASE} items {{ __typename }} value {{ __typename {EFFECT}
  ... on DiscountOnQuantity {{ quantity {{ quantity }} effect {{ __typename {EFFECT} }} }} }} }}"""
BUYS = """summary usesPerOrderLimit customerBuys { isOneTimePurchase isSubscription
  items { __typename } value { __typename
    ... on DiscountQuantity { quantity } ... on DiscountPurchaseAmount { amount } } }"""
DESTINATION = """maximumShippingPrice { amount } destinationSelection { __typename
  ... on DiscountCountries { countries includeRestOfWorld } }"""


def _fields(method: str, kind: str) -> str:
    parts = {
        BASIC: (MINIMUM, GETS, CYCLES[method]),
        BXGY: (BUYS, GETS),
        SHIPPING: (MINIMUM, DESTINATION, PURCHASE, CYCLES[method]),
        APP: (PURCHASE, CYCLES[method]),
    }[kind]
    return f"... on {method}{kind} {{ {' '.join((OWN, OF_METHOD[method], *parts))} }}"


DISCOUNT = " ".join(
    _fields(method, kind) for method in (CODE, AUTOMATIC) for kind in (BASIC, BXGY, SHIPPING, APP)
)


def _within(names: tuple[str, ...], inside: str = "%s") -> str:
    """A selection in each of these types of discounts."""
    return f"discount {{ {' '.join(f'... on {name} {{ {inside} }}' for name in names)} }}"


def _items(
    name: str, typename: str, fields: str, side: str, discounts: tuple[str, ...]
) -> Connection:
    """The products, variants or collections that a customer gets or buys."""
    holder = "DiscountCollections" if name == "collections" else "DiscountProducts"
    inside = f"{side} {{ items {{ ... on {holder} {{ %s }} }} }}"
    return Connection(name, types=(typename,), fields=fields, within=_within(discounts, inside))


PRODUCTS = ("products", "Product", "id handle")
VARIANTS = ("productVariants", "ProductVariant", "id sku")
COLLECTIONS = ("collections", "Collection", "id handle")
GIVING = tuple(f"{method}{kind}" for method in (CODE, AUTOMATIC) for kind in (BASIC, BXGY))
BUYING = (f"{CODE}{BXGY}", f"{AUTOMATIC}{BXGY}")
WITH_CODES = tuple(f"{CODE}{kind}" for kind in (BASIC, BXGY, SHIPPING, APP))

PASSES = (
    Pass(
        "discountNodes",
        fields=f"id discount {{ __typename {DISCOUNT} }}",
    ),
    Pass(
        "discountNodes",
        connections=(
            Connection(
                "codes",
                types=("DiscountRedeemCode",),
                fields="id code asyncUsageCount",
                within=_within(WITH_CODES),
                count="discount.expectedCodes.count",
                searched=True,
            ),
        ),
        attach=Attach(),
        paged=True,
        about="codes are",
    ),
    *(
        Pass(
            "discountNodes",
            connections=(_items(*items, "customerGets", GIVING),),
            attach=Attach(),
        )
        for items in (PRODUCTS, VARIANTS, COLLECTIONS)
    ),
    Pass(
        "discountNodes",
        connections=tuple(_items(*items, "customerBuys", BUYING) for items in (PRODUCTS, VARIANTS)),
        attach=Attach(name="buys"),
    ),
    Pass(
        "discountNodes",
        connections=(_items(*COLLECTIONS, "customerBuys", BUYING),),
        attach=Attach(name="buys"),
    ),
)
