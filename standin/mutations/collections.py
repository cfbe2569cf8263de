"""collectionCreate, Update, Delete and ReorderProducts: collections made of sources.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/collectionCreate
"""

from functools import partial

from standin import media
from standin.context import Context, now
from standin.mutations import metafields, work
from standin.mutations.online_store import leave_redirect
from standin.mutations.products import slug
from standin.mutations.user_errors import refused, user_error
from standin.seeds import collection_sources

MAX_MOVES = 250
PLAIN = ("descriptionHtml", "sortOrder", "templateSuffix", "seo")


def create(context: Context, args: dict) -> dict:
    given = args["collection"]
    record: dict = {
        "__typename": "Collection",
        "descriptionHtml": "",
        "sortOrder": "BEST_SELLING",
        "templateSuffix": None,
        "image": None,
        "products": [],
        "sources": [],
        "ruleSet": None,
        "resourcePublicationsV2": [],
        "metafields": [],
        "seo": {"title": None, "description": None},
    }
    errors = _write(context, record, given)
    for index, target in enumerate(given.get("sources") or ()):
        source, problem = _source(context, target, ["collection", "sources", str(index)])
        errors += problem
        record["sources"].append(source)
    if errors:
        return refused(errors, "collection")
    record["id"] = context.shop.new_id("Collection")
    return {"collection": _settle(context, record), "userErrors": []}


def update(context: Context, args: dict) -> dict:
    """With a job when the products may have changed."""
    given = args["collection"]
    record = _find(context, given.get("id"))
    if not record:
        text = "Collection does not exist"
        return refused([user_error(["id"], text)], "collection", "job")
    old = record["handle"]
    errors = _write(context, record, given)
    errors += _change_sources(context, record, given)
    if errors:
        return refused(errors, "collection", "job")
    if given.get("redirectNewHandle") and record["handle"] != old:
        leave_redirect(context, f"/collections/{old}", f"/collections/{record['handle']}")
    changes = any(given.get(f"sourcesTo{what}") for what in ("Create", "Update", "Delete"))
    if not changes:
        return {"collection": context.shop.put(record), "job": None, "userErrors": []}
    context.shop.put(record)
    job = work.begin(context, "Job", partial(_work, record["id"]))
    return {"collection": record["id"], "job": job, "userErrors": []}


def delete(context: Context, args: dict) -> dict:
    record = _find(context, args["input"]["id"])
    if not record:
        text = "Collection does not exist"
        return refused([user_error(["id"], text)], "deletedCollectionId")
    for gid in record["products"]:
        _leave(context, gid, record["id"])
    context.shop.delete(record["id"])
    return {"deletedCollectionId": record["id"], "userErrors": []}


def reorder(context: Context, args: dict) -> dict:
    record = _find(context, args["id"])
    place = ["moves"]
    if not record:
        error = user_error(["id"], "Collection does not exist", "COLLECTION_NOT_FOUND")
        return refused([error], "job")
    if record["sortOrder"] != "MANUAL":
        text = "Can't reorder products unless collection is manually sorted"
        return refused([user_error(["id"], text, "MANUALLY_SORTED_COLLECTION")], "job")
    order = list(record["products"])
    for move in args["moves"]:
        if len(args["moves"]) > MAX_MOVES or move["id"] not in order:
            return refused([user_error(place, "Invalid move", "INVALID_MOVE")], "job")
        order.remove(move["id"])
        order.insert(int(move["newPosition"]), move["id"])
    job = work.begin(context, "Job", partial(_set_order, record["id"], order))
    return {"job": job, "userErrors": []}


def _set_order(gid: str, order: list[str], context: Context) -> None:
    context.shop.change(gid, {"products": order})


def _work(gid: str, context: Context) -> None:
    """Find the products of a collection whose sources have changed, if it still exists."""
    if record := _find(context, gid):
        _settle(context, record)


def _write(context: Context, record: dict, given: dict) -> list[dict]:
    """The collection's own fields, image and metafields."""
    errors = []
    record.update({name: given[name] for name in PLAIN if name in given})
    if "title" in given:
        record["title"] = given["title"] or ""
        if not record["title"].strip():
            errors.append(user_error(["title"], "Title can't be blank"))
    if given.get("handle") or not record.get("handle"):
        record["handle"] = slug(given.get("handle") or record.get("title") or "")
        if _taken(context, record) and given.get("handle"):
            errors.append(user_error(["handle"], "Handle has already been taken"))
        number, base = 0, record["handle"]
        while not errors and _taken(context, record):
            number += 1
            record["handle"] = f"{base}-{number}"
    if "image" in given:
        record["image"] = _image(context, record.get("image"), given["image"])
    if given.get("metafields"):
        errors += metafields.write_into(context, record, given["metafields"], [])
    record["updatedAt"] = now()
    return errors


def _image(context: Context, old: dict | None, given: dict | None) -> dict | None:
    if not given:
        return None
    source = given.get("src")
    image = old
    if not source and given.get("id") not in (None, (old or {}).get("id")):
        return old
    if source and source != (old or {}).get("url"):
        made = media.make(context, source, "IMAGE", media.file_name(source), given.get("altText"))
        image = media.settle(context, made | {media.READY_AT: 0.0})["image"]
        context.shop.delete(made["id"])  # it is none of the shop's files
    return {**image, "altText": given.get("altText", image["altText"])} if image else None


def _change_sources(context: Context, record: dict, given: dict) -> list[dict]:
    errors = []
    sources = {source["id"]: source for source in record.get("sources") or ()}
    for gid in given.get("sourcesToDelete") or ():
        if gid not in sources:
            errors.append(user_error(["sourcesToDelete"], "Source does not exist"))
        sources.pop(gid, None)
    for index, target in enumerate(given.get("sourcesToUpdate") or ()):
        place = ["sourcesToUpdate", str(index)]
        wanted = target.get("condition") or target.get("subCollections") or {}
        source = sources.get(wanted.get("id"))
        if source is None:
            errors.append(user_error(place, "Source does not exist"))
        elif target.get("condition"):
            changed, problem = _changed_conditions(context, source, wanted, place)
            sources[source["id"]] = changed
            errors += problem
        else:
            named = {key: wanted[key] for key in ("title", "description") if key in wanted}
            chosen = wanted.get("collectionIds") or source["collections"]
            if not all(_find(context, gid) for gid in chosen):
                errors.append(user_error([*place, "subCollections"], "Collection does not exist"))
            sources[source["id"]] = {**source, **named, "collections": chosen}
    made = list(sources.values())
    for index, target in enumerate(given.get("sourcesToCreate") or ()):
        source, problem = _source(context, target, ["sourcesToCreate", str(index)])
        made.append(source)
        errors += problem
    record["sources"] = made
    return errors


def _source(context: Context, target: dict, place: list[str]) -> tuple[dict, list[dict]]:
    """The source that an input asks for, and its userErrors."""
    [(kind, given)] = target.items()
    if kind == "subCollections":
        errors = [
            user_error([*place, "subCollections"], "Collection does not exist")
            for gid in given["collectionIds"]
            if not _find(context, gid)
        ]
        return {
            "__typename": "CollectionSubCollectionsSource",
            "id": context.shop.new_id("CollectionSubCollectionsSource"),
            "title": given["title"],
            "description": given.get("description"),
            "collections": given["collectionIds"],
        }, errors
    source = {
        "__typename": "CollectionConditionsSource",
        "id": context.shop.new_id("CollectionConditionsSource"),
        "title": given.get("title") or "",
        "description": given.get("description"),
        "targetType": given.get("targetType") or "PRODUCTS",
        "shareable": False,
        "inclusion": {"matchType": None, "conditions": [], "selections": []},
    }
    errors = []
    if not source["title"].strip():
        errors.append(user_error([*place, "source", "title"], "Title can't be blank"))
    for side in ("inclusion", "exclusion"):
        asked = given.get(side)
        if asked:
            change = {
                "conditionsToCreate": asked.get("conditions") or [],
                "selectionsToAdd": asked.get("selections") or [],
                "matchType": asked.get("matchType"),
            }
            source[side], problem = _changed_side(context, {}, change, side, [*place, side])
            errors += problem
    return source, errors


def _changed_conditions(
    context: Context, source: dict, given: dict, place: list[str]
) -> tuple[dict, list[dict]]:
    changed, errors = dict(source), []
    changed.update({key: given[key] for key in ("title", "description") if key in given})
    for side in ("inclusion", "exclusion"):
        if given.get(side):
            old = source.get(side) or {}
            changed[side], problem = _changed_side(context, old, given[side], side, [*place, side])
            errors += problem
    return changed, errors


def _changed_side(
    context: Context, old: dict, given: dict, side: str, place: list[str]
) -> tuple[dict, list[dict]]:
    """The inclusion or exclusion of a source after a change."""
    errors = []
    conditions = list(old.get("conditions") or ())
    known = {condition["id"] for condition in conditions}
    for gid in given.get("conditionsToDelete") or ():
        if gid not in known:
            errors.append(user_error([*place, "conditionsToDelete"], "Condition does not exist"))
    gone = set(given.get("conditionsToDelete") or ())
    conditions = [condition for condition in conditions if condition["id"] not in gone]
    for index, asked in enumerate(given.get("conditionsToCreate") or ()):
        where = [*place, "conditionsToCreate", str(index)]
        condition, problem = _condition(context, asked, side, where)
        conditions.append(condition)
        errors += problem
    selections = list(old.get("selections") or ())
    removed = {one["productId"] for one in given.get("selectionsToRemove") or ()}
    selections = [one for one in selections if one["product"] not in removed]
    for one in given.get("selectionsToAdd") or ():
        product = context.record(one["productId"])
        if not product or product["__typename"] != "Product":
            errors.append(user_error([*place, "selectionsToAdd"], "Product does not exist"))
        elif one["productId"] not in [kept["product"] for kept in selections]:
            selections.append({"product": one["productId"], "variantIds": None})
    match = given.get("matchType") or old.get("matchType")
    if conditions and not match:
        errors.append(user_error([*place, "matchType"], "Match type can't be blank"))
    return {"matchType": match, "conditions": conditions, "selections": selections}, errors


def _condition(
    context: Context, given: dict, side: str, place: list[str]
) -> tuple[dict, list[dict]]:
    [(kind, asked)] = given.items()
    typename = collection_sources.INCLUSION
    typename = typename if side == "inclusion" else collection_sources.EXCLUSION
    condition = {
        "__typename": typename + kind[0].upper() + kind[1:],
        "id": context.shop.new_id(typename),
        "relation": asked["relation"],
    }
    errors = []
    if "values" in asked:
        if not asked["values"]:
            errors.append(user_error([*place, kind, "values"], "Values can't be blank"))
        values = asked["values"]
        if kind == "productCategory":
            values = [
                {
                    "category": {"__typename": "TaxonomyCategory", "id": one["categoryId"]},
                    "includeDescendants": one.get("includeDescendants", False),
                }
                for one in values
            ]
        condition |= {"values": values, "matchType": asked.get("matchType")}
    else:
        condition["value"] = asked.get("value")
    if "definitionId" in asked:
        definition = context.record(asked["definitionId"])
        able = (definition or {}).get("capabilities", {}).get("smartCollectionCondition", {})
        if not able.get("enabled"):
            text = "The definition cannot be used as a condition of collections"
            errors.append(user_error([*place, kind, "definitionId"], text))
        condition["definition"] = asked["definitionId"]
    return condition, errors


def _settle(context: Context, record: dict) -> dict:
    """Store the collection with the products that its sources hold."""
    chosen: dict[str, None] = {}
    for source in record["sources"]:
        if "collections" in source:
            below = {
                product
                for gid in source["collections"]
                for product in (context.record(gid) or {}).get("products") or ()
            }
            chosen.update(
                (p["id"], None) for p in context.shop.iterate("Product") if p["id"] in below
            )
            continue
        inclusion = source["inclusion"]
        for one in inclusion["selections"]:  # a product that is deleted leaves the list it is in
            if context.record(one["product"]):
                chosen[one["product"]] = None
        if inclusion["conditions"]:
            for product in context.shop.iterate("Product"):
                if collection_sources.holds(source, product):
                    chosen[product["id"]] = None
    before = set(record["products"])
    kept = [gid for gid in record["products"] if gid in chosen]
    record["products"] = [*kept, *(gid for gid in chosen if gid not in before)]
    record["ruleSet"] = collection_sources.older(record["sources"])
    for gid in before - set(chosen):
        _leave(context, gid, record["id"])
    for gid in record["products"]:
        product = context.existing(gid)
        if record["id"] not in (product.get("collections") or ()):
            joined = [*(product.get("collections") or ()), record["id"]]
            context.shop.put({**product, "collections": joined})
    context.forget()
    return context.shop.put(record)


def _leave(context: Context, product: str, collection: str) -> None:
    record = context.record(product)
    if record:
        left = [gid for gid in record.get("collections") or () if gid != collection]
        context.shop.put({**record, "collections": left})


def _taken(context: Context, record: dict) -> bool:
    found = context.shop.find("Collection", "handle", [record["handle"]])
    return any(other["id"] != record.get("id") for other in found)


def _find(context: Context, gid: str | None) -> dict | None:
    record = context.record(gid) if gid else None
    return dict(record) if record and record["__typename"] == "Collection" else None


MUTATIONS = {
    "collectionCreate": create,
    "collectionUpdate": update,
    "collectionDelete": delete,
    "collectionReorderProducts": reorder,
}
