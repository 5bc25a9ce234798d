"""What a unit's whole range says of a phrase: images that look alike but leave it cold speak against it.

The strongest exemplars do not determine what a unit responds to: "dog" fits the fifteen strongest pictures of
a unit for wet grass. Over a uniform sample of the exemplar side, a phrase's presence must rise and fall with
the activation.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float32, Int64

from milan.describe.bands import find_bands
from milan.describe.explanation import Sides, Split, explain_units, standardised
from milan.describe.presence import Presence, Shown
from milan.records import Band, CounterExemplar, CounterKind, Explanation, Measured

__all__ = ["FEWEST_SELECTED", "WholeRange"]

FEWEST_SELECTED = 100
"""Images below which a sample's correlations say too little to choose by."""
_VALIDATES = 4
"""One selection image in so many confirms what the others chose: it stops explanations, and bands need it."""
_COUNTER_EXEMPLARS = 3
"""Of each kind."""
_PHRASES = 2048
"""Of the bank, compared at a time."""


class WholeRange:
    """The selection sample of one layer, and how well phrases follow its units there."""

    def __init__(self, selected: Measured, presence: Presence) -> None:
        self.selected = selected
        self._presence = presence
        self._rows = presence.rows(selected.images)
        self._own = Sides.of(selected.mean, selected.peak)
        self._of_bank = _follow_all(presence.of_bank, self._rows, self._own)

    @property
    def known_names(self) -> Mapping[str, frozenset[int]]:
        """Names that the encoder's eye knows, with the classes that each covers."""
        return self._presence.known_names

    def following(self, unit: int, n: int) -> list[str]:
        """The n phrases of the bank that follow a unit best, best first."""
        own = self._of_bank[unit]
        best = np.argsort(-own, kind="stable")[:n]
        return [self._presence.bank_phrases[place] for place in best]

    def meet(self, phrases: Iterable[str]) -> None:
        """Read phrases that will be asked for, together: each reading goes over all patches of all images."""
        self._presence.of(sorted(set(phrases)))

    def follow(self, units: Sequence[int], phrases: Sequence[str]) -> Float32[np.ndarray, "unit phrase"]:
        """How well phrases follow units: the mean of two correlations, of means and of peaks."""
        return _follow(self._presence.of(phrases), self._rows, self._own.columns(units))

    def pictures_that_show(self, phrases: Sequence[str]) -> Float32[np.ndarray, " phrase"]:
        """How many pictures show each phrase: its chance where it is most present, summed."""
        peaks = self._presence.of(phrases).peak[self._rows].astype(np.float32)
        shown: Float32[np.ndarray, " phrase"] = (peaks**2).sum(0)
        return shown

    def explain(self, units: Sequence[int]) -> list[Explanation | None]:
        """Up to five weighted phrases of the bank for each unit, and None where none holds."""
        own = Split.of(self._own.columns(units), self._validation)
        return explain_units(self._presence.bank_phrases, self._shown, own)

    def bands(self, units: Sequence[int]) -> list[tuple[Band, ...]]:
        """What sets levels of each unit's mean activation apart, the strongest level first."""
        own = Split.of(self._own.columns(units), self._validation)
        return find_bands(self._presence.bank_phrases, self._shown, own)

    @cached_property
    def _shown(self) -> Split:
        sides = Sides.of(*(side[self._rows] for side in self._presence.of_bank))
        return Split.of(sides, self._validation)

    @cached_property
    def _validation(self) -> Bool[np.ndarray, " image"]:
        """By hash of the name: neighbours in a folder are often shots of one scene."""
        drawn = [zlib.crc32(image.encode()) % _VALIDATES == 0 for image in self.selected.images]
        return np.array(drawn, np.bool_)

    def counter_exemplars(
        self, units: Sequence[int], phrases: Sequence[str]
    ) -> list[tuple[CounterExemplar, ...]]:
        """Images that speak most against each unit's phrase: strong without it, or silent despite it."""
        presence = self._presence.of(phrases).mean[self._rows].astype(np.float32)
        shown, own = standardised(presence), self._own.columns(units).mean
        return [
            self._counters(unit, presence[:, column], shown[:, column], own[:, column])
            for column, unit in enumerate(units)
        ]

    def _counters(
        self,
        unit: int,
        presence: Float32[np.ndarray, " image"],
        shown: Float32[np.ndarray, " image"],
        own: Float32[np.ndarray, " image"],
    ) -> tuple[CounterExemplar, ...]:
        surplus = own - shown
        ranked: Int64[np.ndarray, " image"] = np.argsort(-surplus, kind="stable")
        strong = [at for at in ranked.tolist() if own[at] > 1][:_COUNTER_EXEMPLARS]
        silent = [at for at in ranked[::-1].tolist() if shown[at] > 1 and own[at] < 0][:_COUNTER_EXEMPLARS]
        return tuple(
            CounterExemplar(
                self.selected.images[at], kind, float(self.selected.mean[at, unit]), float(presence[at])
            )
            for kind, some in ((CounterKind.UNEXPLAINED, strong), (CounterKind.SILENT, silent))
            for at in some
        )


def _follow_all(
    shown: Shown, rows: np.ndarray[tuple[int], np.dtype[np.intp]], own: Sides
) -> Float32[np.ndarray, "unit phrase"]:
    parts = [
        _follow(Shown(shown.mean[:, at : at + _PHRASES], shown.peak[:, at : at + _PHRASES]), rows, own)
        for at in range(0, shown.mean.shape[1], _PHRASES)
    ]
    return np.concatenate(parts, axis=1)


def _follow(
    shown: Shown, rows: np.ndarray[tuple[int], np.dtype[np.intp]], own: Sides
) -> Float32[np.ndarray, "unit phrase"]:
    mean, peak = Sides.of(*(side[rows] for side in shown))
    found: Float32[np.ndarray, "unit phrase"] = (own.mean.T @ mean + own.peak.T @ peak) / (2 * len(rows))
    return found
