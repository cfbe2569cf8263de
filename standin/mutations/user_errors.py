"""The userErrors of a payload, in the shapes that Shopify's mutations give them."""


def user_error(field: list[str] | None, message: str, code: str | None = None, **more) -> dict:
    """One error; ``more`` are the fields of its own type, such as ``elementKey``."""
    return {"field": field, "message": message, "code": code, **more}


def refused(errors: list[dict], *empty: str) -> dict:
    """A payload that changed nothing: its objects ``empty`` are null."""
    return {**dict.fromkeys(empty), "userErrors": errors}
