"""From the shop's name in an address ("demo" or "demo.myshopify.com") to the shop."""

import re

from flask import abort, current_app

from standin.store import ShopStore

DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")


def domain_of(name: str) -> str:
    """The full domain of the shop named so; ends the request with 404 where there can be none."""
    domain = name.lower().removesuffix(".myshopify.com") + ".myshopify.com"
    if not DOMAIN.fullmatch(domain):
        abort(404, f"{name!r} is no shop. Use a name such as demo or demo.myshopify.com.")
    return domain


def shop_of(name: str) -> ShopStore:
    """The shop named so, made on first sight."""
    return current_app.extensions["standin"].store.shop(domain_of(name))
