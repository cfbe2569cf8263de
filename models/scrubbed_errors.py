"""Database errors without the values that a statement was given.

They could be customers' addresses. SQLAlchemy's errors carry them as parameters, also pickled as
DBOS stores them; PostgreSQL's messages quote them, and its DETAIL is the row. So an error of any
engine of this process keeps its class, its SQLSTATE and the names of table and constraint.
"""

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError

HIDDEN = {"hide_parameters": True}
"""For ``create_engine``: parameters are in no log of the engine's either."""


@event.listens_for(Engine, "handle_error")
def _scrub(context: ExceptionContext) -> None:
    original, error = context.original_exception, context.sqlalchemy_exception
    if isinstance(original, psycopg.Error):
        original.args = (_named(original),)
    if error is None:
        return
    error.params = None
    error.args = (f"({type(original).__module__}.{type(original).__name__}) {original}",)
    if isinstance(error, DBAPIError) and isinstance(original, psycopg.Error):
        error.orig = type(original)(str(original))
        error.orig.sqlstate = original.sqlstate


def _named(error: psycopg.Error) -> str:
    """What went wrong and where; of an error that no server has sent, its text."""
    if error.sqlstate is None:
        return str(error)
    names = (error.diag.table_name, error.diag.column_name, error.diag.constraint_name)
    return " ".join((f"SQLSTATE {error.sqlstate}", *filter(None, names)))
