"""What the rows of an object with nested sets ask for, beside what the store has."""

import re

import pytest

from tests.transfer.importing.boxes import BOX_7, gid, planned
from transfer.importing.cells import Options

WHOLE = """
ID | Handle | Command | Title | Body | Tags | Count | Top Row | Image Src | Image Alt | Variant ID \
| Option1 Value | Option2 Value | SKU | Price | Rule
7 | tee | MERGE | Tee | Soft | a, b | 3 | true | x/1.png | One | 1 | Red | S | 007 | 1.00 | first
7 | tee | MERGE | Tee |      | a, b | 3 |      | x/2.png |     | 2 | Red | M | B-2 | 1.00 | second
7 | tee | MERGE | Tee |      | a, b | 3 |      |         |     | 3 | Blue | S | B-3 | 1.00 |
""".replace("\\\n", "")


def of_set(change, name: str) -> list[tuple]:
    """Row, name, action and differing cells of a set's members."""
    members = change.sets.get(name, ())
    return [(m.row, m.name, m.action, m.before, m.after) for m in members]


def test_what_an_export_writes_is_unchanged():
    change = planned(WHOLE, BOX_7)
    assert (change.action, change.sets, change.comment) == ("unchanged", {}, "")


def test_the_order_of_the_rows_changes_nothing():
    header, *rows = WHOLE.strip().splitlines()
    for order in ([2, 0, 1], [1, 2, 0], [2, 1, 0]):
        text = "\n".join([header, *(rows[place] for place in order)])
        change = planned(text.replace("| first", "|").replace("| second", "|"), BOX_7)
        assert (change.action, change.sets) == ("unchanged", {})


def test_one_changed_cell_is_one_difference_beside_the_whole_list():
    change = planned(WHOLE.replace("B-2 | 1.00", "B-2 | 2"), BOX_7)
    assert (change.action, change.before, change.after) == ("update", {}, {})
    assert of_set(change, "variants") == [
        (2, "Red / S", "", {}, {}),
        (3, "Red / M", "update", {"Price": "1.00"}, {"Price": "2.00"}),
        (4, "Blue / S", "", {}, {}),
    ]
    changed = change.sets["variants"][1]
    assert (changed.ref, changed.cells["SKU"], changed.cells["Price"]) == (gid(2), "B-2", "2.00")
    assert change.comment == 'Red / M: Price: "1.00" → "2.00"'


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("1 | Red | M | B-3", "Red / S"),  # its ID comes first
        (" | red | m | B-3", "Red / M"),  # then its options, in any case
        (" | | | B-3", "Blue / S"),
        (" | Green | S | B-3", "Blue / S"),  # no such options, but its SKU
        ("gid://shopify/ProductVariant/3 | | | ", "Blue / S"),
        ("99 | Blue | S | ", "Blue / S"),  # an ID of another store
    ],
)
def test_a_variant_is_found_by_its_keys_in_their_order(row, found):
    text = f"Handle | Variant ID | Option1 Value | Option2 Value | SKU | Price\ntee | {row} | 9"
    change = planned(text, BOX_7)
    changed = [member for member in change.sets["variants"] if member.action]
    assert [(m.name, m.action, m.after["Price"]) for m in changed] == [(found, "update", "9.00")]


def test_an_unknown_id_of_a_member_is_told():
    change = planned("Handle | Variant ID | SKU | Price\ntee | 99 | B-2 | 9", BOX_7)
    assert change.warnings == ("The store has no Variant ID 99; “B-2” was found by its SKU.",)


def test_the_only_variant_need_not_be_named():
    one = BOX_7 | {"variants": BOX_7["variants"][:1]}
    change = planned("Handle | SKU | Price\ntee | new | 9", one)
    assert [(m.action, m.after) for m in change.sets["variants"]] == [
        ("update", {"SKU": "new", "Price": "9.00"})
    ]
    assert planned("Handle | Price\ntee | 9", BOX_7).sets["variants"][-1].action == "create"


@pytest.mark.parametrize(
    ("command", "row", "actions"),
    [
        ("", "Green | S | G", ["", "", "", "create"]),
        ("ADD", "Red | S | 007", ["update", "", ""]),
        ("NEW", "Green | S | G", ["", "", "", "create"]),
        ("NEW", "Red | S | 007", []),
        ("UPDATE", "Green | S | G", []),
        ("update", "Red | S | 007", ["update", "", ""]),
        ("DELETE", "Red | S | 007", ["", "", "delete"]),
        ("DELETE", "Green | S | G", []),
        ("IGNORE", "Red | S | 007", []),
        ("REPLACE", "Red | S | 007", ["update", "delete", "delete"]),
        ("REPLACE", "Green | S | G", ["create", "delete", "delete", "delete"]),
    ],
)
def test_commands_of_members(command, row, actions):
    header = "Handle | Variant Command | Option1 Value | Option2 Value | SKU | Price"
    change = planned(f"{header}\ntee | {command} | {row} | 9", BOX_7)
    assert [member.action for member in change.sets.get("variants", ())] == actions
    conflicts = (("NEW", "Red"), ("UPDATE", "Green"), ("DELETE", "Green"))
    told = any(command == one and row.startswith(other) for one, other in conflicts)
    assert bool(change.warnings) == told
    strict = planned(f"{header}\ntee | {command} | {row} | 9", BOX_7, options=Options(strict=True))
    assert (strict.action == "failed") == told


def test_replace_leaves_what_the_file_names_and_tells_each_loss():
    text = WHOLE.replace("MERGE", "REPLACE").replace("x/2.png", "       ")
    change = planned(text, BOX_7)
    assert of_set(change, "media") == [
        (2, "x/1.png", "", {}, {}),
        (0, "x/2.png", "delete", {"Image Src": "x/2.png"}, {}),
    ]
    assert change.comment == "“x/2.png” is removed" and list(change.sets) == ["media"]
    assert change.replaces and not planned(WHOLE.replace("MERGE", "REPLACE"), BOX_7).replaces


def test_replace_empties_what_the_file_leaves_blank():
    change = planned("Handle | Command | Title | Body | Tags\ntee | REPLACE | Tee | | ", BOX_7)
    assert change.after == {"Body": "", "Tags": ""}


def test_replace_empties_what_the_file_has_no_column_for():
    """Of the object and of members that it names; what it names nothing of goes, but for sets that
    an object cannot be without."""
    change = planned("Handle | Command | SKU\ntee | REPLACE | B-2", BOX_7)
    assert change.after == {"Body": "", "Tags": ""} and change.replaces
    assert [row[:3] for row in of_set(change, "media")] == [
        (0, "x/1.png", "delete"),
        (0, "x/2.png", "delete"),
    ]
    assert list(change.sets) == ["media", "variants"]
    change = planned("Handle | Command | Image Src\ntee | REPLACE | x/1.png", BOX_7)
    assert of_set(change, "media")[0] == (
        2,
        "x/1.png",
        "update",
        {"Image Alt": "One"},
        {"Image Alt": ""},
    )
    assert list(change.sets) == ["media"]


def test_rows_of_a_set_without_keys_are_the_whole_list():
    change = planned("Handle | Rule\ntee | 1st", BOX_7)
    assert of_set(change, "rules") == [
        (2, "first", "update", {"Rule": "first"}, {"Rule": "1st"}),
        (0, "second", "delete", {"Rule": "second"}, {}),
    ]


def test_blank_halves_of_a_row_name_no_member():
    change = planned("Handle | Image Src | Image Alt | SKU | Price\ntee | x/1.png | | | ", BOX_7)
    assert (change.action, change.blanks) == ("unchanged", ("Image Alt",))


def test_blank_cells_are_kept_and_counted():
    text = "Handle | Body | Tags | SKU | Price\ntee | | | B-2 | \ntee | | | B-3 | "
    change = planned(text, BOX_7)
    assert change.action == "unchanged"
    assert sorted(change.blanks) == ["Body", "Price", "Price", "Tags"]
    cleared = planned(text, BOX_7, options=Options(blank="clear"))
    assert cleared.after == {"Body": "", "Tags": ""} and cleared.blanks == ()
    assert [m.after for m in cleared.sets["variants"] if m.action] == [{"Price": ""}] * 2


def test_a_boolean_is_never_emptied():
    options = Options(blank="clear")
    assert planned("Handle | Sold\ntee | ", BOX_7, options=options).action == "unchanged"


def test_cells_of_the_object_come_from_the_first_row_that_has_them():
    text = "Handle | Title | Body | SKU\ntee | | | B-2\ntee | Tee | Hard | 007\ntee | T-shirt | | "
    change = planned(text, BOX_7)
    assert change.after == {"Body": "Hard"} and change.blanks == ()
    assert change.warnings == ("Row 4: Title contradicts the object's first row, which is taken.",)


def test_a_member_on_two_rows_is_told():
    change = planned("Handle | SKU | Price\ntee | B-2 | 2\ntee | b-2 | 3", BOX_7)
    assert change.sets["variants"][1].after == {"Price": "2.00"}
    assert change.warnings == ("Row 3: “Red / M” is there twice; the first is taken.",)
    change = planned("Handle | SKU | Price\ntee | G | 2\ntee | G | 3", BOX_7)
    assert [m.action for m in change.sets["variants"]] == ["", "", "", "create"]


@pytest.mark.parametrize(
    ("command", "tags", "after"),
    [
        ("MERGE", "C, B", {"Tags": "C, a, b"}),
        ("MERGE", "A", {}),
        ("MERGE", "", {}),
        ("DELETE", "B, z", {"Tags": "a"}),
        ("REPLACE", "c", {"Tags": "c"}),
        ("", "b,a", {}),
    ],
)
def test_a_list_has_a_command_of_its_own(command, tags, after):
    change = planned(f"Handle | Tags | Tags Command\ntee | {tags} | {command}", BOX_7)
    assert change.after == after


def test_what_cannot_be_written_is_noted_by_column_and_changes_nothing():
    text = "Handle | Count | SKU | Stock\ntee | 9 | B-2 | 9\ntee | 9 | B-3 | 5"
    change = planned(text, BOX_7)
    assert (change.action, change.read_only) == ("unchanged", ("Count", "Stock"))


def test_a_new_object_has_what_its_rows_fill():
    change = planned(WHOLE.replace("Price", "Price").replace("Soft", ""))
    assert (change.action, change.after) == (
        "create",
        {"Handle": "tee", "Title": "Tee", "Tags": "a, b"},
    )
    assert [len(members) for members in change.sets.values()] == [2, 3, 2]
    assert {m.action for members in change.sets.values() for m in members} == {"create"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Handle | SKU | Price\ntee | B-2 | 1\ntee | B-3 | 1,500", "Row 3: Price: “1,500” is"),
        ("Handle | SKU | Price\ntee | B-2 | #N/A\ntee | B-3 | 1", "Row 2: The Price is “#N/A”"),
        ("Handle | SKU | Price\ntee | 4.91512E+11 | 1", "SKU: “4.91512E.11” is a long number"),
        ("Handle | Variant Command | SKU\ntee | ERASE | B-2", "The Variant Command “ERASE” is"),
        ("Handle | Option1 Value | Price\ntee | Red | 1", "Option1 Value: more than one has “Red”"),
        ("Handle | Variant ID\ntee | x", "Variant ID: ALYS008"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_told_with_its_row(text, words):
    change = planned(text, BOX_7)
    assert change.action == "failed" and re.match(words, change.comment), change.comment


def test_zeros_that_a_spreadsheet_has_lost_are_not_imported():
    change = planned("Handle | Option1 Value | Option2 Value | SKU\ntee | Red | S | 7", BOX_7)
    assert change.action == "unchanged"
    assert change.warnings[0].startswith("SKU: “7” is “007” without its leading zeros")


def test_a_title_that_several_have_names_none():
    other = BOX_7 | {"id": gid(8, "Product"), "handle": "other", "variants": []}
    change = planned("Title | Body\nTee | Hard", BOX_7, other)
    assert (change.action, change.comment) == (
        "failed",
        "Several objects have this name; name the one you mean by its ID.",
    )
    assert planned("Title | Body\nTee | Hard", BOX_7).after == {"Body": "Hard"}


def test_two_of_one_name_can_change_in_all_else():
    other = BOX_7 | {"id": gid(8, "Product"), "variants": []}
    change = planned("ID | Handle | Body\n7 | tee | Hard", BOX_7, other)
    assert (change.action, change.after) == ("update", {"Body": "Hard"})


def test_rows_that_name_no_object_belong_to_the_one_above_and_that_is_told():
    change = planned("Handle | SKU | Price\ntee | B-2 | 2\n | B-3 | 3\n | 007 | 4", BOX_7)
    prices = [member.after for member in change.sets["variants"]]
    assert prices == [{"Price": "4.00"}, {"Price": "2.00"}, {"Price": "3.00"}]
    assert change.warnings == ("Row 3: no key is filled, so it belongs to the row above.",)
