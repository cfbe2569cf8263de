"""The certificates that Shopify's are checked with, read once: that takes longer than a call."""

import ssl
from functools import cache

import httpx


@cache
def certificates() -> ssl.SSLContext:
    """For ``verify`` of every httpx client and call; threads may share it."""
    return httpx.create_ssl_context()
