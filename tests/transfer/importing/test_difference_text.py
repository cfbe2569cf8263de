"""What differs between an object and its plan, in words for a cell."""

from models.import_object import DELETE, UPDATE
from transfer.importing.difference_text import difference_text


def test_cells_are_named_by_their_member_if_it_has_a_name():
    members = [
        ("", UPDATE, {}, {"Variant Price": "3.00"}),
        ("Red", UPDATE, {"Variant Price": "2"}, {"Variant Price": "3"}),
        ("Blue", DELETE, {"Variant Price": "2"}, {}),
    ]
    assert difference_text({"Title": "Old"}, {"Title": "New"}, members) == (
        'Title: "Old" → "New", Variant Price: "3.00", Red: Variant Price: "2" → "3", '
        "“Blue” is removed"
    )
