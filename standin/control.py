"""What the control routes (/_standin/...) share: their JSON bodies."""

from flask import abort, request


def body() -> dict:
    """The JSON object of the request, {} when there is no body; ends it with 422 otherwise."""
    if not request.get_data():
        return {}
    asked = request.get_json(force=True, silent=True)
    if not isinstance(asked, dict):
        abort(422, "Send a JSON object.")
    return asked
