"""The query of an API call: what it may hold."""

from flask import request

from blueprints.errors import Problem

SHOWN = 40
"""Characters of an unknown name that an error repeats."""


def refuse_all_but(*names: str) -> None:
    """Raise a Problem for a parameter that the call does not have: were one that is mistyped
    ignored, a call with ``dryrun=true`` would change the store."""
    other = next((name for name in request.args if name not in names), None)
    if other is not None:
        detail = f"There is no such parameter. Allowed are: {', '.join(names)}."
        raise Problem(422, "invalid", detail, errors=[{"field": other[:SHOWN], "detail": detail}])
