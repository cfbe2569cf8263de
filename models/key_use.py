"""How a key was used: calls and failures by day, and when each permission was last needed."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models import db


class KeyDay(db.Model):
    __tablename__ = "key_days"

    key_id: Mapped[int] = mapped_column(ForeignKey("api_keys.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    calls: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)


class PermissionUse(db.Model):
    __tablename__ = "permission_uses"

    key_id: Mapped[int] = mapped_column(ForeignKey("api_keys.id"), primary_key=True)
    permission: Mapped[str] = mapped_column(String(48), primary_key=True)
    last_used_at: Mapped[datetime]
