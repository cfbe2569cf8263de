"""POST /api/v1/token: a job's ID token for a key that lives a few minutes (RFC 8693)."""

from typing import Any

from flask import Blueprint, g

from blueprints.client_address import client_address
from blueprints.workload_identity import (
    ACCESS_TOKEN,
    NO_STORE,
    ExchangeRefused,
    Workload,
)
from models import db
from models.activity import WORKLOAD, record
from models.workload import WorkloadKey
from workloads.id_token import shown

bp = Blueprint("token", __name__, url_prefix="/api/v1")
RECORDED = ("sub", "run_id", "job_id", "build_number", "pipeline_source", "event_name", "actor")
"""Claims beside the pinned ones that lead to the run behind an exchange."""


@bp.post("/token")
def exchange() -> tuple[dict[str, Any], int, dict[str, str]]:
    """The key, and in the same transaction the note that its ID token is used up."""
    workload: Workload = g.workload
    rule, verdict = workload.rule, workload.verdict
    life = rule.life
    text = WorkloadKey.issue(rule, life, verdict.token) if verdict.token else None
    if text is None:
        db.session.rollback()
        raise ExchangeRefused(
            "invalid_request", "This ID token was used before. Ask your platform for a new one."
        )
    recorded = {name: shown(verdict.claims[name]) for name in RECORDED if name in verdict.claims}
    record(
        rule.shop_id,
        "workload.exchanged",
        actor_kind=WORKLOAD,
        actor=rule.key.name,
        key_id=rule.key_id,
        subject=rule.key.name,
        address=client_address(),
        claims=rule.claims | recorded,
    )
    db.session.commit()
    answer = {
        "access_token": text,
        "issued_token_type": ACCESS_TOKEN,
        "token_type": "Bearer",
        "expires_in": max(1, int(life.total_seconds())),
    }
    return answer, 200, NO_STORE
