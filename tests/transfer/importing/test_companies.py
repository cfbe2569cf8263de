"""Companies: locations, contacts and roles, side by side on their rows."""

from typing import Any

import pytest

from tests.transfer.importing.files import (
    came_of,
    check_told,
    exported,
    imported,
    results_of,
    text_of,
)
from tests.transfer.importing.test_undo import undone
from transfer.permissions import known_permissions

CLUB = {"Name": "Fjell Club", "External ID": "F-1", "Notes": "By phone"}
OSLO = {
    "Location: Name": "Oslo",
    "Location: External ID": "F-1-O",
    "Location: Checkout Payment Terms": "Net 30",
    "Location: Tax Setting": "exempt",
    "Location: Shipping Address 1": "Torggata 4",
    "Location: Shipping City": "Oslo",
    "Location: Shipping Zip": "0181",
    "Location: Shipping Country Code": "NO",
}
BERGEN = {"Location: Name": "Bergen", "Location: Shipping Country Code": "NO"}
ANN = {"Customer: Email": "ann@x.example", "Customer: Location Role": "Location admin"}
BOB = {"Customer: Email": "bob@x.example", "Customer: Location Role": "Ordering only"}
WHO = {"Name": "Fjell Club"}


COMPANIES = """query { companies(first: 9) { nodes { id name ordersCount { count }
  mainContact { customer { email } } contacts(first: 9) { nodes { customer { email } } }
  locations(first: 9) { nodes { id name phone
    billingAddress { zip } shippingAddress { address1 zip }
    buyerExperienceConfiguration { payNowOnly paymentTermsTemplate { name } }
    catalogs(first: 2) { nodes { title } }
    roleAssignments(first: 9) { nodes {
      role { name } companyContact { customer { email } } } } } } } } }"""


@pytest.fixture
def shop(store, tmp_path):
    store.key.permissions = known_permissions(
        {*store.key.permissions, "customers:import", "companies:import"}
    )
    ann = {"Email": "ann@x.example", "First Name": "Ann"}
    store.given("Ann", lambda: imported(store, tmp_path, "customers", ann))
    store.tell("customer-mail")
    store.tell("sent")
    return store


@pytest.fixture
def club(shop, tmp_path):
    """A shop with a company of two places and two people."""
    rows = [CLUB | OSLO | ANN, CLUB | BERGEN | ANN, CLUB | OSLO | BOB]
    shop.given("a club", lambda: imported(shop, tmp_path, "companies", *rows))
    shop.tell("sent")
    return shop


def run(store, folder, *rows: dict[str, str], **options: object):
    return store.run_import(store.keep(folder, text_of(list(rows)), type="companies", **options))


def fields(store) -> list[str]:
    return [one["field"] for one in store.changes_sent()]


def there(store, name: str = "Fjell Club") -> dict[str, Any]:
    nodes = store.graphql(COMPANIES)["companies"]["nodes"]
    [found] = [one for one in nodes if one["name"] == name]
    return found


def location(store, place: str = "Oslo") -> dict[str, Any]:
    [found] = [one for one in there(store)["locations"]["nodes"] if one["name"] == place]
    return found


def terms(store) -> str:
    given = location(store)["buyerExperienceConfiguration"]["paymentTermsTemplate"]
    return given["name"] if given else ""


def places(store) -> list[tuple[str, str, str]]:
    """Who has which role in which place of the club."""
    found = []
    for one in there(store)["locations"]["nodes"]:
        roles = [
            (one["name"], given["companyContact"]["customer"]["email"], given["role"]["name"])
            for given in one["roleAssignments"]["nodes"]
        ]
        found += roles or [(one["name"], "", "")]
    return found


def test_b2b_accounts_with_locations_contacts_and_roles(shop, tmp_path):
    rows = [CLUB | OSLO | ANN, CLUB | OSLO | BOB, CLUB | BERGEN | ANN]
    assert results_of(shop, tmp_path, "companies", *rows) == ["created"] * 3
    assert fields(shop) == [
        "companyCreate",
        "companyLocationCreate",
        "companyAssignCustomerAsContact",
        "companyContactCreate",
        "companyLocationAssignRoles",
        "companyLocationAssignRoles",
        "companyLocationAssignRoles",
    ]
    assert places(shop) == [
        ("Oslo", "ann@x.example", "Location admin"),
        ("Oslo", "bob@x.example", "Ordering only"),
        ("Bergen", "ann@x.example", "Location admin"),
    ]
    whole = exported(shop, "companies")
    names = ("Location: Name", "Customer: Email", "Customer: Location Role")
    assert [tuple(row[name] for name in names) for row in whole] == places(shop)
    row = whole[0]
    assert row["Location: Checkout Payment Terms"] == "Net 30"
    assert (row["Location: Tax Setting"], row["Location: Billing City"]) == ("exempt", "Oslo")
    assert shop.tell("customer-mail")["mails"] == []
    assert set(results_of(shop, tmp_path, "companies", *whole)) == {"unchanged"}
    assert set(results_of(shop, tmp_path, "companies", *rows)) == {"unchanged"}


def test_another_role_takes_the_place_of_the_one_that_is_there(club, tmp_path):
    row = WHO | {"Location: Name": "Oslo"} | ANN | {"Customer: Location Role": "ordering only"}
    job = run(club, tmp_path, row)
    assert fields(club) == ["companyLocationRevokeRoles", "companyLocationAssignRoles"]
    assert ("Oslo", "ann@x.example", "Ordering only") in places(club)
    undone(club, job)
    assert ("Oslo", "ann@x.example", "Location admin") in places(club)


def test_contacts_leave_one_location_or_the_company(club, tmp_path):
    gone = {"Customer: Command": "DELETE", "Customer: Location Role": ""}
    row = WHO | {"Location: Name": "Bergen"} | ANN | gone
    assert results_of(club, tmp_path, "companies", row) == ["updated"]
    assert fields(club) == ["companyLocationRevokeRoles"]
    row = WHO | {"Location: Name": "Oslo"} | BOB | gone
    assert results_of(club, tmp_path, "companies", row) == ["updated"]
    assert fields(club) == ["companyContactRemoveFromCompany"]
    assert places(club) == [("Oslo", "ann@x.example", "Location admin"), ("Bergen", "", "")]
    found = club.graphql("query { customers(first: 9) { nodes { email } } }")["customers"]["nodes"]
    assert [one["email"] for one in found] == ["ann@x.example", "bob@x.example"]


def test_a_location_changes_without_its_contacts(club, tmp_path):
    before = there(club)
    change = {
        "Location: Phone": "+4722334455",
        "Location: Shipping Zip": "0182",
        "Location: Tax Exemptions": "CA_BC_RESELLER_EXEMPTION",
        "Location: Checkout To Draft": "true",
    }
    job = run(club, tmp_path, WHO | {"Location: Name": "Oslo"} | change)
    assert fields(club) == [
        "companyLocationUpdate",
        "companyLocationAssignAddress",
        "companyLocationTaxSettingsUpdate",
    ]
    row = exported(club, "companies")[0]
    assert {header: row[header] for header in change} == change
    kept = ("Torggata 4", "0181", "Net 30")
    names = ("Location: Shipping Address 1", "Location: Billing Zip")
    assert tuple(row[n] for n in (*names, "Location: Checkout Payment Terms")) == kept
    undone(club, job)
    assert there(club) == before and len(places(club)) == 3


def test_pay_now_takes_the_place_of_payment_terms(club, tmp_path):
    assert terms(club) == "Net 30"
    row = WHO | {"Location: Name": "Oslo", "Location: Checkout Pay Now Only": "true"}
    assert results_of(club, tmp_path, "companies", row) == ["updated"]
    assert terms(club) == ""


NEW_TERMS, PAY_NOW = "Location: Checkout Payment Terms", "Location: Checkout Pay Now Only"
WRONG = [
    (BOB | {"Customer: Location Role": "Boss"}, "“Boss” is none of Location admin, Ordering only"),
    ({NEW_TERMS: "Net 60", PAY_NOW: "true"}, "it is true, but there are Checkout Payment Terms"),
    ({NEW_TERMS: "Net 31"}, "no payment terms “Net 31”"),
    ({"Customer: Email": "ann@x.example"}, "Give Location admin or Ordering only"),
    ({"Main Contact: Customer Email": "no@x.example"}, "the store has no such customer"),
    ({"Location: Catalogs": "None"}, "no catalog “None”"),
]


def test_what_is_wrong_is_told_and_fails_alone(shop, tmp_path):
    """Each in a company of its own."""
    own = {"Location: Name": "Oslo", NEW_TERMS: "Net 30"}
    first, *others = ({"Name": f"Club {number}"} | own for number in range(len(WRONG)))
    assert set(results_of(shop, tmp_path, "companies", first | BOB, *others)) == {"created"}
    before = shop.graphql(COMPANIES)
    rows = [
        {"Name": one["Name"], "Location: Name": "Oslo"} | cells
        for one, (cells, _) in zip((first, *others), WRONG, strict=True)
    ]
    check_told(came_of(shop, tmp_path, "companies", *rows), WRONG)
    assert shop.graphql(COMPANIES) == before


def test_a_contact_of_no_location_needs_no_role(shop, tmp_path):
    row = WHO | {"Customer: Email": "ann@x.example"}
    imported(shop, tmp_path, "companies", CLUB | OSLO)
    assert results_of(shop, tmp_path, "companies", row) == ["updated"]
    assert places(shop) == [("Oslo", "", "")]
    contacts = there(shop)["contacts"]["nodes"]
    assert contacts == [{"customer": {"email": "ann@x.example"}}]
    assert results_of(shop, tmp_path, "companies", row) == ["unchanged"]


def test_the_main_contact_becomes_a_contact_first(shop, tmp_path):
    row = CLUB | OSLO | {"Main Contact: Customer Email": "ann@x.example"}
    assert results_of(shop, tmp_path, "companies", row) == ["created"]
    assert fields(shop)[-2:] == ["companyAssignCustomerAsContact", "companyAssignMainContact"]
    assert there(shop)["mainContact"] == {"customer": {"email": "ann@x.example"}}


def test_store_credit_of_a_location(shop, tmp_path):
    imported(shop, tmp_path, "companies", CLUB | OSLO | ANN)
    shop.tell("sent")
    row = WHO | {"Location: Name": "Oslo", "Store Credit: Adjust": "40"}
    assert results_of(shop, tmp_path, "companies", row) == ["updated"]
    [sent] = shop.changes_sent()
    assert sent["arguments"]["creditInput"]["notify"] is False
    row = WHO | {"Location: Name": "Oslo", "Store Credit: Adjust": "-15"}
    assert results_of(shop, tmp_path, "companies", row) == ["updated"]
    whole = exported(shop, "companies")
    found = whole[0]
    assert (found["Store Credit: Amount"], found["Store Credit: Currency"]) == ("25.00", "USD")
    assert set(results_of(shop, tmp_path, "companies", *whole)) == {"unchanged"}


def test_companies_are_deleted_unless_they_have_orders(shop, tmp_path):
    shop.tell("seed", customers=4, companies=2)
    nodes = shop.graphql(COMPANIES)["companies"]["nodes"]
    with_none = next(one["id"] for one in nodes if one["ordersCount"]["count"] == 0)
    with_some = next(one["id"] for one in nodes if one["ordersCount"]["count"] != 0)
    gone = [{"ID": gid, "Command": "DELETE"} for gid in (with_none, with_some)]
    [deleted, kept] = came_of(shop, tmp_path, "companies", *gone)
    assert deleted[0] == "deleted"
    assert kept[0] == "failed" and "deletes no company that has orders" in kept[1]


def test_catalogs_of_a_location(shop, tmp_path):
    shop.tell("seed", customers=2, companies=2)
    found = shop.graphql("query { catalogs(first: 9, type: COMPANY_LOCATION) { nodes { title } } }")
    title = found["catalogs"]["nodes"][0]["title"]
    imported(shop, tmp_path, "companies", CLUB | OSLO)
    shop.tell("sent")
    change = WHO | {"Location: Name": "Oslo", "Location: Catalogs": title}
    job = run(shop, tmp_path, change | {"Location: Catalogs Command": "MERGE"})
    assert fields(shop) == ["catalogContextUpdate"]
    assert location(shop)["catalogs"]["nodes"] == [{"title": title}]
    undone(shop, job)
    assert location(shop)["catalogs"]["nodes"] == []


def test_rows_are_told_apart_by_what_they_name(shop, tmp_path):
    """Without External IDs, with columns of IDs left blank as in rows added to an export."""
    blank = {"ID": "", "Location: ID": "", "Customer: ID": "", "Location: External ID": ""}
    rows = [WHO | blank | {"Location: Name": place} | ANN for place in ("Oslo", "Bergen")]
    assert results_of(shop, tmp_path, "companies", *rows) == ["created"] * 2
    expected = [(place, "ann@x.example", "Location admin") for place in ("Oslo", "Bergen")]
    assert places(shop) == expected
    assert results_of(shop, tmp_path, "companies", *rows) == ["unchanged"] * 2
    new = WHO | {"Location: Name": "Tromsø"}
    assert results_of(shop, tmp_path, "companies", new) == ["updated"]
    assert places(shop) == [*expected, ("Tromsø", "", "")]


def test_the_only_location_need_not_be_named_and_another_name_is_another_location(shop, tmp_path):
    imported(shop, tmp_path, "companies", WHO | {"Location: Name": "Oslo"})
    phone = {"Location: Phone": "+4722334455"}
    assert results_of(shop, tmp_path, "companies", WHO | phone) == ["updated"]
    assert location(shop)["phone"] == "+4722334455"
    imported(shop, tmp_path, "companies", WHO | {"Location: Name": "Bergen"})
    assert [place for place, _, _ in places(shop)] == ["Oslo", "Bergen"]


def test_blank_cells_of_further_rows_empty_nothing(shop, tmp_path):
    imported(shop, tmp_path, "companies", CLUB | OSLO | ANN | {"Location: Phone": "+4722334455"})
    shop.tell("sent")
    name = WHO | {"Location: Name": "Oslo"}
    rows = [name | ANN | {"Location: Phone": "+4722334455"}, name | BOB]
    results = results_of(shop, tmp_path, "companies", *rows, blank="clear")
    assert results == ["updated"] * 2
    assert "companyLocationUpdate" not in fields(shop)
    assert location(shop)["phone"] == "+4722334455"


def test_a_metafield_is_written_over_what_was_read_alone(shop, tmp_path):
    shop.tell("seed", metafield_definitions=21)
    sector = "Metafield: custom.sector [single_line_text_field]"
    for value in ("Sailing", "Rowing"):
        assert results_of(shop, tmp_path, "companies", {**CLUB, sector: value})
    asked = [one["arguments"] for one in shop.changes_sent() if one["field"] == "metafieldsSet"]
    [[first], [second]] = [arguments["metafields"] for arguments in asked]
    assert "compareDigest" not in first and second["compareDigest"]
