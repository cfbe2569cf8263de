"""Customers, store credit, companies and their prices, as the recipes have people import them.

That each file is understood is shown in ``test_plans.py``, in the short run too.
"""

import csv
import shutil

import pytest

from tests.recipes.conftest import RECIPES
from tests.transfer.importing.files import exported

pytestmark = pytest.mark.everything


@pytest.fixture
def shop(store):
    store.tell("customer-mail")
    store.tell("sent")
    return store


@pytest.fixture
def people(shop, again):
    """A shop with the customers of the recipe."""
    shop.given("recipe customers", lambda: again("customers.csv", "customers"))
    return shop


def lines(name: str) -> list[list[str]]:
    with (RECIPES / name).open(newline="") as file:
        return list(csv.reader(file))


def only(store, email: str) -> list[dict[str, str]]:
    return [row for row in exported(store, "customers") if row["Email"] == email]


def mails(store) -> list[dict[str, str]]:
    return store.tell("customer-mail")["mails"]


def test_customers_come_from_another_shop(shop, altera):
    assert lines("customers.csv")[0] == [
        *("Email", "First Name", "Last Name", "Phone", "Tags", "Tags Command"),
        *("Email Marketing: Status", "Email Marketing: Level", "Email Marketing: Updated At"),
        *("Note", "Tax Exempt", "Address Line 1", "Address Line 2", "Address City"),
        *("Address Zip", "Address Province Code", "Address Country Code", "Address Is Default"),
    ]
    altera("import", "create", "customers.csv", "--dry-run")
    assert exported(shop, "customers") == []
    altera("import", "create", "customers.csv")
    ada = only(shop, "ada@example.com")
    assert [row["Address Line 1"] for row in ada] == ["9 Mill Rd", "12 Harbour St"]
    assert [row["Address Is Default"] for row in ada] == ["true", "false"]
    assert (ada[0]["Tags"], ada[0]["Phone"]) == ("moved, trade", "+12075550101")
    states = {row["Email"]: row["Email Marketing: Status"] for row in exported(shop, "customers")}
    assert states == {
        "ada@example.com": "subscribed",
        "bjorn@example.com": "unsubscribed",
        "chloe@example.com": "not_subscribed",
    }
    assert mails(shop) == []
    assert "4 unchanged" in altera("import", "create", "customers.csv").stderr


def test_tags_and_notes_by_email(people, altera, tmp_path):
    (tmp_path / "customers.csv").write_text(
        "Email,Tags,Tags Command,Note\nADA@example.com,gold,MERGE,Met at the fair\n"
    )
    altera("import", "create", str(tmp_path / "customers.csv"))
    ada = only(people, "ada@example.com")[0]
    assert (ada["Tags"], ada["Note"]) == ("gold, moved, trade", "Met at the fair")


def test_loyalty_balances(people, altera, again):
    def credit() -> list[str]:
        rows = exported(people, "customers")
        return [row["Store Credit: Amount"] for row in rows if row["Top Row"] == "true"][:2]

    altera("import", "create", "loyalty-balances-set.csv", "--type", "customers")
    assert credit() == ["40.00", ""]
    assert again("loyalty-balances-set.csv", "customers") == {"unchanged": 2}
    done = altera("import", "create", "loyalty-balances.csv", "--type", "customers", code=5)
    assert "only 0.00 is there to be taken" in done.stdout + done.stderr
    assert credit()[0] == "65.00"
    assert mails(people) == []


def test_b2b_accounts_and_price_lists(shop, altera, again, tmp_path):
    assert lines("b2b-accounts.csv")[0] == [
        *("Name", "Command", "External ID", "Location: Name", "Location: Command"),
        *("Location: External ID", "Location: Checkout Payment Terms"),
        *("Location: Shipping Address 1", "Location: Shipping City", "Location: Shipping Zip"),
        *("Location: Shipping Country Code", "Customer: Email", "Customer: First Name"),
        *("Customer: Last Name", "Customer: Command", "Customer: Location Role"),
    ]
    altera("import", "create", "b2b-accounts.csv", "--type", "companies")
    names = ("Name", "Location: Name", "Customer: Email", "Customer: Location Role")
    found = [tuple(row[name] for name in names) for row in exported(shop, "companies")]
    assert found == [
        ("Fjell Lodge AS", "Oslo", "kari@fjell.example", "Location admin"),
        ("Fjell Lodge AS", "Oslo", "ola@fjell.example", "Ordering only"),
        ("Fjell Lodge AS", "Bergen", "kari@fjell.example", "Location admin"),
        ("Portland Provisions", "Portland", "jo@port.example", "Location admin"),
    ]
    assert mails(shop) == []
    assert again("b2b-accounts.csv", "companies") == {"unchanged": 4}
    altera("import", "create", "b2b-catalogs.csv", "--type", "catalogs")
    shutil.copy(RECIPES / "b2b-prices.csv", tmp_path)
    altera("import", "create", str(tmp_path / "b2b-prices.csv"), "--type", "products")
    prices = {row["Handle"]: row["Price / Wholesale"] for row in exported(shop, "products")}
    assert prices == {"recipe-mug": "14.0", "recipe-plate": "21.0"}
    altera("import", "create", "b2b-locations.csv", "--type", "companies")
    catalogs = {r["Location: Name"]: r["Location: Catalogs"] for r in exported(shop, "companies")}
    assert catalogs == {"Oslo": "Wholesale", "Bergen": "", "Portland": "Wholesale"}
