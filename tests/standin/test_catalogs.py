"""Catalogs, price lists, publications and quantity rules, as an app writes them."""

import pytest

ERRORS = "userErrors { field message code }"
CREATE = f"""mutation ($input: CatalogCreateInput!) {{ catalogCreate(input: $input) {{
    catalog {{ id title status }} {ERRORS} }} }}"""
CONTEXT = f"""mutation ($id: ID!, $add: CatalogContextInput, $remove: CatalogContextInput) {{
    catalogContextUpdate(catalogId: $id, contextsToAdd: $add, contextsToRemove: $remove) {{
        catalog {{ ... on MarketCatalog {{ markets(first: 9) {{ nodes {{ id }} }} }} }}
        {ERRORS} }} }}"""
DELETE = f"""mutation ($id: ID!, $all: Boolean) {{
    catalogDelete(id: $id, deleteDependentResources: $all) {{ deletedId {ERRORS} }} }}"""
LIST = f"""mutation ($input: PriceListCreateInput!) {{ priceListCreate(input: $input) {{
    priceList {{ id name currency fixedPricesCount }} {ERRORS} }} }}"""
RELIST = f"""mutation ($id: ID!, $input: PriceListUpdateInput!) {{
    priceListUpdate(id: $id, input: $input) {{
        priceList {{ id currency fixedPricesCount }} {ERRORS} }} }}"""
PRICES = f"""mutation ($id: ID!, $prices: [PriceListPriceInput!]!) {{
    priceListFixedPricesAdd(priceListId: $id, prices: $prices) {{
        prices {{ price {{ amount }} compareAtPrice {{ amount }} }} {ERRORS} }} }}"""
UNPRICE = f"""mutation ($id: ID!, $variants: [ID!]!) {{
    priceListFixedPricesDelete(priceListId: $id, variantIds: $variants) {{
        deletedFixedPriceVariantIds {ERRORS} }} }}"""
BY_PRODUCT = f"""mutation ($id: ID!, $add: [PriceListProductPriceInput!], $delete: [ID!]) {{
    priceListFixedPricesByProductUpdate(
        priceListId: $id, pricesToAdd: $add, pricesToDeleteByProductIds: $delete
    ) {{ priceList {{ fixedPricesCount }} pricesToDeleteProducts {{ id }} {ERRORS} }} }}"""
PUBLICATION = f"""mutation ($input: PublicationCreateInput!) {{ publicationCreate(input: $input) {{
    publication {{ id }} {ERRORS} }} }}"""
REPUBLISH = f"""mutation ($id: ID!, $input: PublicationUpdateInput!) {{
    publicationUpdate(id: $id, input: $input) {{ publication {{ id autoPublish }} {ERRORS} }} }}"""
RULES = f"""mutation ($id: ID!, $rules: [QuantityRuleInput!]!) {{
    quantityRulesAdd(priceListId: $id, quantityRules: $rules) {{
        quantityRules {{ minimum increment }} {ERRORS} }} }}"""
TEN_PERCENT_OFF = {"adjustment": {"type": "PERCENTAGE_DECREASE", "value": 10}}


def run(shop, query, **variables):
    [payload] = shop.ask(query, **variables).values()
    return payload


def codes(payload):
    return [error["code"] for error in payload["userErrors"]]


@pytest.fixture
def shop(alice):
    """Alice's shop with products and one catalog, whose market is taken."""
    assert alice.control("seed", {"products": 3, "catalogs": 1}).status_code == 200
    return alice


@pytest.fixture
def market(shop):
    """A market without a catalog."""
    taken = shop.store.all("Market")[0]
    free = {**taken, "id": shop.store.new_id("Market"), "name": "Free", "catalogs": []}
    return shop.store.put(free)["id"]


@pytest.fixture
def catalog(shop, market):
    given = {"title": "North", "status": "ACTIVE", "context": {"marketIds": [market]}}
    return run(shop, CREATE, input=given)["catalog"]["id"]


@pytest.fixture
def prices(shop, catalog):
    given = {"name": "North", "currency": "EUR", "parent": TEN_PERCENT_OFF, "catalogId": catalog}
    return run(shop, LIST, input=given)["priceList"]["id"]


@pytest.fixture
def variant(shop):
    return shop.store.all("ProductVariant")[0]["id"]


def euros(amount):
    return {"amount": amount, "currencyCode": "EUR"}


def test_a_catalog_is_active_has_one_kind_of_context_and_takes_no_market_of_another(
    shop, catalog, market
):
    def refused(**more):
        given = {"title": "N", "status": "ACTIVE", "context": {"marketIds": [market]}} | more
        return codes(run(shop, CREATE, input=given))

    assert refused() == ["MARKET_TAKEN"]
    assert refused(context={}) == ["MUST_PROVIDE_EXACTLY_ONE_CONTEXT_TYPE"]
    both = {"marketIds": [market], "companyLocationIds": ["gid://shopify/CompanyLocation/1"]}
    assert refused(context=both) == ["MUST_PROVIDE_EXACTLY_ONE_CONTEXT_TYPE"]
    assert "MARKET_CATALOG_STATUS" in refused(status="DRAFT")
    assert "BLANK" in refused(title=" ")
    assert refused(context={"marketIds": ["gid://shopify/Market/1"]}) == ["MARKET_NOT_FOUND"]


def test_contexts_are_added_and_removed(shop, catalog, market):
    removed = run(shop, CONTEXT, id=catalog, remove={"marketIds": [market]})
    assert removed["catalog"]["markets"]["nodes"] == []
    assert shop.store.get(market)["catalogs"] == []
    added = run(shop, CONTEXT, id=catalog, add={"marketIds": [market]})
    assert added["catalog"]["markets"]["nodes"] == [{"id": market}]
    assert codes(run(shop, CONTEXT, id=catalog)) == ["REQUIRES_CONTEXTS_TO_ADD_OR_REMOVE"]


def test_a_price_list_is_percent_of_the_shops_prices(shop, catalog, prices):
    def refused(**more):
        given = {"name": "Other", "currency": "EUR", "parent": TEN_PERCENT_OFF} | more
        return codes(run(shop, LIST, input=given))

    much = {"adjustment": {"type": "PERCENTAGE_DECREASE", "value": 101}}
    assert refused(parent=much) == ["INVALID_ADJUSTMENT_MAX_VALUE"]
    assert refused(name="North") == ["TAKEN"]
    assert shop.store.get(catalog)["priceList"] == prices


def test_a_fixed_price_replaces_the_variants_old_one_whole(shop, prices, variant):
    both = {"variantId": variant, "price": euros("9.00"), "compareAtPrice": euros("12.00")}
    assert codes(run(shop, PRICES, id=prices, prices=[both])) == []
    one = {"variantId": variant, "price": euros("8.00")}
    [price] = run(shop, PRICES, id=prices, prices=[one])["prices"]
    assert price == {"price": {"amount": "8.00"}, "compareAtPrice": None}
    dollars = {"variantId": variant, "price": {"amount": "8", "currencyCode": "USD"}}
    assert codes(run(shop, PRICES, id=prices, prices=[dollars])) == ["PRICE_LIST_CURRENCY_MISMATCH"]
    nothing = {"variantId": "gid://shopify/ProductVariant/1", "price": euros("8.00")}
    assert codes(run(shop, PRICES, id=prices, prices=[nothing])) == ["VARIANT_NOT_FOUND"]

    assert run(shop, UNPRICE, id=prices, variants=[variant])["userErrors"] == []
    assert codes(run(shop, UNPRICE, id=prices, variants=[variant])) == ["PRICE_NOT_FIXED"]


def test_a_product_gets_one_fixed_price_for_all_its_variants(shop, prices):
    first, second = shop.store.all("Product")[:2]
    to_add = [{"productId": first["id"], "price": euros("7")}]
    payload = run(shop, BY_PRODUCT, id=prices, add=to_add)
    assert payload["userErrors"] == []
    assert payload["priceList"]["fixedPricesCount"] == len(first["variants"])
    swapped = [{"productId": second["id"], "price": euros("8")}]
    payload = run(shop, BY_PRODUCT, id=prices, add=swapped, delete=[first["id"]])
    assert payload["priceList"]["fixedPricesCount"] == len(second["variants"])
    assert payload["pricesToDeleteProducts"] == [{"id": first["id"]}]


def test_fixed_prices_by_product_that_may_not_be_are_refused(shop, bob, prices):
    gid = shop.store.all("Product")[0]["id"]
    good = {"productId": gid, "price": euros("7")}
    for given, code in (
        ({}, "NO_UPDATE_OPERATIONS_SPECIFIED"),
        ({"add": [good, good]}, "DUPLICATE_ID_IN_INPUT"),
        ({"add": [good], "delete": [gid]}, "ID_MUST_BE_MUTUALLY_EXCLUSIVE"),
        ({"delete": ["gid://shopify/Product/1"]}, "PRODUCT_DOES_NOT_EXIST"),
        (
            {"add": [{**good, "price": {"amount": "7", "currencyCode": "USD"}}]},
            "PRICES_TO_ADD_CURRENCY_MISMATCH",
        ),
    ):
        assert codes(run(shop, BY_PRODUCT, id=prices, **given)) == [code]
    assert codes(run(bob, BY_PRODUCT, id=prices, add=[good])) == ["PRICE_LIST_DOES_NOT_EXIST"]
    assert shop.store.get(prices)["prices"] == []


def test_another_currency_takes_the_fixed_prices_along(shop, prices, variant):
    run(shop, PRICES, id=prices, prices=[{"variantId": variant, "price": euros("8.00")}])
    same = run(shop, RELIST, id=prices, input={"currency": "EUR"})["priceList"]
    assert same["fixedPricesCount"] == 1
    other = run(shop, RELIST, id=prices, input={"currency": "CAD"})["priceList"]
    assert other["fixedPricesCount"] == 0


def test_products_are_put_into_a_publication_fifty_at_a_time(shop, catalog):
    made = run(shop, PUBLICATION, input={"catalogId": catalog, "defaultState": "EMPTY"})
    publication = made["publication"]["id"]
    again = run(shop, PUBLICATION, input={"catalogId": catalog})
    assert codes(again) == ["TAKEN"]
    product = shop.store.all("Product")[0]
    one = {"publishablesToAdd": [product["id"]]}
    assert codes(run(shop, REPUBLISH, id=publication, input=one)) == []
    assert shop.store.get(publication)["products"] == [product["id"]]
    run(shop, REPUBLISH, id=publication, input={"publishablesToRemove": [product["id"]]})
    assert shop.store.get(publication)["products"] == []

    def refused(*ids):
        return codes(run(shop, REPUBLISH, id=publication, input={"publishablesToAdd": ids}))

    assert refused(*[product["id"]] * 51) == ["PUBLICATION_UPDATE_LIMIT_EXCEEDED"]
    mixed = (product["id"], product["variants"][0])
    assert refused(*mixed) == ["CANNOT_COMBINE_PRODUCTS_AND_VARIANTS"]
    assert refused("gid://shopify/Product/1") == ["INVALID_PUBLISHABLE_ID"]


def test_the_publication_of_a_sales_channel_is_not_written_as_a_catalogs(shop):
    channel = shop.store.all("AppCatalog")[0]["publication"]
    given = {"publishablesToAdd": [shop.store.all("Product")[0]["id"]]}
    payload = run(shop, REPUBLISH, id=channel, input=given)
    assert codes(payload) == ["CANNOT_MODIFY_APP_CATALOG_PUBLICATION"]


@pytest.mark.parametrize(
    ("low", "high", "step", "code"),
    [
        (0, None, 1, "GREATER_THAN_OR_EQUAL_TO"),
        (2, None, 4, "INCREMENT_IS_GREATER_THAN_MINIMUM"),
        (3, None, 2, "MINIMUM_NOT_MULTIPLE_OF_INCREMENT"),
        (2, 5, 2, "MAXIMUM_NOT_MULTIPLE_OF_INCREMENT"),
        (4, 2, 2, "MINIMUM_IS_GREATER_THAN_MAXIMUM"),
    ],
)
def test_a_quantity_rule_must_make_sense(shop, prices, variant, low, high, step, code):
    rule = {"variantId": variant, "minimum": low, "maximum": high, "increment": step}
    assert codes(run(shop, RULES, id=prices, rules=[rule])) == [code]


def test_a_deleted_catalog_leaves_its_parts_unless_told(shop, catalog, prices):
    assert run(shop, DELETE, id=catalog)["deletedId"] == catalog
    assert shop.store.get(prices)["catalog"] is None
    assert codes(run(shop, DELETE, id=catalog)) == ["CATALOG_NOT_FOUND"]


def test_a_deleted_catalog_takes_its_parts_along_when_told(shop, catalog, prices):
    run(shop, DELETE, id=catalog, all=True)
    assert shop.store.get(prices) is None


def test_another_shop_finds_nothing_of_it(bob, catalog, prices, variant):
    assert codes(run(bob, DELETE, id=catalog)) == ["CATALOG_NOT_FOUND"]
    one = {"variantId": variant, "price": euros("8.00")}
    assert codes(run(bob, PRICES, id=prices, prices=[one])) == ["PRICE_LIST_NOT_FOUND"]
