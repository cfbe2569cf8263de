"""Calls that a key was refused are recorded after the answer is made."""

from functools import partial

from flask import Flask, Response, g

from background import notes
from blueprints.client_address import client_address
from models import db
from models.key_check import Caller
from models.refusal import Refusal, is_new, record_refusal
from models.workload import WorkloadRule


def register(app: Flask) -> None:
    app.after_request(partial(_record, app))


def refused(caller: Caller, reason: str, needs: str | None = None) -> None:
    """Have it recorded that this call was refused to the key, for this reason."""
    g.refusal = Refusal(caller.key_id, caller.shop_id, caller.name, reason, needs)


def rule_refused(rule: WorkloadRule, reason: str, claim: str | None = None) -> None:
    """Have it recorded that this rule let a job in no further, for this reason."""
    g.refusal = Refusal(rule.key_id, rule.shop_id, rule.key.name, reason, claim)


def _record(app: Flask, response: Response) -> Response:
    refusal: Refusal | None = g.get("refusal")
    if refusal is not None and is_new(refusal):
        db.session.rollback()
        work = partial(record_refusal, refusal, client_address())
        notes.run(("refusal", refusal.key_id, refusal.reason), work, app)
    return response
