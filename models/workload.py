"""Trusted workloads: jobs that prove who they are with an ID token get a short-lived key.

A rule says which ID tokens are let in. What they may do stands in an ``ApiKey`` of the rule's own
whose full text nobody has: the short-lived keys stand for it at every call. So narrowing,
disabling or deleting it bites at once, and a job finds its exports again under a renewed key.
"""

import re
import secrets
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple, Self

from flask import current_app
from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from models import Model, db, insert_into, now, peppers
from models.api_key import ApiKey
from models.key_format import ALPHABET, generate
from models.shop import Shop

MAX_ISSUER, MAX_AUDIENCE, MAX_REPOSITORY = 255, 255, 255
MIN_MINUTES, MAX_MINUTES = 5, 60
PREFIX, RANDOM = "wl_", 20
HANDLE = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{RANDOM}}}", re.ASCII)


class WorkloadRule(Model):
    """Which ID tokens are let in. ``handle`` names the rule to the world, and is no secret;
    ``claims`` are what a token must say, word for word."""

    __tablename__ = "workload_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), index=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("api_keys.id"), unique=True)
    handle: Mapped[str] = mapped_column(String(32), unique=True)
    provider: Mapped[str] = mapped_column(String(20))
    issuer: Mapped[str] = mapped_column(String(MAX_ISSUER))
    own_audience: Mapped[str] = mapped_column(String(MAX_AUDIENCE), default="")
    """What stands in the token's ``aud``, where that cannot be the rule's address."""
    claims: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    outside_events: Mapped[bool] = mapped_column(default=False)
    """Whether also runs are let in that somebody outside the repository can start."""
    repository: Mapped[str] = mapped_column(String(MAX_REPOSITORY), default="")
    """What a person calls it; nothing is compared with it."""
    minutes: Mapped[int] = mapped_column(default=MIN_MINUTES)
    generation: Mapped[int] = mapped_column(default=0)
    """Counts the changes of who is let in: only keys of the last one work."""
    created_at: Mapped[datetime] = mapped_column(default=now)

    key: Mapped[ApiKey] = relationship(lazy="joined", innerjoin=True)

    @classmethod
    def new_handle(cls) -> str:
        return PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))

    @classmethod
    def of(cls, shop: Shop) -> list[Self]:
        """The shop's rules, newest first."""
        return list(
            db.session.scalars(
                db.select(cls)
                .join(cls.key)
                .where(cls.shop_id == shop.id, ApiKey.here())
                .order_by(cls.created_at.desc(), cls.id.desc())
            )
        )

    @classmethod
    def named(cls, handle: str) -> tuple[Self, Shop] | None:
        """The rule of this handle and its installed shop, whether its key works or not."""
        if not HANDLE.fullmatch(handle):
            return None
        found = db.session.execute(_NAMED, {"handle": handle}).first()
        return (found[0], found[1]) if found else None

    @property
    def address(self) -> str:
        """What a job names the rule by, and asks its ID token for."""
        url: str = current_app.config["SETTINGS"].APP_URL
        return f"{url}/workloads/{self.handle}"

    @property
    def audience(self) -> str:
        return self.own_audience or self.address

    @property
    def life(self) -> timedelta:
        """How long a key lives that is given now: not beyond the rule itself."""
        life, ends = timedelta(minutes=self.minutes), self.key.expires_at
        return life if ends is None else min(life, ends - now())


class WorkloadKey(Model):
    """A short-lived key of a rule, and the ID token that it was given for, so that none is taken
    twice: one row for both, so that a process that is killed leaves neither alone."""

    __tablename__ = "workload_keys"

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("api_keys.id"), index=True)
    generation: Mapped[int] = mapped_column(default=0)
    """Of the rule when the ID token was judged."""
    expires_at: Mapped[datetime]
    kept_until: Mapped[datetime] = mapped_column(index=True)
    """When neither the key nor the ID token is good any more."""

    @classmethod
    def issue(cls, rule: WorkloadRule, life: timedelta, token: "UsedToken") -> str | None:
        """The full text of a new key of this rule's, None when the ID token was used before.
        Commits nothing."""
        text = generate()
        ends = now() + life
        row = {
            "digest": peppers.digest(peppers.newest()[1], text),
            "token_digest": token.digest,
            "key_id": rule.key_id,
            "generation": rule.generation,
            "expires_at": ends,
            "kept_until": max(ends, token.good_until),
        }
        made = db.session.execute(_insert_key(db.engine.dialect.name), row).first()
        return text if made else None

    @classmethod
    def knows(cls, token: "UsedToken") -> bool:
        """Whether the ID token was used before."""
        return (
            db.session.scalar(db.select(db.exists().where(cls.token_digest == token.digest)))
            is True
        )

    @classmethod
    def end(cls, digest: bytes) -> bool:
        """Have the key work no more, and its ID token stay used; whether it was one. Commits
        nothing."""
        ended = db.session.execute(
            db.update(cls)
            .where(cls.digest == digest, cls.expires_at > now())
            .values(expires_at=now())
            .returning(cls.digest)
        )
        return ended.first() is not None

    @classmethod
    def purge(cls) -> None:
        """Erase what is over, in every shop. Does not commit."""
        db.session.execute(db.delete(cls).where(cls.kept_until <= now()))


class UsedToken(NamedTuple):
    """An ID token as it is remembered, until it is good no more."""

    digest: bytes
    good_until: datetime

    @classmethod
    def of(cls, issuer: str, identifier: str, good_until: datetime) -> Self:
        """``identifier`` is what the issuer calls this token, and no other."""
        return cls(sha256(f"{issuer}\0{identifier}".encode()).digest(), good_until)


@cache
def _insert_key(_dialect: str) -> Any:
    """Made once for each kind of database: to put it together takes as long as to run it."""
    table = WorkloadKey.__table__
    return insert_into(table).on_conflict_do_nothing().returning(table.c.digest)


_NAMED = (
    db.select(WorkloadRule, Shop)
    .join(WorkloadRule.key)
    .join(Shop, Shop.id == WorkloadRule.shop_id)
    .where(
        WorkloadRule.handle == db.bindparam("handle"),
        ApiKey.deleted_at.is_(None),
        Shop.uninstalled_at.is_(None),
    )
    .options(contains_eager(WorkloadRule.key))
)
"""Made once: to put it together at every exchange takes as long as to run it."""
