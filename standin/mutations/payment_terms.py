"""The payment terms of orders. Those of a draft order are in its own input.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/paymentTermsCreate
"""

from standin import payment_terms
from standin.context import Context, now
from standin.mutations.order_state import amount, order_of
from standin.mutations.user_errors import refused, user_error

ATTRIBUTES = "paymentTermsAttributes"


def create(context: Context, args: dict) -> dict:
    order = order_of(context, args["referenceId"])
    why = ""
    if not order:
        why = "Payment terms can only be created on an order."
    elif order.get("paymentTerms"):
        why = "The order has payment terms already."
    elif amount(order.get("totalOutstandingSet")) <= 0:
        why = "Payment terms cannot be created on an order that is paid."
    if why or not order:
        return _refused("referenceId", why, "CREATION")
    return _written(context, order, {}, args[ATTRIBUTES], "CREATION")


def update(context: Context, args: dict) -> dict:
    given = args["input"]
    order, terms = _find(context, given["paymentTermsId"])
    if not order:
        return _refused("paymentTermsId", "Payment terms do not exist.", "UPDATE")
    return _written(context, order, terms, given[ATTRIBUTES], "UPDATE")


def delete(context: Context, args: dict) -> dict:
    order, terms = _find(context, args["input"]["paymentTermsId"])
    if not order:
        text, code = "Payment terms do not exist.", "PAYMENT_TERMS_DELETE_UNSUCCESSFUL"
        return refused([user_error(["paymentTermsId"], text, code)], "deletedId")
    context.shop.put(order | {"paymentTerms": None, "updatedAt": now()})
    context.shop.delete(terms["id"])
    return {"deletedId": terms["id"], "userErrors": []}


def _written(context: Context, order: dict, there: dict, given: dict, how: str) -> dict:
    record = {"paymentTerms": there, "currencyCode": order["currencyCode"]}
    terms, errors = payment_terms.made(context, record, given, [ATTRIBUTES])
    if errors or not terms:
        return _refused(ATTRIBUTES, errors[0]["message"], how)
    context.shop.put_many([terms | {"order": order["id"]}, order | {"paymentTerms": terms["id"]}])
    return {"paymentTerms": terms, "userErrors": []}


def _find(context: Context, gid: str) -> tuple[dict | None, dict]:
    """The order that has these terms, and the terms."""
    terms = context.record(gid) or {}
    order = order_of(context, terms.get("order"))
    return (order, terms) if order and order.get("paymentTerms") == gid else (None, {})


def _refused(field: str, text: str, how: str) -> dict:
    code = f"PAYMENT_TERMS_{how}_UNSUCCESSFUL"
    return refused([user_error([field], text, code)], "paymentTerms")


MUTATIONS = {
    "paymentTermsCreate": create,
    "paymentTermsUpdate": update,
    "paymentTermsDelete": delete,
}
