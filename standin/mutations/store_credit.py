"""Store credit of customers and company locations: credits and debits, each a transaction.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/storeCreditAccountCredit
"""

from datetime import UTC, datetime
from decimal import Decimal

from standin import customer_mail
from standin.context import Context, now
from standin.mutations.user_errors import refused, user_error

OWNERS = ("Customer", "CompanyLocation")
EMPTY = "storeCreditAccountTransaction"


def credit(context: Context, args: dict) -> dict:
    given = args["creditInput"]
    account, errors = _account(context, args["id"], given["creditAmount"], makes=True)
    expires = given.get("expiresAt")
    if expires and datetime.fromisoformat(expires) <= datetime.now(UTC):
        place = ["creditInput", "expiresAt"]
        errors.append(user_error(place, "Expires at must be in the future", "EXPIRES_AT_IN_PAST"))
    if errors or account is None:
        return refused(errors, EMPTY)
    done = _transact(context, account, "Credit", Decimal(given["creditAmount"]["amount"]))
    done["expiresAt"] = expires
    if given.get("notify"):
        owner = context.existing(account["owner"])
        customer_mail.record(context.shop, "store credit", owner.get("email"))
    return {EMPTY: _kept(context, account, done), "userErrors": []}


def debit(context: Context, args: dict) -> dict:
    given = args["debitInput"]
    account, errors = _account(context, args["id"], given["debitAmount"], makes=False)
    if errors or account is None:
        return refused(errors, EMPTY)
    amount = Decimal(given["debitAmount"]["amount"])
    if amount > Decimal(account["balance"]["amount"]):
        place = ["debitInput", "debitAmount", "amount"]
        text = "The store credit account does not have sufficient funds to satisfy the request."
        return refused([user_error(place, text, "INSUFFICIENT_FUNDS")], EMPTY)
    done = _transact(context, account, "Debit", -amount)
    return {EMPTY: _kept(context, account, done), "userErrors": []}


def _account(
    context: Context, gid: str, amount: dict, makes: bool
) -> tuple[dict | None, list[dict]]:
    """The account of an id, or the owner's of the amount's currency; a credit makes it."""
    record = context.record(gid)
    typename = record and record["__typename"]
    if Decimal(amount["amount"]) <= 0:
        text = "A positive amount must be used."
        return None, [user_error(["amount"], text, "NEGATIVE_OR_ZERO_AMOUNT")]
    if typename == "StoreCreditAccount" and record:
        if record["balance"]["currencyCode"] != amount["currencyCode"]:
            text = "The currency provided does not match the currency of the account."
            return None, [user_error(["currencyCode"], text, "MISMATCHING_CURRENCY")]
        return dict(record), []
    if typename not in OWNERS or not record:
        text = "Owner does not exist." if makes else "Store credit account could not be found."
        code = "OWNER_NOT_FOUND" if makes else "ACCOUNT_NOT_FOUND"
        return None, [user_error(["id"], text, code)]
    for one in record.get("storeCreditAccounts") or ():
        account = context.existing(one)
        if account["balance"]["currencyCode"] == amount["currencyCode"]:
            return dict(account), []
    if not makes:
        text = "Store credit account could not be found."
        return None, [user_error(["id"], text, "ACCOUNT_NOT_FOUND")]
    account = {
        "__typename": "StoreCreditAccount",
        "id": context.shop.new_id("StoreCreditAccount"),
        "owner": gid,
        "balance": {"amount": "0.0", "currencyCode": amount["currencyCode"]},
        "transactions": [],
    }
    listed = [*(record.get("storeCreditAccounts") or ()), account["id"]]
    context.shop.put({**record, "storeCreditAccounts": listed})
    return account, []


def _transact(context: Context, account: dict, kind: str, amount: Decimal) -> dict:
    currency = account["balance"]["currencyCode"]
    balance = Decimal(account["balance"]["amount"]) + amount
    account["balance"] = {"amount": f"{balance:.2f}", "currencyCode": currency}
    typename = f"StoreCreditAccount{kind}Transaction"
    return {
        "__typename": typename,
        "id": context.shop.new_id(typename),
        "account": account["id"],
        "amount": {"amount": f"{amount:.2f}", "currencyCode": currency},
        "balanceAfterTransaction": account["balance"],
        "createdAt": now(),
        "event": "ADJUSTMENT",
    }


def _kept(context: Context, account: dict, done: dict) -> dict:
    context.shop.put({**account, "transactions": [*account["transactions"], done]})
    context.forget()
    return done


MUTATIONS = {"storeCreditAccountCredit": credit, "storeCreditAccountDebit": debit}
