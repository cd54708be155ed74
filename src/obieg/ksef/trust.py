"""The certificates that connections trust, loaded once: loading them takes 40 ms of CPU."""

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """The context that every connection of this process shares."""
    return httpx.create_ssl_context()
