"""Refunds, payments and edits of orders: money is given back and taken once, and no more of it than
there is."""

from itertools import count
from typing import Any

import pytest

KEYS = count(1)
CREATE = """mutation ($order: OrderCreateOrderInput!) { orderCreate(order: $order) {
  order { id lineItems(first: 5) { nodes { id } } transactions { id } }
  userErrors { field message } } }"""
REFUND = """mutation ($input: RefundInput!, $key: String!) {
  refundCreate(input: $input) @idempotent(key: $key) { refund { id } userErrors { message } } }"""
VOID = """mutation ($id: ID!) { transactionVoid(parentTransactionId: $id) {
  userErrors { code } } }"""
CAPTURE = """mutation ($input: OrderCaptureInput!) { orderCapture(input: $input) {
  userErrors { message } } }"""
PAY = """mutation ($id: ID!, $amount: MoneyInput, $at: DateTime) {
  orderCreateManualPayment(id: $id, amount: $amount, processedAt: $at) {
    userErrors { code } } }"""
BEGIN = "mutation ($id: ID!) { orderEditBegin(id: $id) { calculatedOrder { id } } }"
ADD = """mutation ($id: ID!, $variant: ID!, $twice: Boolean) {
  orderEditAddVariant(id: $id, variantId: $variant, quantity: 1, allowDuplicates: $twice) {
    userErrors { message } } }"""


def money(value: str) -> dict[str, Any]:
    return {"shopMoney": {"amount": value, "currencyCode": "USD"}}


def new_order(alice, *payments: tuple[str, str], **more: Any) -> dict[str, Any]:
    """An order of two cups for 20.00, sent for 5.00, with these payments."""
    order = {
        "currency": "USD",
        "lineItems": [{"title": "Cup", "quantity": 2, "priceSet": money("10.00")}],
        "shippingLines": [{"title": "Post", "priceSet": money("5.00")}],
        "transactions": [
            {"kind": kind, "amountSet": money(value), "gateway": "manual", "status": "SUCCESS"}
            for kind, value in payments
        ],
    }
    answer = alice.ask(CREATE, order=order | more)["orderCreate"]
    assert answer["userErrors"] == []
    return answer["order"]


def test_a_development_store_takes_five_new_orders_a_minute(alice):
    alice.control("misbehave", {"development": True})
    plan = alice.ask("query { shop { plan { partnerDevelopment } } }")["shop"]["plan"]
    assert plan == {"partnerDevelopment": True}
    for _ in range(5):
        new_order(alice)
    line = {"title": "Cup", "quantity": 1, "priceSet": money("1.00")}
    order = {"currency": "USD", "lineItems": [line]}
    errors = alice.ask(CREATE, order=order)["orderCreate"]["userErrors"]
    assert [error["message"][:17] for error in errors] == ["Too many attempts"]
    alice.control("misbehave", {})
    new_order(alice)


def refund(alice, order: dict[str, Any], **given: Any) -> list[str]:
    """What is wrong with a refund; nothing when it was made."""
    asked = {"orderId": order["id"], **given}
    answer = alice.ask(REFUND, input=asked, key=f"key-{next(KEYS)}")["refundCreate"]
    return [error["message"] for error in answer["userErrors"]]


def back(order: dict[str, Any], amount: str, payment: int = 0) -> dict[str, Any]:
    parent = order["transactions"][payment]["id"]
    one = {"orderId": order["id"], "parentId": parent, "gateway": "manual", "kind": "REFUND"}
    return {"transactions": [one | {"amount": amount}]}


def test_no_more_is_given_back_than_each_payment_was(alice):
    order = new_order(alice, ("SALE", "20.00"), ("SALE", "5.00"))
    assert "left of the payment" in refund(alice, order, **back(order, "6.00", payment=1))[0]
    assert refund(alice, order, **back(order, "4.00", payment=1)) == []
    assert "the 1.00 that is left" in refund(alice, order, **back(order, "2.00", payment=1))[0]
    assert "greater than 0" in refund(alice, order, **back(order, "0.00"))[0]
    assert refund(alice, order, **back(order, "20.00")) == []


def test_neither_items_nor_shipping_are_refunded_twice(alice):
    order = new_order(alice, ("SALE", "25.00"))
    lines = [{"lineItemId": order["lineItems"]["nodes"][0]["id"], "quantity": 2}]
    given = {"shipping": {"amount": "3.00"}, "refundLineItems": lines}
    assert refund(alice, order, **given) == []
    assert refund(alice, order, shipping={"amount": "2.01"}) == [
        "Shipping amount is more than is left"
    ]
    assert "more items" in refund(alice, order, refundLineItems=lines)[0]
    assert refund(alice, order, shipping={"amount": "2.00"}) == []


def test_a_refund_in_another_currency_names_it(alice):
    order = new_order(alice, ("SALE", "25.00"), presentmentCurrency="EUR")
    assert refund(alice, order, **back(order, "1.00")) == ["Currency can't be blank"]
    assert refund(alice, order, currency="EUR", **back(order, "1.00")) == []


def test_an_authorization_is_captured_or_voided_but_not_both(alice):
    first, second = (new_order(alice, ("AUTHORIZATION", "25.00")) for _ in range(2))

    def void(order: dict[str, Any]) -> list[dict[str, str]]:
        return alice.ask(VOID, id=order["transactions"][0]["id"])["transactionVoid"]["userErrors"]

    def capture(order: dict[str, Any]) -> list[dict[str, str]]:
        held = order["transactions"][0]["id"]
        given = {"id": order["id"], "parentTransactionId": held, "amount": "25.00"}
        return alice.ask(CAPTURE, input=given)["orderCapture"]["userErrors"]

    assert (void(first), void(first)) == ([], [{"code": "AUTH_NOT_VOIDABLE"}])
    assert capture(first) and capture(second) == []
    assert void(second) == [{"code": "AUTH_NOT_VOIDABLE"}] and capture(second)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"amount": {"amount": "25.01", "currencyCode": "USD"}}, "AMOUNT_EXCEEDS_BALANCE"),
        ({"amount": {"amount": "0", "currencyCode": "USD"}}, "AMOUNT_NOT_POSITIVE"),
        ({"amount": {"amount": "5.00", "currencyCode": "EUR"}}, "CURRENCY_MISMATCH"),
        ({"at": "2999-01-01T00:00:00Z"}, "PROCESSED_AT_INVALID"),
    ],
)
def test_a_manual_payment_is_of_what_is_due(alice, given, code):
    order = new_order(alice)
    answer = alice.ask(PAY, id=order["id"], **given)["orderCreateManualPayment"]
    assert answer["userErrors"] == [{"code": code}]


def test_a_variant_comes_twice_into_an_order_only_where_that_is_said(alice):
    alice.control("seed", {"products": 1})
    found = alice.ask("{ productVariants(first: 1) { nodes { id } } }")["productVariants"]
    variant = found["nodes"][0]["id"]
    order = new_order(alice)
    session = alice.ask(BEGIN, id=order["id"])["orderEditBegin"]["calculatedOrder"]["id"]

    def add(twice: bool) -> list[dict[str, str]]:
        answer = alice.ask(ADD, id=session, variant=variant, twice=twice)
        return answer["orderEditAddVariant"]["userErrors"]

    assert (add(False), add(True)) == ([], [])
    assert add(False) == [{"message": "The variant is on the order already"}]
