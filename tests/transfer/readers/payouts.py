from tests.transfer.readers.reading import at, beside, cells, lower, money, number, text, when

SEED = {"products": 3, "customers": 2, "orders": 4, "payouts": 4}
QUERY = """query { shopifyPaymentsAccount {
  payouts(first: 20) { nodes { id issuedAt status net { amount currencyCode } } }
  } }"""
MORE = """query { shopifyPaymentsAccount { balanceTransactions(first: 100) { nodes {
  id associatedPayout { id } type transactionDate amount { amount currencyCode } fee { amount }
  net { amount } sourceId sourceType sourceOrderTransactionId associatedOrder { id name } } } } }"""
NOT_FILLED: dict[str, str] = {}
NOT_SAID = dict.fromkeys(
    ("beyond ASCII", "an emoji", "a quote", "two lines"), "No text in it is written by people."
)
OWN = {
    "ID": ("id", number),
    "Status": ("status", lower),
    "Date": ("issuedAt", lambda moment: moment.split("T")[0]),
    "Month": ("issuedAt", lambda moment: "-".join(moment.split("-")[:2])),
    "Currency": ("net.currencyCode", text),
}
TOP = {"Amount": ("net.amount", money)}
LINE = {
    "Transaction: ID": ("id", number),
    "Transaction: Type": ("type", lower),
    "Transaction: Processed At": ("transactionDate", when),
    "Transaction: Currency": ("amount.currencyCode", text),
    "Transaction: Amount": ("amount.amount", money),
    "Transaction: Fee": ("fee.amount", money),
    "Transaction: Net": ("net.amount", money),
    "Transaction: Source ID": ("sourceId", text),
    "Transaction: Source Type": ("sourceType", lower),
    "Transaction: Order ID": ("associatedOrder.id", number),
    "Transaction: Order Name": ("associatedOrder.name", text),
    "Transaction: Order Transaction ID": ("sourceOrderTransactionId", text),
}


def rows(nodes, lines):
    return {"Payouts": [row for node in nodes for row in _payout(node, lines)]}


def _payout(node, lines):
    own = [cells(line, LINE) for line in lines if at(line, "associatedPayout.id") == node["id"]]
    return beside(cells(node, TOP), cells(node, OWN), own)
