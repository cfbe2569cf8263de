"""The guide's four scenarios, and an import with a mistake in it: by a person who has only the
admin, and by a script that has only a key, with the same words in both."""

import csv
import io
import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.admin import FULL_KEY, Admin
from tests.browser.test_import import choose
from tests.markup import first
from tests.terminal import ROOT
from transfer.permissions import PRESETS
from transfer.types import BY_NAME

REDIRECTS = "Path,Target\n/old,/new\n/older,\n"
PRODUCTS = "Handle,Command,Title,Variant Price\nkettle,NEW,Kettle,19.00\npot,UPDATE,Pot,12.00\n"
MEDIA = (
    "Link,Alt Text\nhttps://example.com/kettle.png,A kettle\nhttps://example.com/pot.png,A pot\n"
)
IMPORTS = [
    ("files", "files", MEDIA),
    ("products", "products", PRODUCTS),
    ("full", "redirects", REDIRECTS),
]
"""The scenario of the key, the type, and its file; the last one has a mistake in it."""
EXPORTS = [("files", "files"), ("products", "products"), ("read-only", "customers", "orders")]
"""The scenario of the key, and the types."""
RESULTS = ("Import Result", "Import Comment")


class Person:
    """Somebody before the admin, who has no key."""

    def __init__(self, admin: Admin):
        self.admin = admin

    def imports(self, name: str, content: str) -> tuple[str, list[str], list[tuple[str, ...]]]:
        """What is counted, what the page says of objects, and what the results say of rows."""
        self._go("import")
        choose(self.admin, f"{name}.csv", content.encode())
        self.admin.button("Preview changes").click()
        page = self.admin.app.locator("#import")
        apply = page.locator("#apply")
        expect(apply).to_be_visible(timeout=120_000)
        apply.click()
        results = self.admin.button("Download results")
        expect(results).to_be_visible(timeout=120_000)
        counts = ", ".join(page.locator(".legend li").all_inner_texts()).replace("\xa0", " ")
        remarks = page.locator(".object p.small").all_inner_texts()
        return counts, remarks, told(self._downloaded(results))

    def exports(self, types: list[str]) -> bytes:
        """The CSV of one type, or the zip of several."""
        self._go("export")
        app = self.admin.app
        for name in types:
            app.get_by_label(BY_NAME[name].label, exact=True).check()
        app.get_by_label("Format").select_option("csv")
        self.admin.button("Start the export").click()
        title = f"Export: {', '.join(BY_NAME[name].label for name in types)}"
        job = app.get_by_role("article", name=title)
        expect(job).to_contain_text("Completed", timeout=120_000)
        return self._downloaded(job.get_by_role("button", name="Download"))

    def _go(self, page: str) -> None:
        self.admin.page.goto(f"{self.admin.address}/settings/{page}/")

    def _downloaded(self, button) -> bytes:
        with self.admin.page.expect_download() as download:
            button.click()
        return Path(download.value.path()).read_bytes()


class Script:
    """A program that has a key and nothing else."""

    def __init__(self, admin: Admin, preset: str, folder: Path):
        """With a key of this scenario for the admin's shop."""
        _, permissions = PRESETS[preset]
        facts = {"name": preset, "expires": "90", "permission": sorted(permissions)}
        answer = admin.send("POST", "/settings/keys/", request_id=preset, **facts)
        self.folder = folder / preset
        self.folder.mkdir(exist_ok=True)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "ALTERA_URL": admin.site.url,
            "ALTERA_API_KEY": first(FULL_KEY, answer.text),
        }

    def imports(self, name: str, content: str) -> tuple[str, list[tuple[str, ...]]]:
        file, results = self.folder / f"{name}.csv", self.folder / "results.csv"
        file.write_text(content)
        said = self._run("import", "create", str(file), "--yes", "--results", str(results))
        [counts] = [line for line in said.splitlines() if line.startswith("Imported: ")]
        return counts.removeprefix("Imported: ").rstrip("."), told(results.read_bytes())

    def exports(self, types: list[str]) -> bytes:
        file = self.folder / ("exported.zip" if len(types) > 1 else "exported.csv")
        self._run("export", "create", *types, "--format", "csv", "--output", str(file))
        return file.read_bytes()

    def _run(self, *words: str) -> str:
        command = ["node", "cli/bin/altera.js", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=180
        )
        assert done.returncode in (0, 5), done.stderr
        return done.stdout + done.stderr


@pytest.fixture
def script_shop(site, admin, browser):
    """Another shop, for the script; as empty as the person's."""
    context = browser.new_context()
    yield Admin(site, context, f"{admin.name}-script").has_address()
    context.close()


def told(results: bytes) -> list[tuple[str, ...]]:
    """What the results say of each row."""
    rows = csv.DictReader(io.StringIO(results.decode("utf-8-sig")))
    return [tuple(row[name] for name in RESULTS) for row in rows]


def content_of(exported: bytes) -> dict[str, bytes]:
    """Its files by their names, but for the summary, which names the job."""
    if not exported.startswith(b"PK"):
        return {"": exported}
    with zipfile.ZipFile(io.BytesIO(exported)) as found:
        return {name: found.read(name) for name in found.namelist() if "Summary" not in name}


def test_a_person_and_a_script_do_the_same_and_read_the_same_words(admin, script_shop, tmp_path):
    """With the last scenario of each; with ``--everything`` with all, which takes long."""
    person, some = Person(admin), slice(0 if admin.everything else -1, None)
    for preset, name, content in IMPORTS[some]:
        counts, remarks, rows = person.imports(name, content)
        assert Script(script_shop, preset, tmp_path).imports(name, content) == (counts, rows)
        assert set(remarks) <= {comment for _, comment in rows}
    assert [result for result, _ in rows] == ["created", "failed"]
    assert rows[1][1] == "The Target is empty."
    assert remarks == ["The Target is empty."]

    for preset, *types in EXPORTS[some]:
        ours, theirs = person.exports(types), Script(admin, preset, tmp_path).exports(types)
        assert content_of(ours) == content_of(theirs)
