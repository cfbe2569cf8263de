"""Writing declared for types whose import is to come, to see what the vocabulary carries."""

from transfer.types.writing import Key, Members, Mutation, Writing

MENUS = Writing(
    typename="Menu",
    keys=(Key(("Handle",)),),
    create=Mutation(
        "menuCreate",
        ("title: String!", "handle: String!", "items: [MenuItemCreateInput!]!"),
        saved="menu",
        errors="userErrors { field message code }",
    ),
    update=Mutation(
        "menuUpdate",
        ("id: ID!", "title: String!", "handle: String", "items: [MenuItemUpdateInput!]!"),
        target="id",
        saved="menu",
        errors="userErrors { field message code }",
    ),
    delete=Mutation("menuDelete", ("id: ID!",), target="id"),
    members=(
        Members(
            of="items",
            keys=(Key(("Menu Item: ID",)),),
            into="items",
            whole=True,
            under="Menu Item: Parent ID",
        ),
    ),
    required=("Title",),
)
MENU_PATHS = {"": ("title", "handle"), "items": ("title", "url", "items.0.resourceId")}

ADDRESS = ("customerId: ID!", "address: MailingAddressInput!", "setAsDefault: Boolean")
CUSTOMERS = Writing(
    typename="Customer",
    keys=(Key(("Email",), "email"), Key(("Phone",), "phone")),
    create=Mutation("customerCreate", ("input: CustomerInput!",), input="input", saved="customer"),
    update=Mutation(
        "customerUpdate",
        ("input: CustomerInput!",),
        input="input",
        target="input.id",
        saved="customer",
    ),
    delete=Mutation("customerDelete", ("input: CustomerDeleteInput!",), target="input.id"),
    members=(
        Members(
            of="addresses",
            keys=(Key(("Address ID",)),),
            command="Address Command",
            owner="customerId",
            create=Mutation("customerAddressCreate", ADDRESS, input="address", saved="address"),
            update=Mutation(
                "customerAddressUpdate",
                ("addressId: ID!", *ADDRESS),
                input="address",
                target="addressId",
                saved="address",
            ),
            delete=Mutation(
                "customerAddressDelete",
                ("customerId: ID!", "addressId: ID!"),
                target="addressId",
            ),
        ),
    ),
)
CUSTOMER_PATHS = {"": ("firstName", "tags"), "addresses": ("address1", "countryCode")}

ORDERS = Writing(
    typename="Order",
    keys=(Key(("Name",), "name"),),
    create=Mutation(
        "orderCreate",
        ("order: OrderCreateOrderInput!", "options: OrderCreateOptionsInput"),
        input="order",
        saved="order",
        errors="userErrors { field message code }",
    ),
    update=Mutation(
        "orderUpdate", ("input: OrderInput!",), input="input", target="input.id", saved="order"
    ),
    delete=Mutation("orderDelete", ("orderId: ID!",), target="orderId"),
    members=(
        Members(
            of="rows",
            only=("Line: Type", "Line Item"),
            keys=(Key(("Line: ID",)), Key(("Line: SKU",))),
            into="lineItems",
        ),
        Members(
            of="rows",
            only=("Line: Type", "Shipping Line"),
            keys=(Key(("Line: ID",)),),
            into="shippingLines",
            paths={"Line: Price": "priceSet.shopMoney.amount"},
        ),
    ),
)
ORDER_PATHS = {
    "": ("email", "note"),
    "lineItems": ("sku", "taxLines.0.title"),
    "shippingLines": ("title", "priceSet.shopMoney.amount"),
}

DECLARED = [
    (MENUS, MENU_PATHS),
    (CUSTOMERS, CUSTOMER_PATHS),
    (ORDERS, ORDER_PATHS),
]
