"""Settings > API Keys: the stand-in values of a store, which can be renewed."""

from flask import Blueprint, Response, g, render_template

from blueprints.keys.shared import card_and_toast
from blueprints.staff import record_activity
from models import db
from translations import _

bp = Blueprint("stand_ins", __name__, url_prefix="/settings/keys/stand-ins")


@bp.get("/")
def ask() -> str:
    return render_template("keys/_renew_stand_ins.html")


@bp.post("/")
def renew() -> Response:
    """Cut every link between files of before and files from now on."""
    g.shop.lock()
    g.shop.renew_stand_ins()
    record_activity("key.stand_ins_renewed")
    db.session.commit()
    return card_and_toast(_("Stand-in values renewed"))
