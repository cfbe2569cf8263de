"""Customers: their own cells, addresses, consent, store credit, and what reaches them."""

import pytest

from models.job import HELD
from tests.transfer.importing.files import (
    came_of,
    exported,
    imported,
    results_of,
    text_of,
    unchanged,
    undone_rows,
)
from tests.transfer.importing.test_undo import undone
from transfer.permissions import known_permissions

ANN = {"Email": "Ann@X.example", "First Name": "Ann", "Last Name": "Lee", "Phone": "+49 151 234567"}
HOME = {
    "Address Line 1": "Hauptstr. 1",
    "Address City": "Berlin",
    "Address Zip": "10115",
    "Address Country Code": "DE",
}


@pytest.fixture
def people(store):
    store.tell("customer-mail")
    store.tell("sent")
    return store


def ann(store, folder) -> None:
    store.given("Ann Weber", lambda: imported(store, folder, "customers", ANN))


def only(store, email: str) -> list[dict[str, str]]:
    return [row for row in exported(store, "customers") if row["Email"] == email]


def fields(store) -> list[str]:
    return [one["field"] for one in store.changes_sent()]


def mails(store) -> list[str]:
    return [one["kind"] for one in store.tell("customer-mail")["mails"]]


def run(store, folder, *rows: dict[str, str], **options: object):
    """The import of these rows as a job."""
    store.key.permissions = known_permissions({*store.key.permissions, "customers:import"})
    return store.run_import(store.keep(folder, text_of(list(rows)), type="customers", **options))


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
    assert results_of(people, tmp_path, "customers", row) == ["created"]
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
    unchanged(people, tmp_path, "customers")
    assert results_of(people, tmp_path, "customers", row) == ["unchanged"]


def test_one_address_a_row(people, tmp_path):
    first = ANN | HOME | {"Address Is Default": "false"}
    second = {"Email": "ann@x.example"} | HOME
    second |= {"Address Line 1": "Nebenstr. 2", "Address Is Default": "true"}
    assert results_of(people, tmp_path, "customers", first, second) == ["created"] * 2
    rows = only(people, "ann@x.example")
    assert [row["Address Line 1"] for row in rows] == ["Hauptstr. 1", "Nebenstr. 2"]
    assert [row["Address Is Default"] for row in rows] == ["false", "true"]
    third = {"Email": "ann@x.example", **HOME, "Address Line 1": "Am Rand 3"}
    moved = {"Email": "ann@x.example", **HOME, "Address Phone": "030 1"}
    people.tell("sent")
    assert results_of(people, tmp_path, "customers", third, moved) == ["updated"] * 2
    assert fields(people) == ["customerAddressUpdate", "customerAddressCreate"]
    assert [row["Address Phone"] for row in only(people, "ann@x.example")] == ["030 1", "", ""]


def test_an_address_goes_only_where_the_file_says_so(people, tmp_path):
    rows = [ANN | HOME, {"Email": "ann@x.example", **HOME, "Address Line 1": "Nebenstr. 2"}]
    imported(people, tmp_path, "customers", *rows)
    [one, two] = only(people, "ann@x.example")
    gone = {"Email": "ann@x.example", "Address ID": one["Address ID"], "Address Command": "DELETE"}
    people.tell("sent")
    [(result, comment)] = came_of(people, tmp_path, "customers", gone)
    heir = "Shopify makes another address the default."
    assert (result, comment.endswith(f"is deleted. {heir}")) == ("updated", True), comment
    assert fields(people) == ["customerAddressDelete"]
    [left] = only(people, "ann@x.example")
    assert (left["Address Line 1"], left["Address Is Default"]) == ("Nebenstr. 2", "true")
    new = {"Email": "ann@x.example", **HOME, "Address Command": "REPLACE"}
    new["Address Is Default"] = "true"
    [(result, comment)] = came_of(people, tmp_path, "customers", new)
    assert (result, heir in comment) == ("updated", False), comment
    [left] = only(people, "ann@x.example")
    assert left["Address Line 1"] == "Hauptstr. 1"


def test_the_default_passes_from_one_address_to_another_and_back(people, tmp_path):
    rows = [ANN | HOME, {"Email": "ann@x.example", **HOME, "Address Line 1": "Nebenstr. 2"}]
    imported(people, tmp_path, "customers", *rows)
    before = only(people, "ann@x.example")
    change = {key: before[1][key] for key in ("Email", "Address ID")} | {
        "Address Is Default": "true"
    }
    people.tell("sent")
    job = run(people, tmp_path, change)
    assert fields(people) == ["customerUpdateDefaultAddress"]
    assert [r["Address Is Default"] for r in only(people, "ann@x.example")] == ["false", "true"]
    undone(people, job)
    assert [r["Address Is Default"] for r in only(people, "ann@x.example")] == ["true", "false"]
    none = {key: before[0][key] for key in ("Email", "Address ID")} | {
        "Address Is Default": "false"
    }
    [(result, comment)] = came_of(people, tmp_path, "customers", none)
    assert result == "unchanged" and "keeps it until another gets it" in comment


CONSENT = ("Email Marketing: Status", "Email Marketing: Level", "Email Marketing: Updated At")


def consent(store, email: str = "ann@x.example") -> list[str]:
    [row] = only(store, email)
    return [row[header] for header in CONSENT]


def given(*cells: str) -> dict[str, str]:
    return {"Email": "ann@x.example"} | dict(zip(CONSENT, cells, strict=False))


def test_consent_is_written_as_told_with_level_and_time(people, tmp_path):
    ann(people, tmp_path)
    assert consent(people) == ["not_subscribed", "", ""]
    people.tell("sent")
    row = given("Subscribed", "confirmed_opt_in", "2025-02-03 04:05:06 -0500")
    assert results_of(people, tmp_path, "customers", row) == ["updated"]
    [sent] = people.changes_sent()
    assert sent["arguments"]["input"]["emailMarketingConsent"] == {
        "marketingState": "SUBSCRIBED",
        "marketingOptInLevel": "CONFIRMED_OPT_IN",
        "consentUpdatedAt": "2025-02-03T09:05:06Z",
    }
    assert consent(people) == ["subscribed", "confirmed_opt_in", "2025-02-03 04:05:06 -0500"]
    assert mails(people) == []


NONE_SAID = {
    "Accepts Marketing": ["FALSE"],
    CONSENT[0]: ["not_subscribed", "", "invalid", "redacted"],
}


@pytest.mark.parametrize("header", NONE_SAID)
@pytest.mark.parametrize("options", [{}, {"blank": "clear"}])
def test_no_consent_comes_from_what_says_none(people, tmp_path, header, options):
    words = dict(enumerate(NONE_SAID[header]))
    there, new = ([f"{name}{n}@x.example" for n in words] for name in ("ann", "bob"))
    imported(people, tmp_path, "customers", *({"Email": email, "Note": "x"} for email in there))
    people.tell("sent")
    rows = [
        {"Email": email, "Note": note, header: word}
        for emails, note in ((there, "x"), (new, "y"))
        for email, word in zip(emails, words.values(), strict=True)
    ]
    results = results_of(people, tmp_path, "customers", *rows, **options)
    assert results == ["unchanged"] * len(words) + ["created"] * len(words)
    assert fields(people) == ["customerCreate"] * len(words)
    assert {consent(people, email)[0] for email in (*there, *new)} == {"not_subscribed"}


def test_consent_that_is_there_is_taken_only_by_unsubscribed(people, tmp_path):
    imported(people, tmp_path, "customers", ANN | given("subscribed"))
    for word in ("", "not_subscribed", "FALSE"):
        [(result, _)] = came_of(people, tmp_path, "customers", given(word), blank="clear")
        assert result == "unchanged" and consent(people)[0] == "subscribed"
    assert results_of(people, tmp_path, "customers", given("unsubscribed")) == ["updated"]
    assert consent(people)[0] == "unsubscribed"


def test_an_old_export_does_not_subscribe_again_who_left_since(people, tmp_path):
    imported(people, tmp_path, "customers", ANN | given("subscribed", "", "2025-01-01 00:00:00"))
    old = only(people, "ann@x.example")
    imported(people, tmp_path, "customers", given("unsubscribed"))
    people.tell("sent")
    [(result, comment)] = came_of(people, tmp_path, "customers", *old)
    assert result == "unchanged" and "is later than the file's" in comment
    assert fields(people) == [] and consent(people)[0] == "unsubscribed"


def test_consent_needs_a_status_and_an_address(people, tmp_path):
    imported(people, tmp_path, "customers", ANN, {"Phone": "+4930123456", "First Name": "Bo"})
    [(result, comment)] = came_of(people, tmp_path, "customers", given("", "confirmed_opt_in"))
    assert result == "failed" and "Email Marketing: Status: it is empty" in comment
    row = {"Phone": "+4930123456", "Email Marketing: Status": "subscribed"}
    [(result, comment)] = came_of(people, tmp_path, "customers", row)
    assert result == "failed" and "has no email address" in comment
    [(result, comment)] = came_of(people, tmp_path, "customers", given("perhaps"))
    assert result == "failed" and comment.startswith("Email Marketing: Status: “perhaps” is none")


def test_an_undo_takes_consent_but_cannot_make_it_never_given(people, tmp_path):
    ann(people, tmp_path)
    job = run(people, tmp_path, given("subscribed", "single_opt_in", "2025-01-01 00:00:00"))
    assert undone(people, job).counts == {"updated": 1}
    assert consent(people)[0] == "unsubscribed"
    imported(people, tmp_path, "customers", given("subscribed"))
    job = run(people, tmp_path, given("unsubscribed"))
    undone(people, job)
    assert consent(people)[0] == "subscribed"


def test_pending_may_send_a_mail_so_somebody_has_to_accept_it(people, tmp_path):
    rows = [ANN | given("pending"), {"Email": "bob@x.example", CONSENT[0]: "subscribed"}]
    job = run(people, tmp_path, *rows)
    assert job.status == HELD and mails(people) == []
    assert {n: one["count"] for n, one in job.plan["limits"].items() if one["over"]} == {
        "pending": 1
    }
    job.apply({"pending": 1})
    people.run_import(job)
    assert consent(people)[0] == "pending" and mails(people) == ["confirm marketing"]


def test_what_goes_with_no_consent_is_left_out_with_it(people, tmp_path):
    row = ANN | given("not_subscribed", "single_opt_in", "2025-01-01 00:00:00")
    assert results_of(people, tmp_path, "customers", row) == ["created"]
    assert consent(people) == ["not_subscribed", "", ""]


# ---------------------------------------------------------------------------- store credit


def balance(store, email: str = "ann@x.example") -> str:
    return only(store, email)[0]["Store Credit: Amount"]


def lines(store, email: str = "ann@x.example") -> list[str]:
    rows = only(store, email)
    return [amount for row in rows if (amount := row["Store Credit Transaction: Amount"])]


def test_store_credit_is_adjusted_by_what_the_file_says(people, tmp_path):
    ann(people, tmp_path)
    people.tell("sent")
    row = {"Email": "ann@x.example", "Store Credit: Adjust": "25"}
    assert results_of(people, tmp_path, "customers", row) == ["updated"]
    [sent] = people.changes_sent()
    assert sent["arguments"]["creditInput"] == {
        "creditAmount": {"amount": "25", "currencyCode": "USD"},
        "notify": False,
    }
    row["Store Credit: Adjust"] = "-5.50"
    assert results_of(people, tmp_path, "customers", row) == ["updated"]
    assert (balance(people), lines(people), mails(people)) == ("19.50", ["25.00", "-5.50"], [])
    unchanged(people, tmp_path, "customers")


def test_transactions_of_their_own(people, tmp_path):
    def line(command: str, amount: str, **more: str) -> dict[str, str]:
        of = "Store Credit Transaction: "
        row = {"Email": "ann@x.example", f"{of}Command": command, f"{of}Amount": amount}
        return row | {f"{of}{name.replace('_', ' ')}": cell for name, cell in more.items()}

    rows = [
        ANN | line("credit", "30", Expire_At="2099-01-01 00:00:00", Send_Receipt="TRUE"),
        line("CREDIT", "10", Send_Receipt="FALSE"),
        line("DEBIT", "15"),
    ]
    assert results_of(people, tmp_path, "customers", *rows) == ["created"] * 3
    assert (balance(people), lines(people)) == ("25.00", ["30.00", "10.00", "-15.00"])
    assert mails(people) == ["store credit"]
    assert results_of(people, tmp_path, "customers", line("SET", "40")) == ["updated"]
    assert results_of(people, tmp_path, "customers", line("SET", "40")) == ["unchanged"]
    assert lines(people) == ["30.00", "10.00", "-15.00", "15.00"]
    [(result, comment)] = came_of(people, tmp_path, "customers", line("DEBIT", "41"))
    assert (result, comment) == ("failed", "Store Credit: only 40.00 is there to be taken.")
    [(result, comment)] = came_of(people, tmp_path, "customers", line("CREDIT", "-3"))
    assert result == "failed" and "it is always above 0" in comment


def test_a_balance_is_set_where_there_is_no_account(people, tmp_path):
    ann(people, tmp_path)
    of = "Store Credit Transaction: "
    row = {"Email": "ann@x.example", f"{of}Command": "SET", f"{of}Amount": "0"}
    assert results_of(people, tmp_path, "customers", row) == ["unchanged"]
    row[f"{of}Amount"] = "40"
    assert came_of(people, tmp_path, "customers", row)[0][0] == "updated"
    assert balance(people) == "40.00"
    row |= {f"{of}Amount": "55", f"{of}Expire At": "2099-01-01 00:00:00 +0000"}
    row[f"{of}Send Receipt"] = "TRUE"
    people.tell("sent")
    assert came_of(people, tmp_path, "customers", row)[0][0] == "updated"
    [one] = people.changes_sent()
    given = one["arguments"]["creditInput"]
    assert given["expiresAt"].startswith("2099-01-01T00:00:00") and given["notify"] is True
    assert (balance(people), mails(people)) == ("55.00", ["store credit"])
    assert undone_rows(people)[0]["Import Result"] == "updated" and balance(people) == "40.00"


def test_an_old_export_gives_no_credit(people, tmp_path):
    imported(people, tmp_path, "customers", ANN | {"Store Credit: Adjust": "25"})
    old = only(people, "ann@x.example")
    imported(people, tmp_path, "customers", {"Email": "ann@x.example", "Store Credit: Adjust": "5"})
    people.tell("sent")
    assert results_of(people, tmp_path, "customers", *old) == ["unchanged"]
    assert fields(people) == [] and balance(people) == "30.00"
    row = {"Email": "ann@x.example", "Store Credit: Amount": "12"}
    assert results_of(people, tmp_path, "customers", row) == ["updated"]
    assert balance(people) == "12.00"


def test_an_undo_takes_back_what_was_given(people, tmp_path):
    ann(people, tmp_path)
    of = "Store Credit Transaction: "
    row = {"Email": "ann@x.example", "Store Credit: Adjust": "25"}
    job = run(people, tmp_path, row | {f"{of}Command": "CREDIT", f"{of}Amount": "7"})
    assert balance(people) == "32.00"
    assert undone(people, job).counts == {"updated": 1}
    assert (balance(people), lines(people)) == ("0.00", ["25.00", "7.00", "-25.00", "-7.00"])


# ---------------------------------------------------------------------------- what cannot be


def test_a_customer_with_orders_is_not_deleted(people, tmp_path):
    people.tell("seed", customers=3, orders=4)
    rows = exported(people, "customers")
    with_orders = next(row for row in rows if row["Total Orders"] not in ("", "0"))
    without = next(row for row in rows if row["Total Orders"] == "0")
    people.tell("sent")
    gone = [{"ID": row["ID"], "Command": "DELETE"} for row in (with_orders, without)]
    [kept, deleted] = came_of(people, tmp_path, "customers", *gone)
    assert kept[0] == "failed" and "deletes no customer who has orders" in kept[1]
    assert deleted[0] == "deleted" and fields(people) == ["customerDelete"]


def test_an_id_of_another_shop_is_found_by_its_email(people, tmp_path):
    ann(people, tmp_path)
    row = {"ID": "1234567", "Email": "ANN@x.example", "Note": "New"}
    [(result, comment)] = came_of(people, tmp_path, "customers", row)
    assert result == "updated" and "The store has no ID 1234567" in comment


def test_phone_numbers_that_a_spreadsheet_has_spoilt_fail_alone(people, tmp_path):
    for phone in ("4.91512E+11", "0151 234567"):
        row = {"Email": "cleo@x.example", "Phone": phone, "Tags": "a"}
        [(result, comment)] = came_of(people, tmp_path, "customers", row)
        assert result == "failed" and comment.startswith("Phone: ")
    assert only(people, "cleo@x.example") == []


def test_what_belongs_to_another_customer_is_told(people, tmp_path):
    ann(people, tmp_path)
    row = {"Email": "ben@x.example", "Phone": "+49 (151) 234567"}
    [(result, comment)] = came_of(people, tmp_path, "customers", row)
    assert result == "failed" and "Phone has already been taken" in comment


def test_an_invitation_goes_out_only_where_it_is_asked_for(people, tmp_path):
    header = "Send Account Activation Email"
    rows = [ANN | {header: "FALSE"}, {"Email": "bob@x.example", header: "TRUE"}]
    imported(people, tmp_path, "customers", *rows)
    assert people.tell("customer-mail")["mails"] == [
        {"kind": "account invite", "to": "bob@x.example"}
    ]
    assert [only(people, f"{name}@x.example")[0]["State"] for name in ("ann", "bob")] == [
        "disabled",
        "invited",
    ]
    people.tell("seed", customers=2)
    active = next(row for row in exported(people, "customers") if row["State"] == "enabled")
    row = {"ID": active["ID"], header: "TRUE"}
    assert results_of(people, tmp_path, "customers", row) == ["unchanged"]
    assert mails(people) == []


def test_tags_are_added_taken_and_replaced(people, tmp_path):
    imported(people, tmp_path, "customers", ANN | {"Tags": "a, b"})
    for cell, command, expected in (
        ("B, c", "MERGE", "a, b, c"),
        ("A", "DELETE", "b, c"),
        ("z", "", "z"),
    ):
        row = {"Email": "ann@x.example", "Tags": cell, "Tags Command": command}
        imported(people, tmp_path, "customers", row)
        assert only(people, "ann@x.example")[0]["Tags"] == expected


def test_countries_by_name_or_code(people, tmp_path):
    row = ANN | {
        "Address Line 1": "9 Mill Rd",
        "Address Country": "us",
        "Address Province": "Maine",
    }
    imported(people, tmp_path, "customers", row)
    [found] = only(people, "ann@x.example")
    names = ("Address Country", "Address Country Code", "Address Province Code")
    assert [found[name] for name in names] == ["United States", "US", "ME"]
    row = {"Email": "ann@x.example", "Address ID": found["Address ID"], "Address Country": "Norway"}
    row["Address Province"] = ""
    people.tell("sent")
    assert results_of(people, tmp_path, "customers", row, blank="clear") == ["updated"]
    [found] = only(people, "ann@x.example")
    assert (found["Address Country Code"], found["Address Line 1"]) == ("NO", "9 Mill Rd")


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
    assert results_of(people, tmp_path, "customers", row, tries=5) == ["created"]
    people.misbehave()
    made = [one for one in exported(people, "customers") if one["First Name"] == "Only"]
    assert [one["Tags"] for one in made] == ["walk-in"]
