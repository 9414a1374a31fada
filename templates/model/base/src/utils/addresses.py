"""Which addresses may be given a credential, in one place for every service."""

from __future__ import annotations

from urllib.parse import urlsplit

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_on_this_machine(url: str) -> bool:
    """Whether the host of an address is this machine itself."""
    return urlsplit(url).hostname in _LOOPBACK


def is_protected(url: str) -> bool:
    """Whether what is sent there stays secret: over TLS, or without leaving this machine."""
    scheme = urlsplit(url).scheme
    return scheme == "https" or (scheme == "http" and is_on_this_machine(url))
