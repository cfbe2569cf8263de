"""The mutations the stand-in carries out: one file per family, each with its MUTATIONS.

A mutation takes (context, arguments) and gives its payload; it changes the store only when the
payload has no userErrors. One runs at a time.
"""

import threading

from standin.errors import error
from standin.mutations import (
    bulk,
    metafield_definitions,
    metafields,
    metaobject_definitions,
    metaobjects,
    products,
    redirects,
    uploads,
)

FAMILIES = (
    bulk,
    metafield_definitions,
    metafields,
    metaobject_definitions,
    metaobjects,
    products,
    redirects,
    uploads,
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
            payload = MUTATIONS[name](context, args)
            context.forget()
        return payload

    return resolve
