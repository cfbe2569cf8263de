"""The app's front door, and the bounce page that gets a document its ID token."""

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from shopify.shop_domain import is_shop_domain
from translations import _

bp = Blueprint("auth", __name__)


@bp.get("/")
def home() -> Response:
    """Shopify's admin opens the app here; its first page keeps every parameter."""
    return redirect(f"{url_for('keys.page')}?{request.query_string.decode('latin-1')}")


@bp.get("/auth/id-token")
def bounce() -> str:
    """A page that only loads App Bridge, which comes back with a fresh token.

    Both parameters come from the address bar: the shop decides who may frame the page and the
    path where it goes next, so each must be what it claims to be.
    """
    shop, target = request.args.get("shop", ""), request.args.get("shopify-reload", "")
    if not is_shop_domain(shop) or not _inside(target):
        abort(400, _("Open Altera from your Shopify admin."))
    g.framed_by = shop
    return render_template("auth/bounce.html")


def _inside(path: str) -> bool:
    """Whether this is a path of ours: rooted, printable, and no other host in disguise.

    Nowhere before the query are there two slashes, which ``/.//host`` would begin with once a
    browser has tidied it up.
    """
    place = path.partition("?")[0].replace("\\", "/")
    return path.startswith("/") and path.isprintable() and "//" not in place
