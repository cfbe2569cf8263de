"""The calls that were made with each key in the last days, and the networks that they came from."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from models import Model, db, now
from models.addresses import address
from models.api_key import ApiKey

KEPT = timedelta(days=7)
NETWORKS_KEPT = timedelta(days=90)
MOST_OF_SHOP = 100_000
"""How many calls are kept for a shop; older ones go."""
LONGEST_ROUTE, LONGEST_ID = 120, 64
PREFIX = {4: 24, 6: 48}
"""By the version of an address, how many bits of it name a network."""
BIG = BigInteger().with_variant(Integer, "sqlite")


class KeyRequest(Model):
    """One call. ``route`` is the pattern of its path, never what was asked; ``unlisted`` is how
    many further calls with the key followed at once and are not listed."""

    __tablename__ = "key_requests"
    __table_args__ = (
        Index("ix_key_requests_key_id_id", "key_id", "id"),
        Index("ix_key_requests_shop_id_id", "shop_id", "id"),
    )

    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    key_id: Mapped[int] = mapped_column(ForeignKey("api_keys.id"))
    at: Mapped[datetime] = mapped_column(index=True)
    method: Mapped[str] = mapped_column(String(8))
    route: Mapped[str] = mapped_column(String(LONGEST_ROUTE))
    status: Mapped[int]
    bytes: Mapped[int] = mapped_column(BigInteger)
    milliseconds: Mapped[int]
    job_id: Mapped[str] = mapped_column(String(24), default="")
    request_id: Mapped[str] = mapped_column(String(LONGEST_ID))
    unlisted: Mapped[int] = mapped_column(default=0)

    @classmethod
    def purge(cls) -> None:
        """Erase what is older than a week, in every shop. Does not commit."""
        db.session.execute(db.delete(cls).where(cls.at < now() - KEPT))


class KeyNetwork(Model):
    """A network from which a key was used."""

    __tablename__ = "key_networks"

    key_id: Mapped[int] = mapped_column(ForeignKey("api_keys.id"), primary_key=True)
    network: Mapped[str] = mapped_column(String(43), primary_key=True)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime] = mapped_column(index=True)

    @classmethod
    def purge(cls) -> None:
        """Erase networks that were not seen for long, in every shop. Does not commit."""
        db.session.execute(db.delete(cls).where(cls.last_seen_at < now() - NETWORKS_KEPT))

    @classmethod
    def new_of(cls, shop_id: int) -> dict[int, str]:
        """By key id of the shop the newest network that the key has used for less than a week,
        where it was used from others alone for a week before: until then what is usual for it is
        not known."""
        query = (
            db.select(cls.key_id, cls.network, cls.first_seen_at)
            .join(ApiKey, ApiKey.id == cls.key_id)
            .where(ApiKey.shop_id == shop_id, ApiKey.deleted_at.is_(None))
            .order_by(cls.first_seen_at, cls.network)
        )
        since: dict[int, datetime] = {}
        newest: dict[int, str] = {}
        for key_id, network, seen in db.session.execute(query):
            known_for = seen - since.setdefault(key_id, seen)
            if known_for > KEPT and seen > now() - KEPT:
                newest[key_id] = network
        return newest


def network_of(text: str) -> str:
    """The network that an address is of, ``203.0.113.0/24``; empty for no address."""
    found = address(text)
    if found is None:
        return ""
    bits = PREFIX[found.version]
    kept = int(found) >> (found.max_prefixlen - bits) << (found.max_prefixlen - bits)
    return f"{type(found)(kept)}/{bits}"
