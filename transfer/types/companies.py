"""Companies: b2B company information."""

from transfer.types.base import DataType

companies = DataType(
    name="companies",
    label="Companies",
    about="B2B company information",
)
