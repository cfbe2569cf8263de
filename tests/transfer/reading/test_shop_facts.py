"""What is asked of a shop before its data."""

import pytest

from shopify.admin import Admin
from transfer.reading import shop_facts
from transfer.types.shop_facts import OWNERS, Catalog, Channel, MetafieldOwner

SHOP = {
    "name": "Fjord",
    "weightUnit": "KILOGRAMS",
    "ianaTimezone": "Europe/Oslo",
    "currencyCode": "NOK",
    "primaryDomain": {"url": "https://fjord.example", "host": "fjord.example"},
    "myshopifyDomain": "fjord.myshopify.com",
    "plan": {"partnerDevelopment": False, "publicDisplayName": "Basic"},
}


@pytest.fixture
def ask(scripted):
    """A function from what Shopify answers (the nodes of the first page, or for what is asked by
    itself what `answer` takes) to the facts."""

    def ask(name: str, *answers):
        lists = {"list0": page(answers[0])} if answers and isinstance(answers[0], list) else {}
        scripted.says(
            (200, {}, {"data": {"shop": SHOP, **lists}}), *map(answer, answers[len(lists) :])
        )
        admin = Admin(scripted.url, token=lambda: "t", renew=lambda old: None)
        known, found = shop_facts.ask(admin, [name])
        known, left_out = shop_facts.among(found, (name,), known)
        assert known.zone == "Europe/Oslo"
        return known.named(name), left_out

    return ask


def page(nodes: list[dict], after: str | None = None) -> dict:
    return {"nodes": nodes, "pageInfo": {"hasNextPage": bool(after), "endCursor": after}}


def answer(nodes: list[dict] | dict | str) -> tuple:
    if isinstance(nodes, str):
        return 200, {}, {"errors": [{"message": "No.", "extensions": {"code": nodes}}]}
    if isinstance(nodes, dict):
        lists = {owner: {"nodes": nodes.get(owner, [])} for owner in OWNERS}
        return 200, {}, {"data": lists}
    return 200, {}, {"data": {"page": page(nodes)}}


def definition(namespace: str, key: str, pinned: int | None = None) -> dict:
    return {
        "namespace": namespace,
        "key": key,
        "pinnedPosition": pinned,
        "type": {"name": "color"},
    }


def test_definitions_stand_pinned_first_and_shopifys_own_last(ask):
    found, _ = ask(
        "metafields:PRODUCT",
        [
            definition("shopify", "b"),
            definition("custom", "z"),
            definition("shopify", "a"),
            definition("custom", "second", 2),
            definition("global", "a"),
            definition("custom", "first", 1),
        ],
    )
    assert [fact.name.removesuffix(" [color]") for fact in found] == [
        "custom.first",
        "custom.second",
        "custom.z",
        "a",
        "shopify.a",
        "shopify.b",
    ]
    assert [fact.alias for fact in found] == ["m0", "m1", "m2", "m3", "m4", "m5"]


def test_a_sales_channels_own_catalog_has_no_prices_and_is_left_out(ask):
    found, _ = ask(
        "catalogs",
        [
            {"id": "gid://shopify/AppCatalog/1", "title": "Shop", "publication": None,
             "priceList": None},
            {"id": "gid://shopify/MarketCatalog/2", "title": "Nordics",
             "publication": {"id": "p"}, "priceList": {"id": "l"}},
            {"id": "gid://shopify/CompanyLocationCatalog/3", "title": "Trade",
             "publication": None, "priceList": None},
        ],
    )  # fmt: skip
    assert found == (Catalog("c0", "Nordics", "p", "l"), Catalog("c1", "Trade", None, None))


@pytest.mark.parametrize(
    ("catalog", "channels"),
    [
        ({"id": "gid://shopify/AppCatalog/1", "title": "Point of Sale"}, None),
        ({"id": "gid://shopify/AppCatalog/1", "title": "Channel 1"}, ["Point of Sale"]),
        (None, ["Point of Sale"]),
    ],
)
def test_sales_channels_have_their_names_and_markets_are_none(ask, catalog, channels):
    market = {"id": "gid://shopify/MarketCatalog/2", "title": "Nordics"}
    found, _ = ask(
        "channels",
        [
            published("m", market, []),
            published("p", catalog, channels),
            published("g", None, ["Google & YouTube"]),
        ],
    )
    assert found == (Channel("pos", "Point of Sale", "p"), Channel("s2", "Google & YouTube", "g"))


def published(gid: str, catalog: dict | None, channels: list[str] | None) -> dict:
    nodes = None if channels is None else {"nodes": [{"name": name} for name in channels]}
    return {"id": gid, "catalog": catalog, "channels": nodes}


@pytest.mark.parametrize(("owner", "names"), [("PAGE", ["a"]), ("ORDER", ["a", "title_tag"])])
def test_what_search_engines_read_has_one_column(ask, owner, names):
    found, _ = ask(
        f"metafields:{owner}", [definition("global", "a"), definition("global", "title_tag")]
    )
    assert [fact.key for fact in found] == names


def test_a_dot_within_a_name_is_escaped(ask):
    nodes = [definition("app.v1", "size.eu"), definition("global", "a.b")]
    found, _ = ask("metafields:PRODUCT", nodes)
    names = [fact.name for fact in found]
    assert names == [r"app\.v1.size\.eu [color]", r"a\.b [color]"]


NAMES = ("locations", "blogs", "metafields:PAGE")


def test_what_the_app_may_not_read_is_left_out_and_said(scripted):
    """Where the answer then has nothing at all each list is asked by itself."""
    scripted.says(
        answer("ACCESS_DENIED"),
        (200, {}, {"data": {"shop": SHOP}}),
        *[answer("ACCESS_DENIED")] * 3,
    )
    admin = Admin(scripted.url, token=lambda: "t", renew=lambda old: None)
    known, asked = shop_facts.ask(admin, NAMES)
    known, left_out = shop_facts.among(asked, NAMES, known)
    assert (known.locations, known.blogs) == ((), ()) and known.zone == "Europe/Oslo"
    assert left_out[0] == "Stock by location: left out, the app may not read it."
    assert len(left_out) == 3


@pytest.mark.parametrize("denied", [False, True])
def test_one_answer_has_the_first_pages_of_all_lists_that_may_be_read(scripted, denied):
    """One that may not be read is asked again, alone; one that has more goes on with its second."""
    blog = {"handle": "news", "title": "", "commentPolicy": "", "templateSuffix": None}
    lists = {
        "list0": page([{"id": "1", "name": "Oslo"}], after=None if denied else "x"),
        "list1": page([{"id": "2", **blog}]),
        "list2": None if denied else page([definition("global", "a")]),
    }
    no = {"message": "No.", "path": ["list2"], "extensions": {"code": "ACCESS_DENIED"}}
    body = {"data": {"shop": SHOP, **lists}} | ({"errors": [no]} if denied else {})
    second = answer([{"id": "3", "name": "Bergen"}])
    scripted.says((200, {}, body), answer("ACCESS_DENIED") if denied else second)
    admin = Admin(scripted.url, token=lambda: "t", renew=lambda old: None)
    known, asked = shop_facts.ask(admin, NAMES)
    known, _ = shop_facts.among(asked, NAMES, known)
    assert [one.name for one in known.locations] == ["Oslo", *([] if denied else ["Bergen"])]
    assert [one.name for one in known.blogs] == ["news"]
    assert (asked["metafields:PAGE"] is None) == denied
    assert b'"after":"x"' in scripted.seen[-1][1] or denied


def test_owners_are_those_with_definitions(ask):
    found, left_out = ask("metafield_owners", {"PRODUCT": [{"id": "1"}], "PAGE": [{"id": "2"}]})
    assert found == (
        MetafieldOwner("page", "PAGE", "PAGE"),
        MetafieldOwner("product", "PRODUCT", "PRODUCT"),
    )
    assert left_out == []


def test_where_one_owner_may_not_be_read_the_others_are_asked_one_by_one(ask):
    one_by_one = ["ACCESS_DENIED" if o == "ORDER" else {o: [{"id": "1"}]} for o in OWNERS]
    found, left_out = ask("metafield_owners", "ACCESS_DENIED", *one_by_one)
    assert [fact.owner for fact in found] == [o for o in OWNERS if o != "ORDER"]
    assert left_out == []
