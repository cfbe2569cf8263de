"""Moves htmx to another page of the app, after a form did its work."""

from flask import Response
from htmx_flask import make_response

from blueprints.template_filters import in_app


def open_page(endpoint: str, *, toast: str = "", **values: str) -> Response:
    """Answer that makes htmx load the page, as a link to it would."""
    target = {"target": "#page", "select": "#page", "swap": "outerHTML show:top"}
    trigger = {"toast": toast} if toast else None
    return make_response(
        "", location={"path": in_app(endpoint, **values)} | target, trigger=trigger
    )
