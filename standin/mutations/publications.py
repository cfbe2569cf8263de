"""Publications of catalogs: which products they hold."""

from standin import misbehave
from standin.context import Context
from standin.mutations.catalogs import catalog_of, of_type
from standin.mutations.user_errors import refused, user_error

MAX_PUBLISHABLES = 50


def create(context: Context, args: dict) -> dict:
    given = args["input"]
    catalog: dict = {}
    errors: list[dict] = []
    if given.get("catalogId"):
        catalog, errors = catalog_of(context, given["catalogId"])
    if errors:
        text = "Catalog not found."
        error = user_error(["input", "catalogId"], text, "CATALOG_NOT_FOUND")
        return refused([error], "publication")
    if catalog.get("publication"):
        text = "Catalog already has a publication."
        return refused([user_error(["input", "catalogId"], text, "TAKEN")], "publication")
    products = []
    if given.get("defaultState") == "ALL_PRODUCTS":
        products = [product["id"] for product in context.shop.iterate("Product")]
    record = {
        "__typename": "Publication",
        "id": context.shop.new_id("Publication"),
        "name": catalog.get("title") or "",
        "catalog": catalog.get("id"),
        "autoPublish": given.get("autoPublish", False),
        "supportsFuturePublishing": False,
        "products": [],
        "includedProducts": [],
    }
    if catalog:
        context.shop.put({**catalog, "publication": record["id"]})
    return {"publication": _publish(context, record, products, ()), "userErrors": []}


def update(context: Context, args: dict) -> dict:
    record = of_type(context, args["id"], "Publication")
    given = args["input"]
    if not record:
        text = "Publication not found."
        return refused([user_error(["id"], text, "PUBLICATION_NOT_FOUND")], "publication")
    if (context.record(record["catalog"]) or {}).get("__typename") == "AppCatalog":
        text, code = "Cannot modify an app catalog.", "CANNOT_MODIFY_APP_CATALOG_PUBLICATION"
        return refused([user_error(["id"], text, code)], "publication")
    to_add, to_remove = (
        given.get(name) or [] for name in ("publishablesToAdd", "publishablesToRemove")
    )
    errors = []
    if misbehave.take(context.shop, "locks"):
        text = "The publication is locked."
        errors.append(user_error(["id"], text, "PUBLICATION_LOCKED"))
    if len(to_add) + len(to_remove) > MAX_PUBLISHABLES:
        text = f"The limit for simultaneous publication updates is {MAX_PUBLISHABLES}."
        errors.append(user_error(["input"], text, "PUBLICATION_UPDATE_LIMIT_EXCEEDED"))
    kinds = {(context.record(gid) or {}).get("__typename") for gid in (*to_add, *to_remove)}
    if None in kinds:
        text = "Publishable ID not found."
        errors.append(user_error(["input"], text, "INVALID_PUBLISHABLE_ID"))
    elif kinds == {"Product", "ProductVariant"}:
        text = "Products and variants cannot be combined."
        errors.append(user_error(["input"], text, "CANNOT_COMBINE_PRODUCTS_AND_VARIANTS"))
    elif kinds - {"Product"}:
        text = "This type cannot be published to a catalog."
        errors.append(user_error(["input"], text, "UNSUPPORTED_PUBLISHABLE_TYPE"))
    if errors:
        return refused(errors, "publication")
    if "autoPublish" in given:
        record["autoPublish"] = given["autoPublish"]
    return {"publication": _publish(context, record, to_add, to_remove), "userErrors": []}


def _publish(context: Context, record: dict, to_add: list[str], to_remove) -> dict:
    """Store the publication with its products, and their side of it."""
    kept = [gid for gid in record["includedProducts"] if gid not in to_remove]
    products = [*kept, *(gid for gid in to_add if gid not in kept)]
    for gid in {*to_add, *to_remove}:
        product = context.existing(gid)
        left = [
            entry
            for entry in product.get("resourcePublicationsV2") or ()
            if entry["publication"] != record["id"]
        ]
        if gid in products:
            entry = {"publication": record["id"], "publishable": gid, "isPublished": True}
            left.append(entry | {"publishDate": product["createdAt"]})
        context.shop.put({**product, "resourcePublicationsV2": left})
    context.forget()
    return context.shop.put({**record, "products": products, "includedProducts": products})


MUTATIONS = {"publicationCreate": create, "publicationUpdate": update}
