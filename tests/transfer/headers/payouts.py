HEADERS = {
    "Payouts": [
        *("ID", "Status", "Date", "Month", "Currency", "Amount", "Row #", "Top Row"),
        *("Transaction: ID", "Transaction: Type", "Transaction: Processed At"),
        *("Transaction: Currency", "Transaction: Amount", "Transaction: Fee"),
        *("Transaction: Net", "Transaction: Source ID", "Transaction: Source Type"),
        *("Transaction: Order ID", "Transaction: Order Name"),
        "Transaction: Order Transaction ID",
    ]
}
