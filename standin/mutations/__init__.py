"""The mutations the stand-in carries out: one file per family, each with its MUTATIONS.

A mutation takes (context, arguments) and gives its payload; it changes the store only when the
payload has no userErrors. One runs at a time.
"""

from functools import partial
from importlib import import_module
from pkgutil import iter_modules

from standin import customer_mail, idempotency, sent
from standin.errors import error
from standin.mutations.work import ONE_AT_A_TIME

FAMILIES = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
MUTATIONS = {
    name: run for family in FAMILIES for name, run in getattr(family, "MUTATIONS", {}).items()
}


def resolver(name: str):
    """(context, source, arguments) -> payload, for one field of Mutation."""

    def resolve(context, source, args):
        if name not in MUTATIONS:
            raise error(
                f"The stand-in has no resolver for the mutation {name}. Write it in"
                " standin/mutations/.",
                "NOT_IMPLEMENTED",
            )
        with ONE_AT_A_TIME:
            context.forget()
            sent.record(context.shop, name, args)
            run = partial(_done, context, name, args)
            payload = idempotency.once(context, name, context.idempotency_key, args, run)
            context.forget()
        return payload

    return resolve


def _done(context, name: str, args: dict) -> dict:
    """The payload of a mutation that is carried out now, and the mails that it sends."""
    payload = MUTATIONS[name](context, args)
    customer_mail.follow(context, name, args, payload)
    return payload
