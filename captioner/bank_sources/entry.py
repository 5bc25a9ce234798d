"""A phrase on its way into the bank."""

from typing import NamedTuple

__all__ = ["Entry"]


class Entry(NamedTuple):
    """A phrase with its kind."""

    phrase: str
    """As it will be shown."""
    kind: str
    """Where it comes from: `imagenet`, `noun`, `part`, `colour`, ..."""
