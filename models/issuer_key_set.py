"""The public keys of issuers of ID tokens, for every process and beyond its end."""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from models import Model, db, insert_into, limit_lock_wait, now
from models.workload import MAX_ISSUER

KEPT = timedelta(hours=12)
log = logging.getLogger(__name__)


class IssuerKeySet(Model):
    """A key set (RFC 7517) as its issuer last told it."""

    __tablename__ = "issuer_key_sets"

    issuer: Mapped[str] = mapped_column(String(MAX_ISSUER), primary_key=True)
    jwks: Mapped[dict[str, Any]] = mapped_column(JSON)
    fetched_at: Mapped[datetime] = mapped_column(index=True)

    @classmethod
    def load(cls, issuer: str) -> tuple[dict[str, Any], float] | None:
        """What is kept of an issuer, and how many seconds ago it was fetched."""
        found = db.session.execute(
            db.select(cls.jwks, cls.fetched_at).where(cls.issuer == issuer)
        ).first()
        return (found.jwks, (now() - found.fetched_at).total_seconds()) if found else None

    @classmethod
    def store(cls, issuer: str, jwks: dict[str, Any]) -> None:
        """Keep what was fetched just now, in a transaction of its own; a database that does not
        take it costs the next process a fetch."""
        row = {"jwks": jwks, "fetched_at": now()}
        insert = insert_into(cls).values(issuer=issuer, **row)
        insert = insert.on_conflict_do_update(index_elements=["issuer"], set_=row)
        try:
            with db.engine.begin() as connection:
                limit_lock_wait(connection)
                connection.execute(insert)
        except SQLAlchemyError as error:
            log.warning("The keys of an issuer were not kept: %s", error)

    @classmethod
    def purge(cls) -> None:
        """Erase what is too old to be used. Does not commit."""
        db.session.execute(db.delete(cls).where(cls.fetched_at < now() - KEPT))
