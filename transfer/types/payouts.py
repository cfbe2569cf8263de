"""Payouts: payment settlement information, with the transactions that make up each payout.

Of the real files' twenty columns the names of five are inferred: ``Row #``, ``Top Row`` and the
three about the order of a transaction.
"""

from transfer.types.base import (
    NUMBERING,
    Attach,
    Block,
    Column,
    DataType,
    Filter,
    Pass,
    Sheet,
)
from transfer.types.forms import LOWER, MOMENT, MONEY, form, id_of
from translations import N_

ACCOUNT = "shopifyPaymentsAccount { %s }"
PAYOUTS = Pass(
    "payouts",
    within=ACCOUNT,
    plain=True,
    fields="id issuedAt status net { amount currencyCode }",
)
TRANSACTIONS = Pass(
    "balanceTransactions",
    within=ACCOUNT,
    plain=True,
    fields="""id owner: associatedPayout { id } type transactionDate amount { amount currencyCode }
      fee { amount } net { amount } sourceId sourceType sourceOrderTransactionId
      associatedOrder { id name }""",
    attach=Attach(name="transactions"),
)
PAYOUT = Block(
    (
        Column("ID", "id", id_of("ShopifyPaymentsPayout")),
        Column("Status", "status", LOWER),
        Column("Date", "issuedAt", form(lambda moment: moment[:10])),
        Column("Month", "issuedAt", form(lambda moment: moment[:7])),
        Column("Currency", "net.currencyCode"),
        Column("Amount", "net.amount", MONEY, top_only=True),
    )
)
LINES = Block(
    (
        Column("Transaction: ID", "id", id_of("ShopifyPaymentsBalanceTransaction")),
        Column("Transaction: Type", "type", LOWER),
        Column("Transaction: Processed At", "transactionDate", MOMENT),
        Column("Transaction: Currency", "amount.currencyCode"),
        Column("Transaction: Amount", "amount.amount", MONEY),
        Column("Transaction: Fee", "fee.amount", MONEY),
        Column("Transaction: Net", "net.amount", MONEY),
        Column("Transaction: Source ID", "sourceId"),
        Column("Transaction: Source Type", "sourceType", LOWER),
        Column("Transaction: Order ID", "associatedOrder.id", id_of("Order")),
        Column("Transaction: Order Name", "associatedOrder.name"),
        Column("Transaction: Order Transaction ID", "sourceOrderTransactionId"),
    ),
    of="transactions",
)

payouts = DataType(
    name="payouts",
    label=N_("Payouts"),
    about=N_("Payment settlement information"),
    importable=False,
    read_scopes=("read_shopify_payments_accounts", "read_shopify_payments_payouts"),
    passes=(PAYOUTS, TRANSACTIONS),
    sheets=(Sheet("Payouts", aliases=("Payout",), blocks=(PAYOUT, NUMBERING, LINES)),),
    filters=(
        Filter("status", values=("canceled", "failed", "in_transit", "paid", "scheduled")),
        Filter("currency"),
        Filter("id", form="range"),
        Filter("amount", form="range"),
        Filter("issued_at", form="range"),
    ),
)
