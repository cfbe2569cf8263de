"""Each filter of each type selects what it says, and nothing else, all the way to the file.

In the short run one export for each type does, and searches of the store for its other filters: an
export's search has the same text.
"""

import io
import time
import zipfile

import orjson
import pytest

from jobs.workflows import export
from models.job import COMPLETED
from tests.transfer.filtered import SEARCHED, TYPES, Given, number
from transfer.reading.filters import search
from transfer.types import ALL

pytestmark = pytest.mark.slow

filters = pytest.mark.parametrize("kind", [k for k in ALL if k.filters], ids=lambda kind: kind.name)


def test_every_filter_is_tried():
    for kind in ALL:
        assert set(TYPES[kind.name].by) == {f.name for f in kind.filters}, kind.name


def all_nodes(store, query: str, **search: str) -> list[dict]:
    """The nodes of all pages of a query, wherever they stand."""
    nodes: list[dict] = []
    after: dict[str, str] = {}
    while True:
        answer = store.graphql(query, **search, **after)
        nodes += nodes_of(answer)
        page = next(iter(answer.values())).get("pageInfo")
        if not page or not page["hasNextPage"]:
            return nodes
        after = {"after": page["endCursor"]}


def nodes_of(answer) -> list[dict]:
    """The nodes of an answer; those that hold connections give theirs."""
    if not isinstance(answer, dict):
        return []
    if "id" in answer:
        return [answer]
    parts = answer["nodes"] if "nodes" in answer else answer.values()
    return [node for part in parts for node in nodes_of(part)]


def values(node, by) -> list:
    if callable(by):
        return by(node)
    first, _, rest = by.partition(".")
    found = node.get(first) if isinstance(node, dict) else None
    found = found if isinstance(found, list) else [found]
    return [v for part in found for v in (values(part, rest) if rest else [part])]


def written(value) -> str:
    """A value as a filter has it: an id as its number."""
    return number(value) if str(value).startswith("gid://") else str(value)


def reaches(text: str, least: str) -> bool:
    try:
        return float(text) >= float(least)
    except ValueError:
        return text >= least


def holds(text: str, words: str) -> bool:
    """As Shopify finds text: by its words, in letters of any case."""
    return f" {words} ".lower() in f" {text} ".lower()


def choices(f, nodes: list[dict], by):
    """Values to filter by with the ids that each is to select."""
    known = {n["id"]: [written(v) for v in values(n, by) if v is not None] for n in nodes}
    meets = reaches if f.form == "range" else holds
    for value in sorted({v for found in known.values() for v in found}):
        having = {gid for gid, found in known.items() if any(meets(v, value) for v in found)}
        if f.name.endswith("_not"):
            yield value, known.keys() - having
        else:
            yield f">={value}" if f.form == "range" else value, having


def chosen(f, nodes: list[dict], by) -> tuple[str, set[str]]:
    found = [c for c in choices(f, nodes, by) if 0 < len(c[1]) < len(nodes)]
    assert found, f"nothing to tell apart by {f.name}"
    return found[len(found) // 2]


def exported(store, kind, name: str, value: str) -> set[str]:
    """The ids in the file of an export with this filter."""
    job = store.start(kind.name, format="jsonl", filters={kind.name: {name: value}})
    export(lambda step, *arguments: step(*arguments), lambda seconds: time.sleep(0.05), job.id)
    assert (job.status, job.error, job.warnings) == (COMPLETED, None, [])
    data = store.file(job)
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = b"".join(map(archive.read, archive.namelist()))
    return {orjson.loads(line)["id"] for line in data.splitlines()}


@filters
def test_a_filter_selects_what_it_says(store, kind, pytestconfig):
    selected = TYPES[kind.name]
    store.tell("seed", **selected.seed)
    nodes = all_nodes(store, selected.query)
    by_export = pytestconfig.option.everything or SEARCHED not in selected.query

    def ids(f, value: str) -> set[str]:
        if by_export or f == kind.filters[0]:
            return exported(store, kind, f.name, value)
        text = search(kind, {f.name: value})
        return {node["id"] for node in all_nodes(store, selected.query, search=text)}

    for f in kind.filters:
        by = selected.by[f.name]
        if isinstance(by, Given):
            assert 0 < len(ids(f, by.value)) < len(nodes), f.name
            continue
        value, wanted = chosen(f, nodes, by)
        assert ids(f, value) == wanted, (f.name, value)
