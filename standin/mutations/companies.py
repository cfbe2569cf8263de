"""Companies, their locations, contacts and roles.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/companyCreate
"""

from standin.context import Context, now
from standin.mutations import customers
from standin.mutations.customers import EMAIL
from standin.mutations.user_errors import refused, user_error
from standin.payment_terms import TEMPLATES
from standin.places import country_name, province_name
from standin.seeds.base import CURRENCY, money

MAX_NAME, MAX_EXTERNAL = 255, 255
ROLES = ("Location admin", "Ordering only")
ADDRESS = (
    *("firstName", "lastName", "recipient", "phone", "address1", "address2", "zip", "city"),
    *("zoneCode", "countryCode"),
)
MISSING = "RESOURCE_NOT_FOUND"


# ---------------------------------------------------------------------------- companies


def create(context: Context, args: dict) -> dict:
    given = args["input"]
    record: dict = {
        "__typename": "Company",
        "note": None,
        "externalId": None,
        "lifetimeDuration": "less than a minute",
        "ordersCount": 0,
        "customerSince": now(),
        "locations": [],
        "contacts": [],
        "mainContact": None,
        "totalSpent": money(0),
        "metafields": [],
        "createdAt": now(),
    }
    errors = _write(context, record, given["company"])
    place = given.get("companyLocation")
    location, wrong = _location(context, place or {"name": record["name"]})
    errors += [{**one, "field": ["input", "companyLocation", *one["field"]]} for one in wrong]
    if errors:
        return refused(errors, "company")
    shop = context.shop
    record["id"] = location["company"] = shop.new_id("Company")
    roles = [
        {"__typename": "CompanyContactRole", "id": gid, "name": name}
        for gid, name in zip(shop.new_ids("CompanyContactRole", 2), ROLES, strict=True)
    ]
    record["contactRoles"] = [role["id"] for role in roles]
    record["defaultRole"] = roles[1]["id"]
    location["id"] = shop.new_id("CompanyLocation")
    record["locations"] = [location["id"]]
    shop.put_many([*roles, location, record])
    context.forget()
    if contact := given.get("companyContact"):
        made = new_contact(context, {"companyId": record["id"], "input": contact})
        if made["userErrors"]:
            return refused(made["userErrors"], "company")
    return {"company": record["id"], "userErrors": []}


def update(context: Context, args: dict) -> dict:
    record = _find(context, args["companyId"], "Company")
    if not record:
        return refused([_missing("companyId", "company")], "company")
    if not args["input"]:
        return refused([user_error(["input"], "No input provided", "NO_INPUT")], "company")
    if errors := _write(context, record, args["input"]):
        return refused(errors, "company")
    return {"company": context.shop.put(record), "userErrors": []}


def delete(context: Context, args: dict) -> dict:
    record = _find(context, args["id"], "Company")
    if not record:
        return refused([_missing("id", "company")], "deletedCompanyId")
    if record.get("ordersCount"):
        text = "The company cannot be deleted because it has orders."
        return refused([user_error(["id"], text, "FAILED_TO_DELETE")], "deletedCompanyId")
    for gid in record["locations"]:
        _drop_location(context, context.existing(gid))
    for gid in (*record["contacts"], *record["contactRoles"], record["id"]):
        context.shop.delete(gid)
    return {"deletedCompanyId": record["id"], "userErrors": []}


def _write(context: Context, record: dict, given: dict) -> list[dict]:
    errors = []
    for name in ("name", "externalId", "note", "customerSince"):
        if name in given:
            record[name] = given[name]
    record.setdefault("name", None)
    if not (record["name"] or "").strip():
        errors.append(user_error(["input", "name"], "Name can't be blank", "BLANK"))
    elif len(record["name"]) > MAX_NAME:
        errors.append(user_error(["input", "name"], "Name is too long", "TOO_LONG"))
    others = [one for one in context.shop.iterate("Company") if one["id"] != record.get("id")]
    for name, word in (("name", "Name"), ("externalId", "External ID")):
        if record[name] and any(one.get(name) == record[name] for one in others):
            text = f"{word} has already been taken"
            errors.append(user_error(["input", name], text, "TAKEN"))
    if any(sign.isspace() for sign in record["externalId"] or ""):
        text = "External ID can't have spaces"
        errors.append(user_error(["input", "externalId"], text, "INVALID"))
    record["updatedAt"] = now()
    return errors


# ---------------------------------------------------------------------------- locations


def new_location(context: Context, args: dict) -> dict:
    company = _find(context, args["companyId"], "Company")
    if not company:
        return refused([_missing("companyId", "company")], "companyLocation")
    location, errors = _location(context, args["input"])
    if errors:
        return refused(errors, "companyLocation")
    location |= {"id": context.shop.new_id("CompanyLocation"), "company": company["id"]}
    company["locations"] = [*company["locations"], location["id"]]
    company.pop("locationsCount", None)
    context.shop.put_many([location, company])
    context.forget()
    return {"companyLocation": location["id"], "userErrors": []}


def change_location(context: Context, args: dict) -> dict:
    location = _find(context, args["companyLocationId"], "CompanyLocation")
    if not location:
        return refused([_missing("companyLocationId", "location")], "companyLocation")
    if errors := _write_location(context, location, args["input"]):
        return refused(errors, "companyLocation")
    return {"companyLocation": context.shop.put(location), "userErrors": []}


def drop_location(context: Context, args: dict) -> dict:
    location = _find(context, args["companyLocationId"], "CompanyLocation")
    empty = "deletedCompanyLocationId"
    if not location:
        return refused([_missing("companyLocationId", "location")], empty)
    company = dict(context.existing(location["company"]))
    if len(company["locations"]) == 1:
        text = "A company must have at least one location."
        return refused([user_error(["companyLocationId"], text, "FAILED_TO_DELETE")], empty)
    company["locations"] = [gid for gid in company["locations"] if gid != location["id"]]
    company.pop("locationsCount", None)
    context.shop.put(company)
    _drop_location(context, location)
    context.forget()
    return {empty: location["id"], "userErrors": []}


def _drop_location(context: Context, location: dict) -> None:
    for gid in (*location["roleAssignments"], *location.get("storeCreditAccounts", ())):
        context.shop.delete(gid)
    for catalog in context.shop.iterate("CompanyLocationCatalog"):
        if location["id"] in catalog["companyLocations"]:
            left = [gid for gid in catalog["companyLocations"] if gid != location["id"]]
            context.shop.put({**catalog, "companyLocations": left})
    context.shop.delete(location["id"])


def _location(context: Context, given: dict) -> tuple[dict, list[dict]]:
    location: dict = {
        "__typename": "CompanyLocation",
        "name": None,
        "externalId": None,
        "phone": None,
        "locale": "en",
        "note": None,
        "currency": CURRENCY,
        "shippingAddress": None,
        "billingAddress": None,
        "buyerExperienceConfiguration": {
            "checkoutToDraft": False,
            "editableShippingAddress": False,
            "paymentTermsTemplate": None,
            "deposit": None,
        },
        "taxSettings": {"taxExempt": False, "taxExemptions": [], "taxRegistrationId": None},
        "totalSpent": money(0),
        "catalogs": [],
        "roleAssignments": [],
        "storeCreditAccounts": [],
        "createdAt": now(),
    }
    errors = _write_location(context, location, given)
    location["taxSettings"] |= {
        name: given[name]
        for name in ("taxExempt", "taxExemptions", "taxRegistrationId")
        if given.get(name) is not None
    }
    for name in ("shippingAddress", "billingAddress"):
        if given.get(name):
            location[name] = _address(context, given[name])
    if given.get("billingSameAsShipping"):
        location["billingAddress"] = location["shippingAddress"]
    return location, errors


def _write_location(context: Context, location: dict, given: dict) -> list[dict]:
    errors = []
    location |= {
        name: given[name]
        for name in ("name", "externalId", "phone", "note", "locale")
        if name in given
    }
    if not (location["name"] or "").strip():
        errors.append(user_error(["input", "name"], "Name can't be blank", "BLANK"))
    if location["externalId"] and any(
        one.get("externalId") == location["externalId"] and one["id"] != location.get("id")
        for one in context.shop.iterate("CompanyLocation")
    ):
        text = "External ID has already been taken"
        errors.append(user_error(["input", "externalId"], text, "TAKEN"))
    if buyer := given.get("buyerExperienceConfiguration"):
        made, wrong = _buyer(location["buyerExperienceConfiguration"], buyer)
        location["buyerExperienceConfiguration"] = made
        errors += wrong
    location["updatedAt"] = now()
    return errors


def _buyer(old: dict, given: dict) -> tuple[dict, list[dict]]:
    """How contacts buy; what is not given is as it was."""
    made, errors = dict(old), []
    place = ["input", "buyerExperienceConfiguration"]
    for name in ("checkoutToDraft", "editableShippingAddress"):
        if given.get(name) is not None:
            made[name] = given[name]
    if "paymentTermsTemplateId" in given:
        gid = given["paymentTermsTemplateId"]
        made["paymentTermsTemplate"] = next((t for t in TEMPLATES if t["id"] == gid), None)
        if gid and not made["paymentTermsTemplate"]:
            text = "Payment terms template does not exist."
            errors.append(user_error([*place, "paymentTermsTemplateId"], text, MISSING))
    if "deposit" in given:
        share = given["deposit"] and given["deposit"]["percentage"]
        made["deposit"] = share and {"__typename": "DepositPercentage", "percentage": share}
        if share is not None and not 0 < share < 100:
            text = "Deposit must be between 0 and 100."
            errors.append(user_error([*place, "deposit"], text, "INVALID"))
    if made["deposit"] and not made["paymentTermsTemplate"]:
        text = "A deposit needs payment terms."
        errors.append(user_error([*place, "deposit"], text, "INVALID"))
    return made, errors


def _address(context: Context, given: dict) -> dict:
    address = {name: given.get(name) for name in ADDRESS}
    code = address["countryCode"]
    country = country_name(code)
    return {
        "__typename": "CompanyAddress",
        "id": context.shop.new_id("CompanyAddress"),
        **address,
        "country": country,
        "province": province_name(code, address["zoneCode"]),
        "formattedAddress": [line for line in (address["address1"], address["city"]) if line],
        "createdAt": now(),
        "updatedAt": now(),
    }


def assign_address(context: Context, args: dict) -> dict:
    location = _find(context, args["locationId"], "CompanyLocation")
    if not location:
        return refused([_missing("locationId", "location")], "addresses")
    address = _address(context, args["address"])
    for name in args["addressTypes"]:
        location[f"{name.lower()}Address"] = address
    context.shop.put({**location, "updatedAt": now()})
    return {"addresses": [address], "userErrors": []}


def change_tax(context: Context, args: dict) -> dict:
    location = _find(context, args["companyLocationId"], "CompanyLocation")
    if not location:
        return refused([_missing("companyLocationId", "location")], "companyLocation")
    tax = dict(location["taxSettings"])
    tax |= {name: args[name] for name in ("taxExempt", "taxRegistrationId") if name in args}
    gone = args.get("exemptionsToRemove") or ()
    kept = [one for one in tax["taxExemptions"] if one not in gone]
    tax["taxExemptions"] = list(dict.fromkeys([*kept, *(args.get("exemptionsToAssign") or ())]))
    location |= {"taxSettings": tax, "updatedAt": now()}
    return {"companyLocation": context.shop.put(location), "userErrors": []}


# ---------------------------------------------------------------------------- contacts


def assign_contact(context: Context, args: dict) -> dict:
    company = _find(context, args["companyId"], "Company")
    customer = _find(context, args["customerId"], "Customer")
    if not company or not customer:
        name = "customerId" if company else "companyId"
        return refused([_missing(name, name.removesuffix("Id"))], "companyContact")
    if _contact_of(context, customer["id"]):
        text = "Customer is already associated with a company contact."
        return refused([user_error(["customerId"], text, "INVALID_INPUT")], "companyContact")
    if not customer["email"]:
        text = "Customer must have an email address."
        return refused([user_error(["customerId"], text, "INVALID_INPUT")], "companyContact")
    return {"companyContact": _join(context, company, customer, {}), "userErrors": []}


def new_contact(context: Context, args: dict) -> dict:
    """A contact with a customer of its own."""
    company, given = _find(context, args["companyId"], "Company"), args["input"]
    if not company:
        return refused([_missing("companyId", "company")], "companyContact")
    email = (given.get("email") or "").lower()
    if not EMAIL.fullmatch(email):
        text = "Email address is invalid"
        return refused([user_error(["input", "email"], text, "INVALID")], "companyContact")
    named = {name: given[name] for name in ("firstName", "lastName", "phone") if name in given}
    made = customers.create(context, {"input": {"email": email, **named}})
    if made["userErrors"]:
        errors = [user_error(["input"], made["userErrors"][0]["message"], "TAKEN")]
        return refused(errors, "companyContact")
    return {"companyContact": _join(context, company, made["customer"], given), "userErrors": []}


def _join(context: Context, company: dict, customer: dict, given: dict) -> dict:
    contact = {
        "__typename": "CompanyContact",
        "id": context.shop.new_id("CompanyContact"),
        "company": company["id"],
        "customer": customer["id"],
        "isMainContact": False,
        "title": given.get("title"),
        "locale": given.get("locale") or "en",
        "roleAssignments": [],
        "createdAt": now(),
        "updatedAt": now(),
    }
    listed = [*company["contacts"], contact["id"]]
    context.shop.put_many([contact, {**company, "contacts": listed, "contactsCount": len(listed)}])
    context.forget()
    return contact


def _contact_of(context: Context, customer: str) -> dict | None:
    found = context.shop.iterate("CompanyContact")
    return next((one for one in found if one["customer"] == customer), None)


def drop_contact(context: Context, args: dict) -> dict:
    contact = _find(context, args["companyContactId"], "CompanyContact")
    if not contact:
        return refused([_missing("companyContactId", "contact")], "removedCompanyContactId")
    for gid in contact["roleAssignments"]:
        _revoke(context, context.existing(gid))
    company = dict(context.existing(contact["company"]))
    listed = [gid for gid in company["contacts"] if gid != contact["id"]]
    main = company["mainContact"]
    company |= {"contacts": listed, "contactsCount": len(listed)}
    company["mainContact"] = None if main == contact["id"] else main
    context.shop.put(company)
    context.shop.delete(contact["id"])
    context.forget()
    return {"removedCompanyContactId": contact["id"], "userErrors": []}


def assign_main(context: Context, args: dict) -> dict:
    company = _find(context, args["companyId"], "Company")
    if not company or args["companyContactId"] not in company["contacts"]:
        name = "companyContactId" if company else "companyId"
        return refused([_missing(name, name.removesuffix("Id"))], "company")
    company["mainContact"] = args["companyContactId"]
    return {"company": context.shop.put(company), "userErrors": []}


def revoke_main(context: Context, args: dict) -> dict:
    company = _find(context, args["companyId"], "Company")
    if not company:
        return refused([_missing("companyId", "company")], "company")
    company["mainContact"] = None
    return {"company": context.shop.put(company), "userErrors": []}


# ---------------------------------------------------------------------------- roles


def assign_roles(context: Context, args: dict) -> dict:
    location = _find(context, args["companyLocationId"], "CompanyLocation")
    if not location:
        return refused([_missing("companyLocationId", "location")], "roleAssignments")
    company = context.existing(location["company"])
    made, errors = [], []
    there = [context.existing(gid)["companyContact"] for gid in location["roleAssignments"]]
    for index, given in enumerate(args["rolesToAssign"]):
        contact, role = given["companyContactId"], given["companyContactRoleId"]
        place = ["rolesToAssign", str(index)]
        if contact not in company["contacts"] or role not in company["contactRoles"]:
            errors.append(user_error(place, "The contact or role does not exist.", MISSING))
        elif contact in there:
            text = "The contact already has a role at this location."
            errors.append(user_error(place, text, "TAKEN"))
        made.append(
            {
                "__typename": "CompanyContactRoleAssignment",
                "id": context.shop.new_id("CompanyContactRoleAssignment"),
                "company": company["id"],
                "companyContact": contact,
                "companyLocation": location["id"],
                "role": role,
                "createdAt": now(),
                "updatedAt": now(),
            }
        )
    if errors:
        return refused(errors, "roleAssignments")
    ids = [one["id"] for one in made]
    context.shop.put_many(made)
    context.shop.put({**location, "roleAssignments": [*location["roleAssignments"], *ids]})
    for one in made:
        contact = context.shop.existing(one["companyContact"])
        context.shop.put({**contact, "roleAssignments": [*contact["roleAssignments"], one["id"]]})
    context.forget()
    return {"roleAssignments": ids, "userErrors": []}


def revoke_roles(context: Context, args: dict) -> dict:
    location = _find(context, args["companyLocationId"], "CompanyLocation")
    if not location:
        return refused([_missing("companyLocationId", "location")], "revokedRoleAssignmentIds")
    unknown = [gid for gid in args["rolesToRevoke"] if gid not in location["roleAssignments"]]
    if unknown:
        error = user_error(["rolesToRevoke"], "The role assignment does not exist.", MISSING)
        return refused([error], "revokedRoleAssignmentIds")
    for gid in args["rolesToRevoke"]:
        _revoke(context, context.existing(gid))
    context.forget()
    return {"revokedRoleAssignmentIds": args["rolesToRevoke"], "userErrors": []}


def _revoke(context: Context, assignment: dict) -> None:
    for name in ("companyLocation", "companyContact"):
        holder = context.shop.existing(assignment[name])
        left = [gid for gid in holder["roleAssignments"] if gid != assignment["id"]]
        context.shop.put({**holder, "roleAssignments": left})
    context.shop.delete(assignment["id"])


def _find(context: Context, gid: str, typename: str) -> dict | None:
    record = context.record(gid)
    return dict(record) if record and record["__typename"] == typename else None


def _missing(field: str, word: str) -> dict:
    return user_error([field], f"The {word} does not exist.", MISSING)


MUTATIONS = {
    "companyCreate": create,
    "companyUpdate": update,
    "companyDelete": delete,
    "companyLocationCreate": new_location,
    "companyLocationUpdate": change_location,
    "companyLocationDelete": drop_location,
    "companyLocationAssignAddress": assign_address,
    "companyLocationTaxSettingsUpdate": change_tax,
    "companyAssignCustomerAsContact": assign_contact,
    "companyContactCreate": new_contact,
    "companyContactRemoveFromCompany": drop_contact,
    "companyAssignMainContact": assign_main,
    "companyRevokeMainContact": revoke_main,
    "companyLocationAssignRoles": assign_roles,
    "companyLocationRevokeRoles": revoke_roles,
}
