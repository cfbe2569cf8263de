"""Before an import writes it reads only what it changes: the same cells, for fewer points."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import product
from typing import Any

import orjson
import pytest

from shopify.admin import Admin
from shopify.responses import Answer
from shops.access import admin_for
from tests.transfer.importing.contract import Ground, each_type, seeded
from transfer.importing.columns import FileColumns
from transfer.importing.lookup import needed_of, store_snapshot
from transfer.importing.snapshot import Known
from transfer.reading.narrowing import narrowed, without_others
from transfer.types import BY_NAME

pytestmark = pytest.mark.slow


class Unchanged(Admin):
    """The Admin API of a store that nobody changes: what is asked again is remembered."""

    def __init__(self, admin: Admin):
        vars(self).update(vars(admin))
        self._answers: dict[bytes, Answer] = {}

    def ask(self, document: str, variables: dict[str, Any] | None = None) -> Answer:
        question = orjson.dumps([document, variables])
        if question not in self._answers:
            self._answers[question] = super().ask(document, variables)
        answer = self._answers[question]
        return replace(answer, data=orjson.loads(orjson.dumps(answer.data)))


def cells(known: Known | None, header: str, *, filled: bool) -> list[tuple[str | None, str]]:
    """A column's cells of an object and its members, each with the member's id; of members only
    those that are ``filled``, if that is asked."""
    assert known is not None
    own = [("", known.cells[header])] if header in known.cells else []
    members = (one for of_set in known.members.values() for one in of_set)
    found = [(one.ref, one.cells[header]) for one in members if header in one.cells]
    return own + [(ref, cell) for ref, cell in found if cell or not filled]


def few_that_fill(ground: Ground) -> list[str]:
    """Objects, as few as may be, that have a cell in each column in which any object has one."""
    left: dict[str, set[str]] = {}
    for ref in ground.snapshot.refs:
        known = ground.snapshot.with_ref(ref)
        assert known is not None
        members = (one.cells for of_set in known.members.values() for one in of_set)
        filled = {header for of in (known.cells, *members) for header, cell in of.items() if cell}
        left[ref] = filled
    found = []
    while any(left.values()):
        best = max(left, key=lambda ref: len(left[ref]))
        found.append(best)
        left = {ref: filled - left[best] for ref, filled in left.items()}
    return found


def read_alike(columns: FileColumns, headers: Iterable[str]) -> Iterable[set[str]]:
    """The columns, those together for which the same is asked: each alone or all of them."""
    found: dict[str, set[str]] = {}
    for header in headers:
        needed = needed_of(columns, {header}) or {}
        asked = sorted((name, of and sorted(of)) for name, of in needed.items())
        repeated = columns.columns[header].repeated_for and header
        found.setdefault(repr((asked, repeated)), set()).add(header)
    return found.values()


@each_type
def test_each_column_reads_the_same_alone(store, name):
    """Rows of many kinds that stand below each other are read of those kinds that have the
    column."""
    grounds = seeded(store, name)
    stacked = any(one.parts for sheet in BY_NAME[name].sheets for one in sheet.children)
    for ground in grounds.values():
        refs = [*few_that_fill(ground), *ground.snapshot.refs[:2]]
        columns = ground.columns
        of_sets = [header for of_set in columns.sets.values() for header in of_set.headers]
        admin = Unchanged(admin_for(store.shop.id))
        for headers in read_alike(columns, dict.fromkeys([*columns.own, *of_sets])):
            alone = store_snapshot(admin, columns, refs, (), headers)
            for ref, header in product(refs, headers):
                whole = cells(ground.snapshot.with_ref(ref), header, filled=stacked)
                assert cells(alone.with_ref(ref), header, filled=stacked) == whole, header


SEO, COUNTED = "seo { title }", "counted: variantsCount { count }"
PRICE = 'price(at: "x") { amount currency { code } }'
IMAGE = "... on MediaImage { image { url } }"


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (set(), f"id title {IMAGE} status"),
        ({"seo"}, f"id title {SEO} {IMAGE} status"),
        ({"counted"}, f"id title {COUNTED} {IMAGE} status"),
        ({"price"}, f"id title {IMAGE} {PRICE} status"),
        (None, f"id title {SEO} {COUNTED} {IMAGE} {PRICE} status"),
    ],
    ids=["nothing", "an object", "an alias", "arguments", "all"],
)
def test_objects_within_an_object_are_left_out_by_their_names(names, kept):
    assert without_others(f"id title {SEO} {COUNTED} {IMAGE} {PRICE} status", names) == kept


def test_connections_that_nobody_needs_are_left_out_with_their_counts():
    step = narrowed(BY_NAME["products"].passes[0], {"": {"seo"}, "media": set()})
    assert [one.name for one in step.connections] == ["media", "metafields"]
    assert "mediaCount" in step.fields and "variantsCount" not in step.fields
    assert "seo {" in step.fields and "category {" not in step.fields
