"""The rows of a file are known before it is made, whichever way it is read."""

from tests.transfer.samples import NO_FACTS, image, product, variant
from transfer.rows.counting import count
from transfer.rows.layout import layouts
from transfer.types import BY_NAME

PRODUCTS = layouts(BY_NAME["products"], NO_FACTS)


def test_an_object_has_as_many_rows_as_its_longest_list():
    items = [
        product(1, variants=[variant(11)], media=[]),
        product(2, variants=[variant(n) for n in (20, 21)], media=[image(n) for n in range(4)]),
        product(3, variants=[], media=[], collections=[{"handle": f"c{n}"} for n in range(9)]),
    ]
    assert count(PRODUCTS, items) == (3, 1 + 4 + 1)


def test_nothing_has_no_rows():
    assert count(PRODUCTS, []) == (0, 0)


def test_pages_give_the_same_number(store):
    store.tell("seed", products=4)
    job = store.export("products")
    store.misbehave(refuse_bulk=True)
    again = store.export("products")
    assert (again.rows, again.total) == (job.rows, job.total)
