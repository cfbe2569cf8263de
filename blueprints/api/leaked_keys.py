"""POST /api/v1/leaked-keys: whoever finds full keys in public hands them in, and they end."""

from flask import Blueprint, request

from blueprints.client_address import client_address
from blueprints.rate_limits import charge_report
from models import db
from models.activity import SYSTEM, record
from models.api_key import ApiKey
from models.key_check import find
from models.key_format import found_in
from models.workload import WorkloadKey

bp = Blueprint("leaked_keys", __name__, url_prefix="/api/v1")


@bp.post("/leaked-keys")
def report() -> tuple[str, int]:
    """The answer is the same whatever is sent: it tells nobody which keys are real.

    The keys may stand in a body of any form: JSON, a form, a scanner's report, the very file in
    which they were found.
    """
    charge_report(client_address())
    sent = request.get_data()
    request.stream.read(1)  # raises for more than is taken of a body that did not say its length
    for text in found_in(sent.replace(b"\0", b"").decode("latin-1")):
        _revoke(text)
    return "", 204


def _revoke(text: str) -> None:
    """End the key that this is, if it is one, and record it; once, however often it is sent."""
    caller = find(text)
    if caller is None:
        return
    short = caller.workload_digest
    if WorkloadKey.end(short) if short else ApiKey.delete_those(ApiKey.id == caller.key_id):
        record(
            caller.shop_id,
            "workload.leaked" if short else "key.leaked",
            actor_kind=SYSTEM,
            key_id=caller.key_id,
            subject=caller.name,
            address=client_address(),
        )
    db.session.commit()
