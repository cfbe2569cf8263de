"""Companies: locations, contacts and roles, side by side on their rows."""

import pytest

from tests.transfer.importing.files import (
    came_of,
    exported,
    imported,
    results_of,
    text_of,
    unchanged,
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


@pytest.fixture
def shop(store):
    store.key.permissions = known_permissions(
        {*store.key.permissions, "customers:import", "companies:import"}
    )
    ann = {"Email": "ann@x.example", "First Name": "Ann"}
    store.given("Ann", lambda: imported(store, store_folder(store), "customers", ann))
    store.tell("customer-mail")
    store.tell("sent")
    return store


@pytest.fixture(autouse=True)
def _folder(tmp_path, store):
    FOLDERS[store.domain] = tmp_path


FOLDERS: dict = {}


def store_folder(store):
    return FOLDERS[store.domain]


def run(store, folder, *rows: dict[str, str], **options: object):
    return store.run_import(store.keep(folder, text_of(list(rows)), type="companies", **options))


def fields(store) -> list[str]:
    return [one["field"] for one in store.changes_sent()]


def places(store, name: str = "Fjell Club") -> list[tuple[str, str, str]]:
    """Who has which role where, as an export tells it."""
    names = ("Location: Name", "Customer: Email", "Customer: Location Role")
    return [
        (r[names[0]], r[names[1]], r[names[2]])
        for r in exported(store, "companies")
        if r["Name"] == name
    ]


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
    row = exported(shop, "companies")[0]
    assert row["Location: Checkout Payment Terms"] == "Net 30"
    assert (row["Location: Tax Setting"], row["Location: Billing City"]) == ("exempt", "Oslo")
    assert shop.tell("customer-mail")["mails"] == []
    unchanged(shop, tmp_path, "companies")
    assert set(results_of(shop, tmp_path, "companies", *rows)) == {"unchanged"}


def test_another_role_takes_the_place_of_the_one_that_is_there(shop, tmp_path):
    imported(shop, tmp_path, "companies", CLUB | OSLO | ANN, CLUB | OSLO | BOB)
    shop.tell("sent")
    row = WHO | {"Location: Name": "Oslo"} | ANN | {"Customer: Location Role": "ordering only"}
    job = run(shop, tmp_path, row)
    assert fields(shop) == ["companyLocationRevokeRoles", "companyLocationAssignRoles"]
    assert ("Oslo", "ann@x.example", "Ordering only") in places(shop)
    undone(shop, job)
    assert ("Oslo", "ann@x.example", "Location admin") in places(shop)
    [(result, comment)] = came_of(
        shop, tmp_path, "companies", row | {"Customer: Location Role": "Boss"}
    )
    assert result == "failed" and "“Boss” is none of Location admin, Ordering only" in comment


def test_contacts_leave_one_location_or_the_company(shop, tmp_path):
    imported(shop, tmp_path, "companies", CLUB | OSLO | ANN, CLUB | BERGEN | ANN, CLUB | OSLO | BOB)
    shop.tell("sent")
    gone = {"Customer: Command": "DELETE", "Customer: Location Role": ""}
    row = WHO | {"Location: Name": "Bergen"} | ANN | gone
    assert results_of(shop, tmp_path, "companies", row) == ["updated"]
    assert fields(shop) == ["companyLocationRevokeRoles"]
    row = WHO | {"Location: Name": "Oslo"} | BOB | gone
    assert results_of(shop, tmp_path, "companies", row) == ["updated"]
    assert fields(shop) == ["companyContactRemoveFromCompany"]
    assert places(shop) == [("Oslo", "ann@x.example", "Location admin"), ("Bergen", "", "")]
    assert [r["Email"] for r in exported(shop, "customers")] == ["ann@x.example", "bob@x.example"]


def test_a_location_changes_without_its_contacts(shop, tmp_path):
    imported(shop, tmp_path, "companies", CLUB | OSLO | ANN, CLUB | OSLO | BOB)
    shop.tell("sent")
    change = {
        "Location: Phone": "+4722334455",
        "Location: Shipping Zip": "0182",
        "Location: Tax Exemptions": "CA_BC_RESELLER_EXEMPTION",
        "Location: Checkout To Draft": "true",
    }
    job = run(shop, tmp_path, WHO | {"Location: Name": "Oslo"} | change)
    assert fields(shop) == [
        "companyLocationUpdate",
        "companyLocationAssignAddress",
        "companyLocationTaxSettingsUpdate",
    ]
    row = exported(shop, "companies")[0]
    assert {header: row[header] for header in change} == change
    kept = ("Torggata 4", "0181", "Net 30")
    names = ("Location: Shipping Address 1", "Location: Billing Zip")
    assert tuple(row[n] for n in (*names, "Location: Checkout Payment Terms")) == kept
    undone(shop, job)
    row = exported(shop, "companies")[0]
    assert (row["Location: Phone"], row["Location: Shipping Zip"]) == ("", "0181")
    assert len(places(shop)) == 2


def test_payment_terms_and_pay_now_must_agree(shop, tmp_path):
    imported(shop, tmp_path, "companies", CLUB | OSLO)
    both = {"Location: Checkout Payment Terms": "Net 60", "Location: Checkout Pay Now Only": "true"}
    row = WHO | {"Location: Name": "Oslo"}
    [(result, comment)] = came_of(shop, tmp_path, "companies", row | both)
    assert result == "failed" and "it is true, but there are Checkout Payment Terms" in comment
    now = row | {"Location: Checkout Pay Now Only": "true"}
    assert results_of(shop, tmp_path, "companies", now) == ["updated"]
    assert exported(shop, "companies")[0]["Location: Checkout Payment Terms"] == ""
    [(result, comment)] = came_of(
        shop, tmp_path, "companies", row | {"Location: Checkout Payment Terms": "Net 31"}
    )
    assert result == "failed" and "no payment terms “Net 31”" in comment


def test_a_new_contact_needs_a_role(shop, tmp_path):
    imported(shop, tmp_path, "companies", CLUB | OSLO)
    row = WHO | {"Location: Name": "Oslo", "Customer: Email": "ann@x.example"}
    [(result, comment)] = came_of(shop, tmp_path, "companies", row)
    assert result == "failed" and "Give Location admin or Ordering only" in comment
    row = WHO | {"Customer: Email": "ann@x.example"}
    assert results_of(shop, tmp_path, "companies", row) == ["updated"]
    assert places(shop) == [("Oslo", "", ""), ("", "ann@x.example", "")]
    assert results_of(shop, tmp_path, "companies", row) == ["unchanged"]


def test_the_main_contact_becomes_a_contact_first(shop, tmp_path):
    row = CLUB | OSLO | {"Main Contact: Customer Email": "ann@x.example"}
    assert results_of(shop, tmp_path, "companies", row) == ["created"]
    assert fields(shop)[-2:] == ["companyAssignCustomerAsContact", "companyAssignMainContact"]
    assert exported(shop, "companies")[0]["Main Contact: Customer Email"] == "ann@x.example"
    [(result, comment)] = came_of(
        shop, tmp_path, "companies", WHO | {"Main Contact: Customer Email": "no@x.example"}
    )
    assert result == "failed" and "the store has no such customer" in comment


def test_store_credit_of_a_location(shop, tmp_path):
    imported(shop, tmp_path, "companies", CLUB | OSLO | ANN)
    shop.tell("sent")
    row = WHO | {"Location: Name": "Oslo", "Store Credit: Adjust": "40"}
    assert results_of(shop, tmp_path, "companies", row) == ["updated"]
    [sent] = shop.changes_sent()
    assert sent["arguments"]["creditInput"]["notify"] is False
    found = exported(shop, "companies")[0]
    assert (found["Store Credit: Amount"], found["Store Credit: Currency"]) == ("40.00", "USD")
    row = WHO | {"Location: Name": "Oslo", "Store Credit: Adjust": "-15"}
    assert results_of(shop, tmp_path, "companies", row) == ["updated"]
    assert exported(shop, "companies")[0]["Store Credit: Amount"] == "25.00"
    unchanged(shop, tmp_path, "companies")


def test_companies_are_deleted_unless_they_have_orders(shop, tmp_path):
    shop.tell("seed", customers=4, companies=2)
    rows = {row["ID"]: row for row in exported(shop, "companies")}
    with_none = next(gid for gid, row in rows.items() if row["Order Count"] == "0")
    with_some = next(gid for gid, row in rows.items() if row["Order Count"] != "0")
    gone = [{"ID": gid, "Command": "DELETE"} for gid in (with_none, with_some)]
    [deleted, kept] = came_of(shop, tmp_path, "companies", *gone)
    assert deleted[0] == "deleted"
    assert kept[0] == "failed" and "deletes no company that has orders" in kept[1]


def test_catalogs_of_a_location(shop, tmp_path):
    shop.tell("seed", customers=2, companies=2)
    rows = exported(shop, "companies")
    row = next(row for row in rows if row["Location: Catalogs"])
    title = row["Location: Catalogs"]
    imported(shop, tmp_path, "companies", CLUB | OSLO)
    shop.tell("sent")
    change = WHO | {"Location: Name": "Oslo", "Location: Catalogs": title}
    job = run(shop, tmp_path, change | {"Location: Catalogs Command": "MERGE"})
    assert fields(shop) == ["catalogContextUpdate"]
    assert title in [
        r["Location: Catalogs"] for r in exported(shop, "companies") if r["Name"] == "Fjell Club"
    ]
    undone(shop, job)
    assert [
        r["Location: Catalogs"] for r in exported(shop, "companies") if r["Name"] == "Fjell Club"
    ] == [""]
    [(result, comment)] = came_of(
        shop, tmp_path, "companies", change | {"Location: Catalogs": "None"}
    )
    assert result == "failed" and "no catalog “None”" in comment


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
    assert exported(shop, "companies")[0]["Location: Phone"] == "+4722334455"
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
    assert exported(shop, "companies")[0]["Location: Phone"] == "+4722334455"


def test_a_metafield_is_written_over_what_was_read_alone(shop, tmp_path):
    shop.tell("seed", metafield_definitions=21)
    sector = "Metafield: custom.sector [single_line_text_field]"
    for value in ("Sailing", "Rowing"):
        assert results_of(shop, tmp_path, "companies", {**CLUB, sector: value})
    asked = [one["arguments"] for one in shop.changes_sent() if one["field"] == "metafieldsSet"]
    [[first], [second]] = [arguments["metafields"] for arguments in asked]
    assert "compareDigest" not in first and second["compareDigest"]
