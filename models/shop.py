"""A shop that installed the app: who it is, how to reach its owner, and its Shopify tokens."""

from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import current_app
from sqlalchemy import JSON, LargeBinary, Row, String
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models import Model, db, now
from models.staff_member import StaffMember
from models.vault import Vault

NEARLY_OVER = timedelta(minutes=5)


class Shop(Model):
    __tablename__ = "shops"

    id: Mapped[int] = mapped_column(primary_key=True)
    domain: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(255), default="")
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    contact_email: Mapped[str | None] = mapped_column(String(320))
    contact_confirmed_at: Mapped[datetime | None]
    """When its owner confirmed the contact address; until then it gets no notices."""
    language: Mapped[str] = mapped_column(String(16), default="")
    """In which whoever saved the address reads mail; empty for English."""
    access_token_box: Mapped[bytes | None] = mapped_column(LargeBinary)
    access_token_expires_at: Mapped[datetime | None]
    refresh_token_box: Mapped[bytes | None] = mapped_column(LargeBinary)
    refresh_token_expires_at: Mapped[datetime | None]
    needs_merchant_since: Mapped[datetime | None]
    regained_at: Mapped[datetime | None]
    """When a visit brought tokens after Shopify had taken the earlier ones no more: in between the
    app may have been uninstalled."""
    scopes: Mapped[str] = mapped_column(default="")
    plan: Mapped[str] = mapped_column(String(60), default="")
    plan_checked_at: Mapped[datetime | None]
    stand_ins_box: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The secret of its stand-ins for personal data, made when first needed; see ``stand_ins``."""
    page_imports: Mapped[bool] = mapped_column(default=True)
    key_rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What its keys and imports must keep to, see ``models/key_rules.py``."""
    installed_at: Mapped[datetime] = mapped_column(default=now)
    uninstalled_at: Mapped[datetime | None]

    staff: Mapped[list[StaffMember]] = relationship(viewonly=True)

    @classmethod
    def by_domain(cls, domain: str) -> Self | None:
        """The shop of this domain with its staff, whom the pages name."""
        return cls._with_staff(domain=domain)

    @classmethod
    def by_id(cls, shop_id: int) -> Self | None:
        """The shop with its staff: what is streamed reads nothing of it later."""
        return cls._with_staff(id=shop_id)

    @classmethod
    def _with_staff(cls, **of: int | str) -> Self | None:
        found = db.select(cls).filter_by(**of).options(joinedload(cls.staff))
        return db.session.scalars(found).unique().one_or_none()

    @classmethod
    def with_tokens(cls, *, unused_since: datetime | None = None) -> list[int]:
        """Ids of the shops whose tokens can be refreshed; only those not refreshed since then."""
        query = db.select(cls.id).where(
            cls.uninstalled_at.is_(None), cls.refresh_token_box.is_not(None)
        )
        if unused_since:
            ended = cls.access_token_expires_at
            query = query.where(ended.is_(None) | (ended < unused_since))
        return list(db.session.scalars(query.order_by(cls.id)))

    @classmethod
    def good_token(cls, shop_id: int) -> str | None:
        """The access token of an installed shop, unless a new one is needed first. Read in a
        connection of its own, so that threads may ask."""
        with db.engine.connect() as connection:
            return _token(connection.execute(_TOKEN, {"shop_id": shop_id}).one_or_none())

    @classmethod
    def with_token(cls, shop_id: int) -> tuple[str, str | None]:
        """The shop's domain, and its ``good_token``; of one that is gone neither."""
        row = db.session.execute(_TOKEN, {"shop_id": shop_id}).one_or_none()
        return row.domain if row else "", _token(row)

    def lock(self) -> None:
        """Lock the shop's row until the transaction ends, and read it again: what is decided by all
        of its keys together is decided by one request at a time."""
        db.session.execute(db.update(Shop).where(Shop.id == self.id).values(name=Shop.name))
        db.session.refresh(self)

    @property
    def confirmed_email(self) -> str | None:
        """The address that gets this shop's notices, if there is one."""
        return self.contact_email if self.contact_confirmed_at else None

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone; UTC when Shopify's name for it is not known here."""
        try:
            return ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")

    @property
    def admin_url(self) -> str:
        """Its Shopify admin, which only its staff can open."""
        name = self.domain.removesuffix(".myshopify.com")
        return f"{current_app.config['SETTINGS'].SHOPIFY_ADMIN_URL}/store/{name}"

    @property
    def today(self) -> date:
        """The date in its time zone."""
        return now().astimezone(self.zone).date()

    @property
    def access_token(self) -> str | None:
        """The offline access token, or None when there is none or it does not open."""
        return self._open(self.access_token_box)

    @property
    def refresh_token(self) -> str | None:
        return self._open(self.refresh_token_box)

    @property
    def stand_ins_secret(self) -> str:
        """The secret by which people have the same stand-ins in all files of this store.

        Made, but not committed, if there is none: whoever needs it first has locked the row.
        """
        secret = self._open(self.stand_ins_box)
        return secret if secret is not None else self.renew_stand_ins()

    def make_stand_ins(self) -> None:
        """Make the secret unless there is one. Does not commit."""
        if not self.has_stand_ins:
            self.renew_stand_ins()

    @property
    def has_stand_ins(self) -> bool:
        """Whether it has a secret, which opens."""
        return self._open(self.stand_ins_box) is not None

    @classmethod
    def has_had_stand_ins(cls, shop_id: int) -> bool:
        """Whether there has been a secret, so that files of the store may have stand-ins."""
        query = db.select(cls.id).where(cls.id == shop_id, cls.stand_ins_box.is_not(None))
        return db.session.scalar(query) is not None

    def renew_stand_ins(self) -> str:
        """Make a new secret: stand-ins of before lead to nobody, and to none of after."""
        secret = token_hex(32)
        self.stand_ins_box = self._seal(secret)
        return secret

    def needs_token(self) -> bool:
        """Whether the stored access token is missing, not ours to open, or nearly over."""
        return _is_nearly_over(self.access_token_expires_at) or self.access_token is None

    def save_tokens(
        self,
        *,
        access_token: str,
        expires_in: int,
        refresh_token: str,
        refresh_token_expires_in: int,
        scope: str,
    ) -> None:
        """Keep a pair as Shopify answered it; lifetimes in seconds from now."""
        self.access_token_box = self._seal(access_token)
        self.access_token_expires_at = now() + timedelta(seconds=expires_in)
        self.refresh_token_box = self._seal(refresh_token)
        self.refresh_token_expires_at = now() + timedelta(seconds=refresh_token_expires_in)
        self.scopes = scope
        self.needs_merchant_since = None

    def welcome(self, answer: dict[str, Any]) -> None:
        """Keep the tokens of a visit; a shop that had left is installed again from now on."""
        if self.needs_merchant_since is not None:
            self.regained_at = now()
        self.save_tokens(**answer)
        if self.uninstalled_at is not None:
            self.installed_at, self.uninstalled_at = now(), None

    def drop_access_token(self) -> None:
        """Forget the access token, so that the next use fetches a fresh one."""
        self.access_token_box = self.access_token_expires_at = None

    def need_merchant(self) -> None:
        """Note that only a visit brings tokens again: Shopify takes the refresh token no more."""
        self._drop_tokens()
        self.needs_merchant_since = now()

    def uninstall(self) -> None:
        """Forget every token. The shop's keys stop working: they need an installed shop."""
        self._drop_tokens()
        self.needs_merchant_since = None
        self.uninstalled_at = now()

    def _drop_tokens(self) -> None:
        self.drop_access_token()
        self.refresh_token_box = self.refresh_token_expires_at = None

    @property
    def box_owner(self) -> str:
        return _box_owner(self.domain)

    def _seal(self, text: str) -> bytes:
        box: bytes = current_app.extensions["vault"].seal(text, owner=self.box_owner)
        return box

    def _open(self, box: bytes | None) -> str | None:
        return _open(box, self.domain)


def _box_owner(domain: str) -> str:
    return f"shop:{domain}"


def _open(box: bytes | None, domain: str) -> str | None:
    vault: Vault = current_app.extensions["vault"]
    return vault.open(box, owner=_box_owner(domain)) if box else None


def _is_nearly_over(expires: datetime | None) -> bool:
    return expires is None or expires - now() < NEARLY_OVER


_TOKEN = db.select(
    Shop.domain, Shop.access_token_box, Shop.access_token_expires_at, Shop.uninstalled_at
).where(Shop.id == db.bindparam("shop_id"))


def _token(row: Row[Any] | None) -> str | None:
    """The token in a row of ``_TOKEN``, if it can be used."""
    if row is None or row.uninstalled_at or _is_nearly_over(row.access_token_expires_at):
        return None
    return _open(row.access_token_box, row.domain)


def stand_ins_secret(shop_id: int) -> bytes:
    """The secret of a store's stand-ins; made and committed if there is none yet."""
    shop = db.session.get_one(Shop, shop_id)
    if shop.has_stand_ins:
        return bytes.fromhex(shop.stand_ins_secret)
    shop.lock()
    secret = shop.stand_ins_secret
    db.session.commit()
    return bytes.fromhex(secret)
