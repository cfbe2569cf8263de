"""Customers: their own cells, addresses, consent, store credit, and what reaches them."""

from typing import Any

import pytest

from models.job import HELD
from tests.transfer.importing.files import (
    came_of,
    check_told,
    exported,
    imported,
    results_of,
    text_of,
    unchanged,
    undone_rows,
)
from tests.transfer.importing.test_undo import undone
from transfer.permissions import known_permissions

TYPE = "customers"
ANN = {"Email": "Ann@X.example", "First Name": "Ann", "Last Name": "Lee", "Phone": "+49 151 234567"}
BEN = {"Email": "ben@x.example", "First Name": "Ben"}
HOME = {
    "Address Line 1": "Hauptstr. 1",
    "Address City": "Berlin",
    "Address Zip": "10115",
    "Address Country Code": "DE",
}
OF_ANN = {"Email": "ann@x.example"}
CUSTOMERS = """query { customers(first: 50) { nodes { id email firstName tags state numberOfOrders
  emailMarketingConsent { marketingState } defaultAddress { id }
  addressesV2(first: 9) { nodes { id address1 phone country countryCodeV2 provinceCode } }
  storeCreditAccounts(first: 2) { nodes { balance { amount }
    transactions(first: 9) { nodes { amount { amount } } } } } } } }"""


@pytest.fixture
def people(store):
    store.tell("customer-mail")
    store.tell("sent")
    return store


def ann_and_ben(store, folder) -> None:
    store.given("Ann and Ben", lambda: imported(store, folder, TYPE, ANN, BEN))
    store.tell("sent")


def ann_of_two_addresses(store, folder) -> None:
    rows = [ANN | HOME, OF_ANN | HOME | {"Address Line 1": "Nebenstr. 2"}]
    store.given("Ann of two addresses", lambda: imported(store, folder, TYPE, *rows))
    store.tell("sent")


def everybody(store) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = store.graphql(CUSTOMERS)["customers"]["nodes"]
    return found


def there(store, email: str = "ann@x.example") -> dict[str, Any]:
    [found] = [one for one in everybody(store) if one["email"] == email]
    return found


def addresses(store) -> list[dict[str, Any]]:
    """Those of Ann, each with its number as cells have it, and whether it is the default."""
    found = there(store)
    default = found["defaultAddress"]["id"]
    return [
        one | {"default": one["id"] == default, "number": one["id"].split("/")[-1].split("?")[0]}
        for one in found["addressesV2"]["nodes"]
    ]


def defaults(store) -> list[tuple[str, bool]]:
    return [(one["address1"], one["default"]) for one in addresses(store)]


def only(store, email: str) -> list[dict[str, str]]:
    return [row for row in exported(store, TYPE) if row["Email"] == email]


def fields(store) -> list[str]:
    return [one["field"] for one in store.changes_sent()]


def mails(store) -> list[str]:
    return [one["kind"] for one in store.tell("customer-mail")["mails"]]


def run(store, folder, *rows: dict[str, str], **options: object):
    """The import of these rows as a job."""
    store.key.permissions = known_permissions({*store.key.permissions, "customers:import"})
    return store.run_import(store.keep(folder, text_of(list(rows)), type=TYPE, **options))


def test_a_customer_comes_from_another_shop(people, tmp_path):
    row = ANN | HOME
    row |= {
        "Tags": "vip, trade",
        "Tags Command": "MERGE",
        "Note": "Rings twice",
        "Tax Exempt": "TRUE",
        "Email Marketing: Status": "subscribed",
        "Email Marketing: Level": "single_opt_in",
        "Email Marketing: Updated At": "2025-03-01 10:00:00 +0000",
        "Address Is Default": "TRUE",
    }
    assert results_of(people, tmp_path, TYPE, row) == ["created"]
    assert fields(people) == ["customerCreate", "customerAddressCreate"]
    [found] = only(people, "ann@x.example")
    assert (found["Phone"], found["Tags"], found["Tax Exempt"]) == (
        "+49151234567",
        "trade, vip",
        "true",
    )
    assert found["Email Marketing: Status"] == "subscribed"
    assert found["Email Marketing: Updated At"].startswith("2025-03-01")
    assert (found["Address Country"], found["Address Is Default"]) == ("Germany", "true")
    assert mails(people) == []
    unchanged(people, tmp_path, TYPE)
    assert results_of(people, tmp_path, TYPE, row) == ["unchanged"]


def test_one_address_a_row(people, tmp_path):
    first = ANN | HOME | {"Address Is Default": "false"}
    second = OF_ANN | HOME
    second |= {"Address Line 1": "Nebenstr. 2", "Address Is Default": "true"}
    assert results_of(people, tmp_path, TYPE, first, second) == ["created"] * 2
    assert defaults(people) == [("Hauptstr. 1", False), ("Nebenstr. 2", True)]
    third = OF_ANN | HOME | {"Address Line 1": "Am Rand 3"}
    moved = OF_ANN | HOME | {"Address Phone": "030 1"}
    people.tell("sent")
    assert results_of(people, tmp_path, TYPE, third, moved) == ["updated"] * 2
    assert fields(people) == ["customerAddressUpdate", "customerAddressCreate"]
    assert [row["Address Phone"] for row in only(people, "ann@x.example")] == ["030 1", "", ""]


def test_an_address_goes_only_where_the_file_says_so(people, tmp_path):
    ann_of_two_addresses(people, tmp_path)
    gone = OF_ANN | {"Address ID": addresses(people)[0]["number"], "Address Command": "DELETE"}
    [(result, comment)] = came_of(people, tmp_path, TYPE, gone)
    heir = "Shopify makes another address the default."
    assert (result, comment.endswith(f"is deleted. {heir}")) == ("updated", True), comment
    assert fields(people) == ["customerAddressDelete"]
    assert defaults(people) == [("Nebenstr. 2", True)]
    new = OF_ANN | HOME | {"Address Command": "REPLACE", "Address Is Default": "true"}
    [(result, comment)] = came_of(people, tmp_path, TYPE, new)
    assert (result, heir in comment) == ("updated", False), comment
    assert defaults(people) == [("Hauptstr. 1", True)]


def test_the_default_passes_from_one_address_to_another_and_back(people, tmp_path):
    ann_of_two_addresses(people, tmp_path)
    first, second = (OF_ANN | {"Address ID": one["number"]} for one in addresses(people))
    job = run(people, tmp_path, second | {"Address Is Default": "true"})
    assert fields(people) == ["customerUpdateDefaultAddress"]
    assert defaults(people) == [("Hauptstr. 1", False), ("Nebenstr. 2", True)]
    undone(people, job)
    assert defaults(people) == [("Hauptstr. 1", True), ("Nebenstr. 2", False)]
    none = first | {"Address Is Default": "false"}
    [(result, comment)] = came_of(people, tmp_path, TYPE, none)
    assert result == "unchanged" and "keeps it until another gets it" in comment


CONSENT = ("Email Marketing: Status", "Email Marketing: Level", "Email Marketing: Updated At")


def given(*cells: str) -> dict[str, str]:
    return dict(zip(CONSENT, cells, strict=False))


def consents(store) -> dict[str, str]:
    """The state of each customer's consent, by email."""
    return {
        one["email"]: one["emailMarketingConsent"]["marketingState"] for one in everybody(store)
    }


def exported_consent(store) -> dict[str, list[str]]:
    return {row["Email"]: [row[header] for header in CONSENT] for row in exported(store, TYPE)}


def test_consent_is_written_as_told_with_level_and_time(people, tmp_path):
    """What goes with no consent is left out with it."""
    ann_and_ben(people, tmp_path)
    none = ["not_subscribed", "", ""]
    assert exported_consent(people) == {"ann@x.example": none, "ben@x.example": none}
    rows = [
        OF_ANN | given("Subscribed", "confirmed_opt_in", "2025-02-03 04:05:06 -0500"),
        {"Email": "new@x.example"} | given("not_subscribed", "single_opt_in", "2025-01-01"),
    ]
    assert results_of(people, tmp_path, TYPE, *rows) == ["updated", "created"]
    update, create = people.changes_sent()
    assert update["arguments"]["input"]["emailMarketingConsent"] == {
        "marketingState": "SUBSCRIBED",
        "marketingOptInLevel": "CONFIRMED_OPT_IN",
        "consentUpdatedAt": "2025-02-03T09:05:06Z",
    }
    assert create["field"] == "customerCreate"
    assert exported_consent(people) == {
        "ann@x.example": ["subscribed", "confirmed_opt_in", "2025-02-03 04:05:06 -0500"],
        "ben@x.example": none,
        "new@x.example": none,
    }
    assert mails(people) == []


NONE_SAID = {
    "Accepts Marketing": ["FALSE"],
    CONSENT[0]: ["not_subscribed", "", "invalid", "redacted"],
}


def test_no_consent_comes_from_what_says_none(people, tmp_path):
    there = [f"ann{n}@x.example" for n in range(4)]
    imported(people, tmp_path, TYPE, *({"Email": email, "Note": "x"} for email in there))
    for header, words in NONE_SAID.items():
        for options in ({}, {"blank": "clear"}):
            new = [f"{header}{len(options)}.{n}@x.example".replace(" ", "") for n in range(4)]
            rows = [
                {"Email": email, "Note": note, header: word}
                for emails, note in ((there, "x"), (new, "y"))
                for email, word in zip(emails, words, strict=False)
            ]
            people.tell("sent")
            results = results_of(people, tmp_path, TYPE, *rows, **options)
            case = (header, options)
            assert results == [r for r in ("unchanged", "created") for _ in words], case
            assert fields(people) == ["customerCreate"] * len(words), case
            assert set(consents(people).values()) == {"NOT_SUBSCRIBED"}, case


def test_consent_that_is_there_is_taken_only_by_unsubscribed(people, tmp_path):
    words = {"no word": "", "another": "not_subscribed", "old": "FALSE", "left": "unsubscribed"}
    emails = [f"{name.replace(' ', '')}@x.example" for name in words]
    imported(people, tmp_path, TYPE, *({"Email": one} | given("subscribed") for one in emails))
    rows = [{"Email": one} | given(word) for one, word in zip(emails, words.values(), strict=True)]
    found = results_of(people, tmp_path, TYPE, *rows, blank="clear")
    assert dict(zip(words, found, strict=True)) == dict.fromkeys(words, "unchanged") | {
        "left": "updated"
    }
    assert consents(people) == dict.fromkeys(emails, "SUBSCRIBED") | {
        "left@x.example": "UNSUBSCRIBED"
    }


def test_an_old_export_neither_subscribes_who_left_since_nor_gives_credit(people, tmp_path):
    credit = "Store Credit: Adjust"
    dated = given("subscribed", "", "2025-01-01 00:00:00")
    imported(people, tmp_path, TYPE, ANN | dated, BEN | {credit: "25"})
    old = exported(people, TYPE)
    [of_ann] = [n for n, row in enumerate(old) if row["Email"] == "ann@x.example"]
    imported(people, tmp_path, TYPE, OF_ANN | given("unsubscribed"), BEN | {credit: "5"})
    people.tell("sent")
    found = came_of(people, tmp_path, TYPE, *old)
    assert {result for result, _ in found} == {"unchanged"}, found
    assert "is later than the file's" in found[of_ann][1]
    assert fields(people) == []
    assert consents(people)["ann@x.example"] == "UNSUBSCRIBED"
    assert balance(people, "ben@x.example") == "30.00"
    row = {"Email": "ben@x.example", "Store Credit: Amount": "12"}
    assert results_of(people, tmp_path, TYPE, row) == ["updated"]
    assert balance(people, "ben@x.example") == "12.00"


PHONE_ALONE = {"Phone": "+4930123456", "First Name": "Bo"}
STATUS = CONSENT[0]
NO_COUNTRY = "is not a phone number with its country code"
WRONG = [
    (OF_ANN | given("", "confirmed_opt_in"), f"{STATUS}: it is empty"),
    ({"Phone": "+4930123456"} | given("subscribed"), "has no email address"),
    (BEN | given("perhaps"), f"{STATUS}: “perhaps” is none"),
    ({"Email": "cleo@x.example", "Phone": "4.91512E+11", "Tags": "a"}, "has shortened"),
    ({"Email": "dora@x.example", "Phone": "0151 234567", "Tags": "a"}, NO_COUNTRY),
    ({"Email": "emil@x.example", "Phone": "+49 (151) 234567"}, "Phone has already been taken"),
]


def test_what_is_wrong_is_told_and_fails_alone(people, tmp_path):
    """Among it phone numbers that a spreadsheet has spoilt, and one of another customer."""
    imported(people, tmp_path, TYPE, ANN, BEN, PHONE_ALONE)
    before = everybody(people)
    well = {"Email": "well@x.example", "Phone": "+49 152 234567"}
    *found, last = came_of(people, tmp_path, TYPE, *(row for row, _ in WRONG), well)
    check_told(found, WRONG)
    assert [why.startswith("Phone: ") for _, why in found[3:5]] == [True, True]
    assert found[2][1].startswith(f"{STATUS}: ")
    assert last[0] == "created"
    assert [one for one in everybody(people) if one["email"] != "well@x.example"] == before


def test_an_undo_takes_consent_but_cannot_make_it_never_given(people, tmp_path):
    imported(people, tmp_path, TYPE, ANN, BEN | given("subscribed"))
    rows = [
        OF_ANN | given("subscribed", "single_opt_in", "2025-01-01 00:00:00"),
        BEN | given("unsubscribed"),
    ]
    job = run(people, tmp_path, *rows)
    found = consents(people)
    assert found == {"ann@x.example": "SUBSCRIBED", "ben@x.example": "UNSUBSCRIBED"}
    assert undone(people, job).counts == {"updated": 2}
    found = consents(people)
    assert found == {"ann@x.example": "UNSUBSCRIBED", "ben@x.example": "SUBSCRIBED"}


def test_pending_may_send_a_mail_so_somebody_has_to_accept_it(people, tmp_path):
    rows = [ANN | given("pending"), {"Email": "bob@x.example", CONSENT[0]: "subscribed"}]
    job = run(people, tmp_path, *rows)
    assert job.status == HELD and mails(people) == []
    assert {n: one["count"] for n, one in job.plan["limits"].items() if one["over"]} == {
        "pending": 1
    }
    job.apply({"pending": 1})
    people.run_import(job)
    assert consents(people)["ann@x.example"] == "PENDING" and mails(people) == ["confirm marketing"]


# ---------------------------------------------------------------------------- store credit

LINE = "Store Credit Transaction: "


def balance(store, email: str = "ann@x.example") -> str:
    [account] = there(store, email)["storeCreditAccounts"]["nodes"]
    return str(account["balance"]["amount"])


def lines(store) -> list[str]:
    """What was added to Ann's credit and taken from it."""
    [account] = there(store)["storeCreditAccounts"]["nodes"]
    return [one["amount"]["amount"] for one in account["transactions"]["nodes"]]


def line(command: str, amount: str, **more: str) -> dict[str, str]:
    cells = {f"{LINE}Command": command, f"{LINE}Amount": amount}
    return cells | {f"{LINE}{name.replace('_', ' ')}": cell for name, cell in more.items()}


def test_store_credit_is_adjusted_by_what_the_file_says(people, tmp_path):
    ann_and_ben(people, tmp_path)
    row = OF_ANN | {"Store Credit: Adjust": "25"}
    assert results_of(people, tmp_path, TYPE, row) == ["updated"]
    [sent] = people.changes_sent()
    assert sent["arguments"]["creditInput"] == {
        "creditAmount": {"amount": "25", "currencyCode": "USD"},
        "notify": False,
    }
    row["Store Credit: Adjust"] = "-5.50"
    assert results_of(people, tmp_path, TYPE, row) == ["updated"]
    found = only(people, "ann@x.example")
    assert found[0]["Store Credit: Amount"] == "19.50"
    shown = [amount for row in found if (amount := row[f"{LINE}Amount"])]
    assert (shown, mails(people)) == (["25.00", "-5.50"], [])
    unchanged(people, tmp_path, TYPE)


def test_transactions_of_their_own(people, tmp_path):
    rows = [
        ANN | line("credit", "30", Expire_At="2099-01-01 00:00:00", Send_Receipt="TRUE"),
        OF_ANN | line("CREDIT", "10", Send_Receipt="FALSE"),
        OF_ANN | line("DEBIT", "15"),
        BEN | line("CREDIT", "40"),
        {"Email": "cleo@x.example"} | line("", ""),
    ]
    assert results_of(people, tmp_path, TYPE, *rows) == ["created"] * 5
    assert (balance(people), lines(people)) == ("25.00", ["30.00", "10.00", "-15.00"])
    assert mails(people) == ["store credit"]
    assert results_of(people, tmp_path, TYPE, OF_ANN | line("SET", "40")) == ["updated"]
    rows = [
        OF_ANN | line("SET", "40"),
        BEN | line("DEBIT", "41"),
        {"Email": "cleo@x.example"} | line("CREDIT", "-3"),
    ]
    same, too_much, below = came_of(people, tmp_path, TYPE, *rows)
    assert same[0] == "unchanged"
    assert lines(people) == ["30.00", "10.00", "-15.00", "15.00"]
    assert too_much == ("failed", "Store Credit: only 40.00 is there to be taken.")
    assert below[0] == "failed" and "it is always above 0" in below[1]


def test_a_balance_is_set_where_there_is_no_account(people, tmp_path):
    ann_and_ben(people, tmp_path)
    rows = [OF_ANN | line("SET", "40"), BEN | line("SET", "0")]
    assert results_of(people, tmp_path, TYPE, *rows) == ["updated", "unchanged"]
    assert balance(people) == "40.00"
    row = OF_ANN | line("SET", "55", Expire_At="2099-01-01 00:00:00 +0000", Send_Receipt="TRUE")
    people.tell("sent")
    assert came_of(people, tmp_path, TYPE, row)[0][0] == "updated"
    [one] = people.changes_sent()
    given = one["arguments"]["creditInput"]
    assert given["expiresAt"].startswith("2099-01-01T00:00:00") and given["notify"] is True
    assert (balance(people), mails(people)) == ("55.00", ["store credit"])
    assert undone_rows(people)[0]["Import Result"] == "updated" and balance(people) == "40.00"


def test_an_undo_takes_back_what_was_given(people, tmp_path):
    ann_and_ben(people, tmp_path)
    job = run(people, tmp_path, OF_ANN | {"Store Credit: Adjust": "25"} | line("CREDIT", "7"))
    assert balance(people) == "32.00"
    assert undone(people, job).counts == {"updated": 1}
    assert (balance(people), lines(people)) == ("0.00", ["25.00", "7.00", "-25.00", "-7.00"])


# ---------------------------------------------------------------------------- what cannot be


def test_a_customer_with_orders_is_not_deleted(people, tmp_path):
    people.tell("seed", customers=3, orders=4)
    found = everybody(people)
    with_orders = next(one["id"] for one in found if one["numberOfOrders"] != "0")
    without = next(one["id"] for one in found if one["numberOfOrders"] == "0")
    people.tell("sent")
    gone = [{"ID": gid, "Command": "DELETE"} for gid in (with_orders, without)]
    [kept, deleted] = came_of(people, tmp_path, TYPE, *gone)
    assert kept[0] == "failed" and "deletes no customer who has orders" in kept[1]
    assert deleted[0] == "deleted" and fields(people) == ["customerDelete"]


def test_an_id_of_another_shop_is_found_by_its_email(people, tmp_path):
    ann_and_ben(people, tmp_path)
    row = {"ID": "1234567", "Email": "ANN@x.example", "Note": "New"}
    [(result, comment)] = came_of(people, tmp_path, TYPE, row)
    assert result == "updated" and "The store has no ID 1234567" in comment


def test_an_invitation_goes_out_only_where_it_is_asked_for(people, tmp_path):
    people.tell("seed", customers=2)
    active = next(one for one in everybody(people) if one["state"] == "ENABLED")
    header = "Send Account Activation Email"
    rows = [
        ANN | {header: "FALSE"},
        {"Email": "bob@x.example", header: "TRUE"},
        {"ID": active["id"], header: "TRUE"},
    ]
    assert results_of(people, tmp_path, TYPE, *rows) == ["created", "created", "unchanged"]
    assert people.tell("customer-mail")["mails"] == [
        {"kind": "account invite", "to": "bob@x.example"}
    ]
    states = [there(people, f"{name}@x.example")["state"] for name in ("ann", "bob")]
    assert states == ["DISABLED", "INVITED"]


def test_tags_are_added_taken_and_replaced(people, tmp_path):
    cases = {
        "MERGE": ("B, c", ["a", "b", "c"]),
        "DELETE": ("A", ["b"]),
        "": ("z", ["z"]),
    }
    emails = {command: f"{command or 'none'}@x.example" for command in cases}
    imported(people, tmp_path, TYPE, *({"Email": e, "Tags": "a, b"} for e in emails.values()))
    rows = [
        {"Email": emails[command], "Tags": cell, "Tags Command": command}
        for command, (cell, _) in cases.items()
    ]
    imported(people, tmp_path, TYPE, *rows)
    found = {one["email"]: one["tags"] for one in everybody(people)}
    assert found == {emails[command].lower(): tags for command, (_, tags) in cases.items()}


def test_countries_by_name_or_code(people, tmp_path):
    row = ANN | {
        "Address Line 1": "9 Mill Rd",
        "Address Country": "us",
        "Address Province": "Maine",
    }
    imported(people, tmp_path, TYPE, row)
    [found] = addresses(people)
    names = ("country", "countryCodeV2", "provinceCode")
    assert [found[name] for name in names] == ["United States", "US", "ME"]
    row = OF_ANN | {"Address ID": found["number"], "Address Country": "Norway"}
    row["Address Province"] = ""
    assert results_of(people, tmp_path, TYPE, row, blank="clear") == ["updated"]
    [found] = addresses(people)
    assert (found["countryCodeV2"], found["address1"]) == ("NO", "9 Mill Rd")


def test_passwords_and_welcome_mails_are_told_to_be_left_out(people, tmp_path):
    more = {"Password": "secret", "Send Welcome Email": "TRUE"}
    job = run(people, tmp_path, ANN | more, {"Email": "bob@x.example"} | more)
    assert job.counts == {"created": 2}
    assert sorted(job.warnings) == [
        "“Password” cannot be written; 2 rows differ.",
        "“Send Welcome Email” cannot be written; 2 rows differ.",
    ]
    assert run(people, tmp_path, {"Email": "bob@x.example"} | more).warnings != []
    assert mails(people) == []


def test_a_customer_with_a_name_alone_is_made_once_though_the_answer_is_lost(people, tmp_path):
    people.misbehave(lose_answer=1, search_lag_ms=60_000)
    row = {"Email": "", "First Name": "Only", "Last Name": "Name", "Tags": "walk-in"}
    assert results_of(people, tmp_path, TYPE, row, tries=5) == ["created"]
    people.misbehave()
    made = [one for one in everybody(people) if one["firstName"] == "Only"]
    assert [one["tags"] for one in made] == [["walk-in"]]
