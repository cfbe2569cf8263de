"""The address that a shop's notices go to."""

from email_validator import EmailNotValidError, validate_email

from translations import _


def address_error(text: str) -> str | None:
    """What is wrong with this address, for the merchant to read."""
    if not text:
        return _("Enter an email address.")
    try:
        normal_address(text)
    except EmailNotValidError:
        return _("Enter an address like name@example.com.")
    return None


def normal_address(text: str) -> str:
    """The one way to write an address that has no error.

    Its name is of ASCII: no other is taken by every mail server (RFC 6531).
    """
    found = validate_email(text, check_deliverability=False, strict=True, allow_smtputf8=False)
    return found.normalized
