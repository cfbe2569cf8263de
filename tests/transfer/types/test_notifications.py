"""Nobody gets a mail that the file did not ask for: every mutation of every type says so itself."""

import re
from collections.abc import Iterator

import pytest
from graphql import GraphQLInputObjectType, OperationType, get_named_type

from standin.schema import root
from transfer.types import ALL
from transfer.types.writing import Mutation

FLAG = re.compile(r"notify(?!Merchant)|receipt|invit|welcome|remind|send(?!er)", re.IGNORECASE)
"""What Shopify calls the fields that decide whether a customer is written to."""
SENDING = re.compile(r"Send[A-Z]|Send$|Invite|Reminder|SendNotification")
"""What it calls the mutations that are there to do so."""
WITHOUT_FLAG = {"draftOrderComplete"}
"""Mutations that may write to a customer, and can neither be told to nor not to."""
MUTATIONS = {
    mutation.field: mutation
    for data_type in ALL
    if data_type.writing
    for mutation in data_type.writing.mutations
}


def flags(mutation: Mutation) -> set[str]:
    """The paths at which Shopify takes such a field, in all that the mutation could be given."""
    found = root(OperationType.MUTATION).fields[mutation.field].args
    return {path for name, one in found.items() for path in _below(name, one.type, ())}


def _below(path: str, kind, above: tuple[str, ...]) -> Iterator[str]:
    named = get_named_type(kind)
    last = path.rpartition(".")[2]
    if named.name == "Boolean" and FLAG.search(last):
        yield path
    elif isinstance(named, GraphQLInputObjectType) and named.name not in above:
        for name, one in named.fields.items():
            yield from _below(f"{path}.{name}", one.type, (*above, named.name))


def faults(mutation: Mutation) -> list[str]:
    """By what a mutation would leave it to Shopify whether a customer is written to."""
    missing = flags(mutation) - set(mutation.notifies)
    unknown = set(mutation.notifies) - flags(mutation)
    declared = {argument.partition(":")[0] for argument in mutation.arguments}
    found = [f"{path} is not said" for path in sorted(missing)]
    found += [f"{path} is not Shopify's" for path in sorted(unknown)]
    found += [
        f"{path} is not sent" for path in mutation.notifies if path.split(".")[0] not in declared
    ]
    sends = bool(SENDING.search(mutation.field)) or mutation.field in WITHOUT_FLAG
    if sends != mutation.sends:
        found.append("it is there to write to customers, or is not")
    return found


@pytest.mark.parametrize("name", MUTATIONS)
def test_no_mutation_leaves_it_to_shopify_whether_a_customer_is_written_to(name):
    assert faults(MUTATIONS[name]) == []


def said(variables, path: str):
    for name in path.split("."):
        variables = variables[name]
    return variables


@pytest.mark.parametrize("name", MUTATIONS)
def test_variables_say_no_where_a_file_says_nothing(name):
    mutation = MUTATIONS[name]
    variables = mutation.variables("gid://shopify/Thing/1", None if mutation.takes_list else {})
    short = [path for path in mutation.notifies if path.count(".") < 2]
    assert [path for path in short if said(variables, path) is not False] == []


REFUND = Mutation("refundCreate", ("input: RefundInput!",), input="input")
TRACKING = Mutation(
    "fulfillmentTrackingInfoUpdate",
    ("fulfillmentId: ID!", "trackingInfoInput: FulfillmentTrackingInput!"),
)


@pytest.mark.parametrize(
    ("mutation", "fault"),
    [
        (REFUND, "input.notify is not said"),
        (TRACKING, "notifyCustomer is not said"),
        (
            Mutation(TRACKING.field, TRACKING.arguments, notifies=("notifyCustomer",)),
            "notifyCustomer is not sent",
        ),
        (
            Mutation("draftOrderInvoiceSend", ("id: ID!",)),
            "it is there to write to customers, or is not",
        ),
        (
            Mutation("draftOrderComplete", ("id: ID!",)),
            "it is there to write to customers, or is not",
        ),
        (
            Mutation("pageDelete", ("id: ID!",), notifies=("notify",)),
            "notify is not Shopify's",
        ),
    ],
)
def test_what_would_send_by_default_is_found(mutation, fault):
    assert fault in faults(mutation)


def test_a_flag_is_false_in_each_part_that_is_there_and_kept_where_a_cell_asks():
    paths = ("options.sendReceipt", "order.fulfillment.notifyCustomer", "order.lines.notify")
    mutation = Mutation("orderCreate", ("order: X",), input="order", notifies=paths)
    assert mutation.variables(None, {"lines": [{"notify": True}, {}]}) == {
        "order": {"lines": [{"notify": True}, {"notify": False}]},
        "options": {"sendReceipt": False},
    }
    sent = mutation.variables(None, {"fulfillment": {}})
    assert sent["order"] == {"fulfillment": {"notifyCustomer": False}}
