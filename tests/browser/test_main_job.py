"""The main job, whole: a merchant makes a key in the browser, a terminal uses it."""

import csv

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from models.key_format import well_formed
from tests.browser.admin import Admin
from tests.terminal import DIRECT, NPX, Terminal

pytestmark = pytest.mark.both_databases

REDIRECTS = "Path,Command,Target\n/old-kettle,NEW,/products/kettle\n/sale,MERGE,/collections/all\n"

IN_STORE = "SELECT body ->> '$.path' FROM record WHERE shop = ? AND typename = ?"
NIGHTLY = """SELECT k.deleted_at, k.secret_box FROM api_keys k JOIN shops s ON s.id = k.shop_id
             WHERE k.name = 'Nightly' AND s.domain = ?"""


@pytest.fixture
def demo(site, browser, pytestconfig):
    """The merchant of the demo shop, which is seeded with 50 products."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    admin = Admin(site, context, "demo", everything=pytestconfig.option.everything)
    yield admin
    context.close()
    assert admin.complaints() == []


def test_a_merchant_makes_a_key_and_a_terminal_uses_it(demo, tmp_path):
    """On SQLite npx starts the program, and products are exported as a table, too. On PostgreSQL
    what the key does after that is for ``--everything``."""
    npx = Terminal(tmp_path, DIRECT if demo.site.database_url else NPX)
    terminal, url = Terminal(tmp_path, DIRECT), demo.site.url

    demo.open()
    steps = demo.app.locator("#first-steps [role=status]")
    expect(demo.button("Create API Key")).to_be_disabled()
    demo.save_address("ops@mystore.com")
    expect(steps).to_have_text("1 of 3 done")
    expect(demo.button("Create API Key")).to_be_enabled()
    demo.open_dialog()
    demo.dialog.get_by_label("Name").fill("Nightly")
    demo.box("Products: export").check()
    demo.count_is(1)
    demo.save_dialog()
    expect(demo.app.get_by_text("Copy the new key now.")).to_be_visible()
    expect(steps).to_have_text("2 of 3 done")
    demo.row("Nightly").get_by_role("button", name="Copy key").click()
    expect(demo.toasts).to_contain_text("Copied")
    key = demo.clipboard()
    assert well_formed(key)

    command = demo.app.locator("#command-add").inner_text().split()
    assert command == f"npx ./cli shop add demo.myshopify.com --url {url}".split()
    code, shown = npx.run(*command[2:], type_in=key)
    assert code == 0, shown
    assert key not in shown
    expect(steps).to_have_text("3 of 3 done")
    code, shown = terminal.run("shop", "test")
    assert code == 0, shown
    assert "demo.myshopify.com" in shown and "Nightly" in shown

    sheet, table = tmp_path / "products.xlsx", tmp_path / "products.csv"
    for file in (sheet,) if demo.site.database_url else (sheet, table):
        code, shown = terminal.run("export", "create", "products", "--output", str(file))
        assert code == 0, shown
    book = load_workbook(sheet, read_only=True)
    titles, *products = book["Products"].values
    assert len({row[titles.index("ID")] for row in products}) == 50
    book.close()
    if table.exists():
        with table.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len({row["ID"] for row in rows}) == 50
    if demo.everything or not demo.site.database_url:
        the_key_imports_once_it_may_and_is_deleted(demo, terminal, tmp_path)


def the_key_imports_once_it_may_and_is_deleted(demo, terminal: Terminal, tmp_path) -> None:
    file = tmp_path / "redirects.csv"
    file.write_text(REDIRECTS)
    code, shown = terminal.run("import", "create", str(file))
    assert code == 4, shown
    assert "Redirects: import" in shown

    demo.button("Permissions of Nightly").click()
    expect(demo.box("Products: export")).to_be_checked()
    demo.box("Redirects: import").check()
    demo.count_is(2)
    demo.save_dialog()
    expect(demo.row("Nightly")).to_contain_text("2 of 36 permissions")
    code, shown = terminal.run("import", "create", str(file))
    assert code == 0, shown
    assert paths(demo) >= {"/old-kettle", "/sale"}

    demo.button("Delete Nightly").click()
    expect(demo.dialog.get_by_role("heading")).to_have_text("Delete “Nightly”?")
    demo.button("Delete key").click()
    expect(demo.app.get_by_text("No keys yet")).to_be_visible()
    code, shown = terminal.run("shop", "test")
    assert code == 3, shown
    [(deleted, box)] = demo.site.rows("altera.db", NIGHTLY, "demo.myshopify.com")
    assert deleted and box is None


def paths(demo) -> set[str]:
    """The redirects that the shop has now, as its own store tells them."""
    rows = demo.site.rows("standin/shops.sqlite3", IN_STORE, "demo.myshopify.com", "UrlRedirect")
    return {path for [path] in rows}
