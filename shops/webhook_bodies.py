"""The shapes of webhook bodies that end keys or erase data, by topic.

Shopify signs the body and not the headers. So whoever has one signed body can send it under the
name of any topic and shop: the body itself has to name the shop and to be of the topic's kind.

https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance
"""

from typing import Any

from pydantic import BaseModel, ValidationError


class Uninstalled(BaseModel):
    """``app/uninstalled`` carries the shop as the REST API has it."""

    id: int
    myshopify_domain: str

    @property
    def shop(self) -> str:
        return self.myshopify_domain


class _Compliance(BaseModel):
    shop_id: int
    shop_domain: str

    @property
    def shop(self) -> str:
        return self.shop_domain


class ShopRedacted(_Compliance):
    """It names no customer."""

    customer: None = None
    data_request: None = None


class CustomerRedacted(_Compliance):
    """It names a customer and no request for data."""

    customer: dict[str, Any]
    data_request: None = None
    orders_requested: None = None


class DataRequested(_Compliance):
    customer: dict[str, Any]
    data_request: dict[str, Any]


SHAPES: dict[str, type[Uninstalled] | type[_Compliance]] = {
    "app/uninstalled": Uninstalled,
    "customers/data_request": DataRequested,
    "customers/redact": CustomerRedacted,
    "shop/redact": ShopRedacted,
}


def is_about(topic: str, domain: str, payload: dict[str, Any]) -> bool:
    """Whether the body may be what its unsigned headers say: of this topic, about this shop.

    Other topics than SHAPES are no orders: what they tell is asked of Shopify, or only wakes a job.
    """
    if topic not in SHAPES:
        return True
    try:
        return SHAPES[topic].model_validate(payload).shop == domain
    except ValidationError:
        return False
