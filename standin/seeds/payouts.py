"""Payouts of the payments account, each with the balance transactions that make it up."""

from collections.abc import Iterator

from standin.seeds.base import CURRENCY, Seeder, money, timestamp

STATUSES = ("PAID", "PAID", "IN_TRANSIT", "SCHEDULED", "FAILED")
CHARGES = 4  # in each payout, beside one refund


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    account = next(iter(seeder.shop.all("ShopifyPaymentsAccount")), None) or _account(seeder)
    orders = seeder.shop.page("Order", 250)
    for i in range(first, first + how_many):
        payout, transactions = _payout(seeder, orders, i)
        account["payouts"].append(payout["id"])
        account["balanceTransactions"] += [transaction["id"] for transaction in transactions]
        yield payout
        yield from transactions
    yield account


def _account(seeder: Seeder) -> dict:
    return {
        "__typename": "ShopifyPaymentsAccount",
        "id": seeder.id("ShopifyPaymentsAccount"),
        "activated": True,
        "onboardable": False,
        "country": "US",
        "defaultCurrency": CURRENCY,
        "balance": [money(48_210)],
        "payoutSchedule": {"interval": "DAILY"},
        "payoutStatementDescriptor": "NORTHFOLD",
        "payouts": [],
        "balanceTransactions": [],
    }


def _payout(seeder: Seeder, orders: list[dict], i: int) -> tuple[dict, list[dict]]:
    gid = seeder.id("ShopifyPaymentsPayout")
    status = STATUSES[i % len(STATUSES)]
    gross = [2_400 + (i * 31 + n * 977) % 9_000 for n in range(CHARGES)]
    fees = [cents * 29 // 1000 + 30 for cents in gross]
    back = -gross[0] // 2
    currency = "CAD" if i % 5 == 4 else CURRENCY
    transactions = [
        _transaction(seeder, gid, status, "CHARGE", cents, fee, orders, i * CHARGES + n)
        for n, (cents, fee) in enumerate(zip(gross, fees, strict=True))
    ]
    transactions.append(_transaction(seeder, gid, status, "REFUND", back, 0, orders, i * CHARGES))
    payout = {
        "__typename": "ShopifyPaymentsPayout",
        "id": gid,
        "issuedAt": timestamp(i, days=2)[:10] + "T00:00:00Z",
        "status": status,
        "transactionType": "DEPOSIT",
        "net": money(sum(gross) - sum(fees) + back) | {"currencyCode": currency},
        "summary": {
            "chargesGross": money(sum(gross)),
            "chargesFee": money(sum(fees)),
            "refundsFeeGross": money(back),
            "refundsFee": money(0),
            "adjustmentsGross": money(0),
            "adjustmentsFee": money(0),
            "reservedFundsGross": money(0),
            "reservedFundsFee": money(0),
            "retriedPayoutsGross": money(0),
            "retriedPayoutsFee": money(0),
            "advanceGross": money(0),
            "advanceFees": money(0),
            "usdcRebateCreditAmount": money(0),
        },
    }
    return payout, transactions


def _transaction(seeder: Seeder, payout, status, type, cents, fee, orders: list[dict], n: int):
    order = orders[n % len(orders)] if orders else None
    gid = seeder.id("ShopifyPaymentsBalanceTransaction")
    return {
        "__typename": "ShopifyPaymentsBalanceTransaction",
        "id": gid,
        "type": type,
        "amount": money(cents),
        "fee": money(fee),
        "net": money(cents - fee),
        "sourceType": type,
        "sourceId": gid.rpartition("/")[2],
        "sourceOrderTransactionId": order["transactions"][0].rpartition("/")[2] if order else None,
        "associatedOrder": {"id": order["id"], "name": order["name"]} if order else None,
        "associatedPayout": {"id": payout, "status": status},
        "adjustmentsOrders": [],
        "test": False,
        "transactionDate": timestamp(n),
    }
