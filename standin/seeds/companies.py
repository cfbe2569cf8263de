"""Companies that buy wholesale, with a location and contacts each."""

from collections.abc import Iterator

from standin.seeds.base import CURRENCY, Seeder, money, numbered, timestamp
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
    dates = {"createdAt": timestamp(i), "updatedAt": timestamp(i, days=5)}
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
    accounts = [_store_credit(seeder, location) for location in locations[1:]]
    catalogs = [_catalog(seeder, location) for location in locations[1:]]
    yield from (*roles, *locations, *contacts, *accounts, *catalogs)
    yield {
        "__typename": "Company",
        "id": gid,
        "name": name,
        "externalId": f"C-{i + 1:04d}",
        "note": 'Orders in "spring" 🌱,\nby phone.' if i % 2 else None,
        "lifetimeDuration": f"{i + 1} months",
        "ordersCount": i,
        "contactsCount": len(contacts),
        "locationsCount": len(locations),
        "customerSince": timestamp(i),
        "contactRoles": [role["id"] for role in roles],
        "defaultRole": roles[1]["id"],
        "locations": [location["id"] for location in locations],
        "contacts": [contact["id"] for contact in contacts],
        "mainContact": contacts[0]["id"] if contacts else None,
        "totalSpent": money(125050 * i),
        "metafields": [
            seeder.metafield("COMPANY", "custom.sector", "single_line_text_field", "Hôtellerie ☕"),
            seeder.undefined_metafield("COMPANY", i),
        ]
        if i % 2
        else [],
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
        "phone": "+4722334455" if n else None,
        "locale": "en",
        "note": "Ring the bell;\nthen wait." if n else None,
        "currency": CURRENCY,
        "billingAddress": address,
        "shippingAddress": address,
        "buyerExperienceConfiguration": {
            "checkoutToDraft": i % 2 == 0,
            "editableShippingAddress": True,
            "paymentTermsTemplate": _net_30() if n else None,
            "deposit": {"__typename": "DepositPercentage", "percentage": 25.0} if n else None,
        },
        "taxSettings": {
            "taxExempt": i % 2 == 0,
            "taxExemptions": ["CA_BC_RESELLER_EXEMPTION", "US_ME_RESELLER_EXEMPTION"] if n else [],
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
        "firstName": "Zoë" if i % 2 else None,
        "lastName": 'O"Hara' if i % 2 else None,
        "recipient": "Receiving",
        "address1": street,
        "address2": "2º" if i % 2 else None,
        "city": city,
        "province": province,
        "zoneCode": code,
        "country": country,
        "countryCode": country_code,
        "zip": zip,
        "phone": "+12075550100" if i % 2 else None,
        "formattedAddress": [name, street, f"{city} {zip}", country],
        "createdAt": timestamp(i),
        "updatedAt": timestamp(i),
    }


def _net_30() -> dict:
    return {
        "__typename": "PaymentTermsTemplate",
        "id": "gid://shopify/PaymentTermsTemplate/4",
        "name": "Net 30",
        "translatedName": "Net 30",
        "paymentTermsType": "NET",
        "dueInDays": 30,
    }


def _store_credit(seeder: Seeder, location: dict) -> dict:
    """An account of the location, which then has it."""
    account = {
        "__typename": "StoreCreditAccount",
        "id": seeder.id("StoreCreditAccount"),
        "owner": location["id"],
        "balance": money(9900),
        "transactions": [],
    }
    location["storeCreditAccounts"] = [account["id"]]
    return account


def _catalog(seeder: Seeder, location: dict) -> dict:
    """A catalog of the location alone, which then has it."""
    gid = seeder.id("CompanyLocationCatalog")
    location["catalogs"] = [gid]
    return {
        "__typename": "CompanyLocationCatalog",
        "id": gid,
        "title": f"Wholesale: {location['name']}",
        "status": "ACTIVE",
        "priceList": None,
        "publication": None,
        "companyLocations": [location["id"]],
        "operations": [],
    }
