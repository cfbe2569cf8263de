"""What a row asks for, by its command and by what the store has."""

import re

import pytest

from transfer.importing.cells import Options
from transfer.importing.columns import file_columns
from transfer.importing.plan import EXISTS, MISSING, NO_OPTIONS, Change, id_of
from transfer.importing.plan import plan as plan_rows
from transfer.importing.snapshot import Known, Snapshot
from transfer.types import BY_NAME
from transfer.types.forms import BadCell

FACTS = {"domains": ["demo.myshopify.com", "shop.example.com"]}
ID = "gid://shopify/UrlRedirect/7"
OLD = Known(ID, None, {"ID": "7", "Path": "/a", "Command": "MERGE", "Target": "/b"})
OTHER_ONE = Known("gid://shopify/UrlRedirect/8", None, {"Path": "/taken", "Target": "/b"})
SAME = {"Path": "/a", "Target": "/b"}
OTHER = {"Path": "/a", "Target": "/c"}
CREATE = Change(
    "create", after={"Path": "/a", "Target": "/c"}, key="/a", comment='Path: "/a", Target: "/c"'
)
UPDATE = Change(
    "update", OLD, {"Target": "/b"}, {"Target": "/c"}, key="/a", comment='Target: "/b" → "/c"'
)


def plan(row: dict[str, str], *known: Known, options: Options = NO_OPTIONS) -> Change:
    columns = file_columns(BY_NAME["redirects"], row, FACTS)
    snapshot = Snapshot(columns)
    for one in known:
        snapshot.add(one)
    return plan_rows(columns, [(2, columns.cells(list(row.values())))], snapshot, options)


@pytest.mark.parametrize(
    ("command", "missing", "there"),
    [
        ("NEW", CREATE, Change("skipped", OLD, key="/a", comment=EXISTS)),
        ("MERGE", CREATE, UPDATE),
        ("", CREATE, UPDATE),
        ("merge", CREATE, UPDATE),
        (" Add ", CREATE, UPDATE),
        ("REPLACE", CREATE, UPDATE),
        ("UPDATE", Change("skipped", key="/a", comment=MISSING), UPDATE),
        ("DELETE", Change("skipped", key="/a", comment=MISSING),
         Change("delete", OLD, {"Path": "/a", "Target": "/b"}, key="/a")),
        ("IGNORE", Change("skipped", key="/a", comment="Its Command is IGNORE."),
         Change("skipped", OLD, key="/a", comment="Its Command is IGNORE.")),
    ],
)  # fmt: skip
def test_commands(command, missing, there):
    row = OTHER | {"Command": command}
    assert plan(row) == missing
    assert plan(row, OLD) == there


def test_a_file_without_commands_merges():
    assert plan(OTHER) == CREATE


def test_a_row_like_the_store_changes_nothing():
    assert plan(SAME | {"Command": "MERGE"}, OLD) == Change("unchanged", OLD, key="/a")


def test_a_column_that_is_left_out_is_kept():
    assert plan({"ID": "7", "Path": "/z"}, OLD) == Change(
        "update", OLD, {"Path": "/a"}, {"Path": "/z"}, key="/z", comment='Path: "/a" → "/z"'
    )


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("a", "/a"),
        (" /a ", "/a"),
        ("https://demo.myshopify.com/a?b=1#c", "/a?b=1"),
        ("HTTPS://Shop.Example.com/A", "/A"),
        ("https://shop.example.com", "/"),
        ("demo.myshopify.com/a", "/demo.myshopify.com/a"),
        ("/" + "x" * 1023, "/" + "x" * 1023),
    ],
)
def test_a_path_is_written_as_shopify_keeps_it(path, kept):
    assert plan({"Path": path, "Target": " /t "}).after == {"Path": kept, "Target": "/t"}


@pytest.mark.parametrize("path", ["a", " /a", "/A", "/a/", "https://demo.myshopify.com/A"])
def test_a_redirect_is_found_however_its_path_is_written(path):
    assert plan({"Path": path, "Target": " /b "}, OLD).action == "unchanged"
    assert plan({"Path": path, "Command": "DELETE"}, OLD).action == "delete"
    assert plan({"ID": "7", "Path": path, "Target": "/b"}, OLD).action == "unchanged"


@pytest.mark.parametrize(
    ("row", "known", "words"),
    [
        (OTHER | {"Command": "ERASE"}, [OLD], "The Command “ERASE” is none of NEW"),
        ({"Path": "/a", "Target": ""}, [], "The Target is empty"),
        ({"Path": "", "Target": "/b"}, [], "The Path is empty"),
        ({"Path": "/a"}, [], "The Target is empty"),
        ({"Path": "/a", "Target": "/a"}, [], "The Path and the Target are the same"),
        ({"Path": "a", "Target": "/a "}, [], "The Path and the Target are the same"),
        ({"ID": "7", "Target": "/a"}, [OLD], "The Path and the Target are the same"),
        ({"Path": "/a", "Target": "#N/A"}, [OLD], "The Target is “#N/A”, an error of the"),
        ({"Path": "#REF!", "Target": "/b"}, [], "The Path is “#REF!”, an error"),
        ({"ID": "#NO VALUE", "Target": "/b"}, [], "The ID is a formula without a result"),
        ({"ID": "x", "Target": "/b"}, [OLD], "ALYS008"),
        ({"Path": "/" + "x" * 1024, "Target": "/b"}, [], "Path: It is longer than 1,024"),
        ({"Path": "https://old.example.com/p?a=1", "Target": "/b"}, [],
         "Path: “https://old.example.com/p.a=1” is an address of another site. Write only"),
        ({"Path": "http://[x/", "Target": "/b"}, [], "an address of another site"),
        ({"Path": "https://old.example.com/p", "Command": "DELETE"}, [], "address of another"),
        ({"ID": "7", "Path": "Taken"}, [OLD, OTHER_ONE], "Path: “/Taken” is that of another"),
    ],
)  # fmt: skip
def test_a_bad_row_is_told_in_one_sentence(row, known, words):
    change = plan(row, *known)
    assert change.action == "failed"
    assert re.search(words, change.comment), change.comment


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("", None),
        (" ", None),
        ("7", ID),
        (" 7 ", ID),
        ("gid://shopify/UrlRedirect/7", ID),
    ],
)
def test_ids(cell, found):
    assert id_of(file_columns(BY_NAME["redirects"], ("ID",), FACTS), {"ID": cell}) == found


@pytest.mark.parametrize("cell", ["x", "7.5", "-7", "gid://shopify/Product/7", "7" * 21, "７"])
def test_what_can_be_no_id_is_told(cell):
    with pytest.raises(BadCell, match="ALYS008"):
        id_of(file_columns(BY_NAME["redirects"], ("ID",), FACTS), {"ID": cell})


def test_the_columns_of_a_file_are_compiled_once():
    first = file_columns(BY_NAME["redirects"], ["Path", "Target"], FACTS)
    assert file_columns(BY_NAME["redirects"], ["Path", "Target"], FACTS) is first


def test_a_blank_cell_is_kept_and_counted_unless_it_is_to_clear():
    row = {"Path": "/a", "Target": " "}
    assert plan(row, OLD) == Change("unchanged", OLD, key="/a", blanks=("Target",))
    cleared = plan(row, OLD, options=Options(blank="clear"))
    assert (cleared.action, cleared.comment) == ("failed", "The Target is empty.")


@pytest.mark.parametrize(
    ("row", "known", "words"),
    [
        (OTHER | {"Command": "NEW"}, [OLD], EXISTS),
        (OTHER | {"Command": "UPDATE"}, [], MISSING),
        (OTHER | {"Command": "DELETE"}, [], MISSING),
    ],
)
def test_a_command_that_does_not_fit_the_store_fails_where_that_is_asked_for(row, known, words):
    change = plan(row, *known, options=Options(strict=True))
    assert (change.action, change.comment) == ("failed", words)


def test_an_id_of_another_store_falls_back_to_the_natural_key_and_is_told():
    change = plan({"ID": "99", "Path": "/a", "Target": "/c"}, OLD)
    assert (change.action, change.known) == ("update", OLD)
    assert change.warnings == ("The store has no ID 99; it was found by its Path.",)
    assert change.comment.endswith(change.warnings[0])
    assert plan({"ID": "99", "Path": "/new", "Target": "/c"}, OLD).warnings == ()
