"""The @idempotent directive: some mutations demand it, and a repeated key gives its first answer.

https://shopify.dev/docs/api/usage/idempotent-requests
"""

from collections.abc import Callable
from hashlib import sha256

import orjson
from graphql import GraphQLResolveInfo
from graphql.execution.values import get_directive_values

from standin.context import Context
from standin.errors import error
from standin.mutations.user_errors import user_error
from standin.schema import admin

DEMANDED = frozenset(
    {
        "inventoryActivate",
        "inventoryAdjustQuantities",
        "inventoryMoveQuantities",
        "inventorySetQuantities",
        "refundCreate",
    }
)
REMEMBERED = "answer to {}"
"""The setting with the answer to the calls of a key."""


def key_of(info: GraphQLResolveInfo) -> str | None:
    """The key that a mutation's field carries."""
    directive = admin().schema.get_directive("idempotent")
    if directive is None:
        return None
    values = get_directive_values(directive, info.field_nodes[0], info.variable_values)
    return values["key"] if values else None


def once(context: Context, name: str, key: str | None, args: dict, run: Callable[[], dict]) -> dict:
    """The mutation's payload: of this call, or of the first one with its key."""
    if key is None:
        if name in DEMANDED:
            raise error(
                "The @idempotent directive is required for this mutation but was not provided.",
                "BAD_REQUEST",
            )
        return run()
    digest = sha256(orjson.dumps([name, args], option=orjson.OPT_SORT_KEYS)).hexdigest()
    remembered = REMEMBERED.format(key)
    known = context.shop.setting(remembered)
    if known:
        if known["digest"] != digest:
            text = "The idempotency key was used with other parameters."
            code = "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"
            return {"userErrors": [user_error(None, text, code)]}
        return known["payload"]
    payload = run()
    if not payload["userErrors"]:
        context.shop.set_setting(remembered, {"digest": digest, "payload": payload})
    return payload
