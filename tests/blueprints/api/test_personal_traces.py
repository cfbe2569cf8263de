"""A key that sees no personal data works in a store where all that is personal is marked: no mark
stands in what it is answered, in the log, on the pages that tell of its jobs, or in mail."""

import logging

from werkzeug.test import TestResponse

from mail import outbox
from models import db
from models.import_limits import APPROVAL
from models.job import FAILED, HELD, Job
from models.notice import Notice
from models.personal_data import NONE, REPLACED
from tests.blueprints.api.test_imports import start
from tests.cast import ALICE, Merchant, Script
from tests.transfer.exporting.test_personal import (
    IN_PRODUCTS_TOO,
    PERSONAL,
    SEED,
    leaks,
    seen,
    text_of,
)
from transfer.permissions import EXPORTS, IMPORTS
from transfer.types import BY_NAME

LINES = {"Accept": "application/x-ndjson"}
PAGES = ("/settings/jobs/", "/settings/activity/", "/settings/keys/", "/settings/keys/safety")


def read(answer: TestResponse) -> bytes:
    """The body of an answer that is read to its end."""
    data = answer.data
    answer.close()
    return data


def test_no_mark_is_left_anywhere(mailing, store, post, caplog):
    caplog.set_level(logging.INFO)
    store.key.permissions = [*EXPORTS, *IMPORTS]
    store.shop.contact_email = "ops@example.com"
    db.session.commit()
    store.tell("seed", **SEED)
    marked = store.tell("mark", fields=PERSONAL)
    marks = {mark: path for mark, path in marked.items() if path not in IN_PRODUCTS_TOO}
    program, answers = Script(mailing, store.key_text), []
    done = store.export(*BY_NAME)
    for mode in (NONE, REPLACED):
        seen(store, mode)
        file = read(program.get(f"/exports/{done.id}/file"))
        answers.append(text_of(file))
    store.key.imports = APPROVAL
    db.session.commit()
    held = store.run_import(start(program, file, type="", name="all.zip"))
    assert held.status == HELD and held.plan["counts"]["failed"]
    store.misbehave(bulk_fails="INTERNAL_SERVER_ERROR")
    broken = program.post("/exports", json={"types": ["customers"]}).json["id"]
    broken = store.run_export(db.session.get_one(Job, broken))
    assert broken.status == FAILED
    for path in ("/exports", "/imports", f"/exports/{broken.id}", f"/imports/{held.id}"):
        answers.append(program.get(path).data)
    results = read(program.get(f"/imports/{held.id}/results", headers=LINES))
    assert b"does not see" in results
    answers += [results, read(program.get(f"/imports/{held.id}/plan"))]
    answers.append(program.post(f"/imports/{held.id}/apply").data)

    alice = Merchant(mailing, ALICE)
    pages = [alice.get(path).data for path in PAGES]
    for notice in Notice.unsent(100):
        outbox.send(notice.id)
    mails = [mail.as_bytes() for _, mail in post.mails]
    assert len(mails) >= 2, "of the export that failed, and the import that waits"
    for where in (answers, pages, mails, [caplog.text.encode()]):
        assert leaks(marks, b"\n".join(where)) == {}
