"""No module of transfer/ imports one that imports it, however far around."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def modules(room: Path) -> dict[str, Path]:
    paths = room.rglob("*.py")
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}


def imported(path: Path, known: dict[str, Path]) -> set[str]:
    """The modules of ours that a file imports; of a package, its ``__init__``."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner & known.keys() or {node.module}
    return {name if name in known else f"{name}.__init__" for name in found} & known.keys()


def check(graph: dict[str, set[str]]) -> None:
    TopologicalSorter(graph).prepare()


def test_there_is_no_import_cycle():
    known = modules(ROOT / "transfer")
    graph = {name: imported(path, known) for name, path in known.items()}
    assert len(graph) > 40 and sum(map(len, graph.values())) > 100
    check(graph)


def test_a_cycle_would_be_found():
    with pytest.raises(CycleError):
        check({"a": {"b"}, "b": {"c"}, "c": {"a"}})


def test_the_vocabulary_of_declarations_knows_no_data_type():
    """Arrows run from the data types to what they are declared with, never back."""
    known = modules(ROOT / "transfer" / "types")
    prefix = "transfer.types."
    declared = imported(known[f"{prefix}__init__"], known)
    for name in ("base", "forms", "shop_facts", "writing", "metafields", "addresses"):
        seen, left = set(), {prefix + name}
        while left:
            module = left.pop()
            seen.add(module)
            left |= imported(known[module], known) - seen
        assert not seen & {*declared, f"{prefix}__init__"} - {f"{prefix}metafields"}, name
