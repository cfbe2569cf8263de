"""API keys: created once, stored as a keyed hash, shown in full for a limited time."""

import re
from datetime import datetime, timedelta
from typing import Self

from flask import current_app
from sqlalchemy import JSON, ColumnElement, ForeignKey, LargeBinary, Row, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models import Model, db, import_limits, now, partial_index, peppers, rows_changed
from models.import_limits import WITHIN_LIMITS
from models.key_format import generate, preview
from models.personal_data import ALL, Personal
from models.shop import Shop
from models.vault import Vault
from translations import N_, _

MAX_NAME = 60
INVISIBLE = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0e\uffa0\U000e0100-\U000e01ef]"
    r"|(?:^|(?<=[\w\s]))\ufe0f(?!\u20e3)"
)
"""Letters and marks that Python calls printable and nobody sees; U+FE0F belongs to emoji."""
MAX_REQUEST_ID = 64
LATELY = timedelta(days=7)
CALLS_PER_MINUTE = MOST_CALLS_PER_MINUTE = 600_000
ENVIRONMENTS = {
    "production": N_("Production"),
    "staging": N_("Staging"),
    "development": N_("Development"),
}
"""What a key can be labelled with."""


class ApiKey(Model):
    __tablename__ = "api_keys"
    __table_args__ = (
        UniqueConstraint("shop_id", "request_id"),
        partial_index("ix_api_keys_reveal_until", "reveal_until", where="secret_box IS NOT NULL"),
        partial_index("ix_api_keys_retires_at", "retires_at", where="deleted_at IS NULL"),
        partial_index("ix_api_keys_expires_at", "expires_at", where="deleted_at IS NULL"),
        partial_index("ix_api_keys_rule_ends_at", "rule_ends_at", where="deleted_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), index=True)
    name: Mapped[str] = mapped_column(String(MAX_NAME))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    pepper_version: Mapped[int]
    preview: Mapped[str] = mapped_column(String(32))
    permissions_text: Mapped[str] = mapped_column("permissions", default="")
    granted_at: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """By permission when it was granted, ISO 8601; one that is missing was there from the start."""
    secret_box: Mapped[bytes | None] = mapped_column(LargeBinary)
    reveal_until: Mapped[datetime | None]
    request_id: Mapped[str | None] = mapped_column(String(MAX_REQUEST_ID))
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[str] = mapped_column(String(64))
    last_used_at: Mapped[datetime | None]
    last_address: Mapped[str] = mapped_column(String(45), default="")
    last_client: Mapped[str] = mapped_column(String(80), default="")
    allowed_addresses: Mapped[str] = mapped_column(default="")
    calls_per_minute: Mapped[int] = mapped_column(default=CALLS_PER_MINUTE)
    imports: Mapped[str] = mapped_column(String(16), default=WITHIN_LIMITS)
    """How its imports are applied, one of ``import_limits.MODES``."""
    import_limits_text: Mapped[str] = mapped_column("import_limits", default="")
    environment: Mapped[str] = mapped_column(String(16), default="")
    """One of ENVIRONMENTS, or empty: what the key is labelled with."""
    rule_ends_at: Mapped[datetime | None]
    """From when on the key is refused because it breaks a rule of its shop."""
    rule_ended_at: Mapped[datetime | None]
    """When that was told."""
    personal_data: Mapped[Personal] = mapped_column(String(8), default=ALL)
    for_workload: Mapped[bool] = mapped_column(default=False)
    """Whether it belongs to a trusted workload (``models.workload``): nobody has its full text."""
    expires_at: Mapped[datetime | None]
    retires_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    # -- making and finding ----------------------------------------------------------------

    @classmethod
    def issue(
        cls,
        shop: Shop,
        *,
        name: str,
        permissions: list[str],
        expires_at: datetime | None,
        created_by: str,
        request_id: str | None = None,
        allowed_addresses: str = "",
        calls_per_minute: int = CALLS_PER_MINUTE,
        imports: str = WITHIN_LIMITS,
        import_limits_text: str = "",
        environment: str = "",
        personal_data: Personal = ALL,
        for_workload: bool = False,
    ) -> tuple[Self, str]:
        """Return the new row and the only readable copy of its full key."""
        text = generate()
        version, pepper = peppers.newest()
        key = cls(
            shop_id=shop.id,
            name=name,
            digest=peppers.digest(pepper, text),
            pepper_version=version,
            preview=preview(text),
            expires_at=expires_at,
            created_by=created_by,
            request_id=request_id,
            allowed_addresses=allowed_addresses,
            calls_per_minute=calls_per_minute,
            imports=imports,
            import_limits_text=import_limits_text,
            environment=environment,
            personal_data=personal_data,
            for_workload=for_workload,
            created_at=now(),
        )
        key.permissions = permissions
        if not for_workload:
            key._store_for_reveal(text)
        db.session.add(key)
        return key, text

    @classmethod
    def of(cls, shop: Shop) -> list[Self]:
        """The shop's keys that programs hold, newest first; those whose retirement is over are
        none any more."""
        return list(
            db.session.scalars(
                db.select(cls)
                .where(cls.shop_id == shop.id, cls.for_workload.is_(False), cls.here())
                .order_by(cls.created_at.desc(), cls.id.desc())
            )
        )

    @classmethod
    def counted(cls, shop_id: int) -> tuple[int, bool]:
        """How many keys the shop has that were not deleted, and whether a program has ever called
        with a key of it, deleted ones included."""
        live = db.func.count().filter(cls.deleted_at.is_(None))
        found = db.select(live, db.func.max(cls.last_used_at)).where(cls.shop_id == shop_id)
        count, last_used = db.session.execute(found).one()
        return count, last_used is not None

    @classmethod
    def lock(cls, *of: ColumnElement[bool]) -> None:
        """Lock the rows of these keys until the transaction ends."""
        db.session.execute(db.update(cls).where(*of).values(name=cls.name))

    @classmethod
    def locked(cls, key_id: int) -> Self:
        """The key as it is now, its row locked until the transaction ends."""
        cls.lock(cls.id == key_id)
        return db.session.get_one(cls, key_id, populate_existing=True)

    @classmethod
    def here(cls) -> ColumnElement[bool]:
        """The condition on keys that the shop still has."""
        return cls.deleted_at.is_(None) & (cls.retires_at.is_(None) | (cls.retires_at > now()))

    @classmethod
    def delete_those(cls, *of: ColumnElement[bool]) -> list[Row[int, int, str]]:
        """End these keys for good, as ``delete`` does one; return ``id``, ``shop_id`` and ``name``
        of those that were not ended before. Of deletions at the same time one returns a key."""
        ended = db.session.execute(
            db.update(cls)
            .where(cls.deleted_at.is_(None), *of)
            .values(deleted_at=now(), secret_box=None)
            .returning(cls.id, cls.shop_id, cls.name)
        )
        return list(ended.all())

    @classmethod
    def purge_revealed(cls) -> int:
        """Erase the full keys whose reveal time is over, in every shop; return how many."""
        return rows_changed(
            db.update(cls)
            .where(cls.secret_box.is_not(None), cls.reveal_until <= now())
            .values(secret_box=None)
        )

    # -- what it may do, and until when ----------------------------------------------------

    @property
    def permissions(self) -> frozenset[str]:
        """The permissions held. Empty or malformed text holds none."""
        return frozenset((self.permissions_text or "").split())

    @permissions.setter
    def permissions(self, names: list[str]) -> None:
        at, before = now().isoformat(), self.granted_at or {}
        kept = {name: before.get(name, self.created_at.isoformat()) for name in self.permissions}
        self.granted_at = {name: kept.get(name, at) for name in names}
        self.permissions_text = " ".join(names)

    def granted_since(self, permission: str) -> datetime:
        """Since when it holds this permission."""
        granted = self.granted_at.get(permission)
        return datetime.fromisoformat(granted) if granted else self.created_at

    @property
    def import_limits(self) -> dict[str, int]:
        """What its imports may do before a person decides, by the names of DEFAULTS."""
        return import_limits.parse(self.import_limits_text)

    @property
    def expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= now()

    @property
    def retiring(self) -> bool:
        """Whether a rotation put another key in its place."""
        return self.retires_at is not None

    @property
    def disabled(self) -> bool:
        return self.disabled_at is not None

    @property
    def stopped_by_rule(self) -> bool:
        """Whether it has broken a rule of its shop for longer than it may."""
        return self.rule_ends_at is not None and self.rule_ends_at <= now()

    @property
    def used_lately(self) -> bool:
        """Whether something would miss the key: it was used in the last seven days."""
        return self.last_used_at is not None and now() - self.last_used_at < LATELY

    @property
    def works(self) -> bool:
        """Whether calls with it are let in, as far as the key decides."""
        retired = self.retires_at is not None and self.retires_at <= now()
        ended = self.deleted_at or self.disabled or retired or self.expired
        return not (ended or self.stopped_by_rule)

    def delete(self) -> None:
        """End the key for good. The row stays for the history; its secret does not."""
        self.deleted_at = now()
        self.secret_box = None

    # -- the full key, for a while ---------------------------------------------------------

    def reveal(self) -> str | None:
        """The full key while its window is open, else None, even if the purge has not run."""
        if self.secret_box is None or not self.revealable:
            return None
        vault: Vault = current_app.extensions["vault"]
        return vault.open(self.secret_box, owner=self.box_owner)

    @property
    def revealable(self) -> bool:
        if self.secret_box is None:
            return False
        return self.reveal_until is None or self.reveal_until > now()

    def _store_for_reveal(self, text: str) -> None:
        minutes = current_app.config["SETTINGS"].KEY_REVEAL_MINUTES
        if minutes == 0:
            return
        if minutes != "forever":
            self.reveal_until = now() + timedelta(minutes=minutes)
        self.secret_box = current_app.extensions["vault"].seal(text, owner=self.box_owner)

    @property
    def box_owner(self) -> str:
        return f"key:{self.shop_id}:{self.digest.hex()}"

    # -- the words of its form -------------------------------------------------------------

    @classmethod
    def name_error(cls, name: str, others: list[Self]) -> str | None:
        """What is wrong with this name beside those keys' names, for the merchant to read.

        A key that retires has left its name to its successor.
        """
        if len(name) > MAX_NAME:
            return _("Use at most %(most)s characters.", most=MAX_NAME)
        if not name.isprintable() or INVISIBLE.search(name):
            return _("Use letters, digits, spaces and punctuation only.")
        if any(key.name.casefold() == name.casefold() and not key.retiring for key in others):
            return _("You already have a key with this name.")
        return None

    @classmethod
    def free_name(cls, others: list[Self]) -> str:
        """The name of a key that was given none: the first free one of Key 1, Key 2 …"""
        taken = {key.name.casefold() for key in others}
        number = 1
        while f"key {number}" in taken:
            number += 1
        return f"Key {number}"
