"""Which rows of all shops come first: the oldest of each, so that nobody waits behind a crowd."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute

from models import db

Found = TypeVar("Found")


def oldest_of_each_shop(
    query: Select[tuple[Found]],
    row_id: InstrumentedAttribute[str],
    shop_id: InstrumentedAttribute[int],
    at: InstrumentedAttribute[datetime],
    *conditions: ColumnElement[bool],
) -> Select[tuple[Found]]:
    """The query, of rows that meet the conditions: the oldest of every shop comes first, then the
    second oldest of every shop, and so on."""
    turn = db.func.row_number().over(partition_by=shop_id, order_by=(at, row_id))
    turns = (
        db.select(row_id.label("id"), at.label("at"), turn.label("turn"))
        .where(*conditions)
        .subquery()
    )
    return query.join(turns, turns.c.id == row_id).order_by(turns.c.turn, turns.c.at, turns.c.id)
