"""What a new store does first: an address, a key, and the command line that uses it."""

from dataclasses import dataclass

from models.api_key import ApiKey
from models.shop import Shop
from translations import N_


@dataclass(frozen=True)
class FirstStep:
    """``place`` is the id of the card where it is done."""

    label: str
    place: str
    done: bool


def first_steps(shop: Shop, keys: list[ApiKey]) -> list[FirstStep]:
    """The steps of a shop with these keys. A key that was used has taken all of them."""
    used = ApiKey.was_used(shop)
    return [
        FirstStep(N_("Save your notification email"), "notifications", bool(shop.contact_email)),
        FirstStep(N_("Create an API key"), "keys", used or bool(keys)),
        FirstStep(N_("Connect the command line"), "connect", used),
    ]
