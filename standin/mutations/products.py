"""productCreate, productUpdate, productDelete: the product itself and its one first variant."""

import re
import unicodedata
from functools import partial

from standin.context import Context, now
from standin.mutations import files, metafields, price_lists, work
from standin.seeds.families import FAMILIES, GIFT_CARD

PLAIN = (
    *("title", "descriptionHtml", "vendor", "productType", "status", "tags", "templateSuffix"),
    *("seo", "requiresSellingPlan", "giftCardTemplateSuffix"),
)
NAMES = dict(family.category for family in (*FAMILIES, GIFT_CARD))
"""Full names of the categories that are known, by code."""


def create(context: Context, args: dict) -> dict:
    given = args.get("product") or args.get("input") or {}
    record = {
        "__typename": "Product",
        "status": "ACTIVE",
        "tags": [],
        "vendor": context.shop.domain.removesuffix(".myshopify.com"),
        "isGiftCard": bool(given.get("giftCard")),
        "createdAt": now(),
        "publishedAt": None,
    }
    found = _write(context, record, given)
    if found:
        return {"product": None, "userErrors": found}
    record["id"] = context.shop.new_id("Product")
    item, variant = _first_variant(context, record)
    record["variants"] = [variant["id"]]
    record["media"] = []
    record["options"] = [
        {
            "__typename": "ProductOption",
            "id": context.shop.new_id("ProductOption"),
            "name": "Title",
            "position": 1,
            "values": ["Default Title"],
        }
    ]
    return _finish(context, args, record, given, [item, variant], ["product"])


def update(context: Context, args: dict) -> dict:
    given = dict(args.get("product") or args.get("input") or {})
    gid = given.get("id") or (args.get("identifier") or {}).get("id")
    record = _find(context, gid)
    if not record:
        return {"product": None, "userErrors": [_error(["id"], "Product does not exist")]}
    old_handle = record.get("handle")
    if found := _write(context, record, given):
        return {"product": None, "userErrors": found}
    redirect = []
    if given.get("redirectNewHandle") and record["handle"] != old_handle:
        redirect = [
            {
                "__typename": "UrlRedirect",
                "id": context.shop.new_id("UrlRedirect"),
                "path": f"/products/{old_handle}",
                "target": f"/products/{record['handle']}",
            }
        ]
    return _finish(context, args, record, given, redirect, ["product"])


def _finish(
    context: Context, args: dict, record: dict, given: dict, others: list[dict], place: list[str]
) -> dict:
    """Store the product with its metafields, new media and manual collections."""
    errors = metafields.write_into(context, record, given.get("metafields") or [], place)
    made = []
    for index, one in enumerate(args.get("media") or ()):
        media, problem = files.from_input(context, one, ["media", str(index)])
        if problem:
            errors.append(problem)
        made.append(media)
    joined, problems = _collections(context, record, given, place)
    if errors + problems:
        return {"product": None, "userErrors": errors + problems}
    record["media"] = [*(record.get("media") or ()), *(media["id"] for media in made)]
    context.shop.put_many([record, *others, *made, *joined])
    return {"product": record, "userErrors": []}


def _collections(
    context: Context, record: dict, given: dict, place: list[str]
) -> tuple[list[dict], list[dict]]:
    """The manual collections that the product joins and leaves, changed; userErrors."""
    changed, errors = [], []
    mine = list(record.get("collections") or ())
    for field, joins in (("collectionsToJoin", True), ("collectionsToLeave", False)):
        for gid in given.get(field) or ():
            collection = context.record(gid)
            if not collection or collection["__typename"] != "Collection":
                errors.append(_error([*place, field], "Collection does not exist"))
            elif not (source := chosen_by_hand(context, collection)):
                text = "Can't add products to or remove them from a smart collection"
                errors.append(_error([*place, field], text))
            else:
                mine = [one for one in mine if one != gid] + ([gid] if joins else [])
                changed.append(with_selection(collection, source, record["id"], joins))
    record["collections"] = mine
    return changed, errors


def chosen_by_hand(context: Context, collection: dict) -> dict | None:
    """The source that holds the products which are chosen by hand, a new one where the collection
    has none; None for a collection that chooses by conditions or is made of others."""
    if not collection["sources"]:
        return {
            "__typename": "CollectionConditionsSource",
            "id": context.shop.new_id("CollectionConditionsSource"),
            "title": "Products",
            "description": None,
            "targetType": "PRODUCTS",
            "shareable": False,
            "inclusion": {"matchType": None, "conditions": [], "selections": []},
        }
    source: dict = collection["sources"][0]
    return None if source.get("inclusion", {}).get("conditions", True) else source


def with_selection(collection: dict, source: dict, product: str, joins: bool) -> dict:
    """The collection with a product chosen by hand, or without it; one that is in it stays where
    it is."""
    if joins and product in collection["products"]:
        return collection
    chosen = [one for one in source["inclusion"]["selections"] if one["product"] != product]
    chosen += [{"product": product, "variantIds": None}] if joins else []
    source = {**source, "inclusion": {**source["inclusion"], "selections": chosen}}
    products = [gid for gid in collection["products"] if gid != product]
    return {
        **collection,
        "sources": [source, *collection["sources"][1:]],
        "products": [*products, product] if joins else products,
    }


def delete(context: Context, args: dict) -> dict:
    record = _find(context, args["input"]["id"])
    if not record:
        problem = _error(["id"], "Product does not exist")
        return {"deletedProductId": None, "userErrors": [problem]}
    deleted = partial(_delete, record["id"])
    if args.get("synchronous") is not False:
        return {**deleted(context), "userErrors": []}
    operation = work.begin(context, "ProductDeleteOperation", deleted)
    return {"deletedProductId": None, "productDeleteOperation": operation, "userErrors": []}


def _delete(gid: str, context: Context) -> dict:
    record = _find(context, gid) or {}
    for variant in record.get("variants") or ():
        inside = context.existing(variant)
        context.shop.delete(inside["id"])
        if isinstance(inside.get("inventoryItem"), str):
            context.shop.delete(inside["inventoryItem"])
    _leave(context, gid)
    price_lists.leave(context, set(record.get("variants") or ()))
    context.shop.delete(gid)
    return {"deletedProductId": gid}


def _leave(context: Context, gid: str) -> None:
    """Take a product out of collections and catalogs."""
    for typename in ("Collection", "Publication"):
        for record in list(context.shop.iterate(typename)):
            left = {
                name: [one for one in record.get(name) or () if one != gid]
                for name in ("products", "includedProducts")
                if name in record
            }
            if any(record.get(name) != value for name, value in left.items()):
                context.shop.put({**record, **left})


def category(gid: str | None) -> dict | None:
    """The TaxonomyCategory of this ID, with its code where no name is known."""
    if not gid:
        return None
    code = gid.rpartition("/")[2]
    parts = code.split("-")
    ancestors = [
        f"gid://shopify/TaxonomyCategory/{'-'.join(parts[:n])}" for n in range(1, len(parts))
    ]
    return {
        "__typename": "TaxonomyCategory",
        "id": gid,
        "name": NAMES.get(code, code).rpartition(" > ")[2],
        "fullName": NAMES.get(code, code),
        "level": len(parts),
        "isRoot": len(parts) == 1,
        "isLeaf": True,
        "isArchived": False,
        "ancestorIds": ancestors[::-1],
        "parentId": ancestors[-1] if ancestors else None,
        "childrenIds": [],
    }


def slug(title: str) -> str:
    """A handle from a title: "Crème Brûlée Set" to "creme-brulee-set"."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "product"


def _write(context: Context, record: dict, given: dict) -> list[dict]:
    """Put the input into the record; userErrors when the result may not be."""
    record.update({key: given[key] for key in PLAIN if key in given})
    if "category" in given:
        record["category"] = category(given["category"])
    record["tags"] = sorted(set(record["tags"]))
    if not (record.get("title") or "").strip():
        return [_error(["title"], "Title can't be blank")]
    if given.get("handle"):
        record["handle"] = slug(given["handle"])
        if _taken(context, record):
            return [_error(["handle"], f"Handle '{record['handle']}' already in use.")]
    elif not record.get("handle"):
        record["handle"], number = slug(record["title"]), 0
        while _taken(context, record):
            number += 1
            record["handle"] = f"{slug(record['title'])}-{number}"
    record["updatedAt"] = now()
    return []


def _taken(context: Context, record: dict) -> bool:
    found = context.shop.find("Product", "handle", [record["handle"]])
    return any(other["id"] != record.get("id") for other in found)


def _first_variant(context: Context, product: dict) -> tuple[dict, dict]:
    item = {
        "__typename": "InventoryItem",
        "id": context.shop.new_id("InventoryItem"),
        "tracked": False,
        "requiresShipping": True,
        "createdAt": product["createdAt"],
        "updatedAt": product["updatedAt"],
        "inventoryLevels": [],
    }
    variant = {
        "__typename": "ProductVariant",
        "id": context.shop.new_id("ProductVariant"),
        "product": product["id"],
        "title": "Default Title",
        "displayName": f"{product['title']} - Default Title",
        "price": "0.00",
        "position": 1,
        "taxable": True,
        "inventoryPolicy": "DENY",
        "inventoryQuantity": 0,
        "inventoryItem": item["id"],
        "selectedOptions": [{"name": "Title", "value": "Default Title"}],
        "createdAt": product["createdAt"],
        "updatedAt": product["updatedAt"],
    }
    item["variant"] = variant["id"]
    return item, variant


def _find(context: Context, gid: str | None) -> dict | None:
    record = context.record(gid) if gid else None
    return dict(record) if record and record["__typename"] == "Product" else None


def _error(field: list[str], message: str) -> dict:
    return {"field": field, "message": message}


MUTATIONS = {"productCreate": create, "productUpdate": update, "productDelete": delete}
