"""Work that goes on after Shopify's answer: a Job or an operation on a product, to be polled.

It is done before the answer, or ``slow_jobs_ms`` after it; a restart loses what is not done then.
"""

import threading
from collections.abc import Callable
from dataclasses import replace

from standin import misbehave
from standin.context import Context

ONE_AT_A_TIME = threading.RLock()
"""Held while a mutation or its work changes the store."""
OPEN: dict[str, dict] = {
    "Job": {"done": False},
    "DiscountRedeemCodeBulkCreation": {"done": False, "codes": []},
    "OrderCancelJobResult": {"done": False, "status": "STARTED", "errors": []},
    "ProductDeleteOperation": {"status": "CREATED", "deletedProductId": None, "userErrors": []},
    "ProductSetOperation": {"status": "CREATED", "product": None, "userErrors": []},
}
DONE: dict[str, dict] = {
    "Job": {"done": True},
    "DiscountRedeemCodeBulkCreation": {"done": True},
    "OrderCancelJobResult": {"done": True},
}

Work = Callable[[Context], dict | None]
"""Does the work; returns what the operation then says of it."""


def begin(context: Context, typename: str, work: Work) -> dict:
    """The job or operation, as it is when the mutation answers."""
    shop = context.shop
    gid = shop.new_id(typename)
    record = shop.put({"__typename": typename, "id": gid, **OPEN[typename]})

    def finish() -> None:
        with ONE_AT_A_TIME:
            fields = work(replace(context, _known={}))
            shop.change(gid, DONE.get(typename, {"status": "COMPLETE"}) | (fields or {}))

    if delay := misbehave.number(shop, "slow_jobs_ms"):
        timer = threading.Timer(delay / 1000, finish)
        timer.daemon = True
        timer.start()
        return record
    finish()
    context.forget()
    return shop.existing(gid)
