"""What a new store does first: an address, a key, and the command line that uses it."""

from dataclasses import dataclass

from models.shop import Shop
from translations import N_


@dataclass(frozen=True)
class FirstStep:
    """``place`` is the id of the card where it is done."""

    label: str
    place: str
    done: bool


def first_steps(shop: Shop, keys: int, used: bool) -> list[FirstStep]:
    """The steps of a shop with so many keys. One that was ever used has taken all of them."""
    return [
        FirstStep(N_("Save your notification email"), "notifications", bool(shop.contact_email)),
        FirstStep(N_("Create an API key"), "keys", used or keys > 0),
        FirstStep(N_("Connect the command line"), "connect", used),
    ]
