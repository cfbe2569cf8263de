"""docs/security.md names every incident and where it is tried, and nothing that is not there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ROW = re.compile(r"^\| (\d+) \|.*\| `test_incident_(\d+)_\*` in (.+) \|$", re.MULTILINE)
TEST = re.compile(r"^def test_incident_(\d+)_", re.MULTILINE)


def documented():
    text = (ROOT / "docs" / "security.md").read_text()
    return {
        int(number): (int(named), set(re.findall(r"`(tests/\S+\.py)`", places)))
        for number, named, places in ROW.findall(text)
    }


def written():
    found: dict[int, set[str]] = {}
    for path in (ROOT / "tests").rglob("test_*.py"):
        for number in TEST.findall(path.read_text()):
            found.setdefault(int(number), set()).add(str(path.relative_to(ROOT)))
    return found


def test_each_of_the_16_incidents_has_its_tests_and_its_line():
    rows = documented()
    assert list(rows) == list(range(1, 17))
    assert {number: places for number, (_, places) in rows.items()} == written()
    assert all(number == named for number, (named, _) in rows.items())


def test_every_test_that_the_document_names_is_there():
    text = (ROOT / "docs" / "security.md").read_text()
    named = set(re.findall(r"`(tests/\S+\.py)`", text))
    assert [place for place in named if not (ROOT / place).is_file()] == []
