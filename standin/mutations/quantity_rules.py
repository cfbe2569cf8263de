"""Quantity rules of price lists: how many of a variant a company may order."""

from standin.context import Context
from standin.mutations.catalogs import of_type
from standin.mutations.user_errors import refused, user_error


def add(context: Context, args: dict) -> dict:
    record = of_type(context, args["priceListId"], "PriceList")
    if not record:
        text = "Price list does not exist."
        error = user_error(["priceListId"], text, "PRICE_LIST_DOES_NOT_EXIST")
        return refused([error], "quantityRules")
    errors, made = [], []
    for index, given in enumerate(args["quantityRules"]):
        place = ["quantityRules", str(index)]
        if problem := _problem(context, given):
            errors.append(user_error(place, *problem))
        made.append(
            {
                "__typename": "QuantityRule",
                "productVariant": given["variantId"],
                "originType": "FIXED",
                "isDefault": False,
                "minimum": given["minimum"],
                "maximum": given.get("maximum"),
                "increment": given["increment"],
            }
        )
    if errors:
        return refused(errors, "quantityRules")
    new = {rule["productVariant"] for rule in made}
    kept = [rule for rule in record["quantityRules"] if rule["productVariant"] not in new]
    context.shop.put({**record, "quantityRules": [*kept, *made]})
    return {"quantityRules": made, "userErrors": []}


def delete(context: Context, args: dict) -> dict:
    record = of_type(context, args["priceListId"], "PriceList")
    deleted = "deletedQuantityRulesVariantIds"
    if not record:
        text = "Price list does not exist."
        return refused([user_error(["priceListId"], text, "PRICE_LIST_DOES_NOT_EXIST")], deleted)
    known = {rule["productVariant"] for rule in record["quantityRules"]}
    if missing := [gid for gid in args["variantIds"] if gid not in known]:
        text = f"Quantity rule for variant {missing[0]} does not exist."
        error = user_error(["variantIds"], text, "VARIANT_QUANTITY_RULE_DOES_NOT_EXIST")
        return refused([error], deleted)
    gone = set(args["variantIds"])
    kept = [rule for rule in record["quantityRules"] if rule["productVariant"] not in gone]
    context.shop.put({**record, "quantityRules": kept})
    return {deleted: args["variantIds"], "userErrors": []}


def _problem(context: Context, given: dict) -> tuple[str, str] | None:
    low, high, step = given["minimum"], given.get("maximum"), given["increment"]
    if not of_type(context, given["variantId"], "ProductVariant"):
        return "Product variant does not exist.", "PRODUCT_VARIANT_DOES_NOT_EXIST"
    if low < 1 or step < 1:
        return "Value must be greater than or equal to 1.", "GREATER_THAN_OR_EQUAL_TO"
    if step > low:
        return "Increment must be at most the minimum.", "INCREMENT_IS_GREATER_THAN_MINIMUM"
    if low % step:
        return "Minimum must be a multiple of the increment.", "MINIMUM_NOT_MULTIPLE_OF_INCREMENT"
    if high is not None and high % step:
        return "Maximum must be a multiple of the increment.", "MAXIMUM_NOT_MULTIPLE_OF_INCREMENT"
    if high is not None and low > high:
        return "Minimum must be at most the maximum.", "MINIMUM_IS_GREATER_THAN_MAXIMUM"
    return None


MUTATIONS = {"quantityRulesAdd": add, "quantityRulesDelete": delete}
