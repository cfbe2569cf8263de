"""Facts of a shop that are asked before its data: they decide which columns its sheets have.

They are kept with the job as JSON, so that a file is made with the very columns that the queries
were made with. A data type names the ones it needs: ``locations``, ``metafields:PRODUCT``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Self, TypeAlias


@dataclass(frozen=True)
class Location:
    """An active location."""

    id: str
    name: str


@dataclass(frozen=True)
class Catalog:
    """A catalog of a market or of companies. ``publication`` and ``price_list`` are ids; a catalog
    without a publication shows everything. ``currency`` is that of the price list."""

    alias: str
    name: str
    publication: str | None
    price_list: str | None
    currency: str = ""


@dataclass(frozen=True)
class Channel:
    """A sales channel with the id of its publication. Two have an alias of their own: ``web`` is
    the Online Store, ``pos`` Point of Sale."""

    alias: str
    name: str
    publication: str

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and what else files call it."""
        return (self.name, "POS") if self.alias == "pos" else (self.name,)


@dataclass(frozen=True)
class Blog:
    """A blog of the online store; ``name`` is its handle, ``comments`` its comment policy,
    ``template`` the suffix of its template."""

    alias: str
    name: str
    id: str = ""
    title: str = ""
    comments: str = ""
    template: str = ""


@dataclass(frozen=True)
class MetafieldDefinition:
    """A definition, or a metafield without one; ``name`` is what headers call it:
    ``namespace.key [type]``."""

    alias: str
    name: str
    namespace: str
    key: str
    type: str


@dataclass(frozen=True)
class OrderStatusUrl:
    """There where Shopify lets the app see the address of an order's page."""

    alias: str
    name: str


@dataclass(frozen=True)
class MetafieldOwner:
    """A MetafieldOwnerType that has definitions."""

    alias: str
    name: str
    owner: str


@dataclass(frozen=True)
class MetaobjectType:
    """``name`` is the type of a metaobject definition, ``id`` the definition's. ``fields`` has the
    type of each field by its key."""

    alias: str
    name: str
    id: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DeliveryProfile:
    """A shipping profile. Variants that are in no other are in the ``general`` one."""

    id: str
    name: str
    general: bool = False


Fact: TypeAlias = (
    Location
    | Catalog
    | Channel
    | MetafieldDefinition
    | OrderStatusUrl
    | MetafieldOwner
    | MetaobjectType
    | DeliveryProfile
    | Blog
)
METAFIELDS = "metafields"
OWNERS = (
    *("API_PERMISSION", "ARTICLE", "BLOG", "CARTTRANSFORM", "COLLECTION", "COMPANY"),
    *("COMPANY_LOCATION", "CUSTOMER", "DELIVERY_CUSTOMIZATION", "DISCOUNT", "DRAFTORDER"),
    *("FULFILLMENT_CONSTRAINT_RULE", "GIFT_CARD_TRANSACTION", "LOCATION", "MARKET"),
    *("MEDIA_IMAGE", "ORDER", "ORDER_ROUTING_LOCATION_RULE", "PAGE", "PAYMENT_CUSTOMIZATION"),
    *("PRODUCT", "PRODUCTVARIANT", "SELLING_PLAN", "SHOP", "TRANSFER", "VALIDATION"),
)
"""What can own metafields: MetafieldOwnerType."""
LISTS = ("domains", "redacted", "hidden")
"""Facts that are lists of texts."""


@dataclass(frozen=True)
class ShopFacts:
    """``zone`` is the shop's time zone, ``currency`` and ``weight_unit`` its own, ``development``
    tells of one for development or trial, ``online_store`` is the address of its online store,
    ``domains`` are all that lead to it, ``dated_channels`` the channels
    for which a file has a column of dates, ``metafields`` the definitions by owner type,
    ``redacted`` the dotted paths of what Shopify hides from the app in the objects of the type that
    the facts were asked for, ``hidden`` the headers of that type's columns with personal data,
    where the key sees none. ``stand_ins`` tells whether files of the store may have stand-ins for
    personal data."""

    zone: str = "UTC"
    name: str = ""
    currency: str = ""
    weight_unit: str = "KILOGRAMS"
    online_store: str = ""
    development: bool = False
    domains: tuple[str, ...] = ()
    blogs: tuple[Blog, ...] = ()
    locations: tuple[Location, ...] = ()
    catalogs: tuple[Catalog, ...] = ()
    channels: tuple[Channel, ...] = ()
    dated_channels: tuple[Channel, ...] = ()
    order_status_url: tuple[OrderStatusUrl, ...] = ()
    metafield_owners: tuple[MetafieldOwner, ...] = ()
    metaobject_types: tuple[MetaobjectType, ...] = ()
    delivery_profiles: tuple[DeliveryProfile, ...] = ()
    metafields: Mapping[str, tuple[MetafieldDefinition, ...]] = field(default_factory=dict)
    redacted: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    stand_ins: bool = False

    def named(self, name: str) -> tuple[Any, ...]:
        """The facts that a data type names: ``locations``, or ``metafields:PRODUCT``."""
        known, _, owner = name.partition(":")
        found: tuple[Any, ...] = (
            getattr(self, known).get(owner, ()) if owner else getattr(self, name)
        )
        return found

    def knows(self, name: str) -> bool:
        """Whether these facts were asked for; metafields without a definition are only found as
        the objects are read."""
        known, _, owner = name.partition(":")
        return not owner or owner in getattr(self, known)

    def having(self, name: str, facts: Iterable[Fact]) -> Self:
        """The same facts but for those of this name."""
        known, _, owner = name.partition(":")
        there: Any = tuple(facts)
        changed: dict[str, Any] = {known: {**self.metafields, owner: there} if owner else there}
        return replace(self, **changed)

    def as_json(self) -> dict[str, Any]:
        found = {f.name: getattr(self, f.name) for f in fields(self) if f.name != METAFIELDS}
        found |= {f"{METAFIELDS}:{owner}": facts for owner, facts in self.metafields.items()}
        return {
            name: [asdict(fact) for fact in value] if name in KINDS or ":" in name else value
            for name, value in found.items()
        } | {name: list(getattr(self, name)) for name in LISTS}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Of what ``as_json`` gave; also of what jobs of earlier versions kept."""
        facts = cls()
        for name, value in data.items():
            known = name.partition(":")[0]
            if known in KINDS:
                facts = facts.having(name, (KINDS[known](**fact) for fact in value))
            else:
                kept: dict[str, Any] = {name: tuple(value) if name in LISTS else value}
                facts = replace(facts, **kept)
        return facts


KINDS: dict[str, type] = {
    "blogs": Blog,
    "locations": Location,
    "catalogs": Catalog,
    "channels": Channel,
    "dated_channels": Channel,
    "order_status_url": OrderStatusUrl,
    "metafield_owners": MetafieldOwner,
    "metaobject_types": MetaobjectType,
    "delivery_profiles": DeliveryProfile,
    METAFIELDS: MetafieldDefinition,
}
