"""The two numbers of a noun."""

from enum import StrEnum

__all__ = ["Number"]


class Number(StrEnum):
    """One thing, or several."""

    SINGULAR = "singular"
    PLURAL = "plural"

    @property
    def other(self) -> "Number":
        """What control changes it to."""
        return Number.PLURAL if self is Number.SINGULAR else Number.SINGULAR
