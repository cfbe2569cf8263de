"""Calls that a key was refused are recorded after the answer is made."""

from flask import Flask, Response, g

from blueprints.client_address import client_address
from models import db
from models.key_check import Caller
from models.refusal import record_refusal


def register(app: Flask) -> None:
    app.after_request(_record)


def refused(caller: Caller, reason: str, needs: str | None = None) -> None:
    """Have it recorded that this call was refused to the key, for this reason."""
    g.refused = {
        "key_id": caller.key_id,
        "shop_id": caller.shop_id,
        "name": caller.name,
        "reason": reason,
        "needs": needs,
    }


def _record(response: Response) -> Response:
    if (facts := g.get("refused")) is not None:
        db.session.rollback()
        record_refusal(**facts, address=client_address())
    return response
