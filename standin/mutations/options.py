"""productOptionsCreate, Update, Delete and Reorder, and productReorderMedia."""

from functools import partial

from standin.context import Context
from standin.mutations import variants, work
from standin.mutations.product_set import MAX_OPTIONS
from standin.mutations.user_errors import refused, user_error


def create(context: Context, args: dict) -> dict:
    """New options; existing variants get the first value of each (``LEAVE_AS_IS``)."""
    product = variants.own_product(context, args["productId"])
    if not product:
        return refused([_no_product()], "product")
    names = {option["name"] for option in product["options"]}
    errors, options = [], [dict(option) for option in product["options"]]
    rows = variants.variants_of(context, product)
    if names == {"Title"} and rows[0]["title"] == "Default Title":
        options = []
    for index, given in enumerate(args["options"]):
        place = ["options", str(index)]
        values = [value["name"] for value in given.get("values") or ()]
        if not (given.get("name") or "").strip():
            text = "Each option must have a name specified."
            errors.append(user_error(place, text, "OPTION_NAME_MISSING"))
        elif given["name"] in [option["name"] for option in options]:
            text = f"Option '{given['name']}' already exists."
            errors.append(user_error(place, text, "OPTION_ALREADY_EXISTS"))
        elif not values:
            text = "Each option must have at least one option value specified."
            errors.append(user_error(place, text, "OPTION_VALUES_MISSING"))
        elif len(set(values)) < len(values):
            text = "Duplicated option value."
            errors.append(user_error(place, text, "DUPLICATED_OPTION_VALUE"))
        else:
            options.append(_option(context, given["name"], values, len(options) + 1))
    if len(options) > MAX_OPTIONS:
        text = f"Can only specify a maximum of {MAX_OPTIONS} options"
        errors.append(user_error(["options"], text, "OPTIONS_OVER_LIMIT"))
    if errors:
        return refused(errors, "product")
    for row in rows:
        chosen = {one["name"]: one for one in row["selectedOptions"]}
        row["selectedOptions"] = [
            chosen.get(option["name"]) or _first(option) for option in options
        ]
        row["title"] = " / ".join(one["value"] for one in row["selectedOptions"])
    product["options"] = options
    return {"product": variants.settle(context, product, rows), "userErrors": []}


def update(context: Context, args: dict) -> dict:
    """The name of one option, and the names of its values."""
    product = variants.own_product(context, args["productId"])
    if not product:
        return refused([_no_product()], "product")
    options = [dict(option) for option in product["options"]]
    option = next((one for one in options if one["id"] == args["option"]["id"]), None)
    if option is None:
        text = "Option does not exist"
        return refused([user_error(["option", "id"], text, "OPTION_DOES_NOT_EXIST")], "product")
    old_name, name = option["name"], args["option"].get("name") or option["name"]
    if name in [one["name"] for one in options if one is not option]:
        text = f"Option '{name}' already exists."
        return refused([user_error(["option"], text, "OPTION_ALREADY_EXISTS")], "product")
    renamed = {one["id"]: one["name"] for one in args.get("optionValuesToUpdate") or ()}
    if not set(renamed) <= {value["id"] for value in option["optionValues"]}:
        text = "Option value does not exist"
        error = user_error(["optionValuesToUpdate"], text, "OPTION_VALUE_DOES_NOT_EXIST")
        return refused([error], "product")
    option["name"] = name
    option["optionValues"] = [
        {**value, "name": renamed.get(value["id"], value["name"])}
        for value in option["optionValues"]
    ]
    values = {value["id"]: value for value in option["optionValues"]}
    rows = variants.variants_of(context, product)
    for row in rows:
        row["selectedOptions"] = [
            {"name": name, "value": value["name"], "optionValue": value}
            if one["name"] == old_name
            and (value := values.get(one["optionValue"]["id"], one["optionValue"]))
            else one
            for one in row["selectedOptions"]
        ]
        row["title"] = " / ".join(one["value"] for one in row["selectedOptions"])
    product["options"] = options
    return {"product": variants.settle(context, product, rows), "userErrors": []}


def delete(context: Context, args: dict) -> dict:
    """``DEFAULT`` deletes options of one value; ``NON_DESTRUCTIVE`` those without which all
    variants still differ; ``POSITION`` deletes the later of the variants that no longer differ."""
    empty = ("deletedOptionsIds", "product")
    product = variants.own_product(context, args["productId"])
    if not product:
        return refused([_no_product()], *empty)
    strategy = args.get("strategy") or "DEFAULT"
    gone = {one["id"]: one for one in product["options"] if one["id"] in args["options"]}
    errors = []
    for index, gid in enumerate(args["options"]):
        place = ["options", str(index)]
        if gid not in gone:
            elsewhere = any(
                gid == one["id"]
                for other in context.shop.iterate("Product")
                for one in other["options"]
            )
            text, code = "Option does not exist.", "OPTION_DOES_NOT_EXIST"
            if elsewhere:
                text = "The options do not belong to the same product."
                code = "OPTIONS_DO_NOT_BELONG_TO_THE_SAME_PRODUCT"
            errors.append(user_error(place, text, code))
        elif strategy == "DEFAULT" and len(gone[gid]["values"]) > 1:
            text = "Cannot delete an option with several values."
            code = "CANNOT_DELETE_OPTION_WITH_MULTIPLE_VALUES"
            errors.append(user_error(place, text, code))
    if errors:
        return refused(errors, *empty)
    names = {one["name"] for one in gone.values()}
    kept: dict[tuple[str, ...], dict] = {}
    dropped = []
    for row in variants.variants_of(context, product):
        chosen = [one for one in row["selectedOptions"] if one["name"] not in names]
        key = tuple(one["value"] for one in chosen)
        if key in kept:
            dropped.append(row)
        else:
            kept[key] = row | {"selectedOptions": chosen, "title": " / ".join(key)}
    if dropped and strategy == "NON_DESTRUCTIVE":
        text = "Without these options variants would no longer differ."
        code = "CANNOT_USE_NON_DESTRUCTIVE_STRATEGY"
        return refused([user_error(["options"], text, code)], *empty)
    variants.drop(context, dropped)
    product["options"] = [one for one in product["options"] if one["id"] not in gone]
    if not product["options"]:
        only = _option(context, "Title", ["Default Title"], 1)
        product["options"] = [only]
        for row in kept.values():
            row |= {"selectedOptions": [_first(only)], "title": "Default Title"}
    for position, option in enumerate(product["options"], start=1):
        option["position"] = position
    stored = variants.settle(context, product, list(kept.values()))
    return {"deletedOptionsIds": list(gone), "product": stored, "userErrors": []}


def reorder(context: Context, args: dict) -> dict:
    """Put options, and values within them, into the order given; variants follow it."""
    product = variants.own_product(context, args["productId"])
    if not product:
        return refused([_no_product()], "product")
    ordered, errors = _in_order(product["options"], args["options"], ["options"], "OPTION")
    for index, (option, given) in enumerate(zip(ordered, args["options"], strict=False)):
        if given.get("values"):
            place = ["options", str(index), "values"]
            values = option["optionValues"]
            option["optionValues"], found = _in_order(
                values, given["values"], place, "OPTION_VALUE"
            )
            errors += found
    if errors:
        return refused(errors, "product")
    for position, option in enumerate(ordered, start=1):
        option["position"] = position
    ranks = [{v["name"]: n for n, v in enumerate(one["optionValues"])} for one in ordered]
    rows = variants.variants_of(context, product)
    for row in rows:
        chosen = {one["name"]: one for one in row["selectedOptions"]}
        row["selectedOptions"] = [chosen[option["name"]] for option in ordered]
        row["title"] = " / ".join(one["value"] for one in row["selectedOptions"])
    rows.sort(
        key=lambda row: [
            rank[one["value"]] for rank, one in zip(ranks, row["selectedOptions"], strict=True)
        ]
    )
    product["options"] = ordered
    return {"product": variants.settle(context, product, rows), "userErrors": []}


def _in_order(
    known: list[dict], given: list[dict], place: list[str], what: str
) -> tuple[list[dict], list[dict]]:
    """Copies of all that is known in the order given, by ID or by name, and the userErrors."""
    keys = {key for one in given for key in ("id", "name") if one.get(key)}
    if not given or any(not one.get("id") and not one.get("name") for one in given):
        return [], [user_error(place, "An ID or a name is needed.", "NO_KEY_ON_REORDER")]
    if len(keys) > 1:
        text, code = "Use either IDs or names.", "MIXING_ID_AND_NAME_KEYS_IS_NOT_ALLOWED"
        return [], [user_error(place, text, code)]
    [key] = keys
    by_key = {one[key]: one for one in known}
    word = what.replace("_", " ").lower()
    errors = []
    for index, one in enumerate(given):
        if one[key] not in by_key:
            code = f"{what}_{key.upper() + '_' if key == 'id' or what == 'OPTION' else ''}"
            text = f"The {word} does not exist."
            errors.append(user_error([*place, str(index)], text, f"{code}DOES_NOT_EXIST"))
    asked = [one[key] for one in given]
    part = "NAME" if what == "OPTION" else "VALUE"
    if len(set(asked)) < len(asked):
        text = f"The {word} is named twice."
        errors.append(user_error(place, text, f"DUPLICATED_OPTION_{part}"))
    if not set(by_key) <= set(asked):
        text = f"Each {word} must be named."
        errors.append(user_error(place, text, f"MISSING_OPTION_{part}"))
    return ([] if errors else [dict(by_key[one]) for one in asked]), errors


def reorder_media(context: Context, args: dict) -> dict:
    product = variants.own_product(context, args["id"])
    if not product:
        error = user_error(["id"], "Product does not exist", "PRODUCT_DOES_NOT_EXIST")
        return {"job": None, "mediaUserErrors": [error], "userErrors": [error]}
    order = list(product.get("media") or ())
    for index, move in enumerate(args["moves"]):
        if move["id"] not in order:
            place = ["moves", str(index), "id"]
            error = user_error(place, "Media does not exist", "MEDIA_DOES_NOT_EXIST")
            return {"job": None, "mediaUserErrors": [error], "userErrors": [error]}
        order.remove(move["id"])
        order.insert(int(move["newPosition"]), move["id"])
    job = work.begin(context, "Job", partial(_set_media_order, product["id"], order))
    return {"job": job, "mediaUserErrors": [], "userErrors": []}


def _set_media_order(gid: str, order: list[str], context: Context) -> None:
    context.shop.change(gid, {"media": order})


def _option(context: Context, name: str, values: list[str], position: int) -> dict:
    return {
        "__typename": "ProductOption",
        "id": context.shop.new_id("ProductOption"),
        "name": name,
        "position": position,
        "values": values,
        "optionValues": [
            {
                "__typename": "ProductOptionValue",
                "id": context.shop.new_id("ProductOptionValue"),
                "name": value,
                "hasVariants": True,
            }
            for value in values
        ],
    }


def _first(option: dict) -> dict:
    value = option["optionValues"][0]
    return {"name": option["name"], "value": value["name"], "optionValue": value}


def _no_product() -> dict:
    return user_error(["productId"], "Product does not exist", "PRODUCT_DOES_NOT_EXIST")


MUTATIONS = {
    "productOptionsCreate": create,
    "productOptionUpdate": update,
    "productOptionsDelete": delete,
    "productOptionsReorder": reorder,
    "productReorderMedia": reorder_media,
}
