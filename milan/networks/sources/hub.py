"""Whether weights may be fetched; and a hub that cannot be found is not waited for."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

__all__ = ["hub_or_cache", "is_offline"]


def is_offline() -> bool:
    """Whether the user forbids reaching out (MILAN_OFFLINE set to anything but 0)."""
    return os.environ.get("MILAN_OFFLINE", "0") not in ("", "0")


@contextmanager
def hub_or_cache() -> Iterator[None]:
    """Within the block the hub's client uses its cache alone if the user says so or the hub cannot be found.

    Left to itself it tries an unknown host five times, for up to a minute.
    """
    from huggingface_hub import constants

    client: Any = constants
    chosen = client.HF_HUB_OFFLINE
    client.HF_HUB_OFFLINE = chosen or is_offline() or not _is_known(client.ENDPOINT)
    try:
        yield
    finally:
        client.HF_HUB_OFFLINE = chosen


def _is_known(url: str) -> bool:
    if getproxies():  # the proxy looks the name up
        return True
    try:
        socket.getaddrinfo(urlsplit(url).hostname, None)
    except OSError:
        return False
    return True
