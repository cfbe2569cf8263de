"""Large imports into the stand-in: many new rows are one bulk mutation, and nothing is lost.

The first test has as many rows as it really takes, the others a tenth of them."""

from dataclasses import replace

import pytest

from jobs.workflows import FIRST_WAIT, LAST_WAIT, import_file
from models import db
from models.job import APPLYING, CANCELED, COMPLETED
from models.webhook_delivery import WebhookDelivery
from shops import webhooks
from tests.jobs.test_workflows import COUNT, rows
from tests.transfer.importing.test_rows import outcomes
from transfer.importing import bulk, steps

both_databases = pytest.mark.both_databases

MANY = bulk.FEWEST + 20
TENTH = MANY // 10
"""With ``small_batches`` so many are as many."""
ASKED = """query { bulkOperations(first: 50, query: "operation_type:mutation") {
  nodes { id query status } } }"""


def asked(store) -> list[dict]:
    """The bulk mutations that the store was asked for."""
    return store.graphql(ASKED)["bulkOperations"]["nodes"]


def count(store) -> int:
    return store.graphql(COUNT)["urlRedirectsCount"]["count"]


def forget(job) -> None:
    """Let the job not know the id of the operation that it began."""
    state = job.import_state
    job.import_state = replace(state, bulk=replace(state.bulk, operation=""))
    db.session.commit()


def over(job, operation: str) -> None:
    while bulk.poll(job.id, operation):
        pass


@both_databases
def test_many_new_rows_are_one_bulk_mutation(store, tmp_path):
    job = store.run_import(store.keep(tmp_path, rows(0, MANY)))
    assert (job.status, job.counts, job.done) == (COMPLETED, {"created": MANY}, MANY)
    assert count(store) == MANY
    assert [operation["status"] for operation in asked(store)] == ["COMPLETED"]
    first, *_, last = outcomes(job)
    assert first == ("/p0", "created", 'Path: "/p0", Target: "/t"')
    assert last[:2] == (f"/p{MANY - 1}", "created")


def test_few_rows_a_dry_run_and_changes_go_row_by_row(store, small_batches, tmp_path):
    few = store.run_import(store.keep(tmp_path, rows(0, 3)))
    dry = store.run_import(store.keep(tmp_path, rows(3, 3 + TENTH), dry_run=True))
    assert (few.counts, dry.counts) == ({"created": 3}, {"created": TENTH})
    assert asked(store) == [] and count(store) == 3


@both_databases
def test_what_breaks_a_run_goes_row_by_row_and_in_its_order(store, small_batches, tmp_path):
    store.add_redirect("/old", "/o")
    middle = "/old,UPDATE,/u\n/p3,DELETE,\n/bad,ERASE,/b\n/P4,MERGE,/again\n"
    end = 2 * TENTH + steps.WRITTEN_AT_ONCE
    text = rows(0, TENTH) + middle + rows(TENTH, end).partition("\n")[2]
    job = store.run_import(store.keep(tmp_path, text))
    assert len(asked(store)) == 2
    assert [job.counts[name] for name in ("deleted", "updated", "failed")] == [1, 2, 1]
    assert sum(job.counts.values()) == end + 4
    made = {path for path, result, _ in outcomes(job) if result == "created"}
    assert {f"/p{n}" for n in range(end)} <= made
    found = store.graphql('query { urlRedirects(first: 1, query: "path:/p3") { nodes { id } } }')
    assert found["urlRedirects"]["nodes"] == []


@both_databases
def test_shopifys_words_stand_beside_each_row_that_it_refuses(store, small_batches, tmp_path):
    """With the column that they are about, as for rows that are sent alone."""
    job = store.begun(tmp_path, rows(0, TENTH))
    store.add_redirect("/p7", "/o")
    operation = bulk.start(job.id)
    over(job, operation)
    bulk.collect(job.id, operation)
    by_path = {path: (result, words) for path, result, words in outcomes(job)}
    assert by_path["/p8"][0] == "created" and count(store) == TENTH
    assert by_path["/p7"] == ("failed", "Path: Path has already been taken")


def test_where_bulk_is_refused_every_row_is_made_all_the_same(store, small_batches, tmp_path):
    store.misbehave(refuse_bulk=True)
    job = store.run_import(store.keep(tmp_path, rows(0, TENTH)))
    store.misbehave()
    assert (job.status, job.counts) == (COMPLETED, {"created": TENTH})
    assert asked(store) == [] and count(store) == TENTH


@both_databases
def test_a_mutation_whose_answer_was_lost_is_found_again(store, small_batches, tmp_path):
    """The step was cut off after Shopify had begun: by the marker the next one finds it."""
    job = store.begun(tmp_path, rows(0, TENTH))
    operation = bulk.start(job.id)
    forget(job)
    assert bulk.start(job.id) == operation == bulk.start(job.id)
    over(job, operation)
    for _ in range(2):
        bulk.collect(job.id, operation)
    db.session.refresh(job)
    assert (len(asked(store)), job.counts, count(store)) == (1, {"created": TENTH}, TENTH)


@pytest.mark.parametrize("every", [pytest.param(1, marks=pytest.mark.everything), 2])
def test_what_a_new_object_needs_besides_is_sent_after_the_run(
    store, small_batches, tmp_path, every
):
    store.tell("seed", products=0)
    shown = ["TRUE" if n % every == 0 else "" for n in range(TENTH)]
    lines = [f"p{n},P {n},{cell}" for n, cell in enumerate(shown)]
    text = "\n".join(("Handle,Title,Published: Online Store", *lines))
    store.changes_sent()
    job = store.run_import(store.keep(tmp_path, text, type="products"))
    sent = [one["field"] for one in store.changes_sent()]
    assert (job.status, job.counts, len(asked(store))) == (COMPLETED, {"created": TENTH}, 1)
    assert sent.count("publishablePublish") == shown.count("TRUE")


@both_databases
def test_rows_that_no_result_tells_of_are_looked_up_in_the_store(store, small_batches, tmp_path):
    job = store.begun(tmp_path, rows(0, TENTH))
    over(job, bulk.start(job.id))
    run = job.import_state.bulk
    job.import_state = replace(job.import_state, bulk=None, one_by_one_to=run.last)
    db.session.commit()
    while steps.apply(job.id):
        pass
    db.session.refresh(job)
    assert (run.first, run.last, job.counts) == (2, TENTH + 1, {"created": TENTH})
    assert "had made this change already" in outcomes(job)[0][2]
    assert count(store) == TENTH


@both_databases
def test_a_canceled_import_stops_at_shopify_and_tells_what_was_made(store, small_batches, tmp_path):
    job = store.begun(tmp_path, rows(0, TENTH))
    operation = bulk.start(job.id)
    job.cancel()
    over(job, operation)
    bulk.collect(job.id, operation)
    assert bulk.start(job.id) == "" and steps.apply(job.id) == 0
    steps.complete(job.id)
    db.session.refresh(job)
    assert job.status == CANCELED and sum(job.counts.values()) == TENTH
    assert job.counts.get("created", 0) <= count(store)


@both_databases
def test_the_webhook_finds_the_import_that_waits(store, other_store, small_batches, tmp_path):
    job = store.begun(tmp_path, rows(0, TENTH))
    operation = bulk.start(job.id)
    over(job, operation)
    delivery = WebhookDelivery(payload={"admin_graphql_api_id": operation})
    assert webhooks.HANDLED["bulk_operations/finish"](delivery, store.shop) == [job.id]
    assert webhooks.HANDLED["bulk_operations/finish"](delivery, other_store.shop) == []


def test_files_are_looked_for_at_once_after_a_long_run():
    answers: dict[object, list[object]] = {
        steps.take_up: [(APPLYING, [])],
        steps.write: [(APPLYING, "operation"), (COMPLETED, "")],
        bulk.poll: [*[bulk.RUNNING] * 20, *[bulk.FETCHING] * 2, ""],
        bulk.collect: [None],
    }
    slept: list[float] = []
    import_file(lambda step, *more: answers[step].pop(0), slept.append, "job")
    assert slept[19:] == [LAST_WAIT, FIRST_WAIT, FIRST_WAIT * 1.5]
    assert not any(answers.values())
