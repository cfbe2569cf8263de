"""The demo shop's catalogue, and the routes that add records to a shop or empty it."""

from flask import Blueprint

from standin.shops import shop_of

bp = Blueprint("seeding", __name__)


@bp.post("/_standin/<shop>/reset")
def reset(shop):
    shop_of(shop).clear()
    return "", 204
