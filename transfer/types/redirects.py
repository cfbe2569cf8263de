"""Redirects: uRL redirections."""

from transfer.types.base import DataType

redirects = DataType(
    name="redirects",
    label="Redirects",
    about="URL redirections",
)
