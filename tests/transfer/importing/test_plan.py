"""What a row asks for, by its command and by what the store has."""

import pytest

from transfer.importing.plan import EXISTS, MISSING, BadRow, Change, gid, plan
from transfer.types import BY_NAME

REDIRECTS = BY_NAME["redirects"]
OLD = {"id": "gid://shopify/UrlRedirect/7", "path": "/a", "target": "/b"}
SAME = {"Path": "/a", "Target": "/b"}
OTHER = {"Path": "/a", "Target": "/c"}
CREATE = Change("create", {"path": "/a", "target": "/c"}, 'Path: "/a", Target: "/c"')
UPDATE = Change("update", {"target": "/c"}, 'Target: "/b" → "/c"')


@pytest.mark.parametrize(
    ("command", "missing", "there"),
    [
        ("NEW", CREATE, Change("skipped", comment=EXISTS)),
        ("MERGE", CREATE, UPDATE),
        ("", CREATE, UPDATE),
        ("merge", CREATE, UPDATE),
        (" Add ", CREATE, UPDATE),
        ("REPLACE", CREATE, UPDATE),
        ("UPDATE", Change("skipped", comment=MISSING), UPDATE),
        ("DELETE", Change("skipped", comment=MISSING), Change("delete")),
        ("IGNORE", Change("skipped", comment="Its Command is IGNORE."),
         Change("skipped", comment="Its Command is IGNORE.")),
    ],
)  # fmt: skip
def test_commands(command, missing, there):
    row = OTHER | {"Command": command}
    assert plan(REDIRECTS, row, None) == missing
    assert plan(REDIRECTS, row, OLD) == there


def test_a_file_without_commands_merges():
    assert plan(REDIRECTS, OTHER, None) == CREATE


def test_a_row_like_the_store_changes_nothing():
    assert plan(REDIRECTS, SAME | {"Command": "MERGE"}, OLD) == Change("unchanged")


def test_a_column_that_is_left_out_is_kept():
    assert plan(REDIRECTS, {"ID": "7", "Path": "/z"}, OLD) == Change(
        "update", {"path": "/z"}, 'Path: "/a" → "/z"'
    )


@pytest.mark.parametrize(
    ("row", "current", "words"),
    [
        (OTHER | {"Command": "ERASE"}, OLD, "The Command “ERASE” is none of NEW"),
        ({"Path": "/a", "Target": ""}, None, "The Target is empty"),
        ({"Path": "", "Target": "/b"}, None, "The Path is empty"),
        ({"Path": "/a"}, None, "The Target is empty"),
        ({"Path": "/a", "Target": " "}, OLD, "The Target is empty"),
        ({"Path": "/a", "Target": "/a"}, None, "The Path and the Target are the same"),
        (
            {"Path": "/a", "Target": "#N/A"},
            OLD,
            "The Target is “#N/A”, an error of the spreadsheet",
        ),
        ({"Path": "#REF!", "Target": "/b"}, None, "The Path is “#REF!”, an error"),
        ({"ID": "#NO VALUE", "Target": "/b"}, None, "The ID is a formula without a result"),
        ({"Target": OLD["path"]}, OLD, "The Path and the Target are the same"),
    ],
)
def test_a_bad_row_is_told_in_one_sentence(row, current, words):
    with pytest.raises(BadRow, match=words):
        plan(REDIRECTS, row, current)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("", None),
        (" ", None),
        ("7", OLD["id"]),
        (" 7 ", OLD["id"]),
        ("gid://shopify/UrlRedirect/7", OLD["id"]),
    ],
)
def test_ids(cell, found):
    assert gid(REDIRECTS, cell) == found


@pytest.mark.parametrize("cell", ["x", "7.5", "-7", "gid://shopify/Product/7", "7" * 21, "７"])
def test_what_can_be_no_id_is_told(cell):
    with pytest.raises(BadRow, match="ALYS008"):
        gid(REDIRECTS, cell)
