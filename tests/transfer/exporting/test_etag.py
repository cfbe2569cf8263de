"""The ETag changes with the code that makes an export's bytes, and with no other code."""

import ast
from pathlib import Path

from transfer.exporting import etag


def imported(path):
    """The files of ``transfer/`` that a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (of := node.module or "").startswith("transfer"):
            for name in (of, *(f"{of}.{alias.name}" for alias in node.names)):
                file = etag.FOLDER.parent / name.replace(".", "/")
                yield from filter(Path.is_file, (file.with_suffix(".py"), file / "__init__.py"))


def test_it_covers_all_code_that_makes_the_bytes_and_no_steps_readers_or_imports():
    made_with, left = set(), [etag.FOLDER / "exporting" / "file.py"]
    while left:
        path = left.pop()
        made_with.add(path)
        left += set(imported(path)) - made_with
    sources = set(etag.sources())
    assert {path for path in made_with if path.name != "__init__.py"} <= sources
    other = {path for room in ("importing", "..") for path in (etag.FOLDER / room).glob("*.py")}
    readers = set((etag.FOLDER / "formats").glob("*_reader*.py"))
    assert not sources & (other | readers | {etag.FOLDER / "exporting" / "steps.py"})
