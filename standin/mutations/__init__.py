"""The mutations the stand-in carries out: one file per family, each with its MUTATIONS.

A mutation takes (context, arguments) and gives its payload; it changes the store only when the
payload has no userErrors. One runs at a time.
"""

import threading
from functools import partial

from standin import idempotency, sent
from standin.errors import error
from standin.mutations import (
    bulk,
    catalogs,
    collections,
    files,
    metafield_definitions,
    metafields,
    metaobject_definitions,
    metaobjects,
    options,
    product_set,
    products,
    publishing,
    redirects,
    stock,
    tags,
    uploads,
    variants,
)

FAMILIES = (
    bulk,
    catalogs,
    collections,
    files,
    metafield_definitions,
    metafields,
    metaobject_definitions,
    metaobjects,
    options,
    product_set,
    products,
    publishing,
    redirects,
    stock,
    tags,
    uploads,
    variants,
)
MUTATIONS = {name: run for family in FAMILIES for name, run in family.MUTATIONS.items()}

_one_at_a_time = threading.RLock()


def resolver(name: str):
    """(context, source, arguments) -> payload, for one field of Mutation."""

    def resolve(context, source, args):
        if name not in MUTATIONS:
            raise error(
                f"The stand-in has no resolver for the mutation {name}. Write it in"
                " standin/mutations/.",
                "NOT_IMPLEMENTED",
            )
        with _one_at_a_time:
            context.forget()
            sent.note(context.shop, name, args)
            run = partial(MUTATIONS[name], context, args)
            payload = idempotency.once(context, name, context.idempotency_key, args, run)
            context.forget()
        return payload

    return resolve
