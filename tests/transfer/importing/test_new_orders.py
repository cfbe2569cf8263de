"""Imports of new orders: history from another system, with nothing charged, sent or taken."""

from typing import Any

import pytest

from models import db
from tests.transfer.importing.files import (
    came_of,
    exported,
    imported,
    results_of,
    text_of,
    undone,
    undone_rows,
)
from tests.transfer.store import Store
from transfer.types import BY_NAME

TYPE = "orders"
ORDERS = """query { orders(first: 50, sortKey: ID, reverse: true) { nodes { id name tags note
  sourceIdentifier processedAt closed cancelledAt taxesIncluded displayFinancialStatus
  displayFulfillmentStatus customer { email } discountCodes
  billingAddress { lastName countryCodeV2 } shippingAddress { city countryCodeV2 }
  totalPriceSet { shopMoney { amount currencyCode } } totalTaxSet { shopMoney { amount } }
  totalDiscountsSet { shopMoney { amount } }
  transactions { kind status gateway amountSet { shopMoney { amount } } }
  fulfillments { trackingInfo { company number } displayStatus
    fulfillmentLineItems(first: 5) { nodes { quantity lineItem { sku } } } }
  lineItems(first: 5) { nodes { title sku quantity requiresShipping variant { id }
    taxLines { title rate } } } } } }"""
STOCK = "query { products(first: 50) { nodes { totalInventory } } }"
PARENT = {
    "Name": "W-77",
    "Command": "NEW",
    "Send Receipt": "FALSE",
    "Inventory Behaviour": "bypass",
    "Processed At": "2024-03-01 10:00:00 +0000",
    "Currency": "EUR",
    "Tax: Included": "FALSE",
    "Payment: Status": "paid",
    "Email": "ann@x.example",
    "Customer: Email": "ann@x.example",
    "Customer: First Name": "Ann",
    "Customer: Last Name": "Ek",
    "Billing: First Name": "Ann",
    "Billing: Last Name": "Ek",
    "Billing: Address 1": "Gata 1",
    "Billing: City": "Oslo",
    "Billing: Country Code": "NO",
    "Shipping: First Name": "Ann",
    "Shipping: Last Name": "Ek",
    "Shipping: Address 1": "Gata 1",
    "Shipping: City": "Oslo",
    "Shipping: Country Code": "NO",
    "Tags": "imported",
    "Note": "From the old shop",
}


def row(kind: str, **cells: str) -> dict[str, str]:
    named = {name.replace("_", " ").replace("  ", ": "): cell for name, cell in cells.items()}
    return {"Name": "W-77", "Line: Type": kind} | named


HISTORY = [
    PARENT
    | row(
        "Line Item",
        Line__Title="Kettle",
        Line__SKU="K-1",
        Line__Quantity="2",
        Line__Price="50",
        Line__Tax_1_Title="MVA",
        Line__Tax_1_Rate="0.25",
        Line__Tax_1_Price="22.50",
    ),
    row("Line Item", Line__Title="Cup", Line__SKU="C-1", Line__Quantity="1", Line__Price="20"),
    row("Shipping Line", Line__Title="Post", Line__Price="8"),
    row("Discount", Line__Title="fixed_amount", Line__Name="SPRING", Line__Price="10"),
    row(
        "Transaction",
        Transaction__Kind="sale",
        Transaction__Amount="140.50",
        Transaction__Gateway="stripe",
        Transaction__Status="success",
    ),
    row(
        "Fulfillment Line",
        Fulfillment__Status="success",
        Fulfillment__Tracking_Company="Posten",
        Fulfillment__Tracking_Number="NO1",
        Fulfillment__Send_Receipt="FALSE",
    ),
]


@pytest.fixture
def filled(store):
    store.tell("seed", products=6, customers=2)
    store.tell("sent")
    return store


def history(store: Store, folder) -> None:
    store.given("an order of long ago", lambda: results_of(store, folder, TYPE, *HISTORY))


def newest(store: Store) -> dict[str, Any]:
    found: dict[str, Any] = store.graphql(ORDERS)["orders"]["nodes"][0]
    return found


def by_name(store: Store) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in store.graphql(ORDERS)["orders"]["nodes"]}


def names(store: Store) -> list[str]:
    return [node["name"] for node in store.graphql(ORDERS)["orders"]["nodes"]]


def money(bag: dict[str, Any]) -> str:
    return str(bag["shopMoney"]["amount"])


def test_a_historical_order_is_made_as_it_was(filled, tmp_path):
    before = filled.graphql(STOCK)
    found = came_of(filled, tmp_path, TYPE, *HISTORY)
    assert {result for result, _ in found} == {"created"}, found
    [sent] = filled.changes_sent()
    options = sent["arguments"]["options"]
    assert (options["sendReceipt"], options["sendFulfillmentReceipt"]) == (False, False)
    assert options["inventoryBehaviour"] == "BYPASS"
    order = newest(filled)
    assert (order["name"], order["note"], order["tags"]) == (
        "W-77",
        "From the old shop",
        ["imported"],
    )
    assert order["processedAt"].startswith("2024-03-01T10:00:00")
    assert order["totalPriceSet"]["shopMoney"] == {"amount": "140.50", "currencyCode": "EUR"}
    assert (money(order["totalTaxSet"]), money(order["totalDiscountsSet"])) == ("22.50", "10.00")
    assert order["discountCodes"] == ["SPRING"]
    assert order["displayFinancialStatus"] == "PAID"
    [payment] = order["transactions"]
    assert (payment["kind"], payment["gateway"]) == ("SALE", "manual (stripe)")
    assert order["displayFulfillmentStatus"] == "FULFILLED"
    assert order["fulfillments"][0]["trackingInfo"] == [{"company": "Posten", "number": "NO1"}]
    assert order["customer"] == {"email": "ann@x.example"}
    assert order["shippingAddress"] == {"city": "Oslo", "countryCodeV2": "NO"}
    lines = order["lineItems"]["nodes"]
    assert [(one["sku"], one["requiresShipping"]) for one in lines] == [
        ("K-1", True),
        ("C-1", True),
    ]
    assert filled.graphql(STOCK) == before


def test_a_parcel_of_a_new_order_keeps_its_tracking_page_and_where_it_is(filled, tmp_path):
    """Shopify takes the address of the page only of a fulfillment that follows the order."""
    page = "https://posten.example/NO1"
    parcel = HISTORY[-1] | {"Fulfillment: Tracking URL": page}
    rows = [*HISTORY[:-1], parcel | {"Fulfillment: Shipment Status": "delivered"}]
    assert set(results_of(filled, tmp_path, TYPE, *rows)) == {"created"}
    sent = [one["field"] for one in filled.changes_sent()]
    assert sent == ["orderCreate", "fulfillmentCreate", "fulfillmentEventCreate"]
    [shown] = [one for one in exported(filled, TYPE) if one["Line: Type"] == "Fulfillment Line"][:1]
    told = ("Fulfillment: Tracking URL", "Fulfillment: Shipment Status", "Order Fulfillment Status")
    assert [shown[header] for header in told] == [page, "delivered", "fulfilled"]


def test_a_total_that_shopify_makes_otherwise_is_told_and_stock_stays(filled, tmp_path):
    nodes = filled.graphql("query { productVariants(first: 1) { nodes { sku } } }")
    [variant] = nodes["productVariants"]["nodes"]
    before = filled.graphql(STOCK)
    first = HISTORY[0] | {"Line: SKU": variant["sku"], "Price: Total": "140.50"}
    [(result, comment), *_] = came_of(filled, tmp_path, TYPE, first, *HISTORY[1:])
    assert result == "created" and "Shopify keeps" not in comment
    other = {**first, "Name": "W-78", "Price: Total": "141.00"}
    rows = [{**one, "Name": "W-78"} for one in HISTORY[1:]]
    [(result, comment), *_] = came_of(filled, tmp_path, TYPE, other, *rows)
    assert comment.endswith('Price: Total: Shopify keeps it as "140.50".')
    assert filled.graphql(STOCK) == before


def test_a_second_run_makes_no_second_order(filled, tmp_path):
    history(filled, tmp_path)
    filled.tell("sent")
    assert set(results_of(filled, tmp_path, TYPE, *HISTORY)) == {"skipped"}
    merged = [{**one, "Command": "MERGE"} if "Command" in one else one for one in HISTORY]
    assert set(results_of(filled, tmp_path, TYPE, *merged)) == {"unchanged"}
    assert filled.changes_sent() == []
    assert names(filled) == ["W-77"]


def test_rows_of_a_new_order_may_share_a_token_in_id_or_its_number(filled, tmp_path):
    line = {"Command": "NEW", "Line: Type": "Line Item", "Line: Quantity": "1", "Line: Price": "5"}
    named = [line | {"ID": "wc-9", "Line: Title": title} for title in ("Cup", "Cup", "Lid")]
    assert results_of(filled, tmp_path, TYPE, *named) == ["created"] * 3
    order = newest(filled)
    assert order["sourceIdentifier"] == "wc-9"
    assert [one["title"] for one in order["lineItems"]["nodes"]] == ["Cup", "Cup", "Lid"]
    numbered = [line | {"Number": n, "Line: Title": "Cup"} for n in ("5001", "5001", "5002")]
    for one in numbered:
        del one["Line: Type"]
    found = results_of(filled, tmp_path, TYPE, *named, *numbered)
    assert found == ["skipped"] * 3 + ["created"] * 3
    made = by_name(filled)
    assert {"#5001", "#5002"} < made.keys() and len(made) == 3


def test_a_line_is_of_the_variant_with_its_sku(filled, tmp_path):
    nodes = filled.graphql("query { productVariants(first: 1) { nodes { id sku } } }")
    [variant] = nodes["productVariants"]["nodes"]
    line = row("Line Item", Line__SKU=variant["sku"], Line__Quantity="3", Line__Price="1.25")
    assert results_of(filled, tmp_path, TYPE, PARENT | line) == ["created"]
    [made] = newest(filled)["lineItems"]["nodes"]
    assert (made["variant"], made["quantity"]) == ({"id": variant["id"]}, 3)


def test_a_line_without_a_variant_may_be_of_a_product_and_of_a_fulfillment_service(
    filled, tmp_path
):
    """A product of another store is none here. Shopify's own services need not be said."""
    nodes = filled.graphql("query { products(first: 1) { nodes { id handle } } }")
    [product] = nodes["products"]["nodes"]
    line = row("Line Item", Line__Title="Engraved", Line__Quantity="1", Line__Price="5")
    line["Line: Fulfillment Service"] = "manual"
    rows = [PARENT | line | {"Line: Product ID": product["id"]}, line | {"Line: Product ID": "71"}]
    assert results_of(filled, tmp_path, TYPE, *rows) == ["created"] * 2
    made = [one["Line: Product Handle"] for one in exported(filled, TYPE) if one["Line: ID"]]
    assert made[:2] == [product["handle"], ""]
    other = PARENT | line | {"Name": "W-78", "Line: Fulfillment Service": "Far-Away"}
    [(result, comment)] = came_of(filled, tmp_path, TYPE, other)
    assert (result, comment) == ("failed", "Fulfillment service is not valid")


def test_a_customer_who_is_there_is_associated_and_keeps_their_name(filled, tmp_path):
    known = filled.graphql("query { customers(first: 1) { nodes { email firstName } } }")
    [customer] = known["customers"]["nodes"]
    line = row("Line Item", Line__Title="Cup", Line__Quantity="1", Line__Price="5")
    parent = PARENT | {"Customer: Email": customer["email"].upper()}
    assert results_of(filled, tmp_path, TYPE, parent | line) == ["created"]
    [sent] = filled.changes_sent()
    assert list(sent["arguments"]["order"]["customer"]) == ["toAssociate"]
    assert filled.graphql("query { customers(first: 1) { nodes { email firstName } } }") == known


def test_taxes_are_of_the_order_only_where_no_line_has_one(filled, tmp_path):
    """And one without a title is not lost."""
    line = PARENT | row("Line Item", Line__Title="Cup", Line__Quantity="1", Line__Price="5")
    untitled = {"Tax 1: Rate": "0.2", "Tax 1: Price": "1.00"}
    taxes = untitled | {"Tax 1: Title": "VAT"}
    cases = {
        "of the order": (line | taxes, "1.00"),
        "of a line and the order": (HISTORY[0] | taxes, "22.50"),
        "of the order, untitled": (line | untitled, "1.00"),
        "of a line, untitled": (
            line | {"Line: Tax 1 Rate": "0.2", "Line: Tax 1 Price": "1.00"},
            "1.00",
        ),
    }
    rows = [cells | {"Name": name} for name, (cells, _) in cases.items()]
    found = results_of(filled, tmp_path, TYPE, *rows)
    assert dict(zip(cases, found, strict=True)) == dict.fromkeys(cases, "created")
    made = by_name(filled)
    assert {name: money(made[name]["totalTaxSet"]) for name in cases} == {
        name: tax for name, (_, tax) in cases.items()
    }
    untitled_totals = [money(one["totalPriceSet"]) for n, one in made.items() if "untitled" in n]
    assert untitled_totals == ["6.00", "6.00"]


def test_an_order_without_a_date_has_that_of_its_creation(filled, tmp_path):
    filled.shop.scopes = f"{filled.shop.scopes},read_all_orders"
    line = row("Line Item", Line__Title="Cup", Line__Quantity="1", Line__Price="5")
    dated = line | {"Created At": "2020-01-02T03:04:05Z", "Email": "ann@x.example"}
    commands = {f"W{command}": command for command in ("NEW", "MERGE", "")}
    rows = [dated | {"Command": command, "Name": name} for name, command in commands.items()]
    found = came_of(filled, tmp_path, TYPE, *rows)
    assert [result for result, _ in found] == ["created"] * 3, found
    made = by_name(filled)
    assert {name: made[name]["processedAt"] for name in commands} == dict.fromkeys(
        commands, dated["Created At"]
    )
    [(result, why)] = came_of(filled, tmp_path, TYPE, {"Name": "W", "Created At": "2019-01-01"})
    assert (result, why) == ("unchanged", "")


def test_a_gateway_and_a_gift_card_are_real_only_where_a_cell_forces_it(filled, tmp_path):
    line = row("Line Item", Line__Title="Card", Line__Quantity="1", Line__Price="5")
    paid = row("Transaction", Transaction__Kind="sale", Transaction__Amount="5")
    paid["Transaction: Gateway"] = "stripe"
    plain = [PARENT | line | {"Line: Gift Card": "TRUE"}, paid]
    forced = [
        PARENT | line | {"Line: Force Gift Card": "TRUE"},
        paid | {"Transaction: Force Gateway": "TRUE"},
    ]
    file = [
        one | {"Name": f"W-{number}"} for number, rows in enumerate((plain, forced)) for one in rows
    ]
    assert set(results_of(filled, tmp_path, TYPE, *file)) == {"created"}
    orders = [one["arguments"]["order"] for one in filled.changes_sent()]
    sent = [
        (one["name"], one["transactions"][0]["gateway"], one["lineItems"][0]["giftCard"])
        for one in orders
    ]
    assert sent == [("W-0", "manual (stripe)", False), ("W-1", "stripe", True)]


def test_a_payment_in_another_currency_is_not_taken_for_the_orders(filled, tmp_path):
    line = row("Line Item", Line__Title="Cup", Line__Quantity="1", Line__Price="5")
    paid = row("Transaction", Transaction__Kind="sale", Transaction__Amount="55")
    paid["Transaction: Currency"] = "NOK"
    in_euro = {"Transaction: Shop Currency Amount": "5", "Transaction: Shop Currency": "EUR"}
    other = {"Name": "W-78"}
    rows = [PARENT | line, paid, PARENT | line | other, paid | in_euro | other]
    found = came_of(filled, tmp_path, TYPE, *rows)
    refused, made = found[:2], found[2:]
    assert all(result == "failed" and "the order is in EUR" in why for result, why in refused)
    assert [result for result, _ in made] == ["created"] * 2, made
    assert names(filled) == ["W-78"]
    [payment] = newest(filled)["transactions"]
    assert money(payment["amountSet"]) == "5.00"


def test_parcels_send_parts_of_a_new_order(filled, tmp_path):
    rows = [
        *HISTORY[:3],
        row("Fulfillment Line", Line__SKU="K-1", Line__Quantity="1", **TRACKED("A")),
        row("Fulfillment Line", Line__SKU="C-1", Line__Quantity="1", **TRACKED("B")),
    ]
    assert set(results_of(filled, tmp_path, TYPE, *rows)) == {"created"}
    order = newest(filled)
    assert order["displayFulfillmentStatus"] == "PARTIALLY_FULFILLED"
    parcels = [
        (one["trackingInfo"][0]["number"], one["fulfillmentLineItems"]["nodes"])
        for one in order["fulfillments"]
    ]
    assert parcels == [
        ("A", [{"quantity": 1, "lineItem": {"sku": "K-1"}}]),
        ("B", [{"quantity": 1, "lineItem": {"sku": "C-1"}}]),
    ]


def test_parcels_find_lines_by_the_word_in_line_id_and_by_what_others_leave(filled, tmp_path):
    lid = row("Line Item", Line__Title="Lid", Line__SKU="L", Line__Price="1")
    rows = [
        PARENT
        | lid
        | {"Line: ID": "71", "Line: Quantity": "1", "Line: SKU": "", "Line: Title": "Cup"},
        lid | {"Line: ID": "72", "Line: Quantity": "3"},
        lid | {"Line: ID": "73", "Line: Quantity": "2"},
        row("Fulfillment Line", Line__ID="72", Line__Quantity="3", **TRACKED("A")),
        row("Fulfillment Line", Line__SKU="L", Line__Quantity="1", **TRACKED("B")),
        row("Fulfillment Line", **TRACKED("C")),
    ]
    found = came_of(filled, tmp_path, TYPE, *rows)
    assert {result for result, _ in found} == {"created"}, found
    parcels = [one["fulfillmentLineItems"]["nodes"] for one in newest(filled)["fulfillments"]]
    assert [[part["quantity"] for part in parts] for parts in parcels] == [[3], [1], [1, 1]]
    assert newest(filled)["displayFulfillmentStatus"] == "FULFILLED"


def test_fulfillment_cells_on_the_row_of_a_line_send_that_line_alone(filled, tmp_path):
    """Neither a SKU nor a Line: ID need name it; lines without such cells are still to be sent."""
    cup, lid, jar = (
        row("Line Item", Line__Title=title, Line__Quantity="2", Line__Price="1")
        for title in ("Cup", "Lid", "Jar")
    )
    parcel = {"Fulfillment: Status": "success", "Fulfillment: Tracking Number": "A"}
    rows = [PARENT | cup, lid | parcel, jar | parcel | {"Fulfillment: Tracking Number": "B"}]
    assert set(results_of(filled, tmp_path, TYPE, *rows)) == {"created"}
    order = newest(filled)
    assert order["displayFulfillmentStatus"] == "PARTIALLY_FULFILLED"
    sent = [
        (row["Fulfillment: Tracking Number"], row["Line: Title"], row["Line: Quantity"])
        for row in exported(filled, TYPE)
        if row["Line: Type"] == "Fulfillment Line"
    ]
    assert sent == [("A", "Lid", "2"), ("B", "Jar", "2")]


def test_refunds_and_parcels_call_lines_refunds_and_themselves_by_any_word(filled, tmp_path):
    first = row("Line Item", Line__ID="l1", Line__Title="Cup", Line__Quantity="2")
    other = row("Line Item", Line__ID="l2", Line__Title="Lid", Line__Quantity="1")
    price = {"Line: Price": "5", "Transaction: Kind": ""}
    paid = row("Transaction", Transaction__ID="t1", Transaction__Kind="sale")
    rows = [
        PARENT | first | price,
        other | price,
        paid | {"Transaction: Amount": "15"},
        row("Fulfillment Line", Fulfillment__ID="p1", Line__ID="l2", **TRACKED("A")),
        row("Refund Line", Refund__ID="r1", Line__ID="l1", Line__Quantity="-1")
        | {"Refund: Generate Transaction": "TRUE"},
    ]
    found = came_of(filled, tmp_path, TYPE, *rows)
    assert {result for result, _ in found} == {"created"}, found
    made = exported(filled, TYPE)
    [sent] = [one for one in made if one["Line: Type"] == "Fulfillment Line"]
    [back] = [one for one in made if one["Line: Type"] == "Refund Line"]
    assert (sent["Line: Title"], back["Line: Title"]) == ("Lid", "Cup")
    assert back["Price: Total Refund"] == "5.00"


def test_a_share_of_yen_has_no_decimals(filled, tmp_path):
    line = row("Line Item", Line__Title="Cup", Line__Quantity="1", Line__Price="999")
    tenth = row("Discount", Line__Title="percentage", Line__Name="TEN", Line__Price="10")
    fixed = row("Discount", Line__Title="fixed_amount", Line__Name="OFF", Line__Price="100")
    rows = [PARENT | line | {"Currency": "JPY", "Price: Total": "799"}, tenth, fixed]
    [(result, comment), *_] = came_of(filled, tmp_path, TYPE, *rows)
    assert (result, "Shopify keeps" in comment) == ("created", False)
    [sent] = filled.changes_sent()
    code = sent["arguments"]["order"]["discountCode"]["itemFixedDiscountCode"]
    assert code["amountSet"]["shopMoney"] == {"amount": "200.00", "currencyCode": "JPY"}


def test_a_date_to_come_is_told_before_shopify_makes_it_now(filled, tmp_path):
    line = row("Line Item", Line__Title="Cup", Line__Quantity="1", Line__Price="5")
    line |= {"Name": "W-1", "Command": "NEW", "Processed At": "2199-01-02 03:04:05 +0000"}
    plan = filled.keep(tmp_path, text_of([line]), type=TYPE, dry_run=True)
    told = "Processed At: a date to come becomes the moment at which Shopify makes the order."
    assert filled.run_import(plan).warnings == [told]
    assert results_of(filled, tmp_path, TYPE, line) == ["created"]
    assert newest(filled)["processedAt"] < "2199"


def test_a_new_order_that_is_wrong_fails_before_anything(filled, tmp_path):
    line = row("Line Item", Line__ID="71", Line__Title="Cup", Line__SKU="C", Line__Quantity="2")
    line["Line: Price"] = "1"
    parcel = row("Fulfillment Line", **TRACKED("A"))
    wrong: list[tuple[list[dict[str, str]], str]] = [
        ([line, parcel | {"Line: SKU": "NONE"}], "The order has no line “NONE” to send."),
        ([line, parcel | {"Line: ID": "72"}], "The order has no line “72” to send."),
        (
            [line, parcel | {"Line: SKU": "C", "Line: Quantity": "3"}],
            "C: more is to be sent than is left",
        ),
        ([{}], "The order has no line. Giv"),
    ]
    rows = []
    for number, (cells, _) in enumerate(wrong):
        first, *others = cells
        rows += [one | {"Name": f"W-{number}"} for one in (PARENT | first, *others)]
    found = imported(filled, tmp_path, TYPE, *rows)
    for number, (cells, words) in enumerate(wrong):
        told = [one for one in found if one["Name"] == f"W-{number}"]
        assert [one["Import Result"] for one in told] == ["failed"] * len(cells), words
        assert all(words in one["Import Comment"] for one in told), (words, told)
    assert filled.changes_sent() == []


def TRACKED(number: str) -> dict[str, str]:
    return {"Fulfillment__Status": "success", "Fulfillment__Tracking_Number": number}


def test_an_old_cancelled_order_is_cancelled_and_nothing_goes_back(filled, tmp_path):
    before = filled.graphql(STOCK)
    parent = HISTORY[0] | {"Cancelled At": "2024-03-02", "Cancel: Reason": "customer"}
    assert set(results_of(filled, tmp_path, TYPE, parent, *HISTORY[1:])) == {"created"}
    create, cancel = filled.changes_sent()
    assert create["field"] == "orderCreate" and cancel["field"] == "orderCancel"
    assert (cancel["arguments"]["restock"], cancel["arguments"]["notifyCustomer"]) == (
        False,
        False,
    )
    assert newest(filled)["cancelledAt"] is not None
    assert filled.graphql(STOCK) == before


def test_without_all_orders_only_new_makes_one(filled, tmp_path):
    filled.shop.scopes = ",".join(BY_NAME["orders"].write_scopes)
    db.session.commit()
    line = row("Line Item", Line__Title="Cup", Line__Quantity="1", Line__Price="5")
    [(result, comment)] = came_of(filled, tmp_path, TYPE, PARENT | line | {"Command": ""})
    assert result == "failed"
    assert comment == (
        "It was not found. Altera sees only the last 60 days of this store, so it may exist "
        "already. Write the Command NEW to create it."
    )
    assert results_of(filled, tmp_path, TYPE, PARENT | line) == ["created"]


def test_lines_prices_and_customers_of_an_order_stay_and_each_cell_says_so(filled, tmp_path):
    history(filled, tmp_path)
    filled.tell("sent")
    rows = [
        {"Name": "W-77", "Customer: First Name": "Bob", "Note": "New note",
         "Line: Type": "Line Item", "Line: SKU": "K-1", "Line: Price": "49.00"},
        row("Line Item", Line__Title="Extra", Line__Quantity="1", Line__Price="1.00"),
    ]  # fmt: skip
    [(result, comment), _] = came_of(filled, tmp_path, TYPE, *rows)
    stays = "Shopify lets no app change it in an order that is there; edit the order in its admin."
    assert result == "updated"
    assert f"Customer: First Name: “Ann” stays. {stays}" in comment
    assert f"Row 2: Line: Price: “50.00” stays. {stays}" in comment
    assert f"Row 3: “Extra” is not there. {stays}" in comment
    assert [one["field"] for one in filled.changes_sent()] == ["orderUpdate"]


def test_an_order_gets_another_customer_by_email_and_the_old_one_by_an_undo(filled, tmp_path):
    history(filled, tmp_path)
    known = filled.graphql("query { customers(first: 1) { nodes { email } } }")
    [customer] = known["customers"]["nodes"]
    filled.tell("sent")
    other = {"Name": "W-77", "Customer: Email": customer["email"].upper()}
    assert results_of(filled, tmp_path, TYPE, other) == ["updated"]
    assert [one["field"] for one in filled.changes_sent()] == ["orderCustomerSet"]
    assert newest(filled)["customer"] == customer
    assert undone(filled) == ["updated"]
    assert newest(filled)["customer"] == {"email": "ann@x.example"}
    [(result, comment)] = came_of(
        filled, tmp_path, TYPE, {"Name": "W-77", "Customer: Email": "nobody@x.example"}
    )
    assert (result, comment) == (
        "failed",
        "Customer: Email: the store has no customer “nobody@x.example”. Import the customer first.",
    )


COMPANY = """query { companies(first: 1) { nodes { id name externalId
  locations(first: 1) { nodes { id name externalId } }
  contacts(first: 1) { nodes { customer { email } } } } } }"""
BOUGHT = """query { orders(first: 1, sortKey: ID, reverse: true) { nodes { purchasingEntity {
  ... on PurchasingCompany { location { id } company { id } contact { customer { email } } } } } }
  draftOrders(first: 1, sortKey: ID, reverse: true) { nodes { purchasingEntity {
  ... on PurchasingCompany { location { id } contact { customer { email } } } } } } }"""


def test_orders_and_drafts_are_of_the_company_location_that_cells_name(filled, tmp_path):
    filled.tell("seed", companies=2)
    [company] = filled.graphql(COMPANY)["companies"]["nodes"]
    [place] = company["locations"]["nodes"]
    [contact] = company["contacts"]["nodes"]
    line = row("Line Item", Line__Title="Cup", Line__Quantity="1", Line__Price="5")
    named = {"Company: Name": company["name"], "Company: Location Name": place["name"]}
    email = {"Customer: Email": contact["customer"]["email"]}
    assert results_of(filled, tmp_path, TYPE, PARENT | line | named) == ["created"]
    assert filled.graphql(BOUGHT)["orders"]["nodes"][0]["purchasingEntity"]["location"] == {
        "id": place["id"]
    }
    draft = {"Number": "1", "Line: Title": "Cup", "Line: Quantity": "1", "Line: Price": "5"}
    by_id = {"Company: Location ID": place["id"].rpartition("/")[2]}
    found = came_of(filled, tmp_path, "draft_orders", draft | by_id | email)
    assert [result for result, _ in found] == ["created"], found
    bought = filled.graphql(BOUGHT)["draftOrders"]["nodes"][0]["purchasingEntity"]
    assert (bought["location"], bought["contact"]["customer"]) == (
        {"id": place["id"]},
        contact["customer"],
    )
    [(result, comment)] = came_of(filled, tmp_path, "draft_orders", draft | by_id)
    assert (result, comment[:38]) == ("failed", "Customer: Email: write that of a conta")
    lost = {**named, "Company: Location Name": "Nowhere"}
    [(result, comment)] = came_of(filled, tmp_path, TYPE, {**PARENT, **line, **lost, "Name": "W-9"})
    assert (result, comment) == (
        "failed",
        "The store has no company location with Company: Location Name “Nowhere”, "
        f"Company: Name “{company['name']}”.",
    )


def test_an_export_makes_the_same_orders_in_another_store(filled, tmp_path):
    history(filled, tmp_path)
    rows = exported(filled, TYPE)
    filled.tell("reset")
    filled.tell("seed", products=6, customers=2)
    rows = [one | {"Command": "NEW"} for one in rows]
    found = came_of(filled, tmp_path, TYPE, *rows)
    assert {result for result, _ in found} == {"created"}, found
    again = exported(filled, TYPE)
    ours = {"ID", "Created At", "Updated At", "Customer: ID", "Number", "Order Status URL"}
    ids = {header for header in rows[0] if header.endswith(" ID") or header == "Line: ID"}
    dated = {"Fulfillment: Created At", "Fulfillment: Updated At", "Fulfillment: Processed At"}
    left_out = ours | ids | dated | {"Fulfillment: ID", "Transaction: ID", "Shipping: ID"}
    different = {
        (header, one[header], other[header])
        for one, other in zip(rows, again, strict=True)
        for header in one
        if header not in left_out | {"Command"} and one[header] != other[header]
    }
    assert different == set()


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_an_order_whose_answers_are_lost_is_made_and_sent_once(filled, tmp_path, lost):
    rows = [
        *HISTORY[:3],
        row("Fulfillment Line", Line__SKU="K-1", Line__Quantity="1", **TRACKED("A")),
        row("Fulfillment Line", Line__SKU="K-1", Line__Quantity="1", **TRACKED("B")),
    ]
    filled.misbehave(lose_answer=lost, search_lag_ms=60_000)
    found = came_of(filled, tmp_path, TYPE, *rows, tries=5)
    assert {result for result, _ in found} == {"created"}, found
    assert names(filled) == ["W-77"]
    numbers = [one["trackingInfo"][0]["number"] for one in newest(filled)["fulfillments"]]
    assert numbers == ["A", "B"]


def test_an_order_waits_where_a_development_store_has_had_its_five_of_the_minute(filled, tmp_path):
    filled.misbehave(order_limit=2)
    line = row("Line Item", Line__Title="Cup", Line__Quantity="1", Line__Price="4.00")
    assert results_of(filled, tmp_path, TYPE, line | {"Command": "NEW"}) == ["created"]
    assert names(filled) == ["W-77"]


def test_a_plan_says_how_long_new_orders_take_in_a_development_store(filled, tmp_path):
    line = row("Line Item", Line__Title="Cup", Line__Quantity="1", Line__Price="4.00")
    text = text_of([{**line, "Command": "NEW", "Name": f"D-{number}"} for number in range(12)])
    for development, wanted in (
        (False, []),
        (
            True,
            [
                "Shopify takes only 5 of these a minute, as the store is one for development or "
                "trial: 12 take about 2 min."
            ],
        ),
    ):
        filled.misbehave(development=development)
        plan = filled.run_import(filled.keep(tmp_path, text, type=TYPE, dry_run=True))
        assert plan.warnings == wanted


CONSENTS = """query { customers(first: 50) { nodes { email
  emailMarketingConsent { marketingState } } } }"""


def test_a_new_customer_of_an_order_accepts_emails_only_where_the_file_says_so(filled, tmp_path):
    line = {"Line: Type": "Line Item", "Line: Title": "Cup", "Line: Quantity": "1"}
    line |= {"Command": "NEW", "Line: Price": "5"}
    nodes = filled.graphql(CONSENTS)["customers"]["nodes"]
    there = next(
        one
        for one in nodes
        if one["email"] and one["emailMarketingConsent"]["marketingState"] != "SUBSCRIBED"
    )
    said = {"yes@x.example": "subscribed", "no@x.example": "not_subscribed", "none@x.example": ""}
    said[there["email"]] = "subscribed"
    rows = [
        line | {"Name": f"H{n}", "Customer: Email": email, "Customer: Email Marketing Status": how}
        for n, (email, how) in enumerate(said.items())
    ]
    assert results_of(filled, tmp_path, TYPE, *rows) == ["created"] * 4
    nodes = filled.graphql(CONSENTS)["customers"]["nodes"]
    found = {one["email"]: one["emailMarketingConsent"] for one in nodes}
    assert [found[f"{name}@x.example"]["marketingState"] for name in ("yes", "no", "none")] == [
        "SUBSCRIBED",
        "NOT_SUBSCRIBED",
        "NOT_SUBSCRIBED",
    ]
    assert found[there["email"]] == there["emailMarketingConsent"]


def test_a_plan_says_that_a_customer_gets_the_address_of_a_new_order(filled, tmp_path):
    text = "Name,Command,Customer: Email,Shipping: Address 1,Shipping: Country Code,Line: Title,"
    text += "Line: Quantity,Line: Price\nA1,NEW,jo@x.example,Quai 7,FR,Cup,1,5\n"
    plan = filled.run_import(filled.keep(tmp_path, text, type=TYPE, dry_run=True))
    assert any("the default address of its customer" in told for told in plan.warnings)
    other = filled.keep(tmp_path, text.replace("Quai 7", ""), type=TYPE, dry_run=True)
    assert filled.run_import(other).warnings == []


def test_an_order_that_shopify_does_not_delete_is_canceled_by_an_undo(filled, tmp_path):
    """Without a mail, money or stock. A file that asks to delete it is told what else to do."""
    paid = row(
        "Transaction",
        Transaction__Kind="sale",
        Transaction__Amount="70",
        Transaction__Gateway="shopify_payments",
        Transaction__Force_Gateway="TRUE",
        Transaction__Status="success",
    )
    line = row("Line Item", Line__Title="Cup", Line__Quantity="1", Line__Price="70")
    assert results_of(filled, tmp_path, TYPE, PARENT | line, paid) == ["created"] * 2
    [(result, comment)] = came_of(filled, tmp_path, TYPE, {"Name": "W-77", "Command": "DELETE"})
    assert result == "failed" and newest(filled)["cancelledAt"] is None
    assert comment.endswith("cannot be deleted. Cancel it instead: write a Cancel: Reason.")
    assert (
        results_of(
            filled, tmp_path, TYPE, PARENT | line | {"Name": "W-78"}, paid | {"Name": "W-78"}
        )
        == ["created"] * 2
    )
    filled.changes_sent()
    [undoing] = undone_rows(filled)
    assert undoing["Import Result"] == "updated"
    assert "Shopify does not delete it, so it was canceled." in undoing["Import Comment"]
    refused, cancel = filled.changes_sent()
    assert (refused["field"], cancel["field"]) == ("orderDelete", "orderCancel")
    given = cancel["arguments"]
    assert (given["restock"], given["notifyCustomer"]) == (False, False)
    assert given["refundMethod"] == {"originalPaymentMethodsRefund": False}
    assert newest(filled)["name"] == "W-78" and newest(filled)["cancelledAt"]
