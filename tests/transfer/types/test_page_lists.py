"""Children page by page, also in lists and below each other, to the last; what may not be read."""

import orjson
import pytest

from shopify.admin import AccessDenied, Admin
from transfer.exporting import steps
from transfer.reading import pages, queries
from transfer.types import BY_NAME
from transfer.types.base import Connection, Item, Pass
from transfer.types.shop_facts import Location, ShopFacts

GID = "gid://shopify/"
FACTS = ShopFacts()
LINES = Connection("lines", fields="id quantity", within="refunds { id %s }")
REFUNDED = Pass("orders", plain=True, searched=False, connections=(LINES,))
BY_ID = Pass(
    "nodes",
    plain=True,
    ids="refunds",
    search="status:cancelled",
    fields="... on Refund { id owner: order { id } }",
    connections=(Connection("lines", fields="id quantity", within="... on Refund { %s }"),),
)
SENT = Pass(
    "fulfillmentOrders",
    searched=False,
    connections=(
        Connection("fulfillments", fields="id", connections=(Connection("items", fields="id"),)),
    ),
)


@pytest.fixture
def admin(scripted):
    return Admin(scripted.url, token=lambda: "t", renew=lambda old: None)


def page(nodes: list, after: str | None = None) -> dict:
    return {"nodes": nodes, "pageInfo": {"hasNextPage": after is not None, "endCursor": after}}


def answer(data: dict) -> tuple:
    return 200, {}, {"data": data}


def denied(*paths: list, data: dict | None = None) -> tuple:
    code = {"extensions": {"code": "ACCESS_DENIED"}}
    errors = [{"message": "Not approved.", "path": path, **code} for path in paths]
    return 200, {}, {"data": data, "errors": errors}


def asked(scripted) -> list[dict]:
    """The variables of each request."""
    return [orjson.loads(body)["variables"] for _, body in scripted.seen]


def test_lists_of_a_plain_pass_are_filled_to_their_end(scripted, admin):
    refund = {"id": f"{GID}Refund/7", "lines": page([{"quantity": 1}, {"quantity": 2}], "two")}
    whole = {"id": f"{GID}Refund/8", "lines": page([{"quantity": 9}])}
    scripted.says(
        answer({"page": page([{"id": f"{GID}Order/1", "refunds": [refund, whole]}])}),
        answer({"node": {"page": page([{"quantity": 3}], "three")}}),
        answer({"node": {"page": page([{"quantity": 4}])}}),
    )
    [line] = pages.lines(admin, REFUNDED, FACTS, "")
    found = orjson.loads(line)
    assert [[part["quantity"] for part in r["lines"]] for r in found["refunds"]] == [
        [1, 2, 3, 4],
        [9],
    ]
    assert asked(scripted)[1:] == [
        {"id": f"{GID}Refund/7", "after": "two"},
        {"id": f"{GID}Refund/7", "after": "three"},
    ]
    for _, body in scripted.seen[1:]:
        assert "... on Refund { page: lines(" in orjson.loads(body)["query"]


def test_what_is_asked_for_by_id_comes_in_batches_with_all_of_its_children(scripted, admin):
    ids = [f"{GID}Refund/{number}" for number in range(1, 100)]
    most = queries.page_sizes(BY_ID, FACTS)[1]
    found: list[Item | None] = [
        {"id": gid, "owner": {"id": f"{GID}Order/1"}, "lines": page([])} for gid in ids
    ]
    found[:2] = [{**(found[0] or {}), "lines": page([{"quantity": 1}], "one")}, None]
    scripted.says(
        answer({"page": found[:most]}),
        answer({"node": {"page": page([{"quantity": 2}])}}),
        *(answer({"page": found[n : n + most]}) for n in range(most, len(ids), most)),
    )
    lines = [orjson.loads(line) for line in pages.lines(admin, BY_ID, FACTS, "", ids=iter(ids))]
    assert [line["id"] for line in lines] == [ids[0], *ids[2:]]
    assert lines[0]["lines"] == [{"quantity": 1}, {"quantity": 2}]
    first, more, *others = asked(scripted)
    assert first == {"ids": ids[:most]} and more == {"id": ids[0], "after": "one"}
    assert [gid for variables in others for gid in variables["ids"]] == ids[most:]


def test_a_sample_of_what_is_asked_for_by_id_is_found_by_a_search(scripted, admin):
    order = {"id": f"{GID}Order/1", "refunds": [{"id": f"{GID}Refund/7"}]}
    scripted.says(answer({"page": page([order])}), denied(["page", 0]))
    with pytest.raises(AccessDenied):
        pages.sample(admin, BY_ID, FACTS, root="orders")
    assert asked(scripted) == [{"query": "status:cancelled"}, {"ids": [f"{GID}Refund/7"]}]


def test_children_of_children_become_lines_of_their_own(scripted, admin):
    sent = {"id": f"{GID}Fulfillment/5", "items": page([{"id": f"{GID}Item/1"}], "one")}
    scripted.says(
        answer({"page": page([{"id": f"{GID}FulfillmentOrder/3", "fulfillments": page([sent])}])}),
        answer({"node": {"page": page([{"id": f"{GID}Item/2"}])}}),
    )
    found = [orjson.loads(line) for line in pages.lines(admin, SENT, FACTS, "")]
    assert found == [
        {"id": f"{GID}FulfillmentOrder/3"},
        {"id": f"{GID}Fulfillment/5", "__parentId": f"{GID}FulfillmentOrder/3"},
        {"id": f"{GID}Item/1", "__parentId": f"{GID}Fulfillment/5"},
        {"id": f"{GID}Item/2", "__parentId": f"{GID}Fulfillment/5"},
    ]


def test_one_object_needs_no_pages(scripted, admin):
    scripted.says(answer({"page": {"id": f"{GID}Shop/1", "name": "Fjord"}}))
    [line] = pages.lines(admin, Pass("shop", fields="id name", plain=True, single=True), FACTS, "")
    assert orjson.loads(line)["name"] == "Fjord"


def test_nothing_comes_of_what_the_store_does_not_have(scripted, admin):
    payouts = Pass("payouts", plain=True, within="shopifyPaymentsAccount { %s }")
    scripted.says(answer({"shopifyPaymentsAccount": None}))
    assert list(pages.lines(admin, payouts, FACTS, "")) == []


def test_a_sample_names_what_is_hidden(scripted, admin):
    node = {"id": f"{GID}Customer/1", "email": None, "addresses": page([{"zip": None}])}
    scripted.says(
        denied(
            ["page", "nodes", 0, "email"],
            ["page", "nodes", 0, "addresses", "nodes", 0, "zip"],
            data={"page": page([node])},
        )
    )
    assert pages.sample(admin, REFUNDED, FACTS) == {"email", "addresses.zip"}


def test_a_sample_of_nothing_is_refused(scripted, admin):
    scripted.says(denied(["page"]))
    with pytest.raises(AccessDenied):
        pages.sample(admin, REFUNDED, FACTS)


def test_a_further_pass_that_may_not_be_read_is_left_out_and_told(scripted, admin):
    kind = BY_NAME["products"]
    known = ShopFacts(locations=(Location("1", "North"),))
    data = {"pass0": page([]), "pass1": None, "pass2": page([])}
    scripted.says(denied(["pass1"], data=data), denied(["page"]))
    passes, _, told = steps.readable_passes(admin, kind, known)
    assert passes == {"0": "", "1": None, "2": None, "3": "", "4": None}
    assert told == ["Products: stock by location is left out, the app may not read it."]


def test_a_type_that_may_not_be_read_fails(scripted, admin):
    scripted.says(denied(["page"]))
    with pytest.raises(AccessDenied):
        steps.readable_passes(admin, BY_NAME["redirects"], FACTS)


STAFF = Pass("orders", fields="id", within="account { %s }")


def test_samples_of_several_passes_are_asked_in_one_question(scripted, admin):
    """A pass of which nothing is shown, though only one of its fields is refused, is asked by
    itself."""
    steps_asked = [(REFUNDED, None), (SENT, None), (STAFF, None)]
    data: Item = {
        "pass0": page([{"id": "1", "email": None}]),
        "pass1": None,
        "account": {"pass2": {}},
    }
    scripted.says(
        denied(
            ["pass0", "nodes", 0, "email"],
            ["pass1", "nodes", 0, "id"],
            ["account", "pass2", "nodes", 0, "note"],
            data=data,
        ),
        denied(["page"]),
    )
    shown, refused, of_staff = pages.samples(admin, steps_asked, FACTS, root="orders")
    assert (shown, of_staff) == ({"email"}, {"note"}) and isinstance(refused, AccessDenied)
    assert len(scripted.seen) == 2


def test_samples_are_asked_one_by_one_where_one_question_tells_nothing(scripted, admin):
    scripted.says(denied(["account"], data={"pass0": {}, "account": None}), answer({"page": {}}))
    scripted.says(denied(["account"]))
    shown, refused = pages.samples(admin, [(REFUNDED, None), (STAFF, None)], FACTS, root="orders")
    assert shown == set() and isinstance(refused, AccessDenied)
