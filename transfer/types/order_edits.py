"""How lines of an order that is there come and go: in an edit, which Shopify makes of a whole order
at once. It is made only where a row's ``Line: Command`` asks for it."""

from typing import Any

from transfer.types.base import Item
from transfer.types.forms import BadCell
from transfer.types.order_creation import LINES, variant_of
from transfer.types.order_sending import Made
from transfer.types.writing import Input, Json, MemberValues, Mutation, Parts

BEGIN = Mutation("orderEditBegin", ("id: ID!",), target="id", saved="calculatedOrder")
SET_QUANTITY = Mutation(
    "orderEditSetQuantity",
    ("id: ID!", "lineItemId: ID!", "quantity: Int!", "restock: Boolean"),
    target="id",
)
ADD_VARIANT = Mutation(
    "orderEditAddVariant",
    ("id: ID!", "variantId: ID!", "quantity: Int!", "allowDuplicates: Boolean"),
    target="id",
)
ADD_CUSTOM_ITEM = Mutation(
    "orderEditAddCustomItem",
    (
        "id: ID!",
        "title: String!",
        "price: MoneyInput!",
        "quantity: Int!",
        "requiresShipping: Boolean",
        "taxable: Boolean",
    ),
    target="id",
)


def _shown_by(edit: Input, lines: list[Item], known: list[str]) -> bool:
    """Whether a part of an edit shows in the lines of an order: the line is gone, or there is such
    a new one."""
    given: Any = edit["variables"]
    if gid := given.get("lineItemId"):
        number = str(gid).rpartition("/")[2]
        found = (one for one in lines if one["id"].endswith(f"/{number}"))
        return not any(one["currentQuantity"] for one in found)
    return any(
        one["id"] not in known
        and one["quantity"] == given["quantity"]
        and (
            (one.get("variant") or {}).get("id") == given["variantId"]
            if "variantId" in given
            else one["title"] == given["title"]
        )
        for one in lines
    )


def _is_made(item: Item, variables: Input) -> bool:
    edits: Any = variables["edits"]
    known: Any = variables["known"]
    return all(_shown_by(edit, item.get("lineItems") or [], known) for edit in edits)


COMMIT = Mutation(
    "orderEditCommit",
    ("id: ID!", "notifyCustomer: Boolean"),
    target="id",
    notifies=("notifyCustomer",),
    final="edit",
    done=_is_made,
    session=BEGIN,
)


def edits(parts: Parts) -> Made:
    """The edit of an order that its rows ask for, if they do."""
    lines = [one for one in parts.members.get(LINES.name, ()) if one.action in ("create", "delete")]
    if parts.new or not lines:
        return
    made: list[Json] = [_removal(one) if one.ref else _addition(parts, one) for one in lines]
    known: Json = [line["id"] for line in parts.item.get("lineItems") or ()]
    yield COMMIT, COMMIT.variables(parts.target, {"edits": made, "known": known})


def _removal(line: MemberValues) -> Json:
    number = str(line.ref).rpartition("/")[2]
    gid = f"gid://shopify/CalculatedLineItem/{number}"
    given: Json = {"lineItemId": gid, "quantity": 0, "restock": True}
    return {"mutation": SET_QUANTITY.name, "variables": given}


def _addition(parts: Parts, line: MemberValues) -> Json:
    quantity, price = line.all.get("quantity"), line.all.get("priceSet.shopMoney.amount")
    if not isinstance(quantity, int) or quantity < 1:
        raise BadCell("Line: Quantity: it is empty.")
    if variant := variant_of(line, parts):
        given: dict[str, Json] = {"variantId": variant, "allowDuplicates": True}
        return {"mutation": ADD_VARIANT.name, "variables": given | {"quantity": quantity}}
    title = line.all.get("title") or line.all.get("=name") or line.all.get("sku")
    if not title or price is None:
        raise BadCell("Line: Price: it is empty, and the store has no variant with this SKU.")
    currency = str(parts.item.get("currencyCode") or parts.facts.currency)
    given = {
        "title": title,
        "price": {"amount": price, "currencyCode": currency},
        "quantity": quantity,
        "requiresShipping": line.all.get("requiresShipping") is not False,
        "taxable": line.all.get("taxable") is not False,
    }
    return {"mutation": ADD_CUSTOM_ITEM.name, "variables": given}
