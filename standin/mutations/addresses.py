"""The addresses of customers: each has its mutations, one of them is the default.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/customerAddressCreate
"""

from standin.context import Context, now
from standin.mutations.customers import find_customer
from standin.mutations.user_errors import refused, user_error
from standin.places import country_name, country_of, province_name, provinces

WRITTEN = (
    *("firstName", "lastName", "company", "address1", "address2", "city", "zip", "phone"),
    *("provinceCode", "countryCode", "province", "country"),
)
MAX_LENGTH = 255


def create(context: Context, args: dict) -> dict:
    customer = find_customer(context, args["customerId"])
    if not customer:
        return refused([user_error(["customerId"], "Customer does not exist")], "address")
    record: dict = {"__typename": "MailingAddress"}
    if errors := _write(context, customer, record, args["address"]):
        return refused(errors, "address")
    number = context.shop.new_id("MailingAddress")
    record["id"] = f"{number}?model_name=CustomerAddress"
    listed = [*customer["addressesV2"], record["id"]]
    default = args.get("setAsDefault") or not customer["defaultAddress"]
    _save(context, customer, listed, record["id"] if default else customer["defaultAddress"])
    return {"address": context.shop.put(record), "userErrors": []}


def update(context: Context, args: dict) -> dict:
    customer = find_customer(context, args["customerId"])
    record = _find_address(context, customer, args["addressId"])
    if not customer or not record:
        return refused([user_error(["addressId"], "Address does not exist")], "address")
    if errors := _write(context, customer, record, args["address"]):
        return refused(errors, "address")
    context.shop.put(record)
    if args.get("setAsDefault"):
        _save(context, customer, customer["addressesV2"], record["id"])
    return {"address": record, "userErrors": []}


def delete(context: Context, args: dict) -> dict:
    customer = find_customer(context, args["customerId"])
    record = _find_address(context, customer, args["addressId"])
    if not customer or not record:
        return refused([user_error(["addressId"], "Address does not exist")], "deletedAddressId")
    left = [gid for gid in customer["addressesV2"] if gid != record["id"]]
    default = customer["defaultAddress"]
    if default == record["id"]:
        default = left[0] if left else None
    context.shop.delete(record["id"])
    _save(context, customer, left, default)
    return {"deletedAddressId": record["id"], "userErrors": []}


def make_default(context: Context, args: dict) -> dict:
    customer = find_customer(context, args["customerId"])
    record = _find_address(context, customer, args["addressId"])
    if not customer or not record:
        return refused([user_error(["addressId"], "Address does not exist")], "customer")
    _save(context, customer, customer["addressesV2"], record["id"])
    return {"customer": customer["id"], "userErrors": []}


def _find_address(context: Context, customer: dict | None, gid: str) -> dict | None:
    """The customer's address with this id, to be changed."""
    if not customer or gid not in customer["addressesV2"]:
        return None
    return dict(context.existing(gid))


def _save(context: Context, customer: dict, listed: list[str], default: str | None) -> None:
    lists = {"addresses": listed, "addressesV2": listed, "defaultAddress": default}
    context.shop.put({**customer, **lists, "updatedAt": now()})
    context.forget()


def _write(context: Context, customer: dict, record: dict, given: dict) -> list[dict]:
    """The whole address; codes count before names."""
    wanted = {name: (given.get(name) or "").strip() or None for name in WRITTEN}
    errors = [
        user_error([name], f"{name} is too long (maximum is {MAX_LENGTH} characters)")
        for name, value in wanted.items()
        if len(value or "") > MAX_LENGTH
    ]
    code = wanted.pop("countryCode")
    name = wanted.pop("country")
    code, found = (code, country_name(code)) if code else country_of(name)
    if name and not found:
        errors.append(user_error(["country"], "Country is not valid"))
    province, its_name = wanted.pop("provinceCode"), wanted.pop("province")
    if province is None and its_name:
        province = next((c for c, n in provinces(code).items() if n == its_name), its_name)
    if province and provinces(code) and province not in provinces(code):
        errors.append(user_error(["provinceCode"], f"Province is not valid in {found}"))
    names = (wanted["firstName"], wanted["lastName"])
    record |= wanted | {
        "name": " ".join(filter(None, names)) or None,
        "country": found,
        "countryCodeV2": code,
        "province": province_name(code, province),
        "provinceCode": province,
        "coordinatesValidated": False,
    }
    record["formatted"] = [
        line for line in (record["name"], record["address1"], record["city"], found) if line
    ]
    record["formattedArea"] = ", ".join(filter(None, (record["city"], found)))
    alike = (
        *("address1", "address2", "city", "zip", "countryCodeV2", "provinceCode", "company"),
        *("firstName", "lastName", "phone"),
    )
    for gid in customer["addressesV2"]:
        other = context.existing(gid)
        if gid != record.get("id") and all(other.get(n) == record.get(n) for n in alike):
            errors.append(user_error(["address"], "Address already exists"))
            break
    return errors


MUTATIONS = {
    "customerAddressCreate": create,
    "customerAddressUpdate": update,
    "customerAddressDelete": delete,
    "customerUpdateDefaultAddress": make_default,
}
