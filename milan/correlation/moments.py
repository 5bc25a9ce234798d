"""Means and products of the units of several networks on the same words, kept without the words."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from jaxtyping import Float, Float64

from milan.errors import BadSetting, DataError

__all__ = ["JointMoments"]


class JointMoments:
    """Sums over words of every unit and of every two units' product, for networks side by side.

    Memory grows with the square of the units and not with the words. Products are of deviations from the mean
    (Chan's update), so that an offset costs no digits; batches in another order agree to rounding.

        moments = JointMoments({"first": 384, "second": 384})
        for one, other in batches:                       # [word, unit] each, the same words
            moments.add({"first": one, "second": other})
        largest_match(moments, "first")
    """

    def __init__(self, n_units: Mapping[str, int]) -> None:
        if not n_units or min(n_units.values()) < 1:
            raise BadSetting(f"networks have units, got {dict(n_units)}")
        self.n_units = dict(n_units)
        n = sum(self.n_units.values())
        self.n_words = 0
        self.mean = np.zeros(n)
        self.products = np.zeros((n, n))

    @property
    def networks(self) -> tuple[str, ...]:
        """Their names, in the order of their units."""
        return tuple(self.n_units)

    def add(self, words: Mapping[str, Float[np.ndarray, "word unit"]]) -> None:
        """Take in some words; DataError when the networks' activations do not line up or are not finite."""
        if set(words) != set(self.n_units):
            raise DataError(f"moments of {', '.join(self.n_units)} got activations of {', '.join(words)}")
        for name, n in self.n_units.items():
            if words[name].shape != (len(words[self.networks[0]]), n):
                raise DataError(
                    f"{name}: activations of {words[name].shape}, where {len(words[self.networks[0]])} words "
                    f"of {n} units were expected"
                )
        block = np.concatenate([words[name] for name in self.n_units], 1, dtype=np.float64)
        if not len(block):
            return
        if not np.isfinite(block).all():
            raise DataError("an activation is not finite: leave such words out of all networks")
        mean = block.mean(0)
        block -= mean
        self._join(len(block), mean, block.T @ block)

    def merge(self, other: Self) -> None:
        """Take in what was added elsewhere, of the same networks; DataError of others."""
        if other.n_units != self.n_units:
            raise DataError(f"moments of {self.n_units} cannot be joined with those of {other.n_units}")
        if other.n_words:
            self._join(other.n_words, other.mean, other.products)

    def _join(
        self, n: int, mean: Float64[np.ndarray, " unit"], products: Float64[np.ndarray, "unit unit"]
    ) -> None:
        total = self.n_words + n
        apart = mean - self.mean
        self.products += products
        self.products += np.outer(apart, apart * (self.n_words * n / total))
        self.mean += apart * (n / total)
        self.n_words = total

    def state_dict(self) -> dict[str, np.ndarray[Any, Any]]:
        """The arrays, with names and sizes of the networks."""
        return {
            "networks": np.array(list(self.n_units)),
            "n_units": np.array(list(self.n_units.values())),
            "n_words": np.array(self.n_words),
            "mean": self.mean,
            "products": self.products,
        }

    @classmethod
    def from_state_dict(cls, arrays: Mapping[str, np.ndarray[Any, Any]]) -> Self:
        """The statistic again."""
        found = cls(dict(zip(arrays["networks"].tolist(), arrays["n_units"].tolist(), strict=True)))
        found.n_words = int(arrays["n_words"])
        found.mean, found.products = arrays["mean"].copy(), arrays["products"].copy()
        return found

    def covariance(self, first: str, second: str) -> Float64[np.ndarray, "first second"]:
        """Of every unit of one network with every unit of another, or of the same."""
        if not self.n_words:
            raise DataError("no words were added")
        found: Float64[np.ndarray, "first second"] = (
            self.products[self._of(first), self._of(second)] / self.n_words
        )
        return found

    def correlation(self, first: str, second: str) -> Float64[np.ndarray, "first second"]:
        """Pearson's r, signed; 0 with a unit that never changes."""
        spread = np.sqrt(np.diag(self.products))
        both = np.outer(spread[self._of(first)], spread[self._of(second)])
        shared = self.products[self._of(first), self._of(second)]
        found: Float64[np.ndarray, "first second"] = np.divide(
            shared, both, out=np.zeros_like(shared), where=both > 0
        )
        np.clip(found, -1, 1, out=found)
        return found

    def _of(self, network: str) -> slice:
        if network not in self.n_units:
            raise BadSetting(f"no network {network!r} among {', '.join(self.n_units)}")
        names: Sequence[str] = self.networks
        start = sum(self.n_units[name] for name in names[: names.index(network)])
        return slice(start, start + self.n_units[network])
