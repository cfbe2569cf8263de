"""Both sides of the export's benchmarks do the same work, whatever becomes of the columns."""

import pytest

from benchmarks.export import bare_xlsx, lines, ours, plain
from benchmarks.exports import KINDS, same_cells

OBJECTS = 300
ORDERS = ("ordered", "scattered")


@pytest.fixture(params=KINDS)
def shop(request, tmp_path):
    lines.write(tmp_path, KINDS[request.param].objects(OBJECTS))
    return request.param, tmp_path


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_the_plain_loop_writes_the_same_bytes_from_lines_that_are_in_order(shop, format):
    name, folder = shop
    ours.main(name, format, folder / "scattered", folder / "ours")
    plain.main(name, format, folder / "ordered", folder / "plain")
    assert (folder / "ours").read_bytes() == (folder / "plain").read_bytes()


def test_the_bare_writer_writes_the_same_cells(shop):
    name, folder = shop
    ours.main(name, "csv", folder / "scattered", folder / "ours.csv")
    ours.main(name, "xlsx", folder / "scattered", folder / "ours.xlsx")
    bare_xlsx.main(name, "xlsx", folder / "ours.csv", folder / "bare.xlsx")
    assert same_cells(folder / "ours.xlsx", folder / "bare.xlsx")


def test_scattered_lines_are_the_ordered_ones_and_children_do_stray(shop):
    _, folder = shop
    for path in (folder / "ordered").iterdir():
        in_order = path.read_bytes().splitlines()
        mixed = (folder / "scattered" / path.name).read_bytes().splitlines()
        assert sorted(mixed) == sorted(in_order)
    second = [(folder / name / "0.jsonl").read_bytes().splitlines()[1] for name in ORDERS]
    assert [b"__parentId" in line for line in second] == [True, False]
