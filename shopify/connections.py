"""The connections to Shopify that all calls of this process share.

A step of a job asks a few things and ends. With connections of its own each would begin with a TLS
handshake, which takes as long as a call.
"""

import os
from functools import cache
from http.cookiejar import CookieJar

import httpx

from shopify.tls import certificates

LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=20)


class NoCookies(CookieJar):
    """Keeps none, and does not look for any."""

    def extract_cookies(self, response: object, request: object) -> None:
        pass

    def add_cookie_header(self, request: object) -> None:
        pass


@cache
def client() -> httpx.Client:
    """Threads may share it. It keeps no cookies: those of one store would go to the next."""
    return httpx.Client(verify=certificates(), limits=LIMITS, cookies=NoCookies())


os.register_at_fork(after_in_child=client.cache_clear)
