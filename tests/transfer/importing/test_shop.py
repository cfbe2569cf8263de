"""Imports of the shop: its metafields, and nothing else."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.transfer.importing.files import came_of, results_of, text_of, unchanged
from tests.transfer.importing.test_rows import results
from tests.transfer.store import Store
from transfer.reading.lookup import for_writing
from transfer.types.companies import companies
from transfer.types.metafields import GUARDED
from transfer.types.shop import shop
from transfer.types.shop_facts import MetafieldDefinition

MOTTO = "Metafield: custom.motto [multi_line_text_field]"
DOMAIN = {"Shopify Domain": "alice.myshopify.com"}


@pytest.fixture
def filled(store):
    store.tell("seed", metafield_definitions=21)
    return store


LOOK = """query { shop { metafield(namespace: "custom", key: "motto") { value } } }"""


def motto(store) -> str:
    """What the store has; an export is compared in ``test_an_export_changes_nothing``."""
    found = store.graphql(LOOK)["shop"]["metafield"]
    return found["value"] if found else ""


def test_a_metafield_is_created_changed_and_cleared(filled, tmp_path):
    assert results_of(filled, tmp_path, "shop", {**DOMAIN, MOTTO: "Slow\nis fast"}) == ["updated"]
    assert motto(filled) == "Slow\nis fast"
    assert results_of(filled, tmp_path, "shop", {**DOMAIN, MOTTO: "Fast"}) == ["updated"]
    assert motto(filled) == "Fast"
    assert results_of(filled, tmp_path, "shop", {**DOMAIN, MOTTO: ""}) == ["unchanged"]
    assert motto(filled) == "Fast"
    cleared = results_of(filled, tmp_path, "shop", {**DOMAIN, MOTTO: ""}, blank="clear")
    assert cleared == ["updated"] and motto(filled) == ""


def test_an_export_changes_nothing(filled, tmp_path):
    results_of(filled, tmp_path, "shop", {**DOMAIN, MOTTO: "Slow"})
    unchanged(filled, tmp_path, "shop")


def test_the_row_of_another_store_fails(filled, tmp_path):
    row, before = {"Shopify Domain": "bob.myshopify.com", MOTTO: "Bob's"}, motto(filled)
    [(result, comment)] = came_of(filled, tmp_path, "shop", row)
    assert result == "failed"
    assert comment == "Shopify Domain: “bob.myshopify.com” is another store."
    assert motto(filled) == before


def test_the_letter_case_of_a_domain_does_not_count(filled, tmp_path):
    row = {"Shopify Domain": "Alice.MyShopify.com", MOTTO: "Slow"}
    assert results_of(filled, tmp_path, "shop", row) == ["updated"]


def test_the_shop_is_neither_replaced_nor_deleted(filled, tmp_path):
    """What other programs keep of it is in no file of one's own."""
    results_of(filled, tmp_path, "shop", {**DOMAIN, MOTTO: "Slow"})
    for command in ("REPLACE", "DELETE", "NEW", "IGNORE"):
        row = {**DOMAIN, "Command": command, "Metafield: custom.other [boolean]": "true"}
        [(result, comment)] = came_of(filled, tmp_path, "shop", row)
        assert result == "skipped", (command, comment)
        assert command != "REPLACE" or "Write the Command MERGE." in comment
    assert motto(filled) == "Slow"


def test_what_shopify_does_not_let_change_is_told_and_left(filled, tmp_path):
    [(result, comment)] = came_of(filled, tmp_path, "shop", {**DOMAIN, "Name": "Another"})
    assert result == "unchanged" and "Another" not in comment


class AfterTheFirstAnswer(logging.Handler):
    """Does something once, when Shopify has answered a question."""

    def __init__(self, act):
        super().__init__(logging.INFO)
        self._acts = [act]

    def emit(self, record: logging.LogRecord) -> None:
        if self._acts:
            self._acts.pop()()


@contextmanager
def meanwhile(act) -> Iterator[None]:
    """What somebody else does between the last look at an object and its writing."""
    log, handler = logging.getLogger("shopify.admin"), AfterTheFirstAnswer(act)
    level = log.level
    log.setLevel(logging.INFO)
    log.addHandler(handler)
    yield
    log.removeHandler(handler)
    log.setLevel(level)


def set_motto(store: Store, value: str) -> None:
    """Somebody else writes it."""
    send = GUARDED.send
    gid = store.graphql("{ shop { id } }")["shop"]["id"]
    field = {"ownerId": gid, "namespace": "custom", "key": "motto", "value": value}
    variables = send.variables(None, [field | {"type": "multi_line_text_field"}])
    store.graphql(send.document, **variables)


def planned(store: Store, folder, value: str):
    """An import that is to write the motto next."""
    store.key.permissions = [*store.key.permissions, "shop:import"]
    return store.begun(folder, text_of([{**DOMAIN, MOTTO: value}]), type="shop")


def test_what_others_write_after_the_last_look_is_a_conflict(filled, tmp_path):
    set_motto(filled, "Slow")
    job = planned(filled, tmp_path, "Fast")
    with meanwhile(lambda: set_motto(filled, "Theirs")):
        filled.run_import(job)
    [row] = results(job)
    assert row["Import Result"] == "conflict" and "Theirs" in row["Import Comment"]
    assert motto(filled) == "Theirs"


def test_what_others_create_after_the_last_look_is_a_conflict(filled, tmp_path):
    results_of(filled, tmp_path, "shop", {**DOMAIN, MOTTO: ""}, blank="clear")
    job = planned(filled, tmp_path, "Fast")
    with meanwhile(lambda: set_motto(filled, "Theirs")):
        filled.run_import(job)
    assert [row["Import Result"] for row in results(job)] == ["conflict"]
    assert motto(filled) == "Theirs"


def test_what_was_written_before_the_worker_died_is_no_conflict(filled, tmp_path):
    set_motto(filled, "Slow")
    filled.misbehave(lose_answer=1)
    row = {**DOMAIN, MOTTO: "Fast"}
    assert results_of(filled, tmp_path, "shop", row, tries=2) == ["updated"]
    assert motto(filled) == "Fast"


@pytest.mark.parametrize("type", [shop, companies], ids=lambda type: type.name)
def test_only_an_import_asks_for_the_digests_of_metafields(type):
    motto = MetafieldDefinition("m0", "custom.motto", "custom", "motto", "url")
    of_export, of_import = type.passes[0], for_writing(type, type.passes[0])
    asked = [step.repeated[0].field(motto) for step in (of_export, of_import)]
    assert ["compareDigest" in fields for fields in asked] == [False, True]
