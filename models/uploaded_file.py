"""What a shop uploaded with the API: by name and content the file that Shopify made of it, so that
nothing is uploaded twice."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models import Model, db, insert_into, now

LONGEST_NAME = 255
KEPT = timedelta(days=365)
"""How long a file is known after it was last uploaded or asked about."""
NOTED_EVERY = timedelta(days=30)


class UploadedFile(Model):
    """``name`` is what the file is called where it came from, ``sha256`` of its content. Without a
    ``file_id`` Shopify was told to make it and its answer is not known. ``used_at`` is when it was
    told so, or when somebody last asked about the file, to the month."""

    __tablename__ = "uploaded_files"
    __table_args__ = (Index("ix_uploaded_files_shop_id_file_id", "shop_id", "file_id"),)

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    file_id: Mapped[str] = mapped_column(String(100))
    used_at: Mapped[datetime] = mapped_column(default=now, index=True)

    @classmethod
    def with_names(cls, shop_id: int, names: Collection[str]) -> list[Self]:
        """What the shop uploaded under these names, the oldest first."""
        mine = db.select(cls).where(cls.shop_id == shop_id, cls.name.in_(names))
        return list(db.session.scalars(mine.order_by(cls.used_at)))

    @classmethod
    def store(cls, shop_id: int, files: Iterable[tuple[str, str, str]]) -> None:
        """Note the names, contents and file IDs of new uploads. Does not commit."""
        ids = {(name, sha256): file_id for name, sha256, file_id in files}
        if not ids:
            return
        same = {"shop_id": shop_id, "used_at": now()}
        rows = [
            {"name": name, "sha256": sha256, "file_id": file_id} | same
            for (name, sha256), file_id in ids.items()
        ]
        insert = insert_into(cls).values(rows)
        found = {name: insert.excluded[name] for name in ("file_id", "used_at")}
        key = ["shop_id", "name", "sha256"]
        db.session.execute(insert.on_conflict_do_update(index_elements=key, set_=found))

    @classmethod
    def note_use(cls, shop_id: int, file_ids: Collection[str]) -> None:
        """Note that these files were asked about, unless that was done lately. Does not commit."""
        if not file_ids:
            return
        stale = (cls.shop_id == shop_id, cls.used_at < now() - NOTED_EVERY)
        used = db.update(cls).where(*stale, cls.file_id.in_(file_ids)).values(used_at=now())
        db.session.execute(used)

    @classmethod
    def purge(cls) -> None:
        """Erase what nobody has asked about for long, in every shop. Does not commit."""
        db.session.execute(db.delete(cls).where(cls.used_at < now() - KEPT))

    @classmethod
    def forget(cls, shop_id: int, file_ids: Collection[str]) -> None:
        """Forget files that are gone or have another content. Does not commit."""
        if not file_ids:
            return
        mine = (cls.shop_id == shop_id, cls.file_id.in_(file_ids))
        db.session.execute(db.delete(cls).where(*mine))

    @classmethod
    def release(cls, shop_id: int, names: Collection[str]) -> None:
        """Forget that Shopify was told to make files of these names. Does not commit."""
        if not names:
            return
        mine = (cls.shop_id == shop_id, cls.name.in_(names), cls.file_id == "")
        db.session.execute(db.delete(cls).where(*mine))
