"""Customers with their addresses and what they agreed to receive."""

from collections.abc import Iterator

from standin.seeds.base import Seeder, money, timestamp

FIRST = ("Ada", "Björn", "Chloé", "Dmitri", "Ewa", "Fatima", "Goro", "Håkon", "Inés", "Jo")
LAST = ("Moss", "Ångström", "Núñez", "O'Hara", "Kowalska", "Haddad", "Saitō", "Vik", "Lund-Bauer")
PLACES = (  # address, city, province, its code, country, its code, zip
    ("9 Mill Rd", "Augusta", "Maine", "ME", "United States", "US", "04330"),
    ("Torggata 4", "Oslo", None, None, "Norway", "NO", "0181"),
    ("ul. Piotrkowska 77", "Łódź", None, None, "Poland", "PL", "90-423"),
    ("1288 Rue Sainte-Catherine", "Montréal", "Quebec", "QC", "Canada", "CA", "H3G 1P6"),
    ("Hauptstraße 12", "München", None, None, "Germany", "DE", "80331"),
)
CONSENTS = ("SUBSCRIBED", "NOT_SUBSCRIBED", "UNSUBSCRIBED", "SUBSCRIBED", "PENDING")
STATES = ("ENABLED", "DISABLED", "INVITED", "ENABLED")


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    for i in range(first, first + how_many):
        addresses = [_address(seeder, i, n) for n in range(1 + i % 3)] if i % 11 != 10 else []
        account = _store_credit(seeder, i) if i % 6 == 1 else None
        yield _customer(seeder, i, addresses, account)
        yield from addresses
        if account:
            yield account


def _name(i: int) -> tuple[str, str]:
    return FIRST[i % len(FIRST)], LAST[i // len(FIRST) % len(LAST)]


def _customer(seeder: Seeder, i: int, addresses: list[dict], account: dict | None) -> dict:
    given, family = _name(i)
    gid = seeder.id("Customer")
    if account:
        account["owner"] = gid
    email, phone = f"customer{i + 1}@example.com", f"+1207555{i % 10000:04d}" if i % 3 else None
    consent = CONSENTS[i % len(CONSENTS)]
    asked = timestamp(i) if consent != "NOT_SUBSCRIBED" else None
    level = "SINGLE_OPT_IN" if asked else None
    by_mail = {"marketingState": consent, "marketingOptInLevel": level}
    by_text = "SUBSCRIBED" if phone and i % 4 == 1 else "NOT_SUBSCRIBED"
    return {
        "__typename": "Customer",
        "id": gid,
        "firstName": given,
        "lastName": family,
        "displayName": f"{given} {family}",
        "email": email,
        "phone": phone,
        "defaultEmailAddress": {
            "emailAddress": email,
            "marketingUpdatedAt": asked,
            "openTrackingLevel": "UNKNOWN",
            "validFormat": True,
            **by_mail,
        },
        "emailMarketingConsent": {"consentUpdatedAt": asked, **by_mail},
        "defaultPhoneNumber": _phone(i, phone, by_text),
        "smsMarketingConsent": {
            "marketingState": by_text,
            "marketingOptInLevel": "SINGLE_OPT_IN",
            "consentCollectedFrom": "SHOPIFY",
            "consentUpdatedAt": timestamp(i),
        }
        if phone
        else None,
        "state": STATES[i % len(STATES)],
        "verifiedEmail": i % 4 != 2,
        "locale": "en" if i % 5 < 3 else "de",
        "note": 'Rings twice 🔔\nPrefers the "side" door.' if i % 6 == 0 else None,
        "multipassIdentifier": f"mp-{i:05d}" if i % 5 == 2 else None,
        "storeCreditAccounts": [account["id"]] if account else [],
        "tags": sorted({"trade"} if i % 7 == 0 else {"vip", "newsletter"} if i % 5 == 0 else set()),
        "taxExempt": i % 7 == 0,
        "taxExemptions": ["CA_BC_RESELLER_EXEMPTION", "US_ME_RESELLER_EXEMPTION"]
        if i % 7 == 0
        else [],
        "addresses": [address["id"] for address in addresses],
        "addressesV2": [address["id"] for address in addresses],
        "defaultAddress": addresses[0]["id"] if addresses else None,
        "numberOfOrders": "0",
        "amountSpent": money(0),
        "orders": [],
        "metafields": [
            seeder.metafield("CUSTOMER", "custom.shoe_size", "number_decimal", "38.5"),
            seeder.undefined_metafield("CUSTOMER", i),
        ]
        if i % 3 == 0
        else [],
        "createdAt": timestamp(i),
        "updatedAt": timestamp(i, days=4),
    }


def _store_credit(seeder: Seeder, i: int) -> dict:
    """An account that was credited once and paid from once; its owner is yet to be named."""

    def transaction(kind: str, cents: int, balance: int, days: int, event: str) -> dict:
        return {
            "__typename": f"StoreCreditAccount{kind}Transaction",
            "id": seeder.id(f"StoreCreditAccount{kind}Transaction"),
            "amount": money(cents),
            "balanceAfterTransaction": money(balance),
            "event": event,
            "createdAt": timestamp(i, days=days),
        }

    credit = transaction("Credit", 2500, 2500, 1, "ADJUSTMENT")
    credit["expiresAt"] = timestamp(i, days=90)
    return {
        "__typename": "StoreCreditAccount",
        "id": seeder.id("StoreCreditAccount"),
        "balance": money(1500),
        "transactions": [credit, transaction("Debit", -1000, 1500, 3, "ORDER_PAYMENT")],
    }


def _phone(i: int, phone: str | None, state: str) -> dict | None:
    if not phone:
        return None
    consent = {
        "collectedFrom": "SHOPIFY",
        "optInLevel": "SINGLE_OPT_IN",
        "state": state if state == "SUBSCRIBED" else "NEVER_SUBSCRIBED",
        "updatedAt": timestamp(i),
    }
    return {"phoneNumber": phone, "smsMarketingConsent": consent}


def _address(seeder: Seeder, i: int, n: int) -> dict:
    given, family = _name(i)
    return mailing_address(seeder, i + n, given, family, "Northfold Ltd." if i % 7 == 0 else None)


def mailing_address(seeder: Seeder, i: int, given: str, family: str, company=None) -> dict:
    """A MailingAddress of this person at one of five places."""
    street, city, province, code, country, country_code, zip = PLACES[i % len(PLACES)]
    name = f"{given} {family}"
    return {
        "__typename": "MailingAddress",
        "id": f"{seeder.id('MailingAddress')}?model_name=CustomerAddress",
        "firstName": given,
        "lastName": family,
        "name": name,
        "company": company,
        "address1": street,
        "address2": "Apt. 3" if i % 4 == 3 else None,
        "city": city,
        "province": province,
        "provinceCode": code,
        "country": country,
        "countryCodeV2": country_code,
        "zip": zip,
        "phone": f"+1207555{i % 10000:04d}" if i % 2 else None,
        "coordinatesValidated": False,
        "formatted": [name, street, f"{city} {zip}", country],
        "formattedArea": f"{city}, {country}",
    }
