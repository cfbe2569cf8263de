"""Whose a row is: a table says so by ``shop_id``, or by what it refers to that does."""

from sqlalchemy import ColumnElement, Table

from models import db, rows_changed
from models.tables import OF_NOBODY, TABLES


def of_shop(table: Table, shop_id: int) -> ColumnElement[bool]:
    """The condition on the rows of this table that belong to the shop.

    Raises LookupError for a table from which no foreign key leads to a shop.
    """
    if table.name == "shops":
        return table.c.id == shop_id
    if "shop_id" in table.c:
        return table.c.shop_id == shop_id
    for column in table.c:
        for key in column.foreign_keys:
            owner = key.column.table
            owned = db.select(key.column).where(of_shop(owner, shop_id))
            return column.in_(owned)
    raise LookupError(f"nothing says which shop a row of {table.name} belongs to")


def owned_tables() -> list[Table]:
    """Every table whose rows belong to shops, those that others refer to last."""
    owned = {model.__table__ for model in TABLES if model not in OF_NOBODY}
    return [table for table in reversed(db.metadata.sorted_tables) if table in owned]


def erase_shop(shop_id: int) -> dict[str, int]:
    """Erase the shop and every row of it; how many there were by table. Does not commit."""
    return {
        table.name: rows_changed(db.delete(table).where(of_shop(table, shop_id)))
        for table in owned_tables()
    }
