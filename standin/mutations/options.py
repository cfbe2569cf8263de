"""productOptionsCreate, productOptionUpdate and productReorderMedia."""

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
    "productReorderMedia": reorder_media,
}
