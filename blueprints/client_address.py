"""Where a request comes from: the peer, or behind trusted proxies the client that they name."""

from flask import current_app, request

from models.addresses import address, within


def client_address() -> str:
    """The client's address, IPv4 where it is mapped into IPv6; empty when there is none.

    X-Forwarded-For is read from its right end for as long as what stands there was written by a
    proxy in TRUSTED_PROXIES; what is no address ends that. So nobody else can choose it.
    """
    here = address(request.remote_addr or "")
    trusted = current_app.config["SETTINGS"].TRUSTED_PROXIES
    if trusted and within(here, trusted):
        for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
            if (before := address(hop)) is None:
                break
            here = before
            if not within(here, trusted):
                break
    return "" if here is None else str(here)
