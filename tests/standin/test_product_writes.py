"""productSet, variants, stock, tags, publishing and files, as an app writes them."""

import time
import uuid
from typing import Any

import pytest

ERRORS = "userErrors { field message code }"
PRODUCT = """product { id handle title tags status totalInventory publishedAt
    options { name values } media(first: 9) { nodes { id } }
    metafields(first: 9) { nodes { key value } }
    variants(first: 99) { nodes { id title sku price compareAtPrice inventoryQuantity position
        inventoryItem { id tracked unitCost { amount } measurement { weight { value unit } } }
        selectedOptions { name value } } } }"""
SET = f"""mutation ($by: ProductSetIdentifiers, $input: ProductSetInput!) {{
    productSet(identifier: $by, input: $input, synchronous: true) {{ {PRODUCT} {ERRORS} }} }}"""
CREATE = f"""mutation ($id: ID!, $variants: [ProductVariantsBulkInput!]!) {{
    productVariantsBulkCreate(productId: $id, variants: $variants) {{
        {PRODUCT} productVariants {{ id title }} {ERRORS} }} }}"""
UPDATE = f"""mutation ($id: ID!, $variants: [ProductVariantsBulkInput!]!, $partial: Boolean) {{
    productVariantsBulkUpdate(productId: $id, variants: $variants, allowPartialUpdates: $partial) {{
        {PRODUCT} {ERRORS} }} }}"""
DELETE = f"""mutation ($id: ID!, $ids: [ID!]!) {{
    productVariantsBulkDelete(productId: $id, variantsIds: $ids) {{ {PRODUCT} {ERRORS} }} }}"""
STOCK = f"""mutation ($input: InventorySetQuantitiesInput!, $key: String!) {{
    inventorySetQuantities(input: $input) @idempotent(key: $key) {{
        inventoryAdjustmentGroup {{ changes {{ name delta quantityAfterChange }} }}
        {ERRORS} }} }}"""
ADJUST = f"""mutation ($input: InventoryAdjustQuantitiesInput!, $key: String!) {{
    inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {{
        inventoryAdjustmentGroup {{ changes {{ delta }} }} {ERRORS} }} }}"""
UNKEYED = """mutation ($input: InventorySetQuantitiesInput!) {
    inventorySetQuantities(input: $input) { userErrors { code } } }"""
PUBLISH = """mutation ($id: ID!, $input: [PublicationInput!]!) {
    publishablePublish(id: $id, input: $input) { userErrors { field message } } }"""
TAG = """mutation ($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) {
    node { ... on Product { tags } } userErrors { message } } }"""
UNTAG = TAG.replace("tagsAdd", "tagsRemove")
FILES = f"""mutation ($files: [FileCreateInput!]!) {{ fileCreate(files: $files) {{
    files {{ id createdAt fileStatus alt ... on MediaImage {{ image {{ url }} }} }}
    {ERRORS} }} }}"""
CHANGE = f"""mutation ($files: [FileUpdateInput!]!) {{ fileUpdate(files: $files) {{
    files {{ id alt ... on MediaImage {{ image {{ url }} }} }} {ERRORS} }} }}"""
ACKNOWLEDGE = f"""mutation ($ids: [ID!]!) {{ fileAcknowledgeUpdateFailed(fileIds: $ids) {{
    files {{ fileStatus fileErrors {{ code }} ... on MediaImage {{ image {{ url }} }} }}
    {ERRORS} }} }}"""
STATUS = """query ($ids: [ID!]!) { nodes(ids: $ids) { ... on File { fileStatus
    fileErrors { code message } } ... on MediaImage { image { url } } } }"""
OPTIONS = f"""mutation ($id: ID!, $options: [OptionCreateInput!]!) {{
    productOptionsCreate(productId: $id, options: $options, variantStrategy: LEAVE_AS_IS) {{
        {PRODUCT} {ERRORS} }} }}"""
UNOPTION = f"""mutation ($id: ID!, $options: [ID!]!, $strategy: ProductOptionDeleteStrategy) {{
    productOptionsDelete(productId: $id, options: $options, strategy: $strategy) {{
        deletedOptionsIds {PRODUCT} {ERRORS} }} }}"""
REORDER = f"""mutation ($id: ID!, $options: [OptionReorderInput!]!) {{
    productOptionsReorder(productId: $id, options: $options) {{ {PRODUCT} {ERRORS} }} }}"""
RENAME = f"""mutation ($id: ID!, $option: OptionUpdateInput!, $values: [OptionValueUpdateInput!]) {{
    productOptionUpdate(productId: $id, option: $option, optionValuesToUpdate: $values,
        variantStrategy: LEAVE_AS_IS) {{ {PRODUCT} {ERRORS} }} }}"""
PUT = """mutation ($product: ProductUpdateInput!, $media: [CreateMediaInput!]) {
    productUpdate(product: $product, media: $media) {
        product { handle category { id } media(first: 9) { nodes { id } } }
        userErrors { field message } } }"""
MOVE = """mutation ($id: ID!, $moves: [MoveInput!]!) { productReorderMedia(id: $id, moves: $moves) {
    job { done } mediaUserErrors { code } } }"""
SIZES = [{"name": "Size", "values": [{"name": "S"}, {"name": "M"}]}]


def run(shop, query, **variables):
    [payload] = shop.ask(query, **variables).values()
    return payload


def codes(payload):
    return [error["code"] for error in payload["userErrors"]]


def variant(size, **more):
    return {"optionValues": [{"optionName": "Size", "name": size}], **more}


def titles(payload):
    return [one["title"] for one in payload["product"]["variants"]["nodes"]]


@pytest.fixture
def shop(alice):
    """Alice's shop with its locations and sales channels."""
    assert alice.control("seed", {"products": 1}).status_code == 200
    return alice


@pytest.fixture
def tee(shop):
    variants = [variant("S", sku="1", price="10"), variant("M", sku="2", price="12")]
    given = {"title": "Tee", "productOptions": SIZES, "variants": variants, "tags": ["b", "a"]}
    payload = run(shop, SET, input=given)
    assert payload["userErrors"] == []
    return payload["product"]


def stocked(shop, product, quantity=5):
    """The first variant's item, stocked at the first location."""
    item = product["variants"]["nodes"][0]["inventoryItem"]["id"]
    place = shop.store.all("Location")[0]["id"]
    activate = f"""mutation {{ inventoryActivate(inventoryItemId: "{item}", locationId: "{place}",
        available: {quantity}) @idempotent(key: "{uuid.uuid4()}") {{
        userErrors {{ message }} }} }}"""
    assert shop.ask(activate)["inventoryActivate"]["userErrors"] == []
    return item, place


def test_a_product_is_made_whole_and_unpublished(tee):
    assert (tee["handle"], tee["status"], tee["publishedAt"]) == ("tee", "ACTIVE", None)
    assert tee["options"] == [{"name": "Size", "values": ["S", "M"]}]
    first, second = tee["variants"]["nodes"]
    assert (first["title"], first["price"], second["sku"]) == ("S", "10.00", "2")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"title": "Other", "handle": "tee"}, "HANDLE_NOT_UNIQUE"),
        ({"title": " "}, "INVALID_PRODUCT"),
        ({"title": "Other", "productOptions": SIZES}, "VARIANTS_INPUT_MISSING"),
        (
            {"title": "Other", "variants": [variant("S")]},
            "PRODUCT_OPTIONS_INPUT_MISSING",
        ),
        (
            {"title": "Other", "productOptions": SIZES * 2, "variants": [variant("S")]},
            "DUPLICATED_OPTION_NAME",
        ),
        (
            {
                "title": "Other",
                "productOptions": SIZES,
                "variants": [variant("S"), variant("S")],
            },
            "INVALID_VARIANT",
        ),
    ],
)
def test_a_product_that_may_not_be_is_refused(shop, tee, given, code):
    payload = run(shop, SET, input=given)
    assert (payload["product"], codes(payload)) == (None, [code])


def test_every_list_that_is_sent_to_product_set_replaces_the_old_one(shop, tee):
    by = {"id": tee["id"]}
    fields = [
        {"namespace": "custom", "key": "care", "type": "single_line_text_field", "value": "Dry"}
    ]
    run(shop, SET, by=by, input={"metafields": fields})
    kept = run(shop, SET, by=by, input={"title": "Shirt"})["product"]
    assert (kept["tags"], len(kept["variants"]["nodes"])) == (["a", "b"], 2)
    assert kept["metafields"]["nodes"] == [{"key": "care", "value": "Dry"}]

    less = {"productOptions": SIZES, "variants": [variant("M")], "tags": [], "metafields": []}
    changed = run(shop, SET, by=by, input=less)
    product = changed["product"]
    assert titles(changed) == ["M"]
    assert product["variants"]["nodes"][0]["id"] == tee["variants"]["nodes"][1]["id"]
    assert (product["tags"], product["metafields"]["nodes"]) == ([], [])
    assert shop.store.get(tee["variants"]["nodes"][0]["id"]) is None


def test_variants_are_created_with_new_option_values(shop, tee):
    payload = run(shop, CREATE, id=tee["id"], variants=[variant("L", price="14")])
    assert titles(payload) == ["S", "M", "L"]
    assert payload["product"]["options"][0]["values"] == ["S", "M", "L"]
    twin = run(shop, CREATE, id=tee["id"], variants=[variant("L")])
    assert codes(twin) == ["VARIANT_ALREADY_EXISTS"]
    nothing = run(shop, CREATE, id=tee["id"], variants=[{"price": "1"}])
    assert codes(nothing) == ["NEED_TO_ADD_OPTION_VALUES"]


def test_a_new_variant_is_stocked_at_ten_locations_at_most(shop, tee):
    level = {"locationId": shop.store.all("Location")[0]["id"], "availableQuantity": 1}
    payload = run(
        shop, CREATE, id=tee["id"], variants=[variant("L", inventoryQuantities=[level] * 11)]
    )
    assert codes(payload) == ["TOO_MANY_INVENTORY_LOCATIONS"]


def test_variants_are_updated_all_or_none_unless_partial(shop, tee):
    first, second = (one["id"] for one in tee["variants"]["nodes"])
    weight = {"weight": {"value": 1.5, "unit": "KILOGRAMS"}}
    good = {"id": first, "price": "9.5", "inventoryItem": {"sku": "007", "measurement": weight}}
    bad = {"id": second, "price": "-1"}
    refused = run(shop, UPDATE, id=tee["id"], variants=[good, bad])
    assert codes(refused) == ["GREATER_THAN_OR_EQUAL_TO"]
    assert shop.store.get(first)["price"] == "10.00"

    partly = run(shop, UPDATE, id=tee["id"], variants=[good, bad], partial=True)
    nodes = partly["product"]["variants"]["nodes"]
    assert [(one["sku"], one["price"]) for one in nodes] == [("007", "9.50"), ("2", "12.00")]
    assert nodes[0]["inventoryItem"]["measurement"] == weight


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"optionValues": [{"optionName": "Size", "name": "M"}]}, "VARIANT_ALREADY_EXISTS"),
        ({"optionValues": [{"optionName": "Hue", "name": "M"}]}, "OPTION_DOES_NOT_EXIST"),
        (
            {"inventoryQuantities": [{"locationId": "gid://shopify/Location/1",
                                      "availableQuantity": 1}]},
            "NO_INVENTORY_QUANTITIES_ON_VARIANTS_UPDATE",
        ),
    ],
)  # fmt: skip
def test_a_variant_that_may_not_be_is_refused(shop, tee, more, code):
    first = tee["variants"]["nodes"][0]["id"]
    assert codes(run(shop, UPDATE, id=tee["id"], variants=[{"id": first, **more}])) == [code]


def test_the_last_variant_stays(shop, tee):
    ids = [one["id"] for one in tee["variants"]["nodes"]]
    assert codes(run(shop, DELETE, id=tee["id"], ids=ids)) == ["CANNOT_DELETE_LAST_VARIANT"]
    assert titles(run(shop, DELETE, id=tee["id"], ids=ids[:1])) == ["M"]


def quantity(item, place, quantity, **more):
    return {"inventoryItemId": item, "locationId": place, "quantity": quantity, **more}


def set_stock(shop, *quantities, name="available", key=None):
    given = {"name": name, "reason": "correction", "quantities": list(quantities)}
    return run(shop, STOCK, input=given, key=key or str(uuid.uuid4()))


def test_stock_is_set_from_the_quantity_that_was_seen(shop, tee):
    item, place = stocked(shop, tee)
    stale = set_stock(shop, quantity(item, place, 9, changeFromQuantity=4))
    assert codes(stale) == ["CHANGE_FROM_QUANTITY_STALE"]
    done = set_stock(shop, quantity(item, place, 9, changeFromQuantity=5))
    [change] = done["inventoryAdjustmentGroup"]["changes"]
    assert change == {"name": "available", "delta": 4, "quantityAfterChange": 9}
    on_hand = set_stock(shop, quantity(item, place, 7, changeFromQuantity=None), name="on_hand")
    assert on_hand["inventoryAdjustmentGroup"]["changes"][0]["delta"] == -2
    assert shop.store.get(tee["id"])["totalInventory"] == 7


def test_stock_needs_a_key_a_seen_quantity_a_known_reason_and_one_row_each(shop, tee):
    item, place = stocked(shop, tee)
    row = quantity(item, place, 9, changeFromQuantity=None)
    given = {"name": "available", "reason": "correction", "quantities": [row]}
    assert "@idempotent directive is required" in shop.error(UNKEYED, input=given)["message"]
    unseen = {**given, "quantities": [quantity(item, place, 9)]}
    problem = shop.error(STOCK, input=unseen, key="1")
    assert problem["extensions"]["code"] == "INVALID_FIELD_ARGUMENTS"
    assert codes(run(shop, STOCK, input={**given, "reason": "mood"}, key="2")) == ["INVALID_REASON"]
    assert codes(set_stock(shop, row, row)) == ["NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR"]
    other = shop.store.all("Location")[1]["id"]
    away = quantity(item, other, 1, changeFromQuantity=None)
    assert codes(set_stock(shop, away)) == ["INVALID_LOCATION"]
    assert codes(set_stock(shop, row, name="damaged")) == ["INVALID_NAME"]


def test_a_key_used_again_gives_the_first_answer_and_does_nothing(shop, tee):
    item, place = stocked(shop, tee)
    given: dict[str, Any] = {
        "name": "available",
        "reason": "correction",
        "changes": [
            {
                "inventoryItemId": item,
                "locationId": place,
                "delta": 2,
                "changeFromQuantity": None,
            }
        ],
    }
    first, again = (run(shop, ADJUST, input=given, key="same") for _ in range(2))
    assert first == again
    assert shop.store.get(tee["id"])["totalInventory"] == 7
    given["changes"][0]["delta"] = 3
    assert codes(run(shop, ADJUST, input=given, key="same")) == [
        "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"
    ]


@pytest.mark.parametrize(
    ("name", "document", "code"),
    [
        ("available", "altera://import/1", "INVALID_AVAILABLE_DOCUMENT"),
        ("damaged", None, "INVALID_QUANTITY_DOCUMENT"),
        ("damaged", "gid://shopify/Order/1", "INTERNAL_LEDGER_DOCUMENT"),
        ("on_hand", None, "INVALID_QUANTITY_NAME"),
    ],
)
def test_an_adjustment_that_may_not_be_is_refused(shop, tee, name, document, code):
    item, place = stocked(shop, tee)
    change = {"inventoryItemId": item, "locationId": place, "delta": 1, "changeFromQuantity": None}
    change |= {"ledgerDocumentUri": document} if document else {}
    given = {"name": name, "reason": "correction", "changes": [change]}
    assert codes(run(shop, ADJUST, input=given, key=str(uuid.uuid4()))) == [code]


def test_tags_are_added_and_removed_whatever_their_case(shop, tee):
    assert run(shop, TAG, id=tee["id"], tags=["c", "A"])["node"]["tags"] == ["a", "b", "c"]
    assert run(shop, UNTAG, id=tee["id"], tags=["B"])["node"]["tags"] == ["a", "c"]


def test_only_the_online_store_can_be_published_to_later(shop, tee):
    online, pos = (one["id"] for one in shop.store.all("Publication")[:2])
    assert run(shop, PUBLISH, id=tee["id"], input=[{"publicationId": online}])["userErrors"] == []
    assert shop.store.get(tee["id"])["publishedAt"]
    later = "2099-01-01T00:00:00Z"
    scheduled = [{"publicationId": pos, "publishDate": later}]
    [problem] = run(shop, PUBLISH, id=tee["id"], input=scheduled)["userErrors"]
    assert "future publishing" in problem["message"]


def files(shop, *sources, **more):
    return run(shop, FILES, files=[{"originalSource": source, **more} for source in sources])


def until_ready(shop, gid):
    until = time.monotonic() + 20
    while time.monotonic() < until:
        [node] = shop.ask(STATUS, ids=[gid])["nodes"]
        if node["fileStatus"] in ("READY", "FAILED"):
            return node
        time.sleep(0.05)
    raise AssertionError(node)


def test_a_file_is_ready_later_and_a_second_one_of_its_name_is_a_copy(shop):
    [first] = files(shop, "https://example.com/a/shoe.png")["files"]
    assert (first["fileStatus"], first["image"]) == ("PROCESSING", None)
    assert "/shoe.png?v=" in until_ready(shop, first["id"])["image"]["url"]
    [second] = files(shop, "https://example.com/b/shoe.png")["files"]
    assert "/shoe_" in until_ready(shop, second["id"])["image"]["url"]
    strict = files(shop, "https://example.com/shoe.png", duplicateResolutionMode="RAISE_ERROR")
    assert codes(strict) == ["FILENAME_ALREADY_EXISTS"]


def test_a_file_that_is_not_there_fails_later(shop):
    [gone] = files(shop, f"{shop.standin.config.origin}/nowhere/shoe.png")["files"]
    failed = until_ready(shop, gone["id"])
    assert (failed["fileStatus"], failed["fileErrors"][0]["code"]) == (
        "FAILED",
        "IMAGE_DOWNLOAD_FAILURE",
    )
    shop.control("misbehave", {"media_fails": 1})
    [told] = files(shop, "https://example.com/hat.png")["files"]
    assert until_ready(shop, told["id"])["fileStatus"] == "FAILED"


@pytest.mark.parametrize(
    ("source", "more", "code"),
    [
        ("shoe.png", {}, "INVALID_IMAGE_SOURCE_URL"),
        ("https://example.com/shoe.png", {"alt": "x" * 513}, "ALT_VALUE_LIMIT_EXCEEDED"),
        ("https://example.com/a.html", {}, "UNACCEPTABLE_ASSET"),
        ("https://example.com/a.mp4", {}, "INVALID"),
        (
            "https://example.com/a.png",
            {"duplicateResolutionMode": "REPLACE"},
            "MISSING_FILENAME_FOR_DUPLICATE_MODE_REPLACE",
        ),
    ],
)
def test_a_file_that_may_not_be_is_refused(shop, source, more, code):
    assert codes(files(shop, source, **more)) == [code]


def test_a_file_is_changed_only_when_it_is_ready(shop, tee):
    [shoe] = files(shop, "https://example.com/a/shoe.png")["files"]
    alt = {"id": shoe["id"], "alt": "A shoe"}
    assert codes(run(shop, CHANGE, files=[alt])) == ["NON_READY_STATE"]
    url = until_ready(shop, shoe["id"])["image"]["url"]
    [changed] = run(shop, CHANGE, files=[alt | {"filename": "boot.png"}])["files"]
    assert changed["alt"] == "A shoe"
    assert changed["image"]["url"] == url.replace("shoe.png", "boot.png")
    wrong = run(shop, CHANGE, files=[{"id": shoe["id"], "filename": "boot.jpg"}])
    assert codes(wrong) == ["INVALID_FILENAME_EXTENSION"]
    run(shop, CHANGE, files=[{"id": shoe["id"], "referencesToAdd": [tee["id"]]}])
    assert shop.store.get(tee["id"])["media"] == [shoe["id"]]
    run(shop, CHANGE, files=[{"id": shoe["id"], "referencesToRemove": [tee["id"]]}])
    assert shop.store.get(tee["id"])["media"] == []


def test_files_are_found_by_the_state_that_they_are_in(shop):
    def found(states):
        query = f"created_at:>='{there['createdAt']}' ({states})"
        asked = "query ($query: String!) { files(first: 9, query: $query) { nodes { id } } }"
        return [one["id"] for one in shop.ask(asked, query=query)["files"]["nodes"]]

    origin = shop.standin.config.origin
    [there, gone] = files(shop, "https://example.com/a.png", f"{origin}/nowhere/b.png")["files"]
    fetching = "status:UPLOADED OR status:PROCESSING"
    assert found(fetching) == [there["id"], gone["id"]]
    until = time.monotonic() + 20
    while found(fetching) and time.monotonic() < until:
        time.sleep(0.05)
    assert (found("status:failed"), found("status:READY")) == ([gone["id"]], [there["id"]])
    assert found("status:failed OR status:ready") == [there["id"], gone["id"]]


def test_a_failed_update_of_a_file_is_acknowledged(shop, bob):
    [shoe] = files(shop, "https://example.com/a/shoe.png")["files"]
    url = until_ready(shop, shoe["id"])["image"]["url"]
    assert codes(run(shop, ACKNOWLEDGE, ids=[shoe["id"]])) == ["INVALID_FAILED_MEDIA_STATE"]
    shop.control("misbehave", {"media_fails": 1})
    run(shop, CHANGE, files=[{"id": shoe["id"], "originalSource": "https://example.com/b.png"}])
    assert until_ready(shop, shoe["id"])["fileStatus"] == "FAILED"
    assert codes(run(bob, ACKNOWLEDGE, ids=[shoe["id"]])) == ["FILE_DOES_NOT_EXIST"]
    [ready] = run(shop, ACKNOWLEDGE, ids=[shoe["id"]])["files"]
    assert (ready["fileStatus"], ready["fileErrors"]) == ("READY", [])
    assert ready["image"]["url"] == url


def test_a_file_that_was_never_fetched_is_not_acknowledged(shop):
    shop.control("misbehave", {"media_fails": 1})
    [shoe] = files(shop, "https://example.com/a/shoe.png")["files"]
    assert until_ready(shop, shoe["id"])["fileStatus"] == "FAILED"
    assert codes(run(shop, ACKNOWLEDGE, ids=[shoe["id"]])) == ["INVALID_FAILED_MEDIA_STATE"]


def test_another_shop_finds_nothing_of_it(bob, tee):
    assert codes(run(bob, SET, by={"id": tee["id"]}, input={"title": "Mine"})) == [
        "PRODUCT_DOES_NOT_EXIST"
    ]
    first = tee["variants"]["nodes"][0]["id"]
    assert codes(run(bob, UPDATE, id=tee["id"], variants=[{"id": first}])) == [
        "PRODUCT_DOES_NOT_EXIST"
    ]


def test_a_new_option_gives_every_variant_its_first_value(shop, tee):
    colours = {"name": "Colour", "values": [{"name": "Red"}, {"name": "Blue"}]}
    made = run(shop, OPTIONS, id=tee["id"], options=[colours])
    assert titles(made) == ["S / Red", "M / Red"]
    assert made["product"]["options"][1] == {"name": "Colour", "values": ["Red"]}
    assert codes(run(shop, OPTIONS, id=tee["id"], options=[colours])) == ["OPTION_ALREADY_EXISTS"]
    empty = [{"name": "Fit", "values": []}]
    assert codes(run(shop, OPTIONS, id=tee["id"], options=empty)) == ["OPTION_VALUES_MISSING"]
    more = [{"name": name, "values": [{"name": "1"}]} for name in ("Fit", "Cut")]
    assert codes(run(shop, OPTIONS, id=tee["id"], options=more)) == ["OPTIONS_OVER_LIMIT"]


@pytest.fixture
def coloured(shop):
    """S in red and blue, M in red."""
    values = [("S", "Red"), ("S", "Blue"), ("M", "Red")]
    options = [*SIZES, {"name": "Colour", "values": [{"name": "Red"}, {"name": "Blue"}]}]
    rows = [
        {"optionValues": [{"optionName": "Size", "name": s}, {"optionName": "Colour", "name": c}]}
        for s, c in values
    ]
    given = {"title": "Scarf", "productOptions": options, "variants": rows}
    return run(shop, SET, input=given)["product"]


def option_ids(shop, product):
    return {one["name"]: one["id"] for one in shop.store.get(product["id"])["options"]}


def test_an_option_is_deleted_as_far_as_its_strategy_allows(shop, coloured):
    ids = option_ids(shop, coloured)

    def delete(name, strategy=None):
        more = {"strategy": strategy} if strategy else {}
        return run(shop, UNOPTION, id=coloured["id"], options=[ids[name]], **more)

    assert codes(delete("Colour")) == ["CANNOT_DELETE_OPTION_WITH_MULTIPLE_VALUES"]
    assert codes(delete("Colour", "NON_DESTRUCTIVE")) == ["CANNOT_USE_NON_DESTRUCTIVE_STRATEGY"]
    assert len(shop.store.get(coloured["id"])["variants"]) == 3
    deleted = delete("Colour", "POSITION")
    assert (deleted["deletedOptionsIds"], titles(deleted)) == ([ids["Colour"]], ["S", "M"])
    alone = delete("Size", "POSITION")
    assert titles(alone) == ["Default Title"]
    assert alone["product"]["options"] == [{"name": "Title", "values": ["Default Title"]}]


def test_only_an_option_of_the_product_is_deleted(shop, coloured, tee):
    theirs = option_ids(shop, tee)["Size"]
    for gid, code in (
        (theirs, "OPTIONS_DO_NOT_BELONG_TO_THE_SAME_PRODUCT"),
        ("gid://shopify/ProductOption/1", "OPTION_DOES_NOT_EXIST"),
    ):
        assert codes(run(shop, UNOPTION, id=coloured["id"], options=[gid])) == [code]


def test_options_and_values_are_put_into_order_and_variants_follow(shop, coloured):
    order = [{"name": "Colour", "values": [{"name": "Blue"}, {"name": "Red"}]}, {"name": "Size"}]
    moved = run(shop, REORDER, id=coloured["id"], options=order)
    assert [one["name"] for one in moved["product"]["options"]] == ["Colour", "Size"]
    assert titles(moved) == ["Blue / S", "Red / S", "Red / M"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([{"name": "Size"}], "MISSING_OPTION_NAME"),
        ([{}], "NO_KEY_ON_REORDER"),
        ([{"name": "Size"}, {"name": "Size"}, {"name": "Colour"}], "DUPLICATED_OPTION_NAME"),
        ([{"name": "Size"}, {"name": "Cut"}, {"name": "Colour"}], "OPTION_NAME_DOES_NOT_EXIST"),
        ([{"name": "Size"}, {"id": "1"}], "MIXING_ID_AND_NAME_KEYS_IS_NOT_ALLOWED"),
        (
            [{"name": "Size", "values": [{"name": "S"}]}, {"name": "Colour"}],
            "MISSING_OPTION_VALUE",
        ),
        (
            [
                {"name": "Size", "values": [{"name": name} for name in ("S", "M", "XL")]},
                {"name": "Colour"},
            ],
            "OPTION_VALUE_DOES_NOT_EXIST",
        ),
    ],
)
def test_an_order_that_may_not_be_is_refused(shop, coloured, options, code):
    assert codes(run(shop, REORDER, id=coloured["id"], options=options)) == [code]
    assert [one["name"] for one in shop.store.get(coloured["id"])["options"]] == ["Size", "Colour"]


def test_the_options_of_another_shops_product_are_not_found(shop, bob, coloured):
    ids = list(option_ids(shop, coloured).values())
    for query in (UNOPTION, REORDER):
        options = ids if query is UNOPTION else [{"id": gid} for gid in ids]
        assert codes(run(bob, query, id=coloured["id"], options=options)) == [
            "PRODUCT_DOES_NOT_EXIST"
        ]


def test_an_option_and_its_values_are_renamed(shop, tee):
    option = shop.store.get(tee["id"])["options"][0]
    small = {"id": option["optionValues"][0]["id"], "name": "Small"}
    renamed = run(
        shop, RENAME, id=tee["id"], option={"id": option["id"], "name": "Fit"}, values=[small]
    )
    assert titles(renamed) == ["Small", "M"]
    assert renamed["product"]["options"] == [{"name": "Fit", "values": ["Small", "M"]}]
    wrong = {"id": "gid://shopify/ProductOption/1"}
    assert codes(run(shop, RENAME, id=tee["id"], option=wrong)) == ["OPTION_DOES_NOT_EXIST"]


def test_an_update_adds_media_joins_collections_and_leaves_a_redirect(shop, tee):
    create = """mutation { collectionCreate(collection: {title: "Best",
        sources: [{source: {title: "Products", inclusion: {selections: []}}}]}) {
        collection { id } } }"""
    collection = shop.ask(create)["collectionCreate"]["collection"]["id"]
    picture = {"mediaContentType": "IMAGE", "originalSource": "https://example.com/tee.png"}
    given = {"id": tee["id"], "handle": "shirt", "redirectNewHandle": True}
    given |= {"collectionsToJoin": [collection], "category": "gid://shopify/TaxonomyCategory/aa-1"}
    changed = run(shop, PUT, product=given, media=[picture, picture])
    first, second = (node["id"] for node in changed["product"]["media"]["nodes"])
    assert changed["product"]["category"] == {"id": "gid://shopify/TaxonomyCategory/aa-1"}
    assert shop.store.get(collection)["products"] == [tee["id"]]
    [redirect] = shop.store.find("UrlRedirect", "path", ["/products/tee"])
    assert redirect["target"] == "/products/shirt"
    run(shop, MOVE, id=tee["id"], moves=[{"id": second, "newPosition": "0"}])
    assert shop.store.get(tee["id"])["media"] == [second, first]
    run(shop, PUT, product={"id": tee["id"], "collectionsToLeave": [collection]})
    assert shop.store.get(collection)["products"] == []
    unknown = {"id": tee["id"], "collectionsToJoin": ["gid://shopify/Collection/1"]}
    [problem] = run(shop, PUT, product=unknown)["userErrors"]
    assert problem["message"] == "Collection does not exist"


WITH_MEDIA = """mutation ($id: ID!, $variants: [ProductVariantsBulkInput!]!,
        $media: [CreateMediaInput!]) {
    productVariantsBulkUpdate(productId: $id, variants: $variants, media: $media) {
        product { media(first: 9) { nodes { id } } } userErrors { code } } }"""
DETACH = """mutation ($id: ID!, $media: [ProductVariantDetachMediaInput!]!) {
    productVariantDetachMedia(productId: $id, variantMedia: $media) {
        productVariants { image { url } } userErrors { code } } }"""
FRONT = "https://pictures.example/front.png"


def test_a_variant_takes_media_by_its_source_and_gives_it_back(shop, tee):
    [first, _] = tee["variants"]["nodes"]
    media = [{"originalSource": FRONT, "mediaContentType": "IMAGE"}]
    wanted = [{"id": first["id"], "mediaSrc": [FRONT]}]
    alone = run(shop, WITH_MEDIA, id=tee["id"], variants=wanted, media=[])
    assert codes(alone) == ["MUST_BE_FOR_THIS_PRODUCT"]
    payload = run(shop, WITH_MEDIA, id=tee["id"], variants=wanted, media=media)
    assert payload["userErrors"] == []
    [picture] = payload["product"]["media"]["nodes"]
    gone = [{"variantId": first["id"], "mediaIds": [picture["id"]]}]
    assert run(shop, DETACH, id=tee["id"], media=gone) == {
        "productVariants": [{"image": None}],
        "userErrors": [],
    }
    again = run(shop, DETACH, id=tee["id"], media=gone)
    assert codes(again) == ["MEDIA_IS_NOT_ATTACHED_TO_VARIANT"]


def test_the_image_of_a_new_variant_is_one_of_the_products_files(shop):
    given = {"title": "Cup", "productOptions": SIZES, "files": [{"originalSource": FRONT}]}
    sizes = [variant("S", file={"originalSource": FRONT}), variant("M")]
    payload = run(shop, SET, input={**given, "variants": sizes})
    assert payload["userErrors"] == []
    [picture] = payload["product"]["media"]["nodes"]
    assert shop.store.get(payload["product"]["variants"]["nodes"][0]["id"])["media"] == [
        picture["id"]
    ]
    elsewhere = [variant("S", file={"originalSource": f"{FRONT}?other"}), variant("M")]
    payload = run(shop, SET, input={**given, "variants": elsewhere})
    assert codes(payload) == ["INVALID_INPUT"]


def test_the_mutations_that_a_shop_was_sent_are_told_once(shop, tee):
    told = shop.control("sent", {}).json()
    assert [one["field"] for one in told["mutations"]] == ["productSet"] and told["points"] == 10
    assert shop.control("sent", {}).json() == {"mutations": [], "points": 0}
