"""Payouts: payment settlement information."""

from transfer.types.base import DataType

payouts = DataType(
    name="payouts",
    label="Payouts",
    about="Payment settlement information",
    importable=False,
)
