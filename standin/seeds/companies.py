"""Companies that buy wholesale, with a location and contacts each."""

from collections.abc import Iterator

from standin.seeds.base import CURRENCY, Seeder, moment, money, numbered
from standin.seeds.customers import PLACES

NAMES = ("Fjell Lodge AS", "Hütte & Söhne GmbH", "Portland Provisions", "Café Noir S.à r.l.")
ROLES = ("Location admin", "Ordering only")


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    customers = seeder.shop.page("Customer", 250)
    for i in range(first, first + how_many):
        yield from _company(seeder, customers, i)


def _company(seeder: Seeder, customers: list[dict], i: int) -> Iterator[dict]:
    gid = seeder.id("Company")
    name = numbered(NAMES[i % len(NAMES)], i // len(NAMES))
    dates = {"createdAt": moment(i), "updatedAt": moment(i, days=5)}
    roles = [
        {"__typename": "CompanyContactRole", "id": seeder.id("CompanyContactRole"), "name": role}
        for role in ROLES
    ]
    locations = [_location(seeder, gid, name, i, n) | dates for n in range(1 + i % 2)]
    people = [customers[(i * 4 + n) % len(customers)] for n in range(2)] if customers else []
    contacts = []
    for n, person in enumerate(people):
        contact, assignments = _contact(seeder, gid, person, roles, locations, n)
        for location, assignment in zip(locations, assignments, strict=True):
            location["roleAssignments"].append(assignment["id"])
        contacts.append(contact | dates)
        yield from (assignment | dates for assignment in assignments)
    yield from (*roles, *locations, *contacts)
    yield {
        "__typename": "Company",
        "id": gid,
        "name": name,
        "externalId": f"C-{i + 1:04d}",
        "note": "Orders in spring." if i % 2 else None,
        "customerSince": moment(i),
        "contactRoles": [role["id"] for role in roles],
        "defaultRole": roles[1]["id"],
        "locations": [location["id"] for location in locations],
        "contacts": [contact["id"] for contact in contacts],
        "mainContact": contacts[0]["id"] if contacts else None,
        "totalSpent": money(0),
        **dates,
    }


def _contact(seeder: Seeder, company: str, customer: dict, roles, locations, n: int):
    gid = seeder.id("CompanyContact")
    assignments = [
        {
            "__typename": "CompanyContactRoleAssignment",
            "id": seeder.id("CompanyContactRoleAssignment"),
            "company": company,
            "companyContact": gid,
            "companyLocation": location["id"],
            "role": roles[n]["id"],
        }
        for location in locations
    ]
    contact = {
        "__typename": "CompanyContact",
        "id": gid,
        "company": company,
        "customer": customer["id"],
        "isMainContact": n == 0,
        "title": ("Owner", "Buyer")[n],
        "locale": "en",
        "roleAssignments": [assignment["id"] for assignment in assignments],
    }
    return contact, assignments


def _location(seeder: Seeder, company: str, name: str, i: int, n: int) -> dict:
    address = _address(seeder, name, i + n)
    return {
        "__typename": "CompanyLocation",
        "id": seeder.id("CompanyLocation"),
        "company": company,
        "name": f"{name}, {PLACES[(i + n) % len(PLACES)][1]}",
        "externalId": f"L-{i + 1:04d}-{n + 1}",
        "phone": None,
        "locale": "en",
        "note": None,
        "currency": CURRENCY,
        "billingAddress": address,
        "shippingAddress": address,
        "buyerExperienceConfiguration": {
            "checkoutToDraft": i % 2 == 0,
            "editableShippingAddress": True,
        },
        "taxSettings": {
            "taxExempt": i % 2 == 0,
            "taxExemptions": [],
            "taxRegistrationId": f"TAX{i + 1:06d}",
        },
        "totalSpent": money(0),
        "catalogs": [],
        "roleAssignments": [],
    }


def _address(seeder: Seeder, name: str, i: int) -> dict:
    street, city, province, code, country, country_code, zip = PLACES[i % len(PLACES)]
    return {
        "__typename": "CompanyAddress",
        "id": seeder.id("CompanyAddress"),
        "companyName": name,
        "recipient": "Receiving",
        "address1": street,
        "address2": None,
        "city": city,
        "province": province,
        "zoneCode": code,
        "country": country,
        "countryCode": country_code,
        "zip": zip,
        "phone": None,
        "formattedAddress": [name, street, f"{city} {zip}", country],
        "createdAt": moment(i),
        "updatedAt": moment(i),
    }
