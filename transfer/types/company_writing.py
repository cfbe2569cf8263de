"""How companies are written: the company, then its locations, contacts, roles, main contact,
catalogs and store credit, in the order in which each needs those before it.

A company is created with its first location, for Shopify makes one of its own where it is given
none. A contact is a customer who is there, or is made with the contact. Shopify has no mutation
that sends a contact the mail about access, and none is sent.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from transfer.types import metafields
from transfer.types.base import Item
from transfer.types.catalog_writing import CONTEXT
from transfer.types.customer_writing import parse_email
from transfer.types.forms import (
    BadCell,
    Form,
    counted,
    form,
    names_cell,
    number_of,
    parse_decimal,
    parse_id,
    parse_list,
    parse_names,
)
from transfer.types.shop_facts import ShopFacts
from transfer.types.store_credit import Adjustment, adjustments, mutations
from transfer.types.writing import (
    WITH_CODE,
    Input,
    Json,
    Key,
    Members,
    MemberValues,
    Mutation,
    Parts,
    Reference,
    Step,
    Trace,
    Value,
    Writing,
    new_member,
    of_object,
)

Calls = Iterator[tuple[Mutation, Input]]
BUYER = "buyerExperienceConfiguration"
OWN = ("name", "externalId", "phone", "note", "locale")
"""What companyLocationUpdate takes of a location, beside how its contacts buy."""
TAX = ("taxRegistrationId", "taxExempt", "taxExemptions")
ADDRESSES = {"shippingAddress": "SHIPPING", "billingAddress": "BILLING"}
ADDRESS_FIELDS = (
    *("firstName", "lastName", "recipient", "phone", "address1", "address2", "zip", "city"),
    *("zoneCode", "countryCode"),
)
ROLES = ("Location admin", "Ordering only")


# ---------------------------------------------------------------------------- cells


def _customer_id(cell: str) -> Reference:
    return Reference("Customer", parse_id(cell, ("Customer",)), optional=True)


def _customer_email(cell: str) -> Value:
    email = parse_email(cell)
    return {"email": email, "id": Reference("Customer", email, optional=True)}


def _shown_id(value: str | Reference) -> str:
    return number_of(value.name if isinstance(value, Reference) else value)


def _shown(value: str | Reference | dict[str, str]) -> str:
    if isinstance(value, dict):
        return value["email"]
    return value.name if isinstance(value, Reference) else value


def _titles(value: list[Item] | list[Reference]) -> str:
    return names_cell([o.name if isinstance(o, Reference) else o["title"] for o in value])


def _catalogs(cell: str, facts: ShopFacts) -> list[Reference]:
    """Titles between commas; a title of the store may have commas in it."""
    if cell.strip().startswith("["):
        return [Reference("Catalog", title) for title in parse_names(cell)]
    known = {catalog.name.casefold() for catalog in facts.catalogs}
    parts, titles = parse_list(cell), []
    while parts:
        lengths = range(len(parts), 0, -1)
        fits = (n for n in lengths if ", ".join(parts[:n]).casefold() in known)
        length = next(fits, 1)
        titles.append(", ".join(parts[:length]))
        parts = parts[length:]
    return [Reference("Catalog", title) for title in titles]


def _in_any_order(text: str) -> str:
    return names_cell(sorted(parse_names(text)))


def _deposit(cell: str) -> float:
    percentage = float(parse_decimal(cell))
    if not 1 <= percentage <= 99:
        raise BadCell("A deposit is a percentage from 1 to 99.")
    return percentage


def _role(cell: str) -> str:
    word = " ".join(cell.split())
    return next((role for role in ROLES if role.lower() == word.lower()), word)


CUSTOMER_ID = Form(
    lambda facts: _shown_id, parse=lambda cell, facts: _customer_id(cell), typenames=("Customer",)
)
CUSTOMER_EMAIL = form(_shown, parse=_customer_email, canonical=str.lower)
CATALOGS = Form(lambda facts: _titles, parse=_catalogs, canonical=_in_any_order)
TERMS = form(
    _shown,
    parse=lambda cell: Reference("PaymentTermsTemplate", cell.strip()),
    canonical=str.lower,
)
DEPOSIT = form(lambda value: f"{value:g}", "number", parse=_deposit)
ROLE = form(str, parse=_role)


# ---------------------------------------------------------------------------- mutations


def _listed(name: str) -> Callable[[Item], list[Item]]:
    """The members of a list of the object."""
    return lambda item: item.get(name) or []


def _assignments(company: Item) -> list[Item]:
    """Who has which role where."""
    return [
        {**one, "location": location["id"]}
        for location in company.get("locations") or ()
        for one in location.get("roleAssignments") or ()
    ]


def _by_person(company: Item) -> dict[str, Item]:
    """Each assignment by the key of the person in the rows."""
    return {f"{a['location']} {a['companyContact']['id']}": a for a in _assignments(company)}


def _input(variables: Input, name: str = "input") -> dict[str, Any]:
    value = variables.get(name)
    return value if isinstance(value, dict) else {}


def _same_assignment(one: Item, variables: Input) -> bool:
    given: Any = variables["rolesToAssign"]
    contact = given[0]["companyContactId"]
    there = one["location"] == variables["companyLocationId"]
    return bool(there and one["companyContact"]["id"] == contact)


CREATE = Mutation(
    "companyCreate",
    ("input: CompanyCreateInput!",),
    input="input",
    saved="company",
    errors=WITH_CODE,
)
UPDATE = Mutation(
    "companyUpdate",
    ("companyId: ID!", "input: CompanyInput!"),
    input="input",
    target="companyId",
    saved="company",
    errors=WITH_CODE,
)
DELETE = Mutation("companyDelete", ("id: ID!",), target="id", errors=WITH_CODE)
NEW_LOCATION = Mutation(
    "companyLocationCreate",
    ("companyId: ID!", "input: CompanyLocationInput!"),
    input="input",
    target="companyId",
    errors=WITH_CODE,
    done=Trace(_listed("locations"), lambda one, sent: one["name"] == _input(sent).get("name")),
)
LOCATION = Mutation(
    "companyLocationUpdate",
    ("companyLocationId: ID!", "input: CompanyLocationUpdateInput!"),
    input="input",
    target="companyLocationId",
    errors=WITH_CODE,
)
ASSIGN_ADDRESS = Mutation(
    "companyLocationAssignAddress",
    (
        "locationId: ID!",
        "address: CompanyAddressInput!",
        "addressTypes: [CompanyAddressType!]!",
    ),
    target="locationId",
    errors=WITH_CODE,
)
TAX_SETTINGS = Mutation(
    "companyLocationTaxSettingsUpdate",
    (
        "companyLocationId: ID!",
        "taxRegistrationId: String",
        "taxExempt: Boolean",
        "exemptionsToAssign: [TaxExemption!]",
        "exemptionsToRemove: [TaxExemption!]",
    ),
    target="companyLocationId",
    errors=WITH_CODE,
)
NO_LOCATION = Mutation(
    "companyLocationDelete",
    ("companyLocationId: ID!",),
    target="companyLocationId",
    errors=WITH_CODE,
)
ASSIGN_CONTACT = Mutation(
    "companyAssignCustomerAsContact",
    ("companyId: ID!", "customerId: ID!"),
    target="companyId",
    errors=WITH_CODE,
    done=Trace(
        _listed("contacts"), lambda one, sent: one["customer"]["id"] == sent.get("customerId")
    ),
)
NEW_CONTACT = Mutation(
    "companyContactCreate",
    ("companyId: ID!", "input: CompanyContactInput!"),
    input="input",
    target="companyId",
    errors=WITH_CODE,
    done=Trace(
        _listed("contacts"),
        lambda one, sent: one["customer"].get("email") == _input(sent).get("email"),
    ),
)
NO_CONTACT = Mutation(
    "companyContactRemoveFromCompany",
    ("companyContactId: ID!",),
    target="companyContactId",
    errors=WITH_CODE,
)
MAIN_CONTACT = Mutation(
    "companyAssignMainContact",
    ("companyId: ID!", "companyContactId: ID!"),
    target="companyId",
    errors=WITH_CODE,
)
NO_MAIN_CONTACT = Mutation(
    "companyRevokeMainContact", ("companyId: ID!",), target="companyId", errors=WITH_CODE
)
ROLE_AT = Mutation(
    "companyLocationAssignRoles",
    ("companyLocationId: ID!", "rolesToAssign: [CompanyLocationRoleAssign!]!"),
    target="companyLocationId",
    errors=WITH_CODE,
    done=Trace(_assignments, _same_assignment),
)
NO_ROLE_AT = Mutation(
    "companyLocationRevokeRoles",
    ("companyLocationId: ID!", "rolesToRevoke: [ID!]!"),
    target="companyLocationId",
    errors=WITH_CODE,
)


def _transactions(company: Item) -> list[Item]:
    return [
        transaction | {"owner": location["id"]}
        for location in company.get("credited") or ()
        for account in location.get("storeCreditAccounts") or ()
        for transaction in account.get("transactions") or ()
    ]


CREDIT, DEBIT = mutations(_transactions)


# ---------------------------------------------------------------------------- the company


def complete(made: Input, parts: Parts) -> Input:
    """A new company's input, with its first location."""
    if not parts.new:
        return made
    created: Input = {"company": made}
    if new := parts.created("location"):
        created["companyLocation"] = _new_location(new[0])
    return created


def _undeletable(company: Item) -> str:
    count = int((company.get("ordersCount") or {}).get("count") or 0)
    if not count:
        return ""
    return f"Shopify deletes no company that has orders; this one has {counted(count, 'order')}."


# ---------------------------------------------------------------------------- locations


def _new_location(location: MemberValues) -> Input:
    """A location's whole input. Its billing address is that for shipping where none is given."""
    given = {path: value for path, value in location.all.items() if value is not None}
    made: Input = {name: given[name] for name in (*OWN, *TAX) if name in given}
    if buyer := _buyer(given, {}):
        made[BUYER] = buyer
    for name in ADDRESSES:
        if address := _below(given, name):
            made[name] = address
    if (
        "shippingAddress" in made
        and made.get("billingAddress", made["shippingAddress"]) == (made["shippingAddress"])
    ):
        made.pop("billingAddress", None)
        made["billingSameAsShipping"] = True
    return made


def _below(values: Mapping[str, Json], name: str) -> Input:
    start = f"{name}."
    return {p.removeprefix(start): value for p, value in values.items() if p.startswith(start)}


def _buyer(values: Mapping[str, Json], stored: Mapping[str, Any]) -> Input:
    """How contacts buy at a location: all of it, for what is left out might be reset."""
    given = _below(values, BUYER)
    terms, pay_now = given.get("paymentTermsTemplateId"), values.get("=pay_now")
    if terms and pay_now:
        raise BadCell(
            "Location: Checkout Pay Now Only: it is true, but there are Checkout Payment Terms."
        )
    if pay_now:
        given["paymentTermsTemplateId"] = None
    elif pay_now is False and not (terms or stored.get("paymentTermsTemplate")):
        raise BadCell(
            "Location: Checkout Pay Now Only: it is false, so give Checkout Payment Terms."
        )
    if not given:
        return {}
    deposit = given.pop("deposit.percentage", (stored.get("deposit") or {}).get("percentage"))
    there: Input = {
        name: stored[name]
        for name in ("checkoutToDraft", "editableShippingAddress")
        if stored.get(name) is not None
    }
    if template := stored.get("paymentTermsTemplate"):
        there["paymentTermsTemplateId"] = template["id"]
    made = there | given
    if deposit is not None:
        made["deposit"] = {"percentage": deposit}
    elif stored.get("deposit"):
        made["deposit"] = None
    return made


def _locations(parts: Parts) -> Calls:
    stored = {one["id"]: one for one in parts.item.get("locations") or ()}
    new = parts.created("location")
    for one in new if parts.item else new[1:]:
        yield NEW_LOCATION, NEW_LOCATION.variables(parts.target, _new_location(one))
    for one in parts.members.get("location", ()):
        if one.action == "update" and one.ref:
            yield from _changed_location(one.ref, one.written, stored.get(one.ref, {}))


def _changed_location(gid: str, written: Mapping[str, Json], stored: Mapping[str, Any]) -> Calls:
    made: Input = {name: written[name] for name in OWN if name in written}
    if buyer := _buyer(written, stored.get(BUYER) or {}):
        made[BUYER] = buyer
    if made:
        yield LOCATION, LOCATION.variables(gid, made)
    for name, type in ADDRESSES.items():
        if changed := _below(written, name):
            there = stored.get(name) or {}
            whole = {field: there.get(field) for field in ADDRESS_FIELDS} | changed
            address: Json = {field: value for field, value in whole.items() if value is not None}
            yield (
                ASSIGN_ADDRESS,
                ASSIGN_ADDRESS.variables(gid, {"address": address, "addressTypes": [type]}),
            )
    if tax := {name: written[name] for name in TAX if name in written}:
        yield TAX_SETTINGS, TAX_SETTINGS.variables(gid, _tax(tax, stored.get("taxSettings") or {}))


def _tax(given: Input, stored: Mapping[str, Any]) -> Input:
    if "taxExemptions" not in given:
        return given
    wanted, there = given.pop("taxExemptions") or [], stored.get("taxExemptions") or []
    now = wanted if isinstance(wanted, list) else []
    return {
        **given,
        "exemptionsToAssign": [one for one in now if one not in there],
        "exemptionsToRemove": [one for one in there if one not in now],
    }


def _gone_locations(parts: Parts) -> Calls:
    for one in parts.members.get("location", ()):
        if one.action == "delete" and one.ref:
            yield NO_LOCATION, NO_LOCATION.variables(one.ref)


def _places(parts: Parts) -> Callable[[MemberValues], str]:
    """A function from a row to the id of the location that it is about; empty where it names
    none."""
    there = parts.item.get("locations") or ()
    ways = (("=at_external", "externalId"), ("=at_name", "name"))
    ids = {one["id"] for one in there}
    named: dict[tuple[str, str], str] = {}
    for _, field in ways:
        known = [(one[field], str(one["id"])) for one in there]
        new = enumerate(parts.created("location"))
        known += [(one.all.get(field), new_member("locations", place)) for place, one in new]
        for name, found in known:
            if name is not None:
                named.setdefault((field, str(name)), found)

    def place_of(row: MemberValues) -> str:
        if (gid := row.all.get("=at_id")) in ids:
            return str(gid)
        given = ((field, row.all.get(path)) for path, field in ways)
        return next((named[one] for one in given if one in named), "")

    return place_of


# ---------------------------------------------------------------------------- contacts


def _email(person: MemberValues) -> str:
    return _named(person.all.get("=customer"), "email")


def _customer(person: MemberValues) -> str:
    """The id of the customer who is a contact; empty where the store has none."""
    return str(person.all.get("=customer_id") or "") or _named(person.all.get("=customer"), "id")


def _named(customer: Json, part: str) -> str:
    return str(customer.get(part) or "") if isinstance(customer, dict) else ""


def _contact(parts: Parts, person: MemberValues) -> str:
    """The id of a contact, or what stands for it until the customer is one."""
    wanted = _customer(person)
    for one in parts.item.get("contacts") or ():
        if one["customer"]["id"] == wanted or one["customer"].get("email") == _email(person):
            return str(one["id"])
    if email := _email(person):
        return of_object(f"contacts?customer.email={email}")
    return of_object(f"contacts?customer.id={wanted}")


def _contacts(parts: Parts) -> Calls:
    """Customers who become contacts: once, at however many locations."""
    there = {one["customer"]["id"] for one in parts.item.get("contacts") or ()}
    emails = {one["customer"].get("email") for one in parts.item.get("contacts") or ()}
    people = parts.created("customer")
    for person in people:
        wanted, email = _customer(person), _email(person)
        if wanted in there or (email and email in emails):
            continue
        if wanted:
            there.add(wanted)
            emails |= {email} - {""}
            yield ASSIGN_CONTACT, ASSIGN_CONTACT.variables(parts.target, {"customerId": wanted})
            continue
        if not email:
            raise BadCell("Customer: ID: the store has no such customer; give a Customer: Email.")
        emails.add(email)
        names = {"firstName": person.all.get("=first"), "lastName": person.all.get("=last")}
        made: Input = {"email": email}
        made |= {name: value for name, value in names.items() if value is not None}
        yield NEW_CONTACT, NEW_CONTACT.variables(parts.target, made)


def _role_id(parts: Parts, name: Json) -> str:
    found = parts.item.get("contactRoles") or ()
    for one in found:
        if str(one["name"]).lower() == str(name).lower():
            return str(one["id"])
    if found:
        known = ", ".join(one["name"] for one in found)
        raise BadCell(f"Customer: Location Role: “{name}” is none of {known}.")
    if parts.item:
        raise BadCell("Customer: Location Role: the app may not read the roles of this company.")
    return of_object(f"contactRoles?name={name}")


def _roles(parts: Parts) -> Calls:
    """Roles at locations: another role takes the place of the one that is there."""
    stored, place_of = _by_person(parts.item), _places(parts)
    for person in parts.members.get("customer", ()):
        role, place = person.all.get("=role"), place_of(person)
        if person.action == "create" and place and role is None:
            raise BadCell(
                f"Customer: Location Role: it is empty for “{_email(person)}”. "
                f"Give {' or '.join(ROLES)}."
            )
        if person.action == "create" and role is not None and not place:
            raise BadCell("Customer: Location Role: the row names no location of the company.")
        new = person.action == "create" or "=role" in person.written
        if person.action not in ("create", "update") or role is None or not new:
            continue
        contact = _contact(parts, person)
        if person.ref in stored:
            assignment = stored[str(person.ref)]
            place, contact = assignment["location"], assignment["companyContact"]["id"]
            gone: Input = {"rolesToRevoke": [assignment["id"]]}
            yield NO_ROLE_AT, NO_ROLE_AT.variables(place, gone)
        given: Input = {"companyContactId": contact, "companyContactRoleId": _role_id(parts, role)}
        yield ROLE_AT, ROLE_AT.variables(place, {"rolesToAssign": [given]})


def _gone_contacts(parts: Parts) -> Calls:
    """Contacts who go: from one location, or from the company where that was their last."""
    assignments = _by_person(parts.item)
    left = {
        assignments[one.ref]["companyContact"]["id"] if one.ref in assignments else one.ref
        for one in parts.members.get("customer", ())
        if one.action != "delete" and one.ref
    }
    left |= {_contact(parts, one) for one in parts.created("customer")}
    removed: set[str] = set()
    deleted = {one.ref for one in parts.members.get("location", ()) if one.action == "delete"}
    for one in parts.members.get("customer", ()):
        if one.action != "delete" or not one.ref:
            continue
        assignment = assignments.get(one.ref)
        contact = assignment["companyContact"]["id"] if assignment else one.ref
        if contact not in left and contact not in removed:
            removed.add(contact)
            yield NO_CONTACT, NO_CONTACT.variables(contact)
        elif assignment and contact in left and assignment["location"] not in deleted:
            gone: Input = {"rolesToRevoke": [assignment["id"]]}
            yield NO_ROLE_AT, NO_ROLE_AT.variables(assignment["location"], gone)


def _main_contact(parts: Parts) -> Calls:
    """The main contact, who becomes a contact first."""
    gid, email = parts.values.get("main:id"), parts.values.get("main:email")
    stored = (parts.item.get("mainContact") or {}).get("customer") or {}
    if gid is None and email is None:
        if stored and {"main:id", "main:email"} & parts.values.keys():
            yield NO_MAIN_CONTACT, NO_MAIN_CONTACT.variables(parts.target)
        return
    wanted = str(gid or "") or _named(email, "id")
    if wanted and wanted == stored.get("id"):
        return
    if not wanted:
        raise BadCell("Main Contact: Customer Email: the store has no such customer.")
    for one in parts.item.get("contacts") or ():
        if one["customer"]["id"] == wanted:
            given: Input = {"companyContactId": one["id"]}
            yield MAIN_CONTACT, MAIN_CONTACT.variables(parts.target, given)
            return
    people = parts.created("customer")
    ids = [_customer(one) for one in people]
    if wanted not in ids:
        customer: Input = {"customerId": wanted}
        yield ASSIGN_CONTACT, ASSIGN_CONTACT.variables(parts.target, customer)
        contact = of_object(f"contacts?customer.id={wanted}")
    else:
        contact = _contact(parts, people[ids.index(wanted)])
    yield MAIN_CONTACT, MAIN_CONTACT.variables(parts.target, {"companyContactId": contact})


# ---------------------------------------------------------------------------- catalogs and credit


def _catalog_contexts(parts: Parts) -> Calls:
    """Catalogs of company locations. Those of markets are shown, and are left as they are."""
    stored = {one["id"]: one for one in parts.item.get("locations") or ()}
    new = 0
    for one in parts.members.get("location", ()):
        place = one.ref or new_member("locations", new)
        new += one.action == "create"
        wanted = one.written.get("=catalogs")
        if one.action not in ("create", "update") or not isinstance(wanted, list):
            continue
        there = [catalog["id"] for catalog in stored.get(str(one.ref), {}).get("catalogs") or ()]
        for gid, way in (
            *((gid, "contextsToAdd") for gid in wanted if gid not in there),
            *((gid, "contextsToRemove") for gid in there if gid not in wanted),
        ):
            if "/MarketCatalog/" in str(gid) or "/AppCatalog/" in str(gid):
                raise BadCell(
                    "Location: Catalogs: only catalogs of company locations can be given or taken; "
                    "one of these belongs to a market."
                )
            context: Input = {way: {"companyLocationIds": [place]}}
            yield CONTEXT, CONTEXT.variables(str(gid), context)


def _credit(parts: Parts) -> Calls:
    """Store credit of locations, in the currency of the row."""
    place_of = _places(parts)
    for one in parts.members.get("account", ()):
        adjust, amount = one.written.get("=adjust"), one.written.get("=balance")
        if one.action not in ("create", "update") or adjust is amount is None:
            continue
        place = place_of(one)
        if not place:
            raise BadCell("Store Credit: Adjust: the row names no location of the company.")
        accounts = _accounts(parts, one, place)
        money: Any = adjust if adjust is not None else amount
        if currency := one.all.get("=currency"):
            money = money | {"currencyCode": currency}
        wanted = Adjustment(
            money,
            sets=adjust is None,
            expires=one.all.get("=expires"),
            notify=bool(one.all.get("=notify")),
        )
        yield from adjustments(place, accounts, [wanted], (CREDIT, DEBIT))


def _accounts(parts: Parts, row: MemberValues, place: str) -> list[Item]:
    """The account that a row names, else those of its currency, else all of the location."""
    location: Item = next((o for o in parts.item.get("locations") or () if o["id"] == place), {})
    accounts: list[Item] = location.get("storeCreditAccounts") or []
    if row.ref:
        return [one for one in accounts if one["id"] == row.ref]
    if currency := row.all.get("=currency"):
        return [one for one in accounts if one["balance"]["currencyCode"] == currency]
    return accounts


AT = {
    "Location: ID": "=at_id",
    "Location: External ID": "=at_external",
    "Location: Name": "=at_name",
}
"""What a contact or an account of a location is beside, and the path of each in their values."""
PERSON = {
    "Customer: ID": "=customer_id",
    "Customer: Email": "=customer",
    "Customer: First Name": "=first",
    "Customer: Last Name": "=last",
    "Customer: Location Role": "=role",
}
ACCOUNT = {
    "Store Credit: Currency": "=currency",
    "Store Credit: Amount": "=balance",
    "Store Credit: Adjust": "=adjust",
    "Store Credit: Expire At": "=expires",
    "Store Credit: Send Receipt": "=notify",
}


def _step(name: str, makes: Any, send: Mutation, *others: Mutation) -> Step:
    return Step(name, send=send, makes=makes, others=others)


WRITING = Writing(
    typename="Company",
    keys=(
        Key(("External ID",), "external_id"),
        Key(("Name",), "name", further=True),
    ),
    create=CREATE,
    update=UPDATE,
    delete=DELETE,
    required=("Name",),
    facts=("catalogs",),
    members=(
        Members(
            of="rows",
            side="location",
            at="locations",
            keys=(
                Key(("Location: ID",)),
                Key(("Location: External ID",)),
                Key(("Location: Name",)),
                Key(()),
            ),
            command="Location: Command",
            kept=True,
        ),
        Members(
            of="rows",
            side="customer",
            ref="key",
            at="contacts",
            keys=(
                *(Key((at, who)) for at in AT for who in ("Customer: ID", "Customer: Email")),
                Key(()),
            ),
            beside=tuple(AT),
            paths=AT | PERSON,
            command="Customer: Command",
            only_new=("=customer_id", "=customer", "=first", "=last"),
        ),
        Members(
            of="rows",
            side="account",
            at="accounts",
            keys=(
                Key(("Store Credit: ID",)),
                *(Key((at, "Store Credit: Currency")) for at in AT),
                Key(()),
            ),
            beside=tuple(AT),
            paths=AT | ACCOUNT,
            lasting=True,
            ask="Store Credit: Adjust",
            only_new=("=currency",),
        ),
    ),
    complete=complete,
    undeletable=_undeletable,
    after=(
        metafields.GUARDED,
        _step("locations", _locations, NEW_LOCATION, LOCATION, ASSIGN_ADDRESS, TAX_SETTINGS),
        _step("contacts", _contacts, ASSIGN_CONTACT, NEW_CONTACT),
        _step("roles", _roles, ROLE_AT, NO_ROLE_AT),
        _step("main", _main_contact, MAIN_CONTACT, NO_MAIN_CONTACT),
        _step("gone_contacts", _gone_contacts, NO_CONTACT),
        _step("gone_locations", _gone_locations, NO_LOCATION),
        _step("catalogs", _catalog_contexts, CONTEXT),
        _step("credit", _credit, CREDIT, DEBIT),
    ),
)
